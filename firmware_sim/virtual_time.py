"""An asyncio event loop whose clock jumps to the next timer, so that a whole stack runs an hour in a second.

Nothing outside the loop changes: `time.monotonic` and the wall clock keep telling the truth.
"""

import asyncio
import contextlib
import heapq
import itertools
import math
import selectors
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextvars import Context
from typing import Any, Final, TypeVar, TypeVarTuple

_T = TypeVar("_T")
_Ts = TypeVarTuple("_Ts")


class DeadlockError(RuntimeError):
    """Every task waits for something that nothing scheduled, ready or running in a thread can bring."""


class _Timer(asyncio.TimerHandle):
    """A timer that among equal deadlines keeps the order in which it was set; a heap alone does not."""

    __slots__ = ("order",)

    order: int

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, _Timer):
            return NotImplemented
        mine, other_s = self.when(), other.when()
        return mine < other_s or (mine == other_s and self.order < other.order)


_JOB_TAKES_S: Final = 0.02
"""How long everything else lets a new job go first: chosen, because a job of a store takes 1 ms, and a loop
that goes on beside it costs both of them more than they are worth."""


class _JumpingSelector(selectors.DefaultSelector):
    """Looks for readiness as usual, and moves the loop's clock where the loop would have slept."""

    def __init__(self, loop: "VirtualTimeLoop") -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if self._loop.lets_a_job_go_first() and (ready := super().select(_JOB_TAKES_S)):
            return ready
        # With only the loop's own wake-up pipe to look at, and no thread that could use it, a look costs a
        # system call and brings nothing; only before calling it a deadlock is one worth it.
        if len(self.get_map()) > 1 or self._loop.has_thread_jobs or (timeout is None):
            ready = super().select(0)
            if ready or timeout == 0:
                return ready
            if self._loop.has_thread_jobs:
                return super().select(None)  # woken by the job's end
        if timeout != 0:
            self._loop.jump()
        return []


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """Time starts at 0 and moves only when nothing is ready and no job runs in a thread.

    Raises `DeadlockError` out of the run in place of waiting for ever. Threads and child processes
    started by other means than `run_in_executor` do not hold the clock.
    """

    def __init__(self) -> None:
        self._now = 0.0
        self._orders = itertools.count()
        self._jobs: set[object] = set()
        self._has_new_job = False
        super().__init__(_JumpingSelector(self))
        self._workers: Executor = ThreadPoolExecutor(thread_name_prefix="virtual-time")
        self.set_default_executor(self._workers)

    def time(self) -> float:
        """Return the virtual seconds since the loop was made."""
        return self._now

    @property
    def has_thread_jobs(self) -> bool:
        """Whether a job in a thread holds the clock."""
        return bool(self._jobs)

    def lets_a_job_go_first(self) -> bool:
        """Whether a job was begun since the last time that this was asked."""
        new, self._has_new_job = self._has_new_job, False
        return new

    def jump(self) -> None:
        """Move the clock to the next timer.

        Raises:
            DeadlockError: there is none.
        """
        timers: list[_Timer] = self._scheduled  # type: ignore[attr-defined]  # the heap of asyncio
        if not timers:
            waiting = ", ".join(sorted(task.get_name() for task in asyncio.all_tasks(self)))
            raise DeadlockError(f"nothing is scheduled at {self._now} s; waiting: {waiting or 'no task'}")
        self._now = max(self._now, timers[0].when())
        # A timer counts as due within this much; less than one step of the clock would never be due.
        self._clock_resolution = max(1e-9, 2 * math.ulp(self._now))

    def call_at(
        self,
        when: float,
        callback: Callable[[*_Ts], object],
        *args: *_Ts,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """Schedule as asyncio does, equal deadlines in the order of the calls."""
        self._check_closed()  # type: ignore[attr-defined]  # as the method replaced does
        timer = _Timer(when, callback, args, self, context)
        timer.order = next(self._orders)
        heapq.heappush(self._scheduled, timer)  # type: ignore[attr-defined]  # the heap of asyncio
        timer._scheduled = True  # type: ignore[attr-defined]  # noqa: SLF001  # lets cancel() count it
        return timer

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[*_Ts], _T], *args: *_Ts
    ) -> asyncio.Future[_T]:
        """Run a job in a thread; the clock stands still until it ends."""
        self._check_closed()  # type: ignore[attr-defined]  # as the method replaced does
        job = (executor or self._workers).submit(func, *args)
        self._jobs.add(job)
        self._has_new_job = True
        result = asyncio.wrap_future(job, loop=self)
        # After wrap_future: its result must be on its way before the clock is free again.
        job.add_done_callback(self._release_from_thread)
        return result

    def _release_from_thread(self, job: Future[Any]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed and nobody waits
            self.call_soon_threadsafe(self._jobs.discard, job)

    async def shutdown_default_executor(self, timeout: float | None = None) -> None:  # noqa: ASYNC109  # its signature
        """Join the threads; the wait itself happens in a thread and holds the clock."""
        joining = object()
        self._jobs.add(joining)
        try:
            await super().shutdown_default_executor()
        finally:
            self._jobs.discard(joining)


def run(coroutine: Coroutine[Any, Any, _T]) -> _T:
    """Run a coroutine to its end on a new virtual clock, cancel what it left behind and close the loop.

    Raises:
        DeadlockError: it waits for something that cannot come.
    """
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        return runner.run(coroutine)
