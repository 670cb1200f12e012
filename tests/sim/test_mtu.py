"""Long frames on links of either MTU: the cushion's state has 43 bytes and its SET 22."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from bumble import hci

from firmware_sim.stack import Device, GattClient
from firmware_sim.wire import CAPABILITIES_UUID, COMMAND_UUID, STATE_UUID, STOP_UUID
from sim.device_bench import begin, set_
from sim.room import Link, Room, in_room, with_link

CEILINGS = (10,) * 8 + (5,) * 2
LEVELS = (1, 2, 3, 4, 5, 6, 7, 8, 5, 0)
SMALLEST_MTU = 23


class Narrow:
    """A controller that asks for no larger MTU than every link has, unless told to."""

    def __init__(self, gatt: GattClient) -> None:
        self.gatt = gatt
        self.heard: list[bytes] = []
        self._known: dict[str, Any] = {}

    async def learn(self) -> None:
        for service in await self.gatt.discover_services():
            for each in await service.discover_characteristics():
                self._known[str(each.uuid).lower()] = each
        await self.gatt.subscribe(self._known[STATE_UUID], self.heard.append)

    async def read(self, uuid: str) -> bytes:
        return await self.gatt.read_value(self._known[uuid])

    async def write(self, uuid: str, frame: bytes) -> None:
        await self.gatt.write_value(self._known[uuid], frame, with_response=True)


@contextlib.asynccontextmanager
async def narrow_link(room: Room, *, mtu: int | None = None) -> AsyncIterator[Narrow]:
    central: Device = room.sim.air.device("narrow", "F0:00:00:00:00:77")
    await central.power_on()
    connection = await central.connect_le(hci.Address(room.sim.devices[0].address))
    await connection.pair()
    link = Narrow(GattClient(connection))
    connection.gatt_client = link.gatt
    if mtu is not None:
        await link.gatt.request_mtu(mtu)
    await link.learn()
    yield link
    await connection.disconnect()
    await central.power_off()


def test_a_43_byte_notification_and_a_22_byte_set_arrive_whole_over_bleak() -> None:
    async def test(room: Room, link: Link) -> None:
        await link.listen()
        assert await link.command(begin(5, 600, CEILINGS)) == 0
        frame = set_(1, *LEVELS, epoch=5)
        assert len(frame) == 22
        assert await link.command(frame) == 0
        await asyncio.sleep(0.5)
        assert [room.rows_of(name)[-1]["level"] for name in names(room)] == list(LEVELS)
        assert {len(value) for _, value in link.heard} == {43}
        assert tuple(link.heard[-1][1][13::3]) == LEVELS
        assert len(await link.state()) == 43

    with_link(test, model="cushion")


@pytest.mark.parametrize(("mtu", "told"), [(None, 20), (45, 42), (46, 43), (100, 43)])
def test_a_notification_is_cut_to_what_the_link_carries_and_nothing_else_is(
    mtu: int | None, told: int
) -> None:
    async def test(room: Room) -> None:
        async with narrow_link(room, mtu=mtu) as link:
            assert link.gatt.mtu == (mtu or SMALLEST_MTU)
            await link.write(COMMAND_UUID, begin(5, 600, CEILINGS))
            await link.write(COMMAND_UUID, set_(1, *LEVELS, epoch=5))
            await asyncio.sleep(0.5)
            assert {len(value) for value in link.heard} == {told}
            assert tuple(link.heard[-1][13::3]) == LEVELS[: -(-(told - 13) // 3)]
            assert [room.rows_of(name)[-1]["level"] for name in names(room)] == list(LEVELS)
            assert len(await link.read(CAPABILITIES_UUID)) == 52
            await link.write(STOP_UUID, bytes(60))
            await asyncio.sleep(0.4)
            assert room.cause == "rest"

    in_room(test, model="cushion")


def test_the_chair_fits_the_smallest_mtu() -> None:
    async def test(room: Room) -> None:
        async with narrow_link(room) as link:
            await link.write(COMMAND_UUID, begin(5, 600, (10, 10)))
            await link.write(COMMAND_UUID, set_(1, 2, 2, epoch=5))
            await asyncio.sleep(0.5)
            assert {len(value) for value in link.heard} == {19}

    in_room(test)


def names(room: Room) -> list[str]:
    return [actuator["name"] for actuator in room.rows[0]["actuators"]]
