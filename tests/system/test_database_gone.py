"""The database goes in mid-session: the plant rests, and what was paid is still on record afterwards."""

import asyncio
from collections.abc import Iterator

import pytest

import postgresql_server
from massager.model.decisions import Reason
from massager.model.errors import StoreError
from massager.model.history import Moment
from massager.store import Journal, Ledger, Store
from postgresql_server import Server
from postgresql_server import run as run_sql
from system_rig import WALL_S, run, stack

# docs/architecture.md 6: it is noticed within 1.5 s; then the longest lease, and the way back of the rollers.
REST_S = 1.5 + 2.0 + 0.5


@pytest.fixture
def server(postgresql: Server) -> Iterator[Server]:
    del postgresql  # where that one cannot be started, nor can this one
    with postgresql_server.server() as one:
        yield one


def dies(server: Server) -> None:
    server.kill()


def restarts(server: Server) -> None:
    server.stop()
    server.start()


@pytest.mark.parametrize("goes", [dies, restarts])
def test_a_session_whose_database_goes_rests_within_a_lease_and_is_paid_in_full(server: Server, goes) -> None:
    url = server.database()

    async def story():
        async with stack(url, seconds=120) as s:
            running = asyncio.create_task(s.loop.run())
            await s.until(lambda: s.plant[-1]["level"] == 2)
            gone = s.plant[-1]["t"]
            goes(server)
            return await running, s, gone

    ending, s, gone = run(story())
    assert (ending.reason, ending.confirmed) == (Reason.STORE_FAILED, True)
    assert isinstance(s.recorder.failed, StoreError)
    assert "Check that the server runs" in str(s.recorder.failed)
    rested = next(row["t"] for row in s.plant if row["t"] > gone and row["force_n"] == 0)
    assert rested - gone <= REST_S
    assert all(row["force_n"] == 0 for row in s.plant if row["t"] > rested)

    if goes is dies:
        server.start()
    run_sql(url, "UPDATE controller SET seen = seen - interval '15 seconds'")
    with Store.open(url) as store:
        # Nobody could write down what was used: all that was reserved counts.
        later = Moment(WALL_S + 3600, 0, "another boot")
        Ledger(store).settle(later)
        told = Ledger(store).history("demo", later, local_min=600, year=2027)
        assert [one.used_s for one in told.past][-1] * 1000 >= s.recorder.paid.session_ms > 0
        assert Journal(store).verify().first_bad is None
        with store.transaction() as connection:
            rows = connection.exec_driver_sql("SELECT reserved_ms, used_ms FROM session WHERE used_ms > 0")
            assert all(row.reserved_ms == row.used_ms for row in rows)
