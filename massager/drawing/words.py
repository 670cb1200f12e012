"""The words that a picture is given, and the smallest things that are said with them."""

from collections.abc import Mapping
from typing import Final, Protocol

from massager.drawing.strength import Band
from massager.model.body import Side, Zone
from massager.model.captions import Caption
from massager.model.decisions import Reason, Source
from massager.model.people import Modifier
from massager.model.preview import Visit

_MS_PER_S: Final = 1000
_S_PER_MIN: Final = 60
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Words(Protocol):
    """The tables of a language that a picture needs."""

    @property
    def captions(self) -> Mapping[Caption, str]:
        """What is written on it."""

    @property
    def sources(self) -> Mapping[Source, str]:
        """Why a strength is what it is."""

    @property
    def reasons(self) -> Mapping[Reason, str]:
        """Why something is not done."""

    @property
    def zones(self) -> Mapping[Zone, str]:
        """Where a zone is."""

    @property
    def condition_names(self) -> Mapping[Modifier, str]:
        """What a condition is called."""


def clock(ms: int) -> str:
    """Minutes and seconds after first contact."""
    seconds = (ms + _MS_PER_S // 2) // _MS_PER_S
    return f"{seconds // _S_PER_MIN}:{seconds % _S_PER_MIN:02}"


def length(seconds: int) -> str:
    """Minutes, two or more, with seconds where they are not whole."""
    minutes, rest = divmod(seconds, _S_PER_MIN)
    return str(minutes) if rest == 0 and minutes > 1 else clock(_MS_PER_S * seconds)


def letter(index: int) -> str:
    """By which the place of that index is marked."""
    return _LETTERS[index % len(_LETTERS)]


def capital(text: str) -> str:
    """With its first letter as at the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def visit_words(visit: Visit, words: Words) -> tuple[str, str]:
    """When a place is visited, and how strongly."""
    say = words.captions
    start, end = clock(visit.from_ms), clock(visit.to_ms)
    time = say[Caption.VISIT_TIME].format(start=start, end=end)
    if visit.side is not None:
        side = say[Caption.LEFT if visit.side is Side.LEFT else Caption.RIGHT]
        time = say[Caption.VISIT_SIDE].format(start=start, end=end, side=side)
    return (
        time,
        say[Caption.VISIT_STRENGTH].format(reached=visit.reached),
    )


def band_words(band: Band, words: Words) -> str:
    """A band of strengths."""
    caption = Caption.STRENGTH if band.low == band.high else Caption.STRENGTHS
    return words.captions[caption].format(level=band.low, low=band.low, high=band.high)
