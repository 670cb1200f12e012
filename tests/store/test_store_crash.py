"""A controller that is killed loses no debit and gets none back."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from massager.model.errors import BusyError
from massager.model.history import PastSession
from massager.store import Ledger, Store
from store_life import pass_the_grace
from store_rig import DAY_S, NOW_S, Place, at, opened, past

CONTROLLER = """
import sys
from sqlalchemy import event
from massager.store import Ledger, Store
from store_rig import BLOCK, NOTHING, add_demo, at, both, opened

def say_and_wait(*_):
    print("here", flush=True)
    sys.stdin.read()

store = Store.open(sys.argv[1])
ledger = Ledger(store)
add_demo(store)
session = opened(ledger)
ledger.reserve(session, used=NOTHING, block=BLOCK, now=at(0))
if sys.argv[2] == "in the next":
    event.listen(store._engine, "commit", say_and_wait)
    ledger.reserve(session, used=both(9_000), block=BLOCK, now=at(9))
say_and_wait()
"""


@contextmanager
def controller(place: Place, moment: str) -> Iterator[subprocess.Popen[str]]:
    """A controller that has come to that moment; killed at the end of the block if not before."""
    with subprocess.Popen(
        [sys.executable, "-c", CONTROLLER, place, moment],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": str(Path(__file__).parents[1])},
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "here\n"
            yield process
        finally:
            process.kill()
            process.wait()


@pytest.mark.parametrize("moment", ["after a reservation", "in the next"])
def test_killed_it_keeps_the_whole_reservation_and_the_cool_down_runs_from_the_restart(
    place: Place, moment: str
) -> None:
    with controller(place, moment):
        pass
    pass_the_grace(place)
    with Store.open(place) as store:
        ledger = Ledger(store)
        assert past(ledger, at(60)) == (PastSession(NOW_S, NOW_S + 60, 10),)
        ledger.settle(at(120))
        counted = (PastSession(NOW_S, NOW_S + 120, 10),)
        assert past(ledger, at(DAY_S)) == counted
        assert opened(ledger, now=at(DAY_S)) == 2
        assert past(ledger, at(DAY_S)) == counted
        with store.transaction() as connection:
            debits = connection.exec_driver_sql("SELECT reserved_ms, used_ms FROM debit").all()
        assert debits == [(10_000, 10_000)] * 2
    if isinstance(place, Path):
        assert [path.name for path in place.iterdir()] == ["massager.db"]


def test_while_it_lives_nobody_takes_its_device_and_once_dead_anybody_does(place: Place) -> None:
    with controller(place, "after a reservation") as process, Store.open(place) as store:
        ledger = Ledger(store)
        ledger.settle(at(0))
        with pytest.raises(BusyError, match="demo is in session 1 on chair-1 already"):
            opened(ledger)
        process.kill()
        process.wait()
        pass_the_grace(place)
        assert opened(ledger) == 2
