"""Figures of vibration, percussion and warmth, and the dose of vibration that adds up over a day.

Sources of all of them: docs/limits.md, vibration, percussion and heat. None was reviewed by a clinician.
"""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from massager.model.ceilings import Severity

MILD, MODERATE, SEVERE = Severity.MILD, Severity.MODERATE, Severity.SEVERE


class Coupling(StrEnum):
    """What shakes, and so how much of it the whole body takes."""

    PLATFORM = "platform"
    CUSHION = "cushion"
    APPLICATOR = "applicator"


class Weighting(StrEnum):
    """Where and which way the body is shaken, and so how much each frequency counts."""

    SEAT_Z = "seat-z"
    BACKREST_X = "backrest-x"


@dataclass(frozen=True, slots=True)
class Dose:
    """Vibration taken so far; doses add.

    Attributes:
        a2_ms: Sum of squared acceleration x time, in (mm/s2)^2 ms.
        a4_ms: Sum of its fourth power x time, in (mm/s2)^4 ms.
    """

    a2_ms: int = 0
    a4_ms: int = 0

    def __add__(self, other: "Dose") -> "Dose":
        return Dose(self.a2_ms + other.a2_ms, self.a4_ms + other.a4_ms)


# docs/limits.md, weights: frequency in 0.1 Hz and weight in 1/10000, rounded up, at sixths of an octave;
# computed from the transfer functions of ISO 8041 for W_k and W_c.
# fmt: off
WEIGHTS: Final = MappingProxyType({
    Weighting.SEAT_Z: (
        (40, 9672), (45, 10144), (50, 10389), (56, 10516), (63, 10544), (71, 10492), (80, 10364), (90, 10155),
        (100, 9885), (112, 9497), (125, 9024), (140, 8447), (160, 7687), (180, 6985), (200, 6360),
        (224, 5714), (250, 5128), (280, 4572), (315, 4048), (355, 3571), (400, 3145), (450, 2766),
        (500, 2458), (560, 2154), (630, 1861), (710, 1584), (800, 1324),
    ),
    Weighting.BACKREST_X: (
        (40, 10239), (45, 10203), (50, 10129), (56, 9985), (63, 9743), (71, 9385), (80, 8910), (90, 8338),
        (100, 7762), (112, 7107), (125, 6467), (140, 5825), (160, 5118), (180, 4550), (200, 4089),
        (224, 3641), (250, 3252), (280, 2893), (315, 2560), (355, 2260), (400, 1992), (450, 1755),
        (500, 1562), (560, 1370), (630, 1185), (710, 1010), (800, 845),
    ),
})
# fmt: on

# docs/limits.md, weights: between two points a straight line holds, and the curve bulges above it by up to
# 0.36 %, at 4.2 Hz; so every weight counts for this much.
WEIGHT_ALLOWANCE_PERMILLE: Final = 1004

# docs/limits.md, weights: the factor of the axis, 1.0 on a seat and 0.8 on a backrest.
AXIS_PERMILLE: Final = MappingProxyType({Weighting.SEAT_Z: 1000, Weighting.BACKREST_X: 800})

# docs/limits.md, dose: chosen, because nobody has published how much of a cushion's or an applicator's
# vibration becomes vibration of the whole body.
COUPLING_PERMILLE: Final = MappingProxyType(
    {Coupling.PLATFORM: 1000, Coupling.CUSHION: 300, Coupling.APPLICATOR: 100}
)

# docs/limits.md, dose: a half, a quarter and an eighth of the action values of Directive 2002/44/EC, 0.5 m/s2
# over 8 h and 9.1 m/s^1.75; the latter rounded down to hundredths.
A8_UM_S2: Final = MappingProxyType({MILD: 250_000, MODERATE: 125_000, SEVERE: 62_500})
VDV_MM_S175: Final = MappingProxyType({MILD: 4550, MODERATE: 2270, SEVERE: 1130})

# docs/limits.md, frequencies: the two resonances of a seated spine with a margin, in 0.1 Hz, ends included.
FORBIDDEN_BAND_DHZ: Final = (30, 70)
HALVED_BAND_DHZ: Final = (90, 135)
HALVED_PERMILLE: Final = 500

# docs/limits.md, percussion: tenths of blows a second, and stroke; chosen, in the lower half of what is sold.
BLOWS_DHZ: Final = MappingProxyType({MILD: 300, MODERATE: 250, SEVERE: 0})
STROKE_DMM: Final = 100

# docs/limits.md, heat: what touches the skin is off at once from here on; it is on for no longer than this;
# and from 75 on it is no warmer than this.
HEAT_TRIP_C: Final = 43
HEAT_LONGEST_S: Final = 15 * 60
HEAT_OLDEST_C: Final = 39
