"""What is around the devices of one simulator, where their faults reach: other devices, the hosts' radios."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any

from bumble import device

from firmware_sim.air import Air
from firmware_sim.device import SimulatedDevice
from firmware_sim.fault_kinds import Side
from firmware_sim.faults import Fault
from firmware_sim.radio import Radio, radio_on


class Surroundings:
    """The air of one simulator with all that is on it besides its devices."""

    def __init__(self, faults: Iterable[Fault], air: Air) -> None:
        self._host_faults = {fault.name: fault for fault in faults if fault.side is Side.HOST}
        self._air = air
        self._plugged: list[device.Device] = []
        self._unplugging: asyncio.TimerHandle | None = None
        self._unplugged = False
        self._namesakes: dict[str, SimulatedDevice] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def radio_on(self, central: device.Device) -> Radio:
        """Make bleak's backends over a device on the air that is powered on."""
        radio = radio_on(central, faults=self._host_faults)
        self._plugged.append(central)
        if self._unplugged:
            self._unplug()
        return radio

    def begun(self) -> None:
        """Learn of the first accepted BEGIN of a device; AFTER_S counts from the first of all."""
        unplugged = self._host_faults.get("adapter_unplugged")
        if unplugged is not None and self._unplugging is None:
            loop = asyncio.get_running_loop()
            self._unplugging = loop.call_later(unplugged.after_s or 0.0, self._unplug)

    def namesake(self, device: SimulatedDevice, *, there: bool) -> None:
        """Put another device of a device's name on the air, or take it away."""
        if there:
            other = self._namesakes[device.device_id] = device.make_namesake()
            self._start(other.power_on(self._air.host(self._air.controller(other.device_id, other.address))))
        elif device.device_id in self._namesakes:
            self._start(self._take_away(self._namesakes.pop(device.device_id)))

    async def end(self) -> None:
        """Take away what is there; nothing more sets in."""
        if self._unplugging is not None:
            self._unplugging.cancel()
        await asyncio.gather(*self._tasks)
        for other in self._namesakes.values():
            await other.power_off()

    async def _take_away(self, other: SimulatedDevice) -> None:
        await other.power_off()
        self._air.remove_address(other.address)

    def _unplug(self) -> None:
        self._unplugged = True
        for central in self._plugged:
            self._air.unplug(central)
        self._plugged.clear()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
