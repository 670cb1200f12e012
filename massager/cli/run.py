"""`massager run`: one session in the foreground, with its signals and keys."""

import asyncio
import math
import os
import select
import signal
import sys
import termios
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

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


class _Interruption:
    """Signals, from before the session begins until the program ends; none of them breaks a stop off.

    INT, TERM and HUP stop and end; a suspend from the terminal stops first, then suspends. Plain handlers
    rather than the event loop's, which would give the signals back before the last word is said.

    Attributes:
        happened: Whether one of them, or a closed output, rather than the program, asked for the end.
    """

    def __init__(self) -> None:
        self.happened = False
        self._control: ControlLoop | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGTSTP):
            signal.signal(number, self._arrived)

    def attach(self, control: ControlLoop) -> None:
        """From now on stop this session; at once if a signal came before."""
        self._loop, self._control = asyncio.get_running_loop(), control
        if self.happened:
            control.stop(Reason.STOPPED_BY_PERSON)

    def detach(self) -> None:
        """The session has ended; a signal changes nothing any more, not even the interpreter's own end."""
        self._loop, self._control = None, None
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)

    def _arrived(self, number: int, _frame: FrameType | None) -> None:
        self.happened = True
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop has just ended, and the session with it
                self._loop.call_soon_threadsafe(self._act, number)

    def _act(self, number: int) -> None:
        suspends = number == signal.SIGTSTP
        if self._control is not None:
            self._control.stop(Reason.STOPPED_BY_PERSON, "suspended" if suspends else "")
        if suspends and self._loop is not None:
            self._loop.call_later(0, os.kill, os.getpid(), signal.SIGSTOP)


def conduct(options: RunOptions, make_view: Callable[[], View]) -> Exit:
    """Run a session in the foreground and show it; returns after the device rests."""
    interruption = _Interruption()
    views: list[View] = []

    async def watch(loop: ControlLoop) -> None:
        view = make_view()
        views.append(view)
        interruption.attach(loop)
        with _keys(loop):
            while True:
                try:
                    view.show(loop.snapshot())
                    _refuse_closed_output()
                except OSError:
                    interruption.happened = True
                    loop.stop(Reason.STOPPED_BY_PERSON, "the output was closed")
                    await asyncio.Event().wait()
                await asyncio.sleep(SHOW_S)

    try:
        result = asyncio.run(run_session(options, watch))
    except MassagerError as error:
        return exit_for_error(error)
    interruption.detach()
    code = _code(result, interruption)
    with suppress(OSError):
        (views[0] if views else make_view()).end(result, code)
    if interruption.happened:
        _flush_or_drop()
    return code


def _refuse_closed_output() -> None:
    """A pipe whose reader has gone shows it before anything is written.

    Raises:
        BrokenPipeError: Nobody reads standard output any more.
    """
    poll = select.poll()
    poll.register(sys.stdout.fileno(), 0)
    if any(event & (select.POLLERR | select.POLLHUP) for _fd, event in poll.poll(0)):
        raise BrokenPipeError


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
