"""Actuators that stay where they are: a motor that vibrates or strikes, and a pad that heats.

Each is advanced in closed form, as all drives are (`firmware_sim.drives`).
"""

from typing import Final, Protocol

from firmware_sim.drives import Ramp
from firmware_sim.plant import Place, Reading
from firmware_sim.wire import ActuatorCapability

SPIN_S: Final = 0.3  # from rest to the highest level and back: docs/protocol.md 7 and 8
SKIN_C: Final = 33.0  # of a pad that does not heat: docs/protocol.md 7
WARMING_C_S: Final = 0.05  # and cooling: docs/protocol.md 7
_BELOW_LEVEL_1_C: Final = 36.0  # level n heats to 36 + n °C: docs/protocol.md 7


class Actuator(Protocol):
    """One actuator, as the model that carries it drives it."""

    level: int
    """What it is set to."""

    @property
    def at_rest(self) -> bool:
        """Whether it neither shakes, strikes nor heats, and is not meant to."""

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
    """

    def __init__(
        self, can: ActuatorCapability, *, slowest_hz: float, fastest_hz: float, place: Place | None
    ) -> None:
        self.level = 0
        self._can = can
        self._slowest_hz = slowest_hz
        self._hz_per_level = (fastest_hz - slowest_hz) / (can.levels - 1)
        self._place = place
        self._drive_levels = Ramp(0.0, rate_per_s=can.levels / SPIN_S)

    @property
    def at_rest(self) -> bool:
        """Whether it stands and is meant to."""
        return self.level == 0 and self._drive_levels.value == 0

    def head_for(self, level: int) -> None:
        """Take a new level; 0 switches it off."""
        self.level = level
        self._drive_levels.target = float(level)

    def step(self, dt_s: float) -> None:
        """Let `dt_s` seconds pass."""
        self._drive_levels.step(dt_s)

    def settles_in_s(self) -> float:
        """Seconds until it turns as it is set."""
        return self._drive_levels.settles_in_s()

    def reading(self) -> Reading:
        """What it does now; a frequency only while it turns."""
        drive_levels = self._drive_levels.value
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
        self._can = can
        self._place = place
        self._surface_c = Ramp(SKIN_C, rate_per_s=WARMING_C_S)

    @property
    def at_rest(self) -> bool:
        """Whether it is switched off."""
        return self.level == 0

    def head_for(self, level: int) -> None:
        """Take a new level; 0 switches it off."""
        self.level = level
        self._surface_c.target = _BELOW_LEVEL_1_C + level if level else SKIN_C

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
