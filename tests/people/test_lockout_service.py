"""Lockouts end by authority alone, and an answer that is no plain "no" makes one."""

import pytest

from massager.catalog.people import require_writable
from massager.model.body import ZONE_SPANS_PPM, Zone
from massager.model.errors import AuthError, NotAllowedError, NotFoundError, StoreError
from massager.model.history import Authority, LockCause, Role
from massager.model.people import Modifier, StrengthLimit
from massager.model.questions import Answer, Feeling
from massager.safety.authority import loosened
from massager.safety.responses import LOCKOUTS, Consequence, locked, of_feeling
from massager.store import Ledger, consequences
from people_rig import ANNA, DAY_S, TOO_STRONG, hold_session


def test_anyone_locks_out_and_only_a_caregiver_clears(people, carla, journal):
    lockout = people.lockouts.add("anna", "a bruise")
    assert (lockout.cause, lockout.authority) == (LockCause.SET_BY_HAND, Authority.CAREGIVER)
    with pytest.raises(AuthError, match="Only a caregiver may clear a lockout"):
        people.lockouts.clear("anna", lockout.number, why="gone", provider=None, caregiver=None)
    assert people.lockouts.of("anna") == (lockout,)
    people.lockouts.clear("anna", lockout.number, why="gone", provider=None, caregiver=carla)
    assert people.lockouts.of("anna") == ()
    record = journal.records()[-1].record
    assert (record.kind, record.code) == ("lockout-cleared", Role.CAREGIVER)
    assert record.facts["why"] == "gone"


def test_time_alone_clears_nothing(people, clock):
    lockout = people.lockouts.add("anna", "a bruise")
    clock.wall_s += 1000 * DAY_S
    assert people.lockouts.of("anna") == (lockout,)


def test_clearing_needs_a_reason_and_the_right_number(people, carla):
    number = people.lockouts.add("anna", "a bruise").number
    with pytest.raises(NotAllowedError, match="A reason is needed"):
        people.lockouts.clear("anna", number, why="", provider=None, caregiver=carla)
    with pytest.raises(NotFoundError, match=f"Open ones: {number}"):
        people.lockouts.clear("anna", number + 1, why="gone", provider=None, caregiver=carla)
    assert len(people.lockouts.of("anna")) == 1


@pytest.mark.parametrize(
    ("pain", "worse", "feeling"),
    [
        (0, Answer.YES, Feeling.NONE),
        (0, Answer.NOT_SURE, Feeling.NONE),
        (3, None, Feeling.NONE),
        (None, Answer.NO, Feeling.NONE),
        (0, Answer.NO, None),
        (None, None, None),
        (10, Answer.YES, Feeling.NONE),
    ],
)
def test_anything_but_a_plain_no_locks_out_in_the_same_call(people, store, clock, pain, worse, feeling):
    hold_session(store, clock)
    clock.wall_s += DAY_S
    answered = people.lockouts.answer("anna", pain=pain, worse=worse, feeling=feeling)
    assert people.lockouts.of("anna") == answered.lockouts
    (lockout,) = answered.lockouts
    assert (lockout.cause, lockout.authority) == (LockCause.WORSE_AFTERWARDS, Authority.PROVIDER)
    assert lockout.not_before_s == lockout.since_s + 72 * 3600
    assert people.lockouts.follow_ups("anna") == ()


def test_a_plain_no_answers_what_is_due_and_locks_nobody_out(people, store, clock, journal):
    hold_session(store, clock, follow_up_s=(DAY_S, 2 * DAY_S))
    clock.wall_s += 30 * 3600
    answered = people.lockouts.answer("anna", pain=7, worse=Answer.NO, feeling=Feeling.NONE)
    assert len(answered.questions) == 1
    assert answered.lockouts == ()
    assert people.lockouts.of("anna") == ()
    assert len(people.lockouts.follow_ups("anna")) == 1
    facts = journal.records()[-1].record.facts
    assert (facts["pain"], facts["worse"], facts["feeling"]) == (7, "no", "none")


