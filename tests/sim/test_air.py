"""The corrections of Bumble, one test each, on the real stack and virtual time."""

import asyncio
import logging

import pytest
from bumble import att, core, hci
from bumble.device import Advertisement, Connection, Peer

from firmware_sim.air import Air
from firmware_sim.stack import Device, GattClient, Host, LinkLostError
from firmware_sim.virtual_time import run
from sim.bench import BELL, BROKEN, PLAIN, SLOW, Tiny
from sim.story import CHAIR, attribute, central_on, now, on_virtual_time, tiny_on


async def ended(link: Connection) -> int:
    reason: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    link.on(link.EVENT_DISCONNECTION, reason.set_result)
    return await reason


@on_virtual_time
async def test_large_writes_and_reads_pass_whole_in_packets_of_251_bytes() -> None:
    air = Air()
    tiny, central = await tiny_on(air), await central_on(air)
    link = await central.connect_le(CHAIR)
    await Peer(link).request_mtu(517)
    plain = await attribute(link, PLAIN)
    sent = bytes(range(256)) * 2
    await plain.write_value(sent, with_response=True)
    tiny.value = sent[::-1]

    assert tiny.written == [("plain", sent)]
    assert await plain.read_value() == sent[::-1]
    assert link.data_packet_queue is not None
    assert link.data_packet_queue.max_packet_size == 251


@on_virtual_time
async def test_a_reset_drops_the_links_and_the_peer_sees_a_timeout_at_once() -> None:
    air = Air()
    tiny, central = await tiny_on(air), await central_on(air)
    await central.connect_le(CHAIR)
    await tiny.until(lambda: tiny.links)
    lost = asyncio.create_task(ended(tiny.links[0]))
    await asyncio.sleep(0)
    before = now()
    await central.host.reset()

    assert await lost == hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR
    assert now() == before
    assert central.connections == {}


@on_virtual_time
async def test_a_reset_ends_scan_advertising_and_pending_connection() -> None:
    air = Air()
    tiny, central, other = (
        await tiny_on(air),
        await central_on(air),
        await central_on(air, "F1:00:00:00:00:02"),
    )
    heard: list[Advertisement] = []
    other.on(Device.EVENT_ADVERTISEMENT, heard.append)
    await central.start_scanning()
    waiting = asyncio.create_task(central.connect_le("F0:00:00:00:00:99", timeout=None))
    await asyncio.sleep(1)
    await tiny.device.host.reset()
    await central.host.reset()
    await other.start_scanning()
    await asyncio.sleep(1)

    assert waiting.cancelled()
    assert heard == []
    await tiny_on(air, "F0:00:00:00:00:99")
    await asyncio.sleep(1)
    assert {str(each.address) for each in heard} == {"F0:00:00:00:00:99"}
    assert central.connections == {}


@on_virtual_time
async def test_the_name_in_the_scan_response_reaches_an_active_scan_and_no_passive_one() -> None:
    air = Air()
    await tiny_on(air)
    names: dict[bool, set[object]] = {True: set(), False: set()}
    for number, active in enumerate(names):
        central = await central_on(air, f"F1:00:00:00:00:0{number}")

        def note(advertisement: Advertisement, seen: set[object] = names[active]) -> None:
            seen.add(advertisement.data.get(core.AdvertisingData.Type.COMPLETE_LOCAL_NAME))

        central.on(Device.EVENT_ADVERTISEMENT, note)
        await central.start_scanning(active=active)
    await asyncio.sleep(1)

    assert names == {True: {"Tiny with a name"}, False: {None}}


