"""The STOP path: from the first write to reported rest, or to the alarm.

No disk, no queue, no log. It writes bytes that exist before they are needed, and nothing in it waits for
longer than a bound of its own.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from massager.guardian.clock import Clock
from massager.guardian.link import Link, Written
from massager.guardian.messages import Outcome
from massager.model.telemetry import Reading

REPEAT_MS: Final = 100  # docs/architecture.md
ESCALATE_MS: Final = 2000  # docs/architecture.md
GIVE_UP_MS: Final = 10_000  # docs/architecture.md
_WRITE_LONGEST_S: Final = (
    0.5  # chosen: above the 400 ms that a link may take, so that only a broken one meets it
)

# A stop that nobody answered counts as carried out this long after it was sent: chosen, because connection
# intervals are at most 50 ms in practice and a report of the time before may be one interval behind.
_SILENT_STOP_MS: Final = 200


class StopPath:
    """Stops what is at the other end of the link that is attached; the link may come and go meanwhile.

    Attributes:
        rested: Set while the device has reported rest after a stop that reached it.
        detail: Why the last STOP was not confirmed; empty when it was.
    """

    def __init__(self, clock: Clock, escalate: Callable[[], None]) -> None:
        """Take `escalate`, which is called once per stop and must not raise or wait."""
        self.rested = asyncio.Event()
        self._clock = clock
        self._escalate = escalate
        self._link: Link | None = None
        self._proven_ms: int | None = None
        self._nonsense = ""
        self.detail = ""

    @property
    def why(self) -> str:
        """Why rest is not known: what went wrong with the last STOP, else with the last report."""
        return self.detail or self._nonsense or "it does not report rest"

    def danger(self, title: str, *, connected: bool) -> str:
        """What may still happen and how to end it by hand, in a sentence for a person."""
        here = f"it is connected, but {self.why}"
        return (
            f"{title} may still press or move: {here if connected else 'the radio link is lost'}. Switch it "
            "off at its own button or pull its mains plug, and help the person away from it."
        )

    async def attach(self, link: Link) -> None:
        """Write STOP as the first thing on a new link (INV-21), and use it from now on."""
        self._proven_ms = None
        await self._write(link)
        self._link = link

    def detach(self) -> None:
        """Write nothing more on the link; what was proven through it holds no longer."""
        self._link = None
        self._proven_ms = None
        self._nonsense = ""

    def begin(self) -> None:
        """Forget earlier rest: from here on only a report that follows a new STOP counts."""
        self.rested.clear()
        self._proven_ms = None

    def heard(self, reading: Reading) -> None:
        """Take a report of the device; rest counts only where a STOP has reached the device before it."""
        self._nonsense = ""
        rests = reading.at_rest and reading.retracted and not reading.moving
        if rests and self._proven_ms is not None and reading.at_ms >= self._proven_ms:
            self.rested.set()

    def misheard(self, detail: str) -> None:
        """Take a report that cannot be read; no rest is ever told from it."""
        self._nonsense = detail

    async def until_rest(self) -> bool:
        """Write STOP every 100 ms until rest; false after 10 s without it. Escalates once after 2 s."""
        began_ms = self._clock.now_ms()
        escalated = False
        while not self.rested.is_set():
            due_ms = self._clock.now_ms() + REPEAT_MS
            if self._link is not None:
                await self._write(self._link)
            past_ms = self._clock.now_ms() - began_ms
            if past_ms >= GIVE_UP_MS:
                return False
            if past_ms >= ESCALATE_MS and not escalated:
                escalated = True
                self._escalate()
            await self._pause((due_ms - self._clock.now_ms()) / 1000)
        return True

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(max(0.0, seconds)):
                await self.rested.wait()
        except TimeoutError:
            return

    async def _write(self, link: Link) -> None:
        """One STOP; whatever the link does, the next one follows."""
        try:
            async with asyncio.timeout(_WRITE_LONGEST_S):
                written = await link.write_stop()
        except Exception as error:  # noqa: BLE001 - kept in `detail` for the alarm; the repetition is the answer
            written = Written(Outcome.FAILED, f"{type(error).__name__}: {error}")
        self.detail = written.detail
        if written.outcome is Outcome.FAILED or self._proven_ms is not None:
            return
        silent = written.outcome is Outcome.UNCERTAIN
        self._proven_ms = self._clock.now_ms() + (_SILENT_STOP_MS if silent else 0)
