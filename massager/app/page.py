"""The page of a core, put together by hand: services on the core's store, threads, door, socket."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Final, TypeVar

from massager.app.hosting import Page
from massager.app.memory import Memory
from massager.app.moments import moment
from massager.app.pairing import LOOK_S, forget, pair
from massager.app.place import Surroundings
from massager.catalog import load_device
from massager.guardian.nearby import nearby
from massager.model.devices import SYSTEM_RADIO
from massager.model.errors import MassagerError
from massager.session.caregivers import CaregiverService, SignedIn
from massager.session.history import HistoryService
from massager.session.massage import MassageService
from massager.session.offers import Massager, OfferService
from massager.session.passphrases import Passphrases, usual_hasher
from massager.session.past import PastService
from massager.session.people import PeopleService
from massager.session.set_up import SetUpService
from massager.store import Devices
from massager.web.desk import Desk, Heard
from massager.web.page import page_app
from massager.web.serving import serving

_T = TypeVar("_T")

DOOR: Final = "page"
# Chosen: a simulated device advertises several times a second.
_LOOK_S: Final = 1.0


class _Massagers:
    """What there is to choose on a radio: the paired ones; on a simulator's port whatever is heard there."""

    def __init__(self, where: Surroundings, memory: Memory) -> None:
        self._where = where
        self._memory = memory
        self._heard: asyncio.Task[tuple[Massager, ...]] | None = None

    async def __call__(self) -> tuple[Massager, ...]:
        """Read the store, and listen where nothing is paired.

        Raises:
            LinkError: The radio does not work.
        """
        paired = await self._memory.do(Devices(self._memory.store).all)
        here = tuple(
            Massager(one.name, load_device(one.profile, self._where.profiles))
            for one in paired
            if one.radio == self._where.radio
        )
        if here or self._where.radio == SYSTEM_RADIO:
            return here
        # There a device counts as paired once it was connected, so its profile's name will do until then.
        if self._heard is None:
            self._heard = asyncio.create_task(self._listen())
        try:
            found = await asyncio.shield(self._heard)
        except MassagerError:
            self._heard = None
            raise
        if not found:
            self._heard = None
        return found

    async def _listen(self) -> tuple[Massager, ...]:
        found = await nearby(self._where.radio, _LOOK_S, self._where.profiles)
        names = dict.fromkeys(one.profile for one in found if one.profile is not None)
        return tuple(Massager(name, load_device(name, self._where.profiles)) for name in names)


@asynccontextmanager
async def _looked_around(desk: Desk) -> AsyncIterator[None]:
    """Listen already, so that whoever chooses need not wait; what fails now is told when they do."""

    async def look() -> None:
        with suppress(MassagerError):
            await desk.massagers()

    looking = asyncio.create_task(look())
    try:
        yield
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)


@asynccontextmanager
async def served_page(
    massage: MassageService, where: Surroundings, memory: Memory, page: Page
) -> AsyncIterator[str]:
    """Serve the page while the block runs; its address.

    Raises:
        AddressError: It cannot be served there.
    """
    with page.address.listen() as listener, ThreadPoolExecutor(1, "rehearsals") as thread:

        async def think(job: Callable[[], _T]) -> _T:
            return await asyncio.get_running_loop().run_in_executor(thread, job)

        def forget_device(name: str, caregiver: SignedIn) -> None:
            by = caregivers.required(caregiver, "forget a massager")
            forget(name, where=where, store=memory.store, by=by)

        async def look_around() -> tuple[Heard, ...]:
            found = await nearby(where.radio, LOOK_S, where.profiles)
            return tuple(Heard(one.address, one.name, one.rssi, one.profile) for one in found)

        async def pair_device(address: str, caregiver: SignedIn) -> str:
            by = await memory.do(partial(caregivers.required, caregiver, "add a massager"))
            device = await pair(
                address, name=None, profile=None, where=where, store=memory.store, by=by, do=memory.do
            )
            return device.name

        caregivers = CaregiverService(memory.store, Passphrases(usual_hasher()), now=moment, door=DOOR)
        people = PeopleService(memory.store, caregivers, now=moment)
        desk = Desk(
            massage=massage,
            people=people,
            history=HistoryService(memory.store),
            offers=OfferService(memory.store, where.profiles, now=moment),
            past=PastService(memory.store, now=moment),
            set_up=SetUpService(memory.store, people, now=moment),
            massagers=_Massagers(where, memory),
            paired=Devices(memory.store).all,
            forget_device=forget_device,
            look_around=look_around,
            pair=pair_device,
            do=memory.do,
            think=think,
        )
        app = await think(partial(page_app, desk, page.door))
        door = serving(app, listener, sockets="websockets-sansio", proxied=page.proxied)
        async with door, _looked_around(desk):
            host, port = listener.getsockname()[:2]
            yield f"http://{f'[{host}]' if ':' in host else host}:{port}/"
