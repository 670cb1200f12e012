"""Sessions as they are kept: what each used and where, and since when anything is known."""

import sqlite3
from dataclasses import replace

import pytest

from massager.model.body import Side, Zone
from massager.model.carried import Carried
from massager.model.errors import NotFoundError, StoreError
from massager.model.history import PastSession
from massager.store import Amounts, Ledger, Sessions, Store, add_with_past, demo_person
from massager.store.sqlite_file import FILE_NAME
from store_rig import ANNA, BLOCK, DAY_S, LEFT, NOTHING, NOW_S, RIGHT, add_demo, at, both, opened, session


def test_a_session_is_kept_with_its_device_its_time_and_its_places(store: Store, ledger: Ledger) -> None:
    session(ledger, begin=at(100), end=at(900), used_ms=600_400)
    shelf = Sessions(store).of("demo", at(1000))
    (kept,) = shelf.sessions
    assert (kept.device, kept.program) == ("chair-1", "gentle")
    assert (kept.started_s, kept.ended_s, kept.used_s) == (NOW_S + 100, NOW_S + 900, 601)
    assert kept.zones_ms == {LEFT: 600_400, RIGHT: 600_400}
    assert (shelf.now_s, shelf.known_s) == (NOW_S + 1000, NOW_S)


def test_what_moved_nothing_is_left_out(store: Store, ledger: Ledger) -> None:
    session(ledger, begin=at(100), end=at(101), used_ms=0)
    ledger.close_session(opened(ledger, now=at(200)), used=NOTHING, now=at(201), follow_up_s=())
    assert Sessions(store).of("demo", at(1000)).sessions == ()


def test_one_that_nobody_has_closed_counts_all_that_it_reserved(store: Store, ledger: Ledger) -> None:
    number = opened(ledger, now=at(100))
    ledger.reserve(number, used=both(3000), block=BLOCK, now=at(103))
    (kept,) = Sessions(store).of("demo", at(104)).sessions
    assert kept.used_s == 13
    assert kept.zones_ms == {LEFT: 13_000, RIGHT: 13_000}
    assert kept.ended_s >= NOW_S + 104


def test_what_was_brought_along_has_neither_device_nor_place_and_is_known_from_its_first_session(
    store: Store,
) -> None:
    past = (PastSession(NOW_S - 2 * DAY_S, NOW_S - 2 * DAY_S + 300, 300),)
    add_with_past(store, demo_person(), Carried(sessions=past), by=ANNA, now=at(0))
    shelf = Sessions(store).of("demo", at(10))
    (kept,) = shelf.sessions
    assert (kept.device, kept.program, kept.used_s, dict(kept.zones_ms)) == (None, None, 300, {})
    assert shelf.known_s == NOW_S - 2 * DAY_S


def test_older_ones_than_the_limits_look_back_are_kept_too_oldest_first(store: Store, ledger: Ledger) -> None:
    for day in (0, 30, 60):
        begin, end = at(day * DAY_S), at(day * DAY_S + 900)
        session(ledger, begin=begin, end=end)
    found = Sessions(store).of("demo", at(61 * DAY_S)).sessions
    assert [(one.started_s - NOW_S) // DAY_S for one in found] == [0, 30, 60]


def test_sessions_of_another_are_not_told_and_nobody_has_none(store: Store, ledger: Ledger) -> None:
    session(ledger, begin=at(100), end=at(900))
    add_with_past(store, replace(demo_person(), name="ole"), Carried(), by=ANNA, now=at(950))
    assert Sessions(store).of("ole", at(1000)).sessions == ()
    with pytest.raises(NotFoundError):
        Sessions(store).of("max", at(1000))


def test_a_debit_that_was_altered_is_not_shown(folder) -> None:
    with Store.open(folder) as store:
        add_demo(store)
        session(Ledger(store), begin=at(100), end=at(900))
        with sqlite3.connect(folder / FILE_NAME) as other:
            other.execute("UPDATE debit SET used_ms = 1")
        with pytest.raises(StoreError, match="altered"):
            Sessions(store).of("demo", at(1000))


def test_each_place_is_kept_by_itself(store: Store, ledger: Ledger) -> None:
    number = opened(ledger, now=at(0))
    used = Amounts(9000, {(Zone.T9_T12, Side.LEFT): 4000, (Zone.L4_S1, Side.RIGHT): 5000})
    ledger.close_session(number, used=used, now=at(20), follow_up_s=())
    (kept,) = Sessions(store).of("demo", at(30)).sessions
    assert kept.zones_ms == used.zones_ms
