"""The whole stack in one process on virtual time: simulator, ATT and GATT, guardian, Governor, store."""

import asyncio
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from firmware_sim.simulator import Simulator
from firmware_sim.virtual_time import run as run_on_virtual_time
from massager.catalog import load_device, load_program, load_safety_profile
from massager.guardian.client import InProcessGuardian
from massager.guardian.clock import LoopClock
from massager.guardian.transport import gatt_links
from massager.model.decisions import Refusal
from massager.model.history import By, Moment, Role
from massager.model.questions import CheckIn, Comfort, Feeling
from massager.protocol import codec_for
from massager.routine.course import Course
from massager.safety.governor import Governor
from massager.safety.responses import Consequence
from massager.session.facts import Asked, asked_facts
from massager.session.loop import ControlLoop
from massager.session.preparation import Order, begin, prepare
from massager.session.recorder import Recorder
from massager.session.scribe import Scribe
from massager.session.snapshot import Plan
from massager.session.standing import OnRecord, Standing
from massager.store import Entry, Journal, Ledger, Lockouts, People, Store, seed_demo
from samples import well

FINE = CheckIn(2, Comfort.FINE, Feeling.NONE)
WALL_S = 1_800_000_000


@dataclass
class Stack:
    loop: ControlLoop
    recorder: Recorder
    simulator: Simulator
    guardians: list[InProcessGuardian]
    journal: Journal
    ledger: Ledger
    people: People
    lockouts: Lockouts
    governor: Governor
    session: int
    rows: list[dict]
    kept: list[tuple[Consequence, CheckIn]]
    told_t: float = 0.0
    asked_t: float = 0.0
    entries: tuple[Entry, ...] = ()

    @property
    def plant(self):
        """Trace rows of the left roller."""
        return [row for row in self.rows if row.get("actuator") == "roller_left"]

    @property
    def events(self):
        return [row["event"] for row in self.rows if "event" in row]

    async def until(self, met: Callable[[], bool]):
        """Let time pass until something is so; a session that ends first is an error."""
        for _ in range(100_000):
            if met():
                return
            await asyncio.sleep(0.02)
        raise AssertionError("it never came about")


async def _answer(loop, answers):
    """Answer each question a second after it was asked; nothing answers where there are no answers."""
    while answers is not None:
        await asyncio.sleep(1)
        for prompt in loop.snapshot().prompts:
            if prompt.zone is not None:
                loop.answer_zone(prompt.zone, yes=True)
            else:
                loop.answer(answers)


@asynccontextmanager
async def stack(
    place: Path | str,
    *,
    program="gentle-lumbar",
    seconds=None,
    seed=1,
    faults=(),
    interactive=False,
    caller_permille=None,
    screening=None,
    answers=FINE,
    trace=None,
    model="chair",
    limits=None,
    is_first=False,
):
    clock, device = LoopClock(), load_device(model)
    rows: list[dict] = []
    kept: list[tuple[Consequence, CheckIn]] = []
    guardians: list[InProcessGuardian] = []
    text = trace or io.StringIO()
    async with Simulator(model=model, seed=seed, faults=faults, trace=text, on_row=rows.append) as simulator:
        with Store.open(place) as store, ThreadPoolExecutor(1) as executor:

            def now():
                return Moment(WALL_S + clock.now_ms() // 1000, clock.now_ms(), "virtual")

            ledger, journal = Ledger(store), Journal(store)
            person = seed_demo(store, now())
            if limits is not None:
                limited = replace(person, **limits)
                by = By("anna", Role.CAREGIVER)
                people, why = People(store), "of their own"
                people.change(person, limited, by=by, why=why, now=now(), between_sessions=True)
                person = limited
            number = ledger.open_session(person.name, device.name, program, now())
            order = Order(
                program=load_program(program),
                person=person,
                device=device,
                profile=load_safety_profile("mild-lumbar"),
                seconds=seconds,
                caller_permille=caller_permille,
                screening=screening or well(),
            )
            history = ledger.history(person.name, now(), local_min=600, year=2027)
            if is_first:
                history = replace(history, sessions_ever=0)
            prepared = prepare(order, history)
            assert not isinstance(prepared, Refusal), prepared
            recorder = Recorder(
                ledger=ledger,
                scribe=Scribe(journal=journal, now=now, executor=executor),
                session=number,
                keep=lambda consequence, said: kept.append((consequence, said)),
                follow_up_s=(24 * 3600,),
                now=now,
                executor=executor,
            )
            recorder.note("admitted", program, asked_facts(Asked(order, history), prepared))

            async def connect():
                links = gatt_links(await simulator.radio(), codec_for(device.codec), clock)
                guardians.append(InProcessGuardian(links=links, profile=device, clock=clock))
                return guardians[-1]

            governor = begin(prepared, history)
            standing = Standing(
                governor=governor,
                recorder=recorder,
                screening=order.screening,
                read=lambda: OnRecord(*People(store).standing(person.name)),
                executor=executor,
            )
            loop = ControlLoop(
                plan=Plan(
                    person=person.name,
                    device=device.name,
                    radio="here",
                    program=program,
                    session_ms=prepared.session_ms,
                    interactive=interactive,
                ),
                governor=governor,
                course=Course(prepared.timeline),
                connect=connect,
                recorder=recorder,
                standing=standing,
                clock=clock,
            )
            answering = asyncio.create_task(_answer(loop, answers))
            try:
                yield Stack(
                    loop=loop,
                    recorder=recorder,
                    simulator=simulator,
                    guardians=guardians,
                    journal=journal,
                    ledger=ledger,
                    people=People(store),
                    lockouts=Lockouts(store),
                    governor=governor,
                    session=number,
                    rows=rows,
                    kept=kept,
                )
            finally:
                answering.cancel()
                await standing.close()
                await recorder.close(governor.usage)


def run(coroutine):
    return run_on_virtual_time(coroutine)
