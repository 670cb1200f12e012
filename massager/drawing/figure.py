"""The back from behind: where it is worked on and how strongly, and what is never touched."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from massager.drawing.elements import (
    BOLD,
    FAINT,
    INK,
    LEADING,
    LINE,
    SKIN,
    STOP,
    WARM,
    Element,
    add,
    badge,
    lines_of,
    write,
)
from massager.drawing.marks import Group, groups
from massager.drawing.strength import strokes
from massager.drawing.words import Words, letter, visit_words
from massager.model.body import COLUMN_PPM, ZONE_SPANS_PPM, Span, Zone
from massager.model.captions import Caption
from massager.model.preview import Preview

HEIGHT: Final = 1250
# Of the column from C1 to the coccyx, and where it begins below the figure's upper end.
_COLUMN: Final = 1000
_TOP: Final = 175
MIDDLE: Final = 635
_ZONE_X, _ZONE_WIDTH = 30, 345
_CLOSED_X, _CLOSED_WIDTH = 890, 280
_SIZE: Final = 22
# Of the words for left and right, from the middle to theirs.
_SIDES: Final = 150
# Half of the widest part of the body that is drawn.
HALF: Final = 205
# From the middle of a spot to its letter.
_OUTWARD: Final = 46
# Less than so many widths long: a single patch, and not the way of one.
_ROUND: Final = 1.25
# An outline, not anybody's: head, neck, shoulders, waist, hips; half of it, from C1 downwards.
_OUTLINE: Final = (
    (34, -160), (74, -140), (84, -80), (74, -25), (58, 10), (58, 100), (76, 134), (160, 166), (204, 210),
    (216, 310), (186, 355), (178, 455), (158, 655), (160, 780), (190, 945), (192, 1060),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the body lies on the page."""

    top: float
    column_mm: int

    def y(self, ppm: int) -> float:
        """Of a place along the column."""
        return self.top + _TOP + _COLUMN * ppm / COLUMN_PPM

    def end(self, ppm: int) -> float:
        """Of the lower end of a place; whatever ends with the column goes on to the figure's end."""
        return self.top + HEIGHT if ppm == COLUMN_PPM else self.y(ppm)

    def x(self, mm: float) -> float:
        """Of a place across, no farther out than the body."""
        return MIDDLE + max(-HALF, min(HALF, self.across(mm)))

    def across(self, mm: float) -> float:
        """A length, as it is drawn along and across alike."""
        return mm * _COLUMN / self.column_mm


def draw_back(page: Element, preview: Preview, words: Words, *, top: float) -> None:
    """Draw it, `HEIGHT` high."""
    frame = Frame(top, preview.column_mm)
    draw_body(page, frame, words)
    found = groups(preview, words)
    for group in found:
        draw_closed(page, frame, group)
    draw_strokes(page, frame, preview)
    draw_held(page, frame, preview)
    _zones(page, frame, preview, words)
    _closed_labels(page, frame, found)


def draw_body(
    page: Element, frame: Frame, words: Words, *, size: float = _SIZE, aside: float = _SIDES
) -> None:
    """The outline, and which side is which."""
    top = frame.y(0)
    right = [(MIDDLE + x, top + y) for x, y in _OUTLINE]
    left = [(MIDDLE - x, top + y) for x, y in reversed(_OUTLINE)]
    shelf = add(page, "defs")
    clip = add(shelf, "clipPath", id="body")
    add(clip, "path", d=_smooth([*right, *left]))
    add(page, "path", d=_smooth([*right, *left]), fill=SKIN, stroke=FAINT, stroke_width=3)
    for caption, x in ((Caption.LEFT, MIDDLE - aside), (Caption.RIGHT, MIDDLE + aside)):
        write(page, words.captions[caption], x=x, y=top - 70, size=size, fill=FAINT, text_anchor="middle")


def _smooth(points: Sequence[tuple[float, float]]) -> str:
    """A closed curve through the middles of the sides, so that no corner shows."""
    middles = [
        ((x + nx) / 2, (y + ny) / 2)
        for (x, y), (nx, ny) in zip(points, [*points[1:], points[0]], strict=True)
    ]
    parts = [f"M{middles[-1][0]:.0f},{middles[-1][1]:.0f}"]
    parts += [f"Q{x:.0f},{y:.0f} {mx:.0f},{my:.0f}" for (x, y), (mx, my) in zip(points, middles, strict=True)]
    return " ".join(parts) + " Z"


def draw_closed(page: Element, frame: Frame, group: Group) -> None:
    """Places that nothing touches."""
    part = add(page, "g", clip_path="url(#body)")
    add(part, "title").text = group.label
    for place in group.places:
        x, y = frame.x(place.left_mm), frame.y(place.span_ppm[0])
        add(
            part,
            "rect",
            x=x,
            y=y,
            width=frame.x(place.right_mm) - x,
            height=frame.end(place.span_ppm[1]) - y,
            fill="url(#closed)",
            stroke=STOP,
            stroke_width=2.5,
        )


