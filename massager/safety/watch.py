"""What the device reports, held against what it was told: the reasons to trip."""

from dataclasses import dataclass, field, replace
from itertools import pairwise

from massager.model.commands import Placement, Setpoint
from massager.model.decisions import Reason, Refusal
from massager.model.dose import HEAT_TRIP_C
from massager.model.telemetry import ActuatorReading, Cause, Reading
from massager.safety.envelope import Envelope
from massager.safety.patches import Way, moves, reported

# Chosen: the reference profile notifies every 100 ms while driven, so ten are missing by then; half of the
# 2 s that docs/architecture.md allows.
STALE_MS = 1000
# Chosen: the reference chair retracts its whole depth in 1 s (docs/protocol.md 6).
SETTLE_MS = 1000
# Chosen, because a carriage that stops from 40 mm/s at 200 mm/s2 runs on for 4 mm; one more for rounding.
PATH_SLACK_MM = 5

_STOPPED_BY_ITSELF = {
    Cause.STOP: Reason.DEVICE_STOPPED,
    Cause.WATCHDOG: Reason.DEVICE_STOPPED,
    Cause.TIMER: Reason.DEVICE_STOPPED,
    Cause.LOCAL_BUTTON: Reason.LOCAL_BUTTON,
    Cause.FAULT: Reason.DEVICE_FAULT,
}


def _levels(setpoint: Setpoint) -> tuple[int, ...]:
    """Of all that has one, those of heaters last."""
    return (*setpoint.levels, *setpoint.warmth)


def _odd(reading: Reading, envelope: Envelope) -> bool:
    """Whether a number in it, or the number of its parts, is none that the device could have meant."""
    carriage, parts = envelope.device.carriage, reading.actuators
    if len(parts) != len(envelope.device.actuators) or len(reading.heaters) != len(envelope.device.heaters):
        return True
    if carriage is None:
        if reading.carriage_mm is not None or reading.half_width_mm is not None:
            return True
        known = []
    else:
        places = (
            (reading.carriage_mm, carriage.travel_mm),
            (reading.half_width_mm, carriage.half_width_max_mm),
        )
        known = [(number, most) for number, most in places if number is not None]
    numbers: list[int | None] = [reading.at_ms, reading.counter, reading.epoch]
    numbers += [number for part in parts for number in (part.level, part.depth_dmm, part.load_n)]
    numbers += [number for part in reading.heaters for number in (part.level, part.surface_dc)]
    numbers += [number for number, _most in known]
    return any(type(number) is not int or number < 0 for number in numbers) or any(
        number > most for number, most in known
    )


def _contact(told: ActuatorReading, way: Way, most: int, envelope: Envelope) -> Reason | None:
    """Whether a patch is deeper than any level told lately, where it may not be, or too heavy."""
    # Depth and load are rounded up by one unit (docs/protocol.md 4).
    if told.depth_dmm > most * way.actuator.depth_dmm_per_level + 1:
        return Reason.ABOVE_COMMANDED
    if isinstance(envelope.cap_on(way), Refusal):
        return Reason.OUT_OF_PLACE
    if told.load_n > envelope.force_n(way.actuator, way.first_mm) + 1:
        return Reason.ABOVE_FORCE
    return None


