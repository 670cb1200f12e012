"""What vibration adds up to: the acceleration that the body takes, its dose, and how long it may still last.

In whole numbers: the dose keeps squares and fourth powers, and powers are compared, so no root is taken.
Acceleration is rounded up and time down. The formulas and their sources: docs/limits.md, dose.
"""

from itertools import pairwise
from typing import Final

from massager.model.ceilings import Modality, Severity
from massager.model.devices import Actuator
from massager.model.dose import (
    A8_UM_S2,
    AXIS_PERMILLE,
    COUPLING_PERMILLE,
    VDV_MM_S175,
    WEIGHT_ALLOWANCE_PERMILLE,
    WEIGHTS,
    Coupling,
    Dose,
    Weighting,
)

# docs/limits.md, dose: the day that A(8) is spread over, and the one that the dose counts for.
EIGHT_HOURS_MS: Final = 8 * 60 * 60 * 1000
DAY_MS: Final = 24 * 60 * 60 * 1000

# A sine of frequency f and displacement D from peak to peak has an r.m.s. acceleration of sqrt(2) pi^2 f^2 D.
# With f in 0.1 Hz and D in um this is sqrt(2) pi^2 / 100 um/s2; here in 1e-7, rounded up.
_SINE: Final = 1_395_773
# Of the sine's constant, the weight in ppm, two factors in permille, and um in a mm.
_UNIT: Final = 10**7 * 10**6 * 1000 * 1000 * 1000

# docs/limits.md, dose: VDV counts as 1.4 a t^(1/4), for vibration that is no pure sine; 1.4^4 = 3.8416.
_VDV_FACTOR: Final = 38_416
_VDV_UNIT: Final = 10_000


def weight_ppm(weighting: Weighting, frequency_dhz: int) -> int:
    """How much a frequency counts: a straight line between the table's points, and the allowance; rounded up.

    Beyond the table's ends the nearer end holds: above it the weights only fall, below it none is greater.
    """
    points = WEIGHTS[weighting]
    within = min(max(frequency_dhz, points[0][0]), points[-1][0])
    low, high = next(pair for pair in pairwise(points) if within <= pair[1][0])
    span = high[0] - low[0]
    scaled = low[1] * (high[0] - within) + high[1] * (within - low[0])
    # 1/10000 is 100 ppm, and the allowance is in permille.
    return -(-scaled * 100 * WEIGHT_ALLOWANCE_PERMILLE // (1000 * span))


def acceleration_mm_s2(actuator: Actuator, level: int) -> int | None:
    """Weighted r.m.s. acceleration of the body at a level, rounded up; None where it cannot be told.

    It cannot for percussion, and without frequency and displacement. An unknown coupling counts as a
    platform's, and an unknown weighting as the heavier one.
    """
    if level <= 0:
        return 0
    frequency, displacement_um = actuator.frequency_dhz(level), actuator.displacement_um
    if frequency is None or displacement_um is None or actuator.modality is Modality.PERCUSSION:
        return None
    top_dhz = frequency[1]
    coupling = actuator.coupling or Coupling.PLATFORM
    weightings = [actuator.weighting] if actuator.weighting else list(Weighting)
    weight = max(AXIS_PERMILLE[each] * weight_ppm(each, top_dhz) for each in weightings)
    whole = _SINE * top_dhz**2 * displacement_um * weight * COUPLING_PERMILLE[coupling]
    if actuator.frequency_min_dhz == actuator.frequency_max_dhz:
        # With one frequency the level can only be the amplitude, which rises evenly, as the force does. With
        # several nobody knows what part of a level is amplitude, and the highest counts at each.
        return -(-whole * level // (_UNIT * actuator.levels))
    return -(-whole // _UNIT)


def dose(acceleration_mm_s2: int, elapsed_ms: int) -> Dose:
    """What an acceleration adds up to in a time."""
    return Dose(acceleration_mm_s2**2 * elapsed_ms, acceleration_mm_s2**4 * elapsed_ms)


def left_ms(severity: Severity, used: Dose, acceleration_mm_s2: int) -> int:
    """How long an acceleration may still last that day, rounded down; never negative, at most a day."""
    if acceleration_mm_s2 == 0:
        return DAY_MS
    a2_ms = A8_UM_S2[severity] ** 2 * EIGHT_HOURS_MS // 10**6 - used.a2_ms
    a4_ms = VDV_MM_S175[severity] ** 4 * 1000 * _VDV_UNIT // _VDV_FACTOR - used.a4_ms
    return max(0, min(DAY_MS, a2_ms // acceleration_mm_s2**2, a4_ms // acceleration_mm_s2**4))


def strokes(actuator: Actuator, level: int, elapsed_ms: int) -> int | None:
    """Blows in a time at a level, rounded up; None where the frequency is not known."""
    if level <= 0:
        return 0
    frequency = actuator.frequency_dhz(level)
    return None if frequency is None else -(-frequency[1] * elapsed_ms // 10_000)
