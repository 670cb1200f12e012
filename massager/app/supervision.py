"""What systemd is told: that the core is ready, that it lives, that it is leaving. Elsewhere: nothing.

A watchdog that is not fed kills the core; the guardians then stop their devices.
"""

import asyncio
import os
import socket
from typing import Final

from massager.guardian.clock import Clock
from massager.session.massage import MassageService

# Chosen: a tenth of the shipped unit's WatchdogSec, so that a late one is no verdict yet.
FEED_S: Final = 1.0


def tell_systemd(state: str) -> None:
    """Send one line as sd_notify(3) does; without a supervisor, or with one that is gone, nothing happens."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as to:
        to.setblocking(False)  # the control loops run on this thread
        try:
            to.sendto(state.encode(), address)
        except OSError:
            return


async def feed_watchdog(massage: MassageService, clock: Clock) -> None:
    """Feed the watchdog while this loop runs and every session's control loop has just ticked; for ever."""
    while True:
        if not massage.stalled(clock.now_ms()):
            tell_systemd("WATCHDOG=1")
        await asyncio.sleep(FEED_S)
