"""Gets to the device and holds on to it: scan, connect, STOP, subscribe, rest, identity; in this order."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from massager.guardian.clock import Clock
from massager.guardian.device_lock import DeviceHeldError, Lock
from massager.guardian.link import Identity, Link, LinkFactory
from massager.guardian.messages import Failure
from massager.guardian.stopping import StopPath
from massager.model.errors import LinkError, NotFoundError, NotPairedError

# BlueZ reports a disconnect before it is complete; a pause of 0.5 s cured 60 of 60 tries.
PAUSE_S: Final = 0.5
RECONNECT_LONGEST_MS: Final = 30_000  # chosen, because a device out of reach for longer was taken away


@dataclass(frozen=True, slots=True)
class Hooks:
    """What the keeper tells, at once and from within its own calls.

    Attributes:
        connected: There is a link, and not a byte was written on it yet.
        heard: State bytes and their arrival in ms.
        lost: The link is gone, for a reason.
    """

    connected: Callable[[], None]
    heard: Callable[[bytes, int], None]
    lost: Callable[[str], None]


class LinkKeeper:
    """At most one link at a time, to one device: once connected, always to that address.

    Attributes:
        link: Up and STOPped; None while there is none.
        gone: Set while there is none.
    """

    def __init__(
        self,
        *,
        links: LinkFactory,
        path: StopPath,
        clock: Clock,
        hooks: Hooks,
        address: str | None,
        lock: Lock,
    ) -> None:
        self.link: Link | None = None
        self.address = address
        self.reached = False
        self.gone = asyncio.Event()
        self._links = links
        self._path = path
        self._clock = clock
        self._hooks = hooks
        self._lock = lock
        self._letting_go: set[asyncio.Task[None]] = set()

    async def hold(self, welcome: Callable[[Identity], None], fail: Callable[[Failure, str], None]) -> None:
        """Reach the device, and again after each loss, within 30 s of it."""
        since_ms = self._clock.now_ms()
        while True:
            try:
                welcome(await self.reach())
                await self.gone.wait()
                since_ms = self._clock.now_ms()
            except (LinkError, NotFoundError) as error:
                if self._never(error) or self._clock.now_ms() - since_ms >= RECONNECT_LONGEST_MS:
                    fail(_failure_of(error), str(error))
            await asyncio.sleep(PAUSE_S)

    def _never(self, error: LinkError | NotFoundError) -> bool:
        """Whether another attempt is in vain; a device that may still press is looked for in any case."""
        if isinstance(error, NotPairedError):
            return self._path.rested.is_set() or not self.reached
        return isinstance(error, (NotFoundError, DeviceHeldError)) and not self.reached

    async def reach(self) -> Identity:
        """One attempt; where it fails no link is left behind.

        Raises:
            NotFoundError: No device is within reach, or several are and none was named.
            DeviceHeldError: Another controller drives it; no connection was tried.
            NotPairedError: It does not prove that it is the one that was paired, or will not pair.
            LinkError: Anything else on the way, a link lost before rest included.
        """
        self.gone.clear()
        link = self._links(lambda detail: self._on_lost(link, detail))
        try:
            return await self._reach(link)
        except BaseException:
            self._forget(link)
            await link.disconnect()
            raise

    async def _reach(self, link: Link) -> Identity:
        found = await link.scan(self.address)
        if not found:
            raise NotFoundError(f"{self.address or 'No device of this family'} is not within reach.")
        if len(found) > 1:
            names = ", ".join(f"{each.address} {each.name}".strip() for each in found)
            raise SeveralError(f"Several devices are within reach, name one: {names}")
        await self._lock.claim(found[0].address)
        await link.connect(found[0])
        self.link, self.address, self.reached = link, found[0].address, True
        self._hooks.connected()
        await self._path.attach(link)
        if self.link is not link:
            self._path.detach()
            raise LinkError("the link was lost at once")
        await link.subscribe(self._hooks.heard)
        await self._rest_or_loss()
        if self.link is not link:
            raise LinkError("the link was lost before the device reported rest")
        return await link.identify()

    async def _rest_or_loss(self) -> None:
        waits = [asyncio.ensure_future(event.wait()) for event in (self._path.rested, self.gone)]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    def drop(self, detail: str) -> None:
        """Give the link up on purpose, without waiting; `gone` is set when it is down."""
        link = self.link
        if link is not None:
            self._forget(link)
            self._hooks.lost(detail)
            task = asyncio.create_task(self._hang_up(link))
            self._letting_go.add(task)
            task.add_done_callback(self._letting_go.discard)

    async def _hang_up(self, link: Link) -> None:
        try:
            await link.disconnect()
        finally:
            self.gone.set()

    async def let_go(self) -> None:
        """Disconnect for good."""
        link = self.link
        if link is not None:
            self._forget(link)
            await link.disconnect()

    def _on_lost(self, link: Link, detail: str) -> None:
        if link is self.link:
            self._forget(link)
            self.gone.set()
            self._hooks.lost(detail)

    def _forget(self, link: Link) -> None:
        if link is self.link:
            self.link = None
            self._path.detach()


class SeveralError(NotFoundError):
    """More than one device is within reach and none was named."""


def _failure_of(error: Exception) -> Failure:
    """The failure that an error of `reach` is told as."""
    if isinstance(error, SeveralError):
        return Failure.SEVERAL
    if isinstance(error, DeviceHeldError):
        return Failure.BUSY
    if isinstance(error, NotPairedError):
        return Failure.NOT_PAIRED
    return Failure.NOT_FOUND if isinstance(error, NotFoundError) else Failure.RADIO
