"""A session in the foreground, wherever it runs: its signals, its keys, its picture, and its exit code."""

import asyncio
import os
import select
import signal
import sys
import termios
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from rich.console import Console

from massager.app.steered import SHOW_S, Run, Steered
from massager.cli.exits import Exit, exit_for_ending, exit_for_error
from massager.cli.respond import Elsewhere, Respondent, Scripted, Taps
from massager.cli.view import View
from massager.model.decisions import Reason, Refusal
from massager.model.errors import MassagerError
from massager.model.questions import Screening
from massager.model.script import Script
from massager.session.advising import advice_on
from massager.session.snapshot import Ending
from massager.texts import advice


class _Interruption:
    """Signals, from before the session begins until the program ends; none of them breaks a stop off.

    INT, TERM and HUP stop and end; a suspend from the terminal stops first, then suspends. Plain handlers
    rather than the event loop's, which would give the signals back before the last word is said.

    Attributes:
        happened: Whether one of them, or a closed output, rather than the program, asked for the end.
    """

    def __init__(self) -> None:
        self.happened = False
        self._session: Steered | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGTSTP):
            signal.signal(number, self._arrived)

    def attach(self, session: Steered) -> None:
        """From now on stop this session; at once if a signal came before."""
        self._loop, self._session = asyncio.get_running_loop(), session
        if self.happened:
            session.stop(Reason.STOPPED_BY_PERSON)

    def detach(self) -> None:
        """The session has ended; a signal changes nothing any more, not even the interpreter's own end."""
        self._loop, self._session = None, None
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)

    def _arrived(self, number: int, _frame: FrameType | None) -> None:
        self.happened = True
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop has just ended, and the session with it
                self._loop.call_soon_threadsafe(self._act, number)

    def _act(self, number: int) -> None:
        suspends = number == signal.SIGTSTP
        if self._session is not None:
            self._session.stop(Reason.STOPPED_BY_PERSON, "suspended" if suspends else "")
        if suspends and self._loop is not None:
            self._loop.call_later(0, os.kill, os.getpid(), signal.SIGSTOP)


def conduct(run: Run, make_view: Callable[[], View], screening: Screening, script: Script | None) -> Exit:
    """Run a session in the foreground and show it; returns after the device rests.

    Args:
        run: Runs the session.
        make_view: Shows it.
        screening: The answers before it.
        script: Answers what is asked; None leaves that to the terminal's keys, or to another program.
    """
    interruption = _Interruption()
    views: list[View] = []

    async def watch(session: Steered) -> None:
        view = make_view()
        views.append(view)
        interruption.attach(session)
        taps = Taps(session) if on_terminal() else None
        respondents = _respondents(session, script, taps)
        with _keys(session, taps):
            while True:
                try:
                    snapshot = session.snapshot()
                    view.show(snapshot, respondents[-1].lines(snapshot))
                    _refuse_closed_output()
                except OSError:
                    interruption.happened = True
                    session.stop(Reason.STOPPED_BY_PERSON, "the output was closed")
                    await asyncio.Event().wait()
                for respondent in respondents:
                    respondent.look(session.snapshot())
                await asyncio.sleep(SHOW_S)

    async def run_and_watch() -> Ending | Refusal:
        return await run(watch)

    try:
        result = asyncio.run(run_and_watch())
    except MassagerError as error:
        if views:
            views[0].close()
        return exit_for_error(error)
    interruption.detach()
    code = _code(result, interruption)
    with suppress(OSError):
        told = advice_on(result, screening) if isinstance(result, Refusal) else advice(result.reason)
        (views[0] if views else make_view()).end(result, code, told)
        if told is not None:
            # Apart from all else, so that nobody misses it.
            Console(stderr=True, highlight=False, soft_wrap=True).print(told, style="bold white on red")
    if interruption.happened:
        _flush_or_drop()
    return code


def _respondents(session: Steered, script: Script | None, taps: Taps | None) -> list[Respondent]:
    """Whoever answers; the last one knows what is to be shown of the questions."""
    there: list[Respondent] = [] if script is None else [Scripted(session, script)]
    if taps is not None:
        there.append(taps)
    return there or [Elsewhere()]


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


def on_terminal() -> bool:
    """Whether somebody sits at a terminal, for input and output alike."""
    return sys.stdin.isatty() and sys.stdout.isatty()


@contextmanager
def _keys(session: Steered, taps: Taps | None) -> Iterator[None]:
    """Single keys of a terminal: space stops, - weaker, + stronger, p pauses, Enter resumes, others tap."""
    if taps is None:
        yield
        return
    loop, stdin = asyncio.get_running_loop(), sys.stdin.fileno()
    actions: dict[bytes, Callable[[], None]] = {
        b" ": session.stop,
        b"-": session.weaker,
        b"+": session.stronger,
        b"p": session.pause,
        b"\n": session.resume,
        b"\r": session.resume,
    }

    def read() -> None:
        try:
            data = os.read(stdin, 64)
        except OSError:
            data = b""
        if not data:
            loop.remove_reader(stdin)
        for key in (data[n : n + 1] for n in range(len(data))):
            if key in actions:
                actions[key]()
            else:
                taps.press(key.decode("ascii", "replace"))

    before = termios.tcgetattr(stdin)
    tty.setcbreak(stdin)
    loop.add_reader(stdin, read)
    try:
        yield
    finally:
        loop.remove_reader(stdin)
        with suppress(termios.error):
            termios.tcsetattr(stdin, termios.TCSADRAIN, before)
