"""`make bench`: figures beside a floor measured in the same run, each with its target; no pass or fail.

Machines are noisy and differ; a ratio to a floor taken a moment before travels better than a time.
"""

import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from bare import bare_session_s, bare_writes_ms
from broker import CHAIRS, LEVELS, command_ms, crowded_stop_ms, fifty_percent, hung_ms
from broker import STOPS as BROKER_STOPS
from many import COUNT, bare_percent, device_kib, driven_percent, session_of_one, start_s
from memory import debit_ms, journal_of_fifty, year_ms
from page import CLIENTS, first_page_s, loaded

from firmware_sim.simulator import Simulator
from governor_rig import BEFORE, envelope
from massager.catalog import list_devices, list_programs, load_device, load_program
from massager.guardian.client import ChildGuardian, GuardianClient, InProcessGuardian
from massager.guardian.clock import BootClock
from massager.guardian.messages import Delivery, GiveLease, GivePermit, Permitted, Ready, State, Stop, Stopped
from massager.guardian.transport import gatt_links
from massager.model.body import Zone
from massager.model.commands import Intent
from massager.model.decisions import Reason
from massager.protocol import codec_for
from massager.safety.clocks import Paid
from massager.safety.governor import Governor
from preview_rig import prepared_for
from system_rig import run, stack

SESSION_S = 900
WRITES = 300
STOPS = 20
RICH = Paid(10**9, dict.fromkeys(Zone, 10**9))


def show(what: str, ours: float, floor: float, unit: str, target: str) -> None:
    print(f"{what:<58} {ours:9.3f} {unit:<3} floor {floor:8.3f}  x{ours / floor:6.2f}  target {target}")


def virtual_session() -> None:
    """A quarter of an hour on virtual time against the bare stack doing the same traffic."""

    async def whole(folder: Path) -> None:
        async with stack(folder, program="paraspinal-sweep") as s:
            await s.loop.run()

    floors, alone, ours = [], [], []
    for _ in range(3):
        floors.append(_cpu_s(bare_session_s(SESSION_S)))
        alone.append(_cpu_s(session_of_one(SESSION_S)))
        with tempfile.TemporaryDirectory() as folder:
            ours.append(_cpu_s(whole(Path(folder))))
    show("15-minute session of the simulated chair, CPU", min(alone), min(floors), "s", "x1.5")
    show("likewise with controller, guardian and store", min(ours), min(floors), "s", "x1.5")


def _cpu_s(session: Coroutine[object, object, None]) -> float:
    """Of a session on virtual time."""
    began = time.process_time()
    run(session)
    return time.process_time() - began


class Driver:
    """A Governor on a live guardian: everything from a wish to the device's answer, without the loop."""

    def __init__(self, guardian: GuardianClient) -> None:
        self.guardian = guardian
        self.clock = BootClock()
        self.governor = Governor.begin(envelope=envelope(), session_ms=900_000, before=BEFORE)
        self.wanted: dict[type, asyncio.Future[object]] = {}
        self.task = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        while (message := await self.guardian.receive()) is not None:
            if isinstance(message, State):
                self.governor.reading(message.reading, self.clock.now_ms())
            waiting = self.wanted.pop(type(message), None)
            if waiting is not None and not waiting.done():
                waiting.set_result(message)

    def next(self, kind: type) -> asyncio.Future[object]:
        self.wanted[kind] = asyncio.get_running_loop().create_future()
        return self.wanted[kind]

    async def permit(self, ready: Ready) -> None:
        granted = self.next(Permitted)
        permit = self.governor.permit(
            half_width_mm=50,
            model=ready.model_number,
            firmware=ready.firmware,
            ends_ms=self.clock.now_ms() + 900_000,
            fence=1,
        )
        self.guardian.send(GivePermit(permit))
        self.governor.permitted((await granted).epoch)

    async def once(self, level: int = 0) -> float:
        """One wish to the device's acknowledgement, in ms."""
        began = time.perf_counter()
        delivered = self.next(Delivery)
        answer = self.governor.request(Intent(level, None, None, 10), self.clock.now_ms(), RICH)
        self.guardian.send(GiveLease(self.governor.redeem(answer.command, self.clock.now_ms())))
        await delivered
        return 1000 * (time.perf_counter() - began)

    async def stop(self) -> float:
        began = time.perf_counter()
        stopped = self.next(Stopped)
        self.governor.stop(self.clock.now_ms())
        self.guardian.send(Stop(Reason.STOPPED_BY_PERSON))
        await stopped
        return 1000 * (time.perf_counter() - began)

    async def measure(self) -> tuple[float, float]:
        """Median of a lease's way and of a stop's, in ms."""
        ready = await self.next(Ready)
        await self.next(State)
        await self.permit(ready)
        await self.once()
        ways = [await self.once() for _ in range(WRITES)]
        stops = []
        for _ in range(STOPS):
            stops.append(await self.stop())
            await self.next(State)
            await self.permit(ready)
        await self.guardian.close()
        await self.task
        return statistics.median(ways), statistics.median(stops)


async def in_process() -> tuple[float, float]:
    async with Simulator() as simulator:
        device = load_device("chair")
        links = gatt_links(await simulator.radio(), codec_for(device.codec), BootClock())
        return await Driver(InProcessGuardian(links=links, profile=device, clock=BootClock())).measure()


