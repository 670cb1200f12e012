"""A controller that is killed loses no debit and gets none back."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from massager.model.errors import StoreError
from massager.model.people import PastSession
from massager.store import Ledger, Store

NOW_S = 1_700_000_000

CONTROLLER = """
import sys
from pathlib import Path
from sqlalchemy import event
from massager.model.body import Side, Zone
from massager.store import Amounts, Ledger, Store, demo_person

def say_and_wait(*_):
    print("here", flush=True)
    sys.stdin.read()

def both(ms):
    return Amounts(ms, {(Zone.L1_L3, side): ms for side in Side})

store = Store.open(Path(sys.argv[1]))
ledger = Ledger(store)
ledger.add_person(demo_person())
session = ledger.open_session("demo", "chair-1", "gentle", 1_700_000_000, 0)
ledger.reserve(session, used=both(0), block=both(10_000), now_s=1_700_000_000)
if sys.argv[2] == "in the next":
    event.listen(store._engine, "commit", say_and_wait)
    ledger.reserve(session, used=both(9_000), block=both(10_000), now_s=1_700_000_009)
say_and_wait()
"""


@contextmanager
def controller(folder: Path, moment: str) -> Iterator[subprocess.Popen[str]]:
    """A controller that has come to that moment; killed at the end of the block if not before."""
    with subprocess.Popen(
        [sys.executable, "-c", CONTROLLER, folder, moment],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "here\n"
            yield process
        finally:
            process.kill()
            process.wait()


@pytest.mark.parametrize("moment", ["after a reservation", "in the next"])
def test_killed_it_keeps_the_whole_reservation(folder: Path, moment: str) -> None:
    with controller(folder, moment):
        pass
    counted = (PastSession(NOW_S, NOW_S + 10, 10),)
    with Store.open(folder) as store:
        ledger = Ledger(store)
        assert ledger.past_sessions("demo", NOW_S + 60) == counted
        session = ledger.open_session("demo", "chair-1", "gentle", NOW_S + 60, 0)
        assert session == 2
        assert ledger.past_sessions("demo", NOW_S + 60) == counted
        with store.transaction() as connection:
            debits = connection.exec_driver_sql("SELECT reserved_ms, used_ms FROM debit").all()
        assert debits == [(10_000, 10_000)] * 2
    assert [path.name for path in folder.iterdir()] == ["massager.db"]


def test_while_it_lives_nobody_takes_its_device_and_once_dead_anybody_does(folder: Path) -> None:
    with controller(folder, "after a reservation") as process, Store.open(folder) as store:
        ledger = Ledger(store)
        with pytest.raises(StoreError, match="demo is in session 1 on chair-1 already"):
            ledger.open_session("demo", "chair-1", "gentle", NOW_S, 0)
        process.kill()
        process.wait()
        assert ledger.open_session("demo", "chair-1", "gentle", NOW_S, 0) == 2
