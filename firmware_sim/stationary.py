"""Mechanics of a model without a carriage: its actuators stay where they are."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from firmware_sim.actuators import Actuator
from firmware_sim.defects import SOUND, Defects
from firmware_sim.plant import Reading
from firmware_sim.wire import Set


class Stationary:
    """What is common to models without a carriage, in the order of their actuators.

    Attributes:
        defects: what is broken.
        touched: whether a person leans on it.
    """

    carriage_mm: Final = None
    half_width_mm: Final = None
    moving: Final = False

    def __init__(self, actuators: Sequence[Actuator]) -> None:
        self.defects = SOUND
        self.touched = True
        self._actuators = tuple(actuators)

    @property
    def battery_percent(self) -> int:
        """On mains."""
        return 100

    @property
    def levels(self) -> tuple[int, ...]:
        """What each actuator is set to."""
        return tuple(actuator.level for actuator in self._actuators)

    @property
    def at_rest(self) -> bool:
        """Whether every actuator is."""
        return all(actuator.at_rest for actuator in self._actuators)

    def suffer(self, defects: Defects) -> None:
        """Be broken like this from now on, and in no other way."""
        self.defects = defects
        for actuator in self._actuators:
            actuator.suffer(defects)

    def apply(self, setpoint: Set) -> None:
        """Head for the levels of a setpoint that the firmware has accepted."""
        self.set_levels(setpoint.levels)

    def set_levels(self, levels: tuple[int, ...]) -> None:
        """Take other levels, one for each actuator, and go on as before."""
        for actuator, level in zip(self._actuators, levels, strict=True):
            actuator.head_for(level)

    def stop(self) -> None:
        """Switch everything off."""
        for actuator in self._actuators:
            actuator.head_for(0)

    def step(self, dt_s: float) -> None:
        """Let `dt_s` seconds pass."""
        for actuator in self._actuators:
            actuator.step(dt_s)

    def settles_in_s(self) -> float:
        """Seconds until every motor turns as it is set; 0 when all do."""
        return max(actuator.settles_in_s() for actuator in self._actuators)

    def readings(self) -> tuple[Reading, ...]:
        """What the actuators do now."""
        readings = tuple(actuator.reading() for actuator in self._actuators)
        return readings if self.touched else tuple(replace(each, force_n=0.0) for each in readings)
