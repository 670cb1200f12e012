"""The store of a core, in the one thread that may use it."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Self, TypeVar

from massager.app.moments import moment
from massager.session.scribe import Scribe
from massager.store import Journal, Store

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Memory:
    """The store of a core, the one thread that alone uses it, and the pen that its sessions share."""

    store: Store
    thread: Executor
    scribe: Scribe

    @classmethod
    def of(cls, store: Store, thread: Executor) -> Self:
        """The memory of a core that begins."""
        return cls(store, thread, Scribe(journal=Journal(store), now=moment, executor=thread))

    async def do(self, job: Callable[[], _T]) -> _T:
        """Do a job on that thread."""
        return await asyncio.get_running_loop().run_in_executor(self.thread, job)
