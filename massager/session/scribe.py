"""The pen of a core: what its sessions have to say goes into the journal together, off the control loops.

Nobody waits for it. What cannot be written, or waits for too long, is final: without durable memory nothing
may move, in any session of the core.
"""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from typing import Final

from massager.model.errors import MassagerError, StoreError
from massager.model.history import Moment
from massager.store import Journal, Record

# Chosen: two transactions a second, whoever has something to say, cost the disk less than one for each, and a
# store that is gone still shows within a lease's longest life.
GATHER_S: Final = 0.5
# Chosen: as long as the longest lease; a store that takes longer has failed (docs/architecture.md).
PATIENCE_MS: Final = 2000
# Chosen: a minute of the worst that fifty sessions can say.
QUEUE_LONGEST: Final = 50_000


class Scribe:
    """Journal of all sessions of a core.

    Args:
        journal: Where to.
        now: On both clocks.
        executor: One thread, which alone uses the store.
    """

    def __init__(self, *, journal: Journal, now: Callable[[], Moment], executor: Executor) -> None:
        self._journal = journal
        self._now = now
        self._executor = executor
        self._failed: MassagerError | None = None
        self._queue: list[Record] = []
        self._asked_ms: int | None = None
        self._worker: asyncio.Task[None] | None = None

    def add(self, session: int, kind: str, code: str, facts: Mapping[str, object]) -> None:
        """Take a record; it is durable a moment later, or `fault` says why not."""
        now = self._now()
        if len(self._queue) >= QUEUE_LONGEST:
            self._failed = self._failed or StoreError("the journal cannot keep up")
            return
        self._queue.append(Record(session, None, now.boot_ms, now.wall_s, kind, code, facts))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._write())

    def fault(self, now_ms: int) -> MassagerError | None:
        """Why nothing may move any more, if so."""
        asked_ms = self._asked_ms
        if self._failed is None and asked_ms is not None and now_ms - asked_ms > PATIENCE_MS:
            self._failed = StoreError("the store does not answer. Check its disk or its server")
        return self._failed

    async def flush(self) -> None:
        """Wait until everything said so far is written, or never will be."""
        while self._worker is not None and not self._worker.done():
            await asyncio.wait({self._worker})

    async def _write(self) -> None:
        await asyncio.sleep(GATHER_S)
        while self._queue and self._failed is None:
            records, self._queue = self._queue, []
            self._asked_ms = self._now().boot_ms
            try:
                await asyncio.get_running_loop().run_in_executor(self._executor, self._append, records)
            except MassagerError as error:
                self._failed = error
            except Exception as error:
                self._failed = StoreError(f"the journal cannot be written: {error!r}")
                raise

    def _append(self, records: list[Record]) -> None:
        """In the store's thread, which alone knows when it is done: a loop that stalled looks too late."""
        try:
            self._journal.append(*records)
        finally:
            self._asked_ms = None
