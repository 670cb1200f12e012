"""A session that a script runs, stops and steers; the way into it is that of `massager run`."""

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from massager.app.place import surroundings
from massager.app.serving import run_of, serving_core
from massager.app.steered import SHOW_S, Steered
from massager.catalog.answers import fine_answers, load_answers
from massager.model.body import Zone
from massager.model.decisions import Refusal
from massager.model.devices import SYSTEM_RADIO
from massager.model.errors import NotAllowedError, NotAtRestError, RefusedError
from massager.model.questions import CheckIn, Screening
from massager.model.script import Script
from massager.session.advising import advice_on
from massager.session.massage import Wish
from massager.session.scripted import Answers
from massager.session.snapshot import Ending, Snapshot
from massager.store import DEMO_NAME
from massager.texts import SWITCH_OFF_BY_HAND, reason_text


class Session:
    """A session that was admitted. Nothing here waits but `ended` and `states`."""

    def __init__(self, steered: Steered, running: asyncio.Future[Ending]) -> None:
        self._steered = steered
        self._running = running

    def stop(self) -> None:
        """Stop and end it, at once; `ended` tells when the device rests."""
        self._steered.stop()

    def pause(self) -> None:
        """Stop, and keep it open for `resume`; its time goes on running."""
        self._steered.pause()

    def resume(self) -> None:
        """Go on after a pause, from first contact on."""
        self._steered.resume()

    def weaker(self) -> None:
        """One level less, from the next lease on."""
        self._steered.weaker()

    def stronger(self) -> None:
        """Take back one `weaker`; never above what the program asks for and the limits allow."""
        self._steered.stronger()

    def answer(self, check_in: CheckIn) -> None:
        """Say how it is, asked or not; a warning stops."""
        self._steered.answer(check_in)

    def answer_zone(self, zone: Zone, *, yes: bool) -> None:
        """Say whether a zone may be visited for the first time."""
        self._steered.answer_zone(zone, yes=yes)

    def state(self) -> Snapshot:
        """What is known now: asked, sent and reported apart, and the questions that wait."""
        return self._steered.snapshot()

    async def states(self) -> AsyncIterator[Snapshot]:
        """What is known, four times a second until the session has ended."""
        while not self._running.done():
            yield self.state()
            await asyncio.wait({self._running}, timeout=SHOW_S)

    async def ended(self) -> Ending:
        """Wait until the device rests and the radio is left; how it ended.

        Raises:
            MassagerError: The store failed, or the core that ran it has gone.
        """
        await asyncio.wait({self._running})
        return self._running.result()


@asynccontextmanager
async def open_massager(
    program: str,
    *,
    person: str = DEMO_NAME,
    device: str | None = None,
    radio: str = SYSTEM_RADIO,
    data: str | None = None,
    profiles: Path | None = None,
    answers: Path | Script | None = None,
    seconds: float | None = None,
    max_percent: int | None = None,
    confirmed: bool = False,
) -> AsyncIterator[Session]:
    """Run a program; on leaving the block it is stopped, and the device rests.

    Args:
        program: Name of a program.
        person: Whose limits hold; `demo` exists on a simulator's radio only.
        device: Name of a paired device or of a profile; the only one that fits if left out.
        radio: system, tcp:HOST:PORT or unix:PATH; where a core serves it, the session runs there.
        data: Folder or URL of the store; the user's own if left out.
        profiles: Folder with own profile files.
        answers: Before and during the session; what is not in it counts as the worst answer.
        seconds: Shorter than the program.
        max_percent: Own lower limit, percent of the device's range.
        confirmed: Whether somebody has confirmed this start. It answers no question.

    Raises:
        RefusedError: The limits refuse it; nothing has moved.
        NotAllowedError: Nobody has confirmed the start.
        NotAtRestError: On leaving: the device has not confirmed that it rests.
        MassagerError: A name is unknown, a file invalid, the store or the radio cannot be used.
    """
    if not confirmed:
        raise NotAllowedError("Nobody has confirmed this start. Ask, then say confirmed=True.")
    script = answers if isinstance(answers, Script) else script_of(person, answers)
    where = surroundings(radio=radio, data=data, profiles=profiles)
    wish = Wish(
        program=program,
        person=person,
        device=device,
        seconds=None if seconds is None else max(1, math.floor(seconds)),
        caller_percent=max_percent,
        interactive=False,
        screening=script.before if script else Screening(),
    )
    serving = await asyncio.to_thread(serving_core, where, device, named_data=data)
    begun: asyncio.Future[Steered] = asyncio.get_running_loop().create_future()

    async def watch(steered: Steered) -> None:
        begun.set_result(steered)
        given = None if script is None else Answers(steered, script)
        while given is not None:
            given.look(steered.snapshot())
            await asyncio.sleep(SHOW_S)

    async def run() -> Ending:
        result = await run_of(wish, where, serving)(watch)
        if isinstance(result, Refusal):
            raise _refused(result, wish.screening)
        return result

    running = asyncio.create_task(run())
    try:
        await _either(running, begun)
        if not begun.done():
            await running
        yield Session(begun.result(), running)
    finally:
        await _leave(begun, running)


async def _leave(begun: asyncio.Future[Steered], running: asyncio.Task[Ending]) -> None:
    """Stop the session and wait for rest; one that is still being admitted is stopped as it begins.

    Raises:
        NotAtRestError: The device has not confirmed it.
    """
    await _either(running, begun)
    if not begun.done():
        return
    begun.result().stop()
    await asyncio.wait({running})
    ending = running.result()
    if ending.confirmed is False:
        text = reason_text(ending.reason, ending.detail)
        raise NotAtRestError(f"{text} The device has not confirmed that it rests. {SWITCH_OFF_BY_HAND}")


async def _either(*waits: asyncio.Future[Any]) -> None:
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)


def _refused(refusal: Refusal, screening: Screening) -> RefusedError:
    """A refusal for a script, with what to do now where somebody said a warning sign."""
    told = advice_on(refusal, screening)
    text = reason_text(refusal.reason, refusal.detail)
    return RefusedError(f"{text} {told}" if told else text, refusal)


def script_of(person: str, answers: Path | None) -> Script | None:
    """The answers of a file; the person `demo` has some without one.

    Raises:
        InvalidProfileError: The file is wrong.
        NotFoundError: The file cannot be opened.
    """
    if answers is not None:
        return load_answers(answers)
    return fine_answers() if person == DEMO_NAME else None
