"""Compiles a program for one person and device: where each step may work, and for how long."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from massager.model.body import ZONE_SPANS_PPM, Calibration, Zone
from massager.model.commands import PermitRow
from massager.model.decisions import Reason, Refusal
from massager.model.devices import Carriage, DeviceProfile, Mount
from massager.model.programs import Leg, Program, Technique, Timeline
from massager.routine.course import ARRIVED_MM
from massager.routine.patches import fixed_legs, held_legs, leg_of, stretches_of

# Chosen, so that kneading rollers stay in the band beside the spine, which is 10 mm wide for the chair.
SWING_MM = 5
# Chosen, because the Governor adds the travel of a late report to every path: three control periods of it,
# so that a sweep is not refused where it turns.
TURN_MARGIN_MS = 300
_ZONES = tuple(Zone)


def compile_program(
    program: Program,
    *,
    device: DeviceProfile,
    calibration: Calibration,
    half_width_mm: int | None,
    rows: Sequence[PermitRow],
    time_permille: int = 1000,
) -> Timeline | Refusal:
    """Lay a program's steps on a person's back.

    Args:
        program: What to run.
        device: Whose travel and patches it runs on.
        calibration: Where this person's landmarks lie on the device.
        half_width_mm: Distance of the patches' centres from the midline; None where each has its own.
        rows: Where an actuator may press, and how strongly.
        time_permille: Share of each step's seconds that is left today; rounded down.

    Returns:
        The timeline, or the first step that cannot be done and why; nothing is dropped silently.
    """
    if device.carriage is not None:
        legs = _swept_legs(
            program, device, device.carriage, calibration, rows=rows, time_permille=time_permille
        )
    elif device.mount is Mount.FIXED:
        legs = fixed_legs(program, device, calibration, rows, time_permille)
    else:
        legs = held_legs(program, device, calibration, rows, time_permille)
    if isinstance(legs, Refusal):
        return legs
    for leg in legs:
        if not leg.level:
            return Refusal(Reason.TOO_COARSE, leg.zone)
    return Timeline(program=program.name, half_width_mm=half_width_mm, legs=tuple(legs))


def _swept_legs(
    program: Program,
    device: DeviceProfile,
    carriage: Carriage,
    calibration: Calibration,
    *,
    rows: Sequence[PermitRow],
    time_permille: int,
) -> list[Leg] | Refusal:
    radius_mm = max(actuator.radius_mm for actuator in device.actuators)
    paces = [step.pace_mm_s for step in program.steps]
    pace_mm_s = max((pace for pace in paces if pace is not None), default=0)
    turn_mm = 1 - (-pace_mm_s * TURN_MARGIN_MS // 1000)
    reach_mm = radius_mm + calibration.error_mm + turn_mm
    allowed = _common_stretches(rows, device, carriage, reach_mm)
    # From any point of a sweep this long one end is a patch's diameter away, so no spot outlasts a sweep.
    shortest_mm = 4 * radius_mm + 2 * ARRIVED_MM
    legs: list[Leg] = []
    for step in program.steps:
        first_mm, last_mm = calibration.span_inside_mm(ZONE_SPANS_PPM[step.zone])
        inside = [
            (max(first_mm + ARRIVED_MM, low), min(last_mm - ARRIVED_MM, high))
            for low, high in allowed
            if min(last_mm - ARRIVED_MM, high) - max(first_mm + ARRIVED_MM, low) >= shortest_mm
        ]
        if not inside:
            return Refusal(Reason.NO_ROOM, step.zone)
        if step.pace_mm_s is None or step.pace_mm_s > carriage.pace_max_mm_s:
            return Refusal(Reason.PACE, step.zone)
        first, last = inside[0]
        leg = leg_of(step, device, inside[0], time_permille)
        if step.technique is Technique.KNEADING:
            leg = replace(leg, swing_mm=SWING_MM)
        if step.technique is Technique.HOLD:
            # A patch's diameter apart, and what both ends of the way may miss.
            leg = replace(leg, stops_mm=tuple(range(first, last + 1, 2 * (radius_mm + ARRIVED_MM))))
        legs.append(leg)
    return _fault_on_the_way(legs, allowed, rows, reach_mm) or legs


def _fault_on_the_way(
    legs: list[Leg], allowed: list[tuple[int, int]], rows: Sequence[PermitRow], reach_mm: int
) -> Refusal | None:
    """Why a leg, or the way from one to the next, cannot be gone."""
    for leg, following in pairwise((*legs, legs[-1])):
        low, high = min(leg.first_mm, following.first_mm), max(leg.last_mm, following.last_mm)
        if not any(first <= low and high <= last for first, last in allowed):
            return Refusal(Reason.NO_ROOM, f"{leg.zone} to {following.zone}")
        # Nobody would be asked about a zone that lies between two.
        if abs(_ZONES.index(leg.zone) - _ZONES.index(following.zone)) > 1:
            return Refusal(Reason.NO_ROOM, f"{leg.zone} to {following.zone}")
        touched = [row for row in rows if row.first_mm <= high + reach_mm and low - reach_mm <= row.last_mm]
        if any(row.half_width_max_mm < row.half_width_min_mm + leg.swing_mm for row in touched):
            return Refusal(Reason.NO_ROOM, leg.zone)
    return None


def _common_stretches(
    rows: Sequence[PermitRow], device: DeviceProfile, carriage: Carriage, reach_mm: int
) -> list[tuple[int, int]]:
    """Centre positions whose patches lie, with their reach, in rows of every actuator."""
    common = [(0, carriage.travel_mm)]
    for actuator in device.actuators:
        shrunk = [(first + reach_mm, last - reach_mm) for first, last in stretches_of(actuator, rows)]
        common = [
            (max(a, first), min(b, last))
            for a, b in common
            for first, last in shrunk
            if max(a, first) <= min(b, last)
        ]
    return common
