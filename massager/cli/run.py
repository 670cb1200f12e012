"""`massager run`: one session in the foreground, with its signals and keys."""

import asyncio
import math
import os
import signal
import sys
import termios
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from massager.app import RunOptions, run_session
from massager.catalog import load_program
from massager.cli.cores import ask, cores, runtime_folder
from massager.cli.exits import Exit, exit_for_ending, exit_for_error
from massager.cli.stop import state_folder, stop_file
from massager.cli.view import JsonView, LineView, LiveView, View
from massager.model.decisions import Reason, Refusal
from massager.model.errors import ControlSocketError, MassagerError
from massager.session.loop import ControlLoop
from massager.session.snapshot import Ending
from massager.texts import DISCLAIMER

# Chosen: often enough for an eye, a twentieth of the loop's work.
SHOW_S = 0.25

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run_program(
    *,
    program: str,
    person: str,
    device: str | None,
    radio: str,
    data: Path | None,
    profiles: Path | None,
    seconds: float | None,
    caller_percent: int | None,
    confirmed: bool,
    as_json: bool,
) -> Exit:
    """Run a program after its start was confirmed; the exit code.

    Raises:
        MassagerError: It cannot begin; nothing has moved.
    """
    folder = data or state_folder()
    _refuse_a_second_core(radio)
    options = RunOptions(
        program=program,
        person=person,
        device=device,
        radio=radio,
        data=folder,
        profiles=profiles,
        seconds=None if seconds is None else max(1, math.floor(seconds)),
        caller_percent=caller_percent,
        stop_file=stop_file,
        interactive=on_terminal() and not as_json,
        runtime=runtime_folder(),
    )
    if not confirmed and not _confirm(options):
        return Exit.USAGE
    view: Callable[[], View] = JsonView if as_json else LiveView if options.interactive else LineView
    return conduct(options, view)


def on_terminal() -> bool:
    """Whether somebody sits at a terminal, for input and output alike."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _refuse_a_second_core(radio: str) -> None:
    for path in cores():
        with suppress(ControlSocketError):
            answer = ask(path, "GET", "/api/v1/status")
            for session in answer.body["sessions"] if answer else ():
                if session["radio"] == radio and session["stage"] != "ended":
                    raise MassagerError(
                        f"{session['person']} is in session on {session['device']} over {radio} already. "
                        "Stop that one first: massager stop"
                    )


def _confirm(options: RunOptions) -> bool:
    program = load_program(options.program, options.profiles)
    print(DISCLAIMER, file=sys.stderr)
    if not sys.stdin.isatty():
        print("massager: nobody to ask; confirm the start with --yes", file=sys.stderr)
        return False
    print(
        f"Start {program.title} for {options.person}, {program.seconds // 60} minutes? [y/N] ",
        end="",
        file=sys.stderr,
        flush=True,
    )
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


@dataclass(slots=True)
class _Interruption:
    """Whether a signal or a closed output, rather than the program, asked for the end."""

    happened: bool = False


def conduct(options: RunOptions, make_view: Callable[[], View]) -> Exit:
    """Run a session in the foreground and show it; returns after the device rests."""
    interruption = _Interruption()
    views: list[View] = []

    async def watch(loop: ControlLoop) -> None:
        view = make_view()
        views.append(view)
        with _signals(loop, interruption), _keys(loop):
            while True:
                try:
                    view.show(loop.snapshot())
                except OSError:
                    interruption.happened = True
                    loop.stop(Reason.STOPPED_BY_PERSON, "the output was closed")
                    await asyncio.Event().wait()
                await asyncio.sleep(SHOW_S)

    try:
        result = asyncio.run(run_session(options, watch))
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except MassagerError as error:
        return exit_for_error(error)
    code = _code(result, interruption)
    with suppress(OSError):
        (views[0] if views else make_view()).end(result, code)
    if interruption.happened:
        _flush_or_drop()
    return code


def _code(result: Ending | Refusal, interruption: _Interruption) -> Exit:
    if isinstance(result, Refusal):
        return Exit.REFUSED
    code = exit_for_ending(result)
    return Exit.INTERRUPTED if interruption.happened and code is Exit.OK else code


def _flush_or_drop() -> None:
    """Flush standard output; where it has gone, keep the interpreter from complaining at its end."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def _signals(control: ControlLoop, interruption: _Interruption) -> Iterator[None]:
    """INT, TERM and HUP stop and end; a suspend from the terminal stops first, then suspends."""
    loop = asyncio.get_running_loop()

    def interrupt() -> None:
        interruption.happened = True
        control.stop(Reason.STOPPED_BY_PERSON)

    def suspend() -> None:
        interruption.happened = True
        control.stop(Reason.STOPPED_BY_PERSON, "suspended")
        loop.call_later(0, os.kill, os.getpid(), signal.SIGSTOP)

    for number in _SIGNALS:
        loop.add_signal_handler(number, interrupt)
    loop.add_signal_handler(signal.SIGTSTP, suspend)
    try:
        yield
    finally:
        # The last stop must still be waited for, whoever presses Ctrl-C again.
        for number in _SIGNALS:
            loop.add_signal_handler(number, lambda: None)


@contextmanager
def _keys(control: ControlLoop) -> Iterator[None]:
    """Single keys while a terminal is there: space stops, - weaker, + stronger, p pauses, Enter resumes."""
    if not on_terminal():
        yield
        return
    loop, stdin = asyncio.get_running_loop(), sys.stdin.fileno()
    actions = {
        b" ": control.stop,
        b"-": control.weaker,
        b"+": control.stronger,
        b"p": control.pause,
        b"\n": control.resume,
        b"\r": control.resume,
    }

    def read() -> None:
        try:
            data = os.read(stdin, 64)
        except OSError:
            data = b""
        if not data:
            loop.remove_reader(stdin)
        for key in (data[n : n + 1] for n in range(len(data))):
            actions.get(key, lambda: None)()

    before = termios.tcgetattr(stdin)
    tty.setcbreak(stdin)
    loop.add_reader(stdin, read)
    try:
        yield
    finally:
        loop.remove_reader(stdin)
        with suppress(termios.error):
            termios.tcsetattr(stdin, termios.TCSADRAIN, before)
