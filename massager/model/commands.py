"""Wishes, setpoints, leases and permits: what travels from a tap to the radio."""

from dataclasses import dataclass

from massager.model.body import Calibration, Region, Side
from massager.model.ceilings import Modality, Severity


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a person says that the patch is that they hold.

    Attributes:
        along_mm: Its centre, on the scale of the person's calibration for the device.
        aside_mm: And from the midline.
    """

    along_mm: int
    aside_mm: int
    side: Side


@dataclass(frozen=True, slots=True)
class Intent:
    """A wish: a level, and where the carriage should be (None: stay).

    Attributes:
        works: Names of the actuators that the level is for; None for all.
        warm: Whether the heaters shall warm meanwhile, as far as they may.
    """

    level: int
    carriage_mm: int | None
    half_width_mm: int | None
    pace_mm_s: int
    works: tuple[str, ...] | None = None
    warm: bool = False


@dataclass(frozen=True, slots=True)
class Setpoint:
    """What the actuators shall do: one level each, in the profile's order.

    Attributes:
        warmth: Levels of the heaters, in the profile's order.
    """

    levels: tuple[int, ...]
    carriage_mm: int | None
    half_width_mm: int | None
    pace_mm_s: int
    warmth: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Lease:
    """A setpoint that ends by itself at `expires_ms` on the boot-time clock.

    Attributes:
        number: Rises by one with every lease of a session.
        epoch: Of the permit it belongs to; a stop makes it stale.
        placement: For which it holds; None where no hand holds the device.
    """

    number: int
    epoch: int
    expires_ms: int
    setpoint: Setpoint
    placement: Placement | None = None


@dataclass(frozen=True, slots=True)
class PermitRow:
    """Highest level of one actuator wherever its patch touches a stretch of travel.

    Attributes:
        first_mm: Upper end of the stretch, device travel, ends included; may reach beyond the travel.
        last_mm: Lower end.
        half_width_min_mm: The patch's centre stays at least this far from the midline.
        half_width_max_mm: And at most this far.
    """

    actuator: str
    modality: Modality
    region: Region
    severity: Severity
    first_mm: int
    last_mm: int
    half_width_min_mm: int
    half_width_max_mm: int
    level_max: int


@dataclass(frozen=True, slots=True)
class Permit:
    """What the guardian may let through in one session; a stretch without a row is forbidden.

    Attributes:
        ends_ms: End of the session on the boot-time clock.
        fence: Number of the session in its store; a lower one than the device has seen comes too late.
        warmth: Highest level of each heater.
    """

    device: str
    model_number: str
    firmware: str
    ends_ms: int
    calibration: Calibration
    rows: tuple[PermitRow, ...]
    fence: int
    warmth: tuple[int, ...] = ()