@pytest.mark.parametrize("legacy_commands", [False, True])
@on_virtual_time
async def test_the_advertising_interval_is_in_units_of_625_microseconds(legacy_commands: bool) -> None:
    air = Air()
    advertiser, central = air.device("advertiser", CHAIR), await central_on(air)
    await advertiser.power_on()
    heard: list[float] = []
    central.on(Device.EVENT_ADVERTISEMENT, lambda _advertisement: heard.append(now()))
    await central.start_scanning(active=True)
    if legacy_commands:
        await advertiser.send_sync_command(
            hci.HCI_LE_Set_Advertising_Parameters_Command(
                advertising_interval_min=160,
                advertising_interval_max=160,
                advertising_type=0,
                own_address_type=hci.OwnAddressType.RANDOM,
                peer_address_type=0,
                peer_address=hci.Address.ANY,
                advertising_channel_map=7,
                advertising_filter_policy=0,
            )
        )
        await advertiser.send_sync_command(hci.HCI_LE_Set_Advertising_Enable_Command(advertising_enable=1))
    else:
        await advertiser.start_advertising(advertising_interval_min=100, advertising_interval_max=100)
    await asyncio.sleep(0.95)

    assert heard == pytest.approx([0.1 * step for step in range(10)])


@on_virtual_time
async def test_enabling_advertising_twice_does_not_double_its_rate() -> None:
    air = Air()
    tiny, central = await tiny_on(air), await central_on(air)
    (advertising,) = tiny.device.extended_advertising_sets.values()
    await advertising.start()
    heard: list[Advertisement] = []
    central.on(Device.EVENT_ADVERTISEMENT, heard.append)
    await central.start_scanning()
    await asyncio.sleep(0.95)

    assert len(heard) == 9


@on_virtual_time
async def test_a_cancelled_connect_completes_with_an_error_and_the_next_one_works() -> None:
    air = Air()
    central = await central_on(air)
    with pytest.raises(core.TimeoutError):
        await central.connect_le(CHAIR, timeout=3)
    assert now() == 3
    await tiny_on(air)
    link = await central.connect_le(CHAIR, timeout=3)

    assert str(link.peer_address) == CHAIR


@on_virtual_time
async def test_a_second_connect_to_the_same_peer_is_refused_at_once() -> None:
    air = Air()
    await tiny_on(air)
    central = await central_on(air)
    await central.connect_le(CHAIR)
    with pytest.raises(hci.HCI_Error, match="CONNECTION_ALREADY_EXISTS"):
        await central.connect_le(CHAIR)


@on_virtual_time
async def test_disconnecting_a_link_that_is_gone_is_refused_at_once() -> None:
    air = Air()
    tiny, central = await tiny_on(air), await central_on(air)
    link = await central.connect_le(CHAIR)
    await tiny.until(lambda: tiny.links)
    await tiny.links[0].disconnect()
    await asyncio.sleep(0)
    with pytest.raises(hci.HCI_Error, match="UNKNOWN_CONNECTION_IDENTIFIER"):
        await link.disconnect()


@on_virtual_time
async def test_both_ends_may_disconnect_at_the_same_moment(caplog: pytest.LogCaptureFixture) -> None:
    air = Air()
    tiny, central = await tiny_on(air), await central_on(air)
    link = await central.connect_le(CHAIR)
    await tiny.until(lambda: tiny.links)
    await asyncio.gather(link.disconnect(), tiny.links[0].disconnect())

    assert (tiny.links, central.connections) == ([], {})
    assert caplog.text == ""


@pytest.mark.parametrize("own", [hci.OwnAddressType.RANDOM, hci.OwnAddressType.PUBLIC])
@pytest.mark.parametrize("peer", [hci.OwnAddressType.RANDOM, hci.OwnAddressType.PUBLIC])
@on_virtual_time
async def test_links_between_all_kinds_of_addresses_carry_data(
    own: hci.OwnAddressType, peer: hci.OwnAddressType
) -> None:
    air = Air()
    tiny_device, central = [
        Device(
            name=name, address=hci.Address(address), host=air.host(air.controller(name, address, public=True))
        )
        for name, address in (("tiny", CHAIR), ("central", "F1:00:00:00:00:01"))
    ]
    tiny = Tiny(tiny_device)
    await tiny.start()
    await central.power_on()
    await tiny_device.start_advertising(own_address_type=peer)
    target = tiny_device.random_address if peer == hci.OwnAddressType.RANDOM else tiny_device.public_address
    link = await central.connect_le(target, own_address_type=own, timeout=5)
    plain = await attribute(link, PLAIN)
    await plain.write_value(b"hello", with_response=True)

    assert tiny.written == [("plain", b"hello")]


