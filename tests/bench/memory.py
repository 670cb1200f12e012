"""What the durable memory costs: a debit, the journal of fifty devices, a year of one person's history."""

import asyncio
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from bare import bare_commit_ms

from governor_rig import BEFORE, RICH, envelope
from massager.model.body import Side, Zone
from massager.model.commands import Intent
from massager.model.decisions import Refusal
from massager.model.history import By, Moment, Role
from massager.model.telemetry import ActuatorReading, Cause
from massager.safety.governor import Governor
from massager.session.facts import Wished
from massager.session.recorder import Recorder
from massager.session.scribe import Scribe
from massager.store import Amounts, Journal, Ledger, People, Record, Store, demo_person, seed_demo
from samples import reading

DEVICES = 50
HZ = 10
SECONDS = 20
DEBITS = 200
WALL_S = 1_800_000_000
YEAR_SESSIONS = 156
YEAR_ROWS = 100_000


def at(ms: int) -> Moment:
    return Moment(WALL_S + ms // 1000, ms, "bench")


def block(ms: int) -> Amounts:
    return Amounts(ms, {(zone, side): ms for zone in (Zone.L1_L3, Zone.L4_S1) for side in Side})


def debit_ms() -> tuple[float, float]:
    """Median of a reservation, durable on return, and of a bare commit on the same disk."""
    with tempfile.TemporaryDirectory() as folder:
        floor = bare_commit_ms(Path(folder), DEBITS)
        with Store.open(Path(folder) / "store") as store:
            person, ledger = seed_demo(store, at(0)), Ledger(store)
            session = ledger.open_session(person.name, "chair", "bench", at(0))
            took = []
            for n in range(1, DEBITS + 1):
                began = time.perf_counter()
                ledger.reserve(session, used=block(1000 * n), block=block(10_000), now=at(1000 * n))
                took.append(1000 * (time.perf_counter() - began))
    return statistics.median(took), floor


class Session:
    """One device's recorder and a Governor that renews the same lease."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.governor = Governor.begin(envelope=envelope(), session_ms=900_000, before=BEFORE)
        self.counter = 0
        self.level = 0
        self.at_mm = 470

    def tick(self, now_ms: int) -> None:
        self.counter += 1
        actuators = (ActuatorReading(self.level, 10 * self.level, 4 * self.level),) * 2
        told = reading(
            at_ms=now_ms,
            counter=self.counter,
            epoch=1,
            at_rest=self.level == 0,
            carriage_mm=self.at_mm,
            cause=Cause.LEASE,
            actuators=actuators,
        )
        self.governor.reading(told, now_ms)
        self.governor.permitted(1)
        aim_mm = 500 if self.counter // 60 % 2 else 440
        intent = Intent(2, aim_mm, None, 10)
        answer = self.governor.request(intent, now_ms, RICH)
        self.recorder.wished(lambda: Wished(now_ms, intent, RICH, self.governor.state.copy()), answer)
        if not isinstance(answer, Refusal):
            lease = self.governor.redeem(answer.command, now_ms)
            if lease is not None:
                self.level = lease.setpoint.levels[0]
                self.at_mm += max(-1, min(1, aim_mm - self.at_mm))
        self.recorder.sample(told)
        self.recorder.fault(now_ms)


class Silent(Session):
    """The same without a journal: what it costs to decide."""

    def tick(self, now_ms: int) -> None:
        recorder, self.recorder = self.recorder, _Nowhere()
        super().tick(now_ms)
        self.recorder = recorder


class _Nowhere:
    def wished(self, *_: object) -> None: ...

    def sample(self, *_: object) -> None: ...

    def fault(self, *_: object) -> None: ...


async def _fifty(kind: type[Session], folder: Path) -> float:
    """CPU seconds of `SECONDS` of fifty devices at ten decisions a second, as fast as it goes."""
    clock_ms = 0
    with Store.open(folder) as store, ThreadPoolExecutor(1) as thread:
        for n in range(DEVICES):
            person = replace(demo_person(), name=f"p{n}")
            People(store).add(person, by=By("bench", Role.CAREGIVER), now=at(0))
        ledger = Ledger(store)
        scribe = Scribe(journal=Journal(store), now=lambda: at(clock_ms), executor=thread)
        sessions = [
            kind(
                Recorder(
                    ledger=ledger,
                    scribe=scribe,
                    session=ledger.open_session(f"p{n}", f"chair-{n}", "bench", at(0)),
                    keep=lambda *_said: None,
                    follow_up_s=(),
                    now=lambda: at(clock_ms),
                    executor=thread,
                )
            )
            for n in range(DEVICES)
        ]
        began = time.process_time()
        for clock_ms in range(1000, 1000 * (SECONDS + 1), 1000 // HZ):
            for session in sessions:
                session.tick(clock_ms)
            if clock_ms % 200 == 0:
                await scribe.flush()
        await scribe.flush()
        return time.process_time() - began


def journal_of_fifty() -> tuple[float, float]:
    """Per cent of a core for the journal, and for deciding alone."""
    costs = []
    for kind in (Session, Silent):
        with tempfile.TemporaryDirectory() as folder:
            costs.append(100 * asyncio.run(_fifty(kind, Path(folder))) / SECONDS)
    return costs[0] - costs[1], costs[1]


def year_ms() -> tuple[float, float]:
    """Opening a store with a year of one person's sessions and asking for the history; and an empty one."""

    def opened(folder: Path) -> float:
        began = time.perf_counter()
        with Store.open(folder) as store:
            Ledger(store).history("demo", at(0), local_min=600, year=2027)
            return 1000 * (time.perf_counter() - began)

    with tempfile.TemporaryDirectory() as empty, tempfile.TemporaryDirectory() as full:
        for folder in (empty, full):
            with Store.open(Path(folder)) as store:
                seed_demo(store, at(0))
        with Store.open(Path(full)) as store:
            ledger, journal = Ledger(store), Journal(store)
            rows = YEAR_ROWS // YEAR_SESSIONS
            for n in range(YEAR_SESSIONS):
                now = Moment(WALL_S + n * 56 * 3600, 0, f"boot {n}")
                session = ledger.open_session("demo", "chair", "bench", now)
                ledger.reserve(session, used=block(0), block=block(10_000), now=now)
                ledger.close_session(session, used=block(9_000), now=now, follow_up_s=())
                facts = {"carriage_mm": 470, "actuators": [{"level": 2, "load_n": 8}] * 2, "counter": n}
                journal.append(*[Record(session, None, 0, now.wall_s, "telemetry", "lease", facts)] * rows)
        return min(opened(Path(full)) for _ in range(5)), min(opened(Path(empty)) for _ in range(5))
