"""The characters of a picture in a terminal, as far as the terminal has them."""

from dataclasses import dataclass
from typing import Final

# A light diagonal, four shades, two lines and a dot, by their names so that nobody takes one for another.
_BLOCKS: Final = (
    "\N{BOX DRAWINGS LIGHT DIAGONAL UPPER RIGHT TO LOWER LEFT}",
    "\N{LIGHT SHADE}\N{MEDIUM SHADE}\N{DARK SHADE}\N{FULL BLOCK}",
    "\N{BOX DRAWINGS LIGHT VERTICAL}",
    "\N{BOX DRAWINGS LIGHT HORIZONTAL}",
    "\N{MIDDLE DOT}",
    "\N{ALMOST EQUAL TO}",
)


@dataclass(frozen=True, slots=True)
class Ink:
    """The characters of a picture.

    Attributes:
        closed: What is never touched.
        strengths: From weak to strong; the last serves for all above.
        edge: Of the back, and of the chart.
        floor: Of the chart.
        missing: What is asked for and not given.
        warm: Warm, and nothing works there.
    """

    closed: str
    strengths: str
    edge: str
    floor: str
    missing: str
    warm: str

    @classmethod
    def for_encoding(cls, encoding: str | None) -> "Ink":
        """Blocks where the output takes them, else plain characters."""
        try:
            "".join(_BLOCKS).encode(encoding or "ascii")
        except (LookupError, UnicodeEncodeError):
            return cls("/", ":o%#", "|", "-", ".", "~")
        return cls(*_BLOCKS)
