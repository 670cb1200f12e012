"""The answers before a session: what bars it, what lowers it, what locks out."""

from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massager.model.body import ZONE_SPANS_PPM, Zone
from massager.model.decisions import Reason, Refusal
from massager.model.history import Authority, LockCause
from massager.model.people import Modifier, StrengthLimit
from massager.model.questions import Answer, Question, Reaction, Screening
from massager.safety.conditions import Share
from massager.safety.interlocks import PERSON, Applicant, first_refusal
from massager.safety.responses import locked, of_screening
from massager.safety.screening import bars
from massager.safety.today import places, today
from samples import demo, history, well

REASONS = {
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
LOCKS = {
    Question.SADDLE: (LockCause.RED_FLAG_SPINE, 0),
    Question.BLADDER: (LockCause.RED_FLAG_SPINE, 0),
    Question.BOTH_LEGS: (LockCause.RED_FLAG_SPINE, 0),
    Question.CORD: (LockCause.RED_FLAG_CORD, 0),
    Question.STROKE: (LockCause.RED_FLAG_STROKE, 0),
    Question.CHEST: (LockCause.RED_FLAG_CHEST, 0),
    Question.LIMB: (LockCause.LIMB_SYMPTOM, 72 * 3600),
}


def without(question):
    good = dict(well().answers)
    del good[question]
    return replace(well(), answers=MappingProxyType(good))


def test_every_question_bars():
    assert set(REASONS) == set(Question)


def test_good_answers_bar_nothing_and_lower_nothing():
    assert bars(well(), demo()) is None
    assert of_screening(well()) is None
    assert today(demo(), history(), well()).share == Share(1000, 1000)


@pytest.mark.parametrize("question", Question)
@pytest.mark.parametrize("answer", [*Answer, None])
def test_only_the_good_answer_to_a_question_lets_pass_and_none_is_the_worst(question, answer):
    screening = without(question) if answer is None else well(answers={question: answer})
    good = Answer.YES if question is Question.STOP_REACHABLE else Answer.NO
    expected = None if answer is good else Refusal(REASONS[question], question)
    assert bars(screening, demo()) == expected
    applicant = Applicant(demo(), history(), screening)
    assert first_refusal(PERSON, applicant) == expected


@pytest.mark.parametrize("question", Question)
@pytest.mark.parametrize("answer", [*Answer, None])
def test_a_red_flag_that_somebody_names_or_is_not_sure_of_locks_out_and_silence_does_not(question, answer):
    screening = without(question) if answer is None else well(answers={question: answer})
    found = of_screening(screening)
    if question not in LOCKS or answer in {None, Answer.NO}:
        assert found is None
        return
    cause, wait_s = LOCKS[question]
    assert (found.cause, found.authority, found.wait_s) == (cause, Authority.PROVIDER, wait_s)
    assert found.modifier is (Modifier.AFTER_SYMPTOMS if cause is LockCause.LIMB_SYMPTOM else None)
    assert (found.zone, found.limit) == (None, None)


def test_the_gravest_flag_is_the_one_that_locks():
    both = well(answers={Question.LIMB: Answer.YES, Question.SADDLE: Answer.YES})
    assert of_screening(both).cause is LockCause.RED_FLAG_SPINE


@pytest.mark.parametrize(
    ("pain", "usual", "bars_today", "permille"),
    [
        (0, 0, False, 1000),
        (1, 0, False, 1000),
        (2, 0, True, 1000),
        (3, 2, False, 1000),
        (4, 2, True, 500),
        (4, 3, False, 500),
        (6, 6, False, 500),
        (6, 5, False, 500),
        (7, 7, True, 500),
        (7, 10, True, 500),
        (10, 10, True, 500),
        (None, 10, True, 500),
    ],
)
def test_pain_today(pain, usual, bars_today, permille):
    screening, person = well(pain=pain), demo(usual_pain=usual)
    refused = Refusal(Reason.PAIN_TODAY, str(10 if pain is None else pain))
    assert bars(screening, person) == (refused if bars_today else None)
    assert today(person, history(), screening).share == Share(permille, permille)


@pytest.mark.parametrize(
    ("reaction", "refused", "locks", "permille"),
    [
        (Reaction.NONE, False, False, 1000),
        (Reaction.MILD, False, False, 600),
        (Reaction.LASTING, True, True, 600),
        (None, True, False, 600),
    ],
)
def test_what_the_last_session_left_behind(reaction, refused, locks, permille):
    screening = well(reaction=reaction)
    assert bars(screening, demo()) == (Refusal(Reason.LASTING_REACTION) if refused else None)
    found = of_screening(screening)
    assert (found is not None) is locks
    if found:
        assert (found.cause, found.wait_s) == (LockCause.LASTING_REACTION, 7 * 86_400)
        assert found.authority is Authority.PROVIDER
    assert today(demo(), history(), screening).share == Share(permille, permille)


def test_whoever_is_worse_after_a_session_waits_three_days_and_for_a_provider():
    found = locked(LockCause.WORSE_AFTERWARDS)
    assert (found.authority, found.wait_s) == (Authority.PROVIDER, 72 * 3600)


def test_sore_skin_closes_its_zone_for_today_and_skin_that_nobody_spoke_of_closes_all():
    sore = places(demo(), well(skin=frozenset({Zone.L4_S1})))
    assert [(reason, place.span_ppm) for reason, place in sore] == [
        (Reason.KEEP_OUT_TODAY, ZONE_SPANS_PPM[Zone.L4_S1])
    ]
    assert len(places(demo(), well(skin=None))) == len(Zone)
    assert places(demo(), well(skin=frozenset())) == ()


def test_whoever_was_never_asked_the_first_questions_is_refused():
    applicant = Applicant(demo(screened=False), history(), well())
    assert first_refusal(PERSON, applicant) == Refusal(Reason.NOT_SCREENED)


@pytest.mark.parametrize(
    ("limit", "sessions", "permille", "share"),
    [
        (StrengthLimit(250, 5, 4, too_strong=True), 5, 250, 700),
        (StrengthLimit(250, 5, 4, too_strong=True), 6, 250, 1000),
        (StrengthLimit(250, 5, 4, too_strong=True), 8, 250, 1000),
        (StrengthLimit(250, 5, 4, too_strong=True), 9, 1000, 1000),
        (StrengthLimit(200, 5, 1, too_strong=False), 5, 200, 1000),
        (StrengthLimit(200, 5, 1, too_strong=False), 6, 1000, 1000),
    ],
)
def test_a_persons_own_limit_holds_for_its_sessions(limit, sessions, permille, share):
    found = today(demo(strength_limits=(limit,)), history(sessions_ever=sessions), well())
    assert found.permille == permille
    assert found.share == Share(share, share)


def test_of_several_own_limits_the_lowest_holds():
    limits = (StrengthLimit(300, 5, 4, too_strong=False), StrengthLimit(200, 5, 4, too_strong=False))
    assert today(demo(strength_limits=limits), history(sessions_ever=6), well()).permille == 200


@pytest.mark.parametrize("values", [(-1, 0, 1), (1001, 0, 1), (500, -1, 1), (500, 0, 0)])
def test_an_odd_limit_of_strength_is_none(values):
    with pytest.raises(ValueError, match="strength"):
        StrengthLimit(*values, too_strong=False)


@pytest.mark.parametrize("pain", [-1, 11, 2.0, True, "3"])
def test_pain_off_the_scale_is_no_answer(pain):
    with pytest.raises(ValueError, match="0 to 10"):
        Screening(pain=pain)


def test_a_check_that_raises_or_answers_nonsense_counts_as_failed():
    def broken(_facts):
        raise ZeroDivisionError

    assert first_refusal({"broken": broken}, None).reason is Reason.CHECK_FAILED
    assert first_refusal({"odd": lambda _facts: True}, None) == Refusal(Reason.CHECK_FAILED, "odd")
    first = Refusal(Reason.FEVER)
    assert first_refusal({"a": lambda _f: first, "b": broken}, None) is first
    assert first_refusal({"a": lambda _f: None}, None) is None


@given(
    st.dictionaries(st.sampled_from(Question), st.sampled_from(Answer)),
    st.one_of(st.none(), st.integers(0, 10)),
    st.one_of(st.none(), st.sampled_from(Reaction)),
    st.sampled_from(Question),
)
def test_taking_an_answer_away_never_lets_more_pass(answers, pain, reaction, gone):
    screening = Screening(MappingProxyType(answers), pain, frozenset(), reaction)
    less = replace(screening, answers={q: a for q, a in answers.items() if q is not gone})
    if bars(less, demo()) is None:
        assert bars(screening, demo()) is None
    for part in (replace(screening, pain=None), replace(screening, reaction=None)):
        if bars(part, demo()) is None:
            assert bars(screening, demo()) is None