def draw_strokes(page: Element, frame: Frame, preview: Preview) -> None:
    """What is worked on, and what is warm."""
    for warmth in preview.warmths:
        add(
            page,
            "circle",
            cx=MIDDLE + frame.across(warmth.lateral_mm),
            cy=frame.y(warmth.along_ppm),
            r=frame.across(warmth.radius_mm),
            fill="url(#warm)",
            stroke=WARM,
            stroke_width=2.5,
            stroke_dasharray="4 4",
        )
    for stroke in strokes(preview):
        x, y = MIDDLE + frame.across(stroke.left_mm), frame.y(stroke.from_ppm)
        width, height = frame.across(stroke.right_mm - stroke.left_mm), frame.y(stroke.to_ppm) - y
        add(
            page,
            "rect",
            x=x,
            y=y,
            width=width,
            height=height,
            # A patch that stays where it is, is round.
            rx=width / 2 if width / 2 < height < _ROUND * width else 4,
            fill=f"url(#strength-{stroke.band.index})",
            stroke=INK,
            stroke_width=2,
        )


def draw_held(page: Element, frame: Frame, preview: Preview, *, scale: float = 1) -> None:
    """Beside each spot where a hand holds it, the letter of that visit."""
    for index, visit in enumerate(preview.visits):
        if visit.side is None:
            continue
        spots = [
            patch
            for instant in preview.instants
            if visit.from_ms <= instant.t_ms < visit.to_ms
            for patch in instant.patches
            if patch.level
        ]
        for patch in spots[:1]:
            outward = _OUTWARD * scale * (-1 if patch.lateral_mm < 0 else 1)
            x = MIDDLE + frame.across(patch.lateral_mm) + outward
            badge(page, letter(index), x=x, y=frame.y(patch.along_ppm), scale=scale)


def _zones(page: Element, frame: Frame, preview: Preview, words: Words) -> None:
    """On the left each zone in words, with the letter and the time of its visits."""
    free = frame.top
    for zone, span in ZONE_SPANS_PPM.items():
        visits = [(letter(index), visit) for index, visit in enumerate(preview.visits) if visit.zone is zone]
        for ppm in span:
            add(
                page, "path", d=f"M{MIDDLE - HALF - 30},{frame.y(ppm):.0f} h{2 * HALF + 40}", stroke=LINE,
                stroke_width=1.5, stroke_dasharray="7 6",
            )  # fmt: skip
        lines = _zone_lines(zone, words)
        if not visits:
            lines += lines_of(words.captions[Caption.NOT_VISITED], _ZONE_WIDTH, _SIZE)
        y = max(
            free,
            _centred(
                frame, span, len(lines) + sum(len(visit_words(visit, words)) for _mark, visit in visits)
            ),
        )
        y = write(page, lines, x=_ZONE_X + 44, y=y, size=_SIZE, fill=INK if visits else FAINT)
        for mark, visit in visits:
            badge(page, mark, x=_ZONE_X + 16, y=y + 7)
            y = write(page, visit_words(visit, words), x=_ZONE_X + 44, y=y, size=_SIZE, font_weight="bold")
        free = y + 4


def _zone_lines(zone: Zone, words: Words) -> list[str]:
    return lines_of(words.zones[zone], _ZONE_WIDTH, _SIZE)


def _centred(frame: Frame, span: Span, count: int) -> float:
    """The first base line of so many lines in the middle of a stretch."""
    middle = (frame.y(span[0]) + frame.y(span[1])) / 2
    return middle - count * _SIZE * LEADING / 2 + _SIZE


def _closed_labels(page: Element, frame: Frame, found: Sequence[Group]) -> None:
    """On the right what is closed, each with a line to its place."""
    y = frame.top + 30
    texts = [lines_of(group.label, _CLOSED_WIDTH, _SIZE, letter=BOLD) for group in found]
    for group, text in zip(found, texts, strict=True):
        place = group.largest
        middle = frame.y(sum(place.span_ppm) // 2)
        height = len(text) * _SIZE * LEADING
        y = max(y, middle - height / 2)
        edge = min(frame.x(place.right_mm) - 6, MIDDLE + 0.75 * _half_at(middle - frame.y(0)))
        edge = max(edge, frame.x(place.left_mm) + 4)
        add(
            page, "path", fill="none", stroke=STOP, stroke_width=2,
            d=f"M{_CLOSED_X - 8},{y + height / 2:.0f} L{_CLOSED_X - 40},{y + height / 2:.0f} "
            f"L{edge:.0f},{middle:.0f}",
        )  # fmt: skip
        add(page, "circle", cx=edge, cy=middle, r=5, fill=STOP)
        write(page, text, x=_CLOSED_X, y=y + _SIZE, size=_SIZE, fill=STOP, font_weight="bold")
        y += height + 14


def _half_at(y: float) -> float:
    """Half of the body's width so far below C1."""
    for (x, above), (next_x, below) in pairwise(_OUTLINE):
        if above <= y <= below:
            return x + (next_x - x) * (y - above) / (below - above)
    return _OUTLINE[-1][0]