@on_virtual_time
async def test_data_still_flows_after_a_device_has_changed_its_random_address() -> None:
    air = Air()
    tiny, central = await tiny_on(air), await central_on(air)
    link = await central.connect_le(CHAIR)
    plain = await attribute(link, PLAIN)
    new = hci.Address("F3:00:00:00:00:09")
    await central.send_sync_command(hci.HCI_LE_Set_Random_Address_Command(random_address=new))
    await plain.write_value(b"still", with_response=True)

    assert tiny.written == [("plain", b"still")]


@on_virtual_time
async def test_two_centrals_hold_a_link_each_and_neither_hears_what_is_meant_for_the_other() -> None:
    air = Air()
    tiny = await tiny_on(air)
    centrals = [await central_on(air, f"F1:00:00:00:00:0{number}") for number in (1, 2)]
    links = [await central.connect_le(CHAIR) for central in centrals]
    plains = [await attribute(link, PLAIN) for link in links]
    bell = await attribute(links[1], BELL)
    heard: list[bytes] = []
    await bell.subscribe(heard.append)
    for number, plain in enumerate(plains):
        await plain.write_value(bytes([number]), with_response=True)
    await tiny.ring(b"for the second")
    await links[0].disconnect()
    await tiny.ring(b"again")
    await plains[1].write_value(b"alone", with_response=True)

    assert tiny.written == [("plain", b"\x00"), ("plain", b"\x01"), ("plain", b"alone")]
    assert heard == [b"for the second", b"again"]
    assert [str(link.peer_address) for link in tiny.links] == ["F1:00:00:00:00:02"]


@on_virtual_time
async def test_one_central_keeps_its_links_to_two_devices_apart() -> None:
    air = Air()
    tinies = [await tiny_on(air, f"F0:00:00:00:00:0{number}") for number in (1, 2)]
    central = await central_on(air)
    links = [await central.connect_le(f"F0:00:00:00:00:0{number}") for number in (1, 2)]
    for number, link in enumerate(links):
        await (await attribute(link, PLAIN)).write_value(bytes([number]), with_response=True)
    await links[0].disconnect()

    assert [tiny.written for tiny in tinies] == [[("plain", b"\x00")], [("plain", b"\x01")]]
    assert [len(tiny.links) for tiny in tinies] == [0, 1]


@on_virtual_time
async def test_of_two_centrals_that_hear_one_advertisement_the_second_waits_for_the_next() -> None:
    air = Air()
    centrals = [await central_on(air, f"F1:00:00:00:00:0{number}") for number in (1, 2)]
    connecting = [asyncio.create_task(central.connect_le(CHAIR, timeout=5)) for central in centrals]
    await asyncio.sleep(1)
    await tiny_on(air)
    links = await asyncio.gather(*connecting)
    for link in links:
        await (await attribute(link, PLAIN)).write_value(b"here", with_response=True)


@on_virtual_time
async def test_advertisements_reach_listeners_in_the_order_in_which_they_joined() -> None:
    air = Air()
    joined = [f"F1:00:00:00:00:{number:02X}" for number in (9, 3, 7, 1, 5)]
    centrals = [await central_on(air, address) for address in joined]
    heard: list[str] = []
    for central in reversed(centrals):
        central.on(
            Device.EVENT_ADVERTISEMENT, lambda _a, address=str(central.random_address): heard.append(address)
        )
        await central.start_scanning()
    await tiny_on(air)
    await asyncio.sleep(0.05)

    assert heard == joined


