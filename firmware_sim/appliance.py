"""What is behind a device's radio: firmware on mechanics, with what faults make of all that passes."""

import asyncio
from collections.abc import Callable

from firmware_sim import wire
from firmware_sim.clock import Clock
from firmware_sim.defects import Defects
from firmware_sim.fault_plan import FaultPlan
from firmware_sim.outages import Outages
from firmware_sim.plant import Plant
from firmware_sim.running import Running
from firmware_sim.telling import Telling
from firmware_sim.trace import DeviceTrace

_OnBegin = Callable[[], None]


class Appliance:
    """One device.

    Attributes:
        outages: its radio and its power.
        on_begin: told of the first accepted BEGIN.
    """

    def __init__(self, plan: FaultPlan, clock: Clock, plant: Plant, trace: DeviceTrace) -> None:
        self.outages = Outages(plan, clock)
        self.on_begin: _OnBegin | None = None
        self._plan = plan
        self._clock = clock
        self._plant = plant
        self._trace = trace
        self._telling = Telling(plan, clock, plant.capabilities.actuators, send=self._send)
        self._running = Running(plant, clock, trace, on_notify=self._notify)
        self._links: set[int] = set()
        self._stops = 0
        self._battery_percent = plant.battery_percent
        self._writes = asyncio.Lock()
        self._drops_next_write = False

    def halt(self) -> None:
        """From here on nothing moves and nothing is traced."""
        self._running.halt()

    # What the radio brings: see `peripheral.Inside`.

    async def write_command(self, link: int, frame: bytes) -> None:
        """Take a write to Command."""
        await self._take_time()
        if link not in self._links or self.outages.without_power:
            return  # it went while its write waited, and a link that is gone must not become the driver
        now_s = self._running.catch_up()
        self._count_idle()
        if self._plan.reigns("ignored_writes", now_s):
            return
        firmware = self._running.firmware
        if self._plan.reigns("refuse_writes", now_s):
            firmware.claim(link)
            raise wire.CommandError(wire.Refusal.DEVICE_FAULT, "the fault refuse_writes")
        self._refuse_above(frame, now_s)
        firmware.never_off = self._plan.reigns("never_off", now_s)
        command = firmware.write_command(link, frame, now_s)
        self._running.set_timer()
        match command:
            case wire.Begin():
                self._trace.event(now_s, "session_start")
                if self._plan.begin(now_s) and self.on_begin is not None:
                    self.on_begin()
            case wire.End():
                self._trace.event(now_s, "session_end")
        if self._drops_next_write:
            self._drops_next_write = False
            await self.outages.radio.drop_links()

    async def write_stop(self) -> None:
        """Take a write to Stop."""
        await self._take_time()
        if self.outages.without_power:
            return
        now_s = self._running.catch_up()
        self._count_idle()
        self._trace.event(now_s, "stop")
        if self._plan.reigns("refuse_stop", now_s):
            raise wire.CommandError(wire.Refusal.DEVICE_FAULT, "the fault refuse_stop")
        self._stops += 1
        times = self._plan.reigning("repeated_stop", now_s)
        if times is None or self._stops % times == 0:
            self._running.firmware.write_stop(now_s)
        # By the timer, so that the answer to the write is on its way first.
        self._running.firmware.owe_report(now_s)
        self._running.set_timer()

    def read_state(self) -> bytes:
        """Return the State characteristic."""
        now_s = self._running.catch_up()
        self._count_idle()
        return self._telling.read(self._running.firmware.state(), now_s)

    def read_battery(self) -> bytes:
        """Return the battery's level in percent."""
        self._running.catch_up()
        return bytes([self._plant.battery_percent])

    def connected(self, link: int) -> None:
        """Learn of a new link."""
        self._links.add(link)
        self.outages.connected()
        now_s = self._running.catch_up()
        self._telling.connected(now_s)
        self._trace.event(now_s, "connect")
        self._count_idle()

    def disconnected(self, link: int) -> None:
        """Learn that a link is gone, or go on believing in it."""
        if self.outages.unnoticed_s:
            due_s = self._clock.now_s() + self.outages.unnoticed_s
            self._clock.call_at(due_s, lambda _now_s: self._part_from(link))
        else:
            self._part_from(link)

    def subscribed(self, *, anybody: bool) -> None:
        """Learn whether somebody wants state notifications."""
        self._running.firmware.subscribe(self._clock.now_s(), anybody=anybody)
        self._running.set_timer()
        self._count_idle()

    def may_pair(self) -> bool:
        """Tell whether it takes a new bond now."""
        return not self._plan.reigns("pairing_refused", self._clock.now_s())

    def advertising_ms(self) -> float | None:
        """Tell how often it advertises now; None for not at all."""
        return self.outages.advertising_ms()

    def largest_mtu(self) -> int | None:
        """Tell the largest MTU that it grants; None for any."""
        return self.outages.largest_mtu()

    # What its faults do: see `fault_effects`.

    def stop_itself(self, cause: wire.Cause) -> None:
        """Stop for a cause of its own."""
        self._running.firmware.stop_itself(cause, self._running.catch_up())
        self._running.set_timer()

    def step_levels(self, by: int) -> None:
        """Change the level of what is on, as its own buttons do."""
        self._running.firmware.step_levels(by, self._running.catch_up())
        self._running.set_timer()

    def be_faulty(self, *, faulty: bool) -> None:
        """Find a fault of its own, stop and only stop from now on; or be repaired."""
        self._running.catch_up()
        self._running.firmware.faulty = faulty
        if faulty:
            self.stop_itself(wire.Cause.FAULT)

    def suffer(self, defects: Defects) -> None:
        """Be broken like this from now on."""
        self._running.catch_up()
        self._plant.suffer(defects)
        self._running.set_timer()

    def sense(self) -> None:
        """Look at its sensors, so that one that freezes does so now."""
        now_s = self._running.catch_up()
        self._telling.read(self._running.firmware.state(), now_s)

    def lean(self, *, on: bool) -> None:
        """Let a person lean on it, or get up."""
        self._running.catch_up()
        self._plant.touched = on

    def drop_next_write(self) -> None:
        """Let the next write to Command take effect and drop all links before its answer."""
        self._drops_next_write = True

    def begin_to_count_idle(self) -> None:
        """Count the time without a sign of life from now on."""
        self._count_idle()

    def cut_power(self, off_s: float) -> None:
        """Lose power, and have it again after so long."""
        self.outages.cut_power(off_s, restart=self._running.restart)
        self.stop_itself(wire.Cause.FAULT)

    # How it does that.

    def _count_idle(self) -> None:
        self.outages.count_idle(at_all=bool(self._links))

    def _notify(self, now_s: float) -> None:
        self._telling.notify(self._running.firmware.state(), now_s)
        percent = self._plant.battery_percent
        if percent != self._battery_percent:
            self._battery_percent = percent
            self.outages.notify_battery()

    def _send(self, value: bytes) -> None:
        if not self.outages.without_power:
            self.outages.radio.notify(value)

    def _part_from(self, link: int) -> None:
        self._links.discard(link)
        self._trace.event(self._running.catch_up(), "disconnect")
        self._running.firmware.disconnected(link)

    def _refuse_above(self, frame: bytes, now_s: float) -> None:
        highest = self._plan.reigning("refuse_above", now_s)
        if highest is None:
            return
        command = wire.decode_command(frame, self._plant.capabilities)
        if isinstance(command, wire.Set) and max(command.levels) > highest:
            raise wire.CommandError(wire.Refusal.ABOVE_CEILING, "the fault refuse_above")

    async def _take_time(self) -> None:
        takes_ms = self._plan.reigning("slow_writes", self._clock.now_s())
        if takes_ms:
            async with self._writes:
                await asyncio.sleep(takes_ms / 1000)
