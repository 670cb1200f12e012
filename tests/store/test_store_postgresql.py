"""What only a server can do: be shared, cut somebody off, hang, die and come back."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, make_url

import postgresql_server
from massager.model.errors import BusyError, StoreError
from massager.model.history import PastSession
from massager.store import Journal, Ledger, People, Store, advisory_lock, schema
from massager.store.tables import HEAD, METADATA
from postgresql_server import Server, run
from store_life import STEPS, live, pass_the_grace
from store_rig import BLOCK, NOTHING, NOW_S, add_demo, at, both, opened, past

# A write gives up after 2 s; the rest is for a busy computer. Only that it ends long before anybody would
# ask why is asserted.
SOON_S = 6.0


@pytest.fixture(scope="module")
def _shaky(postgresql: Server) -> Iterator[Server]:
    del postgresql  # where that one cannot be started, nor can this one
    with postgresql_server.server() as server:
        yield server


@pytest.fixture
def shaky(_shaky: Server) -> Iterator[Server]:
    """A server that a test may freeze and kill."""
    yield _shaky
    _shaky.kill()
    _shaky.start()


@contextmanager
def soon() -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < SOON_S


# The tables, and what they refuse.


def test_a_new_database_has_the_newest_tables_and_no_others(url: str) -> None:
    with Store.open(url) as store, store.transaction() as connection:
        found = MigrationContext.configure(connection)
        assert found.get_current_revision() == HEAD
        assert compare_metadata(found, [METADATA, advisory_lock.ONLY_POSTGRESQL]) == []


def test_controllers_that_make_the_store_at_once_share_it(url: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        stores = list(pool.map(lambda _: Store.open(url), range(8)))
    add_demo(stores[0])
    assert all(People(store).names() == ("demo",) for store in stores)
    for store in stores:
        store.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET code = 'fine'",
        "UPDATE journal SET facts = '{}'",
        "UPDATE journal SET facts = NULL, nonce = NULL, code = 'fine'",
        "DELETE FROM journal",
        "TRUNCATE journal",
        "TRUNCATE person CASCADE",
        "INSERT INTO journal SELECT * FROM journal ON CONFLICT (seq) DO UPDATE SET code = 'fine'",
    ],
)
def test_the_database_itself_refuses_to_rewrite_history(url: str, statement: str) -> None:
    with Store.open(url) as store:
        add_demo(store)
        before = Journal(store).records()
        with pytest.raises(psycopg.errors.RaiseException, match="the journal is append-only"):
            run(url, statement)
        assert Journal(store).records() == before != ()


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE journal SET facts = '{}' WHERE seq = 3", "content of row 3 was altered"),
        ("UPDATE journal SET code = 'fine' WHERE seq = 3", "row 3 was altered"),
        ("UPDATE journal SET facts = NULL, nonce = NULL WHERE seq = 3", "nobody was forgotten"),
        ("DELETE FROM journal WHERE seq = 3", "row 3 is missing"),
    ],
)
def test_a_journal_that_its_owner_rewrote_tells_where(
    url: str, tmp_path: Path, statement: str, what: str
) -> None:
    live(url, witness=tmp_path / "witness")
    run(url, "ALTER TABLE journal DISABLE TRIGGER USER", statement)
    with Store.open(url) as store:
        verdict = Journal(store).verify()
    assert (verdict.rows, verdict.first_bad) == (2, 3)
    assert what in verdict.what


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE session SET used_ms = 0",
        "UPDATE debit SET used_ms = used_ms - 1 WHERE used_ms > 0",
        "UPDATE lockout SET cleared_s = 1",
        "UPDATE person SET document = replace(document, 'mild', 'mold')",
        "UPDATE caregiver SET failures = 0",
        "UPDATE meta SET high_water_s = 0",
        "DELETE FROM debit",
        "DELETE FROM clock",
        "ALTER TABLE journal DISABLE TRIGGER USER; DELETE FROM journal WHERE seq > 5",
    ],
)
def test_rows_that_were_altered_or_lost_are_refused(url: str, tmp_path: Path, statement: str) -> None:
    live(url, witness=tmp_path / "witness", steps=len(STEPS) - 1)
    run(url, *statement.split("; "))
    for _ in range(2):
        with pytest.raises(StoreError, match="the store is damaged"):
            Store.open(url)


def test_a_database_without_a_table_is_refused(url: str) -> None:
    Store.open(url).close()
    run(url, "DROP TABLE meta")
    with pytest.raises(StoreError, match="is damaged"):
        Store.open(url)


# Who cannot be reached is named, and what to do.


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"database": "nowhere"}, r"has no database of that name|does not answer as it should"),
        ({"username": "nobody"}, r"does not answer as it should.*name and password are right"),
        ({"query": {"host": "/nowhere"}}, r"does not answer as it should.*No such file"),
    ],
)
def test_a_server_that_does_not_let_one_in_is_named_without_the_password(
    url: str, change: dict, text: str
) -> None:
    with pytest.raises(StoreError, match=rf"^The store postgresql://.*{text}") as told:
        Store.open(make_url(url).set(password="s3cret", **change).render_as_string(hide_password=False))  # noqa: S106
    assert "s3cret" not in str(told.value)


def test_what_is_written_is_forced_to_the_disk_whatever_the_account_is_set_to(
    postgresql: Server, url: str
) -> None:
    postgresql.admin(f"ALTER DATABASE {postgresql_server.name_of(url)} SET synchronous_commit = off")
    with Store.open(url) as store, store.transaction() as connection:
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar_one() == "on"


def test_a_server_that_forces_nothing_to_its_disk_is_refused(shaky: Server) -> None:
    url = shaky.database()
    shaky.admin("ALTER SYSTEM SET fsync = off")
    shaky.stop()
    shaky.start()
    with pytest.raises(StoreError, match=r"fsync is off\. Switch it on"):
        Store.open(url)
    shaky.admin("ALTER SYSTEM RESET fsync")


def test_a_store_that_is_written_to_says_so_and_works_again_afterwards(url: str) -> None:
    with Store.open(url) as store, closing(psycopg.connect(url)) as other:
        other.execute("SELECT * FROM meta FOR UPDATE")
        with soon(), pytest.raises(StoreError, match="another program is writing to it"):
            add_demo(store)
        other.rollback()
        add_demo(store)


def test_a_controller_that_freezes_in_mid_write_keeps_nobody_out(url: str) -> None:
    with Store.open(url) as other:
        child = os.fork()
        if child == 0:
            with suppress(BaseException), Store.open(url) as frozen, frozen.transaction():
                os.kill(os.getpid(), signal.SIGSTOP)
            os._exit(0)
        try:
            os.waitpid(child, os.WUNTRACED)
            with soon():
                add_demo(other)
        finally:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def test_a_controller_that_was_held_up_in_mid_write_is_told_so_and_works_again(
    postgresql: Server, url: str
) -> None:
    def hold_up() -> None:
        with store.transaction() as connection:
            backend = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
            connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 1")
            postgresql.until_gone(backend)
            connection.exec_driver_sql("SELECT 1")

    with Store.open(url) as store:
        with pytest.raises(StoreError, match=r"held up in the middle of a write.* Try again"):
            hold_up()
        add_demo(store)


def test_a_look_at_a_store_holds_no_transaction_that_the_server_would_end_where_it_is_slow(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def look(connection: Connection, is_empty: Callable[[Connection], bool] = schema.is_empty) -> bool:
        empty = is_empty(connection)
        seen.append(connection.connection.driver_connection.info.transaction_status)
        return empty

    Store.open(url).close()
    monkeypatch.setattr(schema, "is_empty", look)
    Store.open(url).close()
    assert seen == [psycopg.pq.TransactionStatus.IDLE]


def test_a_store_that_is_made_slowly_is_made(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    create = schema.create

    def slowly(connection: Connection) -> None:
        time.sleep(2.5)  # more than a write may take: the server's own clock is what is tried
        create(connection)

    monkeypatch.setattr(schema, "create", slowly)
    Store.open(url).close()


# A connection that is lost, while the controller lives.


def test_a_store_whose_connection_was_lost_goes_on_without_the_session_that_it_had(
    postgresql: Server, url: str
) -> None:
    with Store.open(url) as store:
        add_demo(store)
        ledger = Ledger(store)
        number = opened(ledger)
        ledger.reserve(number, used=NOTHING, block=BLOCK, now=at(0))
        postgresql.cut_off(url)
        with pytest.raises(StoreError, match="does not answer as it should"):
            ledger.reserve(number, used=both(9_000), block=BLOCK, now=at(9))
        for _ in range(2):
            with pytest.raises(StoreError, match="not open in this controller"):
                ledger.reserve(number, used=both(9_000), block=BLOCK, now=at(9))
        with pytest.raises(StoreError, match="not open in this controller"):
            ledger.close_session(number, used=both(9_000), now=at(9), follow_up_s=())
        assert past(ledger, at(60)) == (PastSession(NOW_S, NOW_S + 60, 10),)


def test_nobody_takes_what_a_controller_that_was_cut_off_may_still_move(postgresql: Server, url: str) -> None:
    with Store.open(url) as store, Store.open(url) as second:
        add_demo(store)
        number = opened(Ledger(store))
        Ledger(store).reserve(number, used=NOTHING, block=BLOCK, now=at(0))
        postgresql.cut_off(url)
        with pytest.raises(StoreError):
            People(second).names()
        ledger = Ledger(second)
        ledger.settle(at(5))
        with pytest.raises(BusyError, match=rf"demo is in session {number} on chair-1 .* Wait 1\d s, then"):
            opened(ledger, now=at(5))
        pass_the_grace(url)
        assert opened(ledger, now=at(20)) > number
        assert [one.used_s for one in past(ledger, at(20))] == [10]


def test_each_write_begins_the_grace_anew(postgresql: Server, url: str) -> None:
    with Store.open(url) as store:
        add_demo(store)
        ledger = Ledger(store)
        number = opened(ledger)
        pass_the_grace(url)
        ledger.reserve(number, used=NOTHING, block=BLOCK, now=at(0))
        postgresql.cut_off(url)
    with Store.open(url) as store, pytest.raises(BusyError, match="then try again"):
        opened(Ledger(store), now=at(5))


def test_a_controller_that_takes_its_leave_keeps_nobody_waiting(url: str) -> None:
    with Store.open(url) as store:
        add_demo(store)
        number = opened(Ledger(store))
    with Store.open(url) as store:
        assert opened(Ledger(store)) > number
        with store.transaction() as connection:
            assert len(connection.exec_driver_sql("SELECT * FROM controller").all()) == 1


def test_a_controller_has_taken_its_leave_before_the_server_notices_that_its_connection_is_closed(
    url: str,
) -> None:
    with Store.open(url) as store, Store.open(url) as second:
        add_demo(store)
        number = opened(Ledger(store))
        store.presence.release()
        assert opened(Ledger(second)) > number


# A server that hangs or dies.


def test_a_write_gives_up_on_a_server_that_hangs_and_what_was_paid_stays_paid(shaky: Server) -> None:
    url = shaky.database()
    with Store.open(url) as store:
        add_demo(store)
        ledger = Ledger(store)
        number = opened(ledger)
        ledger.reserve(number, used=NOTHING, block=BLOCK, now=at(0))
        shaky.freeze()
        with soon(), pytest.raises(StoreError, match=r"does not answer as it should\. Check that the server"):
            ledger.reserve(number, used=both(9_000), block=BLOCK, now=at(9))
        with soon(), pytest.raises(StoreError, match="does not answer as it should"):
            People(store).names()
        shaky.thaw()
        # Cut off in its middle, the write has either come to pass or not.
        assert [one.used_s for one in past(ledger, at(60))] in ([10], [19])
        with pytest.raises(StoreError, match="not open in this controller"):
            ledger.reserve(number, used=both(9_000), block=BLOCK, now=at(9))


def test_leaving_a_server_that_hangs_takes_no_longer_than_a_write(shaky: Server) -> None:
    store = Store.open(shaky.database())
    add_demo(store)
    opened(Ledger(store))
    shaky.freeze()
    with soon():
        store.close()
    shaky.thaw()


def test_a_server_that_was_killed_has_forgotten_nothing(shaky: Server) -> None:
    url = shaky.database()
    with Store.open(url) as store:
        add_demo(store)
        ledger = Ledger(store)
        number = opened(ledger)
        for second in range(0, 50, 5):
            ledger.reserve(number, used=both(1000 * second), block=BLOCK, now=at(second))
        shaky.kill()
        for _ in range(2):
            with soon(), pytest.raises(StoreError, match="does not answer as it should"):
                ledger.reserve(number, used=both(50_000), block=BLOCK, now=at(50))
        shaky.start()
        assert [one.used_s for one in past(ledger, at(60))] == [55]
        pass_the_grace(url)
        ledger.settle(at(60))
        assert past(ledger, at(100)) == (PastSession(NOW_S, NOW_S + 60, 55),)
        assert Journal(store).verify().first_bad is None
