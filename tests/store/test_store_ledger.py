"""Sessions and debits: use only grows, and a restart gives nothing back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from massager.model.body import Region, Side, Zone
from massager.model.ceilings import Severity
from massager.model.errors import BusyError, NotFoundError, StoreError
from massager.model.history import Authority, FollowUp, LockCause, Moment, PastSession
from massager.model.people import Person
from massager.store import (
    Amounts,
    FollowUps,
    Journal,
    Ledger,
    Lockouts,
    People,
    Store,
    demo_person,
    seed_demo,
)
from store_rig import (
    ANNA,
    BLOCK,
    DAY_S,
    HOUR_S,
    LEFT,
    NOTHING,
    NOW_S,
    RIGHT,
    Place,
    add_demo,
    at,
    both,
    history,
    opened,
    past,
    session,
)

ELSEWHERE = (Zone.T9_T12, Side.LEFT)


def add_other(store: Store) -> None:
    People(store).add(Person("other", {}, attested=True, calibrations={}), by=ANNA, now=at(0))


def test_an_unknown_person_is_refused_with_the_names_there_are(ledger: Ledger) -> None:
    for ask in (lambda name: past(ledger, at(0), name), lambda name: opened(ledger, person=name)):
        with pytest.raises(NotFoundError, match=r"no person 'Demo'\. People on record: demo\."):
            ask("Demo")


def test_a_reservation_stands_one_block_above_use(ledger: Ledger) -> None:
    number = opened(ledger)
    assert ledger.reserve(number, used=NOTHING, block=BLOCK, now=at(0)) == BLOCK
    paid = ledger.reserve(number, used=both(9_000, 8_500), block=BLOCK, now=at(9))
    assert paid == both(19_000, 18_500)


def test_asking_again_costs_nothing(ledger: Ledger) -> None:
    number = opened(ledger)
    for _ in range(3):
        assert ledger.reserve(number, used=both(4_000), block=BLOCK, now=at(0)) == both(14_000)


def test_a_zone_left_early_stays_paid_and_is_not_paid_twice(ledger: Ledger) -> None:
    number = opened(ledger)
    ledger.reserve(number, used=NOTHING, block=BLOCK, now=at(0))
    paid = ledger.reserve(number, used=both(4_000), block=Amounts(10_000, {ELSEWHERE: 10_000}), now=at(4))
    assert paid == Amounts(14_000, {LEFT: 10_000, RIGHT: 10_000, ELSEWHERE: 10_000})


def test_saying_less_used_gives_nothing_back(ledger: Ledger) -> None:
    number = opened(ledger)
    ledger.reserve(number, used=both(9_000), block=BLOCK, now=at(0))
    assert ledger.reserve(number, used=NOTHING, block=NOTHING, now=at(0)) == both(19_000)
    ledger.close_session(number, used=NOTHING, now=at(9), follow_up_s=())
    assert past(ledger, at(9)) == (PastSession(NOW_S, NOW_S + 9, 9),)


def test_no_amount_is_negative() -> None:
    with pytest.raises(ValueError, match="never negative"):
        Amounts(-1, {})
    with pytest.raises(ValueError, match="never negative"):
        Amounts(0, {LEFT: 5, RIGHT: -1})


def test_closing_counts_what_was_used_rounded_up(ledger: Ledger) -> None:
    session(ledger, begin=at(0), end=at(8), used_ms=6_001)
    assert past(ledger, at(100)) == (PastSession(NOW_S, NOW_S + 8, 7),)


def test_more_used_than_paid_is_counted_too(ledger: Ledger) -> None:
    session(ledger, begin=at(0), end=at(12), used_ms=12_000)
    assert past(ledger, at(12))[0].used_s == 12


def test_a_session_that_reserved_nothing_is_no_past_session(ledger: Ledger) -> None:
    number = opened(ledger)
    assert past(ledger, at(0)) == ()
    ledger.close_session(number, used=NOTHING, now=at(0), follow_up_s=(DAY_S,))
    assert past(ledger, at(0)) == ()
    assert history(ledger, at(2 * DAY_S)).follow_ups == ()


def test_only_sessions_that_used_something_count_as_had(ledger: Ledger) -> None:
    number = opened(ledger)
    ledger.reserve(number, used=NOTHING, block=BLOCK, now=at(0))
    assert history(ledger, at(0)).sessions_ever == 1
    ledger.close_session(number, used=NOTHING, now=at(0), follow_up_s=())
    assert history(ledger, at(0)).sessions_ever == 0
    session(ledger, begin=at(10), end=at(20))
    assert history(ledger, at(30 * DAY_S)).sessions_ever == 1


def test_a_closed_session_takes_no_debit(ledger: Ledger) -> None:
    number = opened(ledger)
    ledger.close_session(number, used=NOTHING, now=at(0), follow_up_s=())
    with pytest.raises(StoreError, match="not open in this controller"):
        ledger.reserve(number, used=NOTHING, block=BLOCK, now=at(0))
    with pytest.raises(StoreError, match="not open in this controller"):
        ledger.close_session(number, used=NOTHING, now=at(0), follow_up_s=())
    with pytest.raises(StoreError, match="not open in this controller"):
        ledger.name_device(number, "AA:BB", at(0))


def test_one_session_per_person_and_one_per_device(place: Place, ledger: Ledger, store: Store) -> None:
    add_other(store)
    number = opened(ledger)
    with Store.open(place) as second_store:
        second = Ledger(second_store)
        for refused in (ledger, second):
            with pytest.raises(BusyError, match=f"demo is in session {number} on chair-1 already"):
                opened(refused, device="chair-2")
            with pytest.raises(BusyError, match=f"demo is in session {number} on chair-1 already"):
                opened(refused, person="other")
        with pytest.raises(StoreError, match="not open in this controller"):
            second.reserve(number, used=NOTHING, block=BLOCK, now=at(0))
        opened(second, person="other", device="chair-2")
    ledger.close_session(number, used=NOTHING, now=at(0), follow_up_s=())
    assert opened(ledger) > number


def test_one_device_under_two_names_takes_one_session(ledger: Ledger, store: Store) -> None:
    add_other(store)
    first, other = opened(ledger), opened(ledger, person="other", device="chair-2")
    ledger.name_device(first, "AA:BB", at(1))
    ledger.name_device(first, "AA:BB", at(1))
    with pytest.raises(BusyError, match=f"demo is in session {first} on chair-1 already"):
        ledger.name_device(other, "AA:BB", at(1))
    ledger.name_device(other, "CC:DD", at(1))
    ledger.close_session(first, used=NOTHING, now=at(2), follow_up_s=())
    ledger.name_device(other, "AA:BB", at(3))
    kinds = [entry.record.kind for entry in Journal(store).records(session=other)]
    assert kinds == ["session-opened", "session-device", "session-device"]


def test_a_device_whose_controller_died_is_free_under_any_name(place: Place, ledger: Ledger) -> None:
    with Store.open(place) as second_store:
        add_other(second_store)
        left = opened(Ledger(second_store), person="other", device="chair-2")
        Ledger(second_store).name_device(left, "AA:BB", at(0))
        Ledger(second_store).reserve(left, used=NOTHING, block=BLOCK, now=at(0))
    ledger.name_device(opened(ledger), "AA:BB", at(50))
    assert past(ledger, at(60), "other") == (PastSession(NOW_S, NOW_S + 50, 10),)


def leave_open(place: Place) -> int:
    """A session of a controller that goes without closing it, 19 s paid."""
    with Store.open(place) as store:
        left = opened(Ledger(store))
        Ledger(store).reserve(left, used=NOTHING, block=BLOCK, now=at(0))
        Ledger(store).reserve(left, used=both(9_000), block=BLOCK, now=at(9))
    return left


def test_a_session_left_open_counts_all_that_it_reserved_and_lasts_until_it_is_found(
    place: Place, ledger: Ledger, store: Store
) -> None:
    left = leave_open(place)
    assert past(ledger, at(DAY_S)) == (PastSession(NOW_S, NOW_S + DAY_S, 19),)
    ledger.settle(at(DAY_S))
    ledger.settle(at(2 * DAY_S))
    assert past(ledger, at(3 * DAY_S)) == (PastSession(NOW_S, NOW_S + DAY_S, 19),)
    with store.transaction() as connection:
        debits = connection.exec_driver_sql("SELECT reserved_ms, used_ms FROM debit").all()
    assert debits == [(19_000, 19_000)] * 2
    assert FollowUps(store).of("demo") == (
        FollowUp(1, left, NOW_S + DAY_S),
        FollowUp(2, left, NOW_S + DAY_S + 300),
        FollowUp(3, left, NOW_S + 2 * DAY_S),
    )
    assert [e.record.kind for e in Journal(store).records(session=left)] == ["session-opened", "session-left"]


def test_after_a_session_left_open_it_is_asked_as_often_as_the_severity_wants(
    place: Place, store: Store
) -> None:
    severe = Person("severe", {Region.LUMBAR: Severity.SEVERE}, attested=True, calibrations={})
    People(store).add(severe, by=ANNA, now=at(0))
    with Store.open(place) as second:
        left = opened(Ledger(second), person="severe")
        Ledger(second).reserve(left, used=NOTHING, block=BLOCK, now=at(0))
    Ledger(store).settle(at(100))
    due_s = [question.due_s for question in FollowUps(store).of("severe")]
    assert due_s == [NOW_S + 100 + wait_s for wait_s in (0, 300, DAY_S, 2 * DAY_S, 3 * DAY_S)]


def test_the_next_session_of_the_same_person_closes_what_was_left(place: Place, ledger: Ledger) -> None:
    leave_open(place)
    opened(ledger, device="chair-2", now=at(DAY_S))
    assert past(ledger, at(2 * DAY_S)) == (PastSession(NOW_S, NOW_S + DAY_S, 19),)


def test_what_a_session_left_open_could_still_have_used_counts_even_if_found_at_once(
    place: Place, ledger: Ledger
) -> None:
    leave_open(place)
    ledger.settle(at(10))
    assert past(ledger, at(10)) == (PastSession(NOW_S, NOW_S + 19, 19),)


def test_settling_leaves_the_living_alone(place: Place, ledger: Ledger) -> None:
    number = opened(ledger)
    with Store.open(place) as second:
        Ledger(second).settle(at(5))
    ledger.settle(at(5))
    ledger.reserve(number, used=NOTHING, block=BLOCK, now=at(5))


def test_a_session_that_runs_lasts_until_now(ledger: Ledger) -> None:
    number = opened(ledger)
    ledger.reserve(number, used=NOTHING, block=BLOCK, now=at(0))
    assert past(ledger, at(300)) == (PastSession(NOW_S, NOW_S + 300, 10),)


def test_history_reaches_back_eight_days(ledger: Ledger) -> None:
    session(ledger, begin=at(0), end=at(10), used_ms=10_000)
    assert len(past(ledger, at(10 + 8 * DAY_S))) == 1
    assert past(ledger, at(11 + 8 * DAY_S)) == ()


def test_how_it_went_is_asked_at_each_of_the_hours_after_its_end(ledger: Ledger, store: Store) -> None:
    session(ledger, begin=at(0), end=at(600), follow_up_s=(DAY_S, 3 * DAY_S))
    first, second = FollowUps(store).of("demo")
    assert (first.due_s, second.due_s) == (NOW_S + 600 + 24 * HOUR_S, NOW_S + 600 + 72 * HOUR_S)
    assert history(ledger, at(599 + DAY_S)).follow_ups == ()
    assert history(ledger, at(600 + DAY_S)).follow_ups == (first,)
    FollowUps(store).answer(
        "demo", first.number, pain=1, worse="no", feeling="none", by=ANNA, now=at(2 * DAY_S)
    )
    assert history(ledger, at(600 + 4 * DAY_S)).follow_ups == (second,)


def test_history_tells_of_lockouts_and_of_the_first_session_after_one(ledger: Ledger, store: Store) -> None:
    session(ledger, begin=at(0), end=at(600))
    lockout = Lockouts(store).add(
        "demo",
        cause=LockCause.SET_BY_HAND,
        authority=Authority.CAREGIVER,
        wait_s=0,
        note="sore",
        by=ANNA,
        now=at(700),
    )
    told = history(ledger, at(800))
    assert (told.lockouts, told.after_lockout) == ((lockout,), False)
    Lockouts(store).clear("demo", lockout.number, by=ANNA, why="better", now=at(900))
    told = history(ledger, at(1000))
    assert (told.lockouts, told.after_lockout) == ((), True)
    number = opened(ledger, now=at(1000))
    assert history(ledger, at(1000)).after_lockout
    ledger.close_session(number, used=NOTHING, now=at(1001), follow_up_s=())
    assert history(ledger, at(1001)).after_lockout
    session(ledger, begin=at(1002), end=at(1600))
    assert not history(ledger, at(1600)).after_lockout


def test_a_row_altered_while_the_store_is_open_is_refused(ledger: Ledger, store: Store) -> None:
    number = opened(ledger)
    ledger.reserve(number, used=NOTHING, block=BLOCK, now=at(0))
    with store.transaction() as connection:
        connection.exec_driver_sql("UPDATE session SET reserved_ms = 9000")
    with pytest.raises(StoreError, match="row of session was altered from outside"):
        past(ledger, at(0))
    with pytest.raises(StoreError, match="row of session was altered from outside"):
        ledger.reserve(number, used=NOTHING, block=BLOCK, now=at(0))


def test_a_whole_session_is_in_the_journal_and_reservations_are_not(ledger: Ledger, store: Store) -> None:
    session(ledger, begin=at(0), end=at(600))
    records = [entry.record for entry in Journal(store).records(session=1)]
    assert [(record.person, record.kind, record.code) for record in records] == [
        ("demo", "session-opened", "chair-1"),
        ("demo", "session-ended", "chair-1"),
    ]
    assert records[1].facts == {"used_ms": 600_000, "ended_s": NOW_S + 600}


def test_the_demo_person_has_two_sessions_behind_him_and_no_open_question(store: Store) -> None:
    assert seed_demo(store, at(0)) == People(store).get("demo") == demo_person()
    ledger = Ledger(store)
    four_days_ago = PastSession(NOW_S - 4 * DAY_S, NOW_S - 4 * DAY_S + 900, 900)
    told = history(ledger, at(0))
    assert (told.past, told.sessions_ever, told.behind) == ((four_days_ago,), 2, False)
    assert FollowUps(store).of("demo") == ()
    assert opened(ledger)


@settings(deadline=None, max_examples=25)  # each example is a file of its own
@given(steps=st.lists(st.tuples(st.integers(0, 60_000), st.integers(1, 20_000)), min_size=1, max_size=8))
def test_whatever_is_said_what_is_paid_covers_use_and_never_falls(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, int]]
) -> None:
    with Store.open(tmp_path_factory.mktemp("data")) as store:
        add_demo(store)
        ledger = Ledger(store)
        number = opened(ledger)
        paid = 0
        for used_ms, block_ms in steps:
            totals = ledger.reserve(number, used=both(used_ms), block=both(block_ms), now=at(0))
            assert totals == both(totals.session_ms)
            assert totals.session_ms >= max(paid, used_ms + block_ms)
            paid = totals.session_ms
        assert past(ledger, Moment(NOW_S, 0, "boot-1"))[0].used_s == -(-paid // 1000)
