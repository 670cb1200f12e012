"""Pictures of a session to come, as SVG and for a terminal. May import model alone.

Every picture says in words what it shows, and nothing is told by colour alone. The words come in as tables
(`Words`), so that a picture speaks whatever language its caller does.
"""

from massager.drawing.ink import Ink
from massager.drawing.sentences import Section, heads, sections, title, warm_words
from massager.drawing.svg import svg
from massager.drawing.terminal import picture
from massager.drawing.words import Words, clock, letter

__all__ = [
    "Ink",
    "Section",
    "Words",
    "clock",
    "heads",
    "letter",
    "picture",
    "sections",
    "svg",
    "title",
    "warm_words",
]