@dataclass(slots=True)
class Watch:
    """Readings of one session and the commands they are compared with.

    Attributes:
        last: The newest reading that counted.
        fresh_ms: When that was.
        centre_mm: Where the carriage was reported last.
        stopped_ms: When the last stop went out.
        epoch: Whose motion may be reported; None while nothing is permitted.
        told_mm: Target commanded last; None for staying.
        target_mm: Where that is.
        nearest_mm: The nearest that the carriage has come to it.
        told: What was commanded when, as far back as the device may still be on its way.
    """

    last: Reading | None = None
    fresh_ms: int = 0
    centre_mm: int | None = None
    stopped_ms: int = 0
    epoch: int | None = None
    told_mm: int | None = None
    target_mm: int | None = None
    nearest_mm: int = 0
    told: list[tuple[int, Setpoint]] = field(default_factory=list)

    def copy(self) -> "Watch":
        """What it is now, untouched by what comes."""
        return replace(self, told=list(self.told))

    def permitted(self, epoch: int) -> None:
        """Motion of this epoch may follow."""
        self.epoch = epoch
        self.told.clear()
        self.target_mm = None

    def stopped(self, now_ms: int) -> None:
        """A stop went out; only a reading that comes after it can say that the device rests."""
        self.epoch = None
        self.stopped_ms = now_ms

    @property
    def commanded(self) -> int:
        """The highest level commanded last."""
        return max(_levels(self.told[-1][1])) if self.told else 0

    def deepest(self, now_ms: int) -> int:
        """The highest level that an actuator may still be at: each comes up in its own time."""
        return max((max(setpoint.levels) for setpoint in self._lately(now_ms)), default=0)

    def _lately(self, now_ms: int) -> list[Setpoint]:
        """The last command, and each before it that another took the place of within the settle time."""
        before = [
            setpoint for (_at, setpoint), (end_ms, _) in pairwise(self.told) if end_ms > now_ms - SETTLE_MS
        ]
        return [*before, *(setpoint for _at, setpoint in self.told[-1:])]

    def commands(self, setpoint: Setpoint, now_ms: int) -> None:
        """Take note of what was sent."""
        self.told.append((now_ms, setpoint))
        if self.centre_mm is not None and (self.target_mm is None or setpoint.carriage_mm != self.told_mm):
            self.told_mm = setpoint.carriage_mm
            self.target_mm = self.centre_mm if self.told_mm is None else self.told_mm
            self.nearest_mm = abs(self.centre_mm - self.target_mm)

    def latency_mm(self, now_ms: int, ahead_ms: int, *, pace_mm_s: int) -> int:
        """How far the carriage may have run since the last reading and until a command arrives.

        Args:
            now_ms: On the boot-time clock.
            ahead_ms: Until it arrives.
            pace_mm_s: What it says.
        """
        fastest_mm_s = max([pace_mm_s, *(setpoint.pace_mm_s for setpoint in self._lately(now_ms))])
        age_ms = max(0, now_ms - self.fresh_ms) + ahead_ms
        return 1 + -(-fastest_mm_s * age_ms // 1000)

    def stale(self, now_ms: int) -> bool:
        """Whether the last reading that counted is older than `STALE_MS`, or lies in the future."""
        return self.last is None or not 0 <= now_ms - self.fresh_ms <= STALE_MS

    def reading(
        self, reading: Reading, now_ms: int, envelope: Envelope, placed: Placement | None = None
    ) -> Reason | None:
        """Take a reading; the reason to trip if it shows one.

        A reading with the counter of the one before is the same reading and refreshes nothing.
        """
        if _odd(reading, envelope):
            return Reason.DEVICE_FAULT
        if self.last is not None and reading.counter == self.last.counter:
            return None
        if not 0 <= now_ms - reading.at_ms <= STALE_MS:
            return Reason.STALE_READING
        self.last, self.fresh_ms = reading, reading.at_ms
        if reading.carriage_mm is not None:
            self.centre_mm = reading.carriage_mm
        if reading.fault:
            return Reason.DEVICE_FAULT
        if any(heater.surface_dc >= 10 * HEAT_TRIP_C for heater in reading.heaters):
            return Reason.TOO_HOT
        if self.epoch is None:
            return None
        if reading.epoch < self.epoch:
            # Made before the device heard of this permit, unless it has had the time.
            late = self.told and now_ms - self.told[0][0] > SETTLE_MS
            return Reason.STALE_READING if late else None
        if reading.epoch > self.epoch:
            return Reason.FOREIGN_COMMAND
        return _STOPPED_BY_ITSELF.get(reading.cause) or self._effect(reading, now_ms, envelope, placed)

    def _effect(
        self, reading: Reading, now_ms: int, envelope: Envelope, placed: Placement | None
    ) -> Reason | None:
        lately = self._lately(now_ms)
        del self.told[: len(self.told) - len(lately)]
        if reading.retracted:
            return None
        if reading.carriage_mm is not None and self._strays(reading.carriage_mm):
            return Reason.OUT_OF_PLACE
        reported_levels = (
            *(part.level for part in reading.actuators),
            *(heater.level for heater in reading.heaters),
        )
        nothing = (0,) * len(reported_levels)
        highest = [max(each) for each in zip(nothing, *map(_levels, lately), strict=True)]
        if any(level > most for level, most in zip(reported_levels, highest, strict=True)):
            return Reason.ABOVE_COMMANDED
        for index, (actuator, part) in enumerate(
            zip(envelope.device.actuators, reading.actuators, strict=True)
        ):
            if not moves(actuator) and not part.pressing:
                continue
            way = reported(actuator, reading, placed)
            if way is None:
                return Reason.POSITION_UNKNOWN
            reason = _contact(part, way, highest[index], envelope)
            if reason is not None:
                return reason
        return None

    def _strays(self, centre_mm: int) -> bool:
        """Whether the carriage goes away from its target instead of nearer."""
        if self.target_mm is None:
            return False
        away_mm = abs(centre_mm - self.target_mm)
        self.nearest_mm = min(self.nearest_mm, away_mm)
        return away_mm > self.nearest_mm + PATH_SLACK_MM
