"""The hand-held percussion massager REF-HANDHELD: one head, held wherever somebody holds it.

Numbers are from docs/protocol.md 8.
"""

from typing import Final

from firmware_sim.actuators import Motor
from firmware_sim.battery import Battery
from firmware_sim.defects import Defects
from firmware_sim.stationary import Stationary
from firmware_sim.wire import ActuatorCapability, Capabilities, Modality

SLOWEST_HZ: Final = 15.0
FASTEST_HZ: Final = 42.0
_HEAD: Final = ActuatorCapability(Modality.PERCUSSION, levels=10, force_dn=40, radius_mm=15)


class Handheld(Stationary):
    """Mechanics of the hand-held massager, held on the default sitter's back; it does not know where."""

    model_number: Final = "REF-HANDHELD"
    capabilities: Final = Capabilities(
        version=1,
        model=3,
        watchdog_ms=1000,
        max_deadline_s=600,
        travel_mm=0,
        half_width_min_mm=0,
        half_width_max_mm=0,
        max_pace_mm_s=0,
        actuators=(_HEAD,),
    )
    names: Final = ("head",)

    def __init__(self) -> None:
        self._head = Motor(_HEAD, slowest_hz=SLOWEST_HZ, fastest_hz=FASTEST_HZ, place=None)
        self._battery = Battery()
        super().__init__([self._head])

    @property
    def battery_percent(self) -> int:
        """Charge, which falls with use."""
        return self._battery.percent

    def suffer(self, defects: Defects) -> None:
        """Be broken like this from now on, and in no other way."""
        super().suffer(defects)
        self._battery.weak = defects.weak_cell
        self._head.strength = self._battery.strength

    def step(self, dt_s: float) -> None:
        """Let `dt_s` seconds pass."""
        self._battery.use(self._head.drive.sum_over(dt_s) / _HEAD.levels, dt_s)
        super().step(dt_s)
        self._head.strength = self._battery.strength
