"""What the device reports, held against what it was told: the reasons to trip."""

from collections import deque

from massager.model.commands import Setpoint
from massager.model.decisions import Reason, Refusal
from massager.model.telemetry import Cause, Reading
from massager.safety.envelope import Envelope

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


class Watch:
    """Readings of one session and the commands they are compared with."""

    def __init__(self, envelope: Envelope) -> None:
        self._envelope = envelope
        self.last: Reading | None = None
        self.fresh_ms = 0
        self.centre_mm: int | None = None
        self._stopped_ms = 0
        self._epoch: int | None = None
        self._pace_mm_s = 0
        self._told_mm: int | None = None
        self._target_mm: int | None = None
        self._nearest_mm = 0
        self._levels: deque[tuple[int, int]] = deque()

    def permitted(self, epoch: int) -> None:
        """Motion of this epoch may follow."""
        self._epoch = epoch
        self._levels.clear()
        self._target_mm = None

    def stopped(self, now_ms: int) -> None:
        """A stop went out; only a reading that comes after it can say that the device rests."""
        self._epoch = None
        self._stopped_ms = now_ms

    @property
    def seen_after_stop(self) -> bool:
        """Whether the last reading is younger than the last stop."""
        return self.last is not None and self.last.at_ms > self._stopped_ms

    @property
    def commanded(self) -> int:
        """The level commanded last."""
        return self._levels[-1][1] if self._levels else 0

    def commands(self, setpoint: Setpoint, now_ms: int) -> None:
        """Take note of what was sent."""
        self._levels.append((now_ms, max(setpoint.levels)))
        self._pace_mm_s = setpoint.pace_mm_s
        if self.centre_mm is not None and (self._target_mm is None or setpoint.carriage_mm != self._told_mm):
            self._told_mm = setpoint.carriage_mm
            self._target_mm = self.centre_mm if self._told_mm is None else self._told_mm
            self._nearest_mm = abs(self.centre_mm - self._target_mm)

    def latency_mm(self, now_ms: int, ahead_ms: int) -> int:
        """How far the carriage may have run since the last reading and until a new command arrives."""
        age_ms = max(0, now_ms - self.fresh_ms) + ahead_ms
        return 1 + -(-self._pace_mm_s * age_ms // 1000)

    def stale(self, now_ms: int) -> bool:
        """Whether the last reading that counted is older than `STALE_MS`, or lies in the future."""
        return self.last is None or not 0 <= now_ms - self.fresh_ms <= STALE_MS

    def reading(self, reading: Reading, now_ms: int, *, moving: bool) -> Reason | None:
        """Take a reading; the reason to trip if it shows one.

        A reading with the counter of the one before is the same reading and refreshes nothing.
        """
        if self.last is not None and reading.counter == self.last.counter:
            return None
        if not 0 <= now_ms - reading.at_ms <= STALE_MS:
            return Reason.STALE_READING
        self.last, self.fresh_ms = reading, reading.at_ms
        if reading.carriage_mm is not None:
            self.centre_mm = reading.carriage_mm
        if reading.fault:
            return Reason.DEVICE_FAULT
        if not moving or self._epoch is None or reading.epoch < self._epoch:
            return None
        if reading.epoch > self._epoch:
            return Reason.FOREIGN_COMMAND
        return _STOPPED_BY_ITSELF.get(reading.cause) or self._effect(reading, now_ms)

    def _effect(self, reading: Reading, now_ms: int) -> Reason | None:
        while len(self._levels) > 1 and self._levels[1][0] <= now_ms - SETTLE_MS:
            self._levels.popleft()
        highest = max((level for _at, level in self._levels), default=0)
        if reading.retracted:
            return None
        if reading.carriage_mm is None or reading.half_width_mm is None:
            return Reason.POSITION_UNKNOWN
        if self._strays(reading.carriage_mm):
            return Reason.OUT_OF_PLACE
        for actuator, told in zip(self._envelope.device.actuators, reading.actuators, strict=True):
            # Depth and load are rounded up by one unit (docs/protocol.md 4).
            depth_dmm = highest * actuator.depth_dmm_per_level + 1
            if told.level > highest or told.depth_dmm > depth_dmm:
                return Reason.ABOVE_COMMANDED
            cap = self._envelope.cap(
                actuator,
                first_mm=reading.carriage_mm,
                last_mm=reading.carriage_mm,
                nearest_mm=reading.half_width_mm,
                farthest_mm=reading.half_width_mm,
            )
            if isinstance(cap, Refusal):
                return Reason.OUT_OF_PLACE
            force_n = self._envelope.force_n(actuator, reading.carriage_mm)
            if told.load_n > force_n + 1:
                return Reason.ABOVE_FORCE
        return None

    def _strays(self, centre_mm: int) -> bool:
        """Whether the carriage goes away from its target instead of nearer."""
        if self._target_mm is None:
            return False
        away_mm = abs(centre_mm - self._target_mm)
        self._nearest_mm = min(self._nearest_mm, away_mm)
        return away_mm > self._nearest_mm + PATH_SLACK_MM
