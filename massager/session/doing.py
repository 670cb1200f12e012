"""In which thread a job is done."""

from collections.abc import Callable
from typing import Protocol, TypeVar

_T = TypeVar("_T")


class Doing(Protocol):
    """Does a job in a thread of its own and waits for it, with the event loop free meanwhile."""

    async def __call__(self, job: Callable[[], _T], /) -> _T:
        """The job's result, or what it raised."""
