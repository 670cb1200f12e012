"""What an actuator's own physics allows: force, pressure, depth, frequency, stroke, vibration dose, warmth.

A percentage is mild on one device and violent on another; these caps bind wherever a device's profile knows
the figure. Their sources: docs/limits.md. Every count of levels is rounded down.
"""

from collections.abc import Callable

from massager.model.ceilings import ROLLER_DEPTH_DMM, CeilingRow, Clearance, Modality
from massager.model.decisions import Cap, Reason, Refusal, Source
from massager.model.devices import Actuator
from massager.model.dose import (
    BLOWS_DHZ,
    FORBIDDEN_BAND_DHZ,
    HALVED_BAND_DHZ,
    HALVED_PERMILLE,
    HEAT_OLDEST_C,
    STROKE_DMM,
    Dose,
)
from massager.safety.dose import acceleration_mm_s2, left_ms


def known(actuator: Actuator) -> bool:
    """Whether all is known that the caps need; where not, the row one severity stricter holds."""
    if not actuator.force_dn_per_level:
        return False
    if actuator.modality is Modality.VIBRATION:
        return actuator.frequency_dhz(1) is not None and actuator.displacement_um is not None
    if actuator.modality is Modality.PERCUSSION:
        return actuator.frequency_dhz(1) is not None and actuator.stroke_dmm is not None
    return True


def unfit(actuator: Actuator) -> Refusal | None:
    """Why no level of it is for anybody: its stroke, or a lowest level in the forbidden band."""
    stroke_dmm, lowest = actuator.stroke_dmm, actuator.frequency_dhz(1)
    if stroke_dmm is not None and stroke_dmm > STROKE_DMM:
        return Refusal(Reason.STROKE, f"{_tenth(stroke_dmm)} mm")
    if lowest is not None and _meets(lowest, FORBIDDEN_BAND_DHZ):
        return Refusal(Reason.FREQUENCY, f"{_tenth(lowest[0])} Hz")
    return None


def force_caps(actuator: Actuator, ceiling: CeilingRow, profile_force_n: int) -> list[Cap]:
    """Highest levels by force and pressure; none where nobody measured the force.

    Args:
        actuator: Which one presses.
        ceiling: The row that binds; a severity stricter where `known` denies.
        profile_force_n: The safety profile's highest force.
    """
    force_dn = actuator.force_dn_per_level
    if not force_dn:
        return []
    # 3.14 is below pi, so the patch counts as smaller than it is and the pressure as higher.
    pressure_levels = ceiling.pressure_dn_cm2 * 314 * actuator.radius_mm**2 // (10_000 * force_dn)
    return [
        Cap(10 * min(ceiling.force_n, profile_force_n) // force_dn, Source.FORCE),
        Cap(pressure_levels, Source.PRESSURE),
    ]


def device_caps(actuator: Actuator, ceiling: CeilingRow) -> list[Cap]:
    """Highest levels by depth, frequency, stroke and dose: no row's share, so not a modifier's to lower.

    Args:
        actuator: Which one works.
        ceiling: As for `force_caps`.
    """
    if ceiling.clearance is Clearance.X:
        return [Cap(0, Source.CEILING)]
    caps = []
    if actuator.modality is Modality.ROLLER:
        per_level = actuator.depth_dmm_per_level
        caps.append(Cap(ROLLER_DEPTH_DMM // per_level if per_level > 0 else 0, Source.DEPTH))
    if unfit(actuator):
        caps.append(Cap(0, Source.FREQUENCY))
    elif actuator.frequency_dhz(1) is not None:
        in_tune = _levels(actuator, lambda level: _in_tune(actuator, ceiling, level))
        caps.append(Cap(in_tune, Source.FREQUENCY))
    if acceleration_mm_s2(actuator, 1) is not None:
        bearable = _levels(actuator, lambda level: _bearable(actuator, ceiling, level))
        caps.append(Cap(bearable, Source.DOSE))
    return caps


def heat_cap_c(ceiling: CeilingRow, *, oldest: bool, forbidden: bool) -> int:
    """Highest temperature of what touches the skin; 0 for off.

    Args:
        ceiling: The row that binds.
        oldest: Whether the person is 75 or more, or of an age not known.
        forbidden: Whether a condition keeps warmth off.
    """
    if forbidden or ceiling.heat_c is None:
        return 0
    return min(ceiling.heat_c, HEAT_OLDEST_C) if oldest else ceiling.heat_c


def _levels(actuator: Actuator, allows: Callable[[int], bool]) -> int:
    """The highest level up to which every one is allowed: who may not pass a level may not be above it."""
    level = 0
    while level < actuator.levels and allows(level + 1):
        level += 1
    return level


def _in_tune(actuator: Actuator, ceiling: CeilingRow, level: int) -> bool:
    """Whether the frequency of a level, and the way up to it from the level below, is allowed."""
    here, below = actuator.frequency_dhz(level), actuator.frequency_dhz(max(1, level - 1))
    if here is None or below is None:
        return False
    if _meets((below[0], here[1]), FORBIDDEN_BAND_DHZ):
        return False
    if actuator.modality is Modality.PERCUSSION and here[1] > BLOWS_DHZ[ceiling.severity]:
        return False
    halved = actuator.levels * ceiling.intensity_permille * HALVED_PERMILLE // 1_000_000
    return level <= halved or not _meets(here, HALVED_BAND_DHZ)


def _bearable(actuator: Actuator, ceiling: CeilingRow, level: int) -> bool:
    """Whether a level's vibration may last for the row's whole session."""
    acceleration = acceleration_mm_s2(actuator, level)
    if acceleration is None:
        return False
    return left_ms(ceiling.severity, Dose(), acceleration) >= 60_000 * ceiling.session_min


def _meets(span: tuple[int, int], band: tuple[int, int]) -> bool:
    return span[0] <= band[1] and band[0] <= span[1]


def _tenth(number: int) -> str:
    return f"{number // 10}.{number % 10}"
