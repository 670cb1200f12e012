"""What a device reported, decoded; a value it does not know is None, never zero."""

from dataclasses import dataclass
from enum import StrEnum


class Cause(StrEnum):
    """What set the device's present state, in its own words."""

    REST = "rest"
    LEASE = "lease"
    STOP = "stop"
    WATCHDOG = "watchdog"
    TIMER = "timer"
    LOCAL_BUTTON = "local_button"
    FAULT = "fault"
    RETRACT = "retract"


@dataclass(frozen=True, slots=True)
class ActuatorReading:
    """One actuator: set level, protrusion in 0.1 mm, load in N."""

    level: int
    depth_dmm: int
    load_n: int

    @property
    def pressing(self) -> bool:
        """True unless the device says that this actuator is off, retracted and without load."""
        return (self.level, self.depth_dmm, self.load_n) != (0, 0, 0)


@dataclass(frozen=True, slots=True)
class HeaterReading:
    """One heater: set level, and its surface in 0.1 °C."""

    level: int
    surface_dc: int


@dataclass(frozen=True, slots=True)
class Reading:
    """One state notification, stamped on the boot-time clock where its bytes came in."""

    at_ms: int
    counter: int
    session_open: bool
    at_rest: bool
    moving: bool
    fault: bool
    cause: Cause
    epoch: int
    seq: int
    carriage_mm: int | None
    half_width_mm: int | None
    deadline_s: int
    actuators: tuple[ActuatorReading, ...]
    heaters: tuple[HeaterReading, ...] = ()

    @property
    def retracted(self) -> bool:
        """True when no actuator presses and no heater is on."""
        return not any(part.pressing for part in self.actuators) and not any(
            heater.level for heater in self.heaters
        )
