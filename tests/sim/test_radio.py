"""bleak over the virtual air: what a controller relies on, on the real stack and virtual time."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from bleak import BleakClient, BleakScanner
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.exc import BleakError, BleakGATTProtocolError

from firmware_sim.radio import Radio, open_radio
from sim.bench import BELL, BROKEN, PLAIN, REFUSES, SERVICE, Tiny
from sim.story import CHAIR, World, in_world, now


@in_world
async def test_a_scan_finds_address_complete_name_and_service(world: World) -> None:
    found = await BleakScanner.discover(timeout=1, return_adv=True, backend=world.radio.scanner)
    device, seen = found[CHAIR]

    assert device.name == seen.local_name == world.tiny.name
    assert seen.service_uuids == [SERVICE]
    assert seen.rssi < 0


@in_world
async def test_a_scan_for_another_service_finds_nothing(world: World) -> None:
    other = ["0000180d-0000-1000-8000-00805f9b34fb"]
    assert await BleakScanner.discover(timeout=1, service_uuids=other, backend=world.radio.scanner) == []


@in_world
async def test_two_scans_share_the_radio_and_the_first_to_end_does_not_end_the_other(world: World) -> None:
    heard: list[float] = []
    async with BleakScanner(lambda _device, _seen: heard.append(now()), backend=world.radio.scanner):
        await world.find()
        ended = now()
        await asyncio.sleep(1)
    assert max(heard) > ended
    quiet = len(heard)
    await asyncio.sleep(1)
    assert len(heard) == quiet


@in_world
async def test_a_connection_has_a_large_mtu_and_all_services(world: World) -> None:
    client = await world.client()

    assert client.is_connected
    assert client.mtu_size == 517
    assert client.name == world.tiny.name
    plain = client.services.get_characteristic(PLAIN)
    bell = client.services.get_characteristic(BELL)
    assert plain is not None
    assert bell is not None
    assert plain.properties == ["read", "write", "write-without-response"]
    assert plain.max_write_without_response_size == 514
    assert [each.uuid for each in bell.descriptors] == ["00002902-0000-1000-8000-00805f9b34fb"]


@in_world
async def test_a_bare_address_is_enough_to_connect(world: World) -> None:
    async with BleakClient(CHAIR.lower(), backend=world.radio.client) as client:
        assert client.is_connected
    assert not client.is_connected


@in_world
async def test_values_are_read_and_written_both_ways(world: World) -> None:
    client = await world.client()
    await client.write_gatt_char(PLAIN, b"asked", response=True)
    await client.write_gatt_char(PLAIN, b"told", response=False)

    assert await client.read_gatt_char(PLAIN) == bytearray(b"\x07")
    assert world.tiny.written == [("plain", b"asked"), ("plain", b"told")]
    bell = client.services.get_characteristic(BELL)
    assert bell is not None
    assert await client.read_gatt_descriptor(bell.descriptors[0]) == bytearray(2)


@in_world
async def test_a_write_without_response_overtakes_a_write_that_waits_for_its_answer(world: World) -> None:
    client = await world.client()
    writing = await world.slow_write(client)
    await client.write_gatt_char(PLAIN, b"stop", response=False)
    await asyncio.sleep(0.001)

    assert world.tiny.written == [("slow begun", b"1"), ("plain", b"stop")]
    world.tiny.go_on.set()
    await writing


@in_world
async def test_a_write_without_response_that_does_not_fit_is_an_error(world: World) -> None:
    client = await world.client()
    with pytest.raises(BleakError, match="515 bytes"):
        await client.write_gatt_char(PLAIN, bytes(515), response=False)


@in_world
async def test_notifications_arrive_until_they_are_stopped(world: World) -> None:
    client = await world.client()
    heard: list[tuple[str, bytes]] = []

    def note(sender: BleakGATTCharacteristic, value: bytearray) -> None:
        heard.append((sender.uuid, bytes(value)))

    await client.start_notify(BELL, note)
    await world.tiny.ring(b"one")
    await asyncio.sleep(0.01)
    with pytest.raises(BleakError, match="already"):
        await client.start_notify(BELL, note)
    await client.stop_notify(BELL)
    await world.tiny.ring(b"two")
    await asyncio.sleep(0.01)
    await client.start_notify(BELL, note)
    await world.tiny.ring(b"three")
    await asyncio.sleep(0.01)

    assert heard == [(BELL, b"one"), (BELL, b"three")]


@in_world
async def test_an_error_of_the_device_carries_its_code(world: World) -> None:
    client = await world.client()
    with pytest.raises(BleakGATTProtocolError, match="0x81") as refused:
        await client.write_gatt_char(REFUSES, b"x", response=True)
    assert refused.value.code == 0x81
    with pytest.raises(BleakGATTProtocolError, match="Unlikely Error"):
        await client.write_gatt_char(BROKEN, b"x", response=True)


@in_world
async def test_the_loss_of_the_link_calls_back_and_fails_what_is_under_way(world: World) -> None:
    lost: list[BleakClient] = []
    client = await world.client(disconnected_callback=lost.append)
    writing = await world.slow_write(client)
    queued = asyncio.create_task(client.read_gatt_char(PLAIN))
    await asyncio.sleep(0)
    before = now()
    await world.tiny.links[0].disconnect()
    for doing in (writing, queued):
        with pytest.raises(BleakError, match="lost"):
            await doing

    assert now() == before
    assert lost == [client]
    assert not client.is_connected
    with pytest.raises(BleakError, match="not connected"):
        await client.read_gatt_char(PLAIN)
    await client.disconnect()


@in_world
async def test_a_client_connects_anew_after_its_link_was_lost(world: World) -> None:
    client = await world.client()
    await client.disconnect()
    await client.connect()
    assert await client.read_gatt_char(PLAIN) == bytearray(b"\x07")


@in_world
async def test_a_cancelled_write_does_not_give_its_answer_to_the_next_one(world: World) -> None:
    client = await world.client()
    writing = await world.slow_write(client)
    writing.cancel()
    refused = asyncio.create_task(client.write_gatt_char(REFUSES, b"x", response=True))
    await asyncio.sleep(1)
    assert not refused.done()
    world.tiny.go_on.set()
    with pytest.raises(BleakGATTProtocolError, match="0x81"):
        await refused


@in_world
async def test_a_connect_that_takes_too_long_is_given_up_and_the_next_one_works(world: World) -> None:
    found = await world.find()
    await world.tiny.device.stop_advertising()
    client = BleakClient(found, timeout=3, backend=world.radio.client)
    before = now()
    with pytest.raises(TimeoutError, match=CHAIR):
        await client.connect()
    assert now() == before + 3
    await world.tiny.advertise()
    await asyncio.sleep(1)
    assert world.tiny.links == []
    await client.connect()
    assert client.is_connected


@in_world
async def test_a_cancelled_connect_leaves_no_link_whenever_it_is_cancelled(world: World) -> None:
    found = await world.find()
    for rounds in range(0, 200, 7):
        client = BleakClient(found, backend=world.radio.client)
        connecting = asyncio.create_task(client.connect())
        await asyncio.sleep(0.1)
        for _ in range(rounds):
            await asyncio.sleep(0)
        connecting.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await connecting
        await client.disconnect()
        assert world.central.connections == {}
    async with BleakClient(found, backend=world.radio.client) as client:
        assert client.is_connected


@in_world
async def test_two_clients_of_one_radio_cannot_both_have_one_device(world: World) -> None:
    first = await world.client()
    second = BleakClient(await world.find(), backend=world.radio.client)
    with pytest.raises(BleakError, match="connected already"):
        await second.connect()
    assert first.is_connected


@in_world
async def test_clients_that_connect_at_once_take_turns(world: World) -> None:
    other = Tiny(world.air.device("other", "F0:00:00:00:00:02"), name="other")
    await other.start()
    targets = [CHAIR, "F0:00:00:00:00:02"]
    clients = [BleakClient(target, backend=world.radio.client) for target in targets]
    await asyncio.gather(*(client.connect() for client in clients))
    for client, tiny in zip(clients, (world.tiny, other), strict=True):
        await client.write_gatt_char(PLAIN, tiny.name.encode(), response=True)
        assert tiny.written == [("plain", tiny.name.encode())]


@in_world
async def test_the_end_of_the_transport_calls_back_and_fails_everything(world: World) -> None:
    lost: list[BleakClient] = []
    client = await world.client(disconnected_callback=lost.append)
    writing = await world.slow_write(client)
    world.central.host.on_transport_lost()
    with pytest.raises(BleakError, match="radio is gone"):
        await writing
    await asyncio.sleep(0)

    assert lost == [client]
    assert not client.is_connected
    with pytest.raises(BleakError, match="radio is gone"):
        await client.write_gatt_char(PLAIN, b"x", response=False)
    with pytest.raises(BleakError, match="radio is gone"):
        await client.connect()
    with pytest.raises(BleakError, match="radio is gone"):
        await world.find()


@in_world
async def test_the_end_of_the_transport_ends_what_waits_for_the_device(world: World) -> None:
    found = await world.find()
    await world.tiny.device.stop_advertising()
    clients = [BleakClient(target, backend=world.radio.client) for target in (found, found, CHAIR)]
    connecting = [asyncio.create_task(client.connect()) for client in clients]
    await asyncio.sleep(1)
    world.central.host.on_transport_lost()
    for attempt in connecting:
        with pytest.raises(BleakError, match="radio is gone"):
            await attempt
    assert now() < 2


# The port, on real sockets ---------------------------------------------------------------------------------


@contextlib.asynccontextmanager
async def port(answer: bytes | None) -> AsyncIterator[str]:
    """Listen on a port that answers everything with these bytes, or nothing."""
    open_ones: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_ones.append(writer)
        while await reader.read(100):
            if answer is not None:
                writer.write(answer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"tcp:127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for writer in open_ones:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


async def never(where: str) -> Radio:
    async with open_radio(where) as radio:
        return radio


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x04\x0e\x04\x01\x03\x0c\x02", None]
)
async def test_a_port_that_is_no_simulator_is_an_error_within_seconds(
    answer: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("firmware_sim.radio._ANSWER_WITHIN_S", 0.3)
    async with port(answer) as where:
        with pytest.raises(OSError, match="does not answer as a simulator does"):
            await never(where)


async def test_a_port_on_which_nobody_listens_is_an_error(tmp_path: Any) -> None:
    async with port(None) as where:
        pass
    with pytest.raises(OSError, match="no simulator at tcp:127"):
        await never(where)
    with pytest.raises(OSError, match="no simulator at unix:"):
        await never(f"unix:{tmp_path}/nothing")


@pytest.mark.parametrize(
    "where",
    ["", "tcp", "tcp:", "tcp::1", "tcp:host", "tcp:host:", "tcp:host:x", "tcp:host:65536", "unix:", "hci0"],
)
async def test_a_place_that_is_not_one_is_an_error(where: str) -> None:
    with pytest.raises(ValueError, match="is not a place"):
        await never(where)
