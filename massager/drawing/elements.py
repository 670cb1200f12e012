"""Building blocks of an SVG: elements, patterns, text that is broken into lines."""

import textwrap
from collections.abc import Sequence
from typing import Final
from xml.etree import ElementTree as ET

Element = ET.Element

INK: Final = "#1a1a1a"
FAINT: Final = "#595959"
PAPER: Final = "#ffffff"
SKIN: Final = "#f7efe6"
STOP: Final = "#8c1c13"
WARM: Final = "#8a5200"
LINE: Final = "#b9aea2"
# From weak to strong; each also has a pattern of its own.
BLUES: Final = ("#dbe9f6", "#9fc5e8", "#4a86c5", "#123f73")
# Chosen: a mean letter's width by its height, on the wide side, for no font is sure to be there.
_LETTER: Final = 0.56
BOLD: Final = 0.64
LEADING: Final = 1.35


def add(parent: Element, tag: str, **attributes: str | float) -> Element:
    """A new element; an underscore in an attribute's name stands for a hyphen."""
    return ET.SubElement(parent, tag, {key.replace("_", "-"): _text(of) for key, of in attributes.items()})


def _text(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")


def lines_of(text: str, width: float, size: float, *, letter: float = _LETTER) -> list[str]:
    """A text in lines that are at most so wide."""
    return textwrap.wrap(text, max(4, int(width / (size * letter)))) or [""]


def write(
    parent: Element,
    text: str | Sequence[str],
    *,
    x: float,
    y: float,
    size: float = 24,
    **attributes: str | float,
) -> float:
    """Write lines below each other, the first on the base line y; the base line of what would follow."""
    lines = [text] if isinstance(text, str) else text
    element = add(parent, "text", x=x, y=y, font_size=size, **({"fill": INK} | attributes))
    if len(lines) == 1:
        element.text = lines[0]
    else:
        for n, line in enumerate(lines):
            add(element, "tspan", x=x, y=y + n * size * LEADING).text = line
    return y + len(lines) * size * LEADING


def badge(parent: Element, text: str, *, x: float, y: float, is_round: bool = True, scale: float = 1) -> None:
    """A mark that a list refers to: dark, round or square, around its middle."""
    if is_round:
        add(parent, "circle", cx=x, cy=y, r=18 * scale, fill=INK, stroke=PAPER, stroke_width=2)
    else:
        side = 32 * scale
        add(
            parent, "rect", x=x - side / 2, y=y - side / 2, width=side, height=side, fill=PAPER, stroke=INK,
            stroke_width=3,
        )  # fmt: skip
    write(
        parent, text, x=x, y=y + 8 * scale, size=23 * scale, fill=PAPER if is_round else INK,
        font_weight="bold", text_anchor="middle",
    )  # fmt: skip


def define(root: Element) -> None:
    """The patterns: one for what is closed, one for each band of strength."""
    shelf = add(root, "defs")
    hatch = pattern(shelf, "closed", 14)
    add(hatch, "rect", width=14, height=14, fill="#f6dfd9")
    add(hatch, "path", d="M-3,3 l6,-6 M0,14 l14,-14 M11,17 l6,-6", stroke=STOP, stroke_width=3)
    warm = pattern(shelf, "warm", 16)
    add(warm, "rect", width=16, height=16, fill="#fbe3bf")
    add(warm, "path", d="M0,8 q4,-7 8,0 t8,0", fill="none", stroke=WARM, stroke_width=2.4)
    for n, blue in enumerate(BLUES):
        band = pattern(shelf, f"strength-{n}", 12)
        add(band, "rect", width=12, height=12, fill=blue)
        if n == 0:
            add(band, "circle", cx=6, cy=6, r=1.6, fill=BLUES[3])
        elif n == 1:
            add(band, "path", d="M0,6 h12", stroke=BLUES[3], stroke_width=2.4)
        elif n == 2:  # noqa: PLR2004 - the third of four
            add(band, "path", d="M0,3 h12 M0,9 h12", stroke=BLUES[3], stroke_width=3)


def pattern(shelf: Element, name: str, side: float) -> Element:
    """A new square pattern, to fill with by its name."""
    return add(shelf, "pattern", id=name, width=side, height=side, patternUnits="userSpaceOnUse")
