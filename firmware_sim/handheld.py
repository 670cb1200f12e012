"""The hand-held percussion massager REF-HANDHELD: one head, held wherever somebody holds it.

Numbers are from docs/protocol.md 8.
"""

from typing import Final

from firmware_sim.actuators import Motor
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
        super().__init__([Motor(_HEAD, slowest_hz=SLOWEST_HZ, fastest_hz=FASTEST_HZ, place=None)])
