"""Session by session: the strength asked for, allowed and reported, and the pain before and after."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from massager.drawing.elements import INK, add
from massager.drawing.plots import (
    Grid,
    begin,
    block,
    diamond,
    draw_bar,
    draw_gap,
    draw_grid,
    draw_key,
    end,
    height_with,
    key_bar,
    key_gap,
    key_level,
    level,
    ring,
)

_PERCENT_STEPS: Final = (5, 10, 20)
_PAIN: Final = Grid(0, 2, 10)


@dataclass(frozen=True, slots=True)
class StrengthWords:
    """What is said of strengths; the unit with them."""

    title: str
    asked: str
    allowed: str
    reported: str
    missing: str


@dataclass(frozen=True, slots=True)
class Strengths:
    """Of one session, in per cent of what its massager can do; None where nobody recorded it."""

    name: str
    asked: int | None
    allowed: int | None
    reported: int | None


@dataclass(frozen=True, slots=True)
class PainWords:
    """What is said of pain."""

    title: str
    before: str
    after: str
    missing: str


@dataclass(frozen=True, slots=True)
class Pains:
    """Before and after one session, 0 to 10; None where nobody told it."""

    name: str
    before: int | None
    after: int | None


def strengths(sessions: Sequence[Strengths], words: StrengthWords) -> str:
    """The chart as an element of a page; oldest first."""
    told = "; ".join(
        f"{one.name}: "
        + ", ".join(
            f"{what}: {words.missing if value is None else value}"
            for what, value in (
                (words.reported, one.reported),
                (words.allowed, one.allowed),
                (words.asked, one.asked),
            )
        )
        for one in sessions
    )
    lines = [words.reported, words.allowed, words.asked]
    symbols = [key_bar("strengths"), key_level, diamond]
    if any(one.reported is None for one in sessions):
        lines.append(words.missing)
        symbols.append(key_gap)
    page = begin("strengths", words.title, told, height_with(*lines))
    every = [value for one in sessions for value in (one.asked, one.allowed, one.reported)]
    grid = Grid.of(len(sessions), max([1, *(value for value in every if value is not None)]), _PERCENT_STEPS)
    draw_grid(page, grid, [one.name for one in sessions])
    for slot, one in enumerate(sessions):
        if one.reported is None:
            draw_gap(page, grid, slot, slot)
        else:
            draw_bar(page, grid, slot, one.reported, "strengths")
        if one.allowed is not None:
            level(page, grid.x(slot), grid.y(one.allowed), grid.mark)
        if one.asked is not None:
            diamond(page, grid.x(slot), grid.y(one.asked))
    draw_key(page, list(zip(symbols, lines, strict=True)))
    return end(page)


def pains(sessions: Sequence[Pains], words: PainWords) -> str:
    """The chart as an element of a page; oldest first."""
    told = "; ".join(
        f"{one.name}: {words.before}: {_said(one.before, words)}, {words.after}: {_said(one.after, words)}"
        for one in sessions
    )
    lines, symbols = [words.before, words.after], [ring, block]
    if any(one.before is None and one.after is None for one in sessions):
        lines.append(words.missing)
        symbols.append(key_gap)
    page = begin("pains", words.title, told, height_with(*lines))
    grid = Grid(len(sessions), _PAIN.step, _PAIN.most)
    draw_grid(page, grid, [one.name for one in sessions])
    for slot, one in enumerate(sessions):
        aside = 0.3 * grid.mark / grid.width
        left, right = grid.x(slot - aside), grid.x(slot + aside)
        if one.before is None and one.after is None:
            draw_gap(page, grid, slot, slot)
        if one.before is not None and one.after is not None:
            way = f"M{left:.1f},{grid.y(one.before):.1f} L{right:.1f},{grid.y(one.after):.1f}"
            add(page, "path", d=way, stroke=INK, stroke_width=3)
        if one.before is not None:
            ring(page, left, grid.y(one.before))
        if one.after is not None:
            block(page, right, grid.y(one.after))
    draw_key(page, list(zip(symbols, lines, strict=True)))
    return end(page)


def _said(pain: int | None, words: PainWords) -> str:
    return words.missing if pain is None else str(pain)
