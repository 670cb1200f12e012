"""Steps of a device that moves nothing along the back: which patches work, or where a hand shall hold it."""

from collections.abc import Sequence
from dataclasses import replace

from massager.model.body import ZONE_SPANS_PPM, Calibration, Span
from massager.model.commands import PermitRow
from massager.model.decisions import Reason, Refusal
from massager.model.devices import Actuator, DeviceProfile
from massager.model.programs import Leg, Program, Step


def fixed_legs(
    program: Program,
    device: DeviceProfile,
    calibration: Calibration,
    rows: Sequence[PermitRow],
    time_permille: int,
) -> list[Leg] | Refusal:
    """The steps of a program, each with the patches that may work; or the first zone that has none."""
    legs: list[Leg] = []
    for step in program.steps:
        here = [
            (actuator, along_mm)
            for actuator in device.actuators
            if (along_mm := actuator.along_mm) is not None
            and calibration.zone_at(along_mm) is step.zone
            and _is_allowed(actuator, along_mm, rows, actuator.radius_mm + calibration.error_mm)
        ]
        if not here:
            return Refusal(Reason.NO_ROOM, step.zone)
        places_mm = [along_mm for _actuator, along_mm in here]
        leg = leg_of(step, device, (min(places_mm), max(places_mm)), time_permille)
        legs.append(replace(leg, works=tuple(actuator.name for actuator, _along_mm in here), warm=step.warm))
    return legs


def held_legs(
    program: Program,
    device: DeviceProfile,
    calibration: Calibration,
    rows: Sequence[PermitRow],
    time_permille: int,
) -> list[Leg] | Refusal:
    """The steps of a program, each with the spot where a hand shall hold the device."""
    legs: list[Leg] = []
    reach_mm = max(actuator.radius_mm for actuator in device.actuators) + calibration.error_mm
    for step in program.steps:
        first_mm, last_mm = calibration.span_inside_mm(ZONE_SPANS_PPM[step.zone])
        open_mm = [
            along_mm
            for along_mm in range(first_mm, last_mm + 1)
            if all(_is_allowed(actuator, along_mm, rows, reach_mm) for actuator in device.actuators)
        ]
        if not open_mm:
            return Refusal(Reason.NO_ROOM, step.zone)
        along_mm = open_mm[(len(open_mm) - 1) * step.part_permille // 1000]
        leg = leg_of(step, device, (along_mm, along_mm), time_permille)
        legs.append(replace(leg, side=step.side, part_permille=step.part_permille))
    return legs


def leg_of(step: Step, device: DeviceProfile, between_mm: Span, time_permille: int) -> Leg:
    """A step between two positions, with the time and the levels that it asks for."""
    levels = min(actuator.levels for actuator in device.actuators)
    level = levels * step.strength_permille // 1000
    return Leg(
        zone=step.zone,
        seconds=step.seconds * time_permille // 1000,
        first_mm=between_mm[0],
        last_mm=between_mm[1],
        pace_mm_s=step.pace_mm_s or 0,
        level=level,
        curve=tuple(max(1, level * share // 1000) for share in step.curve_permille),
    )


def _is_allowed(actuator: Actuator, along_mm: int, rows: Sequence[PermitRow], reach_mm: int) -> bool:
    low, high = along_mm - reach_mm, along_mm + reach_mm
    return any(first <= low and high <= last for first, last in stretches_of(actuator, rows))


def stretches_of(actuator: Actuator, rows: Sequence[PermitRow]) -> list[tuple[int, int]]:
    """Where an actuator's rows lie, those that adjoin as one."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted((row.first_mm, row.last_mm) for row in rows if row.actuator == actuator.name):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined
