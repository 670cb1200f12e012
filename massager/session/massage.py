"""The massage service: what every door may ask of the sessions that run in this core."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from massager.model.decisions import Reason, Refusal
from massager.model.errors import NotFoundError
from massager.model.history import History
from massager.model.preview import Preview
from massager.model.questions import Screening
from massager.session.loop import ControlLoop
from massager.session.preparation import Order, Prepared
from massager.session.preview import preview
from massager.session.requests import Requests
from massager.session.snapshot import Ending, Snapshot, Stage

# Chosen: what a person may still ask about in the evening.
ENDED_KEPT: Final = 20
# Chosen: ten ticks of the control loop (docs/architecture.md).
TICK_LONGEST_MS: Final = 1000

_TICKING: Final = frozenset({Stage.PLACING, Stage.RUNNING, Stage.PAUSED, Stage.LINK_LOST})


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks of one session.

    Attributes:
        device: A paired device's name or a device profile's; None for the only one that fits.
        seconds: Contact time wanted; None for the program's own.
        caller_percent: The caller's own lower limit (`--max`), percent of the device's range.
        interactive: Whether somebody can resume after a lost link.
        screening: The answers before this session; what is missing counts as the worst.
    """

    program: str
    person: str
    device: str | None
    seconds: int | None
    caller_percent: int | None
    interactive: bool
    screening: Screening


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a core starts at most, whoever asks; None is no bound."""

    seconds: int | None = None
    percent: int | None = None

    def on(self, wish: Wish) -> Wish:
        """The wish within these bounds."""
        return replace(
            wish,
            seconds=_least(wish.seconds, self.seconds),
            caller_percent=_least(wish.caller_percent, self.percent),
        )


# The limits bound enough.
NO_BOUNDS: Final = Bounds()


def _least(*found: int | None) -> int | None:
    return min((one for one in found if one is not None), default=None)


@dataclass(frozen=True, slots=True)
class Host:
    """A core that starts sessions for others: how, and what it works with.

    Attributes:
        begin: Starts a session; its number in the store, or why not. Raises MassagerError.
        data: Where its store is, without a password.
    """

    begin: Callable[[Wish], Awaitable[int | Refusal]]
    bounds: Bounds
    radio: str
    data: str
    profiles: str | None


@dataclass(frozen=True, slots=True)
class Basis:
    """What a session was begun on."""

    prepared: Prepared
    history: History

    @property
    def order(self) -> Order:
        """Program, person, device and the answers before it."""
        return self.prepared.order

    def preview(self) -> Preview:
        """What it would do if nothing disturbs it; takes some seconds."""
        return preview(self.prepared, self.history)


@dataclass(slots=True)
class _Session:
    loop: ControlLoop
    basis: Basis
    over: asyncio.Event = field(default_factory=asyncio.Event)
    settled: asyncio.Event = field(default_factory=asyncio.Event)
    ending: Ending | None = None
    last: Snapshot | None = None

    def snapshot(self) -> Snapshot:
        """What is known now, or was known as it ended: its clock stands then."""
        return self.last or self.loop.snapshot()


class MassageService:
    """The sessions of one core, by their number. Stopping needs nobody's leave and waits for rest.

    Attributes:
        host: None where this core runs a session of its own and no other.
        requests: Starts that were asked for from elsewhere, and that nobody has begun.
    """

    def __init__(self) -> None:
        self.host: Host | None = None
        self.requests = Requests()
        self._sessions: dict[int, _Session] = {}
        self._stops = 0
        self._stopped: dict[str | None, int] = {}

    def add(self, number: int, loop: ControlLoop, basis: Basis) -> None:
        """Take a session in; after `ended` it stays listed for a while."""
        self._sessions[number] = _Session(loop, basis)
        self.requests.withdraw(loop.plan.device)

    def ended(self, number: int, ending: Ending) -> None:
        """A session has come to its end, and its guardian has left."""
        session = self._sessions[number]
        session.ending, session.last = ending, session.loop.snapshot()
        session.over.set()
        over = [each for each, held in self._sessions.items() if held.ending is not None]
        for each in over[:-ENDED_KEPT]:
            del self._sessions[each]

    def settled(self, number: int) -> None:
        """What a session used is in the ledger, and the questions after it are due from now on."""
        if number in self._sessions:
            self._sessions[number].settled.set()

    async def wait_settled(self, number: int) -> None:
        """Wait for that, of a session that has ended. Raises as `session`."""
        await self._held(number).settled.wait()

    @property
    def stops(self) -> int:
        """How many stops there were, for `stopped_since`."""
        return self._stops

    def stop_starts(self, device: str | None = None) -> None:
        """Stop whatever is asked for by now and has not begun, on one device or on any."""
        self._stops += 1
        self._stopped[device] = self._stops

    def stopped_since(self, stops: int, device: str) -> bool:
        """Whether a start on a device, asked for after so many stops, has been stopped meanwhile."""
        return max(self._stopped.get(None, 0), self._stopped.get(device, 0)) > stops

    def running(self) -> dict[int, Snapshot]:
        """What is known of each session that has not ended."""
        return {n: held.snapshot() for n, held in self._sessions.items() if held.ending is None}

    def on_device(self, name: str) -> int | None:
        """The session on a device that has not ended."""
        held = self._sessions.items()
        return next((n for n, one in held if one.ending is None and one.loop.plan.device == name), None)

    def snapshots(self) -> Sequence[tuple[int, Snapshot, Ending | None]]:
        """What is known of each session now, its number first; the last ones that ended included."""
        return [(n, held.snapshot(), held.ending) for n, held in self._sessions.items()]

    def session(self, number: int) -> ControlLoop:
        """The control loop of a session.

        Raises:
            NotFoundError: There is none of that number here, or not any more.
        """
        return self._held(number).loop

    def snapshot(self, number: int) -> Snapshot:
        """What is known of a session now. Raises as `session`."""
        return self._held(number).snapshot()

    def basis(self, number: int) -> Basis:
        """What a session was begun on. Raises as `session`."""
        return self._held(number).basis

    def ending(self, number: int) -> Ending | None:
        """How a session ended; None while it runs. Raises as `session`."""
        return self._held(number).ending

    def _held(self, number: int) -> _Session:
        if number not in self._sessions:
            known = ", ".join(map(str, self._sessions)) or "none"
            raise NotFoundError(f"There is no session {number} in this core. There are: {known}.")
        return self._sessions[number]

    def stalled(self, now_ms: int) -> list[int]:
        """Sessions whose control loop should tick and has not within the last second."""
        return [
            number
            for number, held in self._sessions.items()
            if held.ending is None
            and held.loop.snapshot().stage in _TICKING
            and now_ms - held.loop.ticked_ms > TICK_LONGEST_MS
        ]

    async def stop(self, reason: Reason = Reason.STOPPED_BY_PERSON, detail: str = "") -> bool:
        """Stop every session at once; whether every device confirmed that it rests.

        A device that did not confirm its last session's stop still counts as not at rest.
        """
        self.stop_starts()
        running = [held for held in self._sessions.values() if held.ending is None]
        for held in running:
            held.loop.stop(reason, detail)
        rested = await asyncio.gather(*map(_at_rest, running))
        last = {held.loop.snapshot().device: held for held in self._sessions.values()}
        doubtful = [held for held in last.values() if held.ending and held.ending.confirmed is False]
        return all(rested) and not doubtful

    async def stop_session(self, number: int) -> bool:
        """Stop one session at once; whether its device confirmed that it rests. Raises as `session`."""
        held = self._held(number)
        if held.ending is not None:
            return held.ending.confirmed is not False
        held.loop.stop()
        return await _at_rest(held)


async def _at_rest(held: _Session) -> bool:
    """Wait until a stopped session's device rests, or has not confirmed it by the session's end."""
    waits = [asyncio.ensure_future(held.loop.wait_rest()), asyncio.ensure_future(held.over.wait())]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        if waits[0].done() and waits[0].result():
            return True
        await waits[1]
    finally:
        for wait in waits:
            wait.cancel()
    return held.ending is not None and held.ending.confirmed is True
