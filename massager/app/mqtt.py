"""The bridge of a core, put together by hand: its massagers, what it may ask, and the task that it is."""

import asyncio
import hashlib
import secrets
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from typing import Final, TypeVar

from massager.app.memory import Memory
from massager.app.moments import moment
from massager.app.pairing import LOOK_S
from massager.app.place import Surroundings
from massager.catalog import list_devices, list_programs, load_device
from massager.guardian.nearby import nearby
from massager.model.devices import DeviceProfile, PairedDevice
from massager.model.errors import MassagerError
from massager.model.programs import Program
from massager.mqtt.announcing import Announcing
from massager.mqtt.answers import Answers
from massager.mqtt.bridge import Bridge
from massager.mqtt.broker import Broker
from massager.mqtt.claim import Claim
from massager.mqtt.gateway import Origin
from massager.mqtt.ids import device_id
from massager.mqtt.line import Proof, apart
from massager.mqtt.obeying import Judging, Obeying
from massager.mqtt.outbox import Outbox
from massager.mqtt.reporter import Books, Reporter
from massager.mqtt.station import Massager, Station
from massager.mqtt.topics import Topics
from massager.session.massage import MassageService
from massager.session.offers import Massager as ToChoose
from massager.session.offers import OfferService
from massager.session.past import PastService, Shelf
from massager.session.remote import RemoteService
from massager.store import Devices, People

_T = TypeVar("_T")

# Chosen: what fails in the bridge itself fails again at once, and each time it tells of it.
_ANEW_S: Final = 30.0


class _Massagers:
    """The massagers that this computer knows on its radio; one that others share a store with has its own."""

    def __init__(self, where: Surroundings, memory: Memory) -> None:
        self._where = where
        self._memory = memory
        self._profiles: dict[str, DeviceProfile] = {}
        self._programs = list_programs(where.profiles)

    async def __call__(self) -> tuple[Massager, ...]:
        """Read the store.

        Raises:
            MassagerError: It cannot be read, or a profile is gone.
        """
        return await self._memory.do(self._read)

    def _read(self) -> tuple[Massager, ...]:
        paired = Devices(self._memory.store).all()
        return tuple(self._massager(one) for one in paired if self._is_here(one))

    def _is_here(self, device: PairedDevice) -> bool:
        """Of one in a shared store: whether this computer has ever connected to it."""
        where = self._where
        shared = "://" in where.data
        return device.radio == where.radio and (
            not shared or where.stop_file(device.radio, device.name).exists()
        )

    def _massager(self, device: PairedDevice) -> Massager:
        if device.profile not in self._profiles:
            self._profiles[device.profile] = load_device(device.profile, self._where.profiles)
        return Massager(
            id=device_id(device.identity),
            name=device.name,
            profile=self._profiles[device.profile],
            address=device.address,
            serial=device.serial,
            firmware=device.firmware,
        )

    def programs(self, massager: Massager) -> tuple[Program, ...]:
        """Those that it can do."""
        return tuple(one for one in self._programs if massager.profile.suits(one.modality))


def _profiles_hash(where: Surroundings) -> str:
    """Of all devices and programs that this core works with."""
    found = [one.profile_hash for one in list_devices(where.profiles)]
    found += [one.profile_hash for one in list_programs(where.profiles)]
    return hashlib.sha256("".join(found).encode()).hexdigest()[:16]


@asynccontextmanager
async def bridged(
    massage: MassageService,
    where: Surroundings,
    memory: Memory,
    broker: Broker,
    *,
    page: str | None,
    log: Callable[[str], None],
) -> AsyncIterator[Bridge]:
    """Keep up a bridge while the block runs; nothing waits for the broker, not even its first answer.

    Args:
        massage: What it may command.
        where: Of the core.
        memory: Of the core.
        broker: Where.
        page: Address of the core's page, where others in the network reach it.
        log: Takes a line, and never waits.

    Raises:
        MassagerError: A profile cannot be read.
    """
    with ThreadPoolExecutor(1, "remote") as thread:

        async def think(job: Callable[[], _T]) -> _T:
            return await asyncio.get_running_loop().run_in_executor(thread, job)

        massagers = await think(partial(_Massagers, where, memory))
        offers, past = (
            OfferService(memory.store, where.profiles, now=moment),
            PastService(memory.store, now=moment),
        )
        remote = RemoteService(memory.store, offers, massage, do=memory.do, think=think)
        station = Station(massage=massage, remote=remote, massagers=massagers, programs=massagers.programs)

        def shelves() -> tuple[Shelf, ...]:
            return tuple(past.of(name) for name in People(memory.store).names())

        async def may_start(massager: Massager) -> bool:
            return await remote.may_start(ToChoose(massager.name, massager.profile))

        async def hear() -> dict[str, int]:
            return {one.address: one.rssi for one in await nearby(where.radio, LOOK_S, where.profiles)}

        books = Books(massagers.programs, partial(memory.do, shelves), may_start, hear)
        began = datetime.now(UTC).isoformat(timespec="seconds")
        profiles = await think(partial(_profiles_hash, where))
        info = {"version": version("massager"), "profile_hash": profiles}
        topics, outbox, proof = Topics(broker.gateway), Outbox(), Proof(asyncio.get_running_loop().time)
        announcing = Announcing(outbox, topics, Origin(info["version"], page))
        judging = Judging(wall_s=time.time, held_up=lambda: proof.held_up, log=log)
        bridge = Bridge(
            broker,
            topics,
            station=station,
            outbox=outbox,
            obeying=Obeying(station, Answers(topics, outbox, announcing), judging),
            reporter=Reporter(announcing, massage, books),
            announcing=announcing,
            claim=Claim(topics, info, began=began, instance=secrets.token_hex(4)),
            proof=proof,
            log=log,
        )
        keeping = asyncio.create_task(_keep_up(bridge, log))
        try:
            yield bridge
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)


async def _keep_up(bridge: Bridge, log: Callable[[str], None]) -> None:
    """Run it, and again after a fault of its own: a session must not end with it."""
    while True:
        try:
            await apart(bridge.run())
        except* MassagerError as errors:
            log(f"the bridge to the broker ended: {errors.exceptions[0]}")
        except* Exception as errors:  # noqa: BLE001 - as above
            log(f"the bridge to the broker failed: {errors.exceptions[0]!r}")
        await asyncio.sleep(_ANEW_S)
