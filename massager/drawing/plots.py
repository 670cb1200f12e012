"""What charts over sessions and over days share: slots side by side, a scale, a key, and how a gap looks.

What nobody knows is a question mark, never a bar of no height: 0 is drawn, and says 0. Each chart has ids of
its own, since several stand on one page.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from massager.drawing.elements import BLUES, FAINT, INK, LINE, PAPER, Element, add, lines_of, pattern, write

WIDTH: Final = 560
# Of all that is written: 20 px on a phone, where the chart is about 350 px wide.
SIZE: Final = 32
LEFT: Final = 92
RIGHT: Final = 540
TOP: Final = 30
BOTTOM: Final = 330
# From the floor of a chart to the first line of its key.
KEY: Final = BOTTOM + 100
_KEY_X: Final = 30
_KEY_TEXT_X: Final = 66
_KEY_STEP: Final = 46
# Room for a name of two letters below its slot.
_NAME_ROOM: Final = 52
_MOST_LINES: Final = 5
_WIDEST: Final = 80
GAP: Final = "?"

# Draws what a line of a key explains, around a point.
Symbol = Callable[[Element, float, float], None]


@dataclass(frozen=True, slots=True)
class Grid:
    """Slots from left to right, and a scale from 0.

    Attributes:
        count: Of slots.
        step: Between two lines.
        most: The highest line.
    """

    count: int
    step: int
    most: int

    @classmethod
    def of(cls, count: int, highest: int, steps: Sequence[int]) -> "Grid":
        """One that holds a value, with the smallest of these steps that keeps it readable."""
        step = next((one for one in steps if highest <= _MOST_LINES * one), steps[-1])
        return cls(count, step, step * max(1, -(-highest // step)))

    @property
    def width(self) -> float:
        """Of a slot."""
        return (RIGHT - LEFT) / max(1, self.count)

    @property
    def mark(self) -> float:
        """How wide a mark in a slot is at most: few sessions do not look like large ones."""
        return min(_WIDEST, 0.8 * self.width)

    def x(self, slot: float) -> float:
        """The middle of a slot."""
        return LEFT + self.width * (slot + 0.5)

    def y(self, value: float) -> float:
        """Of a value."""
        return BOTTOM - (BOTTOM - TOP) * value / self.most


def begin(name: str, title: str, told: str, height: float) -> Element:
    """An empty chart, with all that it shows in words.

    Args:
        name: Apart from that of every other chart on the page.
        title: What it shows.
        told: The same in sentences, every value with it.
        height: In its units.
    """
    page = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {WIDTH} {height:.0f}",
            "role": "img",
            "aria-labelledby": f"{name}-title {name}-desc",
            "font-family": "Verdana, DejaVu Sans, Arial, sans-serif",
        },
    )
    add(page, "title", id=f"{name}-title").text = title
    add(page, "desc", id=f"{name}-desc").text = told
    bar = pattern(add(page, "defs"), f"{name}-bar", 12)
    add(bar, "rect", width=12, height=12, fill=BLUES[1])
    add(bar, "path", d="M0,3 h12 M0,9 h12", stroke=BLUES[3], stroke_width=2.4)
    add(page, "rect", width=WIDTH, height=height, fill=PAPER)
    return page


def end(page: Element) -> str:
    """The chart as an element of a page."""
    return ET.tostring(page, encoding="unicode")


def draw_grid(page: Element, grid: Grid, names: Sequence[str]) -> None:
    """Lines with their values, and below the slots their names, as many as there is room for.

    The last one always has its name: it is the newest.
    """
    for value in range(0, grid.most + 1, grid.step):
        y = grid.y(value)
        add(page, "path", d=f"M{LEFT},{y:.1f} H{RIGHT}", stroke=LINE if value else INK, stroke_width=2)
        write(page, str(value), x=LEFT - 12, y=y + 11, size=SIZE, text_anchor="end")
    every = max(1, -(-_NAME_ROOM // max(1, int(grid.width))))
    for slot, name in enumerate(names):
        if (len(names) - 1 - slot) % every == 0:
            write(page, name, x=grid.x(slot), y=BOTTOM + 40, size=SIZE, text_anchor="middle")


def draw_bar(page: Element, grid: Grid, slot: int, value: float, name: str) -> None:
    """A bar in its slot; one of 0 has no height, and is written."""
    if not value:
        write(page, "0", x=grid.x(slot), y=BOTTOM - 14, size=SIZE, text_anchor="middle")
        return
    wide, y = grid.mark * 0.7, grid.y(value)
    add(
        page, "rect", x=grid.x(slot) - wide / 2, y=y, width=wide, height=BOTTOM - y,
        fill=f"url(#{name}-bar)", stroke=BLUES[3], stroke_width=3,
    )  # fmt: skip


def draw_gap(page: Element, grid: Grid, first: int, last: int) -> None:
    """One mark for slots of which nobody knows anything, over all of them."""
    x, wide = grid.x(first) - grid.width / 2, grid.width * (last - first + 1)
    if first != last:
        add(
            page, "rect", x=x + 3, y=TOP, width=wide - 6, height=BOTTOM - TOP - 2, fill="none", stroke=FAINT,
            stroke_width=2, stroke_dasharray="4 8",
        )  # fmt: skip
    write(
        page, GAP, x=x + wide / 2, y=BOTTOM - 14, size=SIZE, text_anchor="middle", font_weight="bold",
    )  # fmt: skip


def draw_key(page: Element, lines: Sequence[tuple[Symbol | None, str]], *, top: float = KEY) -> None:
    """What each mark means, one below the other; without a mark it is a note."""
    y = top
    for symbol, text in lines:
        if symbol is not None:
            symbol(page, _KEY_X, y - 11)
        for line in lines_of(text, WIDTH - _KEY_TEXT_X, SIZE):
            write(page, line, x=_KEY_TEXT_X, y=y, size=SIZE)
            y += _KEY_STEP


def height_with(*texts: str, top: float = KEY) -> float:
    """Of a chart with such a key."""
    count = sum(len(lines_of(text, WIDTH - _KEY_TEXT_X, SIZE)) for text in texts)
    return top - SIZE + count * _KEY_STEP


def key_bar(name: str) -> Symbol:
    """The pattern of a chart's bars."""

    def draw(page: Element, x: float, y: float) -> None:
        add(
            page, "rect", x=x - 16, y=y - 14, width=32, height=28, fill=f"url(#{name}-bar)", stroke=BLUES[3],
            stroke_width=3,
        )  # fmt: skip

    return draw


