"""What follows from an answer, before a session, in it or after it: the table of docs/questions.md."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from massager.model.body import Zone
from massager.model.decisions import Reason, Trip
from massager.model.history import Authority, LockCause
from massager.model.people import Modifier, StrengthLimit
from massager.model.questions import Answer, Feeling, Question, Reaction, Screening

_HOUR_S: Final = 3600
_DAY_S: Final = 24 * _HOUR_S


@dataclass(frozen=True, slots=True)
class Consequence:
    """What outlives the moment; every part of it only ever tightens.

    Attributes:
        cause: Of the lockout; None without one.
        authority: Who may clear that.
        wait_s: Not even they clear it earlier.
        modifier: Condition that the person has from now on.
        zone: Left out from now on.
        limit: The person's own highest strength from now on.
    """

    cause: LockCause | None
    authority: Authority = Authority.CAREGIVER
    wait_s: int = 0
    modifier: Modifier | None = None
    zone: Zone | None = None
    limit: StrengthLimit | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What becomes of something said in a session; the trip is latched already."""

    trip: Trip | None
    consequence: Consequence | None


# docs/questions.md, answers during a session: who clears it, and not before.
LOCKOUTS: Final[Mapping[LockCause, tuple[Authority, int]]] = MappingProxyType(
    {
        LockCause.RED_FLAG_SPINE: (Authority.PROVIDER, 0),
        LockCause.RED_FLAG_CORD: (Authority.PROVIDER, 0),
        LockCause.RED_FLAG_STROKE: (Authority.PROVIDER, 0),
        LockCause.RED_FLAG_CHEST: (Authority.PROVIDER, 0),
        LockCause.LIMB_SYMPTOM: (Authority.PROVIDER, 72 * _HOUR_S),
        LockCause.SHOOTING_PAIN: (Authority.CAREGIVER, 72 * _HOUR_S),
        LockCause.PAIN: (Authority.CAREGIVER, 48 * _HOUR_S),
        LockCause.REPEATED_PAIN: (Authority.PROVIDER, 14 * _DAY_S),
        LockCause.DIZZINESS: (Authority.CAREGIVER, 24 * _HOUR_S),
        LockCause.BURNING: (Authority.CAREGIVER, 48 * _HOUR_S),
        LockCause.UNCLEAR_SYMPTOM: (Authority.PROVIDER, 72 * _HOUR_S),
        LockCause.LASTING_REACTION: (Authority.PROVIDER, 7 * _DAY_S),
        LockCause.WORSE_AFTERWARDS: (Authority.PROVIDER, 72 * _HOUR_S),
    }
)

_FEELINGS: Final[Mapping[Feeling, LockCause]] = MappingProxyType(
    {
        Feeling.TINGLING: LockCause.LIMB_SYMPTOM,
        Feeling.WEAKNESS: LockCause.LIMB_SYMPTOM,
        Feeling.BOTH_LEGS: LockCause.RED_FLAG_SPINE,
        Feeling.BLADDER_BOWEL_SADDLE: LockCause.RED_FLAG_SPINE,
        Feeling.CLUMSY_OR_UNSTEADY: LockCause.RED_FLAG_CORD,
        Feeling.STROKE_SIGNS: LockCause.RED_FLAG_STROKE,
        Feeling.CHEST: LockCause.RED_FLAG_CHEST,
        Feeling.SHOOTING: LockCause.SHOOTING_PAIN,
        Feeling.DIZZINESS: LockCause.DIZZINESS,
        Feeling.BURNING: LockCause.BURNING,
        Feeling.OTHER: LockCause.UNCLEAR_SYMPTOM,
    }
)

_QUESTIONS: Final[Mapping[Question, LockCause]] = MappingProxyType(
    {
        Question.SADDLE: LockCause.RED_FLAG_SPINE,
        Question.BLADDER: LockCause.RED_FLAG_SPINE,
        Question.BOTH_LEGS: LockCause.RED_FLAG_SPINE,
        Question.STROKE: LockCause.RED_FLAG_STROKE,
        Question.CHEST: LockCause.RED_FLAG_CHEST,
        Question.CORD: LockCause.RED_FLAG_CORD,
        Question.LIMB: LockCause.LIMB_SYMPTOM,
    }
)


def locked(cause: LockCause, *, zone: Zone | None = None, limit: StrengthLimit | None = None) -> Consequence:
    """The consequence of a cause; the zone counts for shooting pain alone."""
    authority, wait_s = LOCKOUTS[cause]
    return Consequence(
        cause,
        authority,
        wait_s,
        modifier=Modifier.AFTER_SYMPTOMS if cause is LockCause.LIMB_SYMPTOM else None,
        zone=zone if cause is LockCause.SHOOTING_PAIN else None,
        limit=limit,
    )


def of_feeling(feeling: Feeling | None, zone: Zone | None = None) -> Consequence | None:
    """What follows from a feeling, with the zone that was worked on; None for none and for silence."""
    cause = None if feeling is None else _FEELINGS.get(feeling)
    return None if cause is None else locked(cause, zone=zone)


def of_screening(screening: Screening) -> Consequence | None:
    """What outlives the answers before a session: the gravest lockout that was said; silence says nothing."""
    for question, cause in _QUESTIONS.items():
        if screening.answers.get(question, Answer.NO) is not Answer.NO:
            return locked(cause)
    if screening.reaction is Reaction.LASTING:
        return locked(LockCause.LASTING_REACTION)
    return None


def reason_of(cause: LockCause) -> Reason:
    """Why a session ends for it."""
    return Reason.PAIN if cause is LockCause.REPEATED_PAIN else Reason(cause)
