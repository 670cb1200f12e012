"""A store's life in small steps, for breaking it off anywhere and looking at what is left."""

import os
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

import postgresql_server
from massager.model.devices import PairedDevice
from massager.model.errors import StoreError
from massager.model.history import Authority, LockCause
from massager.model.people import Modifier
from massager.store import (
    Amounts,
    Caregivers,
    Devices,
    FollowUps,
    Journal,
    Ledger,
    Lockouts,
    People,
    Store,
    demo_person,
    leave_behind,
)
from store_rig import ANNA, BLOCK, DAY_S, NOTHING, Place, at, both

STRICTER = replace(demo_person(), session_min=10)
END = at(3 * DAY_S)


def _lock(store: Store) -> None:
    Lockouts(store).add(
        "demo",
        cause=LockCause.WORSE_AFTERWARDS,
        authority=Authority.CAREGIVER,
        wait_s=60,
        note="sore",
        by=ANNA,
        now=at(DAY_S + 1000),
    )


def _hurt(store: Store) -> None:
    leave_behind(
        store,
        "demo",
        cause=LockCause.LIMB_SYMPTOM,
        authority=Authority.PROVIDER,
        wait_s=60,
        changed=lambda person, _over: replace(person, modifiers=frozenset({Modifier.AFTER_SYMPTOMS})),
        note="tingling",
        by=ANNA,
        now=at(2 * DAY_S + 5),
    )


CHAIR = PairedDevice("chair-1", "chair", "tcp:air", "AA:BB", "REF-CHAIR", "1.0", "7")
HALF = dict.fromkeys(BLOCK.zones_ms, 5_000)
STEPS: tuple[Callable[[Store], Any], ...] = (
    lambda s: Caregivers(s).add("anna", "hash", alone=False, by=ANNA, now=at(0)),
    lambda s: People(s).add(demo_person(), by=ANNA, now=at(0)),
    lambda s: Devices(s).add(CHAIR, by=ANNA, now=at(1)),
    lambda s: Ledger(s).settle(at(5)),
    lambda s: Ledger(s).open_session("demo", "chair-1", "gentle", at(10)),
    lambda s: Ledger(s).name_device(1, "AA:BB", at(11)),
    lambda s: Ledger(s).reserve(1, used=NOTHING, block=BLOCK, now=at(12)),
    lambda s: Ledger(s).reserve(1, used=both(9_000), block=Amounts(10_000, HALF), now=at(21)),
    lambda s: Ledger(s).close_session(1, used=both(12_000), now=at(24), follow_up_s=(DAY_S,)),
    lambda s: FollowUps(s).answer(
        "demo", 1, pain=7, worse="yes", feeling="none", by=ANNA, now=at(DAY_S + 900)
    ),
    _lock,
    lambda s: Caregivers(s).failed("anna", now=at(DAY_S + 1001)),
    lambda s: Ledger(s).confirm_time(ANNA, at(DAY_S + 1002, wall=DAY_S + 2000)),
    lambda s: Lockouts(s).clear("demo", 1, by=ANNA, why="better", now=at(DAY_S + 3000, wall=DAY_S + 4000)),
    lambda s: People(s).change(
        demo_person(), STRICTER, by=ANNA, why="sore", now=at(2 * DAY_S), between_sessions=False
    ),
    _hurt,
    lambda s: Ledger(s).open_session("demo", "chair-1", "gentle", at(2 * DAY_S + 10)),
    lambda s: Ledger(s).reserve(2, used=NOTHING, block=BLOCK, now=at(2 * DAY_S + 11)),
    lambda s: Ledger(s).close_session(2, used=both(8_000), now=at(2 * DAY_S + 19), follow_up_s=(DAY_S,)),
)

TABLES = (
    "clock",
    "time_confirmed",
    "person",
    "caregiver",
    "device",
    "session",
    "debit",
    "lockout",
    "follow_up",
    "meta",
    "journal",
)
_UNEQUAL = {"seal", "controller", "store_id", "nonce", "hash", "content_hash", "journal_hash", "seal_sum"}


