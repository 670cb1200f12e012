"""Minutes: day by day with what seven days add up to, and place by place on the back."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from massager.drawing.elements import BLUES, INK, STOP, Element, add, lines_of, write
from massager.drawing.plots import (
    LEFT,
    RIGHT,
    SIZE,
    WIDTH,
    Grid,
    begin,
    draw_bar,
    draw_gap,
    draw_grid,
    draw_key,
    end,
    height_with,
    key_bar,
    key_gap,
)

_MINUTE_STEPS: Final = (1, 2, 5, 10, 20, 50, 100, 200)
_LIMIT_DASH: Final = "16 8"
# Of the place on the back: what is left of the midline is drawn on the left.
_MIDDLE: Final = WIDTH / 2
_LONGEST: Final = 190
_HEAD: Final = 60
_LINE: Final = 42
_ROW: Final = 66
_BAR: Final = 34
_MARGIN: Final = 20


@dataclass(frozen=True, slots=True)
class DayWords:
    """What is said of days."""

    title: str
    day: str
    week: str
    limit: str
    missing: str


@dataclass(frozen=True, slots=True)
class Minutes:
    """Of one day; None where nobody knows.

    Attributes:
        name: Two letters at most.
        week: Of the seven days that end with it.
    """

    name: str
    day: int | None
    week: int | None


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """What is said of places."""

    title: str
    left: str
    right: str


@dataclass(frozen=True, slots=True)
class Place:
    """Minutes at one place on the back, on each side."""

    name: str
    left: int
    right: int


def days(minutes: Sequence[Minutes], limit: int, words: DayWords) -> str:
    """The chart as an element of a page; oldest first.

    Args:
        minutes: Of each day.
        limit: Of seven days.
        words: Of a language; the limit's figure is in them.
    """
    told = "; ".join([f"{words.limit}", *(_told(one, words) for one in minutes)])
    lines = [words.day, words.week, words.limit]
    symbols = [key_bar("days"), _week_line, _limit_line]
    if any(one.day is None for one in minutes):
        lines.append(words.missing)
        symbols.append(key_gap)
    page = begin("days", words.title, told, height_with(*lines))
    grid = Grid.of(len(minutes), max([limit, *(one.week or one.day or 0 for one in minutes)]), _MINUTE_STEPS)
    draw_grid(page, grid, [one.name for one in minutes])
    slot = 0
    for is_known, run in groupby(minutes, key=lambda one: one.day is not None):
        of_run = list(run)
        if is_known:
            _draw_known(page, grid, slot, of_run)
        else:
            draw_gap(page, grid, slot, slot + len(of_run) - 1)
        slot += len(of_run)
    y = grid.y(limit)
    add(
        page, "path", d=f"M{LEFT},{y:.1f} H{RIGHT}", stroke=STOP, stroke_width=5,
        stroke_dasharray=_LIMIT_DASH,
    )  # fmt: skip
    draw_key(page, list(zip(symbols, lines, strict=True)))
    return end(page)


def _told(one: Minutes, words: DayWords) -> str:
    if one.day is None or one.week is None:
        return f"{one.name}: {words.missing}"
    return f"{one.name}: {words.day}: {one.day}, {words.week}: {one.week}"


def _draw_known(page: Element, grid: Grid, first: int, minutes: Sequence[Minutes]) -> None:
    """Bars of days that follow each other, and the line of their weeks over them."""
    line: list[str] = []
    for slot, one in enumerate(minutes, first):
        if one.day:
            draw_bar(page, grid, slot, one.day, "days")
        if one.week is not None:
            left, right, y = grid.x(slot - 0.5), grid.x(slot + 0.5), grid.y(one.week)
            line.append(f"{'L' if line else 'M'}{left:.1f},{y:.1f} H{right:.1f}")
    add(page, "path", d=" ".join(line), fill="none", stroke=INK, stroke_width=6)


def _week_line(page: Element, x: float, y: float) -> None:
    add(page, "path", d=f"M{x - 20:.1f},{y + 8:.1f} h20 v-16 h20", fill="none", stroke=INK, stroke_width=6)


def _limit_line(page: Element, x: float, y: float) -> None:
    add(page, "path", d=f"M{x - 20:.1f},{y:.1f} h40", stroke=STOP, stroke_width=5, stroke_dasharray="16 8")


def places(minutes: Sequence[Place], words: PlaceWords) -> str:
    """The chart as an element of a page, the neck above and the pelvis below, as somebody's back is seen."""
    told = "; ".join(f"{one.name}: {words.left}: {one.left}, {words.right}: {one.right}" for one in minutes)
    names = [lines_of(one.name, WIDTH - 2 * _MARGIN, SIZE) for one in minutes]
    height = _HEAD + sum(len(lines) * _LINE + _ROW for lines in names)
    page = begin("places", words.title, told, height)
    write(page, words.left, x=_MIDDLE - 16, y=44, size=SIZE, text_anchor="end", font_weight="bold")
    write(page, words.right, x=_MIDDLE + 16, y=44, size=SIZE, font_weight="bold")
    most = max([1, *(side for one in minutes for side in (one.left, one.right))])
    y: float = _HEAD
    for one, lines in zip(minutes, names, strict=True):
        for line in lines:
            y += _LINE
            write(page, line, x=_MIDDLE, y=y, size=SIZE, text_anchor="middle")
        _draw_side(page, one.left, y=y + 14, most=most, sign=-1)
        _draw_side(page, one.right, y=y + 14, most=most, sign=1)
        add(page, "path", d=f"M{_MIDDLE},{y + 8} v{_BAR + 12}", stroke=INK, stroke_width=4)
        y += _ROW
    return end(page)


def _draw_side(page: Element, minutes: int, *, y: float, most: int, sign: int) -> None:
    """A bar away from the midline, its figure beyond its end."""
    long = _LONGEST * minutes / most
    if minutes:
        add(
            page, "rect", x=_MIDDLE if sign > 0 else _MIDDLE - long, y=y, width=long, height=_BAR,
            fill="url(#places-bar)", stroke=BLUES[3], stroke_width=3,
        )  # fmt: skip
    anchor = "start" if sign > 0 else "end"
    write(page, str(minutes), x=_MIDDLE + sign * (long + 12), y=y + 28, size=SIZE, text_anchor=anchor)
