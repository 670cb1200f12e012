"""The picture for a terminal: the back, a row for each vertebra, and the strength from minute to minute."""

import textwrap
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from massager.drawing.ink import Ink
from massager.drawing.marks import Group, groups, held
from massager.drawing.strength import Band, band_of, bands, strokes
from massager.drawing.words import Words, band_words, letter, visit_words
from massager.model.body import COLUMN_PPM, VERTEBRA_SPANS_PPM, ZONE_SPANS_PPM, Span
from massager.model.captions import Caption
from massager.model.decisions import Reason
from massager.model.preview import Instant, Preview

# Chosen: what any terminal has; narrower ones break the lines by themselves.
NARROWEST: Final = 60
# Chosen: the back is drawn this wide to each side of the midline.
_HALF_MM: Final = 120
_HALF_COLUMNS: Final = 14
# Before the edge of the back.
_EDGE: Final = 5
# What the rows of marks below the chart are called.
_BESIDE: Final = (Caption.MINUTES, Caption.PLACE, Caption.WHY, Caption.ASKS)
_CHART_ROWS: Final = 8
# Chosen: a note farther off would be taken for another row's.
_FARTHEST_ROWS: Final = 3
# Chosen: wider ones show nothing more.
_CHART_WIDEST: Final = 100
_MOST_TICKS: Final = 8
_MINUTE_MS: Final = 60_000


def picture(preview: Preview, words: Words, *, width: int, ink: Ink) -> list[str]:
    """Lines of at most `width` columns, but no fewer than `NARROWEST`."""
    width = max(width, NARROWEST)
    back = _back(preview, words, width, ink)
    legend = _legend(preview, words, width, ink)
    chart = _chart(preview, words, width, ink)
    return [line.rstrip() for line in (*back, "", *legend, "", *chart)]


def _back(preview: Preview, words: Words, width: int, ink: Ink) -> Iterator[str]:
    say, found = words.captions, groups(preview, words)
    yield f"{say[Caption.BACK]}:"
    yield f"{'':{_EDGE + 1}}{say[Caption.LEFT]:<{_HALF_COLUMNS}} {say[Caption.RIGHT]:>{_HALF_COLUMNS}}"
    notes, below = _placed([*_visit_notes(preview, words), *_closed_notes(found, ink)], width)
    for row, (name, span) in enumerate(VERTEBRA_SPANS_PPM.items()):
        cells = "".join(_cells(preview, found, span, ink))
        yield f"{name:>{_EDGE - 1}} {ink.edge}{cells}{ink.edge} {notes.get(row, '')}"
    yield from below


def _cells(preview: Preview, found: tuple[Group, ...], span: Span, ink: Ink) -> Iterator[str]:
    """One row of the back: what works there most strongly, else whether it is closed."""
    middle, wide_mm = (span[0] + span[1]) // 2, _HALF_MM / _HALF_COLUMNS / 2
    across = [stroke for stroke in strokes(preview) if stroke.from_ppm <= middle < stroke.to_ppm]
    places = [place for group in found for place in group.places if _meet(place.span_ppm, span)]
    for column in range(-_HALF_COLUMNS, _HALF_COLUMNS + 1):
        mm = 2 * wide_mm * column
        here = [one.band.index for one in across if one.left_mm <= mm <= one.right_mm]
        warm = any(
            abs(middle - one.along_ppm) <= one.radius_mm * COLUMN_PPM // preview.column_mm
            and abs(mm - one.lateral_mm) <= one.radius_mm
            for one in preview.warmths
        )
        closed = any(place.left_mm < mm + wide_mm and mm - wide_mm < place.right_mm for place in places)
        yield ink.strengths[max(here)] if here else ink.warm if warm else ink.closed if closed else " "


def _meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


# Notes beside the back: the row at which each belongs, and its text.
_Note = tuple[int, tuple[str, ...]]