def live(place: Place, *, witness: Path, steps: int = len(STEPS), done: Callable[[], None] = bool) -> None:
    """Open the store and take the first steps; leaves it as a controller that dies would."""
    with Store.open(place, witness=witness) as store:
        done()
        for step in STEPS[:steps]:
            step(store)
            done()


def state(place: Place, *, witness: Path) -> dict[str, list[dict[str, Any]]]:
    """Everything in a store that must open, without what is different in every store."""
    with Store.open(place, witness=witness) as store:
        assert Journal(store).verify().first_bad is None
        return _dump(store)


def _dump(store: Store) -> dict[str, list[dict[str, Any]]]:
    with store.transaction() as connection:
        return {
            table: [
                {name: value for name, value in row._mapping.items() if name not in _UNEQUAL}
                for row in connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY 1, 2, 3")  # noqa: S608
            ]
            for table in TABLES
        }


def states(folder: Path) -> list[dict[str, list[dict[str, Any]]]]:
    """The state after opening, and after each step."""
    witness = folder.parent / "witness-of-all"
    found = []
    with Store.open(folder, witness=witness) as store:
        found.append(_dump(store))
        for step in STEPS:
            step(store)
            found.append(_dump(store))
    shutil.rmtree(folder)
    witness.unlink()
    return found


@contextmanager
def at_every_write(strike: Callable[[int, str], None]) -> Iterator[None]:
    """Call `strike` with a running number before every statement, before every commit and after it."""
    count = 0

    def count_up(what: str) -> None:
        nonlocal count
        count += 1
        strike(count, what)

    def statement(*_: object) -> None:
        count_up("statement")

    def commit(connection: Any) -> None:
        count_up("before commit")
        # Committed here, so that the time between commit and whatever follows can be struck as well.
        raw = connection.connection.dbapi_connection
        if isinstance(raw, sqlite3.Connection):
            raw.execute("COMMIT")
            count_up("after commit")
            raw.execute("BEGIN")
        else:
            raw.commit()
            count_up("after commit")

    event.listen(Engine, "before_cursor_execute", statement)
    event.listen(Engine, "commit", commit)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", statement)
        event.remove(Engine, "commit", commit)


def life_of_a_child(
    place: Place, witness: Path, *, kill_at: int | None = None, kill_after_s: float | None = None
) -> tuple[bool, int]:
    """Live in a child that is killed at its n-th write, or after a time; whether it was, and its steps."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:

        def strike(count: int, _: str) -> None:
            if count == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

        with suppress(BaseException), at_every_write(strike):
            live(place, witness=witness, done=lambda: os.write(writer, b"."))
        os._exit(0)
    os.close(writer)
    if kill_after_s is not None:
        time.sleep(kill_after_s)
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reader, "rb") as told:
        steps = len(told.read())
    status = os.waitpid(child, 0)[1]
    return os.WIFSIGNALED(status), steps


def disk_fault() -> OperationalError:
    """What SQLAlchemy raises when the disk fails."""
    return OperationalError("", {}, sqlite3.OperationalError("disk I/O error"))


def refused(place: Place, witness: Path | None = None) -> bool:
    """Whether the store does not even open."""
    try:
        Store.open(place, witness=witness).close()
    except StoreError:
        return True
    return False


def run(path: Path, statement: str) -> None:
    """Change a file as a stranger would."""
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute(statement)


def close_gaps(place: Place) -> None:
    """Have numbers that a failed write took given again: the steps above count on the very first ones."""
    if isinstance(place, str):
        for table in ("time_confirmed", "person", "caregiver", "device", "session", "lockout", "follow_up"):
            last = f"(SELECT coalesce(max(id), 0) FROM {table})"  # noqa: S608 - names from above
            postgresql_server.run(
                place, f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last} + 1, false)"
            )


def pass_the_grace(place: Place) -> None:
    """Let as much time pass on the server as a controller that was cut off is given."""
    if isinstance(place, str):
        postgresql_server.run(place, "UPDATE controller SET seen = seen - interval '15 seconds'")


def alter(place: Place, statement: str) -> None:
    """Change a store as a stranger would."""
    if isinstance(place, Path):
        run(place / "massager.db", statement)
    else:
        postgresql_server.run(place, statement)
