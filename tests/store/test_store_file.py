"""The file: made once, refused when it is not what it should be, honest when the disk is not."""

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event

from massager.model.errors import StoreError
from massager.store import Journal, Ledger, People, Store, demo_person, sqlite_file
from store_life import disk_fault, live, refused, state
from store_rig import BLOCK, NOTHING, add_demo, at, opened


def test_a_new_store_is_private_and_keeps_what_it_was_told(folder: Path) -> None:
    with Store.open(folder) as store:
        add_demo(store)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "massager.db").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in folder.iterdir()) == ["massager.db"]
    with Store.open(str(folder)) as store:
        assert People(store).get("demo") == demo_person()


@pytest.mark.usefixtures("folder")
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
    add_demo(stores[0])
    assert all(People(store).get("demo") == demo_person() for store in stores)
    for store in stores:
        store.close()


def test_another_thread_than_the_opener_may_use_it(store: Store) -> None:
    with ThreadPoolExecutor(1) as worker:
        worker.submit(add_demo, store).result()
    assert People(store).names() == ("demo",)


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


@pytest.mark.usefixtures("folder")
def test_a_write_to_a_read_only_store_is_refused(store: Store, ledger: Ledger) -> None:
    number = opened(ledger)
    # Rights on files do not hold root back; this does.
    store._connection.exec_driver_sql("PRAGMA query_only = ON")
    store._connection.rollback()
    with pytest.raises(StoreError, match="cannot be opened for writing"):
        ledger.reserve(number, used=NOTHING, block=BLOCK, now=at(0))


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
        (_scribble, "damaged"),
        (_garble_the_schema, "damaged"),
        (_write_a_diary, "no database"),
        (_sql("DROP TABLE meta"), "damaged"),
        (_sql("DELETE FROM meta"), "lost its first row"),
        (_sql("UPDATE meta SET high_water_s = 5"), "row of meta was altered"),
        (_sql("DROP TABLE alembic_version"), "damaged"),
        (_sql("DELETE FROM alembic_version"), "damaged"),
        (
            _sql("UPDATE alembic_version SET version_num = '0099'"),
            "has version 0099, this program knows 0002",
        ),
    ],
)
def test_a_spoiled_file_is_refused_however_often_it_is_opened(
    folder: Path, spoil: Callable[[Path], None], text: str
) -> None:
    Store.open(folder).close()
    path = folder / "massager.db"
    spoil(path)
    for _ in range(2):
        with pytest.raises(StoreError, match=text):
            Store.open(folder)


def test_a_file_truncated_at_any_page_or_within_one_is_refused(folder: Path, tmp_path: Path) -> None:
    live(folder, witness=tmp_path / "witness")
    path = folder / "massager.db"
    whole = path.read_bytes()
    complete = state(folder, witness=tmp_path / "witness")
    for size in [*range(0, len(whole), 4096), *range(1000, len(whole) - 4096, 4096)]:
        path.write_bytes(whole[:size])
        assert refused(folder), size
    # SQLite rounds up to pages: a last one that is cut short is looked at, and may hold nothing that matters,
    # or something that only tells, which the journal's chain shows.
    for size in range(len(whole) - 4095, len(whole), 1000):
        path.write_bytes(whole[:size])
        if not refused(folder):
            with Store.open(folder) as store:
                is_told = Journal(store).verify().first_bad is not None
            assert is_told or state(folder, witness=tmp_path / "witness") == complete, size


def test_a_lost_file_does_not_become_an_empty_history(folder: Path, ledger: Ledger) -> None:
    number = opened(ledger)
    (folder / "massager.db").unlink()
    with pytest.raises(StoreError, match="moved away while in use"):
        ledger.reserve(number, used=NOTHING, block=BLOCK, now=at(0))
    with pytest.raises(StoreError, match="is gone while its journal is there"):
        Store.open(folder)


def test_a_locked_store_says_so_and_works_again_afterwards(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_file, "BUSY_MS", 0)
    with Store.open(folder) as store, closing(sqlite3.connect(folder / "massager.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="another program is writing to it"):
            add_demo(store)
        with pytest.raises(StoreError, match="another program is writing to it"):
            Store.open(folder)
        other.rollback()
        add_demo(store)


def test_a_commit_that_fails_keeps_nobody_else_out(folder: Path, store: Store) -> None:
    def fail(_: object) -> None:
        raise disk_fault()

    event.listen(store._engine, "commit", fail)
    with pytest.raises(StoreError, match="disk I/O error"):
        add_demo(store)
    event.remove(store._engine, "commit", fail)
    with Store.open(folder) as other:
        add_demo(other)
    assert People(store).names() == ("demo",)