def _visit_notes(preview: Preview, words: Words) -> Iterator[_Note]:
    for zone, span in ZONE_SPANS_PPM.items():
        visits = [(letter(n), visit) for n, visit in enumerate(preview.visits) if visit.zone is zone]
        times = [(mark, ", ".join(visit_words(visit, words))) for mark, visit in visits]
        if len(times) == 1:
            mark, time = times[0]
            yield _row_at(sum(span) // 2) - 1, (f"{mark} {words.zones[zone]}", f"  {time}")
        elif times:
            lines = (words.zones[zone], *(f"{mark} {time}" for mark, time in times))
            yield _row_at(sum(span) // 2) - len(times), lines


def _closed_notes(found: tuple[Group, ...], ink: Ink) -> Iterator[_Note]:
    # The strip along the spine is in every row, so its note gives way to the others.
    for group in sorted(found, key=lambda one: one.largest.reason is Reason.KEEP_OUT_MIDLINE):
        yield _row_at(sum(group.largest.span_ppm) // 2), (f"{ink.closed} {group.label}",)


def _row_at(ppm: int) -> int:
    return sum(first <= ppm for first, _end in VERTEBRA_SPANS_PPM.values()) - 1


def _placed(wanted: list[_Note], width: int) -> tuple[dict[int, str], list[str]]:
    """Each note in free rows near its own, and below what finds none."""
    rows, wide = range(len(VERTEBRA_SPANS_PPM)), width - _EDGE - 2 * _HALF_COLUMNS - 4
    below: list[str] = []
    free = set(rows)
    notes: dict[int, str] = {}
    for row, texts in wanted:
        lines = [part for text in texts for part in textwrap.wrap(text, wide, subsequent_indent="  ")]
        starts = [
            first
            for first in range(row - _FARTHEST_ROWS, row + _FARTHEST_ROWS + 1)
            if free.issuperset(range(first, first + len(lines)))
        ]
        if not starts:
            below += textwrap.wrap(" ".join(texts), width)
            continue
        first = min(starts, key=lambda start: abs(start - row))
        for n, line in enumerate(lines):
            notes[first + n] = line
            free.discard(first + n)
    return notes, below


def _legend(preview: Preview, words: Words, width: int, ink: Ink) -> Iterator[str]:
    say = words.captions
    entries = [
        f"{2 * ink.closed} {say[Caption.CLOSED]}",
        *(f"{2 * ink.strengths[band.index]} {band_words(band, words)}" for band in bands(preview.highest)),
        f"{2 * ink.missing} {say[Caption.ASKED]}",
    ]
    if preview.warmths:
        entries.append(f"{2 * ink.warm} {say[Caption.WARM]}")
    line = entries[0]
    for entry in entries[1:]:
        if len(line) + 3 + len(entry) > width:
            yield line
            line = entry
        else:
            line += f"   {entry}"
    yield line


def _chart(preview: Preview, words: Words, width: int, ink: Ink) -> Iterator[str]:
    say = words.captions
    yield f"{say[Caption.CHART]}:"
    most = max(1, preview.highest, *(one.asked for one in preview.instants))
    top = f"{say[Caption.STRENGTH_AXIS]} {most}"
    beside = max(len(top), *(len(say[caption]) for caption in _BESIDE))
    time = _Time(preview, min(width, _CHART_WIDEST) - beside - 1)
    moments = [time.moment(column) for column in range(time.columns)]
    rows, of = min(_CHART_ROWS, most), bands(preview.highest)
    for row in range(rows, 0, -1):
        level = -(-most * row // rows)
        cells = "".join(_bar(one, level, of, ink) for one in moments)
        yield f"{top if row == rows else level:>{beside}}{ink.edge}{cells}"
    yield f"{0:>{beside}}{ink.edge}{ink.floor * time.columns}"
    marks = (
        time.row((minute * _MINUTE_MS, str(minute)) for minute in time.minutes),
        time.row((visit.from_ms, letter(n)) for n, visit in enumerate(preview.visits)),
        "".join(_reason(preview, words, one.t_ms) for one in moments),
        time.row((one.t_ms, "?") for one in preview.askings),
    )
    for caption, row_of_marks in zip(_BESIDE, marks, strict=True):
        yield f"{say[caption]:>{beside}} {row_of_marks}"


def _bar(instant: Instant, level: int, of: tuple[Band, ...], ink: Ink) -> str:
    """One character of the chart: given, asked for and not given, or neither."""
    if max((patch.level for patch in instant.patches), default=0) >= level:
        return ink.strengths[band_of(level, of).index]
    return ink.missing if instant.cap is not None and instant.asked >= level else " "


def _reason(preview: Preview, words: Words, t_ms: int) -> str:
    """The number of what holds the strength lower then."""
    for one in held(preview, words):
        if any(clamp.from_ms <= t_ms < clamp.to_ms for clamp in one.clamps):
            return str(one.number)[-1]
    return " "


class _Time:
    """The session's time, laid out in columns."""

    def __init__(self, preview: Preview, columns: int) -> None:
        self._ends_ms = max(1, 1000 * preview.session_s)
        self._over_ms = preview.visits[-1].to_ms if preview.visits else 0
        self._instants = preview.instants
        self._starts_ms = [one.t_ms for one in preview.instants]
        self.columns = columns

    def moment(self, column: int) -> Instant:
        """What holds in the middle of a column."""
        t_ms = self._ends_ms * (2 * column + 1) // (2 * self.columns)
        n = bisect_right(self._starts_ms, t_ms)
        if n == 0 or t_ms >= self._over_ms:
            return Instant(t_ms, None, (), 0, None)
        return replace(self._instants[n - 1], t_ms=t_ms)

    @property
    def minutes(self) -> range:
        """Those that are written."""
        whole = self._ends_ms // _MINUTE_MS
        return range(0, whole + 1, max(1, -(-whole // _MOST_TICKS)))

    def row(self, marks: Iterable[tuple[int, str]]) -> str:
        """Marks at their times."""
        row = [" "] * (self.columns + 2)
        for t_ms, mark in marks:
            column = min(self.columns - 1, self.columns * t_ms // self._ends_ms)
            row[column : column + len(mark)] = mark
        return "".join(row[: self.columns])
