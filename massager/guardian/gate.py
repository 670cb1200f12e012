"""The second check of permits and leases: written apart from the safety core, on purpose (INV-23).

Pure. Every function answers None, or in a sentence why not. Positions are whole millimetres of travel.
"""

from collections.abc import Iterable
from typing import Final

from massager.model.body import C7_PPM, PSIS_PPM, REGION_SPANS_PPM, Calibration, Span
from massager.model.ceilings import (
    BAND_EDGE_MM,
    BEYOND_BAND_PERMILLE,
    CEILINGS,
    LEASE_LONGEST_MS,
    ROLLER_DEPTH_DMM,
    CeilingRow,
    Clearance,
    Modality,
    stricter,
)
from massager.model.commands import Lease, Permit, PermitRow, Setpoint
from massager.model.devices import Actuator, DeviceProfile
from massager.model.telemetry import Reading

# 20 minutes is the longest deadline of the reference profile; 5 s more (chosen, because a permit is made a
# moment before the guardian's clock looks at it and its end may count the retraction).
PERMIT_LONGEST_MS: Final = 20 * 60_000 + 5_000

# Chosen, because at rest the reference profile notifies once a second and ten times a second when driven.
READING_FRESH_MS: Final = 1000

# From the check to the device's own reaction: chosen, because a write takes 2 to 50 ms and the device's state
# is sampled every 100 ms.
REACTION_MS: Final = 100

# Clinical review 1.1, exclusions on top of the table: no percussion from T11 to L3 (kidneys).
_NO_PERCUSSION_PPM: Final[Span] = (504_333, 722_400)

_PI_100K: Final = 314_159  # pi, rounded down: a smaller patch means more pressure


def check_permit(
    permit: Permit, *, profile: DeviceProfile, firmware: str, now_ms: int, previous: Permit | None
) -> str | None:
    """Is a permit no looser than the built-in ceilings, and than the one in force?

    Args:
        firmware: Of the connected device.
        previous: The permit of the open session; None at rest.
    """
    if (permit.device, permit.model_number) != (profile.name, profile.model_number):
        return f"permit is for {permit.device} {permit.model_number}"
    if permit.firmware != firmware or firmware not in profile.firmware:
        return f"permit is for firmware {permit.firmware}, connected is {firmware}"
    if not _whole(permit.ends_ms) or not 0 < permit.ends_ms - now_ms <= PERMIT_LONGEST_MS:
        return f"permit ends in {permit.ends_ms - now_ms} ms"
    if not permit.rows:
        return "permit has no rows"
    for row in permit.rows:
        if reason := _check_row(row, permit.calibration, profile):
            return f"row {row.actuator} {row.first_mm} to {row.last_mm} mm: {reason}"
    return None if previous is None else _check_tighter(permit, previous, profile)


def _check_row(row: PermitRow, calibration: Calibration, profile: DeviceProfile) -> str | None:
    actuator = next((one for one in profile.actuators if one.name == row.actuator), None)
    if actuator is None or actuator.modality is not row.modality:
        return f"the device has no such {row.modality} actuator"
    numbers = (row.first_mm, row.last_mm, row.half_width_min_mm, row.half_width_max_mm, row.level_max)
    if not all(_whole(number) for number in numbers) or row.first_mm > row.last_mm or row.level_max < 0:
        return "odd numbers"
    ceiling = _ceiling(row, actuator)
    if ceiling is None or ceiling.keepout_half_mm is None or ceiling.clearance is Clearance.X:
        return "blocked"
    if row.level_max > (highest := _highest_level(actuator, ceiling, share_permille=1000)):
        return f"level {row.level_max} above the ceiling, which is {highest}"
    nearest = ceiling.keepout_half_mm + actuator.radius_mm + calibration.error_mm
    if not nearest <= row.half_width_min_mm <= row.half_width_max_mm:
        return f"half width from {row.half_width_min_mm} mm; the midline strip ends at {nearest} mm"
    if not _within(row, calibration, REGION_SPANS_PPM[row.region]):
        return f"reaches beyond the {row.region} spine"
    if row.modality is Modality.PERCUSSION and _meets(row, calibration, _NO_PERCUSSION_PPM):
        return "percussion over the kidneys"
    return None


def _ceiling(row: PermitRow, actuator: Actuator) -> CeilingRow | None:
    severity = row.severity if actuator.force_dn_per_level else stricter(row.severity)
    return CEILINGS.get((row.region, severity, row.modality))


