"""Pictures of a session to come, as SVG and for a terminal, and of those that were. May import model alone.

Every picture says in words what it shows, and nothing is told by colour alone. The words come in as tables
(`Words`), so that a picture speaks whatever language its caller does.
"""

from massager.drawing.back import Mark, back, key, mark
from massager.drawing.ink import Ink
from massager.drawing.over_days import DayWords, Minutes, Place, PlaceWords, days, places
from massager.drawing.over_sessions import Pains, PainWords, Strengths, StrengthWords, pains, strengths
from massager.drawing.sentences import Section, heads, sections, title, warm_words
from massager.drawing.svg import svg
from massager.drawing.terminal import picture
from massager.drawing.words import Words, clock, letter

__all__ = [
    "DayWords",
    "Ink",
    "Mark",
    "Minutes",
    "PainWords",
    "Pains",
    "Place",
    "PlaceWords",
    "Section",
    "StrengthWords",
    "Strengths",
    "Words",
    "back",
    "clock",
    "days",
    "heads",
    "key",
    "letter",
    "mark",
    "pains",
    "picture",
    "places",
    "sections",
    "strengths",
    "svg",
    "title",
    "warm_words",
]
