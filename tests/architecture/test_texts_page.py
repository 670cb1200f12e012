"""docs/questions.md against the product: its words, its effects, its waits and its schedule."""

import re
from pathlib import Path

import pytest

from massager import texts
from massager.model.body import REGION_SPANS_PPM, VERTEBRA_SPANS_PPM, Region
from massager.model.ceilings import FOLLOW_UP_S, Modality, Severity
from massager.model.decisions import Reason
from massager.model.history import Authority
from massager.model.people import Modifier
from massager.model.questions import Feeling, Question, Reaction
from massager.safety import dialogue, screening
from massager.safety.conditions import EFFECTS, WHOLE
from massager.safety.responses import LOCKOUTS, of_feeling

PAGE = (Path(__file__).parents[2] / "docs" / "questions.md").read_text()


def row(chapter: str, name: str, *, cells: int) -> list[str]:
    text = PAGE.partition(f"## {chapter}\n")[2].partition("\n## ")[0]
    lines = [line.strip("|").split("|") for line in text.splitlines() if line.startswith(f"| `{name}` |")]
    found = [line for line in lines if len(line) == cells]
    assert len(found) == 1, (chapter, name)
    return [cell.strip() for cell in found[0]]


def effect_words(condition: Modifier) -> str:
    effect = EFFECTS[condition]
    neck = REGION_SPANS_PPM[Region.CERVICAL]
    closed = {
        (): None,
        ((0, VERTEBRA_SPANS_PPM["T3"][1]),): "nothing on the neck and T1 to T3",
        (REGION_SPANS_PPM[Region.LUMBAR],): "nothing on the lower back",
        (neck, REGION_SPANS_PPM[Region.THORACIC]): "nothing on neck and thoracic spine",
        (neck,): "nothing on the neck",
    }[effect.closes]
    if effect.forbids == frozenset(Modality):
        return "nothing at all"
    words = [
        *(f"no {modality}" for modality in sorted(effect.forbids)),
        closed,
        "nothing on its place" if effect.has_place else None,
        "no heat" if effect.forbids_heat else None,
        "what is left needs C" if effect.needs_c else None,
        None
        if effect.share == WHOLE
        else f"\N{MULTIPLICATION SIGN}{effect.share.strength_permille / 1000:g}",
    ]
    return ", ".join(word for word in words if word is not None)


@pytest.mark.parametrize("condition", Modifier)
def test_the_page_has_every_condition_with_its_question_and_what_it_does(condition):
    _name, question, effect, because = row("1. Before the first session", condition, cells=4)
    assert question == (texts.condition_question(condition) or "not asked")
    assert effect.partition(";")[0] == effect_words(condition)
    assert because


def test_a_share_of_a_condition_is_the_same_for_strength_and_time():
    assert all(effect.share.strength_permille == effect.share.time_permille for effect in EFFECTS.values())


@pytest.mark.parametrize("question", Question)
def test_the_page_has_every_question_before_a_session_in_its_words(question):
    _name, words, lockout, because = row("2. Before a session", question, cells=4)
    assert words == texts.question_text(question)
    assert lockout
    assert because


@pytest.mark.parametrize("reaction", Reaction)
def test_the_page_has_every_reaction_in_its_words(reaction):
    assert row("2. Before a session", reaction, cells=3)[1] == texts.reaction_text(reaction)


def test_the_cut_points_of_pain_are_the_codes():
    bars, lowers, rise = screening.PAIN_BARS, screening.PAIN_LOWERS, screening.PAIN_RISE
    for words in (
        f"| {bars} to 10, or not told |",
        f"| {rise} or more above that of most days |",
        f"| {lowers} to {bars - 1} |",
    ):
        assert words in PAGE, words


def test_the_schedule_is_the_codes():
    rows = {
        "First check-in after first contact": dialogue.FIRST_S,
        "Then, after each answer": dialogue.EVERY_S,
        "No answer: half the level": dialogue.HOLD_S,
        "No answer: stop": dialogue.STOP_S,
    }
    for what, figures in rows.items():
        listed = " | ".join(f"{figures[severity]} s" for severity in Severity)
        assert f"| {what} | {listed} |" in PAGE, what
    assert f"asked again after {dialogue.AGAIN_S} s" in PAGE


def hours(wait_s: int) -> str:
    return {0: "at once", 7 * 86400: "7 days", 14 * 86400: "14 days"}.get(wait_s, f"{wait_s // 3600} h")


@pytest.mark.parametrize("cause", LOCKOUTS)
def test_the_page_has_every_lockout_with_who_clears_it_and_when(cause):
    authority, wait_s = LOCKOUTS[cause]
    _name, who, not_before, _left, because = row("4. Answers during a session", cause, cells=5)
    assert who == ("P" if authority is Authority.PROVIDER else "caregiver")
    assert not_before == hours(wait_s)
    assert because


@pytest.mark.parametrize("feeling", [feeling for feeling in Feeling if feeling is not Feeling.NONE])
def test_the_page_has_every_feeling_with_its_words_and_its_lockout(feeling):
    _name, words, cause = row("4. Answers during a session", feeling, cells=3)
    assert words == texts.feeling_text(feeling)
    assert cause == f"`{of_feeling(feeling).cause}`"


def test_the_follow_ups_are_the_codes():
    words = {0: "at the end", 300: "after 5 min"}
    for severity in Severity:
        times = ", ".join(words.get(after, f"{after // 3600} h") for after in FOLLOW_UP_S[severity])
        assert f"| {severity.name.lower()} | {times} |" in PAGE


@pytest.mark.parametrize("reason", [reason for reason in Reason if texts.advice(reason) is not None])
def test_the_page_has_every_advice_word_for_word(reason):
    assert row("7. Wording", reason, cells=2)[1] == texts.advice(reason)


def test_every_source_that_is_cited_is_listed_and_every_listed_one_is_cited():
    text, _, sources = PAGE.partition("## 8. Sources")
    cited = {int(number) for group in re.findall(r"\[([\d, ]+)\](?!\()", text) for number in group.split(",")}
    listed = {int(number): line for number, line in re.findall(r"(?m)^(\d+)\. (.+)$", sources)}
    assert cited == set(listed)
    for number, line in listed.items():
        assert re.search(r"https?://\S+", line), number
        assert re.search(r"\b(19|20)\d\d\b", line) or "undated" in line, number
