"""The strength from minute to minute: what the program asks for, what is given, and marks for why."""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import Final

from massager.drawing.elements import BLUES, FAINT, INK, LINE, Element, add, badge, write
from massager.drawing.marks import held
from massager.drawing.strength import MOST_BANDS, bands
from massager.drawing.words import Words, letter
from massager.model.captions import Caption
from massager.model.preview import Instant, Preview

HEIGHT: Final = 530
_LEFT, _RIGHT = 110, 1160
_PLOT_TOP, _PLOT_BOTTOM = 130, 410
_SIZE: Final = 22
_MINUTE_MS: Final = 60_000
_MOST_TICKS: Final = 8
_BADGE_ROOM: Final = 40


class _Axes:
    def __init__(self, preview: Preview, top: float) -> None:
        self._ends_ms = max(1000 * preview.session_s, 1)
        self.most = max([preview.highest, *(instant.asked for instant in preview.instants)], default=1)
        self.top, self.bottom = top + _PLOT_TOP, top + _PLOT_BOTTOM

    def x(self, t_ms: int) -> float:
        """Of a moment."""
        return _LEFT + (_RIGHT - _LEFT) * min(t_ms, self._ends_ms) / self._ends_ms

    def y(self, level: int) -> float:
        """Of a level."""
        return self.bottom - (self.bottom - self.top) * level / max(1, self.most)

    @property
    def minutes(self) -> range:
        """Those to be written."""
        whole = self._ends_ms // _MINUTE_MS
        return range(0, whole + 1, max(1, -(-whole // _MOST_TICKS)))

    @property
    def levels(self) -> range:
        """Those to be written."""
        return range(0, self.most + 1, max(1, -(-self.most // _MOST_TICKS)))


def draw_chart(page: Element, preview: Preview, words: Words, *, top: float) -> None:
    """Draw it, `HEIGHT` high."""
    axes = _Axes(preview, top)
    _grid(page, axes, words)
    _visits(page, axes, preview)
    _courses(page, axes, preview)
    _marks(page, axes, preview, words, row=axes.top - 32)
    _questions(page, axes, preview)
    _key(page, words, top + HEIGHT - 10)


def _grid(page: Element, axes: _Axes, words: Words) -> None:
    for level in axes.levels:
        y = axes.y(level)
        add(page, "path", d=f"M{_LEFT},{y:.1f} H{_RIGHT}", stroke=LINE, stroke_width=1.5)
        write(page, str(level), x=_LEFT - 14, y=y + 8, size=_SIZE, text_anchor="end")
    for minute in axes.minutes:
        x = axes.x(minute * _MINUTE_MS)
        add(page, "path", d=f"M{x:.1f},{axes.bottom} v8", stroke=INK, stroke_width=2)
        write(page, str(minute), x=x, y=axes.bottom + 34, size=_SIZE, text_anchor="middle")
    write(page, words.captions[Caption.MINUTES], x=_RIGHT, y=axes.bottom + 64, size=_SIZE, text_anchor="end")
    write(page, words.captions[Caption.STRENGTH_AXIS], x=30, y=axes.top - 72, size=_SIZE)
    add(page, "path", d=f"M{_LEFT},{axes.bottom} H{_RIGHT}", stroke=INK, stroke_width=2)


def _visits(page: Element, axes: _Axes, preview: Preview) -> None:
    for index, visit in enumerate(preview.visits):
        first, last = axes.x(visit.from_ms), axes.x(visit.to_ms)
        if index:
            add(
                page, "path", d=f"M{first:.1f},{axes.top - 92} V{axes.bottom}", stroke=FAINT,
                stroke_width=2, stroke_dasharray="3 6",
            )  # fmt: skip
        badge(page, letter(index), x=(first + last) / 2, y=axes.top - 78)


def _steps(axes: _Axes, course: Sequence[tuple[int, int]]) -> str:
    """A line in steps through moments and levels; it begins where the pen is."""
    changes = [next(run) for _level, run in groupby(course, key=itemgetter(1))]
    parts = [f"H{axes.x(t_ms):.1f} V{axes.y(level):.1f}" for t_ms, level in changes]
    return " ".join([*parts, f"H{axes.x(course[-1][0]):.1f}"])


def _courses(page: Element, axes: _Axes, preview: Preview) -> None:
    """What is given, in the patterns of the bands that it reaches up to, and what is asked for."""
    given = [(one.t_ms, _level(one)) for one in preview.instants]
    asked = [(one.t_ms, one.asked) for one in preview.instants if one.cap]
    if not given or not asked:
        return
    for band in bands(preview.highest):
        floor = axes.y(band.low - 1)
        course = [(t_ms, max(band.low - 1, min(band.high, level))) for t_ms, level in given]
        add(
            page, "path", fill=f"url(#strength-{band.index})",
            d=f"M{_LEFT},{floor:.1f} {_steps(axes, course)} V{floor:.1f} Z",
        )  # fmt: skip
    add(
        page, "path", fill="none", stroke=BLUES[3], stroke_width=4,
        d=f"M{_LEFT},{axes.bottom} {_steps(axes, given)} V{axes.bottom}",
    )  # fmt: skip
    add(
        page, "path", fill="none", stroke=INK, stroke_width=4, stroke_dasharray="14 8",
        d=f"M{_LEFT},{axes.bottom} {_steps(axes, asked)}",
    )  # fmt: skip


def _level(instant: Instant) -> int:
    return max((patch.level for patch in instant.patches), default=0)


def _marks(page: Element, axes: _Axes, preview: Preview, words: Words, *, row: float) -> None:
    """Numbers above what is held lower, side by side where they would lie on each other."""
    marks = sorted(
        (axes.x((clamp.from_ms + clamp.to_ms) // 2), one.number)
        for one in held(preview, words)
        for clamp in one.clamps
    )
    places: list[float] = []
    for middle, _number in marks:
        places.append(max(middle, places[-1] + _BADGE_ROOM) if places else middle)
    for n in reversed(range(len(places))):
        most = _RIGHT if n == len(places) - 1 else places[n + 1] - _BADGE_ROOM
        places[n] = min(places[n], most)
    for (middle, number), x in zip(marks, places, strict=True):
        add(page, "path", d=f"M{x:.1f},{row + 16} L{middle:.1f},{axes.top + 8}", stroke=INK, stroke_width=2)
        badge(page, str(number), x=x, y=row, is_round=False)


def _questions(page: Element, axes: _Axes, preview: Preview) -> None:
    for one in preview.askings:
        write(
            page, "?", x=axes.x(one.t_ms), y=axes.bottom + 64, size=26, font_weight="bold",
            text_anchor="middle",
        )  # fmt: skip


def _key(page: Element, words: Words, y: float) -> None:
    say = words.captions
    for n in range(MOST_BANDS):
        add(page, "rect", x=_LEFT + 18 * n, y=y - 22, width=18, height=28, fill=f"url(#strength-{n})")
    add(
        page, "rect", x=_LEFT, y=y - 22, width=18 * MOST_BANDS, height=28, fill="none", stroke=BLUES[3],
        stroke_width=4,
    )  # fmt: skip
    write(page, say[Caption.GIVEN], x=_LEFT + 88, y=y, size=_SIZE)
    add(page, "path", d=f"M{_LEFT + 400},{y - 8} h56", stroke=INK, stroke_width=4, stroke_dasharray="14 8")
    write(page, say[Caption.ASKED], x=_LEFT + 470, y=y, size=_SIZE)
    write(page, "?", x=_LEFT + 870, y=y, size=26, font_weight="bold")
    write(page, say[Caption.ASKS], x=_LEFT + 900, y=y, size=_SIZE)
