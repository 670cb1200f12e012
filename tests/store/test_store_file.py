"""The file: made once, refused when it is not what it should be, honest when the disk is not."""

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from massager.model.body import Side, Zone
from massager.model.errors import StoreError
from massager.store import Amounts, Journal, Ledger, Record, Store, database, demo_person

NOW_S = 1_700_000_000
NOTHING = Amounts(0, {})
BLOCK = Amounts(10_000, {(Zone.L1_L3, side): 10_000 for side in Side})


def test_a_new_store_is_private_and_keeps_what_it_was_told(folder: Path) -> None:
    with Store.open(folder) as store:
        Ledger(store).add_person(demo_person())
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "massager.db").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in folder.iterdir()) == ["massager.db"]
    with Store.open(folder) as store:
        assert Ledger(store).person("demo") == demo_person()


def test_every_commit_is_forced_to_the_disk(store: Store) -> None:
    with store.transaction() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_two_controllers_that_make_the_file_at_once_share_it(folder: Path) -> None:
    folder.mkdir()
    with ThreadPoolExecutor(8) as pool:
        stores = list(pool.map(lambda _: Store.open(folder), range(8)))
    Ledger(stores[0]).add_person(demo_person())
    assert all(Ledger(store).person("demo") == demo_person() for store in stores)
    for store in stores:
        store.close()


def test_another_thread_than_the_opener_may_use_it(ledger: Ledger) -> None:
    with ThreadPoolExecutor(1) as worker:
        assert worker.submit(ledger.person, "demo").result().name == "demo"


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(
        StoreError, match=r"The data folder .*file/data cannot be used: Not a directory\. Make"
    ):
        Store.open(tmp_path / "file" / "data")
    with pytest.raises(StoreError, match="cannot be used: File exists"):
        Store.open(tmp_path / "file")


def test_a_store_that_cannot_be_written_is_refused(folder: Path) -> None:
    (folder / "massager.db").mkdir(parents=True)
    with pytest.raises(StoreError, match="cannot be opened for writing"):
        Store.open(folder)


def test_a_write_to_a_read_only_store_is_refused(store: Store, ledger: Ledger) -> None:
    session = ledger.open_session("demo", "chair-1", "p", NOW_S, 0)
    # Rights on files do not hold root back; this does.
    store._connection.exec_driver_sql("PRAGMA query_only = ON")
    store._connection.rollback()
    with pytest.raises(StoreError, match="cannot be opened for writing"):
        ledger.reserve(session, used=NOTHING, block=BLOCK, now_s=NOW_S)


def _truncate_to(size: int) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        path.write_bytes(path.read_bytes()[:size])

    return spoil


def _write_a_diary(path: Path) -> None:
    path.write_text("Dear diary, today my back hurt. " * 200)


def _scribble(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xa5" * 4096 + content[8192:])


def _garble_the_schema(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"PRIMARY KEY", b"PRIMARY\xffKEY"))


def _sql(statement: str) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        with closing(sqlite3.connect(path)) as raw, raw:
            raw.execute(statement)

    return spoil


@pytest.mark.parametrize(
    ("spoil", "text"),
    [
        (_truncate_to(0), "damaged"),
        (_truncate_to(50), "damaged"),
        (_truncate_to(4096), "damaged"),
        (_truncate_to(10_000), "damaged"),
        (_scribble, "damaged"),
        (_garble_the_schema, "damaged"),
        (_write_a_diary, "no database"),
        (_sql("DROP TABLE meta"), "damaged"),
        (_sql("DELETE FROM meta"), "damaged"),
        (_sql("UPDATE meta SET schema_version = 2"), "has version 2, this program knows 1"),
    ],
)
def test_a_spoiled_file_is_refused_however_often_it_is_opened(
    folder: Path, spoil: Callable[[Path], None], text: str
) -> None:
    Store.open(folder).close()
    path = folder / "massager.db"
    spoil(path)
    for _ in range(2):
        with pytest.raises(StoreError, match=text) as refused:
            Store.open(folder)
        assert str(path) in str(refused.value)


def test_rows_that_no_word_fits_are_a_store_error(store: Store, ledger: Ledger) -> None:
    with store.transaction() as connection:
        connection.exec_driver_sql("UPDATE condition SET severity = 0")
    with pytest.raises(StoreError, match="damaged"):
        ledger.person("demo")


def test_a_lost_file_does_not_become_an_empty_history(folder: Path, ledger: Ledger) -> None:
    session = ledger.open_session("demo", "chair-1", "p", NOW_S, 0)
    (folder / "massager.db").unlink()
    with pytest.raises(StoreError, match="moved away while in use"):
        ledger.reserve(session, used=NOTHING, block=BLOCK, now_s=NOW_S)
    with pytest.raises(StoreError, match="is gone while its journal is there"):
        Store.open(folder)


def test_a_locked_store_says_so_and_works_again_afterwards(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_MS", 0)
    with Store.open(folder) as store, closing(sqlite3.connect(folder / "massager.db")) as other:
        ledger = Ledger(store)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="another program is writing to it"):
            ledger.add_person(demo_person())
        with pytest.raises(StoreError, match="another program is writing to it"):
            Store.open(folder)
        other.rollback()
        ledger.add_person(demo_person())


def test_a_full_disk_refuses_the_debit_and_keeps_what_was_paid(store: Store, ledger: Ledger) -> None:
    session = ledger.open_session("demo", "chair-1", "p", NOW_S, 0)
    paid = ledger.reserve(session, used=NOTHING, block=BLOCK, now_s=NOW_S)
    journal = Journal(store)
    store._connection.exec_driver_sql("PRAGMA max_page_count = 1")  # SQLite takes the present size instead
    store._connection.rollback()
    wanted = Amounts(20_000, {(zone, side): 10_000 for zone in Zone for side in Side})
    with pytest.raises(StoreError, match="the disk is full"):  # noqa: PT012 - whatever comes first
        for n in range(1000):
            journal.append(Record(session, n, NOW_S, "decision", "asked", {"n": "x" * 1000}))
    kept = journal.entries(session)
    assert [record.at_ms for record in kept] == list(range(len(kept)))
    with pytest.raises(StoreError, match="the disk is full"):
        journal.append(Record(session, 0, NOW_S, "decision", "asked", {"n": "x" * 10_000}))
    store._connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    store._connection.rollback()
    assert ledger.reserve(session, used=NOTHING, block=NOTHING, now_s=NOW_S) == paid
    assert ledger.reserve(session, used=NOTHING, block=wanted, now_s=NOW_S) == wanted
