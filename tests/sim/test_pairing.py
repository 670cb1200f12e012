"""The device's side of pairing: what needs a bond and what does not, on the real stack and virtual time."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from bleak import BleakClient
from bleak.exc import BleakDBusError, BleakError
from bumble import att, core, hci
from bumble.device import Connection
from bumble.keys import MemoryKeyStore, PairingKeys
from bumble.pairing import PairingConfig

from firmware_sim.device import Clock, SimulatedDevice
from firmware_sim.radio import radio_on
from firmware_sim.stack import Device, GattClient
from firmware_sim.trace import Trace
from firmware_sim.wire import CAPABILITIES_UUID, COMMAND_UUID, STATE_UUID, STOP_UUID
from sim.device_bench import begin, set_
from sim.room import BEGIN, CHAIR, Link, Room, in_room
from sim.story import attribute

NOT_PAIRED, NOT_ENCRYPTED = 0x05, 0x0F


@contextlib.asynccontextmanager
async def unpaired(room: Room) -> AsyncIterator[Link]:
    radio = await room.sim.radio()
    async with BleakClient(CHAIR, backend=radio.client) as client:
        yield Link(client)


@contextlib.asynccontextmanager
async def central_at(room: Room, address: str = "F0:00:00:00:00:77") -> AsyncIterator[Device]:
    central = room.sim.air.device("central", address)
    await central.power_on()
    yield central
    await central.power_off()


async def command_error(link: Connection, frame: bytes = BEGIN) -> int:
    """Write to Command and return the ATT error, or 0."""
    try:
        await (await attribute(link, COMMAND_UUID)).write_value(frame, with_response=True)
    except att.ATT_Error as error:
        return int(error.error_code)
    return 0


def test_a_command_before_pairing_is_refused_and_changes_nothing() -> None:
    async def test(room: Room) -> None:
        async with unpaired(room) as link:
            assert await link.command(BEGIN) == NOT_PAIRED
            assert (await link.state()).hex(" ").startswith("00 00 02 00 00 00")
            await link.client.pair()
            assert await link.command(BEGIN) == 0

    assert in_room(test).events() == ["connect", "session_start", "disconnect"]


def test_a_long_command_by_prepared_writes_is_refused_before_pairing_too() -> None:
    async def test(room: Room) -> None:
        async with central_at(room) as central:
            link = await central.connect_le(hci.Address(room.sim.devices[0].address))
            link.gatt_client = GattClient(link)
            ceilings = (10,) * 8 + (5,) * 2
            command = await attribute(link, COMMAND_UUID)
            with pytest.raises(att.ATT_Error, match="INSUFFICIENT_AUTHENTICATION"):
                await command.write_value(set_(1, *ceilings, epoch=5) + bytes(40), with_response=True)
            assert await command_error(link, begin(5, 900, ceilings)) == NOT_PAIRED
            await link.disconnect()

    in_room(test, model="cushion")


def test_everything_but_commands_is_open_to_a_host_that_is_not_paired() -> None:
    async def test(room: Room) -> None:
        async with unpaired(room) as link:
            await link.listen()
            for uuid in (STATE_UUID, CAPABILITIES_UUID, "2A24", "2A19"):
                assert await link.client.read_gatt_char(uuid)
            await asyncio.sleep(1)
            assert link.heard

    in_room(test)


@pytest.mark.parametrize("response", [True, False])
def test_a_stranger_who_is_not_paired_stops_what_another_drives(response: bool) -> None:
    async def test(room: Room) -> None:
        async with room.link() as driver, unpaired(room) as stranger:
            await driver.command(BEGIN)
            await driver.press(1)
            await asyncio.sleep(0.5)
            assert room.force_n > 0
            assert await stranger.command(BEGIN) == NOT_PAIRED
            await stranger.client.write_gatt_char(STOP_UUID, b"\0", response=response)
            await asyncio.sleep(1)
            assert (room.force_n, room.cause) == (0, "rest")

    in_room(test)


def test_a_refused_command_does_not_make_its_link_the_driver() -> None:
    async def test(room: Room) -> None:
        async with unpaired(room) as first, room.link() as second:
            assert await first.command(BEGIN) == NOT_PAIRED
            assert await second.command(BEGIN) == 0

    in_room(test)


def test_a_bonded_host_that_does_not_encrypt_its_new_link_is_told_to() -> None:
    async def test(room: Room) -> None:
        async with central_at(room) as central:
            link = await central.connect_le(CHAIR)
            await link.pair()
            await link.disconnect()
            kept, central.keystore = central.keystore, None
            link = await central.connect_le(CHAIR)
            assert await command_error(link) == NOT_ENCRYPTED
            central.keystore = kept
            await link.encrypt()
            assert await command_error(link) == 0
            await link.disconnect()

    in_room(test)


def test_a_host_that_has_lost_its_keys_pairs_anew_and_the_old_key_is_worth_nothing() -> None:
    async def test(room: Room) -> None:
        async with central_at(room) as central:
            link = await central.connect_le(CHAIR)
            await link.pair()
            await link.disconnect()
            old, central.keystore = central.keystore, MemoryKeyStore()
            link = await central.connect_le(CHAIR)
            await link.pair()
            assert await command_error(link) == 0
            await link.disconnect()
            central.keystore = old
            with pytest.raises(core.BaseBumbleError, match="another key"):
                await central.connect_le(CHAIR)

    in_room(test)


@pytest.mark.parametrize(("sc", "bonding"), [(False, True), (True, False)])
def test_legacy_pairing_and_pairing_without_a_bond_are_refused(sc: bool, bonding: bool) -> None:
    async def test(room: Room) -> None:
        async with central_at(room) as central:
            central.pairing_config_factory = lambda _link: PairingConfig(sc=sc, bonding=bonding)
            link = await central.connect_le(CHAIR)
            with pytest.raises(core.ProtocolError, match="AUTHENTICATION_REQUIREMENTS"):
                await link.pair()
            assert not link.is_encrypted
            assert await command_error(link) == NOT_PAIRED
            await link.disconnect()

    in_room(test)


@pytest.mark.parametrize("public", [False, True])
def test_a_bond_outlives_a_power_cycle_of_the_device(public: bool) -> None:
    async def test(room: Room) -> None:
        air, address = room.sim.air, "C0:DE:00:00:00:09"
        rows: list[object] = []
        device = SimulatedDevice(
            9,
            model="chair",
            address=address,
            seed=1,
            faults=(),
            trace=Trace(None, rows.append),
            clock=Clock(),
        )
        async with central_at(room) as central:
            radio = radio_on(central)
            for life in range(2):
                controller = air.controller("chair-9", address, public=public)
                await device.power_on(air.host(controller))
                async with BleakClient(address, pair=not life, backend=radio.client) as client:
                    await client.write_gatt_char(COMMAND_UUID, begin(5 + life, 900, (10, 10)), response=True)
                await device.power_off()
                air.remove(controller)

    in_room(test)


def test_each_host_has_a_bond_of_its_own() -> None:
    async def test(room: Room) -> None:
        async with central_at(room) as one, central_at(room, "F0:00:00:00:00:78") as other:
            for central in (one, other, one, other):
                link = await central.connect_le(hci.Address(CHAIR))
                if not link.is_encrypted:
                    await link.pair()
                await link.disconnect()
            for central in (one, other):
                link = await central.connect_le(CHAIR)
                assert link.is_encrypted
                await link.disconnect()

    in_room(test)


def test_a_device_that_refuses_to_pair_takes_no_command_and_still_stops() -> None:
    async def test(room: Room) -> None:
        async with unpaired(room) as link:
            with pytest.raises(BleakError, match="PAIRING_NOT_SUPPORTED"):
                await link.client.pair()
            assert link.client.is_connected
            assert await link.command(BEGIN) == NOT_PAIRED
            assert await link.stop() == 0
            room.sim.devices[0].clear("pairing_refused")
            await link.client.pair()
            assert await link.command(BEGIN) == 0

    assert in_room(test, "pairing_refused").events() == ["connect", "stop", "session_start", "disconnect"]


def test_a_device_that_refuses_to_pair_from_some_time_on_knows_whom_it_has_paired() -> None:
    async def test(room: Room) -> None:
        async with room.link() as first:
            await first.command(BEGIN)
            await asyncio.sleep(2)
            async with unpaired(room) as second:
                with pytest.raises(BleakError, match="PAIRING_NOT_SUPPORTED"):
                    await second.client.pair()
            await first.client.disconnect()
            await first.client.connect()
            assert await first.command(BEGIN.replace(b"\x05", b"\x06")) == 0

    in_room(test, "pairing_refused:1")


def test_a_device_that_forgets_its_bonds_goes_on_on_its_links_and_knows_nobody_on_new_ones() -> None:
    async def test(room: Room) -> None:
        async with room.link() as link:
            await link.command(BEGIN)
            assert await link.keep_pressing(2) == 0
            await link.client.disconnect()
            radio_of = type(link.client._backend)
            async with BleakClient(CHAIR, backend=radio_of) as again:
                assert await Link(again).command(BEGIN.replace(b"\x05", b"\x06")) == NOT_PAIRED
                assert await Link(again).stop() == 0
                with pytest.raises(BleakError, match="forgotten the bond"):
                    await again.pair()
                await again.unpair()
            await asyncio.sleep(1)
            async with BleakClient(CHAIR, pair=True, backend=radio_of) as again:
                assert await Link(again).command(BEGIN.replace(b"\x05", b"\x06")) == 0

    in_room(test, "bond_lost:1")


def test_bluez_without_an_agent_does_not_pair() -> None:
    async def test(room: Room) -> None:
        async with unpaired(room) as link:
            with pytest.raises(BleakDBusError, match="AuthenticationFailed"):
                await link.client.pair()
            assert await link.command(BEGIN) == NOT_PAIRED

    in_room(test, "bluez_no_agent")


@pytest.mark.parametrize("another", [False, True])
def test_bluez_tries_until_the_time_is_up_to_connect_to_a_device_that_does_not_prove_its_bond(
    another: bool,
) -> None:
    async def test(room: Room) -> None:
        radio = await room.sim.radio()
        client = BleakClient(CHAIR, timeout=5, backend=radio.client)
        await client.connect()
        await client.pair()
        await client.disconnect()
        bonds = room.sim.devices[0]._bonds
        for name, keys in await bonds.get_all():
            keys.ltk = PairingKeys.Key(bytes(16))
            if not another:
                await bonds.delete(name)
        before = asyncio.get_running_loop().time()
        with pytest.raises(TimeoutError, match=CHAIR):
            await client.connect()
        assert asyncio.get_running_loop().time() == pytest.approx(before + 5)
        assert not client.is_connected
        await client.unpair()
        await client.connect()
        await client.pair()

    in_room(test, "bluez_bond_lost")
