"""What a recorder writes down, and what it must not."""

import asyncio
import json

import pytest
from bleak import BleakClient
from bleak.backends.bluezdbus.client import BleakClientBlueZDBus
from bleak.exc import BleakError, BleakGATTProtocolError
from bumble import core
from bumble.gatt import Characteristic, CharacteristicValue, Service

from firmware_sim.air import Air
from firmware_sim.radio import radio_on
from firmware_sim.recorder import Recorder
from firmware_sim.recording import Recording
from firmware_sim.wire import COMMAND_UUID, STATE_UUID, STOP_UUID
from sim.room import BEGIN, CHAIR

ADDRESS = "C3:A1:B2:D4:E5:F6"
NAME, SERIAL, ACCOUNT = "Grandma's chair", "SN-0042-77", "anna@home"
SYSTEM_ID = bytes.fromhex("F6E5D4FFFEB2A1C3")
MODEL = "MX-9"
LEAKS = (
    b"\x01" + bytes.fromhex(ADDRESS.replace(":", "")) + b"\x02",
    bytes.fromhex(ADDRESS.replace(":", ""))[::-1],
    b"id=" + ADDRESS.encode(),
    b"id=" + ADDRESS.replace(":", "").lower().encode(),
    b"hello " + NAME.upper().encode() + b"!",
    NAME.encode("utf-16-le"),
    b"s/n " + SERIAL.encode() + b"\0",
    b"by " + ACCOUNT.encode(),
    b"\xff" + SYSTEM_ID,
)
HARMLESS = bytes(range(40))
THING = "0000fff1-0000-1000-8000-00805f9b34fb"


def device(air, name=NAME):
    """A device that tells everybody whose it is."""
    made = air.device(name, ADDRESS)
    made.name = name
    values = iter(LEAKS)

    def fixed(uuid, value):
        readable = Characteristic.Properties.READ
        return Characteristic(core.UUID(uuid), readable, Characteristic.READABLE, value)

    async def write(connection, _value):
        for leak in values:
            await made.notify_subscriber(connection, thing, leak)

    thing = Characteristic(
        core.UUID(THING),
        Characteristic.Properties.WRITE | Characteristic.Properties.NOTIFY | Characteristic.Properties.READ,
        Characteristic.READABLE | Characteristic.WRITEABLE,
        CharacteristicValue(read=lambda _: b"of " + NAME.encode(), write=write),
    )
    made.gatt_server.add_services(
        [
            Service(core.UUID("FFF0"), [thing]),
            Service(
                core.UUID("180A"),
                [fixed("2A24", MODEL.encode()), fixed("2A25", SERIAL.encode()), fixed("2A23", SYSTEM_ID)],
            ),
        ]
    )
    return made


async def recorded(recorder, *, name=NAME):
    """Use such a device, and record it."""
    air = Air()
    central = air.device("central", "F0:00:00:00:00:01")
    leaky = device(air, name)
    for each in (central, leaky):
        await each.power_on()
    await leaky.start_advertising(advertising_interval_min=100, advertising_interval_max=100)
    heard = []
    async with BleakClient(ADDRESS, backend=recorder.client(radio_on(central).client)) as client:
        await client.start_notify(THING, lambda _, value: heard.append(bytes(value)))
        assert await client.read_gatt_char("2a24") == MODEL.encode()
        assert await client.read_gatt_char("2a25") == SERIAL.encode()
        assert await client.read_gatt_char("2a23") == SYSTEM_ID
        assert await client.read_gatt_char(THING) == b"of " + NAME.encode()
        await client.write_gatt_char(THING, HARMLESS, response=True)
        await client.write_gatt_char(THING, b"to " + ACCOUNT.encode(), response=True)
        await asyncio.sleep(1)
    for each in (leaky, central):
        await each.power_off()
    return heard


def bytes_of(path):
    """The file itself, and the bytes of every value in it."""
    text = path.read_text()
    values = [json.loads(line).get("value", "") for line in text.splitlines()[1:]]
    return text.encode() + b"\n" + b"\n".join(map(bytes.fromhex, values))


