"""One session, put together by hand: admission, guardian, control loop, control socket, and back to rest."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from massager.app.introduction import Introduced, introduced
from massager.app.memory import Memory
from massager.app.moments import moment
from massager.app.place import Surroundings, store_for
from massager.app.target import Target, choose_device, free_name
from massager.catalog import load_program, safety_profile_for
from massager.guardian.client import GuardianClient
from massager.guardian.clock import BootClock
from massager.guardian.messages import Ready
from massager.model.ceilings import FOLLOW_UP_S
from massager.model.decisions import Reason, Refusal
from massager.model.history import By, History, Role
from massager.model.questions import CheckIn
from massager.routine.course import Course
from massager.safety.responses import Consequence
from massager.session.caregivers import CaregiverService
from massager.session.facts import Asked, asked_facts
from massager.session.lockouts import LockoutService
from massager.session.loop import ControlLoop
from massager.session.massage import Basis, MassageService, Wish
from massager.session.passphrases import Passphrases, usual_hasher
from massager.session.preparation import Order, Prepared, begin, known_of, prepare
from massager.session.recorder import Recorder
from massager.session.snapshot import Ending, Plan
from massager.session.standing import OnRecord, Standing
from massager.store import Amounts, Devices, Ledger, People, Store
from massager.web.socket import control_socket

CONTROLLER = By("controller", Role.CONTROLLER)


@dataclass(frozen=True, slots=True)
class Session:
    """A session that may begin: its loop, its memory, and what it was made of."""

    loop: ControlLoop
    recorder: Recorder
    basis: Basis


@dataclass(frozen=True, slots=True)
class _Admitted:
    number: int
    order: Order
    target: Target
    history: History
    prepared: Prepared | Refusal


def _admit(wish: Wish, where: Surroundings, store: Store) -> _Admitted:
    """Open a session in the ledger and admit it; for the store's thread.

    Raises:
        MassagerError: A name is unknown, a file invalid, the store not writable; no session is left open.
    """
    ledger, person = Ledger(store), People(store).get(wish.person)
    # Whatever else may be wrong with the wish, a warning sign is on record first.
    _lockouts(store).warned(person.name, wish.screening)
    program = load_program(wish.program, where.profiles)
    target = choose_device(
        wish.device, program, radio=where.radio, paired=Devices(store).all(), profiles=where.profiles
    )
    order = Order(
        program=program,
        person=person,
        device=target.profile,
        profile=safety_profile_for(person.conditions, where.profiles),
        seconds=wish.seconds,
        caller_permille=None if wish.caller_percent is None else 10 * wish.caller_percent,
        screening=wish.screening,
    )
    now = moment()
    number = ledger.open_session(person.name, target.name, program.name, now)
    try:
        history = known_of(ledger, person.name, now)
        prepared = prepare(order, history)
    except BaseException:
        ledger.close_session(number, used=Amounts(0, {}), now=moment(), follow_up_s=())
        raise
    return _Admitted(number, order, target, history, prepared)


@asynccontextmanager
async def open_session(wish: Wish, where: Surroundings, memory: Memory) -> AsyncIterator[Session | Refusal]:
    """Admit a session and build its loop; on leaving, its use is settled in the ledger.

    Raises:
        MassagerError: A name is unknown, a file invalid, the store not writable.
    """
    clock, store = BootClock(), memory.store
    admitted = await memory.do(partial(_admit, wish, where, store))
    order, prepared = admitted.order, admitted.prepared
    recorder = Recorder(
        ledger=Ledger(store),
        scribe=memory.scribe,
        session=admitted.number,
        keep=partial(_keep, store, order.person.name),
        follow_up_s=FOLLOW_UP_S[order.person.worst],
        now=moment,
        executor=memory.thread,
    )
    facts = asked_facts(Asked(order, admitted.history), prepared)
    if isinstance(prepared, Refusal):
        recorder.note("not-admitted", prepared.reason, facts)
        yield prepared
        await recorder.close(None)
        return
    recorder.note("admitted", order.program.name, facts)
    governor = begin(prepared, admitted.history)
    standing = Standing(
        governor=governor,
        recorder=recorder,
        screening=order.screening,
        read=partial(_on_record, store, order.person.name),
        executor=memory.thread,
    )
    loop = ControlLoop(
        plan=Plan(
            person=order.person.name,
            device=admitted.target.name,
            radio=where.radio,
            program=order.program.name,
            session_ms=prepared.session_ms,
            interactive=wish.interactive,
        ),
        governor=governor,
        course=Course(prepared.timeline),
        connect=partial(_connect, admitted.target, where, memory),
        recorder=recorder,
        standing=standing,
        clock=clock,
    )
    try:
        yield Session(loop, recorder, Basis(prepared, admitted.history))
    finally:
        await standing.close()
        await recorder.close(governor.usage)


def _lockouts(store: Store) -> LockoutService:
    caregivers = CaregiverService(store, Passphrases(usual_hasher()), now=moment, door="controller")
    return LockoutService(store, caregivers, now=moment)


def _on_record(store: Store, person: str) -> OnRecord:
    return OnRecord(*People(store).standing(person))


def _keep(store: Store, person: str, consequence: Consequence, said: CheckIn) -> None:
    words = (said.pain, said.comfort, said.feeling)
    note = ", ".join(str(word) for word in words if word is not None)
    _lockouts(store).lock(person, consequence, f"in a session: {note}")


async def _connect(target: Target, where: Surroundings, memory: Memory) -> GuardianClient:
    """Start a guardian; a device that was never connected here is paired by its first Ready."""
    guardian = await where.guardian(
        store=memory.store, device=target.name, profile=target.profile.name, address=target.address
    )
    if target.address is not None:
        return guardian
    return Introduced(
        guardian, lambda ready: memory.do(partial(_remember, ready, target, where, memory.store))
    )


def _remember(ready: Ready, target: Target, where: Surroundings, store: Store) -> None:
    devices = Devices(store)
    paired = devices.all()
    if not any((known.radio, known.address) == (where.radio, ready.address) for known in paired):
        device = introduced(ready, name=free_name(target.profile.name, paired), radio=where.radio)
        devices.add(device, by=CONTROLLER, now=moment())


async def run_session(
    wish: Wish, where: Surroundings, watch: Callable[[ControlLoop], Awaitable[None]]
) -> Ending | Refusal:
    """Run one session with its control socket; returns once the device rests and the guardian has left.

    Args:
        wish: What to run.
        where: On what.
        watch: Shows the session; runs beside it and is cancelled when it ends.

    Raises:
        MassagerError: It cannot begin; nothing has moved.
    """
    with store_for(wish.person, where) as store, ThreadPoolExecutor(1, "store") as thread:
        async with open_session(wish, where, Memory.of(store, thread)) as session:
            if isinstance(session, Refusal):
                return session
            massage, number = MassageService(), session.recorder.session
            massage.add(number, session.loop, session.basis)
            async with control_socket(massage, where.runtime):
                watching = asyncio.ensure_future(watch(session.loop))
                ending = Ending(Reason.INTERNAL, "", confirmed=False, alarm=None)
                try:
                    ending = await session.loop.run()
                finally:
                    massage.ended(number, ending)
                    watching.cancel()
                    await asyncio.gather(watching, return_exceptions=True)
        if session.recorder.failed is not None and ending.reason is Reason.FINISHED:
            raise session.recorder.failed
        return ending
