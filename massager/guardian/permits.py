"""The second check of permits: written apart from the safety core, on purpose (INV-23).

Pure. Every check answers None, or in a sentence why not. Positions are whole millimetres of travel.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from massager.model.body import C7_PPM, ERROR_BY_HAND_MM, PSIS_PPM, REGION_SPANS_PPM, Calibration, Span
from massager.model.ceilings import (
    BAND_EDGE_MM,
    BEYOND_BAND_PERMILLE,
    CEILINGS,
    ROLLER_DEPTH_DMM,
    CeilingRow,
    Clearance,
    Modality,
    stricter,
)
from massager.model.commands import Permit, PermitRow, Placement
from massager.model.devices import Actuator, DeviceProfile, Heater
from massager.model.telemetry import Reading

# 20 minutes is the longest deadline of the reference profile; 5 s more (chosen, because a permit is made a
# moment before the guardian's clock looks at it and its end may count the retraction).
PERMIT_LONGEST_MS: Final = 20 * 60_000 + 5_000

# docs/limits.md, keep-outs: no percussion from T11 to L3 (kidneys).
_NO_PERCUSSION_PPM: Final[Span] = (504_333, 722_400)

_PI_100K: Final = 314_159  # pi, rounded down: a smaller patch means more pressure


def check_permit(
    permit: Permit, *, profile: DeviceProfile, firmware: str, now_ms: int, previous: Permit | None
) -> str | None:
    """Is a permit no looser than the built-in ceilings, and than the one in force?

    `firmware` is the connected device's, `previous` the permit of the open session, None at rest.
    """
    if reason := _check_terms(permit, profile, firmware, now_ms) or _check_calibration(permit, profile):
        return reason
    if not permit.rows:
        return "permit has no rows"
    for row in permit.rows:
        if reason := _check_row(row, permit.calibration, profile):
            return f"row {row.actuator} {row.first_mm} to {row.last_mm} mm: {reason}"
    if reason := _check_warmth(permit, profile):
        return reason
    return None if previous is None else _check_tighter(permit, previous, profile)


def _check_terms(permit: Permit, profile: DeviceProfile, firmware: str, now_ms: int) -> str | None:
    """Is it for the connected device, and for a time and session that can be?"""
    if (permit.device, permit.model_number) != (profile.name, profile.model_number):
        return f"permit is for {permit.device} {permit.model_number}"
    if permit.firmware != firmware or firmware not in profile.firmware:
        return f"permit is for firmware {permit.firmware}, connected is {firmware}"
    if not whole(permit.ends_ms) or not 0 < permit.ends_ms - now_ms <= PERMIT_LONGEST_MS:
        return f"permit ends at {permit.ends_ms!r} ms, now is {now_ms}"
    if not whole(permit.fence) or permit.fence < 1:
        return f"fence {permit.fence!r}"
    return None


def _check_calibration(permit: Permit, profile: DeviceProfile) -> str | None:
    calibration = permit.calibration
    if not all(whole(mm) for mm in (calibration.c7_mm, calibration.psis_mm, calibration.error_mm)):
        return f"odd {calibration}"
    if profile.carriage is None and calibration.error_mm < ERROR_BY_HAND_MM:
        return f"error of {calibration.error_mm} mm; placed by hand it is {ERROR_BY_HAND_MM} at least"
    return None


def _check_warmth(permit: Permit, profile: DeviceProfile) -> str | None:
    if reason := check_levels(permit.warmth, profile.heaters):
        return reason
    for level, heater in zip(permit.warmth, profile.heaters, strict=True):
        if level and (reason := _check_heater(heater, level, permit, profile)):
            return f"{heater.name}: {reason}"
    return None


def _check_heater(heater: Heater, level: int, permit: Permit, profile: DeviceProfile) -> str | None:
    """Is a level no warmer than every row allows of its side, wherever the patch touches?"""
    beside = {one.name: one for one in profile.actuators if one.side is heater.side}
    reach, surface_c = heater.radius_mm + permit.calibration.error_mm, heater.base_c + level
    rows = touched_rows(
        (row for row in permit.rows if row.actuator in beside),
        (heater.along_mm - reach, heater.along_mm + reach),
    )
    if rows is None:
        return "no row covers it"
    for row in rows:
        ceiling = _ceiling(row, beside[row.actuator])
        if ceiling.heat_c is None or ceiling.keepout_half_mm is None or surface_c > ceiling.heat_c:
            return f"{surface_c} °C"
        if heater.aside_mm < ceiling.keepout_half_mm + reach:
            return "it touches the midline strip"
    return None


def _check_row(row: PermitRow, calibration: Calibration, profile: DeviceProfile) -> str | None:
    actuator = next((one for one in profile.actuators if one.name == row.actuator), None)
    if actuator is None or actuator.modality is not row.modality:
        return f"the device has no such {row.modality} actuator"
    numbers = (row.first_mm, row.last_mm, row.half_width_min_mm, row.half_width_max_mm, row.level_max)
    if not all(whole(number) for number in numbers) or row.first_mm > row.last_mm or row.level_max < 0:
        return "odd numbers"
    if (row.region, row.severity, row.modality) not in CEILINGS:
        return "the table of ceilings has no such row"
    ceiling = _ceiling(row, actuator)
    if ceiling.keepout_half_mm is None or ceiling.clearance is Clearance.X:
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


def _ceiling(row: PermitRow, actuator: Actuator) -> CeilingRow:
    severity = row.severity if actuator.force_dn_per_level else stricter(row.severity)
    return CEILINGS[row.region, severity, row.modality]


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
    if (permit.calibration, permit.fence) != (previous.calibration, previous.fence):
        return "another calibration or fence than the permit in force"
    if any(level > before for level, before in zip(permit.warmth, previous.warmth, strict=True)):
        return "warmer than the permit in force"
    for actuator in profile.actuators:
        rows, old_rows = rows_of(permit, actuator), rows_of(previous, actuator)
        for mm in sorted({mm for row in rows for mm in range(row.first_mm, row.last_mm + 1)}):
            before = _rows_at(old_rows, mm)
            if not before:
                return f"{actuator.name} gains the stretch at {mm} mm"
            level, nearest, widest = _limits(_rows_at(rows, mm))
            old_level, old_nearest, old_widest = _limits(before)
            if level > old_level or nearest < old_nearest or widest > old_widest:
                return f"{actuator.name} is looser at {mm} mm"
    return None


def _rows_at(rows: Iterable[PermitRow], mm: int) -> list[PermitRow]:
    return [row for row in rows if row.first_mm <= mm <= row.last_mm]


def _limits(rows: Sequence[PermitRow]) -> tuple[int, int, int]:
    return (
        min(row.level_max for row in rows),
        max(row.half_width_min_mm for row in rows),
        min(row.half_width_max_mm for row in rows),
    )


def most_at(row: PermitRow, actuator: Actuator, *, widest_mm: int) -> int:
    """The row's highest level, six tenths of the ceiling where the patch is beyond the treatable band."""
    ceiling = _ceiling(row, actuator)
    share = BEYOND_BAND_PERMILLE if widest_mm > BAND_EDGE_MM[row.region] else 1000
    return min(row.level_max, _highest_level(actuator, ceiling, share_permille=share))


def rows_of(permit: Permit, actuator: Actuator) -> tuple[PermitRow, ...]:
    """A permit's rows for one actuator."""
    return tuple(row for row in permit.rows if row.actuator == actuator.name)


def place_of(
    actuator: Actuator, reading: Reading, placement: Placement | None
) -> tuple[int | None, int | None]:
    """Where a patch's centre is, along the device and beside the midline, as far as anybody knows."""
    if actuator.side is None:
        return (None, None) if placement is None else (placement.along_mm, placement.aside_mm)
    if actuator.along_mm is None:
        return reading.carriage_mm, reading.half_width_mm
    return actuator.along_mm, actuator.aside_mm


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


def check_levels(levels: Sequence[int], parts: Sequence[Actuator | Heater]) -> str | None:
    """Is there a level for each part, and one that it has?"""
    if len(levels) != len(parts):
        return f"{len(levels)} levels for {len(parts)} parts"
    for level, part in zip(levels, parts, strict=True):
        if not whole(level) or not 0 <= level <= part.levels:
            return f"level {level!r} of {part.name}"
    return None


def whole(number: object) -> bool:
    """A whole number, and not a truth value."""
    return type(number) is int  # bool is an int to isinstance
