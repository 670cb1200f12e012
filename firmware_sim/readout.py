"""How what an actuator does is told in whole bytes: docs/protocol.md 4."""

from math import ceil
from typing import Final

from firmware_sim.plant import Reading
from firmware_sim.wire import ActuatorState

_ROUNDING: Final = 1e-6  # chosen, because it is far below a unit and far above what floating sums miss by
_TEMPERATURE_STEP_C: Final = 0.2  # docs/protocol.md 4


def actuator_state(reading: Reading) -> ActuatorState:
    """Tell a reading; a surface of 51 °C or more is told as 51 °C."""
    if reading.temp_c is None:
        second = round_up(reading.depth_mm * 10)
    else:
        second = min(round_up(reading.temp_c / _TEMPERATURE_STEP_C), 0xFF)
    return ActuatorState(reading.level, second, round_up(reading.force_n))


def round_up(value: float) -> int:
    """Round up, but not for the sake of a floating-point crumb."""
    return max(0, ceil(value - _ROUNDING))
