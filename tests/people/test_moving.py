"""Whoever moves to another store takes the past along: no minute, lock or question is lost."""

from dataclasses import replace

import pytest

from massager.catalog.people import load_person
from massager.catalog.person_writing import person_text
from massager.model.carried import Carried
from massager.model.errors import BusyError, NotAllowedError
from massager.model.history import Authority, LockCause, Lockout, PastSession
from massager.model.people import StrengthLimit
from massager.model.questions import Answer, Feeling
from massager.safety.responses import Consequence, locked
from massager.session.caregivers import CaregiverService
from massager.session.passphrases import Passphrases
from massager.session.people import PeopleService
from massager.store import Amounts, Ledger, People, Store, carrying
from people_rig import ANNA, DAY_S, PASSPHRASE, hold_session


@pytest.fixture
def elsewhere(tmp_path, clock, hasher):
    with Store.open(tmp_path / "elsewhere") as store:
        caregivers = CaregiverService(store, Passphrases(hasher), now=clock, door="test")
        caregivers.add("dora", PASSPHRASE, alone=False, caregiver=None)
        yield PeopleService(store, caregivers, now=clock)


def move(people, elsewhere, tmp_path) -> None:
    path = tmp_path / "anna.yaml"
    path.write_text(person_text(*people.take_along("anna")))
    person, carried = load_person(path)
    dora = elsewhere.caregivers.sign_in("dora", PASSPHRASE)
    elsewhere.add(person, carried, caregiver=dora)


def test_what_counts_at_one_place_counts_at_the_other(people, elsewhere, store, clock, tmp_path):
    hold_session(store, clock, seconds=280)
    clock.wall_s += 3 * DAY_S
    people.lockouts.answer("anna", pain=2, worse=Answer.NO, feeling=Feeling.NONE)
    hold_session(store, clock, seconds=301, follow_up_s=(DAY_S, 2 * DAY_S))
    clock.wall_s += 30 * 3600
    people.lockouts.answer("anna", pain=3, worse=Answer.NOT_SURE, feeling=Feeling.NONE)
    people.lockouts.add("anna", "a bruise")
    move(people, elsewhere, tmp_path)
    here, there = people.lockouts.history("anna"), elsewhere.lockouts.history("anna")
    assert replace(elsewhere.get("anna"), strength_limits=ANNA.strength_limits) == ANNA
    assert there.past == here.past
    assert sum(one.used_s for one in there.past) == 581
    assert [replace(one, number=0) for one in there.lockouts] == [
        replace(one, number=0) for one in here.lockouts
    ]
    assert len(there.lockouts) == 2
    assert [one.due_s for one in elsewhere.lockouts.follow_ups("anna")] == [
        one.due_s for one in people.lockouts.follow_ups("anna")
    ]
    assert not there.after_lockout


def test_the_gentle_session_after_a_lockout_is_owed_elsewhere_too(
    people, carla, elsewhere, store, clock, tmp_path
):
    hold_session(store, clock, follow_up_s=())
    number = people.lockouts.add("anna", "a bruise").number
    people.lockouts.clear("anna", number, why="gone", provider=None, caregiver=carla)
    assert people.lockouts.history("anna").after_lockout
    move(people, elsewhere, tmp_path)
    there = elsewhere.lockouts.history("anna")
    assert there.after_lockout
    assert there.lockouts == ()


def test_a_question_without_a_recent_session_is_asked_elsewhere_and_counts_as_no_session(
    people, elsewhere, store, clock, tmp_path
):
    hold_session(store, clock)
    clock.wall_s += 20 * DAY_S
    assert people.take_along("anna")[1].sessions == ()
    move(people, elsewhere, tmp_path)
    there = elsewhere.lockouts.history("anna")
    assert len(there.follow_ups) == 1
    assert there.past == ()
    assert there.sessions_ever == 0


