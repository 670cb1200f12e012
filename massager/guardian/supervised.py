"""Tasks that may not die: whatever ends one is reported, and the work goes on (INV-19)."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, Final

Work = Callable[[], Coroutine[Any, Any, None]]

_PAUSE_S: Final = 0.05  # chosen, so that a work that fails at once does not keep the others from theirs


class Supervised:
    """Endless works, each in a task of its own."""

    def __init__(self, works: Iterable[Work], broken: Callable[[Exception], None]) -> None:
        """Start them; `broken` is told at once what failed, and must not raise or wait."""
        self._broken = broken
        self._tasks: dict[asyncio.Task[None], Work] = {}
        for work in works:
            self._start(work)

    def _start(self, work: Work) -> None:
        self._tasks[asyncio.create_task(self._guarded(work))] = work

    async def _guarded(self, work: Work) -> None:
        while True:
            try:
                await work()
            except Exception as error:  # noqa: BLE001 - reported, and the work goes on for the STOP's sake
                self._broken(error)
                await asyncio.sleep(_PAUSE_S)

    async def until(self, over: asyncio.Event) -> None:
        """Wait for an event; a task that somebody ended meanwhile is reported and started anew."""
        while not over.is_set():
            waiting = asyncio.create_task(over.wait())
            try:
                await asyncio.wait({waiting, *self._tasks}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                waiting.cancel()
            for task in [task for task in self._tasks if task.done()]:
                work = self._tasks.pop(task)
                self._broken(RuntimeError(f"{work.__name__} was ended"))
                self._start(work)

    async def end(self) -> None:
        """Cancel all of them and wait for that."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
