"""A device on the air under a codec, driven as little as a check needs: level 1, for a few seconds."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from massager.conformance.candidate import Candidate, ConformanceError, expect
from massager.guardian.clock import LoopClock
from massager.guardian.link import Identity, Link
from massager.guardian.messages import Outcome
from massager.guardian.radio import Radio
from massager.guardian.transport import gatt_links
from massager.model.commands import Setpoint
from massager.model.errors import MalformedFrameError
from massager.model.telemetry import Reading

RETRACTED_S: Final = 5.0  # docs/protocol.md 2: everything is retracted within 5 s of a stop
REPORTS_S: Final = 1.5  # docs/protocol.md 4: once a second at rest, and half of that for the air
DEADLINE_S: Final = 60  # chosen: far more than any check takes


class Bench:
    """One connected device that rests.

    Attributes:
        candidate: What it is.
        link: To it.
        identity: What it says of itself.
        state: The newest state notification, as bytes.
        readings: Every state notification since the link, decoded.
    """

    def __init__(self, candidate: Candidate, link: Link, identity: Identity) -> None:
        self.candidate = candidate
        self.link = link
        self.identity = identity
        self.state = b""
        self.readings: list[Reading] = []
        self.epoch = 0
        self._unread: str | None = None
        self._news = asyncio.Event()

    def hear(self, data: bytes, at_ms: int) -> None:
        """Take a state notification."""
        device = self.candidate.device
        parts = {"actuators": len(device.actuators), "heaters": len(device.heaters)}
        try:
            self.readings.append(self.candidate.codec.reading(data, at_ms=at_ms, **parts))
            self.state = data
        except MalformedFrameError as error:
            self._unread = f"{data.hex(' ')}: {error}"
        self._news.set()

    async def until(self, met: Callable[[Reading], bool], what: str, *, within_s: float) -> Reading:
        """Wait for a report of which something holds.

        Raises:
            ConformanceError: None came in time; `what` says what was waited for.
        """
        seen = len(self.readings)
        try:
            async with asyncio.timeout(within_s):
                while True:
                    for reading in self.readings[seen:]:
                        if met(reading):
                            return reading
                    expect(self._unread is None, f"a report cannot be read: {self._unread}")
                    seen = len(self.readings)
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            last = self.readings[-1] if self.readings else "nothing"
            raise ConformanceError(f"no report within {within_s:g} s that {what}; the last: {last}") from None

    async def rest(self, what: str = "it rests", *, within_s: float = RETRACTED_S) -> Reading:
        """Wait until a report says that the device rests, with every level 0."""
        return await self.until(
            lambda told: told.at_rest and told.retracted and not told.moving, what, within_s=within_s
        )

    async def begin(self, *, ceiling: int = 1, deadline_s: int = DEADLINE_S) -> None:
        """Open a session with a new epoch, every ceiling alike."""
        self.epoch = max(self.epoch, *(told.epoch for told in self.readings[-1:])) + 1
        accepted = await self.write_begin(self.epoch, ceiling=ceiling, deadline_s=deadline_s)
        expect(accepted, f"BEGIN of epoch {self.epoch} at rest is refused")

    async def write_begin(self, epoch: int, *, ceiling: int = 1, deadline_s: int = DEADLINE_S) -> bool:
        """Write a BEGIN; whether it was accepted."""
        device = self.candidate.device
        highest = [part.levels for part in device.actuators] + [heater.levels for heater in device.heaters]
        ceilings = tuple(min(ceiling, levels) for levels in highest)
        data = self.candidate.codec.begin(epoch=epoch, deadline_s=deadline_s, ceilings=ceilings)
        return await self.accepts(data)

    def frame(self, *, seq: int, level: int = 1, lease_ms: int = 1000, epoch: int | None = None) -> bytes:
        """A SET of the first actuator to a level, with everything else off and where it is."""
        device = self.candidate.device
        setpoint = Setpoint(
            (level, *(0 for _ in device.actuators[1:])),
            None,
            None,
            0 if device.carriage is None else 1,
            tuple(0 for _ in device.heaters),
        )
        return self.candidate.codec.set(
            seq=seq, epoch=self.epoch if epoch is None else epoch, lease_ms=lease_ms, setpoint=setpoint
        )

    async def accepts(self, data: bytes) -> bool:
        """Write to the command characteristic; whether the device accepted it.

        Raises:
            ConformanceError: It neither accepted nor refused.
        """
        written = await self.link.write_command(data)
        expect(
            written.outcome is not Outcome.UNCERTAIN,
            f"no answer to {data.hex(' ')}: {written.detail}",
        )
        return written.outcome is Outcome.CONFIRMED

    async def drive(self, *, seq: int = 1, lease_ms: int = 1000) -> None:
        """Have a lease at level 1 accepted and told."""
        expect(await self.accepts(self.frame(seq=seq, lease_ms=lease_ms)), "a lease at level 1 is refused")
        await self.until(
            lambda told: told.epoch == self.epoch and told.actuators[0].level == 1,
            "tells level 1 of this epoch",
            within_s=REPORTS_S,
        )

    async def stop(self) -> None:
        """Stop, and wait for rest."""
        written = await self.link.write_stop()
        expect(written.outcome is Outcome.CONFIRMED, f"STOP is {written.outcome}: {written.detail}")
        await self.rest("it rests after STOP")


@asynccontextmanager
async def connected(
    candidate: Candidate, radio: Radio, *, address: str | None = None
) -> AsyncIterator[Bench]:
    """The device on a radio, at rest; stopped and let go at the end whatever happened.

    Args:
        candidate: What it is.
        radio: Where it is.
        address: Which one; the only one within reach if left out.

    Raises:
        ConformanceError: There is none, or it does not rest.
        LinkError: It cannot be reached.
    """
    link = gatt_links(radio, candidate.codec, LoopClock())(lambda _said: None)
    found = await link.scan(address)
    expect(len(found) == 1, f"{len(found)} such devices are within reach; name one by its address")
    await link.connect(found[0])
    try:
        identity = await link.identify()
        bench = Bench(candidate, link, identity)
        await link.subscribe(bench.hear)
        await link.write_stop()
        await bench.rest("it rests before the check")
        yield bench
    finally:
        await link.write_stop()
        await link.disconnect()
