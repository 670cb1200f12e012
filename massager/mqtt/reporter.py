"""Looks at the massagers of a core, and announces what is new; what takes longer is asked beside.

What somebody may start, and the minutes of the day, come from the store: a look never waits for them.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from massager.model.errors import MassagerError
from massager.model.programs import Program
from massager.mqtt.announcing import Announcing, View
from massager.mqtt.seen import NOTHING_TODAY, Today, last_seen, used_today
from massager.mqtt.station import Massager
from massager.session.massage import MassageService
from massager.session.past import Shelf

# Chosen: hours and cool-downs end on the minute.
ASK_S: Final = 30.0
# Chosen: one process for some seconds of each minute; whoever switches a massager on waits no longer.
HEAR_S: Final = 60.0
# Chosen: a massager says that it is there about once a second, and a radio misses some of it.
_MISSES: Final = 2
# Chosen: a start looks for its massager for many seconds, and has the radio for itself after this.
_GIVE_WAY_S: Final = 0.2
# Chosen: asking is thinking, and leaves nine tenths of its core to others.
_REST_FOR_ONE: Final = 9


@dataclass(frozen=True, slots=True)
class Books:
    """What stands in the store and what the radio hears, for announcing.

    Attributes:
        programs: Those that fit a massager.
        shelves: What everybody has had. Raises MassagerError.
        may_start: Whether somebody with remote control may start something there now; may take a second.
            Raises MassagerError.
        hear: Listens for some seconds; how strong each address is heard, dBm. Raises MassagerError.
    """

    programs: Callable[[Massager], Sequence[Program]]
    shelves: Callable[[], Awaitable[Sequence[Shelf]]]
    may_start: Callable[[Massager], Awaitable[bool]]
    hear: Callable[[], Awaitable[Mapping[str, int]]]


class Reporter:
    """Of one gateway.

    Args:
        announcing: Tells.
        massage: What runs.
        books: What stands in the store, and what the radio hears.
    """

    def __init__(self, announcing: Announcing, massage: MassageService, books: Books) -> None:
        self._announcing = announcing
        self._massage = massage
        self._books = books
        self._massagers: tuple[Massager, ...] = ()
        self._may_start: dict[str, bool] = {}
        self._heard: dict[str, int] = {}
        self._missed: dict[str, int] = {}
        self._today: dict[str, Today] = {}
        # Which day, and which sessions had ended, when the minutes were counted.
        self._counted: tuple[date, frozenset[int]] | None = None

    async def look(self, massagers: tuple[Massager, ...], chosen: Mapping[str, str]) -> None:
        """Announce what has changed; `chosen` names each massager's next program."""
        self._massagers = massagers
        seen = last_seen(self._massage)
        for one in massagers:
            if one.name in seen and seen[one.name].ending is None:
                # Nothing starts meanwhile; what may start after it, and whether it is there, is asked anew.
                self._may_start[one.id] = False
                self._heard.pop(one.id, None)
                self._missed.pop(one.id, None)
        views = [
            View(
                massager=one,
                seen=seen.get(one.name),
                today=self._today.get(one.name, NOTHING_TODAY),
                programs=self._books.programs(one),
                chosen=chosen.get(one.id),
                may_start=self._may_start.get(one.id, False),
                heard=self._is_heard(one),
                rssi=self._heard.get(one.id),
            )
            for one in massagers
        ]
        self._announcing.look(views, now_s=int(time.time()), at_s=time.monotonic())

    async def run(self) -> None:
        """Keep what comes from the store up to date, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._count())
            tasks.create_task(self._ask())
            tasks.create_task(self._hear())

    async def _count(self) -> None:
        """The minutes of the day, once a session has ended or the day has."""
        while True:
            snapshots = self._massage.snapshots()
            running = [number for number, _snapshot, ending in snapshots if ending is None]
            ended = frozenset(number for number, _snapshot, ending in snapshots if ending is not None)
            now = (date.today(), ended)  # noqa: DTZ011 - the day of this computer's place
            # A second later the ledger has settled what has just ended.
            await asyncio.sleep(1)
            if (now != self._counted or self._massagers_uncounted()) and await self._recount(running):
                self._counted = now

    def _massagers_uncounted(self) -> bool:
        return any(one.name not in self._today for one in self._massagers)

    async def _recount(self, running: Sequence[int]) -> bool:
        """Count anew; whether the store could be read. Until it can, what was counted before stands."""
        try:
            shelves = await self._books.shelves()
        except MassagerError:
            return False
        self._today = {one.name: used_today(shelves, one.name, running) for one in self._massagers}
        return True

    async def _ask(self) -> None:
        """Whether a start may be asked for, one massager after the other."""
        while True:
            massagers = self._massagers
            idle = [one for one in massagers if self._massage.on_device(one.name) is None]
            for one in idle:
                begun_s = time.monotonic()
                try:
                    self._may_start[one.id] = await self._books.may_start(one)
                except MassagerError:
                    self._may_start[one.id] = False
                took_s = time.monotonic() - begun_s
                await asyncio.sleep(max(_REST_FOR_ONE * took_s, ASK_S / len(idle)))
            if not idle:
                await asyncio.sleep(1)

    def _is_heard(self, massager: Massager) -> bool | None:
        """Whether it is there, as far as somebody listened; not for one miss alone."""
        if massager.id in self._heard:
            return True
        return False if self._missed.get(massager.id, 0) >= _MISSES else None

    async def _hear(self) -> None:
        """Listen now and then while nothing runs: a massager that rests has no link that could fail."""
        while True:
            await asyncio.sleep(HEAR_S)
            found = await self._listen()
            if found is None:
                continue
            for one in self._massagers:
                if one.address in found:
                    self._heard[one.id], self._missed[one.id] = found[one.address], 0
                else:
                    self._heard.pop(one.id, None)
                    self._missed[one.id] = self._missed.get(one.id, 0) + 1

    async def _listen(self) -> Mapping[str, int] | None:
        """What is heard; None where the radio does not work, or a session needs it."""
        hearing = asyncio.ensure_future(self._books.hear())
        try:
            while not hearing.done():
                if any(ending is None for _number, _snapshot, ending in self._massage.snapshots()):
                    return None
                await asyncio.wait({hearing}, timeout=_GIVE_WAY_S)
            return hearing.result()
        except MassagerError:
            return None
        finally:
            hearing.cancel()
            await asyncio.gather(hearing, return_exceptions=True)
