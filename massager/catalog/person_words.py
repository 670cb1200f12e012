"""Days, times, hours and vertebrae as people write them, in files and on the command line."""

import re
from datetime import UTC, datetime
from typing import Final

from massager.model.body import VERTEBRA_SPANS_PPM, Calibration, Span, landmarks_apart_mm
from massager.model.people import DAY_MIN

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SECOND: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_HOURS: Final = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])")

MEASURE_AGAIN: Final = "Measure both places again, and the stature."


def read_hours(text: str) -> tuple[int, int]:
    """The local minutes of the day in a text such as `09:00-20:30`.

    Raises:
        ValueError: It is none, or both ends are the same.
    """
    found = _HOURS.fullmatch(text)
    if not found:
        raise ValueError("this is no stretch of hours; write it as 09:00-20:30")
    first_h, first_min, end_h, end_min = (int(part) for part in found.groups())
    first, end = 60 * first_h + first_min, 60 * end_h + end_min
    if first >= DAY_MIN or end > DAY_MIN:
        raise ValueError("the day has no such hour; it ends at 24:00")
    if first == end:
        raise ValueError("both ends are the same; leave the hours out to allow any time")
    return first, end


def hours_text(hours: tuple[int, int]) -> str:
    """Local minutes of the day as `read_hours` reads them."""
    return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in hours)


def read_day(text: str) -> int:
    """Midnight UTC of a day such as `2026-11-30`, in seconds since 1970.

    Raises:
        ValueError: It is none.
    """
    if not _DAY.fullmatch(text):
        raise ValueError("this is no day; write it as 2026-11-30")
    return _timestamp(text)


def day_text(unix_s: int) -> str:
    """The day in UTC as `read_day` reads it."""
    return datetime.fromtimestamp(unix_s, UTC).strftime("%Y-%m-%d")


def read_second(text: str) -> int:
    """Seconds since 1970 of a time such as `2026-11-30T09:05:00Z`.

    Raises:
        ValueError: It is none.
    """
    if not _SECOND.fullmatch(text):
        raise ValueError("this is no time; write it as 2026-11-30T09:05:00Z")
    return _timestamp(text)


def second_text(unix_s: int) -> str:
    """The time in UTC as `read_second` reads it."""
    return datetime.fromtimestamp(unix_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _timestamp(text: str) -> int:
    try:
        return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())
    except ValueError:
        raise ValueError("the calendar has no such time") from None


def vertebrae_span_ppm(first: str, last: str) -> Span:
    """The stretch of the column from one vertebra's upper border to another's lower one.

    Raises:
        ValueError: There is no such vertebra, or the first lies below the last.
    """
    for name in (first, last):
        if name not in VERTEBRA_SPANS_PPM:
            raise ValueError(f"there is no vertebra {name!r}; there are {', '.join(VERTEBRA_SPANS_PPM)}")
    begin, end = VERTEBRA_SPANS_PPM[first][0], VERTEBRA_SPANS_PPM[last][1]
    if begin >= end:
        raise ValueError(f"{first} lies below {last}; name the upper one first")
    return begin, end


def vertebrae_text(span_ppm: Span) -> tuple[str, str]:
    """The vertebrae at which a stretch of the column begins and ends.

    Raises:
        ValueError: It begins or ends between their borders.
    """
    first = [name for name, span in VERTEBRA_SPANS_PPM.items() if span[0] == span_ppm[0]]
    last = [name for name, span in VERTEBRA_SPANS_PPM.items() if span[1] == span_ppm[1]]
    if not first or not last:
        raise ValueError(f"the stretch {span_ppm} of the column is not one of whole vertebrae")
    return first[0], last[0]


def misfit_text(landmarks: Calibration, stature_mm: int) -> str:
    """What is wrong with landmarks that do not fit a body height."""
    apart_mm = landmarks.psis_mm - landmarks.c7_mm
    shortest, longest = landmarks_apart_mm(stature_mm)
    return (
        f"C7 and PSIS lie {apart_mm} mm apart, which must be {shortest} to {longest} mm "
        f"at a stature of {stature_mm / 10:g} cm"
    )
