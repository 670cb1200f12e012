"""The back alone, for a page that has its words beside it: large marks, and where the device is just now."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final
from xml.etree import ElementTree as ET

from massager.drawing.elements import INK, PAPER, Element, add, badge, define
from massager.drawing.figure import (
    HALF,
    HEIGHT,
    MIDDLE,
    Frame,
    draw_body,
    draw_closed,
    draw_held,
    draw_strokes,
)
from massager.drawing.marks import groups
from massager.drawing.sentences import Section, sections
from massager.drawing.words import Words, capital, letter
from massager.model.body import ZONE_SPANS_PPM
from massager.model.captions import Caption
from massager.model.preview import Patch, Preview

# What of the whole figure is shown: the letters on the left, no more of the head than the neck needs.
_LEFT: Final = MIDDLE - HALF - 110
_TOP: Final = 30
_WIDTH: Final = 2 * HALF + 200
_LETTER_X: Final = MIDDLE - HALF - 62
_SIZE: Final = 40
# Their middles beside the head.
_SIDES: Final = 180
_BADGE: Final = 1.7
# Chosen: as large as a thumb's nail beside the figure, so that an old eye finds it.
_RING: Final = 30
# Of the stretch around a target: enough to see where on the back it is.
_AROUND: Final = 600
# Out of sight, for what nobody knows where it is.
_AWAY: Final = -1000


@dataclass(frozen=True, slots=True)
class Mark:
    """Where something is on the picture of `back`, in its units.

    Attributes:
        presses: Whether it touches.
    """

    name: str
    x: float
    y: float
    presses: bool


def mark(patch: Patch, column_mm: int) -> Mark:
    """Where an actuator is; one whose level is 0 touches nothing."""
    frame = Frame(0, column_mm)
    return Mark(
        patch.name,
        round(MIDDLE + frame.across(patch.lateral_mm), 1),
        round(frame.y(patch.along_ppm), 1),
        presses=patch.level > 0,
    )


def back(preview: Preview, words: Words, *, marks: Iterable[Mark] = (), target: Mark | None = None) -> str:
    """The picture as an element of a page; what its letters and numbers mean is in `key`.

    Args:
        preview: Of the session.
        words: Of a language.
        marks: Where the actuators are; a script may move each by its name, also one that is not here.
        target: Where a hand shall hold it.
    """
    page = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": _shown_part(target),
            "role": "img",
            "aria-labelledby": "back-title back-desc",
            "font-family": "Verdana, DejaVu Sans, Arial, sans-serif",
        },
    )
    told = key(preview, words)
    add(page, "title", id="back-title").text = words.captions[Caption.BACK]
    lines = [line for section in told[:2] for line in (f"{section.heading}:", *section.lines)]
    add(page, "desc", id="back-desc").text = "\n".join(lines)
    define(page)
    add(page, "rect", x=_LEFT, y=_TOP, width=_WIDTH, height=HEIGHT - _TOP, fill=PAPER)
    frame = Frame(0, preview.column_mm)
    draw_body(page, frame, words, size=_SIZE, aside=_SIDES)
    found = groups(preview, words)
    for group in found:
        draw_closed(page, frame, group)
    draw_strokes(page, frame, preview)
    _letters(page, frame, preview)
    for number, group in enumerate(found, 1):
        place = group.largest
        left, right = frame.x(place.left_mm), frame.x(place.right_mm)
        # What lies at the edge has its number beside it, out of the way of a hand's letters.
        x = (left + right) / 2 if left < MIDDLE else right + _RING
        y = (frame.y(place.span_ppm[0]) + min(frame.end(place.span_ppm[1]), HEIGHT - _RING)) / 2
        badge(page, str(number), x=x, y=y, is_round=False, scale=_BADGE)
    draw_held(page, frame, preview, scale=_BADGE)
    if target is not None:
        _target(page, target)
    here = {one.name: one for one in marks}
    for actuator in preview.actuators:
        _live(page, here.get(actuator.name, Mark(actuator.name, _AWAY, _AWAY, presses=False)))
    return ET.tostring(page, encoding="unicode")


def _shown_part(target: Mark | None) -> str:
    """All of the back, or what is around a spot."""
    if target is None:
        return f"{_LEFT} {_TOP} {_WIDTH} {HEIGHT - _TOP}"
    top = max(_TOP, min(HEIGHT - _AROUND, target.y - _AROUND / 2))
    return f"{_LEFT} {top:.0f} {_WIDTH} {_AROUND}"


def key(preview: Preview, words: Words) -> tuple[Section, ...]:
    """The picture in words: places by letters, what is never touched by numbers, and the rest."""
    told = sections(preview, words)
    closed = [
        f"{number}. {capital(group.label)}. {group.why}".strip()
        for number, group in enumerate(groups(preview, words), 1)
    ]
    return (told[0], replace(told[1], lines=tuple(closed)), *told[2:])


def _letters(page: Element, frame: Frame, preview: Preview) -> None:
    """On the left, beside its zone, the letter of each visit; those of a hand stand at their spots."""
    for zone, span in ZONE_SPANS_PPM.items():
        marks = [
            letter(index)
            for index, visit in enumerate(preview.visits)
            if visit.zone is zone and visit.side is None
        ]
        middle = (frame.y(span[0]) + frame.y(span[1])) / 2
        step = 2.1 * _RING
        for n, text in enumerate(marks):
            y = middle + (n - (len(marks) - 1) / 2) * step
            badge(page, text, x=_LETTER_X, y=y, scale=_BADGE)


def _live(page: Element, one: Mark) -> None:
    part = add(page, "g", transform=f"translate({one.x} {one.y})", data_mark=one.name)
    part.set("class", "live")
    part.set("data-presses", str(one.presses).lower())
    add(part, "circle", r=_RING, fill="none", stroke=PAPER, stroke_width=14)
    add(part, "circle", r=_RING, fill="none", stroke=INK, stroke_width=7)
    dot = add(part, "circle", r=_RING / 2, fill=INK, stroke=PAPER, stroke_width=4)
    dot.set("class", "dot")


def _target(page: Element, one: Mark) -> None:
    part = add(page, "g", transform=f"translate({one.x} {one.y})")
    part.set("class", "target")
    for colour, width in ((PAPER, 22), (INK, 10)):
        add(part, "path", d="M-70,0 h45 M25,0 h45 M0,-70 v45 M0,25 v45", stroke=colour, stroke_width=width)
        add(part, "circle", r=46, fill="none", stroke=colour, stroke_width=width)
