"""Where each actuator is on a person's back, as far as its device or the hand that holds it tells."""

from collections.abc import Iterator, Sequence

from massager.model.body import Calibration, Side
from massager.model.commands import Placement
from massager.model.devices import Actuator
from massager.model.preview import Patch
from massager.model.telemetry import Reading
from massager.safety.patches import reported


def patches(
    actuators: Sequence[Actuator],
    calibration: Calibration,
    reading: Reading,
    placed: Placement | None,
    levels: Sequence[int],
) -> Iterator[Patch]:
    """One patch an actuator, with its level of `levels`; where nobody knows where it is, none."""
    for actuator, level in zip(actuators, levels, strict=True):
        way = reported(actuator, reading, placed)
        if way is not None:
            side = actuator.side or (placed and placed.side)
            aside_mm = -way.nearest_mm if side is Side.LEFT else way.nearest_mm
            yield Patch(actuator.name, level, calibration.ppm_at(way.first_mm), aside_mm)
