"""Everything that can be said has a sentence, and no sentence promises anything."""

import re
from pathlib import Path

import pytest

import massager
from massager import texts
from massager.model.body import Zone
from massager.model.decisions import Reason, Source
from massager.model.history import LockCause
from massager.model.people import Modifier
from massager.model.questions import Answer, Ask, Comfort, Feeling, Prompt, Question, Reaction
from massager.safety.responses import of_feeling, reason_of
from massager.texts import LANGUAGES
from massager.texts.language import NOT_ASKED, Phrase

# By language; one that has no list here fails.
FORBIDDEN = {
    "en": re.compile(
        r"\b(safe|safely|therapy|therapies|therapeutic|treats?|treatments?|reliev\w+|relief|proven|heals?|cures?)\b",
        re.IGNORECASE,
    )
}
DENIAL = "does not diagnose, treat or prevent spinal stenosis or any disease"


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_sentence(reason):
    sentence = texts.reason_text(reason, "12 mm")
    assert sentence.endswith("(12 mm)")
    assert not FORBIDDEN["en"].search(sentence)


@pytest.mark.parametrize("source", Source)
def test_every_bound_has_words(source):
    assert texts.source_text(source)


def test_everything_that_can_be_asked_or_answered_has_words():
    said = [texts.lock_cause_text(cause) for cause in LockCause]
    said += [texts.phrase_text(phrase) for phrase in Phrase]
    said += [texts.question_text(question) for question in Question]
    said += [texts.answer_text(answer) for answer in Answer]
    said += [texts.reaction_text(reaction) for reaction in Reaction]
    said += [texts.comfort_text(comfort) for comfort in Comfort]
    said += [texts.feeling_text(feeling) for feeling in Feeling]
    said += [texts.zone_text(zone) for zone in Zone]
    said += [texts.condition_name(condition) for condition in Modifier]
    assert len(said) == len(set(said))


def test_every_condition_is_asked_for_except_what_follows_from_something_else():
    asked = {condition for condition in Modifier if texts.condition_question(condition) is not None}
    assert asked == set(Modifier) - NOT_ASKED
    assert all(texts.condition_question(condition).endswith((".", "?")) for condition in asked)


def test_a_zone_is_named_in_its_question_and_a_check_in_names_its_three_answers():
    zone = Prompt(1, Ask.ZONE, Zone.L4_S1, 0)
    assert texts.prompt_text(zone) == "Next: lower back, just above the pelvis. Is that all right?"
    check_in = texts.prompt_text(Prompt(2, Ask.CHECK_IN, None, 0))
    assert all(word in check_in for word in ("ain from 0 to 10", "strength", "new"))


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_sentence_of_any_language_promises_anything(code):
    language = LANGUAGES[code]
    for name in language.__slots__:
        for sentence in getattr(language, name).values():
            assert FORBIDDEN[code].findall(sentence.replace(DENIAL, "")) == [], sentence


def test_the_disclaimer_claims_nothing():
    assert "not a medical device" in texts.DISCLAIMER
    assert "Talk to a healthcare provider before use" in texts.DISCLAIMER


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_given_somewhere(reason):
    files = [path for path in Path(massager.__file__).parent.rglob("*.py") if "texts" not in path.parts]
    named = any(re.search(rf"\bReason\.{reason.name}\b", path.read_text()) for path in files)
    felt = {reason_of(found.cause) for found in map(of_feeling, Feeling) if found is not None}
    assert named or reason in felt
