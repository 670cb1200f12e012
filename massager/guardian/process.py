"""The guardian as a process of its own: `python -m massager.guardian`. Its pipes are its only company.

Standard input brings messages and its end means STOP; standard output takes them and is never waited for.
"""

import argparse
import asyncio
import json
import os
import signal
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from massager.catalog import load_device
from massager.guardian.clock import BootClock
from massager.guardian.device_lock import DeviceLock
from massager.guardian.guardian import Guardian
from massager.guardian.leaving import Leaving
from massager.guardian.messages import Failed, Failure, Ready, State, Up, down_from_line, to_line
from massager.guardian.pipes import LineReader, LineWriter
from massager.guardian.radio import Radio, open_radio
from massager.guardian.scan import print_scan
from massager.guardian.stop_file import StopFile, read_stop_file, write_stop_file
from massager.guardian.stop_only import StopOnly
from massager.guardian.transport import gatt_links
from massager.model.devices import SYSTEM_RADIO, DeviceProfile
from massager.model.errors import LinkError, MassagerError, PipeError, StoreError
from massager.protocol import codec_for

# docs/architecture.md. The terminal's stop signals too: a frozen guardian cannot stop anything.
_IGNORED: Final = (
    signal.SIGINT,
    signal.SIGTERM,
    signal.SIGHUP,
    signal.SIGTSTP,
    signal.SIGTTIN,
    signal.SIGTTOU,
    signal.SIGPIPE,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run as a process; the exit code is 0 only after a confirmed stop, else see `Leaving`."""
    for each in _IGNORED:
        signal.signal(each, signal.SIG_IGN)
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if chosen.stop_only:
        return asyncio.run(_stop_only(chosen))
    if chosen.scan is not None:
        return asyncio.run(print_scan(chosen.radio or SYSTEM_RADIO, chosen.scan, chosen.profiles))
    if None in (chosen.radio, chosen.device, chosen.locks, chosen.store):
        parser.error("--radio, --device, --locks and --store are needed")
    return asyncio.run(_guard(chosen))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m massager.guardian", description="Holds the radio.")
    parser.add_argument("--radio", help="system, or what an installed radio understands")
    parser.add_argument("--device", help="name of a device profile")
    parser.add_argument("--profiles", type=Path, help="one more folder of profiles")
    parser.add_argument("--address", help="of the device, where several may be within reach")
    parser.add_argument(
        "--bond", action="store_true", help="pair the device, also anew, where the system keeps the bonds"
    )
    parser.add_argument("--locks", type=Path, help="folder of the locks, one for each device")
    parser.add_argument("--store", help="id of the store whose sessions drive the device")
    parser.add_argument(
        "--stop-file", type=Path, help="written once the device is known; read by --stop-only"
    )
    parser.add_argument("--stop-only", action="store_true", help="stop the device, print one line, leave")
    parser.add_argument(
        "--scan", type=float, metavar="S", help="listen for S seconds, print a line a device, leave"
    )
    return parser


async def _guard(chosen: argparse.Namespace) -> int:
    incoming, outgoing = os.dup(0), os.dup(1)
    _leave_the_pipes_alone()
    upward = LineWriter(outgoing)
    try:
        profile = load_device(chosen.device, chosen.profiles)
        async with open_radio(chosen.radio) as radio:
            return await _run(chosen, profile, incoming, upward, radio)
    except MassagerError as error:
        failure = Failure.RADIO if isinstance(error, LinkError) else Failure.UNKNOWN_DEVICE
        upward.keep(to_line(Failed(failure, str(error))))
        return Leaving.NO_LINK
    finally:
        upward.close()


def _leave_the_pipes_alone() -> None:
    """Point the standard streams elsewhere: no library's print or prompt may get between the messages."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    os.set_blocking(2, False)  # a parent that does not read must not hold us up


async def _run(
    chosen: argparse.Namespace, profile: DeviceProfile, incoming: int, upward: LineWriter, radio: Radio
) -> int:
    codec, clock = codec_for(profile.codec), BootClock()
    filing: set[asyncio.Task[None]] = set()

    def send(message: Up) -> None:
        if isinstance(message, State):
            upward.newest(to_line(message))
            return
        upward.keep(to_line(message))
        if isinstance(message, Ready) and chosen.stop_file is not None:
            content = StopFile(
                radio=chosen.radio,
                device=profile.name,
                address=message.address,
                codec=profile.codec,
                actuators=len(profile.actuators),
                heaters=len(profile.heaters),
            )
            filing.add(asyncio.create_task(_file(chosen.stop_file, content)))

    lock = DeviceLock(chosen.locks, radio=chosen.radio, store=chosen.store, clock=clock)
    guardian = Guardian(
        links=gatt_links(radio, codec, clock, new_bonds=_may_bond(chosen)),
        profile=profile,
        codec=codec,
        clock=clock,
        send=send,
        address=chosen.address,
        lock=lock,
    )
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: guardian.broken(_error(context)))
    reader = LineReader(incoming, line=partial(_take, guardian), end=guardian.core_gone)
    try:
        return await guardian.run()
    finally:
        reader.close()
        await asyncio.gather(*filing)
        lock.release()


def _may_bond(chosen: argparse.Namespace) -> bool:
    """Whether a device may be paired: on the system's radio, which keeps bonds, only by a person's wish."""
    return bool(chosen.bond) or chosen.radio != SYSTEM_RADIO


def _take(guardian: Guardian, line: bytes) -> None:
    try:
        message = down_from_line(line)
    except PipeError as error:
        guardian.nonsense(str(error))
    else:
        guardian.handle(message)


def _error(context: dict[str, Any]) -> Exception:
    error = context.get("exception")
    return error if isinstance(error, Exception) else RuntimeError(context["message"])


async def _file(path: Path, content: StopFile) -> None:
    try:
        await asyncio.to_thread(write_stop_file, path, content)
    except StoreError as error:
        _complain(str(error))


def _complain(text: str) -> None:
    """One line for whoever drains the error output; where nobody does, there is nobody to tell."""
    try:
        os.write(2, f"guardian: {text}\n".encode())
    except OSError:
        return


async def _stop_only(chosen: argparse.Namespace) -> int:
    leaving, address, detail = Leaving.NO_LINK, chosen.address, ""
    try:
        target = _target(chosen)
        codec, clock = codec_for(target.codec), BootClock()
        async with open_radio(target.radio) as radio:
            stop = StopOnly(
                links=gatt_links(radio, codec, clock),
                codec=codec,
                clock=clock,
                actuators=target.actuators,
                heaters=target.heaters,
                address=target.address or None,
            )
            leaving = await stop.run()
            address, detail = stop.address, stop.detail
    except MassagerError as error:
        detail = str(error)
    stopped = leaving is Leaving.STOPPED
    sys.stdout.write(json.dumps({"stopped": stopped, "address": address, "detail": detail}) + "\n")
    return leaving


def _target(chosen: argparse.Namespace) -> StopFile:
    """Whom to stop: as the arguments say, else as the stop file does, which needs no profile (INV-12)."""
    if chosen.device is None:
        if chosen.stop_file is None:
            raise LinkError("--stop-only needs --radio and --device, or --stop-file")
        return read_stop_file(chosen.stop_file)
    profile = load_device(chosen.device, chosen.profiles)
    return StopFile(
        radio=chosen.radio or SYSTEM_RADIO,
        device=profile.name,
        address=chosen.address or "",
        codec=profile.codec,
        actuators=len(profile.actuators),
        heaters=len(profile.heaters),
    )
