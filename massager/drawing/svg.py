"""The whole picture as one SVG that needs nothing else: no script, no font, no other file."""

from typing import Final
from xml.etree import ElementTree as ET

from massager.drawing import chart, figure
from massager.drawing.elements import BOLD, INK, LEADING, PAPER, Element, add, define, lines_of, write
from massager.drawing.sentences import Section, heads, sections, title, warm_words
from massager.drawing.strength import bands
from massager.drawing.words import Words, band_words
from massager.model.captions import Caption
from massager.model.preview import Preview

_WIDTH: Final = 1200
_MARGIN: Final = 30
_SIZE: Final = 24
_HEADING: Final = 32


def svg(preview: Preview, words: Words) -> str:
    """The picture as a document of its own."""
    page = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "version": "1.1", "role": "img"})
    page.set("aria-labelledby", "title desc")
    page.set("font-family", "Verdana, DejaVu Sans, Arial, sans-serif")
    add(page, "title", id="title").text = title(preview, words)
    told = sections(preview, words)
    add(page, "desc", id="desc").text = _whole(preview, words, told)
    define(page)
    paper = add(page, "rect", width=_WIDTH, fill=PAPER)
    y = write(page, title(preview, words), x=_MARGIN, y=62, size=44, font_weight="bold")
    for line in heads(preview, words):
        y = write(page, lines_of(line, _WIDTH - 2 * _MARGIN, _SIZE), x=_MARGIN, y=y, size=_SIZE)
    y = _heading(page, words.captions[Caption.BACK], y + 30)
    figure.draw_back(page, preview, words, top=y - 20)
    y = _legend(page, preview, words, y + figure.HEIGHT)
    for line in warm_words(preview, words):
        y = write(page, line, x=_MARGIN, y=y + 6, size=_SIZE)
    y = _heading(page, words.captions[Caption.CHART], y + 40)
    chart.draw_chart(page, preview, words, top=y - 20)
    y += chart.HEIGHT + 20
    # Places and what is closed are written beside the back.
    for section in told[2:]:
        y = _list(page, section, y + 20)
    page.set("viewBox", f"0 0 {_WIDTH} {y:.0f}")
    paper.set("height", f"{y:.0f}")
    ET.indent(page)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(page, encoding="unicode") + "\n"


def _whole(preview: Preview, words: Words, told: tuple[Section, ...]) -> str:
    """All of it in sentences, for a screen reader."""
    parts = list(heads(preview, words))
    for section in told:
        parts += [f"{section.heading}:", *section.lines]
    return "\n".join(parts)


def _heading(page: Element, text: str, y: float) -> float:
    add(page, "path", d=f"M{_MARGIN},{y - 44:.0f} H{_WIDTH - _MARGIN}", stroke=INK, stroke_width=1)
    return write(
        page,
        lines_of(text, _WIDTH - 2 * _MARGIN, _HEADING, letter=BOLD),
        x=_MARGIN,
        y=y,
        size=_HEADING,
        font_weight="bold",
    )


def _legend(page: Element, preview: Preview, words: Words, y: float) -> float:
    say = words.captions
    entries = [("closed", say[Caption.CLOSED])]
    entries += [(f"strength-{band.index}", band_words(band, words)) for band in bands(preview.highest)]
    if preview.warmths:
        entries.append(("warm", say[Caption.WARM]))
    y = write(page, say[Caption.LEGEND], x=_MARGIN, y=y + 30, size=_SIZE, font_weight="bold") + 8
    columns, wide = 3, (_WIDTH - 2 * _MARGIN) / 3
    for n, (pattern, text) in enumerate(entries):
        x, line = _MARGIN + wide * (n % columns), y + (n // columns) * 52
        add(
            page, "rect", x=x, y=line - 26, width=70, height=38, fill=f"url(#{pattern})", stroke=INK,
            stroke_width=2,
        )  # fmt: skip
        write(page, text, x=x + 84, y=line, size=_SIZE)
    return y + -(-len(entries) // columns) * 52


def _list(page: Element, section: Section, y: float) -> float:
    y = _heading(page, section.heading, y + 20)
    for line in section.lines:
        y = write(page, lines_of(line, _WIDTH - 2 * _MARGIN, _SIZE), x=_MARGIN, y=y, size=_SIZE)
        y += _SIZE * (LEADING - 1)
    return y
