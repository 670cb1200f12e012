"""What a preview has for a device and for a memory: one does as it is told, in the other all time is paid."""

from collections.abc import Callable
from typing import Final

from massager.model.body import Zone
from massager.model.commands import Lease, Setpoint
from massager.model.decisions import Refusal
from massager.model.devices import DeviceProfile
from massager.model.telemetry import ActuatorReading, Cause, HeaterReading, Reading
from massager.routine.course import Course
from massager.safety.clocks import Paid, Usage
from massager.safety.governor import Approved
from massager.session.facts import Facts, Wished

# The epoch of the one permit that a rehearsal has.
EPOCH: Final = 1
# Chosen: far longer than any session that a ceiling allows.
_PAID_MS: Final = 24 * 3_600_000
_UM: Final = 1000


class IdealDevice:
    """Takes every level at once, runs at its pace, and reports all of it; begins where the session does."""

    def __init__(self, profile: DeviceProfile, *, carriage_mm: int | None, half_width_mm: int | None) -> None:
        self._profile = profile
        self._carriage_um = None if carriage_mm is None else carriage_mm * _UM
        self._half_width_mm = None if profile.carriage is None else half_width_mm
        off = (0,) * len(profile.actuators)
        self._setpoint = Setpoint(off, None, None, 1, (0,) * len(profile.heaters))
        self._counter = 0
        self._cause = Cause.REST

    def take(self, setpoint: Setpoint) -> None:
        """Do this from now on."""
        self._setpoint, self._cause = setpoint, Cause.LEASE
        if setpoint.half_width_mm is not None:
            self._half_width_mm = setpoint.half_width_mm

    @property
    def setpoint(self) -> Setpoint:
        """What it does."""
        return self._setpoint

    def report(self, now_ms: int, since_ms: int) -> Reading:
        """What it reports now, after moving on for so long."""
        moving = self._move(since_ms)
        self._counter += 1
        parts = tuple(
            ActuatorReading(level, level * actuator.depth_dmm_per_level, 0)
            for actuator, level in zip(self._profile.actuators, self._setpoint.levels, strict=True)
        )
        warm = any(self._setpoint.warmth)
        return Reading(
            at_ms=now_ms,
            counter=self._counter,
            session_open=True,
            at_rest=not (moving or warm or any(part.pressing for part in parts)),
            moving=moving,
            fault=False,
            cause=self._cause,
            epoch=EPOCH,
            seq=0,
            carriage_mm=None if self._carriage_um is None else self._carriage_um // _UM,
            half_width_mm=self._half_width_mm,
            deadline_s=0,
            actuators=parts,
            heaters=tuple(
                HeaterReading(level, 10 * (heater.base_c + level) if level else 0)
                for heater, level in zip(self._profile.heaters, self._setpoint.warmth, strict=True)
            ),
        )

    def _move(self, since_ms: int) -> bool:
        """Go on towards the target; whether that was any way at all."""
        here_um, target_mm = self._carriage_um, self._setpoint.carriage_mm
        if here_um is None or target_mm is None:
            return False
        left_um, reach_um = target_mm * _UM - here_um, self._setpoint.pace_mm_s * since_ms
        self._carriage_um = here_um + max(-reach_um, min(reach_um, left_um))
        return self._carriage_um != here_um


class AllPaid:
    """A memory in which all time is paid, and that keeps nothing."""

    def __init__(self) -> None:
        self.paid = Paid(_PAID_MS, dict.fromkeys(Zone, _PAID_MS))
        self.device: str | None = None
        self.session = 0

    def top_up(self, usage: Usage, course: Course, now_ms: int) -> None:
        """All is paid."""

    def paid_for(self, zone: Zone) -> bool:
        """All is paid."""
        return True

    def note(self, kind: str, code: str, facts: Facts) -> None:
        """Nothing happened."""

    def wished(self, wished: Callable[[], Wished], answer: Approved | Refusal) -> bool:
        """Nothing is kept."""
        return False

    def follow(self, lease: Lease) -> None:
        """Nothing is sent."""
