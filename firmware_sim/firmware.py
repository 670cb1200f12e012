"""Logic of a device that speaks the open reference profile: sessions, leases and its own deadlines.

It has no clock and no timer: every call says what time it is, and `next_deadline()` says when it wants to be
called next. All times are seconds on one clock that never runs backwards. docs/protocol.md is the
specification.
"""

from collections.abc import Callable
from dataclasses import replace
from math import inf

from firmware_sim.drives import TIME_SLACK_S
from firmware_sim.plant import Plant
from firmware_sim.readout import actuator_state, round_up
from firmware_sim.reports import Reports
from firmware_sim.session import Session, open_session
from firmware_sim.wire import (
    Begin,
    Cause,
    CommandError,
    End,
    Refusal,
    Set,
    State,
    decode_command,
)

# The answer to a write leaves within this; chosen, because it takes a few turns of the event loop.
ANSWER_S = 0.001


class Firmware:
    """One device's decisions, on top of its mechanics.

    Attributes:
        faulty: whether it has found a fault of its own and only stops.
        never_off: a fault of its maker: level 0 in a SET leaves on what is on, at the lowest level.
    """

    def __init__(
        self,
        plant: Plant,
        *,
        now_s: float,
        on_sample: Callable[[float, Cause], None],
        on_notify: Callable[[float], None],
    ) -> None:
        """Power up at rest.

        Args:
            plant: the mechanics; only this firmware may step it.
            now_s: the time of power-up.
            on_sample: told the time and the cause whenever the trace is owed a row: now, at a change, and
                every 100 ms while active.
            on_notify: told the time whenever a state notification is due; only while somebody is subscribed.
        """
        self.faulty = False
        self.never_off = False
        self._plant = plant
        self._capabilities = plant.capabilities
        self._now_s = now_s
        self._session: Session | None = None
        self._epoch = 0  # highest seen
        self._stale_through = -1  # highest epoch that a stop has made stale
        self._seq = 0
        self._end_owed = False  # an END is accepted once for each BEGIN
        self._latched: Cause | None = None
        self._driver: int | None = None
        self._reports = Reports(on_sample=on_sample, on_notify=on_notify)
        self._tell()

    # What the device says of itself.

    @property
    def cause(self) -> Cause:
        """What set the present state; causes 2 to 6 stay until the next BEGIN."""
        if self._latched is not None:
            return self._latched
        if self._plant.at_rest:
            return Cause.REST
        return Cause.LEASE if any(self._plant.levels) else Cause.RETRACT

    @property
    def active(self) -> bool:
        """Whether the device is driven, moving or retracting."""
        return (self._session is not None and self._session.driven) or not self._plant.at_rest

    def state(self) -> State:
        """The State characteristic at the time of the last call."""
        session, plant = self._session, self._plant
        return State(
            counter=self._reports.counter,
            session_open=session is not None,
            at_rest=plant.at_rest,
            moving=plant.moving,
            fault=self.faulty,
            cause=self.cause,
            epoch=self._epoch,
            seq=self._seq,
            carriage_mm=None if plant.carriage_mm is None else round(plant.carriage_mm),
            half_width_mm=None if plant.half_width_mm is None else round(plant.half_width_mm),
            deadline_s=0 if session is None else round_up(session.ends_s - self._now_s),
            actuators=tuple(map(actuator_state, plant.readings())),
        )

    def next_deadline(self) -> float:
        """When `advance` must be called at the latest; infinity for a resting device without listeners."""
        return min(self._stop_due()[0], self._settle_s(), self._reports.due_s)

    # What happens to it.

    def advance(self, now_s: float) -> None:
        """Run up to `now_s`, with everything that falls due on the way at its own time and in order."""
        while (due_s := self.next_deadline()) <= now_s:
            self._pass_time(due_s)
            stop_s, cause = self._stop_due()
            if stop_s <= due_s:
                self._stop(cause)
            self._tell()
        self._pass_time(now_s)

    def write_command(self, link: int, frame: bytes, now_s: float) -> Begin | Set | End:
        """Carry out a write to Command and tell what it was.

        Args:
            link: any number that stands for the link until `disconnected`.
            frame: what was written.
            now_s: the time of the write.

        Raises:
            CommandError: the device does not accept it; its state is as it was.
        """
        self.advance(now_s)
        self.claim(link)
        if self.faulty:
            raise CommandError(Refusal.DEVICE_FAULT, "it has a fault and only stops")
        command = decode_command(frame, self._capabilities)
        match command:
            case Begin():
                self._begin(command)
            case Set():
                self._set(command)
            case End():
                self._end(command)
        self._tell()
        return command

    def claim(self, link: int) -> None:
        """Let the first link that writes to Command drive the device, until that link is gone.

        Raises:
            CommandError: another link drives.
        """
        if self._driver is None:
            self._driver = link
        if self._driver != link:
            raise CommandError(Refusal.OTHER_LINK_DRIVES, "another link drives the device")

    def write_stop(self, now_s: float) -> None:
        """Carry out a write to Stop, whatever was written and from whichever link."""
        self.stop_itself(Cause.STOP, now_s)

    def stop_itself(self, cause: Cause, now_s: float) -> None:
        """Stop for any cause: its own button, its timer, a fault."""
        self.advance(now_s)
        self._stop(cause)
        self._tell()

    def step_levels(self, by: int, now_s: float) -> None:
        """Change what is on by some levels, within 1 and the ceiling: its own plus and minus."""
        self.advance(now_s)
        if self._session is None:
            return
        pairs = zip(self._plant.levels, self._session.ceilings, strict=True)
        self._plant.set_levels(tuple(level and max(1, min(level + by, most)) for level, most in pairs))
        self._tell()

    def disconnected(self, link: int) -> None:
        """Let go of a link; what it started runs on until the watchdog or the lease ends it."""
        if self._driver == link:
            self._driver = None

    def owe_report(self, now_s: float) -> None:
        """Let a report follow the answer: docs/protocol.md 4 promises it after each write to Stop."""
        self._reports.owe(now_s + ANSWER_S)

    def subscribe(self, now_s: float, *, anybody: bool) -> None:
        """Begin or cease to notify; whoever subscribes is told the state at the next `advance`."""
        self.advance(now_s)
        self._reports.subscribe(now_s, anybody=anybody)

    # How it decides.

    def _begin(self, begin: Begin) -> None:
        if begin.epoch <= self._epoch:
            raise CommandError(Refusal.STALE_EPOCH, f"epoch {begin.epoch} is not above {self._epoch}")
        if not self._plant.at_rest:
            raise CommandError(Refusal.NOT_AT_REST, "not at rest")
        self._session = open_session(begin, self._capabilities, self._now_s)
        self._epoch = begin.epoch
        self._seq = 0
        self._latched = None
        self._end_owed = True

    def _set(self, setpoint: Set) -> None:
        if setpoint.epoch <= self._stale_through:
            raise CommandError(Refusal.STALE_EPOCH, f"epoch {setpoint.epoch} was stopped")
        if self._session is None:
            raise CommandError(Refusal.NO_SESSION, "no session is open")
        self._session.check(setpoint, self._capabilities)
        self._session.renew(setpoint, self._now_s, watchdog_ms=self._capabilities.watchdog_ms)
        self._seq = setpoint.seq
        if self.never_off:
            pairs = zip(setpoint.levels, self._plant.levels, strict=True)
            setpoint = replace(setpoint, levels=tuple(level or min(was, 1) for level, was in pairs))
        self._plant.apply(setpoint)

    def _end(self, end: End) -> None:
        if not self._end_owed or end.epoch != self._epoch:
            raise CommandError(Refusal.NO_SESSION, "no session of this epoch to end")
        self._end_owed = False
        self._session = None
        self._plant.stop()

    def _stop(self, cause: Cause) -> None:
        """Stop; the first cause stays, so that a controller that comes late learns why the device rests."""
        self._plant.stop()
        self._session = None
        self._stale_through = self._epoch
        if self._latched is None:
            self._latched = cause

    # When things fall due.

    def _stop_due(self) -> tuple[float, Cause]:
        return (inf, Cause.REST) if self._session is None else self._session.stop_due()

    def _settle_s(self) -> float:
        left_s = self._plant.settles_in_s()
        return self._now_s + max(left_s, TIME_SLACK_S) if left_s > 0 else inf

    def _pass_time(self, until_s: float) -> None:
        if until_s > self._now_s:
            self._plant.step(until_s - self._now_s)
            self._now_s = until_s

    def _tell(self) -> None:
        at_rest = self._plant.at_rest
        # At rest the trace shows no other cause.
        shown = (self._plant.levels, at_rest, None if at_rest else self.cause)
        self._reports.tell(self._now_s, active=self.active, cause=self.cause, shown=shown)
