"""Stories on the virtual air: a tiny peripheral, centrals, and bleak over one of them."""

import asyncio
import functools
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec

from bleak import BleakClient, BleakScanner
from bleak.backends.device import BLEDevice
from bumble import core
from bumble.device import Connection, Peer
from bumble.gatt_client import CharacteristicProxy

from firmware_sim.air import Air
from firmware_sim.radio import radio_on
from firmware_sim.stack import Device
from firmware_sim.virtual_time import run
from sim.bench import SLOW, Tiny

P = ParamSpec("P")

CHAIR = "F0:00:00:00:00:01"


def on_virtual_time(story: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    @functools.wraps(story)
    def test(*args: P.args, **kwargs: P.kwargs) -> None:
        run(story(*args, **kwargs))

    return test


def now() -> float:
    return asyncio.get_running_loop().time()


async def tiny_on(air: Air, address: str = CHAIR, name: str = "Tiny with a name") -> Tiny:
    tiny = Tiny(air.device("tiny", address), name=name)
    await tiny.start()
    return tiny


async def central_on(air: Air, address: str = "F1:00:00:00:00:01") -> Device:
    device = air.device("central", address)
    await device.power_on()
    return device


async def attribute(link: Connection, uuid: str) -> CharacteristicProxy[bytes]:
    peer = Peer(link)
    await peer.discover_services()
    await peer.discover_characteristics()
    return peer.get_characteristics_by_uuid(core.UUID(uuid))[0]


class World:
    """An air with one peripheral and one radio."""

    def __init__(self) -> None:
        self.air = Air()
        self.tiny = Tiny(self.air.device("tiny", CHAIR))

    async def begin(self) -> None:
        await self.tiny.start()
        self.central = self.air.device("phone", "F1:00:00:00:00:01")
        await self.central.power_on()
        self.radio = radio_on(self.central)

    async def find(self) -> BLEDevice:
        found = await BleakScanner.find_device_by_filter(
            lambda _device, seen: seen.local_name == self.tiny.name, backend=self.radio.scanner
        )
        assert found is not None
        return found

    async def client(self, **options: Any) -> BleakClient:
        client = BleakClient(await self.find(), backend=self.radio.client, **options)
        await client.connect()
        return client

    async def slow_write(self, client: BleakClient) -> "asyncio.Task[None]":
        """Begin a write that the peripheral does not answer yet."""
        writing = asyncio.create_task(client.write_gatt_char(SLOW, b"1", response=True))
        await self.tiny.until(lambda: self.tiny.written)
        return writing


def in_world(story: Callable[[World], Coroutine[Any, Any, None]]) -> Callable[[], None]:
    async def whole() -> None:
        world = World()
        await world.begin()
        await story(world)

    @functools.wraps(story, assigned=("__name__", "__module__", "__qualname__", "__doc__"))
    def test() -> None:
        run(whole())

    del test.__wrapped__  # type: ignore[attr-defined]  # pytest would ask for a fixture named world
    return test
