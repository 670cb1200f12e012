"""Places of everybody's back that a kind of massage may not touch: bones, kidneys, top and sides of the neck.

The figures and their sources: docs/limits.md, keep-outs. The strip along the midline is in the ceilings.
"""

from collections.abc import Iterator
from typing import Final

from massager.model.body import COLUMN_PPM, VERTEBRA_SPANS_PPM, Span
from massager.model.ceilings import PERCUSSION, ROLLER, VIBRATION, Modality
from massager.model.people import WIDEST_MM, KeepOut

_PRESSES: Final = frozenset({ROLLER, PERCUSSION})
_STRIKES: Final = frozenset({PERCUSSION})
_ALL: Final = frozenset({ROLLER, VIBRATION, PERCUSSION})


def _span(first: str, last: str) -> Span:
    return VERTEBRA_SPANS_PPM[first][0], VERTEBRA_SPANS_PPM[last][1]


# 30 mm below the skull, on a column of 500 mm, the shortest there is.
_NECK_TOP_PPM: Final = 60_000
# The tail bone is the lowest of four equal parts below S2.
_TAIL_PPM: Final = COLUMN_PPM - 25_250

# Name, stretch of the column, how far from the midline it begins on either side, and for what.
_PLACES: Final[tuple[tuple[str, Span, int, frozenset[Modality]], ...]] = (
    ("top of the neck", (0, _NECK_TOP_PPM), 0, _ALL),
    ("side of the neck", _span("C1", "C7"), 85, _ALL),
    ("kidneys", (sum(VERTEBRA_SPANS_PPM["T10"]) // 2, VERTEBRA_SPANS_PPM["L3"][1]), 0, _STRIKES),
    ("ribs", _span("T1", "T12"), 101, _STRIKES),
    ("ridge of the shoulder blade", _span("T3", "T3"), 85, _PRESSES),
    ("rim of the pelvis", _span("L4", "L5"), 110, _PRESSES),
    ("tail bone", (_TAIL_PPM, COLUMN_PPM), 0, _ALL),
)


def _rectangles() -> Iterator[tuple[KeepOut, frozenset[Modality]]]:
    for name, span_ppm, near_mm, modalities in _PLACES:
        if not near_mm:
            yield KeepOut(name, span_ppm, -WIDEST_MM, WIDEST_MM), modalities
        else:
            yield KeepOut(name, span_ppm, -WIDEST_MM, -near_mm), modalities
            yield KeepOut(name, span_ppm, near_mm, WIDEST_MM), modalities


BODY_KEEP_OUTS: Final = tuple(_rectangles())