def test_no_cannot_be_said_beforehand_and_worse_can_at_any_time(people, store, clock):
    hold_session(store, clock)
    with pytest.raises(NotFoundError, match="The next one is due at"):
        people.lockouts.answer("anna", pain=0, worse=Answer.NO, feeling=Feeling.NONE)
    assert people.lockouts.answer("anna", pain=4, worse=Answer.YES, feeling=Feeling.NONE).questions == ()
    assert len(people.lockouts.follow_ups("anna")) == 1
    assert len(people.lockouts.of("anna")) == 1


def test_a_question_that_nobody_asked_has_no_answer(people):
    with pytest.raises(NotFoundError, match=r"No question waits for an answer of anna\.$"):
        people.lockouts.answer("anna", pain=0, worse=Answer.NO, feeling=Feeling.NONE)


@pytest.mark.parametrize("pain", [-1, 11])
def test_pain_off_the_scale_changes_nothing(people, pain):
    with pytest.raises(NotAllowedError, match="from 0 to 10"):
        people.lockouts.answer("anna", pain=pain, worse=Answer.YES, feeling=Feeling.NONE)
    assert people.lockouts.of("anna") == ()


def test_worse_afterwards_ends_after_72_hours_with_a_provider_and_not_before(people, carla, clock, journal):
    number = people.lockouts.answer("anna", pain=4, worse=Answer.YES, feeling=Feeling.NONE).lockouts[0].number
    clock.wall_s += 72 * 3600 - 1
    with pytest.raises(NotAllowedError, match="provider was consulted"):
        people.lockouts.clear("anna", number, why="seen", provider=None, caregiver=carla)
    with pytest.raises(NotAllowedError, match="cannot be cleared before"):
        people.lockouts.clear("anna", number, why="seen", provider="Dr Ames", caregiver=carla)
    clock.wall_s += 1
    with pytest.raises(NotAllowedError, match="provider was consulted"):
        people.lockouts.clear("anna", number, why="seen", provider=None, caregiver=carla)
    with pytest.raises(NotAllowedError, match="name of the provider"):
        people.lockouts.clear("anna", number, why="seen", provider=" ", caregiver=carla)
    people.lockouts.clear("anna", number, why="seen", provider="Dr Ames", caregiver=carla)
    assert people.lockouts.of("anna") == ()
    assert journal.records()[-1].record.facts["why"] == "Dr Ames was consulted: seen"


# What follows from a feeling, in a session or after it.

FELT = [feeling for feeling in Feeling if feeling is not Feeling.NONE]


@pytest.mark.parametrize("feeling", FELT)
def test_a_feeling_afterwards_locks_out_as_it_does_in_a_session(people, store, clock, feeling):
    hold_session(store, clock)
    clock.wall_s += DAY_S
    answered = people.lockouts.answer("anna", pain=2, worse=Answer.NO, feeling=feeling)
    assert people.lockouts.of("anna") == answered.lockouts
    (lockout,) = answered.lockouts
    authority, wait_s = LOCKOUTS[of_feeling(feeling).cause]
    assert (lockout.cause, lockout.authority) == (of_feeling(feeling).cause, authority)
    assert lockout.not_before_s == lockout.since_s + wait_s
    assert lockout.note == f"worse: no, pain: 2, feeling: {feeling}"
    assert people.lockouts.follow_ups("anna") == ()


def test_a_feeling_is_told_at_any_time_and_worse_besides_locks_out_twice(people):
    answered = people.lockouts.answer("anna", pain=2, worse=Answer.YES, feeling=Feeling.CHEST)
    assert [one.cause for one in answered.lockouts] == [
        LockCause.RED_FLAG_CHEST,
        LockCause.WORSE_AFTERWARDS,
    ]


def test_tingling_lowers_every_later_session(people):
    people.lockouts.answer("anna", pain=2, worse=Answer.NO, feeling=Feeling.TINGLING)
    assert people.get("anna").modifiers == ANNA.modifiers | {Modifier.AFTER_SYMPTOMS}