def key_gap(page: Element, x: float, y: float) -> None:
    """The mark of a gap."""
    write(page, GAP, x=x, y=y + 11, size=SIZE, text_anchor="middle", font_weight="bold")


def key_level(page: Element, x: float, y: float) -> None:
    """A thick line: the most that was allowed."""
    level(page, x, y, 40)


def level(page: Element, x: float, y: float, wide: float) -> None:
    """A thick line across, around a point."""
    add(page, "path", d=f"M{x - wide / 2:.1f},{y:.1f} h{wide:.1f}", stroke=INK, stroke_width=8)


def diamond(page: Element, x: float, y: float) -> None:
    """Hollow, so that what lies under it shows."""
    add(
        page, "path", d=f"M{x:.1f},{y - 11:.1f} l11,11 l-11,11 l-11,-11 Z", fill=PAPER, stroke=INK,
        stroke_width=4,
    )  # fmt: skip


def ring(page: Element, x: float, y: float) -> None:
    """Hollow and round."""
    add(page, "circle", cx=x, cy=y, r=10, fill=PAPER, stroke=INK, stroke_width=4)


def block(page: Element, x: float, y: float) -> None:
    """Full and square."""
    add(page, "rect", x=x - 10, y=y - 10, width=20, height=20, fill=INK)
