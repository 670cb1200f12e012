"""A stop from the broker: given in the moment it arrives, answered once the massager rests."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from massager.mqtt.answers import Answers
from massager.mqtt.commands import LATEST_S, Arrived
from massager.mqtt.levels import OVER_MQTT, Done
from massager.mqtt.station import Massager
from massager.session.massage import MassageService

# Chosen: as often as the guardian itself says it again until the massager rests.
_AGAIN_S: Final = 0.1
_MOST_WAITING: Final = 100


@dataclass(slots=True)
class _Waiting:
    """Stops of one massager that wait for its rest: their ids, and when the last one was given."""

    numbers: list[str | None] = field(default_factory=list)
    given_s: float = float("-inf")


@dataclass(frozen=True, slots=True)
class _Single:
    """A stop that one line has brought: topic and payload, and when on the monotonic clock."""

    line: str
    said: tuple[str, bytes]
    at_s: float


class Copies:
    """Tells a stop that both lines bring from two stops: each may come first.

    Args:
        now_s: The monotonic clock.
    """

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._single: deque[_Single] = deque(maxlen=_MOST_WAITING)

    def is_one(self, line: str, arrived: Arrived) -> bool:
        """Whether the other line has brought it; else it is kept for when that does."""
        now_s, said = self._now_s(), (arrived.topic, arrived.payload)
        for single in self._single:
            if single.line != line and single.said == said and now_s - single.at_s <= LATEST_S:
                self._single.remove(single)
                return True
        self._single.append(_Single(line, said, now_s))
        return False


class Stops:
    """Stops massagers, whatever else is going on."""

    def __init__(self, massage: MassageService, answers: Answers) -> None:
        self._massage = massage
        self._answers = answers
        self._waiting: dict[str, _Waiting] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def stop(self, massager: Massager, number: str | None, *, is_copy: bool = False) -> None:
        """Stop one now; returns at once. A copy is answered with what it is a copy of."""
        now_s = asyncio.get_running_loop().time()
        waiting = self._waiting.get(massager.id)
        if waiting is not None:
            if not is_copy and len(waiting.numbers) < _MOST_WAITING:
                waiting.numbers.append(number)
            if now_s - waiting.given_s < _AGAIN_S:
                return
        session = self._massage.on_device(massager.name)
        if session is None:
            # One that is just being admitted is stopped as well.
            self._massage.stop_starts(massager.name)
        else:
            self._massage.session(session).stop(detail=OVER_MQTT)
        self._massage.requests.withdraw(massager.name)
        if waiting is not None:
            waiting.given_s = now_s
            return
        self._waiting[massager.id] = _Waiting([] if is_copy else [number], now_s)
        task = asyncio.create_task(self._until_rest(massager, session))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _until_rest(self, massager: Massager, session: int | None) -> None:
        if session is None:
            confirmed = self._rests(massager)
        else:
            confirmed = await self._massage.stop_session(session)
        for number in self._waiting.pop(massager.id).numbers:
            self._answers.give(massager, number, _done(confirmed=confirmed, ran=session is not None))

    def _rests(self, massager: Massager) -> bool:
        """Whether nobody doubts it, where nothing runs."""
        last = [end for _number, one, end in self._massage.snapshots() if one.device == massager.name]
        return not last or last[-1] is None or last[-1].confirmed is not False

    async def close(self) -> None:
        """Wait for no answer any more; the stops themselves were given long ago."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _done(*, confirmed: bool, ran: bool) -> Done:
    if not confirmed:
        why = "it has not confirmed that it rests: switch it off by hand"
        return Done(accepted=True, applied="not-confirmed", why=why)
    return Done(accepted=True, applied="at-rest", why="" if ran else "nothing ran on it")
