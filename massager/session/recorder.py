"""A session's memory: debits ahead of the motion they pay for, and what happened, off the control loop.

The loop only looks at `paid`, `device` and `fault`, and never waits. A failed write is final for the session:
without durable memory nothing may move.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Final, TypeVar

from massager.guardian.messages import Delivery
from massager.model.body import Side, Zone
from massager.model.commands import Lease
from massager.model.decisions import Reason, Refusal, Trip
from massager.model.errors import MassagerError, StoreError
from massager.model.history import Moment
from massager.model.questions import CheckIn
from massager.model.telemetry import Reading
from massager.routine.course import Course
from massager.safety.clocks import Paid, Usage
from massager.safety.governor import Approved
from massager.safety.responses import Consequence
from massager.session.facts import Facts, Noticed, Wished, decided, noticed_facts, reading_facts, wished_facts
from massager.session.scribe import PATIENCE_MS, Scribe
from massager.store import Amounts, Ledger

_T = TypeVar("_T")

# docs/architecture.md: a debit is a reservation of 10 s, written before the motion.
BLOCK_MS: Final = 10_000
# Chosen, because a write that takes longer than this stops the session by itself, long after the 2 s for
# which a store may keep one waiting.
AHEAD_MS: Final = 5_000
# Chosen: one report a second tells where the rollers were, and shows within a second that the store is gone.
SAMPLE_MS: Final = 1_000


class Recorder:
    """Debits and journal of one session.

    Args:
        ledger: Already holds the open session.
        scribe: Of the core.
        session: Number of the session in the ledger.
        keep: Puts on record what outlives a session, and what was said; called in the store's thread.
        follow_up_s: Seconds after its end at which to ask how it went.
        now: On both clocks.
        executor: One thread, which alone uses the store.

    Attributes:
        paid: What is durable; leases may use it.
        device: Identity of the device that the ledger holds for this session; None before.
        session: Its number.
        failed: The first failure to write that `fault` found, for good.
    """

    def __init__(
        self,
        *,
        ledger: Ledger,
        scribe: Scribe,
        session: int,
        keep: Callable[[Consequence, CheckIn], object],
        follow_up_s: tuple[int, ...],
        now: Callable[[], Moment],
        executor: Executor,
    ) -> None:
        self.paid = Paid(0, {})
        self.device: str | None = None
        self.session = session
        self._ledger = ledger
        self._scribe = scribe
        self._follow_up_s = follow_up_s
        self._now = now
        self._executor = executor
        self.failed: MassagerError | None = None
        self._debit: asyncio.Task[None] | None = None
        self._asked_ms: int | None = None
        self._naming: asyncio.Task[None] | None = None
        self._decided: tuple[object, ...] | None = None
        self._repeats = 0
        self._followed: int | None = None
        self._sampled_ms: int | None = None
        self._keep = keep
        self._keeping: list[asyncio.Task[object]] = []
        self._closed = False

    # From the control loop; none of these waits.

    def fault(self, now_ms: int) -> MassagerError | None:
        """Why nothing may move any more, if so; for good."""
        self.failed = self.failed or self._scribe.fault(now_ms)
        asked_ms = self._asked_ms
        if self.failed is None and asked_ms is not None and now_ms - asked_ms > PATIENCE_MS:
            self.failed = StoreError("the ledger does not answer. Check its disk or its server")
        return self.failed

    def name_device(self, identity: str) -> None:
        """Have the ledger hold the device for this session; `device` says when it does."""
        self.device = None
        self._naming = asyncio.create_task(self._name(identity))

    def top_up(self, usage: Usage, course: Course, now_ms: int) -> None:
        """See to it that the time ahead is paid: a block for the session, this zone and the next."""
        if self.failed is not None or self._closed or (self._debit is not None and not self._debit.done()):
            return
        zones = course.zones_ahead()
        short = self.paid.session_ms - usage.elapsed_ms(now_ms) < AHEAD_MS or any(
            self.paid.zones_ms.get(zone, 0) - usage.zone_ms(zone) < AHEAD_MS for zone in zones
        )
        if short:
            block = Amounts(BLOCK_MS, {(zone, side): BLOCK_MS for zone in zones for side in Side})
            self._debit = asyncio.create_task(self._reserve(_used(usage, now_ms), block))

    def paid_for(self, zone: Zone) -> bool:
        """Whether a first block for a zone is durable."""
        return self.paid.session_ms > 0 and self.paid.zones_ms.get(zone, 0) > 0

    def note(self, kind: str, code: str, facts: Facts) -> None:
        """Add a record of something that happened."""
        self._flush_repeats()
        self._scribe.add(self.session, kind, code, facts)

    def wished(self, wished: Callable[[], Wished], answer: Approved | Refusal) -> bool:
        """Add a record of a decision; one that renews the one before is counted, and `wished` not asked.

        Returns:
            Whether it is a new one.
        """
        outcome = decided(answer)
        mark = tuple(map(str, outcome.values()))
        if mark == self._decided:
            self._repeats += 1
            return False
        self._flush_repeats()
        self._decided = mark
        code = answer.reason if isinstance(answer, Refusal) else answer.cap.source
        self._scribe.add(self.session, "decision", code, wished_facts(wished(), answer))
        return True

    def noticed(self, noticed: Noticed, trip: Trip) -> None:
        """Add a record of a trip."""
        self.note("trip", trip.reason, noticed_facts(noticed, trip))

    def follow(self, lease: Lease) -> None:
        """Write down what becomes of this lease, even if it arrives."""
        self._followed = lease.number

    def delivered(self, delivery: Delivery, reason: Reason | None) -> None:
        """Add a record of a delivery that failed, or whose lease is followed.

        Args:
            delivery: What the guardian said.
            reason: Why it counts as lost; None if it arrived.
        """
        if reason is not None or delivery.number == self._followed:
            facts: Facts = {"number": delivery.number, "detail": delivery.detail}
            self._scribe.add(self.session, "delivery", delivery.outcome, facts)

    def sample(self, reading: Reading) -> None:
        """Add a record of a report, one a second."""
        if self._sampled_ms is None or reading.at_ms - self._sampled_ms >= SAMPLE_MS:
            self._sampled_ms = reading.at_ms
            self._scribe.add(self.session, "telemetry", reading.cause, reading_facts(reading))

    def keep(self, consequence: Consequence, said: CheckIn) -> None:
        """Put on record what outlives the session; `close` waits for it."""
        self._keeping.append(asyncio.create_task(self._attempt(lambda: self._keep(consequence, said))))

    async def close(self, usage: Usage | None) -> None:
        """Write what is left and settle the session to what it used (None: nothing); see `fault`.

        Calling it again does nothing.
        """
        if self._closed:
            return
        self._flush_repeats()
        self._closed = True
        for task in (self._debit, self._naming, *self._keeping):
            if task is not None:
                await asyncio.wait({task})
        await self._scribe.flush()
        now = self._now()
        self.fault(now.boot_ms)
        used = Amounts(0, {}) if usage is None else _used(usage, now.boot_ms)
        await self._attempt(
            lambda: self._ledger.close_session(
                self.session, used=used, now=now, follow_up_s=self._follow_up_s
            )
        )

    # In the store's thread.

    async def _name(self, identity: str) -> None:
        now = self._now()
        await self._attempt(lambda: self._ledger.name_device(self.session, identity, now))
        if self.failed is None:
            self.device = identity

    async def _reserve(self, used: Amounts, block: Amounts) -> None:
        now = self._now()
        total = await self._attempt(
            lambda: self._ledger.reserve(self.session, used=used, block=block, now=now)
        )
        if total is not None:
            self.paid = Paid(total.session_ms, _by_zone(total))

    async def _attempt(self, job: Callable[[], _T]) -> _T | None:
        """The job's result; None where it failed, which is then the session's fault for good."""
        self._asked_ms = self._now().boot_ms

        def answered() -> _T:
            # Told from the thread itself: a loop that stalled looks too late.
            try:
                return job()
            finally:
                self._asked_ms = None

        try:
            return await asyncio.get_running_loop().run_in_executor(self._executor, answered)
        except MassagerError as error:
            self.failed = self.failed or error
        except Exception as error:
            self.failed = self.failed or StoreError(f"the ledger cannot be written: {error!r}")
            raise
        return None

    def _flush_repeats(self) -> None:
        if self._repeats:
            repeats, self._repeats = self._repeats, 0
            self._scribe.add(self.session, "renewals", "unchanged", {"count": repeats})
        self._decided = None


def _used(usage: Usage, now_ms: int) -> Amounts:
    zones_ms = {(zone, side): ms for zone, ms in usage.zones_ms.items() for side in Side}
    return Amounts(usage.elapsed_ms(now_ms), zones_ms)


def _by_zone(total: Amounts) -> dict[Zone, int]:
    """What is paid on both sides, since a roller pair works on both at once."""
    zones = {zone for zone, _side in total.zones_ms}
    return {zone: min(total.zones_ms.get((zone, side), 0) for side in Side) for zone in zones}
