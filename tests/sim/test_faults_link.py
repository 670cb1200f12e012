"""Faults of a device's radio and of the controller's own, on virtual time."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from bleak import BleakClient, BleakScanner
from bleak.exc import BleakDBusError, BleakDeviceNotFoundError, BleakError

from firmware_sim.faults import FaultError, parse
from firmware_sim.radio import Radio
from firmware_sim.simulator import Simulator
from firmware_sim.virtual_time import run
from firmware_sim.wire import COMMAND_UUID, SERVICE_UUID, STATE_UUID, STOP_UUID
from sim.device_bench import set_
from sim.room import BEGIN, CHAIR, Link, Room, in_room, with_link

BEGIN_6 = BEGIN.replace(b"\x05", b"\x06")


def now() -> float:
    return asyncio.get_running_loop().time()


async def advertisements(room: Room, seconds: float) -> list[str]:
    """Addresses of what advertises, once for each time."""
    heard: list[str] = []
    radio = await room.sim.radio()
    async with BleakScanner(
        lambda device, _: heard.append(device.address), scanning_mode="passive", backend=radio.scanner
    ):
        await asyncio.sleep(seconds)
    return heard


# Of the device.


def test_a_lost_link_is_silent_at_first_and_gone_after_its_timeout() -> None:
    async def test(room: Room) -> None:
        async with room.link() as link:
            await link.listen()
            await link.command(BEGIN)
            start = now()
            assert await link.keep_pressing(0.9) == 0
            await asyncio.sleep(0.3)
            stop = asyncio.create_task(link.stop())
            await asyncio.sleep(1.6)
            assert not stop.done()
            assert link.client.is_connected
            assert max(at for at, _ in link.heard) - start <= 1
            await asyncio.sleep(0.5)
            assert not link.client.is_connected
            with pytest.raises(BleakError):
                await stop
        async with room.link() as again:
            assert (await again.state())[3] == 3  # nobody stopped it but its watchdog

    events = in_room(test, "link_lost:2,1").events()
    assert events[:4] == ["connect", "session_start", "disconnect", "connect"]


def test_what_a_lost_link_carries_has_no_effect() -> None:
    async def test(_: Room, link: Link) -> None:
        await link.command(BEGIN)
        await link.press(1)
        await asyncio.sleep(0.6)
        with pytest.raises(BleakError):
            await link.stop()

    assert "stop" not in with_link(test, "link_lost:2,0.5").events()


def test_a_device_that_keeps_a_link_runs_on_for_whoever_is_gone() -> None:
    async def test(room: Room) -> None:
        async with room.link() as link:
            await link.command(BEGIN)
            await link.keep_pressing(0.9)
            await asyncio.sleep(0.4)
            assert not link.client.is_connected
            assert room.force_n == 40
        async with room.link() as again:
            assert await again.command(BEGIN_6) == 0x86
            assert await again.stop() == 0
            await asyncio.sleep(1)
            assert await again.command(BEGIN_6) == 0x86
            await asyncio.sleep(1)
            assert await again.command(BEGIN_6) == 0

    events = in_room(test, "link_kept:2,1").events()
    assert events[:5] == ["connect", "session_start", "connect", "stop", "disconnect"]


def test_a_link_dropped_in_a_write_leaves_its_effect_and_no_answer() -> None:
    async def test(room: Room) -> None:
        async with room.link() as link:
            await link.command(BEGIN)
            await link.press(1, level=3)
            await asyncio.sleep(0.6)
            with pytest.raises(BleakError):
                await link.press(2, level=6)
            await asyncio.sleep(0.3)
            assert room.force_n == 24
        async with room.link() as again:
            await again.stop()
            await asyncio.sleep(0.5)
            assert await again.command(BEGIN_6) == 0  # once only

    in_room(test, "drop_in_write:0.5")


def test_an_idle_link_is_dropped_and_one_in_use_is_not() -> None:
    async def test(room: Room) -> None:
        async with room.link() as link:
            for _ in range(5):
                await asyncio.sleep(1.5)
                await link.state()
            await asyncio.sleep(1.9)
            assert link.client.is_connected
            await asyncio.sleep(0.2)
            assert not link.client.is_connected

    in_room(test, "idle_drop:2")


def test_after_so_many_connections_it_advertises_no_more_until_a_power_cut() -> None:
    async def test(room: Room) -> None:
        async with room.link():
            assert len(await advertisements(room, 1)) > 5
        async with room.link():
            assert await advertisements(room, 3) == []
        assert await advertisements(room, 3) == []
        room.sim.devices[0].inject(parse("power_cut:2,0"))
        await asyncio.sleep(3)
        assert len(await advertisements(room, 1)) > 5

    in_room(test, "few_connections:2")


def test_one_connection_for_each_power_up() -> None:
    async def test(room: Room) -> None:
        async with room.link() as link:
            assert await link.state()
        assert await advertisements(room, 3) == []

    in_room(test, "few_connections:1")


def test_slow_advertising_is_slow_and_can_come_and_go() -> None:
    async def test(room: Room) -> None:
        device = room.sim.devices[0]
        assert len(await advertisements(room, 10)) == pytest.approx(100, abs=2)
        device.inject(parse("slow_advertising:1000"))
        assert len(await advertisements(room, 10)) == pytest.approx(10, abs=1)
        device.clear("slow_advertising")
        assert len(await advertisements(room, 10)) == pytest.approx(100, abs=2)

    in_room(test)


def test_an_mtu_of_23_cuts_the_state_of_a_cushion() -> None:
    async def test(_: Room, link: Link) -> None:
        await link.listen()
        await asyncio.sleep(0.5)
        assert link.client.mtu_size == 23
        assert {len(value) for _, value in link.heard} == {20}

    with_link(test, "mtu_23", model="cushion")


# Around it.


def test_a_namesake_is_another_device_of_the_same_name() -> None:
    async def test(room: Room) -> None:
        radio = await room.sim.radio()
        found = await BleakScanner.discover(2, service_uuids=[SERVICE_UUID], backend=radio.scanner)
        assert sorted((each.address, each.name) for each in found) == [
            (CHAIR, "REF-CHAIR 01"),
            ("C0:DE:00:FF:00:01", "REF-CHAIR 01"),
        ]
        async with room.link("C0:DE:00:FF:00:01") as other, room.link() as own:
            assert await other.client.read_gatt_char("2A25") == b"SIM-N001"
            assert await own.client.read_gatt_char("2A25") == b"SIM-0001"
            await other.command(BEGIN)
            await other.press(1)
            await asyncio.sleep(0.5)
        assert {row["device"] for row in room.rows if row.get("force_n")} == {"chair-1-namesake"}
        room.sim.devices[0].clear("namesake")
        await asyncio.sleep(1)
        assert set(await advertisements(room, 1)) == {CHAIR}

    in_room(test, "namesake")


def test_a_person_who_stands_up_is_pressed_by_nothing_until_they_sit_down_again() -> None:
    async def test(room: Room, link: Link) -> None:
        await link.command(BEGIN)
        await link.keep_pressing(0.9)
        assert room.force_n == 40
        await link.keep_pressing(0.9, seq=20)
        assert (room.force_n, room.rows[-1]["depth_mm"]) == (0, 10)
        assert (await link.state())[13:16] == bytes([10, 100, 0])
        room.sim.devices[0].sit_down()
        await link.press(40)
        await asyncio.sleep(0.3)
        assert room.force_n == 40

    with_link(test, "stands_up:1")


# Of the controller's radio.


@contextlib.asynccontextmanager
async def radio_with(*faults: str) -> AsyncIterator[Radio]:
    async with Simulator(faults=faults) as sim:
        yield await sim.radio()


async def _scan(radio: Radio) -> None:
    await BleakScanner.discover(0.5, backend=radio.scanner)


def test_a_write_that_overlaps_another_to_the_same_place_is_in_progress() -> None:
    async def test() -> None:
        async with (
            radio_with("bluez_in_progress", "slow_writes:300") as radio,
            BleakClient(CHAIR, pair=True, backend=radio.client) as chair,
        ):
            first = asyncio.create_task(chair.write_gatt_char(COMMAND_UUID, BEGIN, response=True))
            await asyncio.sleep(0.1)
            with pytest.raises(BleakDBusError, match=r"org\.bluez\.Error\.InProgress"):
                await chair.write_gatt_char(COMMAND_UUID, set_(1, 2, 2, epoch=5), response=True)
            await chair.write_gatt_char(STOP_UUID, b"\0", response=False)
            await first
            await chair.write_gatt_char(STOP_UUID, b"\0", response=True)

    run(test())


def test_a_connect_too_soon_after_a_link_fails_and_then_the_device_must_be_seen_again() -> None:
    async def test() -> None:
        async with radio_with("bluez_reconnect") as radio:
            start = now()
            async with BleakClient(CHAIR, backend=radio.client):
                connected = now()
            assert now() - connected == pytest.approx(2, abs=0.1)
            with pytest.raises(BleakDBusError, match="Input/output error"):
                await BleakClient(CHAIR, backend=radio.client).connect()
            await asyncio.sleep(1)
            with pytest.raises(BleakDeviceNotFoundError):
                await BleakClient(CHAIR, backend=radio.client).connect()
            await _scan(radio)
            await BleakClient(CHAIR, backend=radio.client).connect()
            assert now() - start < 10

    run(test())


def test_a_pause_after_a_link_is_enough() -> None:
    async def test() -> None:
        async with radio_with("bluez_reconnect") as radio:
            for _ in range(3):
                async with BleakClient(CHAIR, backend=radio.client):
                    pass
                await asyncio.sleep(0.5)

    run(test())


def test_to_connect_takes_two_advertisements() -> None:
    async def takes(*faults: str) -> float:
        async with radio_with(*faults, "slow_advertising:1000") as radio:
            found = await BleakScanner.find_device_by_address(CHAIR, backend=radio.scanner)
            assert found
            start = now()
            async with BleakClient(found, backend=radio.client):
                return now() - start

    assert run(takes()) <= 1.01
    assert 1.9 <= run(takes("bluez_two_advertisements")) <= 2.01


def test_the_first_request_after_pairing_fails_once() -> None:
    async def test() -> None:
        async with (
            radio_with("bluez_after_pairing") as radio,
            BleakClient(CHAIR, backend=radio.client) as chair,
        ):
            await chair.read_gatt_char(STATE_UUID)
            await chair.pair()
            with pytest.raises(BleakError, match="Not connected"):
                await chair.read_gatt_char(STATE_UUID)
            await chair.read_gatt_char(STATE_UUID)

    run(test())


def test_to_disconnect_after_unpairing_is_an_assertion_error() -> None:
    async def test() -> None:
        async with radio_with("bluez_unpair") as radio:
            chair = BleakClient(CHAIR, pair=True, backend=radio.client)
            await chair.connect()
            await chair.unpair()
            with pytest.raises(AssertionError):
                await chair.disconnect()

    run(test())


def test_the_mtu_is_said_to_be_23_and_is_not() -> None:
    async def test() -> None:
        async with radio_with("bluez_mtu") as radio, BleakClient(CHAIR, backend=radio.client) as chair:
            assert chair.mtu_size == 23
            assert chair.services.get_characteristic(STOP_UUID).max_write_without_response_size > 100

    run(test())


def test_a_pulled_adapter_ends_the_link_for_both_sides_and_no_radio_works_any_more() -> None:
    async def test(room: Room) -> None:
        radio = await room.sim.radio()
        chair = BleakClient(CHAIR, pair=True, backend=radio.client)
        await chair.connect()
        await chair.write_gatt_char(COMMAND_UUID, BEGIN, response=True)
        await chair.write_gatt_char(COMMAND_UUID, set_(1, 5, 5, epoch=5), response=True)
        await asyncio.sleep(0.9)
        assert not chair.is_connected
        assert room.force_n == 20
        await asyncio.sleep(2)
        assert room.force_n == 0
        with pytest.raises(BleakError):
            await _scan(radio)
        with pytest.raises(BleakError):
            await _scan(await room.sim.radio())

    assert in_room(test, "adapter_unplugged:0.5").events() == ["connect", "session_start", "disconnect"]


def test_a_fault_of_the_host_is_none_of_the_device() -> None:
    async def test(room: Room) -> None:
        assert room.sim.devices[0].faults == ()
        with pytest.raises(FaultError, match="radio"):
            room.sim.devices[0].inject(parse("adapter_unplugged:1"))

    in_room(test, "bluez_mtu")