@pytest.mark.usefixtures("virtual_clock")
async def test_neither_address_nor_name_nor_serial_number_is_in_the_file_wherever_it_was_told(tmp_path):
    recorder, file = Recorder(secrets=[ACCOUNT]), tmp_path / "leaky.jsonl"
    assert await recorded(recorder) == list(LEAKS)  # the program itself heard all of it
    recorder.recording().write(file)
    found = bytes_of(file).lower()
    raw = bytes.fromhex(ADDRESS.replace(":", ""))
    for secret in (NAME, SERIAL, ACCOUNT, ADDRESS, ADDRESS.replace(":", ""), ADDRESS.replace(":", "-")):
        for spelled in (secret.lower().encode(), secret.lower().encode("utf-16-le")):
            assert spelled not in found
            assert spelled.hex().encode() not in found
    for secret in (raw, raw[::-1], SYSTEM_ID):
        assert secret.lower() not in found
        assert secret.hex().encode() not in found
    recording = Recording.read(file)
    values = [each.value for each in recording.happened]
    assert HARMLESS in values
    assert MODEL.encode() in values
    assert b"id=XXXXXXXXXXXXXXXXX" in values  # as long as it was, so that lengths and places stay
    assert recording.head.model == MODEL


@pytest.mark.usefixtures("virtual_clock")
async def test_a_device_that_is_called_like_its_model_keeps_that_name():
    recorder = Recorder()
    await recorded(recorder, name=MODEL)
    assert recorder.recording().head.model == MODEL
    assert MODEL.encode() in [each.value for each in recorder.recording().happened]


async def test_the_order_of_what_happened_at_the_same_time_is_kept(massager_sim):
    recorder = Recorder(model="My chair")
    async with BleakClient(CHAIR, backend=recorder.client(massager_sim.radio.client), pair=True) as chair:
        await chair.start_notify(STATE_UUID, lambda *_: None)
        await chair.write_gatt_char(COMMAND_UUID, BEGIN, response=True)
        with pytest.raises(BleakGATTProtocolError):
            await chair.write_gatt_char(COMMAND_UUID, BEGIN, response=True)
        await chair.write_gatt_char(STOP_UUID, b"\0", response=False)
        await asyncio.sleep(0.5)
        await chair.stop_notify(STATE_UUID)
    recording = recorder.recording()
    times = [each.t_s for each in recording.happened]
    assert times == sorted(set(times))
    assert recording.head.model == "My chair"
    assert recording.head.mtu == 517
    writes = [
        (each.error, each.response, each.took_s is None) for each in recording.happened if each.op == "write"
    ]
    assert writes == [(None, True, False), (0x81, True, False), (None, False, True)]
    assert recording.happened[-1].op == "unsubscribe"


@pytest.mark.faults("link_drop:1")
async def test_a_dropped_link_is_told_and_one_that_was_left_is_not(massager_sim):
    recorder, lost = Recorder(), []
    client = recorder.client(massager_sim.radio.client)
    async with BleakClient(CHAIR, lost.append, backend=client, pair=True) as chair:
        await chair.write_gatt_char(COMMAND_UUID, BEGIN, response=True)
        await asyncio.sleep(2)
    async with BleakClient(CHAIR, lost.append, backend=client):
        pass
    assert len(lost) == 2
    assert [each.op for each in recorder.recording().happened] == [
        "connect",
        "write",
        "disconnect",
        "connect",
    ]


async def test_a_second_device_is_refused_and_left(massager_sim):
    recorder = Recorder()
    await recorded(recorder)
    with pytest.raises(BleakError, match="another device"):
        async with BleakClient(CHAIR, backend=recorder.client(massager_sim.radio.client)):
            pass
    assert massager_sim.trace.events == ["connect", "disconnect"]


def test_it_records_what_bleak_uses_on_this_system():
    assert issubclass(Recorder().client(), BleakClientBlueZDBus)


def test_nothing_is_no_recording():
    with pytest.raises(ValueError, match="no client of this recorder"):
        Recorder().recording()
