"""`python -m firmware_sim record` and `replay`: recordings from the command line."""

import argparse
import asyncio
import contextlib
import sys
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Final

from bleak import BleakClient, BleakScanner
from bleak.exc import BleakError

from firmware_sim.cli import add_places
from firmware_sim.playback import Playback
from firmware_sim.process import RunError, on_air, run, say
from firmware_sim.radio import Radio, open_radio
from firmware_sim.recorder import Recorder
from firmware_sim.recording import Recording, RecordingError

_SCAN_S: Final = 10.0  # chosen, because a device that advertises once a second shows within a few
_LISTEN_S: Final = 30.0  # chosen, because what a device tells by itself repeats sooner


def main(words: Sequence[str]) -> int:
    """Record or replay; the exit code as of `process.run`, and 0 after a recording."""
    chosen = _parser().parse_args(words)
    return run(_record(chosen) if chosen.command == "record" else _replay(chosen))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m firmware_sim", description="Recordings of a massager.")
    commands = parser.add_subparsers(dest="command", required=True)
    record = commands.add_parser("record", help="read and listen to a device, write nothing to it")
    record.add_argument("address", help="of the device")
    record.add_argument("--out", type=Path, required=True, metavar="FILE", help="the recording")
    record.add_argument(
        "--radio", default="system", metavar="system|tcp:HOST:PORT|unix:PATH", help="default: system"
    )
    record.add_argument("--seconds", type=float, default=_LISTEN_S, help="how long (default: 30)")
    record.add_argument("--model", help="what a replay is called (default: the device's model number)")
    record.add_argument(
        "--secret", action="append", default=[], metavar="TEXT", help="must not be in the file"
    )
    replay = commands.add_parser("replay", help="be a device as it was recorded")
    replay.add_argument("file", type=Path, help="the recording")
    add_places(replay)
    return parser


async def _replay(chosen: argparse.Namespace) -> None:
    try:
        recording = Recording.read(chosen.file)
    except (OSError, RecordingError) as error:
        raise RunError(str(error)) from error

    def tell(problem: str) -> None:
        sys.stderr.write(f"firmware_sim: {chosen.file}: {problem}\n")

    await on_air(
        lambda transport: Playback(recording, on_problem=tell, attach=transport),
        listen=chosen.listen,
        attach=chosen.attach,
    )


async def _record(chosen: argparse.Namespace) -> None:
    recorder = Recorder(model=chosen.model, secrets=chosen.secret)
    try:
        async with _radio(chosen.radio) as radio:
            await _read_and_listen(recorder, radio, chosen.address, chosen.seconds)
        recording = recorder.recording()
        recording.write(chosen.out)
    except (BleakError, OSError, ValueError) as error:
        raise RunError(f"cannot record {chosen.address}: {error}") from error
    count = Counter(each.op for each in recording.happened)
    say(
        f"wrote {chosen.out}: {count['read']} reads, {count['notify']} notifications; "
        "read it through before you give it away"
    )


@contextlib.asynccontextmanager
async def _radio(where: str) -> AsyncIterator[Radio | None]:
    if where == "system":
        yield None
        return
    async with open_radio(where) as radio:
        yield radio


async def _read_and_listen(recorder: Recorder, radio: Radio | None, address: str, seconds: float) -> None:
    # Found first: an advertisement tells the name, which has to be blotted out.
    if radio is None:
        device = await BleakScanner.find_device_by_address(address, timeout=_SCAN_S)
    else:
        device = await BleakScanner.find_device_by_address(address, timeout=_SCAN_S, backend=radio.scanner)
    if device is None:
        raise BleakError(f"it does not advertise within {_SCAN_S:g} s")
    backend = recorder.client(None if radio is None else radio.client)
    async with BleakClient(device, backend=backend) as client:
        for each in client.services.characteristics.values():
            if "read" in each.properties:
                with contextlib.suppress(BleakError):  # that it refuses is recorded, too
                    await client.read_gatt_char(each)
            if {"notify", "indicate"} & set(each.properties):
                with contextlib.suppress(BleakError):
                    await client.start_notify(each, lambda *_: None)
        await asyncio.sleep(seconds)
