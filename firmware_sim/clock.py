"""Seconds since a simulator started, on the running loop's own clock."""

import asyncio
from collections.abc import Callable

from firmware_sim.trace import VIRTUAL_CLOCKS, Clocks
from firmware_sim.virtual_time import VirtualTimeLoop

Timer = asyncio.TimerHandle


class Clock:
    """Seconds since the simulator started.

    On a `VirtualTimeLoop` the wall and boot clocks at the start are the fixed `VIRTUAL_CLOCKS`.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._start_s = self._loop.time()
        self.at_start = VIRTUAL_CLOCKS if isinstance(self._loop, VirtualTimeLoop) else Clocks.read()

    def now_s(self) -> float:
        """Seconds since the start."""
        return self._loop.time() - self._start_s

    def call_at(self, when_s: float, callback: Callable[[float], None]) -> Timer:
        """Call back with the time, which is never before `when_s` even where the loop wakes a tick early."""
        return self._loop.call_at(self._start_s + when_s, lambda: callback(max(when_s, self.now_s())))