def test_two_runs_give_the_same_random_numbers_and_handles() -> None:
    async def story() -> tuple[bytes, list[int]]:
        air = Air()
        await tiny_on(air)
        central = await central_on(air)
        drawn = await central.send_sync_command(hci.HCI_LE_Rand_Command())
        handles = []
        for _ in range(3):
            link = await central.connect_le(CHAIR)
            handles.append(link.handle)
            await link.disconnect()
        return drawn.random_number, handles

    first = run(story())
    assert first == run(story())
    assert first[1] == [1, 2, 3]


@on_virtual_time
async def test_an_address_is_on_the_air_once() -> None:
    air = Air()
    air.controller("first", CHAIR)
    with pytest.raises(ValueError, match="first"):
        air.controller("second", CHAIR.lower())


@on_virtual_time
async def test_taking_a_controller_off_the_air_ends_its_links_and_frees_its_address() -> None:
    air = Air()
    tiny, central = await tiny_on(air), air.controller("central", "F1:00:00:00:00:01")
    device = Device(name="central", address=hci.Address("F1:00:00:00:00:01"), host=air.host(central))
    await device.power_on()
    await device.connect_le(CHAIR)
    await tiny.until(lambda: tiny.links)
    lost = asyncio.create_task(ended(tiny.links[0]))
    await asyncio.sleep(0)
    air.remove(central)

    assert await lost == hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR
    air.controller("another", "F1:00:00:00:00:01")


@on_virtual_time
async def test_a_handler_that_breaks_is_answered_at_once(caplog: pytest.LogCaptureFixture) -> None:
    air = Air()
    await tiny_on(air)
    central = await central_on(air)
    broken = await attribute(await central.connect_le(CHAIR), BROKEN)
    before = now()
    with pytest.raises(core.ProtocolError, match="UNLIKELY_ERROR"):
        await broken.write_value(b"x", with_response=True)

    assert now() == before
    assert "ATT_WRITE_REQUEST" in caplog.text


@on_virtual_time
async def test_a_request_under_way_and_those_after_it_fail_when_the_link_is_lost() -> None:
    air = Air()
    tiny, central = await tiny_on(air), await central_on(air)
    link = await central.connect_le(CHAIR)
    link.gatt_client = GattClient(link)
    slow = await attribute(link, SLOW)
    writes = [asyncio.create_task(slow.write_value(b"x", with_response=True)) for _ in range(2)]
    await tiny.until(lambda: tiny.written)
    before = now()
    await tiny.links[0].disconnect()
    ends = await asyncio.gather(*writes, return_exceptions=True)

    assert [type(end) for end in ends] == [LinkLostError, LinkLostError]
    assert now() == before
    with pytest.raises(LinkLostError):
        await slow.read_value()


@on_virtual_time
async def test_the_loss_of_the_transport_fails_a_command_once_and_in_silence(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Nowhere:
        def on_packet(self, packet: bytes) -> None: ...

    host = Host()
    host.set_packet_sink(Nowhere())
    asking = asyncio.create_task(host.reset())
    await asyncio.sleep(0)
    host.on_transport_lost()
    host.on_transport_lost()
    with pytest.raises(TimeoutError, match="lost"):
        await asking
    assert caplog.text == ""


@on_virtual_time
async def test_no_text_is_made_of_packets_when_nobody_reads_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not logging.getLogger("bumble").isEnabledFor(logging.DEBUG)
    made: list[str] = []
    monkeypatch.setattr(att.ATT_Read_Response, "__str__", lambda _self: made.append("answer") or "")
    for kind in (hci.HCI_Packet, hci.HCI_Command, hci.HCI_Event, hci.HCI_AclDataPacket):
        monkeypatch.setattr(kind, "__str__", lambda self: made.append(type(self).__name__) or "")
    air = Air()
    await tiny_on(air)
    link = await (await central_on(air)).connect_le(CHAIR)
    await (await attribute(link, PLAIN)).read_value()

    assert made == ["answer"]  # Bumble's client makes one still, its server none
