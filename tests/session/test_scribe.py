"""The pen and the debits of a session: in order, together, and final when the store fails or is silent."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from massager.model.body import Side, Zone
from massager.model.errors import StoreError
from massager.model.history import Moment
from massager.model.programs import Leg, Timeline
from massager.routine.course import Course
from massager.safety.clocks import Usage
from massager.session.recorder import BLOCK_MS, Recorder
from massager.session.scribe import PATIENCE_MS, Scribe
from massager.store import Amounts, Journal, Ledger, Store, seed_demo
from samples import CALIBRATION

WALL_S = 1_800_000_000
COURSE = Course(Timeline("one", 50, (Leg(Zone.L4_S1, 60, 440, 530, 10, 4),)))


class Clock:
    """Both clocks, moved by the test."""

    def __init__(self):
        self.ms = 1000

    def __call__(self):
        return Moment(WALL_S + self.ms // 1000, self.ms, "boot")


class Gate:
    """A store that answers only once it is let."""

    def __init__(self):
        self.entered, self.open = threading.Event(), threading.Event()

    def hold(self, *_, **__):
        self.entered.set()
        self.open.wait(10)
        return Amounts(BLOCK_MS, {(Zone.L4_S1, side): BLOCK_MS for side in Side})


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def thread():
    with ThreadPoolExecutor(1) as pool:
        yield pool


@pytest.fixture
def store(tmp_path, clock):
    with Store.open(tmp_path / "data") as opened:
        seed_demo(opened, clock())
        yield opened


def usage():
    return Usage(session_ms=60_000, calibration=CALIBRATION, spot_mm=30)


def recorder(store, scribe, clock, thread, ledger=None):
    session = Ledger(store).open_session("demo", "chair", "one", clock())
    return Recorder(
        ledger=ledger or Ledger(store),
        scribe=scribe,
        session=session,
        keep=lambda *_said: None,
        follow_up_s=(24 * 3600,),
        now=clock,
        executor=thread,
    )


async def test_what_two_sessions_say_is_written_in_the_order_of_saying(store, clock, thread):
    scribe = Scribe(journal=Journal(store), now=clock, executor=thread)
    one = recorder(store, scribe, clock, thread)
    before = Journal(store).head()
    for number in range(5):
        scribe.add(one.session, "note", str(number), {"n": number})
        clock.ms += 10
    await scribe.flush()
    said = Journal(store).records(after=before)
    assert [entry.record.code for entry in said] == list("01234")
    assert [entry.record.at_ms for entry in said] == [1000, 1010, 1020, 1030, 1040]
    await one.close(None)


async def test_a_store_that_does_not_answer_is_a_fault_after_two_seconds_for_good(store, clock, thread):
    scribe, gate = Scribe(journal=Journal(store), now=clock, executor=thread), Gate()
    one = recorder(store, scribe, clock, thread)
    scribe._journal.append = gate.hold
    one.note("note", "x", {})
    await asyncio.to_thread(gate.entered.wait, 10)
    clock.ms += PATIENCE_MS
    assert one.fault(clock.ms) is None
    clock.ms += 1
    assert "does not answer" in str(one.fault(clock.ms))
    gate.open.set()
    await scribe.flush()
    assert one.fault(clock.ms) is not None


async def test_a_loop_that_stalls_is_not_the_stores_fault(store, clock, thread):
    scribe = Scribe(journal=Journal(store), now=clock, executor=thread)
    one = recorder(store, scribe, clock, thread)
    one.note("note", "x", {})
    clock.ms += 60_000  # nothing ran meanwhile
    assert one.fault(clock.ms) is None
    await scribe.flush()
    assert one.fault(clock.ms) is None
    await one.close(None)


async def test_a_journal_that_fails_stops_every_session_of_the_core(store, clock, thread):
    def fail(*_):
        raise StoreError("the disk is full")

    scribe = Scribe(journal=Journal(store), now=clock, executor=thread)
    one = recorder(store, scribe, clock, thread)
    scribe._journal.append = fail
    one.note("note", "x", {})
    await scribe.flush()
    assert "the disk is full" in str(one.fault(clock.ms))
    assert "the disk is full" in str(scribe.fault(clock.ms))


async def test_nothing_is_paid_before_the_ledger_has_written_it(store, clock, thread):
    scribe, gate, ledger = Scribe(journal=Journal(store), now=clock, executor=thread), Gate(), Ledger(store)
    one = recorder(store, scribe, clock, thread, ledger)
    ledger.reserve = gate.hold
    one.top_up(usage(), COURSE, clock.ms)
    await asyncio.sleep(0)
    await asyncio.to_thread(gate.entered.wait, 10)
    assert not one.paid_for(Zone.L4_S1)
    clock.ms += PATIENCE_MS + 1
    assert "does not answer" in str(one.fault(clock.ms))
    gate.open.set()


async def test_a_debit_is_of_ten_seconds_and_settled_at_the_end(store, clock, thread):
    scribe = Scribe(journal=Journal(store), now=clock, executor=thread)
    one, used = recorder(store, scribe, clock, thread), usage()
    one.top_up(used, COURSE, clock.ms)
    await asyncio.wait({one._debit})
    assert (one.paid.session_ms, one.paid.zones_ms) == (BLOCK_MS, {Zone.L4_S1: BLOCK_MS})
    used.begin(clock.ms)
    clock.ms += 4_000
    await one.close(used)
    (past,) = (
        one for one in Ledger(store).history("demo", clock(), local_min=0, year=2027).past if one.used_s == 4
    )
    assert past.used_s == 4
    assert one.fault(clock.ms) is None
