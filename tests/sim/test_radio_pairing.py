"""Pairing with bleak over the virtual air."""

import asyncio

import pytest
from bleak import BleakClient
from bleak.exc import BleakError, BleakGATTProtocolError
from bumble.keys import PairingKeys
from bumble.pairing import PairingConfig, PairingDelegate

from sim.bench import LOCKED, PLAIN
from sim.story import CHAIR, World, in_world, now


@in_world
async def test_an_encrypted_attribute_opens_by_pairing_and_a_later_link_uses_the_bond(world: World) -> None:
    client = await world.client()
    with pytest.raises(BleakGATTProtocolError, match="Insufficient Encryption"):
        await client.write_gatt_char(LOCKED, b"1", response=True)
    await client.pair()
    await client.write_gatt_char(LOCKED, b"2", response=True)
    await client.disconnect()
    again = await world.client()
    await again.write_gatt_char(LOCKED, b"3", response=True)

    assert world.tiny.written == [("plain", b"2"), ("plain", b"3")]


@in_world
async def test_connecting_with_pairing_asked_for_encrypts_at_once(world: World) -> None:
    client = await world.client(pair=True)
    await client.write_gatt_char(LOCKED, b"1", response=True)


@in_world
async def test_a_bond_that_the_device_has_forgotten_leaves_an_open_link_and_no_pairing_until_it_is_unpaired(
    world: World,
) -> None:
    client = await world.client(pair=True)
    await client.disconnect()
    assert world.tiny.device.keystore is not None
    await world.tiny.device.keystore.delete_all()
    client = await world.client()
    await client.write_gatt_char(PLAIN, b"plain", response=True)
    with pytest.raises(BleakGATTProtocolError, match="Insufficient Encryption"):
        await client.write_gatt_char(LOCKED, b"1", response=True)
    with pytest.raises(BleakError, match="unpair"):
        await client.pair()
    await client.unpair()
    assert not client.is_connected
    await (await world.client(pair=True)).write_gatt_char(LOCKED, b"1", response=True)


@in_world
async def test_another_device_at_the_address_of_a_bonded_one_gets_no_link(world: World) -> None:
    client = await world.client(pair=True)
    await client.disconnect()
    assert world.tiny.device.keystore is not None
    for _, keys in await world.tiny.device.keystore.get_all():
        keys.ltk = PairingKeys.Key(bytes(16))
    with pytest.raises(BleakError, match="another key"):
        await client.connect()
    assert world.tiny.links == []
    await client.unpair()
    await (await world.client(pair=True)).write_gatt_char(LOCKED, b"1", response=True)


@in_world
async def test_unpairing_needs_no_link_and_no_device_within_reach(world: World) -> None:
    await (await world.client(pair=True)).disconnect()
    await world.tiny.device.stop_advertising()
    await BleakClient(CHAIR.lower(), backend=world.radio.client).unpair()
    assert world.central.keystore is not None
    assert await world.central.keystore.get_all() == []


@in_world
async def test_a_device_that_refuses_to_pair_is_an_error_and_may_be_asked_again(world: World) -> None:
    willing = False

    class Moody(PairingDelegate):
        async def accept(self) -> bool:
            return willing

    world.tiny.device.pairing_config_factory = lambda _link: PairingConfig(delegate=Moody())
    client = await world.client()
    with pytest.raises(BleakError, match="PAIRING_NOT_SUPPORTED"):
        await client.pair()
    willing = True
    await client.pair()
    await client.write_gatt_char(LOCKED, b"1", response=True)


@in_world
async def test_a_connect_to_a_bonded_device_that_is_away_is_given_up_in_time(world: World) -> None:
    client = await world.client(pair=True, timeout=3)
    await client.disconnect()
    await world.tiny.device.stop_advertising()
    await asyncio.sleep(1)
    before = now()
    with pytest.raises(TimeoutError, match=CHAIR):
        await client.connect()
    assert now() == before + 3


@in_world
async def test_a_connect_that_is_given_up_while_the_link_is_encrypted_leaves_no_link(world: World) -> None:
    client = await world.client(pair=True, timeout=3)
    await client.disconnect()

    async def never(*_anything: object) -> bytes:
        await asyncio.sleep(1000)
        return b""

    world.tiny.device.host.long_term_key_provider = never
    await asyncio.sleep(1)
    before = now()
    with pytest.raises(TimeoutError, match=CHAIR):
        await client.connect()
    assert now() == before + 3
    await world.tiny.until(lambda: not world.tiny.links)
    assert world.central.connections == {}


@in_world
async def test_a_link_lost_while_pairing_is_an_error_of_bleak(world: World) -> None:
    client = await world.client()
    pairing = asyncio.create_task(client.pair())
    async with asyncio.timeout(10):
        while not world.tiny.device.smp_manager.sessions:  # noqa: ASYNC110  # Bumble has no event for it
            await asyncio.sleep(0)
    await world.tiny.links[0].disconnect()
    with pytest.raises(BleakError):
        await pairing
