"""A session before it begins: the real Governor, asked tick by tick on a clock of its own; nothing moves.

The device is an ideal one, all time is paid, every question is answered well and at once. So the levels are
those that a session reaches that nothing disturbs; the times differ from a real one by its latencies.
"""

from typing import Final

from massager.model.commands import Lease
from massager.model.decisions import Reason, Refusal
from massager.model.history import History
from massager.model.preview import Asking, Instant, Preview
from massager.model.questions import CheckIn, Comfort, Feeling
from massager.model.telemetry import Reading
from massager.routine.course import Course
from massager.safety.physical import known
from massager.session.closed_places import closed_places
from massager.session.drive import PLACING_MS, Drive
from massager.session.loop import PERIOD_MS
from massager.session.preparation import Prepared, begin
from massager.session.preview_notes import Notes
from massager.session.rehearsal import EPOCH, AllPaid, IdealDevice

# A stop at 0 is before every report, so the first one tells of rest.
_START_MS: Final = 1000
_FINE: Final = CheckIn(0, Comfort.FINE, Feeling.NONE)


def preview(prepared: Prepared, history: History) -> Preview:
    """What the session that was admitted would do."""
    rehearsal = _Rehearsal(prepared, history)
    ending = rehearsal.run()
    order, notes = prepared.order, rehearsal.notes
    return Preview(
        program=order.program.name,
        title=order.program.title,
        person=order.person.name,
        device=order.device.title,
        levels=min(actuator.levels for actuator in order.device.actuators),
        column_mm=prepared.envelope.calibration.column_mm,
        actuators=order.device.actuators,
        unmeasured=not all(map(known, order.device.actuators)),
        program_s=order.program.seconds,
        today_s=prepared.timeline.seconds,
        session_s=prepared.session_ms // 1000,
        instants=tuple(notes.instants),
        visits=tuple(notes.visits),
        clamps=tuple(notes.clamps),
        warmths=tuple(notes.warmths),
        closed=tuple(closed_places(prepared.envelope)),
        askings=tuple(notes.askings),
        left_out=tuple(notes.left_out),
        ending=ending,
    )


class _Rehearsal:
    """One run from first contact to the end, as the control loop would have it."""

    def __init__(self, prepared: Prepared, history: History) -> None:
        timeline, device = prepared.timeline, prepared.order.device
        self._governor = begin(prepared, history)
        self._course = Course(timeline)
        self._drive = Drive(
            governor=self._governor,
            course=self._course,
            recorder=AllPaid(),
            session_ms=prepared.session_ms,
        )
        self._device = IdealDevice(
            device, carriage_mm=self._course.start_mm, half_width_mm=timeline.half_width_mm
        )
        self._longest_ms = prepared.session_ms + PLACING_MS * len(timeline.legs)
        self._is_placing = True
        self._ending: Reason | None = None
        self.notes = Notes(prepared)

    def run(self) -> Reason:
        """Tick until it ends, and say why it does."""
        self._governor.reading(self._device.report(_START_MS, 0), _START_MS)
        self._governor.permitted(EPOCH)
        for now_ms in range(_START_MS, _START_MS + self._longest_ms, PERIOD_MS):
            self._tick(now_ms)
            if self._ending is not None:
                self.notes.ended(self._governor.usage.elapsed_ms(now_ms))
                return self._ending
        return Reason.OUT_OF_PLACE

    def _tick(self, now_ms: int) -> None:
        reading = self._device.report(now_ms, PERIOD_MS)
        trip = self._governor.reading(reading, now_ms) or self._governor.timer(now_ms)
        if trip is not None:
            self._ending = trip.reason
        elif self._governor.over(now_ms):
            self._ending = Reason.FINISHED
        else:
            self._answer(now_ms)
            placing = self._is_placing
            self._hand_on(self._place(reading, now_ms) if placing else self._sweep(reading, now_ms), now_ms)
            if self._governor.usage.started_ms is not None:
                cap = None if self._is_placing else self._drive.sent
                t_ms, asked = self._governor.usage.elapsed_ms(now_ms), self._drive.asked or 0
                now = Instant(t_ms, None, (), asked, cap)
                placed = self._governor.state.placed
                self.notes.take(now, self._course.leg, reading, placed, self._device.setpoint)

    def _answer(self, now_ms: int) -> None:
        """Answer well whatever was asked."""
        for prompt in self._governor.prompts:
            self.notes.askings.append(
                Asking(self._governor.usage.elapsed_ms(now_ms), prompt.ask, prompt.zone)
            )
            if prompt.zone is not None:
                self._governor.zone_answered(prompt.zone, yes=True)
            else:
                self._governor.answered(_FINE, now_ms)

    def _place(self, reading: Reading, now_ms: int) -> Lease | Refusal | None:
        entering = self._drive.entering(now_ms)
        if entering and self._drive.arrived(reading):
            self._is_placing = False
            return self._sweep(reading, now_ms)
        return self._drive.place(reading, now_ms)

    def _sweep(self, reading: Reading, now_ms: int) -> Lease | Refusal | None:
        if reading.carriage_mm is None and self._drive.moves:
            return Refusal(Reason.POSITION_UNKNOWN)
        if self._drive.leg_is_over():
            return self._skip(Reason.ZONE_TIME, now_ms)
        return self._drive.sweep(reading.carriage_mm, now_ms)

    def _hand_on(self, answer: Lease | Refusal | None, now_ms: int) -> None:
        if isinstance(answer, Lease):
            self._device.take(answer.setpoint)
        elif isinstance(answer, Refusal) and not self._is_placing:
            if self._drive.may_go_around(answer):
                self._hand_on(self._skip(answer.reason, now_ms), now_ms)
            else:
                self._ending = Reason.FINISHED if answer.reason is Reason.SESSION_OVER else answer.reason

    def _skip(self, reason: Reason, now_ms: int) -> Lease | Refusal | None:
        """Give a step up; the lease that lets go, at once as the control loop sends it."""
        self.notes.gives_up(self._course.leg, reason)
        self._is_placing = True
        if not self._drive.skip():
            self._ending = Reason.FINISHED
            return None
        return self._drive.place(None, now_ms)
