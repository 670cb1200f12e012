"""A store of the first released version becomes one of this, with nothing lost and nothing given back."""

import itertools
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest
from alembic.autogenerate import compare_metadata
from alembic.command import upgrade
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

import massager.store
from massager.model.body import Calibration, Region
from massager.model.ceilings import Severity
from massager.model.errors import StoreError
from massager.model.history import PastSession
from massager.model.people import Person
from massager.store import Journal, Ledger, People, Store
from massager.store.tables import HEAD, METADATA
from store_life import at_every_write, disk_fault, run
from store_rig import ANNA, DAY_S, NOW_S, at, history, opened, past

# Written by version 0.1.0: the demo person and two others, five sessions, the last one open, and decisions.
FIRST = Path(__file__).with_name("first_version.sql").read_text()

MIGRATIONS = Path(massager.store.__file__).parent / "migrations"


@pytest.fixture
def first(folder: Path) -> Path:
    """A data folder of the first version."""
    folder.mkdir()
    with closing(sqlite3.connect(folder / "massager.db")) as raw:
        raw.executescript(FIRST)
    return folder


def schema(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as raw:
        rows = raw.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return sorted(" ".join(sql.split()) for (sql,) in rows)


def test_people_come_over_unchanged_and_of_unknown_age(first: Path) -> None:
    with Store.open(first) as store:
        people = People(store)
        assert people.names() == ("demo", "nobody", "Änne O'Neil")
        assert people.get("Änne O'Neil") == Person(
            name="Änne O'Neil",
            conditions=MappingProxyType({Region.CERVICAL: Severity.SEVERE, Region.LUMBAR: Severity.MODERATE}),
            attested=False,
            calibrations=MappingProxyType(
                {"chair": Calibration(40, 549, 20), "bed": Calibration(100, 500, 10)}
            ),
        )
        assert people.get("nobody") == Person("nobody", MappingProxyType({}), True, MappingProxyType({}))


def test_nobody_who_comes_over_is_screened_and_everybody_can_be(first: Path) -> None:
    with Store.open(first) as store:
        people = People(store)
        for name in people.names():
            old = people.get(name)
            assert (old.screened, old.usual_pain, old.strength_limits) == (False, 0, ())
            new = replace(old, screened=True, usual_pain=3)
            people.change(old, new, by=ANNA, why="asked", now=at(200), between_sessions=False)
            assert people.get(name) == new


def test_sessions_come_over_and_the_open_one_still_counts_all_it_reserved(first: Path) -> None:
    with Store.open(first) as store:
        ledger = Ledger(store)
        assert past(ledger, at(200)) == (
            PastSession(NOW_S - 4 * DAY_S, NOW_S - 4 * DAY_S + 900, 900),
            PastSession(NOW_S, NOW_S + 8, 7),
        )
        assert history(ledger, at(200)).sessions_ever == 3
        assert past(ledger, at(200), "nobody") == ()
        assert past(ledger, at(200), "Änne O'Neil") == (PastSession(NOW_S + 100, NOW_S + 200, 19),)
        ledger.settle(at(300))
        assert past(ledger, at(400), "Änne O'Neil") == (PastSession(NOW_S + 100, NOW_S + 300, 19),)
        assert opened(ledger, now=at(500)) == 6


def test_no_number_of_a_session_is_given_twice_even_if_its_row_is_gone(first: Path) -> None:
    run(first / "massager.db", "UPDATE sqlite_sequence SET seq = 41 WHERE name = 'session'")
    with Store.open(first) as store:
        assert opened(Ledger(store), now=at(500)) == 42


def test_the_high_water_mark_comes_over(first: Path) -> None:
    with Store.open(first) as store:
        assert history(Ledger(store), at(100)).behind
        assert not history(Ledger(store), at(109)).behind


def test_decisions_become_an_unbroken_chain(first: Path) -> None:
    with Store.open(first) as store:
        journal = Journal(store)
        assert journal.verify().first_bad is None
        told = [(entry.record.session, entry.record.person, entry.record.kind) for entry in journal.records()]
        facts = [entry.record.facts for entry in journal.records()]
    assert told == [
        (None, None, "note"),
        (3, "demo", "decision"),
        (3, "demo", "decision"),
        (5, "Änne O'Neil", "trip"),
    ]
    assert facts[1:3] == [{"level": 3, "why": ["ramp", None]}, {"ok": True, "ü": "ß"}]


def test_what_was_upgraded_has_the_tables_and_triggers_of_a_new_store(first: Path, tmp_path: Path) -> None:
    Store.open(first).close()
    Store.open(tmp_path / "new").close()
    assert schema(first / "massager.db") == schema(tmp_path / "new" / "massager.db")
    with create_engine(f"sqlite:///{first / 'massager.db'}").connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_all_revisions_in_a_row_make_the_tables_of_a_new_store(tmp_path: Path) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD
    with create_engine(f"sqlite:///{tmp_path / 'old.db'}").begin() as connection:
        config.attributes["connection"] = connection
        upgrade(config, "0001")
    with closing(sqlite3.connect(tmp_path / "frozen.db")) as raw:
        raw.executescript(FIRST)
    made = [sql for sql in schema(tmp_path / "old.db") if "alembic_version" not in sql]
    assert made == schema(tmp_path / "frozen.db")


def test_a_new_store_needs_no_alembic(folder: Path) -> None:
    program = (
        "import sys; from massager.store import Store; Store.open(sys.argv[1]).close(); "
        "print('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program, folder], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE meta SET schema_version = 2",
        "UPDATE condition SET severity = 9",
        "UPDATE session SET person_id = 77",
    ],
)
def test_a_damaged_first_version_is_refused_and_stays_as_it_is(first: Path, statement: str) -> None:
    run(first / "massager.db", statement)
    before = schema(first / "massager.db")
    with pytest.raises(StoreError, match="damaged"):
        Store.open(first)
    assert schema(first / "massager.db") == before


