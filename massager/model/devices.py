"""What is known of a device family: identity, actuators, where they touch, how it stops."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from massager.model.body import Side
from massager.model.ceilings import Modality
from massager.model.dose import Coupling, Weighting

# The radio of the operating system; every other one is a simulator's port.
SYSTEM_RADIO: Final = "system"


class Mount(StrEnum):
    """What says where a patch is: a carriage that reports it, its fixed place, or the hand that holds it."""

    CARRIAGE = "carriage"
    FIXED = "fixed"
    HELD = "held"


class StopClass(StrEnum):
    """What the device does when its host falls silent (docs/architecture.md: A stops by itself)."""

    A = "A"
    B = "B"
    C = "C"


@dataclass(frozen=True, slots=True)
class Actuator:
    """One thing that touches the back; what nobody measured, or does not apply, is None.

    Attributes:
        side: Of the midline; None where the hand decides.
        force_dn_per_level: Force on the default sitter in 0.1 N per level.
        depth_dmm_per_level: Protrusion beyond the neutral backrest plane in 0.1 mm per level.
        radius_mm: Of the patch that touches.
        frequency_min_dhz: At the lowest level, in 0.1 Hz; it rises evenly to the highest.
        frequency_max_dhz: At the highest level.
        displacement_um: Peak to peak at the highest level, in 0.001 mm.
        coupling: How its vibration gets into the body.
        weighting: Where and which way it does.
        stroke_dmm: Of percussion, in 0.1 mm; the same at every level.
        along_mm: Of a patch that stays where it is: its centre, from the device's upper end.
        aside_mm: And from the midline.
    """

    name: str
    side: Side | None
    modality: Modality
    levels: int
    force_dn_per_level: int | None
    depth_dmm_per_level: int
    radius_mm: int
    frequency_min_dhz: int | None = None
    frequency_max_dhz: int | None = None
    displacement_um: int | None = None
    coupling: Coupling | None = None
    weighting: Weighting | None = None
    stroke_dmm: int | None = None
    along_mm: int | None = None
    aside_mm: int | None = None

    def frequency_dhz(self, level: int) -> tuple[int, int] | None:
        """Frequency at a level from 1 on, in 0.1 Hz, rounded down and rounded up; None where not known."""
        low, high = self.frequency_min_dhz, self.frequency_max_dhz
        if low is None or high is None:
            return None
        if self.levels == 1:
            return low, high
        rise, steps = (high - low) * (level - 1), self.levels - 1
        return low + rise // steps, low - (-rise // steps)


@dataclass(frozen=True, slots=True)
class Heater:
    """A warm patch that stays where it is; level n keeps its surface at `base_c` + n °C.

    Attributes:
        along_mm: Its centre, from the device's upper end.
        aside_mm: And from the midline.
    """

    name: str
    side: Side
    levels: int
    base_c: int
    radius_mm: int
    along_mm: int
    aside_mm: int


@dataclass(frozen=True, slots=True)
class Carriage:
    """The travel along the spine and the rollers' distance from the midline."""

    travel_mm: int
    half_width_min_mm: int
    half_width_max_mm: int
    pace_max_mm_s: int


@dataclass(frozen=True, slots=True)
class DeviceProfile:
    """A family of devices as its profile states it; the device must report the same or is refused.

    Attributes:
        watchdog_ms: The device stops by itself after this long without a valid write.
        deadline_max_s: The longest session deadline the device takes.
        carriage: None where nothing moves along the back.
        heaters: In the device's own list they follow the actuators.
        profile_hash: Of the file it was read from.
    """

    name: str
    title: str
    codec: str
    model_number: str
    firmware: tuple[str, ...]
    stop_class: StopClass
    watchdog_ms: int
    deadline_max_s: int
    carriage: Carriage | None
    actuators: tuple[Actuator, ...]
    profile_hash: str
    heaters: tuple[Heater, ...] = ()

    def suits(self, modality: Modality) -> bool:
        """Whether it works in this way, and in no other besides."""
        return {actuator.modality for actuator in self.actuators} == {modality}

    @property
    def mount(self) -> Mount:
        """What says where its patches are."""
        if self.carriage is not None:
            return Mount.CARRIAGE
        fixed = all(actuator.along_mm is not None for actuator in self.actuators)
        return Mount.FIXED if fixed else Mount.HELD


@dataclass(frozen=True, slots=True)
class PairedDevice:
    """One massager that this controller was introduced to.

    Attributes:
        name: What people call it; unique.
        profile: Name of its device profile.
        radio: Where it is reached: `system`, or a simulator's port.
        address: On that radio.
    """

    name: str
    profile: str
    radio: str
    address: str
    model_number: str
    firmware: str
    serial: str

    @property
    def identity(self) -> str:
        """See `identity`."""
        return identity(self.radio, self.address)


def identity(radio: str, address: str) -> str:
    """The same for the same thing: addresses are unique on the air, but not among simulators."""
    return address if radio == SYSTEM_RADIO else f"{address} on {radio}"
