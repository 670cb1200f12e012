"""Actuators that stay where they are: a motor that vibrates or strikes, and a pad that heats.

Each is advanced in closed form, as all drives are (`firmware_sim.drives`).
"""

from typing import Final, Protocol

from firmware_sim.defects import SOUND, Defects
from firmware_sim.drives import Ramp
from firmware_sim.plant import Place, Reading
from firmware_sim.wire import ActuatorCapability

SPIN_S: Final = 0.3  # from rest to the highest level and back: docs/protocol.md 7 and 8
SKIN_C: Final = 33.0  # of a pad that does not heat: docs/protocol.md 7
WARMING_C_S: Final = 0.05  # and cooling: docs/protocol.md 7
# Where a pad without a thermostat ends; chosen, because skin is marked from 43 to 47 °C (docs/limits.md 2).
OVERHEATED_C: Final = 48.0
_BELOW_LEVEL_1_C: Final = 36.0  # level n heats to 36 + n °C: docs/protocol.md 7


class Actuator(Protocol):
    """One actuator, as the model that carries it drives it."""

    level: int
    """What it is set to."""

    @property
    def at_rest(self) -> bool:
        """Whether it neither shakes, strikes nor heats, and is not meant to."""

    def suffer(self, defects: Defects) -> None:
        """Be broken like this from now on, and in no other way."""

    def head_for(self, level: int) -> None:
        """Take a new level; 0 switches it off."""

    def step(self, dt_s: float) -> None:
        """Let `dt_s` seconds pass."""

    def settles_in_s(self) -> float:
        """Seconds until nothing but time keeps it from rest."""

    def reading(self) -> Reading:
        """What it does now."""


class Motor:
    """A motor that vibrates or strikes.

    Its drive goes evenly from rest to the highest level in `SPIN_S`. Below level 1, as it starts and stops,
    it presses less and keeps the frequency of level 1: docs/protocol.md 7 and 8.

    Attributes:
        strength: share of what it does when its supply is as it should be.
    """

    def __init__(
        self, can: ActuatorCapability, *, slowest_hz: float, fastest_hz: float, place: Place | None
    ) -> None:
        self.level = 0
        self.strength = 1.0
        self._defects = SOUND
        self._can = can
        self._slowest_hz = slowest_hz
        self._hz_per_level = (fastest_hz - slowest_hz) / (can.levels - 1)
        self._place = place
        self._drive_levels = Ramp(0.0, rate_per_s=can.levels / SPIN_S)

    @property
    def at_rest(self) -> bool:
        """Whether it stands and is meant to."""
        return self.level == 0 and self._drive_levels.value == 0

    @property
    def drive(self) -> Ramp:
        """How it is driven, in levels."""
        return self._drive_levels

    def suffer(self, defects: Defects) -> None:
        """Be broken like this from now on, and in no other way."""
        self._defects = defects
        self.head_for(self.level)

    def head_for(self, level: int) -> None:
        """Take a new level; 0 switches it off."""
        self.level = level
        self._drive_levels.target = float(self._defects.driven(level, levels=self._can.levels))

    def step(self, dt_s: float) -> None:
        """Let `dt_s` seconds pass."""
        if not self._defects.stuck:
            self._drive_levels.step(dt_s)

    def settles_in_s(self) -> float:
        """Seconds until it turns as it is driven."""
        return 0.0 if self._defects.stuck else self._drive_levels.settles_in_s()

    def reading(self) -> Reading:
        """What it does now; a frequency only while it turns."""
        drive_levels = self._drive_levels.value * self.strength
        above_slowest_hz = max(0.0, drive_levels - 1) * self._hz_per_level
        return Reading(
            level=self.level,
            intensity=drive_levels / self._can.levels,
            force_n=drive_levels * self._can.force_dn / 10,
            depth_mm=0.0,
            place=self._place,
            freq_hz=self._slowest_hz + above_slowest_hz if drive_levels > 0 else None,
        )


class Heater:
    """A pad that heats its surface to what its level says and holds it there.

    A pad that is switched off is at rest at once: its surface cools by itself.
    """

    def __init__(self, can: ActuatorCapability, *, place: Place) -> None:
        self.level = 0
        self._defects = SOUND
        self._can = can
        self._place = place
        self._surface_c = Ramp(SKIN_C, rate_per_s=WARMING_C_S)

    @property
    def at_rest(self) -> bool:
        """Whether it is switched off."""
        return self.level == 0

    def suffer(self, defects: Defects) -> None:
        """Be broken like this from now on, and in no other way."""
        self._defects = defects
        self.head_for(self.level)

    def head_for(self, level: int) -> None:
        """Take a new level; 0 switches it off."""
        self.level = level
        self._surface_c.target = self._aim_c()

    def step(self, dt_s: float) -> None:
        """Let `dt_s` seconds pass."""
        self._surface_c.step(dt_s)

    def settles_in_s(self) -> float:
        """No time at all: a warm surface keeps nothing from rest."""
        return 0.0

    def reading(self) -> Reading:
        """What it does now; the intensity is that of its level, whether or not it is as warm yet."""
        return Reading(
            level=self.level,
            intensity=self.level / self._can.levels,
            force_n=0.0,
            depth_mm=0.0,
            place=self._place,
            temp_c=self._surface_c.value,
        )

    def _aim_c(self) -> float:
        if not self.level:
            return SKIN_C
        if self._defects.overheating:
            return OVERHEATED_C
        return _BELOW_LEVEL_1_C + min(self.level + self._defects.extra_levels, self._can.levels)
