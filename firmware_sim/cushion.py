"""The vibration and heat cushion REF-CUSHION: four rows of motors on a back rest, and two pads that heat.

Numbers are from docs/protocol.md 7.
"""

from typing import Final

from firmware_sim.actuators import Heater, Motor
from firmware_sim.plant import Place
from firmware_sim.sitter import column_fraction, vertebra_at
from firmware_sim.stationary import Stationary
from firmware_sim.wire import ActuatorCapability, Capabilities, Modality

SLOWEST_HZ: Final = 20.0
FASTEST_HZ: Final = 45.0
_MOTOR_ROWS_MM: Final = (189.0, 282.0, 383.0, 485.0)  # from the upper edge of the rest
_MOTOR_BESIDE_MM: Final = 70.0
_PAD_ALONG_MM: Final = 485.0
_PAD_BESIDE_MM: Final = 80.0
_MOTOR: Final = ActuatorCapability(Modality.VIBRATION, levels=10, force_dn=5, radius_mm=20)
_PAD: Final = ActuatorCapability(Modality.HEAT, levels=5, force_dn=0, radius_mm=30)


class Cushion(Stationary):
    """Mechanics of the cushion behind the default sitter."""

    model_number: Final = "REF-CUSHION"
    capabilities: Final = Capabilities(
        version=1,
        model=2,
        watchdog_ms=1000,
        max_deadline_s=1200,
        travel_mm=0,
        half_width_min_mm=0,
        half_width_max_mm=0,
        max_pace_mm_s=0,
        actuators=(_MOTOR,) * 8 + (_PAD,) * 2,
    )
    names: Final = (
        "upper_left",
        "upper_right",
        "middle_left",
        "middle_right",
        "lower_left",
        "lower_right",
        "seat_left",
        "seat_right",
        "heat_left",
        "heat_right",
    )

    def __init__(self) -> None:
        motors = [
            Motor(_MOTOR, slowest_hz=SLOWEST_HZ, fastest_hz=FASTEST_HZ, place=_at(row_mm, side_mm))
            for row_mm in _MOTOR_ROWS_MM
            for side_mm in (-_MOTOR_BESIDE_MM, _MOTOR_BESIDE_MM)
        ]
        pads = [
            Heater(_PAD, place=_at(_PAD_ALONG_MM, side_mm)) for side_mm in (-_PAD_BESIDE_MM, _PAD_BESIDE_MM)
        ]
        super().__init__([*motors, *pads])


def _at(along_mm: float, lateral_mm: float) -> Place:
    level, level_frac = vertebra_at(column_fraction(along_mm))
    return Place(level, level_frac, lateral_mm)
