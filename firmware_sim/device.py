"""One simulated device: mechanics, firmware, faults, trace and radio, driven by the running loop.

Time is whatever the loop says, so the same device runs in real time and, on a `VirtualTimeLoop`, in virtual
time. A resting device sets no timer unless somebody listens to its notifications.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from math import inf
from typing import Final

from firmware_sim import wire
from firmware_sim.chair import Chair
from firmware_sim.cushion import Cushion
from firmware_sim.faults import Fault, FaultPlan
from firmware_sim.firmware import Firmware
from firmware_sim.handheld import Handheld
from firmware_sim.peripheral import Identity, Peripheral
from firmware_sim.plant import Plant
from firmware_sim.stack import Host
from firmware_sim.trace import VIRTUAL_CLOCKS, Clocks, DeviceTrace, Trace
from firmware_sim.virtual_time import VirtualTimeLoop

MODELS: Final[Mapping[str, Callable[[], Plant]]] = {
    "chair": Chair,
    "cushion": Cushion,
    "handheld": Handheld,
}
MAX_DEVICES: Final = 99  # the name on the air has two digits


class Clock:
    """Seconds since the simulator started, on the running loop's own clock.

    On a `VirtualTimeLoop` the wall and boot clocks at the start are the fixed `VIRTUAL_CLOCKS`.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._start_s = self._loop.time()
        self.at_start = VIRTUAL_CLOCKS if isinstance(self._loop, VirtualTimeLoop) else Clocks.read()

    def now_s(self) -> float:
        """Seconds since the start."""
        return self._loop.time() - self._start_s

    def call_at(self, when_s: float, callback: Callable[[float], None]) -> asyncio.TimerHandle:
        """Call back with the time, which is never before `when_s` even where the loop wakes a tick early."""
        return self._loop.call_at(self._start_s + when_s, lambda: callback(max(when_s, self.now_s())))


class SimulatedDevice:
    """One device from power-up on; `device_id` names it in the trace, `address` is static random."""

    def __init__(
        self,
        index: int,
        *,
        model: str,
        address: str,
        seed: int,
        faults: Iterable[Fault],
        trace: Trace,
        clock: Clock,
    ) -> None:
        self.device_id: Final = f"{model}-{index}"
        self.address: Final = address
        self._index = index
        self._clock = clock
        self._faults = FaultPlan(faults, seed=seed, device=self.device_id)
        self._plant = MODELS[model]()
        self._trace = DeviceTrace(trace, device=self.device_id, plant=self._plant)
        self._trace.introduce(clock.now_s(), model=model, seed=seed, clocks=clock.at_start)
        self._firmware = Firmware(
            self._plant, now_s=clock.now_s(), on_sample=self._trace.sample, on_notify=self._notify
        )
        self._peripheral: Peripheral | None = None
        self._links: set[int] = set()
        self._writes = asyncio.Lock()
        self._due_s = inf
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def power_on(self, host: Host) -> None:
        """Appear on the air behind this host's controller."""
        identity = Identity(
            name=f"{self._plant.model_number} {self._index:02}",
            address=self.address,
            manufacturer="Open Reference",
            model_number=self._plant.model_number,
            serial_number=f"SIM-{self._index:04}",
            firmware_revision="1.0",
            capabilities=wire.encode_capabilities(self._plant.capabilities),
        )
        self._peripheral = Peripheral(host, identity, self)
        await self._peripheral.start()

    async def power_off(self) -> None:
        """Leave the air; from here on nothing moves and nothing is traced."""
        for timer in self._timers.values():
            timer.cancel()
        for task in self._tasks:
            task.cancel()
        if self._peripheral is not None:
            await self._peripheral.close()

    # What the radio brings: see `peripheral.Inside`.

    async def write_command(self, link: int, frame: bytes) -> None:
        """Take a write to Command."""
        await self._take_time()
        if link not in self._links:
            return  # it went while its write waited, and a link that is gone must not become the driver
        now_s = self._catch_up()
        if self._faults.reigns("refuse_writes", now_s):
            self._firmware.claim(link)
            raise wire.CommandError(wire.Refusal.DEVICE_FAULT, "the fault refuse_writes")
        command = self._firmware.write_command(link, frame, now_s)
        self._set_timer()
        match command:
            case wire.Begin():
                self._trace.event(now_s, "session_start")
                if self._faults.begin(now_s):
                    self._schedule_faults()
            case wire.End():
                self._trace.event(now_s, "session_end")

    async def write_stop(self) -> None:
        """Take a write to Stop."""
        await self._take_time()
        now_s = self._catch_up()
        self._trace.event(now_s, "stop")
        if self._faults.reigns("refuse_stop", now_s):
            raise wire.CommandError(wire.Refusal.DEVICE_FAULT, "the fault refuse_stop")
        self._firmware.write_stop(now_s)
        # By the timer, so that the answer to the write is on its way first.
        self._firmware.owe_report(now_s)
        self._set_timer()

    def read_state(self) -> bytes:
        """Return the State characteristic."""
        self._catch_up()
        return wire.encode_state(self._firmware.state())

    def connected(self, link: int) -> None:
        """Learn of a new link."""
        self._links.add(link)
        self._trace.event(self._catch_up(), "connect")

    def disconnected(self, link: int) -> None:
        """Learn that a link is gone."""
        self._links.discard(link)
        self._trace.event(self._catch_up(), "disconnect")
        self._firmware.disconnected(link)

    def subscribed(self, *, anybody: bool) -> None:
        """Learn whether somebody wants state notifications."""
        self._firmware.subscribe(self._clock.now_s(), anybody=anybody)
        self._set_timer()

    def _notify(self, now_s: float) -> None:
        value = self._faults.notification(wire.encode_state(self._firmware.state()), now_s)
        if value is not None and self._peripheral is not None:
            self._peripheral.notify(value)

    # How time passes.

    def _catch_up(self) -> float:
        """Run the firmware up to now, before anything else happens to it."""
        now_s = self._clock.now_s()
        self._firmware.advance(now_s)
        self._set_timer()
        return now_s

    def _set_timer(self) -> None:
        due_s = self._firmware.next_deadline()
        if due_s == self._due_s:
            return
        self._due_s = due_s
        if timer := self._timers.pop("firmware", None):
            timer.cancel()
        if due_s < inf:
            self._timers["firmware"] = self._clock.call_at(due_s, self._on_timer)

    def _on_timer(self, now_s: float) -> None:
        del self._timers["firmware"]
        self._due_s = inf
        self._firmware.advance(now_s)
        self._set_timer()

    # What goes wrong.

    async def _take_time(self) -> None:
        if self._faults.write_takes_s > 0:
            async with self._writes:
                await asyncio.sleep(self._faults.write_takes_s)

    def _schedule_faults(self) -> None:
        actions = {"link_drop": self._drop_links, "local_button": self._press_button, "drift": self._drift}
        for name, action in actions.items():
            due_s = self._faults.due_s(name)
            if due_s < inf:
                self._timers[name] = self._clock.call_at(due_s, action)

    def _press_button(self, _now_s: float) -> None:
        self._firmware.press_button(self._catch_up())
        self._set_timer()

    def _drift(self, _now_s: float) -> None:
        self._catch_up()
        self._plant.creeping = True

    def _drop_links(self, _now_s: float) -> None:
        if self._peripheral is not None:
            task = asyncio.ensure_future(self._peripheral.drop_links())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
