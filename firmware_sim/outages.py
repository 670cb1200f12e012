"""How a device's radio and its power fail, and what it does with them as long as they do not."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final

from firmware_sim.clock import Clock, Timer
from firmware_sim.fault_plan import FaultPlan
from firmware_sim.peripheral import ADVERTISING_MS, Peripheral

# How long a device without power seems to be linked; chosen, because BlueZ lost one after about 0.4 s.
POWERLESS_LINK_S: Final = 0.4


class Outages:
    """Of one device, whose radio is there from power-up on.

    Attributes:
        without_power: whether the mains have failed.
        unnoticed_s: how long the end of a link goes unnoticed now.
    """

    def __init__(self, plan: FaultPlan, clock: Clock) -> None:
        self.without_power = False
        self.unnoticed_s = 0.0
        self._peripheral: Peripheral | None = None
        self._plan = plan
        self._clock = clock
        self._connections = 0
        self._idle: Timer | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def radio(self) -> Peripheral:
        """Its radio.

        Raises:
            RuntimeError: it was not powered on yet.
        """
        if self._peripheral is None:
            raise RuntimeError("it has no radio before it is powered on")
        return self._peripheral

    async def power_on(self, peripheral: Peripheral) -> None:
        """Appear on the air."""
        self._peripheral = peripheral
        await peripheral.start()

    async def power_off(self) -> None:
        """Leave the air for good."""
        self.count_idle(at_all=False)
        for task in self._tasks:
            task.cancel()
        if self._peripheral is not None:
            await self._peripheral.close()

    # What it does.

    def connected(self) -> None:
        """Count a connection."""
        self._connections += 1

    def advertising_ms(self) -> float | None:
        """Tell how often it advertises now; None for not at all."""
        now_s = self._clock.now_s()
        most = self._plan.reigning("few_connections", now_s)
        if self.without_power or (most is not None and self._connections >= most):
            return None
        return self._plan.reigning("slow_advertising", now_s) or ADVERTISING_MS

    def largest_mtu(self) -> int | None:
        """Tell the largest MTU that it grants; None for any."""
        return 23 if self._plan.reigns("mtu_23", self._clock.now_s()) else None

    def count_idle(self, *, at_all: bool) -> None:
        """Count the time without a sign of life on any link from now on, or not at all."""
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None
        now_s = self._clock.now_s()
        idle_s = self._plan.reigning("idle_drop", now_s)
        if at_all and idle_s is not None:
            self._idle = self._clock.call_at(now_s + idle_s, lambda _now_s: self.drop_links())

    def notify_battery(self) -> None:
        """Tell the battery's level to whoever subscribed to it."""
        self._start(self.radio.notify_battery())

    # What happens to it.

    def retune(self) -> None:
        """Look anew at how it advertises."""
        self._start(self.radio.advertise_anew())

    def drop_links(self) -> None:
        """Disconnect everybody."""
        self._start(self.radio.drop_links())

    def forget_bonds(self) -> None:
        """Forget with whom it is paired; links stay as they are."""
        self._start(self.radio.forget_bonds())

    def lose_links(self, silent_s: float) -> None:
        """Hear and say nothing for so long, then lose all links."""
        self._start(self._lose_links(silent_s))

    def lose_links_unnoticed(self, kept_s: float) -> None:
        """Disconnect everybody and take it in only so much later."""
        self._start(self._lose_links_unnoticed(kept_s))

    def cut_power(self, off_s: float, *, restart: Callable[[], None]) -> None:
        """Lose power, and have it again after so long; then `restart` is called."""
        self.without_power = True
        self._start(self._cut_power(off_s, restart))

    async def _lose_links(self, silent_s: float) -> None:
        await self.radio.fall_silent()
        await asyncio.sleep(silent_s)
        await self.radio.drop_links()
        await self.radio.be_heard()

    async def _lose_links_unnoticed(self, kept_s: float) -> None:
        self.unnoticed_s = kept_s
        await self.radio.drop_links()
        self.unnoticed_s = 0.0

    async def _cut_power(self, off_s: float, restart: Callable[[], None]) -> None:
        await self._lose_links(POWERLESS_LINK_S)
        await asyncio.sleep(max(0.0, off_s - POWERLESS_LINK_S))
        restart()
        self.without_power = False
        self._connections = 0
        await self.radio.advertise_anew()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
