"""The composition root: builds every object of a core by hand.

`run_session` is one whole session of a stand-alone core: store, admission, guardian, control loop, control
socket, and back to rest.
"""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from massager.catalog import list_devices, load_device, load_program, safety_profile_for
from massager.guardian.client import ChildGuardian, GuardianClient
from massager.guardian.clock import BootClock
from massager.model.decisions import Reason, Refusal
from massager.model.devices import DeviceProfile
from massager.model.errors import NotFoundError
from massager.model.programs import Program
from massager.routine.timeline import Course
from massager.safety.governor import Governor
from massager.session.loop import ControlLoop
from massager.session.massage import MassageService
from massager.session.preparation import Order, Prepared, prepare
from massager.session.recorder import Recorder
from massager.session.snapshot import Ending, Plan
from massager.store import DEMO_NAME, Journal, Ledger, Store, seed_demo
from massager.web.socket import control_socket

SYSTEM_RADIO = "system"


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What a caller asks of one session.

    Attributes:
        seconds: Contact time wanted; None for the program's own.
        caller_percent: The caller's own lower limit (`--max`), percent of the device's range.
        data: Folder of the store; the person `demo` never uses it.
        stop_file: Where, by radio and device, the guardian notes how to stop it without a core.
        interactive: Whether somebody can resume after a lost link.
        runtime: Folder for the control socket, which belongs to this user alone.
    """

    program: str
    person: str
    device: str | None
    radio: str
    data: Path
    profiles: Path | None
    seconds: int | None
    caller_percent: int | None
    stop_file: Callable[[str, str], Path]
    interactive: bool
    runtime: Path


@dataclass(frozen=True, slots=True)
class Session:
    """A session that may begin: its loop, its memory, and what it was made of."""

    loop: ControlLoop
    recorder: Recorder
    prepared: Prepared


def choose_device(options: RunOptions, program: Program) -> DeviceProfile:
    """The device asked for, or the only one that the program runs on.

    Raises:
        NotFoundError: There is none of that name, or several to choose from.
    """
    if options.device is not None:
        return load_device(options.device, options.profiles)
    fitting = [
        device
        for device in list_devices(options.profiles)
        if all(actuator.modality is program.modality for actuator in device.actuators)
    ]
    if len(fitting) == 1:
        return fitting[0]
    names = ", ".join(device.name for device in fitting) or "none"
    raise NotFoundError(f"Which device? Say --device NAME. This program runs on: {names}.")


@contextmanager
def open_store(options: RunOptions) -> Iterator[Store]:
    """The store of this session; the person `demo` gets a throw-away one with a fresh history.

    Raises:
        StoreError: It cannot be opened.
        NotFoundError: The person `demo` was asked for on a real radio.
    """
    if options.person != DEMO_NAME:
        with Store.open(options.data) as store:
            yield store
        return
    if options.radio == SYSTEM_RADIO:
        raise NotFoundError(
            f"The person {DEMO_NAME!r} exists only with the simulator (--radio tcp:HOST:PORT or unix:PATH)."
        )
    with tempfile.TemporaryDirectory(prefix="massager-demo-") as folder, Store.open(Path(folder)) as store:
        seed_demo(Ledger(store), _wall_s())
        yield store


def _wall_s() -> int:
    return int(time.time())


@asynccontextmanager
async def open_session(
    options: RunOptions, store: Store, connect: Callable[[DeviceProfile], Awaitable[GuardianClient]]
) -> AsyncIterator[Session | Refusal]:
    """Admit a session and build its loop; on leaving, its use is settled in the ledger.

    Raises:
        MassagerError: A name is unknown, a file invalid, the store not writable.
    """
    ledger, clock = Ledger(store), BootClock()
    program = load_program(options.program, options.profiles)
    person = ledger.person(options.person)
    device = choose_device(options, program)
    order = Order(
        program=program,
        person=person,
        device=device,
        profile=safety_profile_for(person.conditions, options.profiles),
        seconds=options.seconds,
        caller_permille=None if options.caller_percent is None else 10 * options.caller_percent,
    )
    now_s = _wall_s()
    number = ledger.open_session(person.name, device.name, program.name, now_s, clock.now_ms())
    high_water_s = ledger.high_water_s()
    prepared = prepare(
        order, past=ledger.past_sessions(person.name, now_s), now_s=now_s, high_water_s=high_water_s
    )
    with ThreadPoolExecutor(1, thread_name_prefix="store") as executor:
        recorder = Recorder(
            ledger=ledger,
            journal=Journal(store),
            session=number,
            now_ms=clock.now_ms,
            wall_s=_wall_s,
            executor=executor,
        )
        if isinstance(prepared, Refusal):
            recorder.note("refused", prepared.reason, {"detail": prepared.detail})
            yield prepared
            await recorder.close(None)
            return
        governor = Governor(envelope=prepared.envelope, session_ms=prepared.session_ms)
        recorder.note(
            "session",
            Reason.NO_PERMIT,
            {
                "program": program.profile_hash,
                "safety_profile": order.profile.profile_hash,
                "device": device.profile_hash,
                "session_ms": prepared.session_ms,
            },
        )
        loop = ControlLoop(
            plan=Plan(
                person=person.name,
                device=device.name,
                radio=options.radio,
                program=program.name,
                session_ms=prepared.session_ms,
                interactive=options.interactive,
            ),
            governor=governor,
            course=Course(prepared.timeline),
            connect=lambda: connect(device),
            recorder=recorder,
            clock=clock,
        )
        try:
            yield Session(loop, recorder, prepared)
        finally:
            await recorder.close(governor.usage)


async def run_session(
    options: RunOptions, watch: Callable[[ControlLoop], Awaitable[None]]
) -> Ending | Refusal:
    """Run one session with its control socket; returns once the device rests and the guardian has left.

    Args:
        options: What to run.
        watch: Shows the session; runs beside it and is cancelled when it ends.

    Raises:
        MassagerError: It cannot begin; nothing has moved.
    """

    async def connect(device: DeviceProfile) -> GuardianClient:
        return await ChildGuardian.start(
            radio=options.radio,
            device=device.name,
            stop_file=options.stop_file(options.radio, device.name),
            profiles=options.profiles,
        )

    with open_store(options) as store:
        async with open_session(options, store, connect) as session:
            if isinstance(session, Refusal):
                return session
            massage = MassageService()
            massage.add(session.loop)
            async with control_socket(massage, options.runtime):
                watching = asyncio.ensure_future(watch(session.loop))
                try:
                    ending = await session.loop.run()
                finally:
                    watching.cancel()
                    await asyncio.gather(watching, return_exceptions=True)
        if session.recorder.failed is not None and ending.reason is Reason.FINISHED:
            raise session.recorder.failed
        return ending