@pytest.mark.parametrize(("days", "since"), [(1, 0), (1, 1), (3, 2), (5, 3), (10, 3)])
def test_a_strength_limit_holds_for_as_many_more_sessions_elsewhere(
    people, elsewhere, store, clock, tmp_path, days, since
):
    hold_session(store, clock, follow_up_s=())
    limit = StrengthLimit(150, 1, 4, too_strong=True)
    people.lockouts.lock("anna", Consequence(None, limit=limit), "too strong")
    people.lockouts.lock("anna", Consequence(None, limit=StrengthLimit(50, 0, 1, too_strong=True)), "ended")
    for _ in range(since):
        clock.wall_s += days * DAY_S
        hold_session(store, clock, follow_up_s=())
    move(people, elsewhere, tmp_path)
    known = elsewhere.lockouts.history("anna").sessions_ever
    *_others, there = elsewhere.get("anna").strength_limits
    assert there.permille == 150
    assert [there.holds(known + more) for more in range(5)] == [more < 4 - since for more in range(5)]
    # What lowers the next session besides is owed only if there was none since.
    assert there.too_strong == (since == 0)
    assert there.after_sessions == known


def test_a_stop_for_pain_that_was_cleared_is_remembered_elsewhere(
    people, carla, elsewhere, store, clock, tmp_path
):
    hold_session(store, clock, follow_up_s=())
    number = people.lockouts.lock("anna", locked(LockCause.PAIN), "pain 8").number
    clock.wall_s += 3 * DAY_S
    people.lockouts.clear("anna", number, why="gone", provider=None, caregiver=carla)
    people.lockouts.lock("anna", locked(LockCause.PAIN), "pain 9")
    move(people, elsewhere, tmp_path)
    for service in (people, elsewhere):
        assert len(service.lockouts.of("anna")) == 1
        assert service.lockouts.history("anna").pain_stops == 2
    clock.wall_s += 12 * DAY_S
    for service in (people, elsewhere):
        assert service.lockouts.history("anna").pain_stops == 1


def test_nobody_is_taken_along_during_a_session(people, store, clock):
    Ledger(store).open_session("anna", "chair", "gentle-lumbar", clock())
    with pytest.raises(BusyError, match="in session"):
        people.take_along("anna")


def test_what_a_dead_controller_left_open_is_taken_along_in_full(people, folder, clock):
    with Store.open(folder) as other:
        hold_session(other, clock, seconds=100, follow_up_s=())
        ledger = Ledger(other)
        number = ledger.open_session("anna", "chair", "gentle-lumbar", clock())
        ledger.reserve(number, used=Amounts(0, {}), block=Amounts(50_000, {}), now=clock())
    assert [one.used_s for one in people.take_along("anna")[1].sessions] == [100, 50]


@pytest.mark.parametrize(
    "carried",
    [
        Carried(sessions=(PastSession(0, 2_000_000_000, 900),)),
        Carried(pain_stops_s=(2_000_000_000,)),
        Carried(lockouts=(Lockout(1, LockCause.SET_BY_HAND, Authority.CAREGIVER, 2_000_000_000, 0, ""),)),
    ],
)
def test_a_past_that_lies_in_the_future_is_refused_and_nobody_is_added(people, carla, carried):
    with pytest.raises(NotAllowedError, match="lies in the future"):
        people.add(replace(ANNA, name="bert"), carried, caregiver=carla)
    assert people.names() == ("anna",)


def test_person_and_past_are_added_together_or_not_at_all(people, carla, store, monkeypatch):
    def fail(*_args):
        raise NotAllowedError("in the middle")

    monkeypatch.setattr(carrying, "_add_lockouts", fail)
    with pytest.raises(NotAllowedError, match="in the middle"):
        people.add(replace(ANNA, name="bert"), Carried(), caregiver=carla)
    assert People(store).names() == ("anna",)


def test_the_journal_says_what_was_brought_along(people, carla, journal, clock):
    past = PastSession(clock.wall_s - 7200, clock.wall_s - 6900, 300)
    people.add(replace(ANNA, name="bert"), Carried(sessions=(past,)), caregiver=carla)
    record = journal.records(person="bert")[-1].record
    assert record.kind == "past-brought-along"
    assert record.facts["sessions"] == [[past.started_s, past.ended_s, 300]]
    assert record.facts["who"] == "carla"
