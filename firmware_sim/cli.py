"""Command line of the simulator: `python -m firmware_sim --model chair --listen tcp:127.0.0.1:9101`."""

import argparse
import contextlib
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TextIO, TypeVar

from bumble.transport.common import Transport

from firmware_sim import control_cli
from firmware_sim.control import Control, listening, parse_place
from firmware_sim.device import MAX_DEVICES, MODELS
from firmware_sim.faults import Fault, FaultError, for_a_process, parse, table
from firmware_sim.feed import Feed
from firmware_sim.hci_stream import Place
from firmware_sim.process import RunError, on_air, run, say
from firmware_sim.simulator import Simulator
from firmware_sim.view import View

_T = TypeVar("_T")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the simulator until a signal ends it.

    Returns:
        0 after SIGTERM, 130 after SIGINT, 1 when it could not run; bad arguments leave with 2 by themselves.
    """
    words = sys.argv[1:] if arguments is None else list(arguments)
    if words[:1] in (["record"], ["replay"]):
        from firmware_sim import recording_cli  # noqa: PLC0415 - it uses this module

        return recording_cli.main(words)
    if words[:1] == ["control"]:
        return control_cli.main(words[1:])
    parser = _parser()
    chosen = parser.parse_args(words)
    try:
        chosen.models = _models(chosen.model, chosen.count)
        for_a_process(chosen.fault, attached=chosen.attach is not None)
    except ValueError as error:
        parser.error(str(error))
    if chosen.attach and sum(chosen.models.values()) > 1:
        parser.error("--attach carries one device: give one --model, without --count")
    if chosen.view and not sys.stdout.isatty():
        parser.error("--view draws on a terminal, and standard output is none: leave it out")
    return run(_simulate(chosen))


def _models(given: Sequence[tuple[str, int | None]], count: int | None) -> dict[str, int]:
    """How many of each model."""
    models = {name: number or 1 for name, number in given}
    if len(models) < len(given):
        raise ValueError("each --model once: write --model chair:2 for two of them")
    if count is None:
        return models
    if len(given) > 1 or given[0][1] is not None:
        raise ValueError("--count is for one model: write --model chair:120 --model cushion:80")
    return dict.fromkeys(models, count)


async def _simulate(chosen: argparse.Namespace) -> None:
    feed, view, beside = Feed(), View(sys.stdout) if chosen.view else None, list[str]()

    @contextlib.asynccontextmanager
    async def there(transport: Transport | None) -> AsyncIterator[Simulator]:
        async with contextlib.AsyncExitStack() as leave:
            if view is not None:
                await leave.enter_async_context(_or_run_error(view.shown(feed)))
            simulator = Simulator(
                models=chosen.models,
                seed=chosen.seed,
                faults=chosen.fault,
                trace=leave.enter_context(_trace_file(chosen.trace)),
                on_row=feed if view is not None or chosen.control else None,
                attach=transport,
            )
            await leave.enter_async_context(simulator)
            if chosen.control:
                control = listening(Control(simulator.devices, feed), chosen.control)
                beside.append(await leave.enter_async_context(_or_run_error(control)))
            yield simulator

    def tell(line: str) -> None:
        lines = [line, *(f"control on {place}" for place in beside)]
        if view is not None:
            view.title = "; ".join(lines)
        else:
            say("\n".join(lines))

    await on_air(there, listen=chosen.listen, attach=chosen.attach, tell=tell)


@contextlib.asynccontextmanager
async def _or_run_error(entered: AbstractAsyncContextManager[_T]) -> AsyncIterator[_T]:
    """A context whose beginning may fail for reasons of the system."""
    async with contextlib.AsyncExitStack() as leave:
        try:
            value = await leave.enter_async_context(entered)
        except OSError as error:
            raise RunError(error.strerror or str(error)) from error
        yield value


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m firmware_sim", description="A simulated massager.")
    parser.add_argument(
        "--model",
        required=True,
        action="append",
        type=_model,
        metavar="NAME[:N]",
        help=f"{', '.join(MODELS)}, and how many; several times for several models",
    )
    parser.add_argument("--count", type=_count, help="how many devices of one model (default: 1)")
    add_places(parser)
    parser.add_argument("--trace", type=Path, metavar="FILE", help="write what the devices really do")
    parser.add_argument("--fault", type=_fault, action="append", default=[], metavar="NAME[:ARGUMENTS]")
    parser.add_argument("--seed", type=int, default=1, help="repeats what is random in faults (default: 1)")
    parser.add_argument(
        "--control",
        type=_control,
        metavar="unix:PATH|tcp:127.0.0.1:PORT",
        help="press buttons and inject faults while it runs",
    )
    parser.add_argument("--view", action="store_true", help="show on the terminal what each device does")
    parser.add_argument("--list-faults", action=_ListFaults)
    return parser


def add_places(parser: argparse.ArgumentParser) -> None:
    """Add the options that say where devices are on the air."""
    place = parser.add_mutually_exclusive_group(required=True)
    place.add_argument("--listen", type=_place, metavar="tcp:HOST:PORT|unix:PATH", help="host an air here")
    place.add_argument(
        "--attach", metavar="BUMBLE_TRANSPORT", help="use the controller behind this transport"
    )


class _ListFaults(argparse.Action):
    def __init__(self, option_strings: Sequence[str], dest: str) -> None:
        super().__init__(option_strings, dest, nargs=0, help="print every fault and leave")

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        sys.stdout.write(table() + "\n")
        parser.exit()


def _model(text: str) -> tuple[str, int | None]:
    name, colon, number = text.partition(":")
    if name not in MODELS:
        names = ", ".join(map(repr, sorted(MODELS)))
        raise argparse.ArgumentTypeError(f"no model {name!r}; there are {names}")
    return name, _count(number) if colon else None


def _control(text: str) -> str:
    try:
        return parse_place(text).text
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


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
