"""Questions at a terminal, one after the other: before a session and after it.

Enter alone leaves a question unanswered; it is asked once more, and then counts as the worst answer.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, TypeVar

from massager.model.body import Zone
from massager.model.questions import PAIN_WORST, Answer, Feeling, Question, Reaction, Screening
from massager.model.script import Afterwards
from massager.safety.responses import of_screening
from massager.texts import feeling_text, phrase_text, question_text, reaction_text, zone_text
from massager.texts.language import Phrase

_Value = TypeVar("_Value")

_YES_NO: Final[Mapping[str, Answer]] = MappingProxyType(
    {
        "y": Answer.YES,
        "yes": Answer.YES,
        "n": Answer.NO,
        "no": Answer.NO,
        "?": Answer.NOT_SURE,
        "not sure": Answer.NOT_SURE,
    }
)
_HOW_YES_NO: Final = "y, n, or ? for not sure"
_TRIES: Final = 2


def ask_before() -> Screening:
    """The answers of whoever sits at the terminal; a warning sign ends the questions at once."""
    print("First some questions about today. Enter alone leaves one unanswered.", file=sys.stderr)
    answers: dict[Question, Answer] = {}
    for question in Question:
        answer = _asked(question_text(question), _HOW_YES_NO, _YES_NO.__getitem__)
        if answer is not None:
            answers[question] = answer
            if of_screening(Screening(answers)) is not None:
                return Screening(answers)
    return Screening(
        answers=answers,
        pain=_pain(),
        skin=_skin(),
        reaction=_one_of(phrase_text(Phrase.REACTION), tuple(Reaction), reaction_text),
    )


def ask_afterwards() -> Afterwards:
    """How it went, of whoever sits at the terminal."""
    return Afterwards(
        pain=_pain(),
        worse=_asked(phrase_text(Phrase.WORSE), _HOW_YES_NO, _YES_NO.__getitem__),
        feeling=_one_of(phrase_text(Phrase.FEELING), tuple(Feeling), feeling_text),
    )


def _asked(text: str, how: str, read: Callable[[str], _Value]) -> _Value | None:
    """Ask until it is answered; None when Enter alone, or the end of the input, came twice."""
    silent = 0
    while silent < _TRIES:
        print(f"{text} [{how}] ", end="", file=sys.stderr, flush=True)
        said = " ".join(sys.stdin.readline().lower().replace(",", " ").split())
        if not said:
            silent += 1
            continue
        try:
            return read(said)
        except (KeyError, ValueError):
            print(f"Please answer with {how}.", file=sys.stderr)
    print("Not answered.", file=sys.stderr)
    return None


def _pain() -> int | None:
    scale = {str(pain): pain for pain in range(PAIN_WORST + 1)}
    return _asked(phrase_text(Phrase.PAIN_NOW), f"0 to {PAIN_WORST}", scale.__getitem__)


def _skin() -> frozenset[Zone] | None:
    print("\n".join(f"  {zone}  {zone_text(zone)}" for zone in Zone), file=sys.stderr)
    how = f"none, or as many as there are, such as {Zone.L1_L3} {Zone.L4_S1}"
    return _asked(phrase_text(Phrase.SKIN), how, _read_zones)


def _read_zones(said: str) -> frozenset[Zone]:
    return frozenset() if said == "none" else frozenset(Zone(word.upper()) for word in said.split())


def _one_of(text: str, offered: Sequence[_Value], words: Callable[[_Value], str]) -> _Value | None:
    by_number = {str(number): one for number, one in enumerate(offered, 1)}
    print("\n".join(f"  {number}  {words(one)}" for number, one in by_number.items()), file=sys.stderr)
    return _asked(text, f"1 to {len(offered)}", by_number.__getitem__)
