"""Lockouts end by authority alone, and an answer that is no plain "no" makes one."""

import pytest

from massager.model.errors import AuthError, NotAllowedError, NotFoundError
from massager.model.history import Authority, LockCause, Role
from massager.session.lockouts import Worse
from people_rig import DAY_S, hold_session


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
    ("pain", "worse"),
    [(0, Worse.YES), (0, Worse.NOT_SURE), (3, None), (None, Worse.NO), (None, None), (10, Worse.YES)],
)
def test_anything_but_a_plain_no_locks_out_in_the_same_call(people, store, clock, pain, worse):
    hold_session(store, clock)
    clock.wall_s += DAY_S
    answered = people.lockouts.answer("anna", pain=pain, worse=worse)
    assert people.lockouts.of("anna") == (answered.lockout,)
    assert answered.lockout.cause is LockCause.WORSE_AFTERWARDS
    assert answered.lockout.authority is Authority.PROVIDER
    assert answered.lockout.not_before_s == answered.lockout.since_s + 72 * 3600
    assert people.lockouts.follow_ups("anna") == ()


def test_a_plain_no_answers_what_is_due_and_locks_nobody_out(people, store, clock, journal):
    hold_session(store, clock, follow_up_h=(24, 48))
    clock.wall_s += 30 * 3600
    answered = people.lockouts.answer("anna", pain=7, worse=Worse.NO)
    assert len(answered.questions) == 1
    assert answered.lockout is None
    assert people.lockouts.of("anna") == ()
    assert len(people.lockouts.follow_ups("anna")) == 1
    facts = journal.records()[-1].record.facts
    assert (facts["pain"], facts["worse"]) == (7, "no")


def test_no_cannot_be_said_beforehand_and_worse_can_at_any_time(people, store, clock):
    hold_session(store, clock)
    with pytest.raises(NotFoundError, match="The next one is due at"):
        people.lockouts.answer("anna", pain=0, worse=Worse.NO)
    assert people.lockouts.answer("anna", pain=4, worse=Worse.YES).questions == ()
    assert len(people.lockouts.follow_ups("anna")) == 1
    assert len(people.lockouts.of("anna")) == 1


def test_a_question_that_nobody_asked_has_no_answer(people):
    with pytest.raises(NotFoundError, match=r"No question waits for an answer of anna\.$"):
        people.lockouts.answer("anna", pain=0, worse=Worse.NO)


@pytest.mark.parametrize("pain", [-1, 11])
def test_pain_off_the_scale_changes_nothing(people, pain):
    with pytest.raises(NotAllowedError, match="from 0 to 10"):
        people.lockouts.answer("anna", pain=pain, worse=Worse.YES)
    assert people.lockouts.of("anna") == ()


def test_worse_afterwards_ends_after_72_hours_with_a_provider_and_not_before(people, carla, clock, journal):
    number = people.lockouts.answer("anna", pain=4, worse=Worse.YES).lockout.number
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
