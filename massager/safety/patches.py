"""Where each patch is, or may come to be: what the carriage reports, or the place where it is fixed."""

from dataclasses import dataclass

from massager.model.commands import Intent, Placement
from massager.model.devices import Actuator, DeviceProfile
from massager.model.programs import Leg
from massager.model.telemetry import Reading


@dataclass(frozen=True, slots=True)
class Way:
    """Everywhere that a patch's centre may be, ends included.

    Attributes:
        first_mm: Upper end along the device.
        last_mm: Lower end.
        nearest_mm: Least distance from the midline.
        farthest_mm: Greatest distance.
    """

    actuator: Actuator
    first_mm: int
    last_mm: int
    nearest_mm: int
    farthest_mm: int


def _at(actuator: Actuator, along_mm: int, aside_mm: int) -> Way:
    return Way(actuator, along_mm, along_mm, aside_mm, aside_mm)


def moves(actuator: Actuator) -> bool:
    """Whether a carriage takes it along."""
    return actuator.along_mm is None and actuator.side is not None


def working(device: DeviceProfile, works: tuple[str, ...] | None) -> tuple[Actuator, ...]:
    """The actuators of these names, all for None."""
    return tuple(one for one in device.actuators if works is None or one.name in works)


def standing(device: DeviceProfile, levels: tuple[int, ...]) -> frozenset[int]:
    """Where along the device the patches are that stay in their places and work, in mm."""
    return frozenset(
        actuator.along_mm
        for actuator, level in zip(device.actuators, levels, strict=True)
        if level and actuator.along_mm is not None
    )


def reported(actuator: Actuator, reading: Reading, placed: Placement | None) -> Way | None:
    """Where a patch is; None where nobody knows.

    Args:
        actuator: Whose.
        reading: Of the device.
        placed: Where the person says it is, for one that is held.
    """
    if actuator.side is None:
        return None if placed is None else _at(actuator, placed.along_mm, placed.aside_mm)
    along_mm, aside_mm = actuator.along_mm, actuator.aside_mm
    if moves(actuator):
        along_mm, aside_mm = reading.carriage_mm, reading.half_width_mm
    return None if along_mm is None or aside_mm is None else _at(actuator, along_mm, aside_mm)


def ahead(
    actuator: Actuator, reading: Reading, placed: Placement | None, intent: Intent, margin_mm: int
) -> Way | None:
    """The whole way of a patch that a wish sets out on; None where nobody knows where it begins.

    Args:
        actuator: Whose.
        reading: Where it was.
        placed: Where the person says it is, for one that is held.
        intent: Where the carriage shall go.
        margin_mm: How far it may have come since.
    """
    here = reported(actuator, reading, placed)
    if here is None or not moves(actuator):
        return here
    target_mm = here.first_mm if intent.carriage_mm is None else intent.carriage_mm
    aside_mm = here.nearest_mm if intent.half_width_mm is None else intent.half_width_mm
    return Way(
        actuator,
        min(here.first_mm - margin_mm, target_mm),
        max(here.last_mm + margin_mm, target_mm),
        min(here.nearest_mm, aside_mm),
        max(here.farthest_mm, aside_mm),
    )


def on_leg(actuator: Actuator, leg: Leg, half_width_mm: int | None) -> Way | None:
    """Where a patch comes in a step of a timeline; None where the timeline does not say."""
    first_mm, last_mm = leg.first_mm, leg.last_mm
    if actuator.along_mm is not None:
        first_mm = last_mm = actuator.along_mm
    aside_mm = half_width_mm if actuator.aside_mm is None else actuator.aside_mm
    return None if aside_mm is None else Way(actuator, first_mm, last_mm, aside_mm, aside_mm)
