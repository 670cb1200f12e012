"""The default sitter of docs/protocol.md 6: where a place along the back lies on the spine."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Final


def _segment(names: Sequence[str], start: float, end: float) -> list[tuple[float, str]]:
    return [(start + (end - start) * i / len(names), name) for i, name in enumerate(names)]


# Vertebrae of the default sitter with their upper borders, as fractions of the column from the upper border
# of C1: docs/protocol.md 6.
_LEVELS: Final = (
    *_segment([f"C{i}" for i in range(1, 8)], 0.0, 0.176),
    *_segment([f"T{i}" for i in range(1, 13)], 0.176, 0.570),
    *_segment([f"L{i}" for i in range(1, 6)], 0.570, 0.824),
    (0.824, "S1"),
    (0.861, "S2"),
    *_segment(["S3", "S4", "S5", "coccyx"], 0.899, 1.0),
)
_BORDERS: Final = (*(border for border, _ in _LEVELS), 1.0)

_C7_FRACTION: Final = 0.163  # both landmarks: docs/protocol.md 6
_PSIS_FRACTION: Final = 0.880
_C7_MM: Final = 40.0
_PSIS_MM: Final = 549.0


def column_fraction(along_mm: float) -> float:
    """Where a place along a chair's travel or a cushion's rest lies on the column, from its two landmarks."""
    share = (along_mm - _C7_MM) / (_PSIS_MM - _C7_MM)
    return _C7_FRACTION + share * (_PSIS_FRACTION - _C7_FRACTION)


def vertebra_at(fraction: float) -> tuple[str, float]:
    """Name of the vertebral level at a fraction of the column, and how far down in it, from 0 to 1.

    What lies beyond either end of the column counts to its last level.
    """
    inside = min(max(fraction, 0.0), 1.0)
    index = min(bisect_right(_BORDERS, inside), len(_LEVELS)) - 1
    upper, lower = _BORDERS[index], _BORDERS[index + 1]
    return _LEVELS[index][1], (inside - upper) / (lower - upper)
