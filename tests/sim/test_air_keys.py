"""The corrections of Bumble that have to do with keys, one test each, on the real stack and virtual time."""

import asyncio

import pytest
from bumble.keys import PairingKeys
from bumble.smp import SMP_CID

from firmware_sim.air import Air
from firmware_sim.stack import KeyMismatchError, LinkLostError
from sim.bench import LOCKED, PLAIN
from sim.story import CHAIR, attribute, central_on, now, on_virtual_time, tiny_on


@on_virtual_time
async def test_a_new_link_to_a_bonded_peer_is_encrypted_by_itself() -> None:
    air = Air()
    await tiny_on(air)
    central = await central_on(air)
    first = await central.connect_le(CHAIR)
    assert not first.is_encrypted
    await first.pair()
    await first.disconnect()
    again = await central.connect_le(CHAIR)

    assert again.is_encrypted
    await (await attribute(again, LOCKED)).write_value(b"x", with_response=True)


@on_virtual_time
async def test_a_peer_that_has_lost_the_bond_gives_a_link_that_is_not_encrypted() -> None:
    air = Air()
    tiny, central = await tiny_on(air), await central_on(air)
    link = await central.connect_le(CHAIR)
    await link.pair()
    await link.disconnect()
    assert tiny.device.keystore is not None
    await tiny.device.keystore.delete_all()
    again = await central.connect_le(CHAIR)

    assert not again.is_encrypted
    await (await attribute(again, PLAIN)).write_value(b"stop", with_response=True)
    assert tiny.written == [("plain", b"stop")]


@on_virtual_time
async def test_a_peer_with_another_key_ends_the_link_and_the_error_says_so() -> None:
    air = Air()
    tiny, central = await tiny_on(air), await central_on(air)
    link = await central.connect_le(CHAIR)
    await link.pair()
    await link.disconnect()
    assert tiny.device.keystore is not None
    for _, keys in await tiny.device.keystore.get_all():
        keys.ltk = PairingKeys.Key(bytes(16))
    with pytest.raises(KeyMismatchError, match="another key"):
        await central.connect_le(CHAIR)

    assert central.connections == {}


@on_virtual_time
async def test_an_encryption_that_the_peer_never_answers_ends_after_30_seconds() -> None:
    async def never(*_anything: object) -> bytes:
        await asyncio.sleep(1000)
        return b""

    air = Air()
    tiny, central = await tiny_on(air), await central_on(air)
    link = await central.connect_le(CHAIR)
    await link.pair()
    tiny.device.host.long_term_key_provider = never
    before = now()
    with pytest.raises(TimeoutError):
        await link.encrypt()

    assert now() == before + 30


@on_virtual_time
async def test_a_link_lost_while_it_is_being_encrypted_is_an_error_and_no_cancellation() -> None:
    async def never(*_anything: object) -> bytes:
        await asyncio.sleep(1000)
        return b""

    air = Air()
    tiny, central = await tiny_on(air), await central_on(air)
    link = await central.connect_le(CHAIR)
    await link.pair()
    tiny.device.host.long_term_key_provider = never
    encrypting = asyncio.create_task(link.encrypt())
    await asyncio.sleep(1)
    await tiny.links[0].disconnect()
    with pytest.raises(LinkLostError, match="while it was being encrypted"):
        await encrypting


@on_virtual_time
async def test_a_link_can_be_paired_twice() -> None:
    air = Air()
    tiny, central = await tiny_on(air), await central_on(air)
    link = await central.connect_le(CHAIR)
    keys = []
    for _ in range(2):
        async with asyncio.timeout(1):
            await link.pair()
        await asyncio.sleep(1)  # the other side comes to its end a moment later
        assert tiny.device.keystore is not None
        keys += [kept.ltk for _, kept in await tiny.device.keystore.get_all()]

    assert len(keys) == 2
    assert keys[0] != keys[1]


@on_virtual_time
async def test_a_pairing_that_the_peer_never_answers_ends_after_30_seconds() -> None:
    air = Air()
    tiny, central = await tiny_on(air), await central_on(air)
    link = await central.connect_le(CHAIR)
    tiny.device.l2cap_channel_manager.register_fixed_channel(SMP_CID, lambda *_: None)
    before = now()
    with pytest.raises(TimeoutError):
        await link.pair()

    assert now() == before + 30
    assert central.smp_manager.sessions == {}
