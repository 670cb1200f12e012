"""Which wish comes next in a session, and the lease that the Governor pays for it."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Protocol

from massager.guardian.messages import Ready
from massager.model.body import Zone
from massager.model.commands import Intent, Lease, Permit, Placement
from massager.model.decisions import Cap, Reason, Refusal
from massager.model.questions import Spot
from massager.model.telemetry import Reading
from massager.routine.course import ARRIVED_MM, Course
from massager.safety.clocks import Paid, Usage
from massager.safety.governor import LEASE_MS, Approved, Governor
from massager.session.facts import Facts, Wished
from massager.session.outcomes import ASIDE
from massager.session.restraint import Restraint

# docs/questions.md, before a zone: asked so long before the first visit, in the zone before it.
ASK_AHEAD_MS = 20_000
# Chosen: the way from the park position at 40 mm/s and the width at 20 mm/s take 17 s at the most.
PLACING_MS = 60_000
# Chosen: a control period until the next lease, the 100 ms that the guardian counts a level on for, and as
# much again for the way there. Without it a report from before the device let go would move the carriage.
LET_GO_MS = 300


class Memory(Protocol):
    """What a drive needs of a session's memory; see `Recorder`."""

    paid: Paid
    device: str | None
    session: int

    def top_up(self, usage: Usage, course: Course, now_ms: int) -> None:
        """See to it that the time ahead is paid."""

    def paid_for(self, zone: Zone) -> bool:
        """Whether a first block for a zone is durable."""

    def note(self, kind: str, code: str, facts: Facts) -> None:
        """Add a record of something that happened."""

    def wished(self, wished: Callable[[], Wished], answer: Approved | Refusal) -> bool:
        """Add a record of a decision; whether it is a new one."""

    def follow(self, lease: Lease) -> None:
        """Write down what becomes of this lease."""


