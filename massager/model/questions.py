"""What a person is asked before a session and during it, and the answers there are.

The questions themselves, in words, are in texts; what follows from an answer is in safety. Whatever is not
answered counts as the worst answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from massager.model.body import Side, Zone

# The numeric rating scale of pain, 0 to 10 (docs/questions.md).
PAIN_WORST: Final = 10


class Question(StrEnum):
    """Asked with yes, no or not sure before every session (docs/questions.md, before a session)."""

    SADDLE = "saddle"
    BLADDER = "bladder"
    BOTH_LEGS = "both-legs"
    CORD = "cord"
    STROKE = "stroke"
    CHEST = "chest"
    CALF = "calf"
    INJURY = "injury"
    LIMB = "limb"
    FEVER = "fever"
    SEDATED = "sedated"
    LOOSE = "loose"
    STOP_REACHABLE = "stop-reachable"


class Answer(StrEnum):
    """To such a question."""

    NO = "no"
    YES = "yes"
    NOT_SURE = "not-sure"


class Reaction(StrEnum):
    """What the last session left behind; the last is the worst."""

    NONE = "none"
    MILD = "mild"
    LASTING = "lasting"


@dataclass(frozen=True, slots=True)
class Screening:
    """The answers before one session; what is absent or None was not answered.

    Attributes:
        pain: 0 to 10, now.
        skin: Zones whose skin is broken, sore or unwell; none of them is an answer too.

    Raises:
        ValueError: Pain that is not on the scale.
    """

    answers: Mapping[Question, Answer] = field(default_factory=lambda: MappingProxyType({}))
    pain: int | None = None
    skin: frozenset[Zone] | None = None
    reaction: Reaction | None = None

    def __post_init__(self) -> None:
        _require_pain(self.pain)


class Comfort(StrEnum):
    """How the strength feels."""

    TOO_SOFT = "too-soft"
    FINE = "fine"
    TOO_STRONG = "too-strong"


class Feeling(StrEnum):
    """Anything new during a session or after it (docs/questions.md, answers during a session)."""

    NONE = "none"
    TINGLING = "tingling"
    WEAKNESS = "weakness"
    BOTH_LEGS = "both-legs"
    BLADDER_BOWEL_SADDLE = "bladder-bowel-saddle"
    CLUMSY_OR_UNSTEADY = "clumsy-or-unsteady"
    STROKE_SIGNS = "stroke-signs"
    CHEST = "chest"
    SHOOTING = "shooting"
    DIZZINESS = "dizziness"
    BURNING = "burning"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class CheckIn:
    """What somebody says during a session, asked or not; None was not said.

    Raises:
        ValueError: Pain that is not on the scale, or a word that is none of those there are.
    """

    pain: int | None = None
    comfort: Comfort | None = None
    feeling: Feeling | None = None

    def __post_init__(self) -> None:
        _require_pain(self.pain)
        if not isinstance(self.comfort, Comfort | None) or not isinstance(self.feeling, Feeling | None):
            raise ValueError(f"no answer there is: {self.comfort!r}, {self.feeling!r}")  # noqa: TRY004 - as all odd values

    @property
    def whole(self) -> bool:
        """Whether it answers a check-in: all three taps."""
        return None not in {self.pain, self.comfort, self.feeling}


class Ask(StrEnum):
    """What a session asks."""

    CHECK_IN = "check-in"
    ZONE = "zone"
    PLACEMENT = "placement"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a hand shall hold the massager.

    Attributes:
        aside_mm: Of its middle, from the midline.
        part_permille: How far down in the zone: its upper end is 0, its lower 1000.
    """

    side: Side
    aside_mm: int
    part_permille: int


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question that waits for an answer during a session.

    Attributes:
        number: Rises with each question of a session.
        zone: Which one is to be visited; None for a check-in.
        asked_ms: When, on the boot-time clock.
        spot: Where in it, for `Ask.PLACEMENT`.
    """

    number: int
    ask: Ask
    zone: Zone | None
    asked_ms: int
    spot: Spot | None = None


def _require_pain(pain: int | None) -> None:
    if pain is not None and not (type(pain) is int and 0 <= pain <= PAIN_WORST):
        raise ValueError(f"pain is a whole number from 0 to {PAIN_WORST}")
