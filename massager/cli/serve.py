"""`massager serve`: a core that starts sessions for others, until a signal ends it."""

import asyncio
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType

from massager.app.core import Core, hosted
from massager.app.hosting import Hosting, Page
from massager.app.place import surroundings
from massager.app.supervision import feed_watchdog, tell_systemd
from massager.cli.exits import Exit
from massager.guardian.clock import BootClock
from massager.mqtt.broker import Broker

_ENDINGS = {signal.SIGINT: Exit.INTERRUPTED, signal.SIGTERM: Exit.OK, signal.SIGHUP: Exit.INTERRUPTED}


class Signals:
    """The first signal that asks for the end; later ones change nothing, until the program has ended."""

    def __init__(self) -> None:
        self._asked: asyncio.Future[int] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._early: int | None = None
        for number in _ENDINGS:
            signal.signal(number, self._arrived)

    async def wait(self) -> Exit:
        """Wait for it; the exit code that it stands for."""
        self._loop = asyncio.get_running_loop()
        self._asked = self._loop.create_future()
        if self._early is not None:
            self._asked.set_result(self._early)
        return _ENDINGS[signal.Signals(await self._asked)]

    def _arrived(self, number: int, _frame: FrameType | None) -> None:
        self._early = self._early or number
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop has just ended
                self._loop.call_soon_threadsafe(self._ask, number)

    def _ask(self, number: int) -> None:
        if self._asked is not None and not self._asked.done():
            self._asked.set_result(number)


def serve(
    *,
    radio: str,
    data: str | None,
    profiles: Path | None,
    page: Page | None,
    mqtt: Broker | None = None,
) -> Exit:
    """Serve until INT, TERM or HUP, or until the store has failed; returns once every device rests.

    Raises:
        MassagerError: The core cannot begin.
    """
    where = surroundings(radio=radio, data=data, profiles=profiles)
    signals = Signals()

    async def until_signal() -> Exit:
        async with hosted(where, log, Hosting(page=page, mqtt=mqtt)) as core:
            return await serve_until_signal(core, signals, lambda: print("ready", flush=True))

    return asyncio.run(until_signal())


async def serve_until_signal(core: Core, signals: Signals, announce: Callable[[], None]) -> Exit:
    """Serve until a signal or the store's end; returns once every device rests."""
    code = await _supervised(core, signals, announce)
    log("stopping everything")
    tell_systemd("STOPPING=1")
    return code if await core.close() else Exit.STOPPED


async def _supervised(core: Core, signals: Signals, announce: Callable[[], None]) -> Exit:
    feeding = asyncio.create_task(feed_watchdog(core.massage, BootClock()))
    try:
        log(f"serving {core.massage.host.radio if core.massage.host else ''}")
        if core.page is not None:
            log(f"page at {core.page}")
        announce()
        tell_systemd("READY=1")
        return await _first(signals, core)
    finally:
        feeding.cancel()
        await asyncio.gather(feeding, return_exceptions=True)


async def _first(signals: Signals, core: Core) -> Exit:
    """Wait for a signal, or for the store's end."""
    asked, lost = asyncio.create_task(signals.wait()), asyncio.create_task(core.lost.wait())
    try:
        await asyncio.wait({asked, lost}, return_when=asyncio.FIRST_COMPLETED)
        if asked.done():
            return asked.result()
        log("the store has failed; this core ends, and the next one opens it anew")
        return Exit.ERROR
    finally:
        for task in (asked, lost):
            task.cancel()
        await asyncio.gather(asked, lost, return_exceptions=True)


def log(line: str) -> None:
    """A line for whoever watches the core."""
    with suppress(OSError):  # nobody has to read it
        print(f"massager: {line}", file=sys.stderr, flush=True)