def _highest_level(actuator: Actuator, ceiling: CeilingRow, *, share_permille: int) -> int:
    bounds = [actuator.levels * ceiling.intensity_permille * share_permille // 1_000_000]
    if force_dn := actuator.force_dn_per_level:
        bounds.append(ceiling.force_n * 10 // force_dn)
        area_cm2_10m = _PI_100K * actuator.radius_mm**2  # in 1e-7 cm²
        bounds.append(ceiling.pressure_dn_cm2 * area_cm2_10m // (force_dn * 10_000_000))
    if actuator.modality is Modality.ROLLER and actuator.depth_dmm_per_level:
        bounds.append(ROLLER_DEPTH_DMM // actuator.depth_dmm_per_level)
    return min(bounds)


def _ppm_times_unit(mm: int, calibration: Calibration) -> int:
    unit = calibration.psis_mm - calibration.c7_mm
    return (mm - calibration.c7_mm) * (PSIS_PPM - C7_PPM) + C7_PPM * unit


def _within(row: PermitRow, calibration: Calibration, span: Span) -> bool:
    """Inside a span, but for the millimetre by which adjoining rows may overlap in rounding."""
    unit = calibration.psis_mm - calibration.c7_mm
    return (
        _ppm_times_unit(row.first_mm + 1, calibration) >= span[0] * unit
        and _ppm_times_unit(row.last_mm - 1, calibration) <= span[1] * unit
    )


def _meets(row: PermitRow, calibration: Calibration, span: Span) -> bool:
    unit = calibration.psis_mm - calibration.c7_mm
    return (
        _ppm_times_unit(row.first_mm, calibration) < span[1] * unit
        and _ppm_times_unit(row.last_mm, calibration) > span[0] * unit
    )


def _check_tighter(permit: Permit, previous: Permit, profile: DeviceProfile) -> str | None:
    if permit.ends_ms > previous.ends_ms:
        return "ends later than the permit in force"
    if permit.calibration != previous.calibration:
        return "another calibration than the permit in force"
    for actuator in profile.actuators:
        rows, old_rows = rows_of(permit, actuator), rows_of(previous, actuator)
        for mm in sorted({mm for row in rows for mm in range(row.first_mm, row.last_mm + 1)}):
            here, before = _limits_at(rows, mm), _limits_at(old_rows, mm)
            if before is None or here is None:
                return f"{actuator.name} gains the stretch at {mm} mm"
            if here[0] > before[0] or here[1] < before[1] or here[2] > before[2]:
                return f"{actuator.name} is looser at {mm} mm"
    return None


def _limits_at(rows: Iterable[PermitRow], mm: int) -> tuple[int, int, int] | None:
    here = [row for row in rows if row.first_mm <= mm <= row.last_mm]
    if not here:
        return None
    return (
        min(row.level_max for row in here),
        max(row.half_width_min_mm for row in here),
        min(row.half_width_max_mm for row in here),
    )


def check_lease(
    lease: Lease,
    *,
    permit: Permit,
    reading: Reading | None,
    profile: DeviceProfile,
    now_ms: int,
    epoch: int,
    after_number: int,
    previous: Setpoint | None,
) -> str | None:
    """May a lease go out now?

    Args:
        reading: The newest report of the device.
        after_number: Of the last lease; this one's is higher.
        previous: What the device was last told in this session; it may still be under way to it.
    """
    setpoint = lease.setpoint
    if lease.epoch != epoch:
        return f"epoch {lease.epoch}, in force is {epoch}"
    if not _whole(lease.number) or lease.number <= after_number:
        return f"number {lease.number} after {after_number}"
    if not _whole(lease.expires_ms) or not 0 < lease.expires_ms - now_ms <= LEASE_LONGEST_MS:
        return f"lease ends in {lease.expires_ms - now_ms} ms"
    if lease.expires_ms > permit.ends_ms:
        return "lease outlives the permit"
    if reason := _check_shape(setpoint, profile):
        return reason
    moves = setpoint.carriage_mm is not None or setpoint.half_width_mm is not None
    if not any(setpoint.levels) and not moves:
        return None
    if reading is None or not 0 <= now_ms - reading.at_ms <= READING_FRESH_MS:
        return "no fresh report from the device"
    if reading.fault:
        return "the device reports a fault"
    if len(reading.actuators) != len(profile.actuators):
        return "the device reports another number of actuators"
    if not any(setpoint.levels):
        return None if reading.retracted else "a move with all levels 0 needs everything retracted"
    return _check_path(setpoint, permit, reading, profile, now_ms, previous)


def _check_shape(setpoint: Setpoint, profile: DeviceProfile) -> str | None:
    carriage = profile.carriage
    if len(setpoint.levels) != len(profile.actuators):
        return f"{len(setpoint.levels)} levels for {len(profile.actuators)} actuators"
    for level, actuator in zip(setpoint.levels, profile.actuators, strict=True):
        if not _whole(level) or not 0 <= level <= actuator.levels:
            return f"level {level!r} of {actuator.name}"
    if not _whole(setpoint.pace_mm_s) or not 1 <= setpoint.pace_mm_s <= carriage.pace_max_mm_s:
        return f"pace of {setpoint.pace_mm_s!r} mm/s"
    target, width = setpoint.carriage_mm, setpoint.half_width_mm
    if target is not None and not (_whole(target) and 0 <= target <= carriage.travel_mm):
        return f"target {target!r} mm outside the travel"
    if width is not None and not (
        _whole(width) and carriage.half_width_min_mm <= width <= carriage.half_width_max_mm
    ):
        return f"half width {width!r} mm outside the travel"
    return None


def _check_path(
    setpoint: Setpoint,
    permit: Permit,
    reading: Reading,
    profile: DeviceProfile,
    now_ms: int,
    previous: Setpoint | None,
) -> str | None:
    """Is each patch allowed on its whole way, from everywhere it may be now to where it shall go?"""
    position, width = reading.carriage_mm, reading.half_width_mm
    if position is None or width is None:
        return "position unknown"
    pace = max(setpoint.pace_mm_s, previous.pace_mm_s if previous else 0)
    drift_mm = -(-pace * (now_ms - reading.at_ms + REACTION_MS) // 1000) + 1
    target = position if setpoint.carriage_mm is None else setpoint.carriage_mm
    # The width may still be under way to what the last lease named.
    widths = [width, setpoint.half_width_mm, previous.half_width_mm if previous else None]
    narrowest = min(mm for mm in widths if mm is not None)
    widest = max(mm for mm in widths if mm is not None)
    for actuator, level, state in zip(profile.actuators, setpoint.levels, reading.actuators, strict=True):
        if level == 0 and not state.pressing:
            continue
        reach = actuator.radius_mm + permit.calibration.error_mm
        here = (position - drift_mm - reach, position + drift_mm + reach)
        way = (min(here[0], target - reach), max(here[1], target + reach))
        touched = touched_rows(rows_of(permit, actuator), way)
        if touched is None:
            return f"{actuator.name}: no row covers all of {way[0]} to {way[1]} mm"
        depth_level = -(-state.depth_dmm // max(1, actuator.depth_dmm_per_level))
        for row in touched:
            if not row.half_width_min_mm <= narrowest <= widest <= row.half_width_max_mm:
                return f"{actuator.name}: half width {narrowest} to {widest} mm at {row.first_mm} mm"
            if level > (most := _most(row, actuator, widest)):
                return f"{actuator.name}: level {level} above {most} at {row.first_mm} mm"
            # A roller sinks in its own time: it may not be carried into a stricter stretch while deeper.
            entered = row.first_mm > here[1] or row.last_mm < here[0]
            if entered and max(state.level, depth_level) > most:
                return f"{actuator.name}: still deeper than {most} allows at {row.first_mm} mm"
    return None


def _most(row: PermitRow, actuator: Actuator, widest_mm: int) -> int:
    """The row's highest level, six tenths of the ceiling where the patch is beyond the treatable band."""
    ceiling = _ceiling(row, actuator)
    if ceiling is None:
        return 0
    share = BEYOND_BAND_PERMILLE if widest_mm > BAND_EDGE_MM[row.region] else 1000
    return min(row.level_max, _highest_level(actuator, ceiling, share_permille=share))


def rows_of(permit: Permit, actuator: Actuator) -> tuple[PermitRow, ...]:
    """A permit's rows for one actuator."""
    return tuple(row for row in permit.rows if row.actuator == actuator.name)


def touched_rows(rows: Iterable[PermitRow], stretch: Span) -> list[PermitRow] | None:
    """The rows that a stretch touches, ends included; None where a millimetre of it has no row."""
    low, high = stretch
    touched = sorted(
        (row for row in rows if row.first_mm <= high and row.last_mm >= low), key=lambda row: row.first_mm
    )
    covered_to = low - 1
    for row in touched:
        if row.first_mm > covered_to + 1:
            return None
        covered_to = max(covered_to, row.last_mm)
    return touched if covered_to >= high else None


def _whole(number: object) -> bool:
    return type(number) is int  # bool is an int to isinstance
