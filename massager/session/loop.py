"""The control loop of one session on one device: facts to the Governor, its answers to the guardian.

Ten times a second it asks for the next lease; a notification goes to the Governor before anybody else hears
of it. Whatever ends a session, an error of its own included, ends it with a stop.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from massager.guardian.client import GuardianClient
from massager.guardian.clock import Clock
from massager.guardian.messages import (
    Alarm,
    Delivery,
    Failed,
    Failure,
    GiveLease,
    GivePermit,
    LinkLost,
    Permitted,
    Ready,
    Refused,
    State,
    Stop,
    Stopped,
    Stopping,
    Up,
)
from massager.model.body import Zone
from massager.model.commands import Lease
from massager.model.decisions import Reason, Refusal, Trip
from massager.model.devices import identity
from massager.model.errors import BusyError
from massager.model.questions import CheckIn
from massager.model.telemetry import Reading
from massager.routine.course import Course
from massager.safety.governor import Governor
from massager.session.answering import Answering
from massager.session.drive import PLACING_MS, Drive
from massager.session.facts import Noticed
from massager.session.guardian_line import GuardianLine
from massager.session.observation import observe
from massager.session.outcomes import FAILURES, LOST
from massager.session.recorder import Recorder
from massager.session.snapshot import Ending, Plan, Snapshot, Stage
from massager.session.standing import Standing

# docs/architecture.md: ten leases a second.
PERIOD_MS = 100
# Chosen: scanning, connecting and a confirmed stop take a second or two on a good link.
CONNECT_MS = 45_000


class ControlLoop:
    """Runs one session from connecting to rest.

    Args:
        plan: Names and length.
        governor: Decides.
        course: The compiled program.
        connect: Starts a guardian; used again when one is lost, to stop the device.
        recorder: Ledger and journal.
        standing: The person's record.
        clock: Boot-time clock shared with the guardian.

    Attributes:
        ticked_ms: When the last whole tick was done; while the session runs, ten times a second.
        restraint: What somebody took away of what the program asks.
    """

    def __init__(
        self,
        *,
        plan: Plan,
        governor: Governor,
        course: Course,
        connect: Callable[[], Awaitable[GuardianClient]],
        recorder: Recorder,
        standing: Standing,
        clock: Clock,
    ) -> None:
        self.plan = plan
        self._governor = governor
        self._drive = Drive(governor=governor, course=course, recorder=recorder, session_ms=plan.session_ms)
        self._recorder = recorder
        self._answering = Answering(governor=governor, recorder=recorder, clock=clock, stop=self.stop)
        self._standing = standing
        self._clock = clock
        self._stage = Stage.CONNECTING
        self._ending: Ending | None = None
        self._ready: Ready | None = None
        self._reading: Reading | None = None
        self._alarm: str | None = None
        self._rest_confirmed = self._permitted = self._resumes = False
        self.ticked_ms = clock.now_ms()
        self._deadline_ms = clock.now_ms() + CONNECT_MS
        self._wake = asyncio.Event()
        self.restraint = self._drive.restraint
        self.restraint.hurry = self._wake.set
        self._rested = asyncio.Event()
        self._guardian = GuardianLine(connect, self._heard, self._wake.set)

    def stop(self, reason: Reason = Reason.STOPPED_BY_PERSON, detail: str = "") -> None:
        """Stop and end the session. Never refused, never queued; the first reason is kept."""
        self._governor.stop(self._clock.now_ms())
        self._guardian.send(Stop(reason))
        if self._ending is None:
            self._ending = Ending(reason, detail, confirmed=False, alarm=None)
            self._stage = Stage.STOPPING
            self._recorder.note("stop", reason, {"detail": detail})
        self._wake.set()

    def pause(self, detail: str = "") -> None:
        """Stop, and keep the session open for `resume`; the session's time goes on running."""
        if self._stage in {Stage.PLACING, Stage.RUNNING}:
            self._halt(Stage.PAUSED, Reason.STOPPED_BY_PERSON, detail)

    def resume(self) -> None:
        """Go on after a pause or a lost link once the device rests, from first contact on."""
        if self._stage in {Stage.PAUSED, Stage.LINK_LOST}:
            self._resumes = True
            self._resume_at_rest()

    def _resume_at_rest(self) -> None:
        rests = self._rest_confirmed and not self._governor.state.stopping  # else the permit goes unheard
        if self._resumes and rests and self._recorder.device is not None and self._ending is None:
            self._recorder.note("intent", "resume", {})
            self._give_permit()

    def weaker(self) -> None:
        """One level less than now, from the next lease on."""
        self._drive.weaker()

    def stronger(self) -> None:
        """Take back one `weaker`; never above what the program asks for."""
        self.restraint.stronger()

    def answer(self, check_in: CheckIn) -> None:
        """Somebody says how it is, asked or not; what is grave stops before it is written down."""
        if self._stage is not Stage.ENDED:
            self._answering.said(check_in)

    def answer_zone(self, zone: Zone, *, yes: bool) -> None:
        """Somebody says whether a zone may be visited."""
        self._answering.zone(zone, yes=yes)

    async def wait_rest(self) -> bool:
        """Wait until a stop has ended; whether the device confirmed it."""
        await self._rested.wait()
        return self._rest_confirmed

    def snapshot(self) -> Snapshot:
        """What is known now."""
        return observe(
            self.plan,
            self._stage,
            self._ending,
            self._alarm,
            drive=self._drive,
            governor=self._governor,
            reading=self._reading,
            now_ms=self._clock.now_ms(),
        )

    async def run(self) -> Ending:
        """Run to the end; always returns after the guardian has left, with how it ended."""
        await self._guardian.start()
        try:
            await self._tick_until_stopped()
        except asyncio.CancelledError:
            self.stop(Reason.STOPPED_BY_PERSON)
            raise
        except Exception as error:
            self.stop(Reason.INTERNAL, repr(error))
            raise
        finally:
            await self._leave()
        return self._ended()

    async def _tick_until_stopped(self) -> None:
        due_ms = self._clock.now_ms()
        while self._ending is None:
            said = self._guardian.lost()
            if said is not None:
                self._recorder.note("guardian", Reason.GUARDIAN_LOST, {"said": said})
                self._fail(Reason.GUARDIAN_LOST, said.rpartition("\n")[2])
                await self._guardian.replace()
                return
            self._tick(self._clock.now_ms())
            self.ticked_ms = self._clock.now_ms()
            # After a stall the next tick is due now, not all the missed ones; an end, or less, comes sooner.
            due_ms = max(min(due_ms, self.ticked_ms) + PERIOD_MS, self.ticked_ms)
            timer = asyncio.get_running_loop().call_later((due_ms - self.ticked_ms) / 1000, self._wake.set)
            await self._wake.wait()
            timer.cancel()
            self._wake.clear()

    def _tick(self, now_ms: int) -> None:
        before = self._governor.state.copy()
        trip = self._governor.timer(now_ms)
        if trip is not None:
            self._tripped(trip, Noticed(now_ms, before, None))
            return
        self._drive.top_up(now_ms)
        fault = self._recorder.fault(now_ms)
        if fault is not None:
            reason = Reason.DEVICE_BUSY if isinstance(fault, BusyError) else Reason.STORE_FAILED
            self._fail(reason, str(fault))
        elif self._governor.over(now_ms):
            self.stop(Reason.FINISHED)
        elif (forbidden := self._standing.forbids(now_ms)) is not None:
            self._fail(forbidden.reason, forbidden.detail)
        elif self._stage in {Stage.CONNECTING, Stage.PLACING}:
            self._place(now_ms)
        elif self._stage is Stage.RUNNING:
            self._sweep(now_ms)
        elif self._resumes:
            self._resume_at_rest()

    def _tripped(self, trip: Trip, noticed: Noticed) -> None:
        self.stop(trip.reason, trip.detail)
        self._recorder.noticed(noticed, trip)

    def _place(self, now_ms: int) -> None:
        """Bring the retracted rollers to where the leg begins."""
        if now_ms > self._deadline_ms:
            reason = Reason.LINK_LOST if self._ready is None else Reason.OUT_OF_PLACE
            self._fail(reason, "it took too long")
            return
        if self._stage is Stage.CONNECTING and self._recorder.device and not self._governor.state.stopping:
            self._give_permit()
        reading = self._reading
        if reading is None or not self._drive.may_move(reading):
            return
        entering = self._drive.entering(now_ms)
        if entering is False:
            self._skip(Reason.ZONE_NOT_CONFIRMED)
        elif entering and self._stage is Stage.PLACING and self._drive.arrived(reading):
            self._stage = Stage.RUNNING
            self._sweep(now_ms)
        else:
            self._hand_on(self._drive.place(reading, now_ms))

    def _sweep(self, now_ms: int) -> None:
        reading = self._reading
        if reading is None or (reading.carriage_mm is None and self._drive.moves):
            self._fail(Reason.POSITION_UNKNOWN)
            return
        if self._drive.leg_is_over():
            self._skip("")
            return
        first = self._governor.usage.started_ms is None
        answer = self._drive.sweep(reading.carriage_mm, now_ms)
        if first:
            tighter = self._drive.tighter_permit()
            if tighter is not None:
                self._guardian.send(GivePermit(tighter))
        self._hand_on(answer)

    def _hand_on(self, answer: Lease | Refusal | None) -> None:
        if isinstance(answer, Refusal):
            self._refused(answer)
        elif answer is not None:
            self._guardian.send(GiveLease(answer))

    def _refused(self, refusal: Refusal) -> None:
        if self._stage is Stage.RUNNING and self._drive.may_go_around(refusal):
            self._skip(refusal.reason)
        elif refusal.reason is Reason.SESSION_OVER:
            self.stop(Reason.FINISHED)
        elif self._stage is Stage.RUNNING:
            # Nobody was asked about this zone: the rollers have come where they were not sent.
            strays = refusal.reason is Reason.ZONE_NOT_CONFIRMED
            self._fail(Reason.OUT_OF_PLACE if strays else refusal.reason, refusal.detail)

    def _skip(self, why: str) -> None:
        """Go on to the next leg with everything retracted, or end where there is none."""
        if self._drive.skip():
            self._begin_placing()
            # At once: the last lease of a clock that runs out may lapse before the next tick.
            self._hand_on(self._drive.place(self._reading, self._clock.now_ms()))
        else:
            self.stop(Reason.FINISHED, why)

    def _begin_placing(self) -> None:
        self._stage = Stage.PLACING
        self._deadline_ms = self._clock.now_ms() + PLACING_MS

    def _give_permit(self) -> None:
        ready = self._ready
        if ready is None:
            return
        self._begin_placing()
        self._permitted, self._rest_confirmed, self._resumes = True, False, False
        self._rested.clear()
        self._guardian.send(GivePermit(self._drive.new_permit(ready, self._clock.now_ms())))

    def _halt(self, stage: Stage, reason: Reason, detail: str = "") -> None:
        """A stop after which the session may go on."""
        self._governor.stop(self._clock.now_ms())
        self._drive.halt()
        self._rested.clear()
        self._rest_confirmed, self._resumes = False, False
        self._guardian.send(Stop(reason))
        self._stage = stage
        self._recorder.note("halt", reason, {"stage": stage, "detail": detail})

    def _fail(self, reason: Reason, detail: str = "") -> None:
        self._governor.fail(reason, self._clock.now_ms(), detail)
        self.stop(reason, detail)

    def _heard(self, message: Up) -> None:
        match message:
            case State(reading):
                self._state(reading)
            case Permitted(epoch):
                self._governor.permitted(epoch)
            case Ready():
                self._is_ready(message)
            case Delivery():
                self._delivered(message)
            case Stopping(cause, detail):
                self._stopping(cause, detail)
            case _:
                self._bad_news(message)

    def _bad_news(self, message: Up) -> None:
        match message:
            case Stopped(cause, confirmed):
                self._rest_confirmed = confirmed
                self._rested.set()
                self._recorder.note("stopped", cause, {"confirmed": confirmed})
                self._resume_at_rest()
            case Refused(what, number, detail):
                self._recorder.note("refused", Reason.GUARDIAN_REFUSED, {"what": what, "number": number})
                self._fail(Reason.GUARDIAN_REFUSED, detail)
            case LinkLost(detail):
                self._link_lost(detail)
            case Alarm(text):
                self._alarm = text
                self._recorder.note("alarm", Reason.STOP_FAILED, {"text": text})
            case Failed(failure, detail):
                self._failed(failure, detail)

    def _delivered(self, delivery: Delivery) -> None:
        reason = LOST.get(delivery.outcome)
        self._recorder.delivered(delivery, reason)
        if reason is Reason.LINK_LOST:
            self._link_lost(delivery.detail)
        elif reason is not None:
            self._fail(reason, delivery.detail)

    def _state(self, reading: Reading) -> None:
        now_ms, before = self._clock.now_ms(), self._governor.state.copy()
        trip = self._governor.reading(reading, now_ms)
        if trip is not None:
            self._tripped(trip, Noticed(now_ms, before, reading))
        self._reading = reading
        self._recorder.sample(reading)

    def _is_ready(self, ready: Ready) -> None:
        self._ready, self._rest_confirmed = ready, True
        # The permit follows once the ledger holds the device for this session.
        self._recorder.name_device(identity(self.plan.radio, ready.address))

    def _stopping(self, cause: Reason, detail: str) -> None:
        """The guardian stopped by itself, unless the stop was ours."""
        if cause is Reason.LINK_LOST:
            self._link_lost(detail)
        elif self._stage in {Stage.PLACING, Stage.RUNNING} and self._drive.permit is not None:
            self._fail(cause, detail)

    def _link_lost(self, detail: str) -> None:
        if self.plan.interactive and self._stage in {Stage.PLACING, Stage.RUNNING, Stage.PAUSED}:
            self._ready = None
            self._halt(Stage.LINK_LOST, Reason.LINK_LOST)
        elif self._ending is None and self._stage is not Stage.LINK_LOST:
            self._fail(Reason.LINK_LOST, detail)

    def _failed(self, failure: Failure, detail: str) -> None:
        self._recorder.note("failed", FAILURES[failure], {"detail": detail})
        if self._ending is None:
            lost = failure is Failure.RADIO and self._permitted
            reason = Reason.LINK_LOST if lost else FAILURES[failure]
            self._ending = Ending(reason, detail, confirmed=False, alarm=None)
            self._wake.set()

    async def _leave(self) -> None:
        """Wait until the guardian has stopped the device and gone."""
        if not await self._guardian.leave():
            self._alarm = self._alarm or "The process that owns the radio did not answer."
        self._stage = Stage.ENDED
        self._rested.set()

    def _ended(self) -> Ending:
        ending = self._ending or Ending(Reason.INTERNAL, "", confirmed=False, alarm=None)
        # Before the first permit nothing was driven; a device found in motion by then raises the alarm.
        confirmed = self._rest_confirmed if self._permitted or self._alarm else None
        return replace(ending, confirmed=confirmed, alarm=self._alarm)
