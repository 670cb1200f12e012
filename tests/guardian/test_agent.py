"""The pairing agent on a real D-Bus, before a BlueZ that is not one."""

import asyncio

import pytest
from bleak.exc import BleakDBusError

from firmware_sim.radio import Radio
from firmware_sim.simulator import Simulator
from guardian.rig import Core, until
from massager.guardian.agent import pairing_agent
from massager.guardian.clock import LoopClock
from massager.guardian.messages import Failed, Failure, Ready
from massager.guardian.transport import gatt_links
from massager.model.errors import NotPairedError
from massager.protocol import codec_for
from private_bus import DEVICE, OTHER, fake_bluez, private_bus

ADDRESS = "C0:DE:00:00:00:01"
REJECTED = "org.bluez.Error.Rejected"
UNKNOWN = "org.freedesktop.DBus.Error.UnknownMethod"


@pytest.fixture
def bus(tmp_path, monkeypatch):
    with private_bus(tmp_path) as address:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        yield address


async def test_bluez_pairs_the_one_device_while_the_agent_is_there(bus):
    async with fake_bluez(bus) as bluez:
        assert await bluez.pair(DEVICE) == "org.bluez.Error.AuthenticationFailed"
        async with pairing_agent(DEVICE, ADDRESS):
            assert await bluez.pair(DEVICE) == ""
        assert [name for name, _ in bluez.calls] == ["RegisterAgent", "RequestDefaultAgent"]
        assert bluez.calls[0][1][1] == "NoInputNoOutput"


async def test_the_agent_refuses_every_other_device(bus):
    async with fake_bluez(bus) as bluez, pairing_agent(DEVICE, ADDRESS):
        assert await bluez.pair(OTHER) == REJECTED


@pytest.mark.parametrize("question", ["RequestConfirmation", "RequestPasskey", "RequestPinCode"])
async def test_the_agent_answers_no_question_that_somebody_would_have_to_look_at(bus, question):
    async with fake_bluez(bus) as bluez, pairing_agent(DEVICE, ADDRESS):
        more = (123456,) if question == "RequestConfirmation" else ()
        assert await bluez.pair(DEVICE, question, *more) == UNKNOWN


async def test_the_agent_is_gone_after_the_pairing_also_after_one_that_was_cancelled(bus):
    async def hold(there):
        async with pairing_agent(DEVICE, ADDRESS):
            there.set()
            await asyncio.sleep(1000)

    async with fake_bluez(bus) as bluez:
        there = asyncio.Event()
        pairing = asyncio.create_task(hold(there))
        await there.wait()
        assert bluez.default is not None
        pairing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await pairing
        await until(lambda: not bluez.agents, seconds=5)
        assert bluez.default is None


@pytest.mark.parametrize("refused", ["RegisterAgent", "RequestDefaultAgent"])
async def test_where_bluez_takes_no_agent_the_error_says_how_to_pair_by_hand(bus, refused):
    async with fake_bluez(bus) as bluez:
        bluez.refuses = refused
        with pytest.raises(NotPairedError, match=r"Not permitted.*`bluetoothctl`.*`pair C0:DE:00:00:00:01`"):
            async with pairing_agent(DEVICE, ADDRESS):
                pass
        assert not bluez.default or refused == "RequestDefaultAgent"


@pytest.mark.usefixtures("bus")
async def test_without_bluez_or_without_a_bus_the_error_says_how_to_pair_by_hand(monkeypatch):
    with pytest.raises(NotPairedError, match="bluetoothctl"):
        async with pairing_agent(DEVICE, ADDRESS):
            pass
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere")
    with pytest.raises(NotPairedError, match="bluetoothctl"):
        async with pairing_agent(DEVICE, ADDRESS):
            pass


def as_bluez(radio, bluez):
    """That radio with the devices of BlueZ, which pairs once its agent has said yes."""

    class Client(radio.client):
        def __init__(self, device, **options):
            super().__init__(device.address, **options)

        async def pair(self, *_args, **_options):
            if error := await bluez.pair(DEVICE):
                raise BleakDBusError(error, ["Authentication Failed"])
            await super().pair()

    class Scanner(radio.scanner):
        def create_or_update_device(self, key, address, name, _details, adv):
            details = {"path": DEVICE, "props": {"Paired": False}}
            return super().create_or_update_device(key, address, name, details, adv)

    return Radio(Client, Scanner)


async def test_the_guardian_brings_its_agent_when_it_pairs(bus):
    async with fake_bluez(bus) as bluez, Simulator(model="chair") as sim:
        radio = as_bluez(await sim.radio(), bluez)
        core = Core(gatt_links(radio, codec_for("reference"), LoopClock()))
        await core.hear(Ready)
        await until(lambda: not bluez.agents, seconds=5)
        await core.client.close()


async def test_a_guardian_whose_agent_is_not_taken_stops_the_device_and_says_what_to_do(bus):
    rows = []
    async with fake_bluez(bus) as bluez, Simulator(model="chair", on_row=rows.append) as sim:
        bluez.refuses = "RegisterAgent"
        radio = as_bluez(await sim.radio(), bluez)
        core = Core(gatt_links(radio, codec_for("reference"), LoopClock()))
        failed = await core.hear(Failed)
        assert failed.failure is Failure.NOT_PAIRED
        assert "`bluetoothctl`" in failed.detail
        await core.client.close()
    assert [row["event"] for row in rows if "event" in row][1:] == ["connect", "stop", "disconnect"]
