"""The answers before a session: whether one may begin today, and what they leave of strength and time."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from massager.model.decisions import Reason, Refusal
from massager.model.people import Person
from massager.model.questions import PAIN_WORST, Answer, Question, Reaction, Screening
from massager.safety.conditions import HALF, WHOLE, Share

_REASONS: Final[Mapping[Question, Reason]] = MappingProxyType(
    {
        Question.SADDLE: Reason.RED_FLAG_SPINE,
        Question.BLADDER: Reason.RED_FLAG_SPINE,
        Question.BOTH_LEGS: Reason.RED_FLAG_SPINE,
        Question.CORD: Reason.RED_FLAG_CORD,
        Question.STROKE: Reason.RED_FLAG_STROKE,
        Question.CHEST: Reason.RED_FLAG_CHEST,
        Question.CALF: Reason.CALF,
        Question.INJURY: Reason.INJURY,
        Question.LIMB: Reason.LIMB_SYMPTOM,
        Question.FEVER: Reason.FEVER,
        Question.SEDATED: Reason.SEDATED,
        Question.LOOSE: Reason.LOOSE_CLOTHING,
        Question.STOP_REACHABLE: Reason.STOP_OUT_OF_REACH,
    }
)
# docs/questions.md, before a session: cut points of pain today.
PAIN_BARS: Final = 7
PAIN_LOWERS: Final = 4
# docs/questions.md: the smallest change in pain that matters.
PAIN_RISE: Final = 2
_AFTER_REACTION: Final = Share(600, 600)


def bars(screening: Screening, person: Person) -> Refusal | None:
    """Why nothing may begin today; what was not answered counts as the worst answer."""
    for question, reason in _REASONS.items():
        wanted = Answer.YES if question is Question.STOP_REACHABLE else Answer.NO
        if screening.answers.get(question) is not wanted:
            return Refusal(reason, question)
    if screening.reaction not in {Reaction.NONE, Reaction.MILD}:
        return Refusal(Reason.LASTING_REACTION)
    pain = pain_now(screening)
    if pain >= PAIN_BARS or pain >= person.usual_pain + PAIN_RISE:
        return Refusal(Reason.PAIN_TODAY, str(pain))
    return None


def pain_now(screening: Screening) -> int:
    """0 to 10, the worst where it was not said."""
    return PAIN_WORST if screening.pain is None else screening.pain


def shares(screening: Screening) -> tuple[Share, Share]:
    """What pain and the last session's traces leave of strength and time."""
    return (
        HALF if pain_now(screening) >= PAIN_LOWERS else WHOLE,
        WHOLE if screening.reaction is Reaction.NONE else _AFTER_REACTION,
    )
