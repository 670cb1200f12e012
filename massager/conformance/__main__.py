"""`python -m massager.conformance --device NAME --radio tcp:127.0.0.1:9101`: a line per check.

The device is driven at level 1 for a few seconds at a time: nobody may sit on it.
"""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from massager.catalog import load_device
from massager.conformance import BYTE_CHECKS, DEVICE_CHECKS, Bench, Candidate, connected, read_vectors
from massager.guardian.radio import Radio, open_radio
from massager.model.errors import LinkError, MassagerError
from massager.protocol import codec_for


def main() -> int:
    """Run what can be run; 0 where all of it holds, 1 where something does not, 2 for bad arguments."""
    parser = _parser()
    chosen = parser.parse_args()
    try:
        device = load_device(chosen.device, chosen.profiles)
        vectors = None if chosen.vectors is None else read_vectors(chosen.vectors)
        candidate = Candidate(codec_for(device.codec), device, vectors)
    except MassagerError as error:
        parser.error(str(error))
    failed = 0
    for check in BYTE_CHECKS:
        failed += _on_bytes(candidate, check)
    if chosen.radio is not None:
        failed += asyncio.run(_on_the_air(candidate, chosen.radio, chosen.address))
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m massager.conformance", description=__doc__)
    parser.add_argument("--device", required=True, help="name of its profile")
    parser.add_argument("--profiles", type=Path, metavar="DIR", help="one more folder of profiles")
    parser.add_argument("--vectors", type=Path, metavar="FILE", help="golden frames of its family")
    parser.add_argument("--radio", metavar="system|tcp:HOST:PORT|unix:PATH", help="without it bytes alone")
    parser.add_argument("--address", help="of the device; the only one within reach if left out")
    return parser


def _on_bytes(candidate: Candidate, check: Callable[[Candidate], None]) -> bool:
    try:
        check(candidate)
    except MassagerError as error:
        return _told(check.__name__, error)
    return _told(check.__name__, None)


async def _on_the_air(candidate: Candidate, radio: str, address: str | None) -> int:
    failed = 0
    try:
        async with open_radio(radio) as opened:
            for check in DEVICE_CHECKS:
                failed += await _on_a_link(candidate, opened, address, check)
    except LinkError as error:
        failed += _told("radio", error)
    return failed


async def _on_a_link(
    candidate: Candidate, radio: Radio, address: str | None, check: Callable[[Bench], Awaitable[None]]
) -> bool:
    try:
        async with connected(candidate, radio, address=address) as bench:
            await check(bench)
    except MassagerError as error:
        return _told(check.__name__, error)
    return _told(check.__name__, None)


def _told(name: str, error: MassagerError | None) -> bool:
    sys.stdout.write(f"{name}: {'passes' if error is None else f'FAILS: {error}'}\n")
    sys.stdout.flush()
    return error is not None


if __name__ == "__main__":
    sys.exit(main())
