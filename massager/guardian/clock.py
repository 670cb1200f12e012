"""Clocks: one time base for core and guardian, which counts while the host sleeps."""

import asyncio
import time
from typing import Final, Protocol

# INV-26: CLOCK_MONOTONIC stands still during suspend; systems without CLOCK_BOOTTIME have nothing better.
_BOOT_CLOCK: Final[int] = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class Clock(Protocol):
    """Milliseconds since an origin that core and guardian share; never goes back."""

    def now_ms(self) -> int:
        """The present time in ms."""


class BootClock:
    """The boot-time clock of this machine, the same in every process."""

    def now_ms(self) -> int:
        """Milliseconds since boot, suspend included; rounded down."""
        return time.clock_gettime_ns(_BOOT_CLOCK) // 1_000_000


class LoopClock:
    """The running event loop's time, which a virtual-time loop makes up."""

    def now_ms(self) -> int:
        """Milliseconds of the running loop; float dust below 1 µs is rounded away, then down."""
        return round(asyncio.get_running_loop().time() * 1_000_000) // 1000
