"""The second check of leases: written apart from the safety core, on purpose (INV-23).

Pure. Every check answers None, or in a sentence why not. Positions are whole millimetres of travel.
"""

from dataclasses import dataclass
from typing import Final

from massager.guardian.permits import check_levels, most_at, place_of, rows_of, touched_rows, whole
from massager.model.ceilings import LEASE_LONGEST_MS
from massager.model.commands import Lease, Permit, Placement, Setpoint
from massager.model.devices import Carriage, DeviceProfile
from massager.model.telemetry import Reading

# Chosen, because at rest the reference profile notifies once a second and ten times a second when driven.
READING_FRESH_MS: Final = 1000

# From the check to the device's own reaction: chosen, because a write takes 2 to 50 ms and the device's state
# is sampled every 100 ms.
REACTION_MS: Final = 100

NO_FRESH_REPORT: Final = "no fresh report from the device"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a lease is held against.

    Attributes:
        reading: The newest report of the device.
        after_number: Of the last lease; the next one's is higher.
        recent: What the device was told last, and what was in force since it made that report: it may still
            be on its way to any of it.
        placed: Where the person says they hold it, as of the last lease.
    """

    permit: Permit
    profile: DeviceProfile
    epoch: int
    reading: Reading | None
    after_number: int
    recent: tuple[Setpoint, ...]
    now_ms: int
    placed: Placement | None = None


def check_lease(lease: Lease, facts: Facts) -> str | None:
    """May a lease go out now?"""
    if not whole(lease.epoch) or lease.epoch != facts.epoch:
        return f"epoch {lease.epoch!r}, in force is {facts.epoch}"
    if not whole(lease.number) or lease.number <= facts.after_number:
        return f"number {lease.number!r} after {facts.after_number}"
    if not whole(lease.expires_ms) or not 0 < lease.expires_ms - facts.now_ms <= LEASE_LONGEST_MS:
        return f"lease ends at {lease.expires_ms!r} ms, now is {facts.now_ms}"
    if lease.expires_ms > facts.permit.ends_ms:
        return "lease outlives the permit"
    return (
        _check_shape(lease.setpoint, facts.profile)
        or _check_placement(lease.placement, facts)
        or _check_motion(lease, facts)
    )


def _check_placement(placement: Placement | None, facts: Facts) -> str | None:
    """Is a place named just for what is held by hand, and is it the last one while anything may press?"""
    if placement is None:
        return None
    if any(actuator.side is not None for actuator in facts.profile.actuators):
        return "a place is named for what no hand holds"
    if not whole(placement.along_mm) or not whole(placement.aside_mm):
        return f"odd {placement}"
    reading = facts.reading
    presses = reading is not None and not reading.retracted
    told = any(any(past.levels) for past in facts.recent)
    return "moved while it presses" if (presses or told) and placement != facts.placed else None


def _check_shape(setpoint: Setpoint, profile: DeviceProfile) -> str | None:
    return (
        check_levels(setpoint.levels, profile.actuators)
        or check_levels(setpoint.warmth, profile.heaters)
        or _check_target(setpoint, profile.carriage)
    )


def _check_target(setpoint: Setpoint, carriage: Carriage | None) -> str | None:
    if carriage is None:
        still = (setpoint.carriage_mm, setpoint.half_width_mm, setpoint.pace_mm_s) == (None, None, 0)
        return None if still else "the device has no carriage"
    if not whole(setpoint.pace_mm_s) or not 1 <= setpoint.pace_mm_s <= carriage.pace_max_mm_s:
        return f"pace of {setpoint.pace_mm_s!r} mm/s"
    target, width = setpoint.carriage_mm, setpoint.half_width_mm
    if target is not None and not (whole(target) and 0 <= target <= carriage.travel_mm):
        return f"target {target!r} mm outside the travel"
    if width is not None and not (
        whole(width) and carriage.half_width_min_mm <= width <= carriage.half_width_max_mm
    ):
        return f"half width {width!r} mm outside the travel"
    return None


def _check_motion(lease: Lease, facts: Facts) -> str | None:
    setpoint, reading = lease.setpoint, facts.reading
    drives = any(setpoint.levels)
    if reason := _check_warm_zones(setpoint, facts):
        return reason
    for level, most in zip(setpoint.warmth, facts.permit.warmth, strict=True):
        if level > most:
            return f"warmth {level} above {most}"
    if not drives and setpoint.carriage_mm is None and setpoint.half_width_mm is None:
        return None
    if reading is None or not 0 <= facts.now_ms - reading.at_ms <= READING_FRESH_MS:
        return NO_FRESH_REPORT
    if reading.fault:
        return "the device reports a fault"
    if len(reading.actuators) != len(facts.profile.actuators):
        return "the device reports another number of actuators"
    if not drives:
        retracted = reading.retracted and not any(any(past.levels) for past in facts.recent)
        return None if retracted else "a move with all levels 0 needs everything retracted"
    return _check_path(lease, facts, reading)


def _check_warm_zones(setpoint: Setpoint, facts: Facts) -> str | None:
    """Does massage work in each zone that is warmed?"""
    profile, calibration = facts.profile, facts.permit.calibration
    worked = {
        calibration.zone_at(actuator.along_mm)
        for level, actuator in zip(setpoint.levels, profile.actuators, strict=True)
        if level and actuator.along_mm is not None
    }
    for level, heater in zip(setpoint.warmth, profile.heaters, strict=True):
        if level and calibration.zone_at(heater.along_mm) not in worked - {None}:
            return f"{heater.name}: warmth without massage"
    return None


def _check_path(lease: Lease, facts: Facts, reading: Reading) -> str | None:
    """Is each patch allowed on its whole way, from everywhere it may be now to where it shall go?"""
    permit, profile, recent, setpoint = facts.permit, facts.profile, facts.recent, lease.setpoint
    pace = max(told.pace_mm_s for told in (setpoint, *recent))
    moved_mm = -(-pace * (facts.now_ms - reading.at_ms + REACTION_MS) // 1000) + 1
    for index, actuator in enumerate(profile.actuators):
        level, state = setpoint.levels[index], reading.actuators[index]
        if level == 0 and not state.pressing:
            continue
        position, width = place_of(actuator, reading, lease.placement)
        if position is None or width is None:
            return "position unknown"
        drift_mm = moved_mm if profile.carriage is not None else 0
        target = position if setpoint.carriage_mm is None else setpoint.carriage_mm
        widths = [
            width,
            *(told.half_width_mm for told in (setpoint, *recent) if told.half_width_mm is not None),
        ]
        narrowest, widest = min(widths), max(widths)
        reach = actuator.radius_mm + permit.calibration.error_mm
        here = (position - drift_mm - reach, position + drift_mm + reach)
        way = (min(here[0], target - reach), max(here[1], target + reach))
        touched = touched_rows(rows_of(permit, actuator), way)
        if touched is None:
            return f"{actuator.name}: no row covers all of {way[0]} to {way[1]} mm"
        depth_level = -(-state.depth_dmm // max(1, actuator.depth_dmm_per_level))
        deepest = max(state.level, depth_level, *(past.levels[index] for past in recent))
        for row in touched:
            if not row.half_width_min_mm <= narrowest <= widest <= row.half_width_max_mm:
                return f"{actuator.name}: half width {narrowest} to {widest} mm at {row.first_mm} mm"
            if level > (most := most_at(row, actuator, widest_mm=widest)):
                return f"{actuator.name}: level {level} above {most} at {row.first_mm} mm"
            # A roller sinks in its own time: it may not be carried into a stricter stretch while deeper.
            entered = row.first_mm > here[1] or row.last_mm < here[0]
            if entered and deepest > most:
                return f"{actuator.name}: still deeper than {most} allows at {row.first_mm} mm"
    return None