class Drive:
    """The course of one session, wish by wish.

    Attributes:
        wanted: Level that the program asks for now; None while nothing was asked.
        asked: The same, less what somebody took away with `weaker`.
        sent: The last lease's level and what held it; None while none was sent.
        permit: What the guardian was given; None while nothing may move.
        restraint: What somebody took away.
    """

    def __init__(self, *, governor: Governor, course: Course, recorder: Memory, session_ms: int) -> None:
        self.wanted: int | None = None
        self.asked: int | None = None
        self.sent: Cap | None = None
        self.permit: Permit | None = None
        self.restraint = Restraint(partial(recorder.note, "intent"))
        self._governor = governor
        self._course = course
        self._recorder = recorder
        self._session_ms = session_ms
        self._index = 0
        self._before_ms = 0
        self._pressed_ms: int | None = None

    @property
    def moves(self) -> bool:
        """Whether the present leg moves along the back."""
        return bool(self._course.leg.pace_mm_s)

    @property
    def stands_mm(self) -> int:
        """Where a leg works that does not move."""
        return self._course.leg.first_mm

    def weaker(self) -> None:
        """One level less than what was sent last, and no more than that until `stronger`."""
        self.restraint.weaker(None if self.sent is None else self.sent.level)

    def new_permit(self, ready: Ready, now_ms: int) -> Permit:
        """A permit for what is left of the session and the way to its place."""
        self.permit = self._governor.permit(
            half_width_mm=self._course.timeline.half_width_mm,
            model=ready.model_number,
            firmware=ready.firmware,
            ends_ms=now_ms + PLACING_MS + self._governor.usage.left_ms(now_ms) + LEASE_MS,
            fence=self._recorder.session,
        )
        return self.permit

    def tighter_permit(self) -> Permit | None:
        """The permit again with the session's end, once first contact has fixed it and it is earlier."""
        started_ms = self._governor.usage.started_ms
        if self.permit is None or started_ms is None:
            return None
        ends_ms = started_ms + self._session_ms + LEASE_MS
        if ends_ms >= self.permit.ends_ms:
            return None
        self.permit = replace(self.permit, ends_ms=ends_ms)
        return self.permit

    def halt(self) -> None:
        """A stop went out: nothing is asked, sent or permitted any more."""
        self.wanted, self.asked, self.sent, self.permit = None, None, None, None

    def top_up(self, now_ms: int) -> None:
        """See to it that the time ahead is paid, once it is known which device will move."""
        if self._recorder.device is not None:
            self._recorder.top_up(self._governor.usage, self._course, now_ms)

    def may_move(self, reading: Reading | None) -> bool:
        """Whether the guardian has permitted it, and there are a reading and a paid block for this leg."""
        return (
            self._governor.state.epoch is not None
            and reading is not None
            and self._recorder.paid_for(self._course.leg.zone)
        )

    def arrived(self, reading: Reading) -> bool:
        """Whether everything is retracted, and rests where the leg begins."""
        start_mm = self._course.start_mm
        if not reading.retracted or reading.moving:
            return False
        if start_mm is None:
            return reading.at_rest
        return (
            reading.carriage_mm is not None
            and abs(reading.carriage_mm - start_mm) <= ARRIVED_MM
            and reading.half_width_mm == self._course.timeline.half_width_mm
        )

    def place(self, reading: Reading | None, now_ms: int) -> Lease | Refusal | None:
        """The next lease on the way to where the leg begins; it stays where it is until all is let go of."""
        intent, pressed_ms = self._course.place(), self._pressed_ms
        if pressed_ms is not None and (reading is None or reading.at_ms <= pressed_ms + LET_GO_MS):
            intent = replace(intent, carriage_mm=None, half_width_mm=None)
        return self._ask(intent, now_ms, wanted=0)

    def entering(self, now_ms: int) -> bool | None:
        """Whether the leg's zone may be visited; asks if nobody was asked; None while the answer is due.

        What a hand holds is asked for at each place, and once it is there.
        """
        zone = self._course.leg.zone
        if self._course.leg.side is not None:
            return self._held(now_ms)
        self._governor.ask_zone(zone, now_ms)
        return self._agreed(zone, now_ms)

    def _held(self, now_ms: int) -> bool | None:
        leg, aside_mm, governor = self._course.leg, self._course.timeline.half_width_mm, self._governor
        if leg.side is None or aside_mm is None or governor.zone_open(leg.zone) is False:
            return False
        place = Placement(leg.first_mm, aside_mm, leg.side)
        if governor.state.placed == place:
            return True
        if not governor.state.pressing:
            governor.ask_place(place, leg.zone, Spot(leg.side, aside_mm, leg.part_permille), now_ms)
        return None

    def _agreed(self, zone: Zone, now_ms: int) -> bool | None:
        found = self._governor.zone_open(zone)
        waiting = [prompt for prompt in self._governor.prompts if prompt.zone is zone]
        if found is None and not any(now_ms - prompt.asked_ms < ASK_AHEAD_MS for prompt in waiting):
            self._governor.zone_answered(zone, yes=False)
            return False
        return found

    def _look_ahead(self, centre_mm: int | None, used_ms: int, now_ms: int) -> None:
        """Ask about the next zone in time, and leave out a leg whose zone nobody agreed to."""
        ahead = self._course.ahead
        if ahead is not None and ahead.side is not None:
            return  # asked once it is time to hold it there
        leaves_in_ms = self._course.leaves_in_ms(centre_mm, used_ms)
        if ahead is None or leaves_in_ms is None or leaves_in_ms > ASK_AHEAD_MS:
            return
        self._governor.ask_zone(ahead.zone, now_ms)
        agreed = self._governor.zone_open(ahead.zone)
        if agreed is None and leaves_in_ms <= 0:
            self._governor.zone_answered(ahead.zone, yes=False)
            agreed = False
        if agreed is False:
            self._course.drop_ahead()
            self._governor.shorten(1000 * self._course.timeline.seconds)

    def leg_is_over(self) -> bool:
        """Whether a leg that does not move has had its time."""
        return self._course.is_over(self._used_ms)

    @property
    def _used_ms(self) -> int:
        """Contact in this leg so far; what went before it in its zone belongs to earlier legs there."""
        course, usage = self._course, self._governor.usage
        zone_ms = usage.zone_ms(course.leg.zone)
        if course.index != self._index:
            earlier = course.timeline.legs[: course.index]
            self._index = course.index
            self._before_ms = zone_ms if any(leg.zone is course.leg.zone for leg in earlier) else 0
        return zone_ms - self._before_ms

    def sweep(self, centre_mm: int | None, now_ms: int) -> Lease | Refusal | None:
        """The next lease of the leg."""
        used_ms = self._used_ms
        self._look_ahead(centre_mm, used_ms, now_ms)
        intent = self._course.sweep(centre_mm, used_ms)
        return self._ask(self.restraint.on(intent), now_ms, wanted=intent.level)

    def may_go_around(self, refusal: Refusal) -> bool:
        """Whether a refusal is for this leg alone, so that the next may be tried with everything retracted.

        A zone that somebody declined lies in the way of the next; one that nobody was asked about does not,
        and whoever comes to it has drifted.
        """
        if refusal.reason is Reason.ZONE_NOT_CONFIRMED:
            return self._governor.zone_open(Zone(refusal.detail)) is False
        return refusal.reason in ASIDE

    def skip(self) -> bool:
        """Give the present leg up; whether there is another."""
        return self._course.skip()

    def _ask(self, intent: Intent, now_ms: int, *, wanted: int) -> Lease | Refusal | None:
        governor, paid = self._governor, self._recorder.paid
        answer = governor.request(intent, now_ms, paid)
        is_new = self._recorder.wished(lambda: Wished(now_ms, intent, paid, governor.state.copy()), answer)
        if isinstance(answer, Refusal):
            return answer
        lease = governor.redeem(answer.command, now_ms)
        if lease is not None:
            self.wanted, self.asked, self.sent = wanted, intent.level, answer.cap
            if any(lease.setpoint.levels):
                self._pressed_ms = now_ms
            if is_new:
                self._recorder.follow(lease)
        return lease
