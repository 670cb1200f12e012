"""What a language consists of: one table for everything that is said to a person, and no hole in any."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeVar

from massager.model.body import Side, Zone
from massager.model.captions import Caption
from massager.model.decisions import Reason, Source
from massager.model.history import LockCause
from massager.model.people import Modifier
from massager.model.questions import Answer, Ask, Comfort, Feeling, Question, Reaction
from massager.texts.advice import Advice
from massager.texts.caregiver_labels import CaregiverLabel
from massager.texts.labels import Label
from massager.texts.oversight_labels import OversightLabel
from massager.texts.past_labels import PastLabel


class Phrase(StrEnum):
    """What is said or asked beside the tables of the model."""

    DISCLAIMER = "disclaimer"
    SWITCH_OFF_BY_HAND = "switch-off-by-hand"
    # before the first session, beside the conditions
    BORN = "born"
    ATTESTED = "attested"
    WHERE = "where"
    SEVERITY = "severity"
    USUAL_PAIN = "usual-pain"
    PLACE_FROM = "place-from"
    PLACE_TO = "place-to"
    # before a session, in it or after it
    PAIN_NOW = "pain-now"
    SKIN = "skin"
    REACTION = "reaction"
    COMFORT = "comfort"
    FEELING = "feeling"
    WORSE = "worse"
    # where a hand shall hold the massager, in a zone
    UPPER_PART = "upper-part"
    MIDDLE_PART = "middle-part"
    LOWER_PART = "lower-part"


_Key = TypeVar("_Key", bound=StrEnum)

# What nobody is asked as a question of its own: the first is the answer "not sure" to where the narrowing
# is, the second follows from a lockout (docs/questions.md, before the first session).
NOT_ASKED: Final = frozenset({Modifier.REGION_UNKNOWN, Modifier.AFTER_SYMPTOMS})
# What the tables tell with a command or an option, and the page in other words.
WITH_COMMANDS: Final = frozenset(
    {
        Reason.CLOCK_BEHIND,
        Reason.LOCKED_OUT,
        Reason.FOLLOW_UP_DUE,
        Reason.NOT_SCREENED,
        Reason.RADIO_UNUSABLE,
    }
)
WITH_OPTIONS: Final = frozenset({Source.CALLER})


@dataclass(frozen=True, slots=True)
class Language:
    """The words of one language; a second language is a second value of this and nothing else.

    Attributes:
        asks: The question of a zone has the zone's words at `{zone}`, that of a place also `{part}`,
            `{side}` and `{cm}`.
        page: What else stands on the page.
        caregiver: What stands on the caregiver's side of it beside that.
        oversight: The same, where a caregiver looks on.
        past: What stands where somebody looks back.
        page_reasons: What the page says of reasons that otherwise name a command.
        page_sources: The same of bounds that name an option.

    Raises:
        ValueError: A table has a hole, an empty sentence, or a key that nobody looks up; or two tables of the
            page have one key.
    """

    phrases: Mapping[Phrase, str]
    reasons: Mapping[Reason, str]
    sources: Mapping[Source, str]
    lock_causes: Mapping[LockCause, str]
    advice: Mapping[Advice, str]
    questions: Mapping[Question, str]
    answers: Mapping[Answer, str]
    reactions: Mapping[Reaction, str]
    comforts: Mapping[Comfort, str]
    feelings: Mapping[Feeling, str]
    asks: Mapping[Ask, str]
    zones: Mapping[Zone, str]
    sides: Mapping[Side, str]
    captions: Mapping[Caption, str]
    condition_questions: Mapping[Modifier, str]
    condition_names: Mapping[Modifier, str]
    page: Mapping[Label, str]
    caregiver: Mapping[CaregiverLabel, str]
    oversight: Mapping[OversightLabel, str]
    past: Mapping[PastLabel, str]
    page_reasons: Mapping[Reason, str]
    page_sources: Mapping[Source, str]

    def __post_init__(self) -> None:
        _require_whole("phrases", self.phrases, Phrase)
        _require_whole("reasons", self.reasons, Reason)
        _require_whole("sources", self.sources, Source)
        _require_whole("lock causes", self.lock_causes, LockCause)
        _require_whole("advice", self.advice, Advice)
        _require_whole("questions", self.questions, Question)
        _require_whole("answers", self.answers, Answer)
        _require_whole("reactions", self.reactions, Reaction)
        _require_whole("comforts", self.comforts, Comfort)
        _require_whole("feelings", self.feelings, Feeling)
        _require_whole("asks", self.asks, Ask)
        _require_whole("zones", self.zones, Zone)
        _require_whole("sides", self.sides, Side)
        _require_whole("captions", self.captions, Caption)
        _require_whole("condition questions", self.condition_questions, frozenset(Modifier) - NOT_ASKED)
        _require_whole("condition names", self.condition_names, Modifier)
        _require_whole("labels", self.page, Label)
        _require_whole("labels of the caregiver's side", self.caregiver, CaregiverLabel)
        _require_whole("labels of oversight", self.oversight, OversightLabel)
        _require_whole("labels of the past", self.past, PastLabel)
        _require_whole("reasons on the page", self.page_reasons, WITH_COMMANDS)
        _require_whole("sources on the page", self.page_sources, WITH_OPTIONS)
        if self.asks[Ask.ZONE].format(zone="") == self.asks[Ask.ZONE]:
            raise ValueError("the question of a zone names the zone: put {zone} into it")
        if len(self.labels) < len(self.page) + len(self.caregiver) + len(self.oversight) + len(self.past):
            raise ValueError("two tables of the page have one key")

    @property
    def labels(self) -> Mapping[str, str]:
        """All that templates say, by the value of its label."""
        tables: tuple[Mapping[Any, str], ...] = (
            self.page,
            self.caregiver,
            self.oversight,
            self.past,
        )
        return {label: text for table in tables for label, text in table.items()}


def _require_whole(table: str, sentences: Mapping[_Key, str], members: Iterable[_Key]) -> None:
    wanted = frozenset(members)
    holes = [key for key in wanted if not sentences.get(key, "").strip()]
    wrong = sorted({*holes, *(sentences.keys() - wanted)})
    if wrong:
        raise ValueError(f"{table} without a sentence, or not to be said at all: {', '.join(wrong)}")
