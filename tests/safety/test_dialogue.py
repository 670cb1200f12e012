"""Check-ins in a session, first visits to zones, and what an answer does: the tables of docs/questions.md."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governor_rig import BEFORE, FINE, Rig
from massager.model.body import Zone
from massager.model.ceilings import Severity
from massager.model.decisions import Cap, Reason, Refusal, Source, Trip
from massager.model.history import Authority, LockCause
from massager.model.people import Modifier, StrengthLimit
from massager.model.questions import Ask, CheckIn, Comfort, Feeling
from massager.safety.dialogue import Dialogue

MILD = {"severity": Severity.MILD, "pain": 2, "pain_stops": 0, "sessions": 3}
HOUR_S = 3600
# first, every, hold, stop; docs/questions.md
SCHEDULE = {
    Severity.MILD: (60, 180, 20, 40),
    Severity.MODERATE: (45, 120, 15, 30),
    Severity.SEVERE: (30, 60, 10, 20),
}
FEELINGS = {
    Feeling.TINGLING: (LockCause.LIMB_SYMPTOM, Authority.PROVIDER, 72, Reason.LIMB_SYMPTOM),
    Feeling.WEAKNESS: (LockCause.LIMB_SYMPTOM, Authority.PROVIDER, 72, Reason.LIMB_SYMPTOM),
    Feeling.BOTH_LEGS: (LockCause.RED_FLAG_SPINE, Authority.PROVIDER, 0, Reason.RED_FLAG_SPINE),
    Feeling.BLADDER_BOWEL_SADDLE: (LockCause.RED_FLAG_SPINE, Authority.PROVIDER, 0, Reason.RED_FLAG_SPINE),
    Feeling.CLUMSY_OR_UNSTEADY: (LockCause.RED_FLAG_CORD, Authority.PROVIDER, 0, Reason.RED_FLAG_CORD),
    Feeling.STROKE_SIGNS: (LockCause.RED_FLAG_STROKE, Authority.PROVIDER, 0, Reason.RED_FLAG_STROKE),
    Feeling.CHEST: (LockCause.RED_FLAG_CHEST, Authority.PROVIDER, 0, Reason.RED_FLAG_CHEST),
    Feeling.SHOOTING: (LockCause.SHOOTING_PAIN, Authority.CAREGIVER, 72, Reason.SHOOTING_PAIN),
    Feeling.DIZZINESS: (LockCause.DIZZINESS, Authority.CAREGIVER, 24, Reason.DIZZINESS),
    Feeling.BURNING: (LockCause.BURNING, Authority.CAREGIVER, 48, Reason.BURNING),
    Feeling.OTHER: (LockCause.UNCLEAR_SYMPTOM, Authority.PROVIDER, 72, Reason.UNCLEAR_SYMPTOM),
}


def pressed(severity=Severity.MILD, level=8, **changes):
    talk = Dialogue(**(MILD | {"severity": severity} | changes))
    talk.pressed(level, 1000)
    return talk


@pytest.mark.parametrize("severity", Severity)
def test_check_ins_come_in_their_time(severity):
    first_s, every_s, _hold, _stop = SCHEDULE[severity]
    talk = pressed(severity)
    talk.tick(1000 + 1000 * first_s - 1)
    assert talk.prompts == ()
    talk.tick(1000 + 1000 * first_s)
    (prompt,) = talk.prompts
    assert (prompt.number, prompt.ask, prompt.zone) == (1, Ask.CHECK_IN, None)
    answered_ms = prompt.asked_ms + 5000
    assert talk.answered(FINE, answered_ms, zone=None, levels=20) is None
    talk.tick(answered_ms + 1000 * every_s - 1)
    assert talk.prompts == ()
    talk.tick(answered_ms + 1000 * every_s)
    assert talk.prompts[0].number == 2


@pytest.mark.parametrize("severity", Severity)
def test_no_answer_holds_at_half_and_then_stops(severity):
    first_s, _every, hold_s, stop_s = SCHEDULE[severity]
    talk = pressed(severity, level=9)
    asked_ms = 1000 + 1000 * first_s
    talk.tick(asked_ms)
    talk.pressed(4, asked_ms + 1)
    assert list(talk.caps(asked_ms + 1000 * hold_s - 1)) == []
    assert list(talk.caps(asked_ms + 1000 * hold_s)) == [Cap(4, Source.NO_ANSWER)]
    assert not talk.silent(asked_ms + 1000 * stop_s - 1)
    assert talk.silent(asked_ms + 1000 * stop_s)
    talk.answered(FINE, asked_ms + 1000 * stop_s, zone=None, levels=20)
    assert not talk.silent(asked_ms + 2000 * stop_s)
    assert list(talk.caps(asked_ms + 2000 * stop_s)) == []


def test_nobody_is_asked_before_something_presses_nor_after_a_stop():
    talk = Dialogue(**MILD)
    talk.tick(10**9)
    assert talk.prompts == ()
    talk = pressed()
    talk.tick(61_000)
    talk.rested()
    assert talk.prompts == ()
    talk.tick(10**9)
    assert talk.prompts == ()
    talk.pressed(2, 10**9)
    talk.tick(10**9 + 59_999)
    assert talk.prompts == ()
    talk.tick(10**9 + 60_000)
    assert talk.prompts


@pytest.mark.parametrize(
    "part", [CheckIn(pain=2), CheckIn(comfort=Comfort.FINE), CheckIn(2, Comfort.FINE), CheckIn()]
)
def test_half_an_answer_leaves_the_question_open(part):
    talk = pressed()
    talk.tick(61_000)
    assert talk.answered(part, 62_000, zone=None, levels=20) is None
    assert talk.prompts


def test_a_question_stays_the_same_until_it_is_answered():
    talk = pressed()
    talk.tick(61_000)
    first = talk.prompts
    talk.tick(90_000)
    assert talk.prompts == first


@pytest.mark.parametrize("feeling", [one for one in Feeling if one is not Feeling.NONE])
def test_a_feeling_has_its_consequence(feeling):
    cause, authority, hours, _reason = FEELINGS[feeling]
    found = pressed().answered(CheckIn(2, Comfort.FINE, feeling), 5000, zone=Zone.L4_S1, levels=20)
    assert (found.cause, found.authority, found.wait_s) == (cause, authority, hours * HOUR_S)
    assert found.modifier is (Modifier.AFTER_SYMPTOMS if cause is LockCause.LIMB_SYMPTOM else None)
    assert found.zone is (Zone.L4_S1 if feeling is Feeling.SHOOTING else None)
    assert found.limit is None


@pytest.mark.parametrize("feeling", [one for one in Feeling if one is not Feeling.NONE])
def test_the_governor_stops_for_a_feeling_and_nothing_moves_any_more(feeling):
    rig = Rig.start()
    rig.run(5)
    said = rig.governor.answered(CheckIn(feeling=feeling), rig.now_ms)
    assert said.trip == Trip(FEELINGS[feeling][3])
    assert said.consequence.cause is FEELINGS[feeling][0]
    assert rig.ask() == Refusal(Reason.TRIPPED, FEELINGS[feeling][3])
    rig.level = 0
    rig.now_ms += 100
    rig.report()
    rig.permit()
    assert rig.ask() == Refusal(Reason.TRIPPED, FEELINGS[feeling][3])


@pytest.mark.parametrize(
    ("before", "pain", "stops"), [(2, 2, False), (2, 0, False), (2, 4, True), (0, 2, True), (6, 7, True)]
)
def test_pain_two_above_before_or_seven_stops(before, pain, stops):
    found = pressed(pain=before).answered(CheckIn(pain=pain), 5000, zone=None, levels=20)
    if not stops:
        assert found is None
        return
    assert (found.cause, found.authority, found.wait_s) == (LockCause.PAIN, Authority.CAREGIVER, 48 * HOUR_S)
    # Half of 8 of 20 levels, for the next session.
    assert found.limit == StrengthLimit(200, 3, 1, too_strong=False)


def test_a_second_stop_for_pain_within_fourteen_days_waits_for_a_provider():
    found = pressed(pain_stops=1).answered(CheckIn(pain=7), 5000, zone=None, levels=20)
    assert (found.cause, found.authority) == (LockCause.REPEATED_PAIN, Authority.PROVIDER)
    assert found.wait_s == 14 * 24 * HOUR_S
    rig = Rig.start(before=replace(BEFORE, pain_stops=1))
    rig.run(5)
    assert rig.governor.answered(CheckIn(pain=7), rig.now_ms).trip == Trip(Reason.PAIN)


def test_a_little_more_pain_halves_is_asked_again_and_goes_back_when_it_is_back():
    talk = pressed(level=9)
    talk.tick(61_000)
    more = CheckIn(3, Comfort.FINE, Feeling.NONE)
    assert talk.answered(more, 62_000, zone=None, levels=20) is None
    assert list(talk.caps(62_000)) == [Cap(4, Source.ANSWER)]
    talk.tick(91_999)
    assert talk.prompts == ()
    talk.tick(92_000)
    assert talk.prompts
    assert talk.answered(FINE, 93_000, zone=None, levels=20) is None
    assert list(talk.caps(93_000)) == []
    talk.tick(93_000 + 179_999)
    assert talk.prompts == ()


def test_a_little_more_pain_that_stays_stops():
    talk = pressed(level=9)
    more = CheckIn(3, Comfort.FINE, Feeling.NONE)
    assert talk.answered(CheckIn(pain=3), 5000, zone=None, levels=20) is None
    assert talk.answered(more, 34_999, zone=None, levels=20) is None
    found = talk.answered(more, 35_000, zone=None, levels=20)
    assert found.cause is LockCause.PAIN
    assert found.limit == StrengthLimit(225, 3, 1, too_strong=False)


def test_pain_told_unasked_and_in_part_is_asked_again_in_time():
    talk = pressed()
    talk.answered(CheckIn(pain=3), 5000, zone=None, levels=20)
    talk.tick(34_999)
    assert talk.prompts == ()
    talk.tick(35_000)
    assert talk.prompts
    rested = Dialogue(**MILD)
    rested.answered(CheckIn(pain=3), 5000, zone=None, levels=20)
    rested.tick(10**9)
    assert rested.prompts == ()


@pytest.mark.parametrize(
    ("level", "most", "permille"), [(10, 7, 315), (8, 5, 252), (5, 3, 157), (2, 1, 63), (1, 0, 31)]
)
def test_too_strong_lowers_at_once_and_for_four_sessions(level, most, permille):
    talk = pressed(level=level)
    found = talk.answered(CheckIn(2, Comfort.TOO_STRONG, Feeling.NONE), 5000, zone=None, levels=20)
    assert list(talk.caps(5000)) == [Cap(most, Source.ANSWER)]
    assert (found.cause, found.modifier, found.zone) == (None, None, None)
    assert (found.authority, found.wait_s) == (Authority.CAREGIVER, 0)
    assert found.limit == StrengthLimit(permille, 3, 4, too_strong=True)


def test_what_is_left_of_many_levels_is_rounded_down():
    talk = pressed(level=147)
    strong = CheckIn(comfort=Comfort.TOO_STRONG)
    assert talk.answered(strong, 5000, zone=None, levels=255).limit.permille == 363
    assert talk.most == 102
    assert pressed(level=255).answered(strong, 5000, zone=None, levels=255).limit.permille == 630
    assert pressed(level=20).answered(CheckIn(pain=7), 5, zone=None, levels=20).limit.permille == 500


def test_too_strong_twice_is_lower_still_and_never_higher():
    talk = pressed(level=10)
    strong = CheckIn(comfort=Comfort.TOO_STRONG)
    talk.answered(strong, 5000, zone=None, levels=20)
    talk.pressed(7, 6000)
    talk.answered(strong, 7000, zone=None, levels=20)
    assert talk.most == 4
    talk.felt = 20
    talk.answered(strong, 8000, zone=None, levels=20)
    assert talk.most == 4


def test_before_anything_pressed_there_is_no_strength_to_lower():
    talk = Dialogue(**MILD)
    assert talk.answered(CheckIn(comfort=Comfort.TOO_STRONG), 5, zone=None, levels=20) is None
    assert talk.most is None
    assert talk.answered(CheckIn(pain=9), 5, zone=None, levels=20).limit is None


def test_too_soft_changes_nothing():
    talk = pressed()
    assert talk.answered(CheckIn(2, Comfort.TOO_SOFT, Feeling.NONE), 5000, zone=None, levels=20) is None
    assert list(talk.caps(5000)) == []


# The Governor with it.


def test_too_strong_backs_off_with_the_next_lease():
    rig = Rig.start()
    rig.run(120)
    assert rig.level >= 8
    before = rig.level
    rig.governor.answered(CheckIn(comfort=Comfort.TOO_STRONG), rig.now_ms)
    answer = rig.ask()
    assert answer.cap == Cap(before * 7 // 10, Source.ANSWER)
    rig.run(60)
    assert rig.level == before * 7 // 10


def test_the_lowest_level_that_is_too_strong_ends_the_session():
    rig = Rig.start()
    rig.run(1, level=1)
    said = rig.governor.answered(CheckIn(comfort=Comfort.TOO_STRONG), rig.now_ms)
    assert said.trip == Trip(Reason.TOO_COARSE, Source.ANSWER)
    assert said.consequence.limit == StrengthLimit(31, BEFORE.sessions_ever + 1, 4, too_strong=True)


def test_silence_in_a_session_holds_at_half_then_trips_and_locks_nobody_out():
    rig = Rig.start()
    rig.answers = None
    assert rig.run(79.9) is None
    before = max(lease.setpoint.levels[0] for lease in rig.leases)
    assert before >= 4
    assert rig.run(0.3) is None
    assert rig.level == rig.governor.state.dialogue.asked_level // 2
    ended = rig.run(30)
    assert ended == Refusal(Reason.NO_ANSWER) or ended == Trip(Reason.NO_ANSWER)


def test_the_timer_trips_for_silence():
    rig = Rig.start()
    rig.answers = None
    rig.run(60.3)
    asked_ms = rig.governor.prompts[0].asked_ms
    assert rig.run((asked_ms + 39_900 - rig.now_ms) / 1000) is None
    assert rig.governor.timer(rig.now_ms) is None
    rig.now_ms = asked_ms + 40_000
    rig.report()
    assert rig.ask() == Refusal(Reason.NO_ANSWER)
    assert rig.governor.timer(rig.now_ms) == Trip(Reason.NO_ANSWER)


def test_a_hold_at_less_than_one_level_lets_go():
    rig = Rig.start()
    rig.answers = None
    rig.run(79, level=1)
    assert rig.level == 1
    rig.run(2, level=1)
    assert rig.level == 0
    answer = rig.ask(level=1, carriage_mm=480)
    assert answer.cap == Cap(0, Source.NO_ANSWER)
    assert answer.setpoint.levels == (0, 0)


def test_shooting_pain_takes_the_zone_with_it():
    rig = Rig.start()
    rig.run(5)
    said = rig.governor.answered(CheckIn(feeling=Feeling.SHOOTING), rig.now_ms)
    assert said.consequence.zone is Zone.L4_S1
    lost = Rig.start(before=BEFORE)
    lost.governor.state.watch.centre_mm = None
    assert lost.governor.answered(CheckIn(feeling=Feeling.SHOOTING), lost.now_ms).consequence.zone is None


# First visits.


def test_a_zone_that_nobody_agreed_to_is_not_entered():
    rig = Rig.start(before=replace(BEFORE, zones=frozenset({Zone.L4_S1})))
    assert rig.run(2) is None
    refused = Refusal(Reason.ZONE_NOT_CONFIRMED, Zone.L1_L3)
    assert rig.ask(carriage_mm=400) == refused
    rig.governor.ask_zone(Zone.L1_L3, rig.now_ms)
    assert [(prompt.ask, prompt.zone) for prompt in rig.governor.prompts] == [(Ask.ZONE, Zone.L1_L3)]
    assert rig.governor.zone_open(Zone.L1_L3) is None
    assert rig.ask(carriage_mm=400) == refused
    rig.governor.zone_answered(Zone.L1_L3, yes=True)
    assert rig.governor.zone_open(Zone.L1_L3) is True
    assert not isinstance(rig.ask(carriage_mm=400), Refusal)
    assert rig.governor.prompts == ()


def test_a_yes_that_nobody_asked_for_opens_nothing_and_a_no_closes_at_any_time():
    talk = Dialogue(**MILD)
    for yes in (True, False):
        talk.zone_answered(Zone.L1_L3, yes=yes)
        assert talk.zones == {}
    talk.ask_zone(Zone.L1_L3, 0)
    talk.zone_answered(Zone.L1_L3, yes=True)
    talk.zone_answered(Zone.L1_L3, yes=False)
    assert talk.zones == {Zone.L1_L3: False}
    talk.zone_answered(Zone.L1_L3, yes=True)
    assert talk.zones == {Zone.L1_L3: False}
    talk.ask_zone(Zone.L1_L3, 5)
    assert talk.prompts == ()


def test_asking_about_another_zone_takes_the_unanswered_one_as_a_no():
    talk = Dialogue(**MILD)
    talk.ask_zone(Zone.L1_L3, 0)
    talk.ask_zone(Zone.L1_L3, 5)
    assert talk.prompts[0].asked_ms == 0
    talk.ask_zone(Zone.T9_T12, 10)
    assert talk.zones == {Zone.L1_L3: False, Zone.T9_T12: None}
    talk.zone_answered(Zone.L1_L3, yes=True)
    assert talk.zones[Zone.L1_L3] is False


def test_a_session_that_has_begun_can_be_shortened_and_never_lengthened():
    rig = Rig.start(session_ms=600_000)
    rig.governor.shorten(700_000)
    assert rig.governor.usage.session_ms == 600_000
    rig.governor.shorten(300_000)
    assert rig.governor.usage.session_ms == 300_000


@given(
    st.lists(
        st.tuples(
            st.integers(0, 60_000),
            st.builds(
                CheckIn,
                st.one_of(st.none(), st.integers(0, 3)),
                st.one_of(st.none(), st.sampled_from(Comfort)),
                st.one_of(st.none(), st.just(Feeling.NONE)),
            ),
        ),
        max_size=20,
    )
)
def test_whatever_is_said_nothing_raises_what_too_strong_has_left(said):
    talk, now_ms, most = pressed(level=20), 1000, 20
    for step_ms, check_in in said:
        now_ms += step_ms
        talk.tick(now_ms)
        talk.answered(check_in, now_ms, zone=None, levels=20)
        found = 20 if talk.most is None else talk.most
        assert found <= most
        most = found
        talk.pressed(max(1, min(20, *(cap.level for cap in talk.caps(now_ms)), 20)), now_ms)
