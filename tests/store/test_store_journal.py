"""The journal: in order, and never changed, whoever asks."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from massager.model.body import Region
from massager.model.decisions import Reason
from massager.model.errors import StoreError
from massager.store import Journal, Ledger, Record, Store

NOW_S = 1_700_000_000


def record(at_ms: int, *, session: int | None = None, code: str = "asked") -> Record:
    return Record(session, at_ms, NOW_S, "decision", code, {"level": 3, "why": ["ramp", None], "ok": True})


def test_records_come_back_as_written_and_in_order(store: Store, ledger: Ledger) -> None:
    journal = Journal(store)
    session = ledger.open_session("demo", "chair-1", "gentle", NOW_S, 0)
    first = [record(9, session=session), record(3, session=session, code=Reason.UNPAID)]
    journal.append(*first)
    journal.append(record(1))
    journal.append(record(2, session=session))
    assert journal.entries(session) == (*first, record(2, session=session))
    assert journal.entries(None) == (record(1),)


def test_boot_milliseconds_of_a_machine_up_for_years_fit(store: Store) -> None:
    journal = Journal(store)
    journal.append(record(10**12))
    assert journal.entries(None)[0].at_ms == 10**12


def test_several_records_are_written_all_or_none(store: Store) -> None:
    journal = Journal(store)
    with pytest.raises(StoreError, match="FOREIGN KEY"):
        journal.append(record(1), record(2, session=99))
    with pytest.raises(TypeError):
        journal.append(record(1), Record(None, 2, NOW_S, "decision", "asked", {"x": object()}))
    with pytest.raises(ValueError, match="JSON"):
        journal.append(record(1), Record(None, 2, NOW_S, "decision", "asked", {"x": float("nan")}))
    assert journal.entries(None) == ()
    journal.append()


def test_equal_facts_are_equal_bytes(store: Store) -> None:
    journal = Journal(store)
    journal.append(Record(None, 1, NOW_S, "k", "c", {"b": Region.LUMBAR, "a": 1}))
    journal.append(Record(None, 1, NOW_S, "k", "c", {"a": 1, "b": "lumbar"}))
    with store.transaction() as connection:
        facts = connection.exec_driver_sql("SELECT facts FROM decision").scalars().all()
    assert facts == ['{"a":1,"b":"lumbar"}'] * 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE decision SET code = 'fine'",
        "DELETE FROM decision",
        "INSERT OR REPLACE INTO decision SELECT seq, NULL, 0, 0, 'k', 'fine', '{}' FROM decision",
    ],
)
def test_the_database_itself_refuses_to_rewrite_history(folder: Path, store: Store, statement: str) -> None:
    Journal(store).append(record(1), record(2))
    with closing(sqlite3.connect(folder / "massager.db")) as stranger:
        with pytest.raises(sqlite3.IntegrityError, match="the journal is append-only"):
            stranger.execute(statement)
        stranger.rollback()
    assert Journal(store).entries(None) == (record(1), record(2))
