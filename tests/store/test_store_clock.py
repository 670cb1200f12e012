"""Ledger time: no setting of the clock makes a session longer or a cool-down shorter."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from massager.model.errors import BusyError
from massager.model.history import Authority, LockCause, PastSession
from massager.store import Caregivers, FollowUps, Journal, Ledger, Lockouts, Store, clock, seal
from store_rig import (
    ANNA,
    BLOCK,
    DAY_S,
    HOUR_S,
    NOTHING,
    NOW_S,
    Place,
    add_demo,
    at,
    both,
    history,
    opened,
    past,
    session,
)

YEAR_S = 365 * DAY_S


def rested_s(ledger: Ledger, now) -> int:
    """How long the last session is over, as admission counts it."""
    told = history(ledger, now)
    return max(0, told.now_s - max(one.ended_s for one in told.past))


def test_a_clock_set_forward_ages_nothing(ledger: Ledger) -> None:
    session(ledger, begin=at(0), end=at(600))
    assert rested_s(ledger, at(700)) == 100
    assert rested_s(ledger, at(700, wall=700 + DAY_S)) == 100
    ledger.settle(at(700, wall=700 + DAY_S))
    assert rested_s(ledger, at(800, wall=800 + YEAR_S)) == 200
    assert not history(ledger, at(800, wall=800 + YEAR_S)).behind


def test_a_clock_set_forward_and_put_right_again_is_right_again(ledger: Ledger) -> None:
    session(ledger, begin=at(0), end=at(600))
    ledger.settle(at(700, wall=YEAR_S))
    told = history(ledger, at(5000))
    assert (told.now_s, told.behind) == (NOW_S + 5000, False)


def test_a_clock_earlier_than_the_mark_is_behind_until_it_is_right_again(ledger: Ledger) -> None:
    session(ledger, begin=at(0), end=at(600))
    assert history(ledger, at(700, wall=0)).behind
    ledger.settle(at(700, wall=0))
    assert history(ledger, at(800, wall=100)).behind
    assert not history(ledger, at(900)).behind


@pytest.mark.parametrize(("wall", "behind"), [(600, False), (598, False), (597, True), (-YEAR_S, True)])
def test_a_correction_as_small_as_network_time_makes_is_not_behind(
    ledger: Ledger, wall: int, behind: bool
) -> None:
    session(ledger, begin=at(0), end=at(600))
    assert history(ledger, at(600, wall=wall)).behind is behind


def test_such_a_correction_is_followed_even_when_time_is_noted_every_second(ledger: Ledger) -> None:
    for second in range(10):
        ledger.settle(at(second))
    for second in range(10, 30):
        ledger.settle(at(second, wall=second - 2))
    assert history(ledger, at(30, wall=28)).now_s == NOW_S + 28


def test_the_high_water_mark_outlives_the_boot_and_the_process(place: Place) -> None:
    with Store.open(place) as store:
        add_demo(store)
        Ledger(store).settle(at(600))
    with Store.open(place) as store:
        assert history(Ledger(store), at(0, wall=500, boot="boot-2")).behind
        told = history(Ledger(store), at(0, wall=700, boot="boot-2"))
    assert (told.now_s, told.behind) == (NOW_S + 700, False)


def test_a_computer_that_wakes_in_1970_needs_only_the_right_time(ledger: Ledger) -> None:
    session(ledger, begin=at(0), end=at(600))
    ledger.settle(at(0, wall=-NOW_S, boot="boot-2"))
    assert history(ledger, at(10, wall=-NOW_S + 10, boot="boot-2")).behind
    told = history(ledger, at(60, wall=DAY_S, boot="boot-2"))
    assert not told.behind
    # How long it was off nobody can tell: the rest is counted from when it woke.
    assert rested_s(ledger, at(60, wall=DAY_S, boot="boot-2")) == 60


def test_a_clock_put_back_during_a_session_does_not_bring_its_end_forward(ledger: Ledger) -> None:
    number = opened(ledger)
    ledger.reserve(number, used=NOTHING, block=BLOCK, now=at(0))
    ledger.reserve(number, used=both(590_000), block=BLOCK, now=at(590, wall=-DAY_S))
    ledger.close_session(number, used=both(600_000), now=at(650, wall=-DAY_S), follow_up_s=())
    assert past(ledger, at(700)) == (PastSession(NOW_S, NOW_S + 650, 600),)


def test_two_machines_whose_clocks_differ_by_a_second_work_side_by_side(ledger: Ledger) -> None:
    for second in range(0, 100, 10):
        ledger.settle(at(second))
        ledger.settle(at(second, wall=second - 1, boot="another machine"))
        assert not history(ledger, at(second, wall=second - 1, boot="another machine")).behind
    assert history(ledger, at(100)).now_s == NOW_S + 100


def test_confirming_a_clock_that_was_ahead_ends_what_lay_in_the_future_now(ledger: Ledger) -> None:
    session(ledger, begin=at(0, wall=YEAR_S, boot="wrong"), end=at(600, wall=YEAR_S + 600, boot="wrong"))
    assert history(ledger, at(700, wall=0, boot="wrong")).behind
    ledger.confirm_time(ANNA, at(700, wall=0, boot="wrong"))
    told = history(ledger, at(800, wall=100, boot="wrong"))
    assert (told.now_s, told.behind) == (NOW_S + 100, False)
    assert told.past == (PastSession(NOW_S, NOW_S, 600),)


def test_a_confirmed_clock_makes_nothing_older_than_it_was(ledger: Ledger) -> None:
    session(ledger, begin=at(0), end=at(600))
    ledger.confirm_time(ANNA, at(700, wall=700 + DAY_S))
    assert history(ledger, at(700, wall=700 + DAY_S)).now_s == NOW_S + 700 + DAY_S
    assert rested_s(ledger, at(700, wall=700 + DAY_S)) == 100


def test_a_caregiver_who_confirms_two_wrong_times_gains_nobody_any_rest(ledger: Ledger) -> None:
    session(ledger, begin=at(0), end=at(600))
    ledger.confirm_time(ANNA, at(700, wall=-30 * YEAR_S))
    assert rested_s(ledger, at(700, wall=-30 * YEAR_S)) == 0
    ledger.confirm_time(ANNA, at(710, wall=710))
    assert rested_s(ledger, at(710)) <= 110
    assert not history(ledger, at(710)).behind


def test_a_session_after_the_confirmation_counts_as_it_was(ledger: Ledger) -> None:
    ledger.confirm_time(ANNA, at(0, wall=-YEAR_S))
    session(ledger, begin=at(10, wall=-YEAR_S + 10), end=at(600, wall=-YEAR_S + 600))
    assert past(ledger, at(700, wall=-YEAR_S + 700)) == (
        PastSession(NOW_S - YEAR_S + 10, NOW_S - YEAR_S + 610, 600),
    )


def test_the_time_is_not_confirmed_while_somebody_is_in_a_session(place: Place, ledger: Ledger) -> None:
    number = opened(ledger)
    with Store.open(place) as second, pytest.raises(BusyError, match=f"in session {number} on chair-1"):
        Ledger(second).confirm_time(ANNA, at(5))
    ledger.close_session(number, used=NOTHING, now=at(6), follow_up_s=())
    ledger.confirm_time(ANNA, at(7))


def test_locks_questions_and_waits_do_not_stay_in_a_false_future(ledger: Ledger, store: Store) -> None:
    wrong = at(0, wall=YEAR_S, boot="wrong")
    Caregivers(store).add("anna", "hash", alone=False, by=ANNA, now=wrong)
    for _ in range(9):
        Caregivers(store).failed("anna", now=wrong)
    Lockouts(store).add(
        "demo",
        cause=LockCause.OLD_BACKUP,
        authority=Authority.CAREGIVER,
        wait_s=8 * DAY_S,
        note="",
        by=ANNA,
        now=wrong,
    )
    session(ledger, begin=wrong, end=at(600, wall=YEAR_S + 600, boot="wrong"), follow_up_s=(DAY_S,))
    right = at(600, wall=0, boot="wrong")
    waits_s = Caregivers(store).sign_in("anna", now=right).wait_s
    ledger.confirm_time(ANNA, right)
    (lockout,) = Lockouts(store).of("demo")
    assert (lockout.since_s, lockout.not_before_s) == (NOW_S, NOW_S + 8 * DAY_S)
    (question,) = FollowUps(store).of("demo")
    assert question.due_s == NOW_S + 24 * HOUR_S
    assert Caregivers(store).sign_in("anna", now=right).wait_s >= waits_s
    assert Caregivers(store).sign_in("anna", now=right).wait_s <= HOUR_S
    assert Journal(store).records()[-1].record.kind == "time-confirmed"


def test_a_wait_ends_even_while_the_clock_is_behind(store: Store) -> None:
    Caregivers(store).add("anna", "hash", alone=False, by=ANNA, now=at(0))
    for _ in range(9):
        Caregivers(store).failed("anna", now=at(0))
    assert Caregivers(store).sign_in("anna", now=at(1, wall=-DAY_S)).wait_s > 0
    assert Caregivers(store).sign_in("anna", now=at(2 * HOUR_S, wall=2 * HOUR_S - DAY_S)).wait_s == 0


JUMPS = st.lists(
    st.tuples(
        st.integers(0, 4 * HOUR_S),
        st.integers(-2 * DAY_S, 2 * DAY_S),
        st.sampled_from(["look", "settle", "confirm"]),
    ),
    min_size=1,
    max_size=10,
)


@settings(deadline=None, max_examples=30)
@given(jumps=JUMPS)
def test_within_a_boot_neither_clock_nor_caregiver_makes_a_rest_longer_than_it_was(
    tmp_path_factory: pytest.TempPathFactory, jumps: list[tuple[int, int, str]]
) -> None:
    with Store.open(tmp_path_factory.mktemp("data")) as store:
        add_demo(store)
        ledger = Ledger(store)
        session(ledger, begin=at(0), end=at(600))
        seconds = 600
        for wait_s, off_s, what in jumps:
            seconds += wait_s
            now = at(seconds, wall=seconds + off_s)
            if what == "settle":
                ledger.settle(now)
            if what == "confirm":
                ledger.confirm_time(ANNA, now)
            assert rested_s(ledger, now) <= seconds - 600


@settings(deadline=None, max_examples=30)
@given(jumps=JUMPS)
def test_ledger_time_never_goes_back(
    tmp_path_factory: pytest.TempPathFactory, jumps: list[tuple[int, int, str]]
) -> None:
    with Store.open(tmp_path_factory.mktemp("data")) as store:
        seconds, noted_s = 0, 0
        for wait_s, off_s, _ in jumps:
            seconds += wait_s
            with store.transaction() as connection:
                now_s = clock.note(connection, at(seconds, wall=seconds + off_s))
                assert seal.meta(connection).high_water_s == now_s >= noted_s
            noted_s = now_s
