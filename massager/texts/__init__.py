"""All that is said to a person, in one place: codes to sentences, and the questions in plain words.

May import model alone. A sentence says what happened and what to do; it never says "safe" and promises
nothing (docs/limits.md, wording). A second language is a module like `english` and a line in `LANGUAGES`.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from massager.model.body import Zone
from massager.model.decisions import Reason, Source
from massager.model.history import LockCause
from massager.model.people import Modifier
from massager.model.questions import Answer, Comfort, Feeling, Prompt, Question, Reaction
from massager.texts.advice import FOR_LOCK_CAUSE, FOR_REASON, Advice
from massager.texts.english import ENGLISH
from massager.texts.language import Language, Phrase

LANGUAGES: Final[Mapping[str, Language]] = MappingProxyType({"en": ENGLISH})
_WORDS: Final = LANGUAGES["en"]

DISCLAIMER: Final = _WORDS.phrases[Phrase.DISCLAIMER]
SWITCH_OFF_BY_HAND: Final = _WORDS.phrases[Phrase.SWITCH_OFF_BY_HAND]
SEE_A_PROVIDER: Final = _WORDS.advice[Advice.SEE_A_PROVIDER]


def reason_text(reason: Reason, detail: str = "") -> str:
    """A sentence for a reason, with its figure where there is one."""
    text = _WORDS.reasons[reason]
    return f"{text} ({detail})" if detail else text


def source_text(source: Source) -> str:
    """Why the strength is what it is."""
    return _WORDS.sources[source]


def lock_cause_text(cause: LockCause) -> str:
    """Why somebody is locked out, in a few words."""
    return _WORDS.lock_causes[cause]


def advice(reason: Reason) -> str | None:
    """What to do now; None where the reason says it all. For what somebody said, not for their silence."""
    found = FOR_REASON.get(reason)
    return None if found is None else _WORDS.advice[found]


def lock_advice(cause: LockCause) -> str | None:
    """What to do now and as long as the lockout is open; None where there is nothing to do but to wait."""
    found = FOR_LOCK_CAUSE.get(cause)
    return None if found is None else _WORDS.advice[found]


def phrase_text(phrase: Phrase) -> str:
    """What is said or asked beside the tables."""
    return _WORDS.phrases[phrase]


def question_text(question: Question) -> str:
    """A question before a session."""
    return _WORDS.questions[question]


def answer_text(answer: Answer) -> str:
    """An answer to offer."""
    return _WORDS.answers[answer]


def reaction_text(reaction: Reaction) -> str:
    """An answer to `Phrase.REACTION`."""
    return _WORDS.reactions[reaction]


def comfort_text(comfort: Comfort) -> str:
    """An answer to `Phrase.COMFORT`."""
    return _WORDS.comforts[comfort]


def feeling_text(feeling: Feeling) -> str:
    """An answer to `Phrase.FEELING`."""
    return _WORDS.feelings[feeling]


_PARTS: Final = (Phrase.UPPER_PART, Phrase.MIDDLE_PART, Phrase.LOWER_PART)


def prompt_text(prompt: Prompt, words: Language = _WORDS) -> str:
    """What a session asks, on one line."""
    zone = "" if prompt.zone is None else words.zones[prompt.zone]
    if prompt.spot is None:
        return words.asks[prompt.ask].format(zone=zone)
    part = words.phrases[_PARTS[min(2, 3 * prompt.spot.part_permille // 1000)]]
    return words.asks[prompt.ask].format(
        zone=zone, part=part, side=words.sides[prompt.spot.side], cm=round(prompt.spot.aside_mm / 10)
    )


def reason_on_page(words: Language, reason: Reason, detail: str = "") -> str:
    """A sentence for a reason as the page tells it: with its figure, and without names of parts and files."""
    text = (words.page_reasons.get(reason) or words.reasons[reason]).format(detail=detail)
    return f"{text} ({detail})" if detail[:1].isdigit() else text


def source_on_page(words: Language, source: Source) -> str:
    """Why the strength is what it is, as the page tells it."""
    return words.page_sources.get(source) or words.sources[source]


def advice_in(words: Language, reason: Reason) -> str | None:
    """See `advice`."""
    found = FOR_REASON.get(reason)
    return None if found is None else words.advice[found]


def lock_advice_in(words: Language, cause: LockCause) -> str | None:
    """See `lock_advice`."""
    found = FOR_LOCK_CAUSE.get(cause)
    return None if found is None else words.advice[found]


def zone_text(zone: Zone) -> str:
    """Where a zone is, for whoever does not count vertebrae."""
    return _WORDS.zones[zone]


def condition_question(condition: Modifier) -> str | None:
    """A question before the first session, where yes or not sure means the condition; None if not asked."""
    return _WORDS.condition_questions.get(condition)


def condition_name(condition: Modifier) -> str:
    """A condition in a few words."""
    return _WORDS.condition_names[condition]