def test_an_index_that_hides_rows_is_found_before_they_are_lost(first: Path) -> None:
    with closing(sqlite3.connect(first / "massager.db")) as raw, raw:
        raw.execute("PRAGMA writable_schema = ON")
        raw.execute(
            "UPDATE sqlite_master SET sql = replace(sql, 'ended_s IS NULL', 'id > 0') WHERE type = 'index'"
        )
    with pytest.raises(StoreError, match=r"damaged.*missing from index"):
        Store.open(first)


def version(path: Path) -> str:
    with closing(sqlite3.connect(path)) as raw:
        tables = {name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "decision" in tables:
        assert "journal" not in tables
        return "old"
    assert {"journal", "caregiver", "alembic_version"} <= tables
    return "new"


@pytest.mark.parametrize("how", ["fails", "dies"])
def test_an_upgrade_that_breaks_off_at_any_write_leaves_the_old_or_the_new(tmp_path: Path, how: str) -> None:
    seen = set()
    for n in itertools.count(1, 5):
        folder = tmp_path / f"{n}"
        folder.mkdir()
        with closing(sqlite3.connect(folder / "massager.db")) as raw:
            raw.executescript(FIRST)
        broke_off = fails_at(folder, n) if how == "fails" else dies_at(folder, n)
        seen.add(version(folder / "massager.db"))
        with Store.open(folder) as store:
            assert Journal(store).verify().rows == 4
            assert [one.used_s for one in past(Ledger(store), at(200), "Änne O'Neil")] == [19]
        if not broke_off:
            break
    assert seen == {"old", "new"}
    assert n > 50


def fails_at(folder: Path, n: int) -> bool:
    struck = False

    def strike(count: int, _: str) -> None:
        nonlocal struck
        if count == n:
            struck = True
            raise disk_fault()

    with at_every_write(strike), suppress(StoreError):
        Store.open(folder).close()
    return struck


def dies_at(folder: Path, n: int) -> bool:
    child = os.fork()
    if child == 0:

        def strike(count: int, _: str) -> None:
            if count == n:
                os.kill(os.getpid(), signal.SIGKILL)

        with suppress(BaseException), at_every_write(strike):
            Store.open(folder).close()
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])
