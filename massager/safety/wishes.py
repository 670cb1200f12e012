"""Wishes that no device of its kind could carry out: refused before anything is looked up."""

from massager.model.commands import Intent
from massager.model.decisions import Reason, Refusal
from massager.model.devices import Carriage, DeviceProfile


def odd(intent: Intent, device: DeviceProfile) -> Refusal | None:
    """Values that the device does not have; booleans, floats and text are refused by their type."""
    if intent.works is not None and not _some_of(intent.works, device):
        return Refusal(Reason.ODD_VALUE, f"works {intent.works!r}")
    if device.carriage is None and (intent.carriage_mm is not None or intent.half_width_mm is not None):
        return Refusal(Reason.ODD_VALUE, "a place for what has no carriage")
    bounds = [("level", intent.level, 0, min(actuator.levels for actuator in device.actuators))]
    for name, value, low, high in [*bounds, *_targets(intent, device.carriage)]:
        if value is None and name in {"carriage_mm", "half_width_mm"}:
            continue
        if type(value) is not int or not low <= value <= high:
            return Refusal(Reason.ODD_VALUE, f"{name} {value!r}")
    return None


def _some_of(works: tuple[str, ...], device: DeviceProfile) -> bool:
    """Whether they are some of its actuators; a carriage takes all of them along."""
    return device.carriage is None and bool(works) and set(works) <= {one.name for one in device.actuators}


def _targets(intent: Intent, carriage: Carriage | None) -> list[tuple[str, int | None, int, int]]:
    """What a wish says of the carriage, with its bounds; where there is none it stands."""
    if carriage is None:
        return [("pace_mm_s", intent.pace_mm_s, 0, 0)]
    return [
        ("carriage_mm", intent.carriage_mm, 0, carriage.travel_mm),
        ("half_width_mm", intent.half_width_mm, carriage.half_width_min_mm, carriage.half_width_max_mm),
        ("pace_mm_s", intent.pace_mm_s, 1, carriage.pace_max_mm_s),
    ]
