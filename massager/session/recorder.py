"""A session's memory: debits ahead of the motion they pay for, and the journal, off the control loop.

One worker writes; the loop only looks at `paid` and `failed` and never waits. A failed write is final for the
session: without durable memory nothing may move.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar

from massager.model.body import Side, Zone
from massager.model.commands import Intent
from massager.model.decisions import Reason, Refusal
from massager.model.errors import MassagerError
from massager.model.telemetry import Reading
from massager.routine.timeline import Course
from massager.safety.clocks import Paid, Usage
from massager.safety.governor import Approved
from massager.store import Amounts, Journal, Ledger, Record

_T = TypeVar("_T")

# docs/architecture.md: a debit is a reservation of 10 s, written before the motion.
BLOCK_MS = 10_000
# Chosen, because a write that takes longer than this stops the session by itself, long after 2 s of waiting
# for a locked file.
AHEAD_MS = 5_000
# Chosen: a quarter of an hour at ten refusals a second, the worst that a session could write.
QUEUE_LONGEST = 10_000


class Recorder:
    """Debits and journal of one session.

    Args:
        ledger: Already holds the open session.
        journal: Of the same store.
        session: Number of the session in the ledger.
        now_ms: Boot-time clock.
        wall_s: Wall clock.
        executor: One thread, which alone uses the store.

    Attributes:
        paid: What is durable; leases may use it.
        failed: The first failure to write, for good.
    """

    def __init__(
        self,
        *,
        ledger: Ledger,
        journal: Journal,
        session: int,
        now_ms: Callable[[], int],
        wall_s: Callable[[], int],
        executor: Executor,
    ) -> None:
        self.paid = Paid(0, {})
        self.failed: MassagerError | None = None
        self._ledger = ledger
        self._journal = journal
        self._session = session
        self._now_ms = now_ms
        self._wall_s = wall_s
        self._executor = executor
        self._queue: list[Record] = []
        self._wanted: tuple[Amounts, Amounts] | None = None
        self._decided: tuple[object, ...] | None = None
        self._repeats = 0
        self._wake = asyncio.Event()
        self._worker: asyncio.Task[None] | None = None
        self._closing = False

    # From the control loop; none of these waits.

    def top_up(self, usage: Usage, course: Course, now_ms: int) -> None:
        """Reserve the next block for the zones that come next, once less than `AHEAD_MS` is left."""
        zones = course.zones_ahead()
        elapsed_ms = usage.elapsed_ms(now_ms)
        low = self.paid.session_ms - elapsed_ms < AHEAD_MS or any(
            self.paid.zones_ms.get(zone, 0) - usage.zone_ms(zone) < AHEAD_MS for zone in zones
        )
        if low and self._wanted is None:
            block = Amounts(BLOCK_MS, {(zone, side): BLOCK_MS for zone in zones for side in Side})
            self._wanted = (self._used(usage, now_ms), block)
            self._kick()

    def paid_for(self, zone: Zone) -> bool:
        """Whether a first block for a zone is durable."""
        return self.paid.session_ms > 0 and self.paid.zones_ms.get(zone, 0) > 0

    def note(self, kind: str, reason: Reason, facts: dict[str, object]) -> None:
        """Add a record of something that happened."""
        self._flush_repeats()
        self._add(kind, reason, facts)

    def decision(
        self, intent: Intent, answer: Approved | Refusal, reading: Reading | None, now_ms: int
    ) -> None:
        """Add a record of a decision, unless it renews the one before: those are counted."""
        if isinstance(answer, Refusal):
            code: str = answer.reason
            outcome: dict[str, object] = {"refused": answer.detail}
        else:
            code = answer.cap.source
            outcome = {"levels": list(answer.setpoint.levels), "carriage_mm": answer.setpoint.carriage_mm}
        decided = (intent, code, tuple(map(str, outcome.values())))
        if decided == self._decided:
            self._repeats += 1
            return
        self._flush_repeats()
        self._decided = decided
        facts: dict[str, object] = {
            "level": intent.level,
            "target_mm": intent.carriage_mm,
            "half_width_mm": intent.half_width_mm,
            "pace_mm_s": intent.pace_mm_s,
            "at_mm": reading.carriage_mm if reading else None,
            "counter": reading.counter if reading else None,
        }
        self._add("decision", code, facts | outcome)

    async def close(self, usage: Usage | None) -> None:
        """Write what is left and settle the session to what it used (None: nothing); see `failed`.

        Calling it again does nothing.
        """
        if self._closing:
            return
        self._flush_repeats()
        self._closing = True
        self._kick()
        if self._worker is not None:
            await self._worker
        used = Amounts(0, {}) if usage is None else self._used(usage, self._now_ms())
        wall_s = self._wall_s()
        try:
            await self._in_thread(lambda: self._ledger.close_session(self._session, used=used, now_s=wall_s))
        except MassagerError as error:
            self.failed = self.failed or error

    # The worker.

    def _kick(self) -> None:
        self._wake.set()
        if self._worker is None:
            self._worker = asyncio.create_task(self._work())

    async def _work(self) -> None:
        try:
            while self._wanted or self._queue or not self._closing:
                await self._wake.wait()
                self._wake.clear()
                await self._write()
        except MassagerError as error:
            self.failed = error
        except Exception as error:
            self.failed = MassagerError(f"the journal cannot be written: {error!r}")
            raise

    async def _write(self) -> None:
        if self._wanted is not None:
            used, block = self._wanted
            wall_s = self._wall_s()
            total = await self._in_thread(
                lambda: self._ledger.reserve(self._session, used=used, block=block, now_s=wall_s)
            )
            self.paid = Paid(total.session_ms, _by_zone(total))
            self._wanted = None
        if self._queue:
            records, self._queue = self._queue, []
            await self._in_thread(lambda: self._journal.append(*records))

    async def _in_thread(self, job: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, job)

    def _used(self, usage: Usage, now_ms: int) -> Amounts:
        zones_ms = {(zone, side): ms for zone, ms in usage.zones_ms.items() for side in Side}
        return Amounts(usage.elapsed_ms(now_ms), zones_ms)

    def _flush_repeats(self) -> None:
        if self._repeats:
            repeats, self._repeats = self._repeats, 0
            self._add("renewals", "unchanged", {"count": repeats})
        self._decided = None

    def _add(self, kind: str, code: str, facts: dict[str, object]) -> None:
        if len(self._queue) >= QUEUE_LONGEST:
            self.failed = self.failed or MassagerError("the journal cannot keep up")
            return
        self._queue.append(Record(self._session, self._now_ms(), self._wall_s(), kind, code, facts))
        self._kick()


def _by_zone(total: Amounts) -> dict[Zone, int]:
    """What is paid on both sides, since a roller pair works on both at once."""
    zones = {zone for zone, _side in total.zones_ms}
    return {zone: min(total.zones_ms.get((zone, side), 0) for side in Side) for zone in zones}