@asynccontextmanager
async def simulator_process():
    with tempfile.TemporaryDirectory() as folder:
        radio = f"unix:{folder}/air.sock"
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "firmware_sim", "--model", "chair", "--listen", radio),
            stdout=asyncio.subprocess.PIPE,
        )
        await process.stdout.readline()
        try:
            yield radio
        finally:
            process.terminate()
            await process.wait()


async def as_processes() -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as locks:
        async with simulator_process() as radio:
            guardian = await ChildGuardian.start(
                radio=radio, device="chair", locks=Path(locks), store="bench"
            )
            return await Driver(guardian).measure()


async def bare_remote() -> float:
    async with simulator_process() as radio:
        return await bare_writes_ms(WRITES, radio=radio)


def command_path() -> None:
    bare_ms = asyncio.run(bare_writes_ms(WRITES))
    way_ms, stop_ms = asyncio.run(in_process())
    show("wish to acknowledged write, one process", way_ms, bare_ms, "ms", "0.3 ms + x1.2")
    remote_ms = asyncio.run(bare_remote())
    far_ms, far_stop_ms = asyncio.run(as_processes())
    show("wish to acknowledged write, guardian as a process", far_ms, remote_ms, "ms", "2 ms")
    show("stop to rest reported, resting device, one process", stop_ms, bare_ms, "ms", "likewise")
    show("stop to rest reported, guardian as a process", far_stop_ms, remote_ms, "ms", "likewise")


def help_time() -> None:
    def timed(*command: str) -> float:
        began = time.perf_counter()
        subprocess.run([sys.executable, *command], check=True, capture_output=True)
        return time.perf_counter() - began

    floor = min(timed("-c", "pass") for _ in range(5))
    show("massager --help", min(timed("-m", "massager", "--help") for _ in range(5)), floor, "s", "0.4 s")


def memory() -> None:
    ours, floor = debit_ms()
    show("debit, durable before the motion it pays for, median", ours, floor, "ms", "10 ms")
    ours, floor = journal_of_fifty()
    show("journal of 50 devices at 10 Hz (floor: deciding)", ours, floor, "%", "10 % of a core")
    ours, floor = year_ms()
    show("a year of one person's history opens (floor: empty)", ours, floor, "ms", "100 ms")


def page() -> None:
    """The page while a hundred look; what a stop takes there is the device's own time, and the rest."""
    ours, floor = first_page_s()
    show("process to its first page (floor: the libraries)", ours, floor, "s", "1.5 s")
    alone, found = loaded(clients=1, stops=1), loaded()
    what = f"stop, tap to rest reported, {CLIENTS} look: worst of {len(found.stop_ms)}"
    show(what, found.stop_ms[-1], found.device_ms[-1], "ms", "100 ms more")
    what = f"core, a session and {CLIENTS} at {found.frames_hz:.1f} Hz (floor: one looks)"
    show(what, found.core_percent, alone.core_percent, "%", "10 % of a core")


def many() -> None:
    """What a simulator costs; the floors are plain Bumble, of the traffic both ends."""
    what = f"{COUNT} simulated devices at 10 Hz, CPU of them and the air"
    show(what, driven_percent(), bare_percent(), "%", "100 % of a core")
    ours, floor = device_kib()
    show("one more simulated device, memory", ours, floor, "KiB", "120 KiB")
    ours, floor = start_s(1)
    show("simulator to its first advertisement, after imports", ours, floor, "s", "0.5 s")
    ours, floor = start_s(COUNT)
    show(f"simulator of {COUNT} to the last one's first advertisement", ours, floor, "s", "no target")


def broker() -> None:
    """The bridge to a broker, beside a bare subscriber with a bare bleak write."""
    ours, floor = command_ms()
    show("command at the broker to the write at the device", ours, floor, "ms", "x2")
    ours, floor = crowded_stop_ms()
    what = f"stop behind {LEVELS} strengths, 15 ms a write: worst of {BROKER_STOPS}"
    show(what, ours, floor, "ms", "15 ms more")
    ours, floor = fifty_percent()
    show(f"{CHAIRS} massagers on a bridge, beyond their sessions", ours, floor, "%", "25 % of a core")
    period, worst, floor, worst_floor = hung_ms()
    show("control loop's period while the broker hangs, median", period, floor, "ms", "x1")
    show("likewise, the longest (floor: before)", worst, worst_floor, "ms", "x1")


def compiling() -> None:
    """The slowest preset, from its files to a checked timeline; the floor is reading its file."""

    def timed_ms(act: Callable[..., object], *words: str, **options: str) -> float:
        began = time.perf_counter()
        act(*words, **options)
        return 1000 * (time.perf_counter() - began)

    found = []
    for program in list_programs():
        device = next(one for one in list_devices() if one.actuators[0].modality is program.modality)
        ours = min(timed_ms(prepared_for, program.name, device=device.name) for _ in range(5))
        floor = min(timed_ms(load_program, program.name) for _ in range(5))
        found.append((ours, floor, program.name))
    ours, floor, name = max(found)
    show(f"a preset compiles; the slowest, {name}", ours, floor, "ms", "50 ms")


if __name__ == "__main__":
    memory()
    page()
    broker()
    many()
    compiling()
    help_time()
    command_path()
    virtual_session()
