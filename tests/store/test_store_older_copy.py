"""A database that comes back as an older copy of itself is noticed, as an older file is."""

import subprocess
from pathlib import Path

import psycopg
import pytest

import postgresql_server
from massager.app.store_place import open_store
from massager.model.errors import RestoredError, StoreError
from massager.model.history import LockCause
from massager.store import Journal, Ledger, Lockouts, People, Store, Verdict, accept_restored
from postgresql_server import Server, run
from store_life import STEPS, live, refused
from store_rig import ANNA, add_demo, at, opened, session


@pytest.fixture
def witness(tmp_path: Path) -> Path:
    return tmp_path / "state" / "witness.json"


@pytest.fixture
def restored(postgresql: Server, url: str, witness: Path) -> str:
    """A copy of the database from before the only session."""
    with Store.open(url, witness=witness) as store:
        add_demo(store)
    copy = postgresql.database(like=url)
    with Store.open(url, witness=witness) as store:
        session(Ledger(store), begin=at(0), end=at(600))
    return copy


def test_an_older_copy_is_refused_until_a_caregiver_accepts_it(restored: str, witness: Path) -> None:
    for _ in range(2):
        with pytest.raises(RestoredError, match=r"older backup .* massager caregiver accept-backup"):
            Store.open(restored, witness=witness)
    accept_restored(restored, witness, by=ANNA, now=at(700))
    with Store.open(restored, witness=witness) as store:
        (lockout,) = Lockouts(store).of("demo")
    assert lockout.cause is LockCause.OLD_BACKUP


def test_an_older_copy_put_in_its_place_while_a_controller_runs_is_refused_too(
    postgresql: Server, url: str, witness: Path
) -> None:
    with Store.open(url, witness=witness) as store:
        add_demo(store)
        postgresql.cut_off(url)  # a database in use cannot be copied
        copy = postgresql.database(like=url)
        with pytest.raises(StoreError):
            People(store).names()
        session(Ledger(store), begin=at(0), end=at(600))
        postgresql.cut_off(url)
        here, there = postgresql_server.name_of(url), postgresql_server.name_of(copy)
        postgresql.admin(f"ALTER DATABASE {here} RENAME TO {here}_newest")
        postgresql.admin(f"ALTER DATABASE {there} RENAME TO {here}")
        with pytest.raises(StoreError):
            People(store).names()
        for _ in range(2):
            with pytest.raises(RestoredError, match="older backup"):
                People(store).names()


def test_a_database_that_is_gone_is_not_begun_anew(postgresql: Server, url: str, witness: Path) -> None:
    Store.open(url, witness=witness).close()
    name = postgresql_server.name_of(url)
    postgresql.admin(f"DROP DATABASE {name}")
    postgresql.admin(f"CREATE DATABASE {name} OWNER massager")
    with pytest.raises(StoreError, match=r"The store is gone, and .*witness\.json knows of one"):
        Store.open(url, witness=witness)


def test_a_whole_life_never_looks_like_an_older_copy(postgresql: Server, tmp_path: Path) -> None:
    for steps in range(1, len(STEPS), 6):
        url = postgresql.database()
        live(url, witness=tmp_path / f"{steps}", steps=steps)
        assert not refused(url, tmp_path / f"{steps}")


def test_a_dump_that_is_put_back_is_whole_and_refused_by_a_controller_that_knew_more(
    postgresql: Server, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    dump, programs = tmp_path / "care.dump", postgresql_server.programs()
    assert programs is not None
    with open_store(url) as store:
        add_demo(store)
    subprocess.run([programs / "pg_dump", "--format=custom", "--file", dump, url], check=True)
    with open_store(url) as store:
        session(Ledger(store), begin=at(0), end=at(600))
    name = postgresql_server.name_of(url)
    postgresql.admin(f"DROP DATABASE {name}")
    postgresql.admin(f"CREATE DATABASE {name} OWNER massager")
    subprocess.run([programs / "pg_restore", "--no-owner", "--dbname", url, dump], check=True)
    with pytest.raises(RestoredError, match="older backup"):
        open_store(url)
    with Store.open(url) as store:  # of a machine that never knew it
        assert Journal(store).verify() == Verdict(1, None, "")
        assert opened(Ledger(store)) == 1
    with pytest.raises(psycopg.errors.RaiseException, match="the journal is append-only"):
        run(url, "TRUNCATE journal")
