"""Lockouts and questions: open until somebody ended them, in numbers that are never used twice."""

import pytest

from massager.model.errors import NotAllowedError, NotFoundError, StoreError
from massager.model.history import Authority, By, FollowUp, LockCause, Lockout, Moment, Role
from massager.store import FollowUps, Journal, Lockouts, People, Store, seal
from massager.store.tables import FOLLOW_UP, SESSION
from massager.store.who import person_row
from samples import demo
from store_life import alter
from store_rig import Place

NOW_S = 1_700_000_000
ANNA = By("anna", Role.CAREGIVER)
SOMEBODY = By("somebody", Role.ANYONE)


def at(after_s: int = 0) -> Moment:
    return Moment(wall_s=NOW_S + after_s, boot_ms=5_000 + 1000 * after_s, boot_id="a boot")


@pytest.fixture(autouse=True)
def people(store: Store) -> None:
    for name in ("mia", "ole"):
        People(store).add(demo(name=name), by=ANNA, now=at())


@pytest.fixture
def lockouts(store: Store) -> Lockouts:
    return Lockouts(store)


@pytest.fixture
def follow_ups(store: Store) -> FollowUps:
    return FollowUps(store)


def lock(lockouts: Lockouts, person: str = "mia", **changes) -> Lockout:
    fields = {
        "cause": LockCause.WORSE_AFTERWARDS,
        "authority": Authority.PROVIDER,
        "wait_s": 100,
        "note": "numb toes",
        "by": SOMEBODY,
        "now": at(),
    }
    return lockouts.add(person, **(fields | changes))


def ask(store: Store, person: str, *due_s: int) -> int:
    """Questions after one session of a person's; the session's number."""
    with store.transaction() as connection:
        key = person_row(connection, person).id
        session = seal.add(
            connection,
            SESSION,
            person_id=key,
            device="chair",
            program="gentle",
            controller="somebody",
            started_s=NOW_S,
            last_s=NOW_S,
            ended_s=NOW_S,
            reserved_ms=0,
            used_ms=0,
        )
        for one_s in due_s:
            seal.add(connection, FOLLOW_UP, person_id=key, session_id=session, due_s=one_s)
    return session


def test_a_lockout_stands_until_it_is_cleared(place: Place, store: Store, lockouts: Lockouts) -> None:
    made = lock(lockouts)
    assert made == Lockout(
        number=made.number,
        cause=LockCause.WORSE_AFTERWARDS,
        authority=Authority.PROVIDER,
        since_s=NOW_S,
        not_before_s=NOW_S + 100,
        note="numb toes",
    )
    store.close()
    with Store.open(place) as again:
        assert Lockouts(again).of("mia") == (made,)
        assert Lockouts(again).of("ole") == ()
        Lockouts(again).clear("mia", made.number, by=ANNA, why="seen", now=at(100))
        assert Lockouts(again).of("mia") == ()


def test_time_alone_clears_nothing(store: Store, lockouts: Lockouts) -> None:
    made = lock(lockouts, wait_s=0)
    People(store).change(
        demo(name="mia"),
        demo(name="mia", born=1930),
        by=ANNA,
        why="",
        now=at(10**8),
        between_sessions=False,
    )
    assert lockouts.of("mia") == (made,)


def test_nobody_clears_a_lockout_too_early(lockouts: Lockouts) -> None:
    made = lock(lockouts)
    with pytest.raises(NotAllowedError, match=r"before 2023-11-14 22:15 UTC"):
        lockouts.clear("mia", made.number, by=ANNA, why="seen", now=at(99))
    hurried = Moment(wall_s=NOW_S + 100, boot_ms=6_000, boot_id="a boot")
    with pytest.raises(NotAllowedError, match="cannot be cleared before"):
        lockouts.clear("mia", made.number, by=ANNA, why="seen", now=hurried)
    assert lockouts.of("mia") == (made,)


def test_only_an_open_lockout_of_that_person_can_be_cleared(lockouts: Lockouts) -> None:
    mine, other = lock(lockouts, wait_s=0), lock(lockouts, "ole", wait_s=0)
    for number in (other.number, 99):
        with pytest.raises(NotFoundError, match=f"no open lockout {number}. Open ones: {mine.number}"):
            lockouts.clear("mia", number, by=ANNA, why="", now=at())
    lockouts.clear("mia", mine.number, by=ANNA, why="", now=at())
    with pytest.raises(NotFoundError, match="Open ones: none"):
        lockouts.clear("mia", mine.number, by=ANNA, why="", now=at())
    assert lockouts.of("ole") == (other,)


def test_several_stand_side_by_side_the_oldest_first(lockouts: Lockouts) -> None:
    made = tuple(lock(lockouts, wait_s=0, note=str(n)) for n in range(3))
    lockouts.clear("mia", made[1].number, by=ANNA, why="", now=at())
    assert lockouts.of("mia") == (made[0], made[2])


