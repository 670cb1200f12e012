"""Strengths in a few bands that the eye tells apart, and where on the back each is reached."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Final

from massager.model.body import COLUMN_PPM
from massager.model.preview import Patch, Preview

# Chosen: as many patterns as one still tells apart on paper.
MOST_BANDS: Final = 4
# Chosen: finer than any patch.
_BINS: Final = 200
_BIN_PPM: Final = COLUMN_PPM // _BINS


@dataclass(frozen=True, slots=True)
class Band:
    """Levels that look alike; `index` rises with the strength."""

    index: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Stroke:
    """A stretch of the back that one actuator works on, and the band of the highest level there."""

    from_ppm: int
    to_ppm: int
    left_mm: int
    right_mm: int
    band: Band


def bands(highest: int) -> tuple[Band, ...]:
    """Levels from 1 to the highest, in bands of about equal width."""
    count = min(MOST_BANDS, highest)
    edges = [highest * n // count for n in range(count + 1)] if count else []
    return tuple(Band(index, low + 1, high) for index, (low, high) in enumerate(pairwise(edges)))


def band_of(level: int, of: Iterable[Band]) -> Band:
    """The band that holds a level above 0.

    Raises:
        ValueError: There is none.
    """
    for band in of:
        if band.low <= level <= band.high:
            return band
    raise ValueError(f"no band holds level {level}")


def strokes(preview: Preview) -> tuple[Stroke, ...]:
    """All that is worked on, by actuator and side of the midline, from above downwards."""
    radius_mm = {actuator.name: actuator.radius_mm for actuator in preview.actuators}
    worked: dict[tuple[str, bool], list[Patch]] = {}
    for instant in preview.instants:
        for patch in instant.patches:
            if patch.level:
                worked.setdefault((patch.name, patch.lateral_mm < 0), []).append(patch)
    of = bands(preview.highest)
    found = []
    for (name, _is_left), patches in worked.items():
        reach_mm = radius_mm[name]
        left_mm = min(patch.lateral_mm for patch in patches) - reach_mm
        right_mm = max(patch.lateral_mm for patch in patches) + reach_mm
        for first, end, band in _runs(patches, reach_mm * COLUMN_PPM // preview.column_mm, of):
            found.append(Stroke(first * _BIN_PPM, end * _BIN_PPM, left_mm, right_mm, band))
    return tuple(found)


def _runs(patches: Iterable[Patch], reach_ppm: int, of: tuple[Band, ...]) -> Iterator[tuple[int, int, Band]]:
    """Bins that follow each other in one band: the first, the one after the last, and the band."""
    highest = [0] * _BINS
    for patch in patches:
        first = max(0, (patch.along_ppm - reach_ppm) // _BIN_PPM)
        last = min(_BINS - 1, (patch.along_ppm + reach_ppm) // _BIN_PPM)
        for n in range(first, last + 1):
            highest[n] = max(highest[n], patch.level)
    # Sweeps end a millimetre apart: a bin is like its stronger neighbour.
    looks = [band_of(max(highest[max(0, n - 1) : n + 2]), of) if highest[n] else None for n in range(_BINS)]
    n = 0
    for band, run in groupby(looks):
        end = n + len(list(run))
        if band is not None:
            yield n, end, band
        n = end
