"""Strength and pain, session by session."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from massager.drawing import Pains, PainWords, Strengths, StrengthWords, pains, strengths
from massager.session.past import Kept, Recalled
from massager.session.recalled import Pain, Strength
from massager.texts import reason_on_page, source_on_page
from massager.texts.language import Language
from massager.texts.past_labels import PastLabel
from massager.web.plots import Plot, minutes
from massager.web.rendering import capital, teller

_STRENGTH_HEADS: Final = (
    PastLabel.COLUMN_NUMBER,
    PastLabel.COLUMN_WHEN,
    PastLabel.COLUMN_MINUTES,
    PastLabel.COLUMN_PROGRAM,
    PastLabel.COLUMN_REPORTED,
    PastLabel.COLUMN_ALLOWED,
    PastLabel.COLUMN_ASKED,
)
_MORE_HEADS: Final = (PastLabel.COLUMN_WHY, PastLabel.COLUMN_MASSAGER, PastLabel.COLUMN_ENDED)
_PAIN_HEADS: Final = (
    PastLabel.COLUMN_NUMBER,
    PastLabel.COLUMN_WHEN,
    PastLabel.COLUMN_BEFORE,
    PastLabel.COLUMN_DURING,
    PastLabel.COLUMN_AFTER,
    PastLabel.COLUMN_LATER,
)


@dataclass(frozen=True, slots=True)
class One:
    """A session of the pictures.

    Attributes:
        name: Its number in the pictures and tables.
        recalled: What its records say; None where it ran elsewhere, which left none here.
    """

    name: str
    kept: Kept
    recalled: Recalled | None

    @property
    def strength(self) -> Strength:
        """Nothing known where there is no record."""
        return Strength() if self.recalled is None else self.recalled.strength

    @property
    def pain(self) -> Pain:
        """As `strength`."""
        return Pain() if self.recalled is None else self.recalled.pain


def strength_plot(words: Language, found: Sequence[One], few: str, *, detailed: bool) -> Plot:
    """The highest strengths.

    Args:
        words: Of a language.
        found: Oldest first.
        few: Says that there were more, or nothing.
        detailed: Also on what, what held it, and how it ended.
    """
    say = words.past
    bars = []
    for one in found:
        of, cap = one.strength, one.strength.allowed
        allowed = None if cap is None else of.percent(cap.level)
        bars.append(Strengths(one.name, of.percent(of.asked), allowed, of.percent(of.reported)))
    spoken = StrengthWords(
        title=say[PastLabel.STRENGTHS_TITLE],
        asked=say[PastLabel.ASKED],
        allowed=say[PastLabel.ALLOWED],
        reported=say[PastLabel.REPORTED],
        missing=say[PastLabel.NOT_RECORDED],
    )
    heads = (*_STRENGTH_HEADS, *(_MORE_HEADS if detailed else ()))
    rows = [
        (*_strength_cells(words, one), *(_more_cells(words, one) if detailed else ()))
        for one in reversed(found)
    ]
    return Plot(
        name="strengths",
        title=spoken.title,
        lead=f"{say[PastLabel.STRENGTHS_HOW]} {few}".strip(),
        chart=strengths(bars, spoken),
        heads=tuple(say[head] for head in heads),
        rows=tuple(rows),
    )


def _strength_cells(words: Language, one: One) -> tuple[str, ...]:
    of, title = one.strength, None if one.recalled is None else one.recalled.title
    allowed = None if of.allowed is None else of.allowed.level
    return (
        one.name,
        teller(words)(one.kept.started_s),
        str(minutes(one.kept.used_s)),
        title or one.kept.program or words.past[PastLabel.ELSEWHERE],
        *(_level(words, of, level) for level in (of.reported, allowed, of.asked)),
    )


def _more_cells(words: Language, one: One) -> tuple[str, ...]:
    missing, cap = words.past[PastLabel.NOT_RECORDED], one.strength.allowed
    ended = None if one.recalled is None else one.recalled.ended
    return (
        missing if cap is None else capital(source_on_page(words, cap.source)),
        one.kept.device or missing,
        missing if ended is None else reason_on_page(words, ended),
    )


def _level(words: Language, strength: Strength, level: int | None) -> str:
    if level is None or strength.levels is None:
        return words.past[PastLabel.NOT_RECORDED]
    percent = strength.percent(level)
    return words.past[PastLabel.LEVEL_PERCENT].format(level=level, levels=strength.levels, percent=percent)


def pain_plot(words: Language, found: Sequence[One], few: str) -> Plot:
    """Pain before and after. `found` and `few` as for strengths."""
    say, when = words.past, teller(words)
    missing = say[PastLabel.NOT_TOLD]
    rows = []
    for one in reversed(found):
        told = (one.pain.before, one.pain.during, one.pain.after, one.pain.later)
        cells = [missing if value is None else str(value) for value in told]
        rows.append((one.name, when(one.kept.started_s), *cells))
    spoken = PainWords(
        title=say[PastLabel.PAINS_TITLE],
        before=say[PastLabel.BEFORE],
        after=say[PastLabel.AFTER],
        missing=missing,
    )
    points = [Pains(one.name, before=one.pain.before, after=one.pain.after) for one in found]
    return Plot(
        name="pains",
        title=spoken.title,
        lead=few,
        chart=pains(points, spoken),
        heads=tuple(say[head] for head in _PAIN_HEADS),
        rows=tuple(rows),
    )
