"""Answers as a file: before a session, during it and afterwards, for scripts, tests and the demonstration.

A key that is left out is a question that nobody answered; one that is there and empty is refused.
"""

from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from massager._resources import answers_folder
from massager.catalog.document import Document, Loc, shown
from massager.catalog.schema import Shape, fitted
from massager.catalog.yaml_source import read
from massager.model.body import Zone
from massager.model.questions import (
    PAIN_WORST,
    Answer,
    CheckIn,
    Comfort,
    Feeling,
    Question,
    Reaction,
    Screening,
)
from massager.model.script import Afterwards, Script, Unasked

# Left out: not answered.
_ABSENT: Final[Any] = None

_AnswerWord = Annotated[Answer, Field(strict=False)]
_ComfortWord = Annotated[Comfort, Field(strict=False)]
_FeelingWord = Annotated[Feeling, Field(strict=False)]
_ZoneWord = Annotated[Zone, Field(strict=False)]
_Pain = Annotated[int, Field(ge=0, le=PAIN_WORST)]
# Chosen: four times the longest session that any ceiling allows, and more check-ins than fit into it.
_AtSeconds = Annotated[int, Field(ge=0, le=3600)]
_Times = Annotated[int, Field(ge=1, le=100)]


class _Before(Shape):
    """Each question under its name, with '_' for '-'."""

    saddle: _AnswerWord = _ABSENT
    bladder: _AnswerWord = _ABSENT
    both_legs: _AnswerWord = _ABSENT
    cord: _AnswerWord = _ABSENT
    stroke: _AnswerWord = _ABSENT
    chest: _AnswerWord = _ABSENT
    calf: _AnswerWord = _ABSENT
    injury: _AnswerWord = _ABSENT
    limb: _AnswerWord = _ABSENT
    fever: _AnswerWord = _ABSENT
    sedated: _AnswerWord = _ABSENT
    loose: _AnswerWord = _ABSENT
    stop_reachable: _AnswerWord = _ABSENT
    pain: _Pain = _ABSENT
    skin: list[_ZoneWord] = _ABSENT
    reaction: Annotated[Reaction, Field(strict=False)] = _ABSENT


class _Said(Shape):
    """The answer to so many check-ins, or with `at_s` something said unasked."""

    pain: _Pain = _ABSENT
    comfort: _ComfortWord = _ABSENT
    feeling: _FeelingWord = _ABSENT
    times: _Times = _ABSENT
    at_s: _AtSeconds = _ABSENT


class _FirstVisit(Shape):
    """Whether a zone may be visited for the first time."""

    zone: _ZoneWord
    answer: Literal["yes", "no"]


class _Afterwards(Shape):
    """How it went."""

    pain: _Pain = _ABSENT
    worse: _AnswerWord = _ABSENT
    feeling: _FeelingWord = _ABSENT


class AnswersFile(Shape):
    """The answers of one session."""

    kind: Literal["answers"]
    before: _Before = Field(default_factory=_Before)
    during: list[_Said] = Field(default_factory=list)
    zones: list[_FirstVisit] = Field(default_factory=list)
    afterwards: _Afterwards = _ABSENT


def load_answers(path: Path) -> Script:
    """The answers in a file.

    Raises:
        InvalidProfileError: It is wrong; the text lists what and where.
        NotFoundError: The file cannot be opened.
    """
    document = read(path)
    content = fitted(document, AnswersFile)
    _check_said(document, content.during)
    _once(document, ("before", "skin"), content.before.skin or [])
    _once(document, ("zones",), [visit.zone for visit in content.zones])
    document.settle()
    return Script(
        before=_screening(content.before),
        check_ins=tuple(
            _check_in(said) for said in content.during if said.at_s is None for _ in range(said.times or 1)
        ),
        unasked=tuple(
            Unasked(said.at_s, _check_in(said)) for said in content.during if said.at_s is not None
        ),
        zones=MappingProxyType({visit.zone: visit.answer == "yes" for visit in content.zones}),
        afterwards=_afterwards(content.afterwards),
    )


def fine_answers() -> Script:
    """The answers of the person `demo`: nothing is wrong.

    Raises:
        NotFoundError: The installation is incomplete.
    """
    return load_answers(answers_folder() / "fine.yaml")


def _screening(before: _Before) -> Screening:
    given = {question: getattr(before, question.replace("-", "_")) for question in Question}
    return Screening(
        answers=MappingProxyType({question: answer for question, answer in given.items() if answer}),
        pain=before.pain,
        skin=None if before.skin is _ABSENT else frozenset(before.skin),
        reaction=before.reaction,
    )


def _check_in(said: _Said) -> CheckIn:
    return CheckIn(said.pain, said.comfort, said.feeling)


def _afterwards(said: _Afterwards) -> Afterwards | None:
    return None if said is _ABSENT else Afterwards(said.pain, said.worse, said.feeling)


def _check_said(document: Document, entries: list[_Said]) -> None:
    for n, said in enumerate(entries):
        loc: Loc = ("during", n)
        if _check_in(said) == CheckIn():
            document.complain_at(loc, "this says nothing", "Add pain, comfort or feeling.")
        if said.at_s is not None and said.times is not None:
            what = f"what is said unasked is said once (got {said.times})"
            document.complain_at((*loc, "times"), what, "Remove 'times', or 'at_s'.")


def _once(document: Document, loc: Loc, zones: list[Zone]) -> None:
    for n, zone in enumerate(zones):
        if zone in zones[:n]:
            what = f"a second entry of this zone (got {shown(zone.value)})"
            document.complain_at((*loc, n), what, "Keep one of them.")
