"""The device as a controller meets it: real ATT and GATT on the simulated air, on virtual time."""

import asyncio
import struct

import pytest
from bleak import BleakScanner
from bleak.exc import BleakError

from firmware_sim.wire import CAPABILITIES_UUID, COMMAND_UUID, SERVICE_UUID, STATE_UUID, STOP_UUID
from sim.room import BEGIN, CHAIR, Link, Room, in_room, with_link


def test_each_device_advertises_the_service_and_its_own_name() -> None:
    async def test(room: Room) -> None:
        radio = await room.sim.radio()
        found = await BleakScanner.discover(1, return_adv=True, backend=radio.scanner)
        assert {address: adv.local_name for address, (_, adv) in found.items()} == {
            "C0:DE:00:00:00:01": "REF-CHAIR 01",
            "C0:DE:00:00:00:02": "REF-CHAIR 02",
        }
        assert all(adv.service_uuids == [SERVICE_UUID] for _, adv in found.values())

    in_room(test, count=2)


def test_the_first_advertisement_is_out_within_100_ms() -> None:
    async def test(room: Room) -> None:
        radio = await room.sim.radio()
        assert await BleakScanner.find_device_by_address(CHAIR, timeout=0.11, backend=radio.scanner)

    in_room(test)


def test_device_information_battery_and_capabilities_can_be_read() -> None:
    async def test(_: Room, link: Link) -> None:
        async def read(uuid: str) -> bytes:
            return bytes(await link.client.read_gatt_char(uuid))

        assert await read("2A29") == b"Open Reference"
        assert await read("2A24") == b"REF-CHAIR"
        assert await read("2A25") == b"SIM-0001"
        assert await read("2A26") == b"1.0"
        assert await read("2A19") == bytes([100])
        assert (await read(CAPABILITIES_UUID)).hex(" ") == (
            "01 01 e8 03 b0 04 44 02 1e 50 28 02 01 14 28 0f 01 14 28 0f"
        )
        assert (await read(STATE_UUID)).hex(" ") == "00 00 02 00 00 00 00 00 44 02 1e 00 00 00 00 00 00 00 00"

    with_link(test)


def test_the_characteristics_have_the_properties_of_the_page() -> None:
    async def test(_: Room, link: Link) -> None:
        def properties(uuid: str) -> set[str]:
            found = link.client.services.get_characteristic(uuid)
            assert found
            return set(found.properties)

        assert properties(COMMAND_UUID) == {"write"}
        assert properties(STOP_UUID) == {"write", "write-without-response"}
        assert properties(STATE_UUID) == {"read", "notify"}
        assert properties(CAPABILITIES_UUID) == {"read"}
        assert properties("2A19") == {"read", "notify"}

    with_link(test)


def test_a_subscriber_hears_the_state_at_once_and_then_in_time() -> None:
    async def test(_: Room, link: Link) -> None:
        await link.listen()
        await asyncio.sleep(2.5)
        assert len(link.heard) == 3
        assert link.heard[0][1].hex().startswith("010002")
        await link.command(BEGIN)
        await link.press(1)
        await asyncio.sleep(0.95)
        assert len(link.heard) == 3 + 10

    with_link(test)


def test_refusals_arrive_as_att_errors() -> None:
    async def test(_: Room, link: Link) -> None:
        assert await link.command(b"\xff") == 0x80
        assert await link.press(1) == 0x82
        assert await link.command(BEGIN) == 0
        assert await link.command(BEGIN) == 0x81
        assert await link.press(1, level=11) == 0x83
        assert await link.press(1) == 0
        assert await link.press(1) == 0x87
        assert await link.command(BEGIN.replace(b"\x05", b"\x06")) == 0x85

    with_link(test)


def test_what_is_not_for_reading_or_writing_is_refused_without_delay() -> None:
    async def test(_: Room, link: Link) -> None:
        with pytest.raises(BleakError):
            await link.client.read_gatt_char(COMMAND_UUID)
        for uuid in (STATE_UUID, CAPABILITIES_UUID, "2A24"):
            with pytest.raises(BleakError):
                await link.client.write_gatt_char(uuid, b"\1", response=True)
        assert asyncio.get_running_loop().time() < 1
        assert bytes(await link.client.read_gatt_char("2A24")) == b"REF-CHAIR"

    with_link(test)


def test_any_write_to_stop_of_any_length_stops_with_or_without_response() -> None:
    async def test(room: Room, link: Link) -> None:
        for epoch, (frame, response) in enumerate([(b"\0", True), (b"", False), (bytes(200), True)], start=5):
            assert await link.command(struct.pack("<BHHBBB", 1, epoch, 900, 2, 10, 10)) == 0
            seq = struct.pack("<BHHHHBBBBB", 2, 1, epoch, 2000, 300, 50, 40, 2, 10, 10)
            assert await link.command(seq) == 0
            await asyncio.sleep(0.5)
            assert room.force_n > 0
            await link.client.write_gatt_char(STOP_UUID, frame, response=response)
            await asyncio.sleep(1.5)
            assert (room.force_n, room.cause) == (0, "rest")

    assert with_link(test).events().count("stop") == 3


def test_a_second_link_hears_and_stops_but_does_not_command() -> None:
    async def test(room: Room, first: Link) -> None:
        await first.command(BEGIN)
        async with room.link() as second:
            await second.listen()
            await first.press(1)
            assert await second.command(BEGIN) == 0x86
            await asyncio.sleep(0.3)
            assert room.force_n > 0
            assert await second.stop() == 0
            await asyncio.sleep(1)
            assert room.force_n == 0
            assert len(second.heard) >= 8
            assert await first.press(2) == 0x81

    with_link(test)


def test_once_the_driver_is_gone_another_link_may_drive() -> None:
    async def test(room: Room) -> None:
        async with room.link() as first, room.link() as second:
            assert await first.command(BEGIN) == 0
            assert await second.command(BEGIN) == 0x86
            await first.client.disconnect()
            assert await second.command(BEGIN.replace(b"\x05", b"\x06")) == 0
        async with room.link() as third:
            assert await third.command(BEGIN.replace(b"\x05", b"\x07")) == 0

    assert in_room(test).events().count("disconnect") == 3


def test_a_resting_device_leaves_the_loop_alone() -> None:
    async def test(room: Room, link: Link) -> None:
        device = room.sim.devices[0]
        await link.command(BEGIN)
        await link.press(1)
        await asyncio.sleep(5)
        assert device._appliance._running._timer is None
        await link.stop()
        await asyncio.sleep(2)
        assert device._appliance._running._timer is None

    with_link(test)
