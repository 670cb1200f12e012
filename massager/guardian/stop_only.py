"""Nothing but STOP: find the device, stop it, see it rest; for `stop --direct`, when no core answers."""

import asyncio
from typing import Final

from massager.guardian.clock import Clock
from massager.guardian.leaving import Leaving
from massager.guardian.link import LinkFactory
from massager.guardian.stopping import GIVE_UP_MS, StopPath
from massager.model.errors import LinkError, MalformedFrameError
from massager.protocol.codec import Codec

_PAUSE_S: Final = 0.5  # BlueZ reports a disconnect before it is complete


class StopOnly:
    """One attempt of 10 s to stop a device, with as many connections as it takes.

    Attributes:
        address: Of the device; None until one is known.
        detail: What went wrong last.
    """

    def __init__(
        self,
        *,
        links: LinkFactory,
        codec: Codec,
        clock: Clock,
        actuators: int,
        heaters: int = 0,
        address: str | None,
    ) -> None:
        self.address = address
        self.detail = ""
        self._links = links
        self._codec = codec
        self._clock = clock
        self._counts = {"actuators": actuators, "heaters": heaters}
        self._path = StopPath(clock, lambda: None)  # the caller's exit code is the alarm
        self._written = False

    async def run(self) -> Leaving:
        """Stop it; NO_LINK where no STOP could even be written."""
        end_ms = self._clock.now_ms() + GIVE_UP_MS
        while self._clock.now_ms() < end_ms:
            try:
                if await self._attempt():
                    return Leaving.STOPPED
            except LinkError as error:
                self.detail = str(error)
            await asyncio.sleep(_PAUSE_S)
        return Leaving.NOT_STOPPED if self._written else Leaving.NO_LINK

    async def _attempt(self) -> bool:
        link = self._links(self._lost)
        try:
            found = await link.scan(self.address)
            if len(found) != 1:
                names = ", ".join(f"{each.address} {each.name}".strip() for each in found)
                self.detail = f"several devices, name one: {names}" if found else "no device within reach"
                return False
            await link.connect(found[0])
            self.address, self._written = found[0].address, True
            await self._path.attach(link)
            await link.subscribe(self._heard)
            confirmed = await self._path.until_rest()
            self.detail = "" if confirmed else self._path.why
            return confirmed
        finally:
            self._path.detach()
            await link.disconnect()

    def _lost(self, detail: str) -> None:
        self.detail = detail
        self._path.detach()

    def _heard(self, data: bytes, at_ms: int) -> None:
        try:
            reading = self._codec.reading(data, at_ms=at_ms, **self._counts)
        except MalformedFrameError as error:
            self._path.misheard(f"it reports nonsense: {error}")
            return
        self._path.heard(reading)