@pytest.mark.parametrize("cause", LOCKOUTS)
def test_a_consequence_lasts_and_no_part_of_it_loosens(people, journal, cause):
    limit = StrengthLimit(150, 5, 1, too_strong=False)
    lockout = people.lockouts.lock("anna", locked(cause, zone=Zone.L4_S1, limit=limit), "it hurt")
    assert people.lockouts.of("anna") == (lockout,)
    assert (lockout.cause, lockout.note) == (cause, "it hurt")
    new = people.get("anna")
    assert new.strength_limits == (TOO_STRONG, limit)
    assert loosened(ANNA, new) == ()
    require_writable(new)
    kinds = [entry.record.kind for entry in journal.records(person="anna")]
    assert kinds[-2:] == ["person-change", "lockout"]


def test_shooting_pain_leaves_its_zone_out_across_the_whole_back(people):
    people.lockouts.lock("anna", of_feeling(Feeling.SHOOTING, Zone.L4_S1), "shooting pain")
    place = people.get("anna").keep_outs[-1]
    assert place.name == "shooting pain in L4-S1"
    assert (place.span_ppm, place.left_mm, place.right_mm) == (ZONE_SPANS_PPM[Zone.L4_S1], -500, 500)


def test_a_consequence_that_comes_again_leaves_the_record_as_strict(people):
    consequence = locked(LockCause.SHOOTING_PAIN, zone=Zone.T1_T4, limit=TOO_STRONG)
    people.lockouts.lock("anna", consequence, "shooting pain")
    once = people.get("anna")
    people.lockouts.lock("anna", consequence, "shooting pain")
    assert people.get("anna") == once
    assert len(people.lockouts.of("anna")) == 2


def test_a_limit_alone_locks_nobody_out(people):
    limit = StrengthLimit(150, 5, 4, too_strong=True)
    assert people.lockouts.lock("anna", Consequence(None, limit=limit), "too strong") is None
    assert people.lockouts.of("anna") == ()
    assert limit in people.get("anna").strength_limits


def test_a_consequence_lasts_in_the_midst_of_a_session(people, store, clock):
    Ledger(store).open_session("anna", "chair", "gentle-lumbar", clock())
    people.lockouts.lock("anna", of_feeling(Feeling.WEAKNESS), "weak")
    assert people.get("anna").modifiers == ANNA.modifiers | {Modifier.AFTER_SYMPTOMS}


def test_limits_that_have_ended_make_room_and_those_that_hold_stay(people, store, clock):
    last = TOO_STRONG.after_sessions + TOO_STRONG.for_sessions
    for number in range(1, last + 1):
        hold_session(store, clock, follow_up_s=())
        limit = StrengthLimit(100 + number, number, 4, too_strong=True)
        people.lockouts.lock("anna", Consequence(None, limit=limit), "too strong")
        assert (TOO_STRONG in people.get("anna").strength_limits) == (number < last)
    assert [one.after_sessions for one in people.get("anna").strength_limits] == [4, 5, 6, 7]


def test_lockout_and_record_change_together_or_not_at_all(people, monkeypatch):
    def fail(*_args, **_kwargs):
        raise StoreError("in the middle")

    monkeypatch.setattr(consequences, "lock_out", fail)
    with pytest.raises(StoreError, match="in the middle"):
        people.lockouts.lock("anna", of_feeling(Feeling.TINGLING), "tingling")
    assert people.get("anna") == ANNA


def test_stops_for_pain_count_for_14_days_cleared_or_not(people, carla, clock):
    first = people.lockouts.lock("anna", locked(LockCause.PAIN), "pain 8")
    clock.wall_s += 2 * DAY_S
    people.lockouts.clear("anna", first.number, why="gone", provider=None, caregiver=carla)
    people.lockouts.lock("anna", locked(LockCause.DIZZINESS), "dizzy")
    assert people.lockouts.history("anna").pain_stops == 1
    people.lockouts.lock("anna", locked(LockCause.REPEATED_PAIN), "pain 8 again")
    assert people.lockouts.history("anna").pain_stops == 2
    clock.wall_s += 12 * DAY_S
    assert people.lockouts.history("anna").pain_stops == 2
    clock.wall_s += 1
    assert people.lockouts.history("anna").pain_stops == 1
    clock.wall_s += 2 * DAY_S
    assert people.lockouts.history("anna").pain_stops == 0
