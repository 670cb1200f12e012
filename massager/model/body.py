"""The back as coordinates: regions and zones along the spine, calibration of a person to a device.

Positions along the spine are device millimetres (carriage positions, downward); anatomy is parts per million
of the column from the upper border of C1 (docs/limits.md, body map). Comparisons are exact, in whole numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType
from typing import Final

Span = tuple[int, int]


class Region(StrEnum):
    """Part of the spine that has its own row of ceilings."""

    CERVICAL = "cervical"
    THORACIC = "thoracic"
    LUMBAR = "lumbar"


class Zone(StrEnum):
    """Stretch of the back with its own time budget (six zones, each left and right)."""

    C3_C7 = "C3-C7"
    T1_T4 = "T1-T4"
    T5_T8 = "T5-T8"
    T9_T12 = "T9-T12"
    L1_L3 = "L1-L3"
    L4_S1 = "L4-S1"


class Side(StrEnum):
    """Left or right of the midline; lateral positions on the left are negative."""

    LEFT = "left"
    RIGHT = "right"


# The whole column, C1's upper border to the coccyx.
COLUMN_PPM: Final = 1_000_000

# docs/limits.md, body map; the sacrum takes the lumbar row (chosen, because nothing below L5 has a row of
# its own and the lumbar one is the nearest).
REGION_SPANS_PPM: Final[dict[Region, Span]] = {
    Region.CERVICAL: (0, 176_000),
    Region.THORACIC: (176_000, 570_000),
    Region.LUMBAR: (570_000, COLUMN_PPM),
}

# Equal parts within a segment (docs/limits.md, body map); S1 ends at 0.861 (chosen there).
ZONE_SPANS_PPM: Final[dict[Zone, Span]] = {
    Zone.C3_C7: (50_286, 176_000),
    Zone.T1_T4: (176_000, 307_333),
    Zone.T5_T8: (307_333, 438_667),
    Zone.T9_T12: (438_667, 570_000),
    Zone.L1_L3: (570_000, 722_400),
    Zone.L4_S1: (722_400, 861_000),
}

_SEGMENTS_PPM: Final = (
    (tuple(f"C{n}" for n in range(1, 8)), (0, 176_000)),
    (tuple(f"T{n}" for n in range(1, 13)), (176_000, 570_000)),
    (tuple(f"L{n}" for n in range(1, 6)), (570_000, 824_000)),
    (("S1",), (824_000, 861_000)),
    (("S2",), (861_000, COLUMN_PPM)),
)


def _equal_parts(first: int, end: int, count: int) -> list[Span]:
    borders = [first + (2 * n * (end - first) + count) // (2 * count) for n in range(count + 1)]
    return list(pairwise(borders))


# docs/limits.md, body map: equal parts within a segment; S1 ends at 0.861 (chosen there), and S2 stands for
# all below it, down to the tip of the coccyx.
VERTEBRA_SPANS_PPM: Final[Mapping[str, Span]] = MappingProxyType(
    {
        name: span
        for names, (first, end) in _SEGMENTS_PPM
        for name, span in zip(names, _equal_parts(first, end, len(names)), strict=True)
    }
)


# The two landmarks a finger finds (docs/limits.md, body map): C7 and the line of the PSIS at S2.
C7_PPM: Final = 163_000
PSIS_PPM: Final = 880_000

# C7 to PSIS is 0.717 of the column; columns of 500 to 850 mm (chosen, because 610 and 710 mm are the
# published means for women and men) give 358 to 609 mm.
LANDMARK_DISTANCE_MM: Final[Span] = (358, 609)

# Chosen, because adults shorter or taller are rarer than a slip of the pen.
STATURE_MM: Final[Span] = (1200, 2200)

# C7 to PSIS per mille of body height: 0.717 of columns of 610 and 710 mm is 270 and 291 at 1620 and 1750 mm
# (chosen, because these are near the mean heights of women and men); 15 per cent less and more (chosen,
# because two places felt by hand are out by 8, and proportions differ by about as much) are 229 and 335.
LANDMARK_SHARE_PERMILLE: Final[Span] = (229, 335)

# Localisation error (docs/limits.md, keep-out row): 10 mm with a body scan, 20 mm placed by the user.
ERROR_LEAST_MM: Final = 10
ERROR_BY_HAND_MM: Final = 20


def landmarks_apart_mm(stature_mm: int) -> Span:
    """The shortest and the longest way from C7 to the PSIS line at a body height, in whole millimetres."""
    least, most = LANDMARK_SHARE_PERMILLE
    return -(-least * stature_mm // 1000), most * stature_mm // 1000


@dataclass(frozen=True, slots=True)
class Calibration:
    """Where a person's C7 and PSIS line lie on a device's travel, and how surely.

    Raises:
        ValueError: The landmarks are not those of an adult's back, or the error is below 10 mm.
    """

    c7_mm: int
    psis_mm: int
    error_mm: int

    def __post_init__(self) -> None:
        shortest, longest = LANDMARK_DISTANCE_MM
        if not shortest <= self.psis_mm - self.c7_mm <= longest:
            raise ValueError(f"C7 and PSIS must lie {shortest} to {longest} mm apart")
        if self.error_mm < ERROR_LEAST_MM:
            raise ValueError(f"the localisation error is at least {ERROR_LEAST_MM} mm")

    def fits(self, stature_mm: int) -> bool:
        """Whether the landmarks are those of somebody of this body height."""
        shortest, longest = landmarks_apart_mm(stature_mm)
        return shortest <= self.psis_mm - self.c7_mm <= longest

    @property
    def column_mm(self) -> int:
        """Length of the whole column, rounded down."""
        return (self.psis_mm - self.c7_mm) * COLUMN_PPM // (PSIS_PPM - C7_PPM)

    def _scaled(self, mm: int) -> int:
        return (mm - self.c7_mm) * (PSIS_PPM - C7_PPM) + C7_PPM * (self.psis_mm - self.c7_mm)

    def ppm_at(self, mm: int) -> int:
        """The place along the column, rounded down."""
        return self._scaled(mm) // (self.psis_mm - self.c7_mm)

    def zone_at(self, mm: int) -> Zone | None:
        """The zone that holds a patch's centre, or None outside all zones."""
        scaled, unit = self._scaled(mm), self.psis_mm - self.c7_mm
        for zone, (first, end) in ZONE_SPANS_PPM.items():
            if first * unit <= scaled < end * unit:
                return zone
        return None

    def zones_between(self, first_mm: int, last_mm: int) -> tuple[Zone, ...]:
        """Zones that a centre passes from first to last, both in a zone; empty where it leaves them all."""
        if self.zone_at(first_mm) is None or self.zone_at(last_mm) is None:
            return ()
        low, high, unit = self._scaled(first_mm), self._scaled(last_mm), self.psis_mm - self.c7_mm
        return tuple(
            zone for zone, (first, end) in ZONE_SPANS_PPM.items() if low < end * unit and high >= first * unit
        )

    def regions_touched(self, first_mm: int, last_mm: int) -> frozenset[Region] | None:
        """The regions that meet the stretch, ends included; None where it leaves the spine."""
        low, high, unit = self._scaled(first_mm), self._scaled(last_mm), self.psis_mm - self.c7_mm
        if low < 0 or high > COLUMN_PPM * unit:
            return None
        return frozenset(
            region
            for region, (first, end) in REGION_SPANS_PPM.items()
            if low <= end * unit and high >= first * unit
        )

    def regions_beside(self, first_mm: int, last_mm: int) -> frozenset[Region]:
        """The regions of the zones that meet the stretch, and of the next zone on either side."""
        zones, touched = list(Zone), self.zones_touched(first_mm, last_mm)
        near = {
            zones[index]
            for zone in touched
            for index in range(zones.index(zone) - 1, zones.index(zone) + 2)
            if 0 <= index < len(zones)
        }
        return frozenset(
            region
            for region, (first, end) in REGION_SPANS_PPM.items()
            if any(first <= ZONE_SPANS_PPM[zone][0] < end for zone in near)
        )

    def zones_touched(self, first_mm: int, last_mm: int) -> frozenset[Zone]:
        """The zones that meet the stretch, ends included."""
        low, high, unit = self._scaled(first_mm), self._scaled(last_mm), self.psis_mm - self.c7_mm
        return frozenset(
            zone
            for zone, (first, end) in ZONE_SPANS_PPM.items()
            if low <= end * unit and high >= first * unit
        )

    def span_outside_mm(self, span: Span) -> Span:
        """The smallest stretch of whole millimetres that covers a span of the column."""
        unit, whole = self.psis_mm - self.c7_mm, PSIS_PPM - C7_PPM
        first = self.c7_mm + (span[0] - C7_PPM) * unit // whole
        last = self.c7_mm - (-(span[1] - C7_PPM) * unit // whole)
        return first, last

    def span_inside_mm(self, span: Span) -> Span:
        """The largest stretch of whole millimetres inside a span of the column."""
        unit, whole = self.psis_mm - self.c7_mm, PSIS_PPM - C7_PPM
        first = self.c7_mm - (-(span[0] - C7_PPM) * unit // whole)
        last = self.c7_mm + ((span[1] - C7_PPM) * unit - 1) // whole
        return first, last

    def span_touched_mm(self, span: Span) -> Span:
        """The whole millimetres that lie in a span of the column, ends included."""
        unit, whole = self.psis_mm - self.c7_mm, PSIS_PPM - C7_PPM
        first = self.c7_mm - (-(span[0] - C7_PPM) * unit // whole)
        last = self.c7_mm + (span[1] - C7_PPM) * unit // whole
        return first, last
