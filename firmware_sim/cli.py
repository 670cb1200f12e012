"""Command line of the simulator: `python -m firmware_sim --model chair --listen tcp:127.0.0.1:9101`."""

import argparse
import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Coroutine, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, TextIO

from bumble import core
from bumble.transport import open_transport

from firmware_sim.device import MAX_DEVICES, MODELS
from firmware_sim.faults import Fault, FaultError, parse, table
from firmware_sim.hci_stream import Place
from firmware_sim.server import serve
from firmware_sim.simulator import Simulator

_INTERRUPTED: Final = 130  # as shells count a program ended by SIGINT
_ENDINGS: Final = {signal.SIGINT: _INTERRUPTED, signal.SIGTERM: 0}


class RunError(Exception):
    """The simulator cannot run, or not any longer; the text says why."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the simulator until a signal ends it.

    Returns:
        0 after SIGTERM, 130 after SIGINT, 1 when it could not run; bad arguments leave with 2 by themselves.
    """
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if chosen.attach and chosen.count > 1:
        parser.error("--attach carries one device: leave out --count")
    handler = logging.StreamHandler()
    handler.setFormatter(_OneLine("firmware_sim: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    try:
        with _trace_file(chosen.trace) as trace:
            return asyncio.run(_until_signal(_run(chosen, trace)))
    except RunError as error:
        sys.stderr.write(f"firmware_sim: {error}\n")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m firmware_sim", description="A simulated massager.")
    parser.add_argument("--model", required=True, choices=sorted(MODELS))
    parser.add_argument("--count", type=_count, default=1, help="how many devices (default: 1)")
    place = parser.add_mutually_exclusive_group(required=True)
    place.add_argument("--listen", type=_place, metavar="tcp:HOST:PORT|unix:PATH", help="host an air here")
    place.add_argument(
        "--attach", metavar="BUMBLE_TRANSPORT", help="use the controller behind this transport"
    )
    parser.add_argument("--trace", type=Path, metavar="FILE", help="write what the devices really do")
    parser.add_argument("--fault", type=_fault, action="append", default=[], metavar="NAME:ARGUMENT")
    parser.add_argument("--seed", type=int, default=1, help="repeats what is random in faults (default: 1)")
    parser.add_argument("--list-faults", action=_ListFaults)
    return parser


class _ListFaults(argparse.Action):
    def __init__(self, option_strings: Sequence[str], dest: str) -> None:
        super().__init__(option_strings, dest, nargs=0, help="print every fault and leave")

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        sys.stdout.write(table() + "\n")
        parser.exit()


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MAX_DEVICES):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {MAX_DEVICES}")
    return int(text)


def _place(text: str) -> str:
    try:
        return Place.parse(text).text
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _fault(text: str) -> Fault:
    try:
        return parse(text)
    except FaultError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


class _OneLine(logging.Formatter):
    """A log for the terminal: the error, not the traceback."""

    def formatException(  # noqa: N802 - the name that logging calls
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        return f"  {ei[1]!r}"


@contextlib.contextmanager
def _trace_file(path: Path | None) -> Iterator[TextIO | None]:
    if path is None:
        yield None
        return
    try:
        with path.open("w", encoding="utf-8") as stream:
            yield stream
    except OSError as error:
        raise RunError(f"cannot write the trace {path}: {error.strerror}") from error


async def _until_signal(work: Coroutine[Any, Any, None]) -> int:
    """Run until a signal comes or something fails; what has begun is ended in order."""
    loop = asyncio.get_running_loop()
    end: asyncio.Future[int] = loop.create_future()

    def on_signal(status: int) -> None:
        if not end.done():
            end.set_result(status)

    def on_error(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if not end.done():
            end.set_exception(RunError(f"failed: {context.get('exception', context['message'])}"))

    for each, status in _ENDINGS.items():
        loop.add_signal_handler(each, on_signal, status)
    loop.set_exception_handler(on_error)
    running = asyncio.ensure_future(work)
    await asyncio.wait((running, end), return_when=asyncio.FIRST_COMPLETED)
    if running.done():
        end.cancel()
        running.result()
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    return await end


async def _run(chosen: argparse.Namespace, trace: TextIO | None) -> None:
    async with contextlib.AsyncExitStack() as leave:
        transport = None
        if chosen.attach:
            try:
                transport = await open_transport(chosen.attach)
            except Exception as error:  # whatever a transport of Bumble raises, down to a bare Exception
                raise RunError(f"cannot use the transport {chosen.attach}: {error}") from error
            leave.push_async_callback(transport.close)
        simulator = Simulator(
            model=chosen.model,
            count=chosen.count,
            seed=chosen.seed,
            faults=chosen.fault,
            trace=trace,
            attach=transport,
        )
        try:
            await leave.enter_async_context(simulator)
        except core.BaseBumbleError as error:
            raise RunError(f"the controller behind {chosen.attach} does not answer: {error}") from error
        devices = ", ".join(f"{device.device_id} {device.address}" for device in simulator.devices)
        if transport is not None:
            _say(f"attached to {chosen.attach} ({devices})")
            await transport.source.terminated
            raise RunError(f"the transport {chosen.attach} has ended")
        try:
            await serve(
                simulator.air, chosen.listen, on_ready=lambda place: _say(f"listening on {place} ({devices})")
            )
        except OSError as error:
            raise RunError(error.strerror or str(error)) from error


def _say(line: str) -> None:
    """Tell whoever started the simulator; nobody has to listen."""
    try:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains at its end
