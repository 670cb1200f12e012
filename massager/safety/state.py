"""What a session has come to, and the conditions of the moment that forbid any motion."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from massager.model.body import Zone
from massager.model.commands import Placement
from massager.model.decisions import Reason, Refusal, Trip
from massager.safety.clocks import Phase, Usage
from massager.safety.dialogue import Dialogue
from massager.safety.interlocks import Check
from massager.safety.watch import Watch


@dataclass(frozen=True, slots=True)
class Before:
    """What a session begins with.

    Attributes:
        zones: To which the start has agreed; every other one is asked about before its first visit.
        pain: 0 to 10.
        pain_stops: Sessions that ended for pain within the last 14 days.
        sessions_ever: Of this person.
    """

    zones: frozenset[Zone]
    pain: int
    pain_stops: int
    sessions_ever: int


@dataclass(slots=True)
class State:
    """Everything that a decision depends on besides the envelope and what is asked.

    Attributes:
        epoch: Of the permit in force; None while nothing may move.
        newest: Highest epoch of any permit so far.
        number: Of the last lease.
        accounted_ms: Until when contact has been counted.
        lease_expires_ms: When the last lease ends.
        stopping: A stop went out and rest has not been reported since.
        pressing: Something may press.
        standing: Where patches that stay in their places may press.
        placed: Where the person says that they hold it; from one rest to the next at most.
        placed_ms: When they said so.
        trip: Latched.
    """

    usage: Usage
    phase: Phase
    watch: Watch
    dialogue: Dialogue
    epoch: int | None = None
    newest: int = 0
    number: int = 0
    accounted_ms: int | None = None
    lease_expires_ms: int | None = None
    stopping: bool = True
    pressing: bool = False
    standing: frozenset[int] = frozenset()
    placed: Placement | None = None
    placed_ms: int = 0
    trip: Trip | None = None

    def copy(self) -> "State":
        """What it is now, untouched by what comes."""
        return replace(
            self,
            usage=self.usage.copy(),
            phase=replace(self.phase),
            watch=self.watch.copy(),
            dialogue=self.dialogue.copy(),
        )

    def account(self, now_ms: int) -> None:
        """Count contact since the last call; contact lasts until the device reports that nothing presses."""
        elapsed_ms = 0 if self.accounted_ms is None else max(0, now_ms - self.accounted_ms)
        self.accounted_ms = now_ms
        if self.epoch is not None:
            self.dialogue.tick(now_ms)
        if self.pressing:
            self.phase.contact(elapsed_ms)
            self.usage.contact(elapsed_ms, *self.touching_mm)

    @property
    def touching_mm(self) -> tuple[int, ...]:
        """Where along the device patches are, or stand."""
        centre_mm = self.watch.centre_mm
        held = () if self.placed is None else (self.placed.along_mm,)
        return (*(() if centre_mm is None else (centre_mm,)), *held, *sorted(self.standing))

    def over(self, now_ms: int) -> bool:
        """Whether the session's time has been used."""
        return self.usage.started_ms is not None and self.usage.left_ms(now_ms) == 0


# Conditions that forbid any motion, in the order in which they are told.
Moment = tuple[State, int]


def _tripped(moment: Moment) -> Refusal | None:
    trip = moment[0].trip
    return None if trip is None else Refusal(Reason.TRIPPED, trip.reason)


def _stopping(moment: Moment) -> Refusal | None:
    return Refusal(Reason.STOPPING) if moment[0].stopping else None


def _permitted(moment: Moment) -> Refusal | None:
    return Refusal(Reason.NO_PERMIT) if moment[0].epoch is None else None


def _reported(moment: Moment) -> Refusal | None:
    state, now_ms = moment
    return Refusal(Reason.STALE_READING) if state.watch.stale(now_ms) else None


def _in_time(moment: Moment) -> Refusal | None:
    state, now_ms = moment
    return Refusal(Reason.SESSION_OVER) if state.over(now_ms) else None


def _answered(moment: Moment) -> Refusal | None:
    state, now_ms = moment
    return Refusal(Reason.NO_ANSWER) if state.dialogue.silent(now_ms) else None


MOTION: Final[Mapping[str, Check[Moment]]] = MappingProxyType(
    {
        "tripped": _tripped,
        "stopping": _stopping,
        "permit": _permitted,
        "report": _reported,
        "time": _in_time,
        "answer": _answered,
    }
)
