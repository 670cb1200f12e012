"""People and debits: use only grows, and a clock that was put back changes nothing."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from massager.model.body import Calibration, Region, Side, Zone
from massager.model.ceilings import Severity
from massager.model.errors import NotFoundError, StoreError
from massager.model.people import PastSession, Person
from massager.store import Amounts, Ledger, Store, demo_person, seed_demo

NOW_S = 1_700_000_000
DAY_S = 24 * 3600
LEFT, RIGHT = (Zone.L1_L3, Side.LEFT), (Zone.L1_L3, Side.RIGHT)
ELSEWHERE = (Zone.T9_T12, Side.LEFT)


def both(session_ms: int, zone_ms: int) -> Amounts:
    return Amounts(session_ms, {LEFT: zone_ms, RIGHT: zone_ms})


NOTHING = Amounts(0, {})
BLOCK = both(10_000, 10_000)


def opened(ledger: Ledger, *, person: str = "demo", device: str = "chair-1", now_s: int = NOW_S) -> int:
    return ledger.open_session(person, device, "gentle", now_s, boot_ms=5_000)


def test_a_person_comes_back_as_written(ledger: Ledger) -> None:
    someone = Person(
        name="Änne O'Neil",
        conditions={Region.CERVICAL: Severity.SEVERE, Region.LUMBAR: Severity.MODERATE},
        attested=False,
        calibrations={"chair": Calibration(40, 549, 20), "bed": Calibration(100, 500, 10)},
    )
    ledger.add_person(someone)
    assert ledger.person("Änne O'Neil") == someone
    assert ledger.person("demo") == demo_person()


def test_an_unknown_person_is_refused_with_the_names_there_are(ledger: Ledger) -> None:
    for ask in (ledger.person, lambda name: opened(ledger, person=name)):
        with pytest.raises(NotFoundError, match=r"no person 'Demo'\. People on record: demo\."):
            ask("Demo")
    with pytest.raises(NotFoundError):
        ledger.past_sessions("Demo", NOW_S)


def test_a_name_is_given_once(ledger: Ledger) -> None:
    with pytest.raises(StoreError, match="a person 'demo' already"):
        ledger.add_person(Person("demo", {}, attested=True, calibrations={}))
    assert ledger.person("demo") == demo_person()


def test_a_reservation_stands_one_block_above_use(ledger: Ledger) -> None:
    session = opened(ledger)
    assert ledger.reserve(session, used=NOTHING, block=BLOCK, now_s=NOW_S) == BLOCK
    paid = ledger.reserve(session, used=both(9_000, 8_500), block=BLOCK, now_s=NOW_S + 9)
    assert paid == both(19_000, 18_500)


def test_asking_again_costs_nothing(ledger: Ledger) -> None:
    session = opened(ledger)
    for _ in range(3):
        assert ledger.reserve(session, used=both(4_000, 4_000), block=BLOCK, now_s=NOW_S) == both(
            14_000, 14_000
        )


def test_a_zone_left_early_stays_paid_and_is_not_paid_twice(ledger: Ledger) -> None:
    session = opened(ledger)
    ledger.reserve(session, used=NOTHING, block=BLOCK, now_s=NOW_S)
    paid = ledger.reserve(
        session, used=both(4_000, 4_000), block=Amounts(10_000, {ELSEWHERE: 10_000}), now_s=NOW_S + 4
    )
    assert paid == Amounts(14_000, {LEFT: 10_000, RIGHT: 10_000, ELSEWHERE: 10_000})


def test_saying_less_used_gives_nothing_back(ledger: Ledger) -> None:
    session = opened(ledger)
    ledger.reserve(session, used=both(9_000, 9_000), block=BLOCK, now_s=NOW_S)
    assert ledger.reserve(session, used=NOTHING, block=NOTHING, now_s=NOW_S) == both(19_000, 19_000)
    ledger.close_session(session, used=NOTHING, now_s=NOW_S + 9)
    assert ledger.past_sessions("demo", NOW_S) == (PastSession(NOW_S, NOW_S + 9, 9),)


def test_no_amount_is_negative() -> None:
    with pytest.raises(ValueError, match="never negative"):
        Amounts(-1, {})
    with pytest.raises(ValueError, match="never negative"):
        Amounts(0, {LEFT: 5, RIGHT: -1})


def test_closing_counts_what_was_used_rounded_up(ledger: Ledger) -> None:
    session = opened(ledger)
    ledger.reserve(session, used=NOTHING, block=BLOCK, now_s=NOW_S)
    ledger.close_session(session, used=both(6_001, 6_000), now_s=NOW_S + 8)
    assert ledger.past_sessions("demo", NOW_S + 100) == (PastSession(NOW_S, NOW_S + 8, 7),)


def test_more_used_than_paid_is_counted_too(ledger: Ledger) -> None:
    session = opened(ledger)
    ledger.reserve(session, used=NOTHING, block=BLOCK, now_s=NOW_S)
    ledger.close_session(session, used=both(12_000, 12_000), now_s=NOW_S + 12)
    assert ledger.past_sessions("demo", NOW_S + 12)[0].used_s == 12


def test_a_session_that_reserved_nothing_is_no_past_session(ledger: Ledger) -> None:
    session = opened(ledger)
    assert ledger.past_sessions("demo", NOW_S) == ()
    ledger.close_session(session, used=NOTHING, now_s=NOW_S)
    assert ledger.past_sessions("demo", NOW_S) == ()


def test_a_closed_session_takes_no_debit(ledger: Ledger) -> None:
    session = opened(ledger)
    ledger.close_session(session, used=NOTHING, now_s=NOW_S)
    with pytest.raises(StoreError, match="not open in this controller"):
        ledger.reserve(session, used=NOTHING, block=BLOCK, now_s=NOW_S)
    with pytest.raises(StoreError, match="not open in this controller"):
        ledger.close_session(session, used=NOTHING, now_s=NOW_S)


def test_one_session_per_person_and_one_per_device(folder: Path, ledger: Ledger) -> None:
    ledger.add_person(Person("other", {}, attested=True, calibrations={}))
    session = opened(ledger)
    with Store.open(folder) as second_store:
        second = Ledger(second_store)
        for refused in (ledger, second):
            with pytest.raises(StoreError, match=f"demo is in session {session} on chair-1 already"):
                opened(refused, device="chair-2")
            with pytest.raises(StoreError, match=f"demo is in session {session} on chair-1 already"):
                opened(refused, person="other")
        with pytest.raises(StoreError, match="not open in this controller"):
            second.reserve(session, used=NOTHING, block=BLOCK, now_s=NOW_S)
        opened(second, person="other", device="chair-2")
    ledger.close_session(session, used=NOTHING, now_s=NOW_S)
    assert opened(ledger) > session


def test_a_session_left_open_counts_all_that_it_reserved(folder: Path, ledger: Ledger) -> None:
    with Store.open(folder) as second_store:
        second = Ledger(second_store)
        left = opened(second)
        second.reserve(left, used=NOTHING, block=BLOCK, now_s=NOW_S)
        second.reserve(left, used=both(9_000, 9_000), block=BLOCK, now_s=NOW_S + 9)
    counted = (PastSession(NOW_S, NOW_S + 19, 19),)
    assert ledger.past_sessions("demo", NOW_S + DAY_S) == counted
    opened(ledger, now_s=NOW_S + DAY_S)
    assert ledger.past_sessions("demo", NOW_S + DAY_S) == counted


def test_history_reaches_back_eight_days(ledger: Ledger) -> None:
    session = opened(ledger)
    ledger.reserve(session, used=NOTHING, block=BLOCK, now_s=NOW_S)
    ledger.close_session(session, used=BLOCK, now_s=NOW_S + 10)
    assert len(ledger.past_sessions("demo", NOW_S + 10 + 8 * DAY_S)) == 1
    assert ledger.past_sessions("demo", NOW_S + 11 + 8 * DAY_S) == ()
    assert len(ledger.past_sessions("demo", 0)) == 1


def test_the_high_water_mark_never_falls(folder: Path, ledger: Ledger) -> None:
    assert ledger.high_water_s() == 0
    ledger.note_wall_clock(NOW_S)
    ledger.note_wall_clock(NOW_S - 5)
    assert ledger.high_water_s() == NOW_S
    session = opened(ledger, now_s=NOW_S + 10)
    ledger.reserve(session, used=NOTHING, block=BLOCK, now_s=NOW_S + 20)
    assert ledger.high_water_s() == NOW_S + 20
    with Store.open(folder) as other:
        assert Ledger(other).high_water_s() == NOW_S + 20


def test_a_clock_put_back_during_a_session_does_not_bring_its_end_forward(ledger: Ledger) -> None:
    session = opened(ledger)
    ledger.reserve(session, used=NOTHING, block=BLOCK, now_s=NOW_S)
    ledger.reserve(session, used=both(600_000, 0), block=BLOCK, now_s=NOW_S - DAY_S)
    ledger.close_session(session, used=both(600_000, 0), now_s=NOW_S - DAY_S)
    assert ledger.past_sessions("demo", NOW_S) == (PastSession(NOW_S, NOW_S + 600, 600),)


def test_the_demo_person_has_two_sessions_behind_him(store: Store) -> None:
    ledger = Ledger(store)
    assert seed_demo(ledger, NOW_S) == ledger.person("demo") == demo_person()
    four_days_ago = PastSession(NOW_S - 4 * DAY_S, NOW_S - 4 * DAY_S + 900, 900)
    assert ledger.past_sessions("demo", NOW_S) == (four_days_ago,)
    earlier = PastSession(NOW_S - 11 * DAY_S, NOW_S - 11 * DAY_S + 900, 900)
    assert ledger.past_sessions("demo", NOW_S - 4 * DAY_S) == (earlier, four_days_ago)
    assert opened(ledger)


@settings(deadline=None, max_examples=25)  # each example is a file of its own
@given(steps=st.lists(st.tuples(st.integers(0, 60_000), st.integers(1, 20_000)), min_size=1, max_size=8))
def test_whatever_is_said_what_is_paid_covers_use_and_never_falls(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, int]]
) -> None:
    with Store.open(tmp_path_factory.mktemp("data")) as store:
        ledger = Ledger(store)
        ledger.add_person(demo_person())
        session = opened(ledger)
        paid = 0
        for used_ms, block_ms in steps:
            used, block = both(used_ms, used_ms), both(block_ms, block_ms)
            totals = ledger.reserve(session, used=used, block=block, now_s=NOW_S)
            assert totals == both(totals.session_ms, totals.session_ms)
            assert totals.session_ms >= max(paid, used_ms + block_ms)
            paid = totals.session_ms
        assert ledger.past_sessions("demo", NOW_S)[0].used_s == -(-paid // 1000)