def test_setting_and_clearing_are_journaled(store: Store, lockouts: Lockouts) -> None:
    made = lock(lockouts)
    lockouts.clear("mia", made.number, by=ANNA, why="seen by a doctor", now=at(100))
    was_set, cleared = [entry.record for entry in Journal(store).records(person="mia")][1:]
    assert (was_set.kind, was_set.code, was_set.facts) == (
        "lockout",
        "anyone",
        {
            "who": "somebody",
            "number": made.number,
            "cause": "worse-afterwards",
            "authority": "provider",
            "since_s": NOW_S,
            "not_before_s": NOW_S + 100,
            "note": "numb toes",
        },
    )
    assert (cleared.kind, cleared.code, cleared.facts) == (
        "lockout-cleared",
        "caregiver",
        {
            "who": "anna",
            "number": made.number,
            "cause": "worse-afterwards",
            "authority": "provider",
            "why": "seen by a doctor",
        },
    )


def test_somebody_unknown_is_neither_locked_nor_cleared(lockouts: Lockouts) -> None:
    with pytest.raises(NotFoundError, match=r"no person 'max'.*mia, ole"):
        lock(lockouts, "max")
    with pytest.raises(NotFoundError):
        lockouts.of("max")
    with pytest.raises(NotFoundError):
        lockouts.clear("max", 1, by=ANNA, why="", now=at())


def test_a_lockout_cannot_be_dated_back(lockouts: Lockouts) -> None:
    with pytest.raises(ValueError, match="before it began"):
        lock(lockouts, wait_s=-1)
    assert lockouts.of("mia") == ()


def test_a_lockout_that_was_taken_away_from_outside_shows(
    place: Place, store: Store, lockouts: Lockouts
) -> None:
    lock(lockouts)
    alter(place, "UPDATE lockout SET not_before_s = 0")
    with pytest.raises(StoreError, match="lockout was altered from outside"):
        lockouts.of("mia")
    alter(place, "DELETE FROM lockout")
    store.close()
    with pytest.raises(StoreError, match="lost or came back"):
        Store.open(place)


def test_questions_wait_in_the_order_in_which_they_fall_due(store: Store, follow_ups: FollowUps) -> None:
    session = ask(store, "mia", NOW_S + 72, NOW_S + 24)
    other = ask(store, "ole", NOW_S)
    assert follow_ups.of("mia") == (FollowUp(2, session, NOW_S + 24), FollowUp(1, session, NOW_S + 72))
    assert follow_ups.of("ole") == (FollowUp(3, other, NOW_S),)


def test_a_question_is_answered_once_and_journaled_with_its_session(
    store: Store, follow_ups: FollowUps
) -> None:
    session = ask(store, "mia", NOW_S)
    follow_ups.answer("mia", 1, pain=3, worse="not-sure", feeling="none", by=SOMEBODY, now=at(9))
    assert follow_ups.of("mia") == ()
    (entry,) = Journal(store).records(session=session)
    assert (entry.record.kind, entry.record.code, entry.record.person) == ("follow-up", "anyone", "mia")
    assert entry.record.facts == {
        "who": "somebody",
        "number": 1,
        "pain": 3,
        "worse": "not-sure",
        "feeling": "none",
    }
    with pytest.raises(NotFoundError, match=r"No question 1 waits for an answer of mia\. Waiting: none"):
        follow_ups.answer("mia", 1, pain=0, worse="no", feeling="none", by=SOMEBODY, now=at(9))


def test_nobody_answers_what_another_was_asked(store: Store, follow_ups: FollowUps) -> None:
    ask(store, "mia", NOW_S)
    with pytest.raises(NotFoundError, match="Waiting: none"):
        follow_ups.answer("ole", 1, pain=0, worse="no", feeling="none", by=SOMEBODY, now=at())
    with pytest.raises(NotFoundError, match="no person 'max'"):
        follow_ups.answer("max", 1, pain=0, worse="no", feeling="none", by=SOMEBODY, now=at())
    assert len(follow_ups.of("mia")) == 1


@pytest.mark.parametrize("pain", [-1, 11])
def test_pain_off_the_scale_is_no_answer(store: Store, follow_ups: FollowUps, pain: int) -> None:
    ask(store, "mia", NOW_S)
    with pytest.raises(ValueError, match="from 0 to 10"):
        follow_ups.answer("mia", 1, pain=pain, worse="no", feeling="none", by=SOMEBODY, now=at())
    assert len(follow_ups.of("mia")) == 1


def test_pain_that_was_not_told_is_written_down_as_not_told(store: Store, follow_ups: FollowUps) -> None:
    session = ask(store, "mia", NOW_S)
    follow_ups.answer("mia", 1, pain=None, worse="no answer", feeling="none", by=SOMEBODY, now=at())
    (entry,) = Journal(store).records(session=session)
    assert entry.record.facts is not None
    assert entry.record.facts["pain"] is None
