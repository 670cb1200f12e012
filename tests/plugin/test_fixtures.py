"""The fixtures as a stranger's tests use them."""

import asyncio

import pytest
from bleak import BleakClient, BleakScanner

from firmware_sim.virtual_time import VirtualTimeLoop
from firmware_sim.wire import COMMAND_UUID, STOP_UUID
from sim.room import BEGIN

PRESS = bytes.fromhex("02 01 00 05 00 D0 07 F4 01 32 0A 02 02 02")  # level 2 for 2 s


@pytest.fixture
async def chair(massager_sim):
    async with BleakClient(massager_sim.address, pair=True) as client:
        yield client


async def press(chair):
    await chair.write_gatt_char(COMMAND_UUID, BEGIN, response=True)
    await chair.write_gatt_char(COMMAND_UUID, PRESS, response=True)


async def test_an_hour_passes_on_the_virtual_clock(virtual_clock):
    await asyncio.sleep(3600)
    assert virtual_clock.time() == 3600


async def test_a_test_without_it_keeps_its_own_loop():
    assert not isinstance(asyncio.get_running_loop(), VirtualTimeLoop)


async def test_another_fixture_shares_the_loop_and_the_trace_shows_what_the_device_did(massager_sim, chair):
    await press(chair)
    await asyncio.sleep(60)
    trace = massager_sim.trace
    assert trace.events == ["connect", "session_start"]
    assert trace.causes == ["rest", "lease", "watchdog", "rest"]
    assert trace.peak("force_n") == 8
    assert trace.never_above(force_n=8, level=2)
    assert trace.rest_within_s(3, after="session_start")


async def test_a_time_in_the_test_is_a_time_of_the_trace(massager_sim, chair):
    await asyncio.sleep(10)
    await press(chair)
    pressed_s = massager_sim.now_s
    await asyncio.sleep(60)
    assert massager_sim.trace.rest_within_s(3, after=pressed_s)
    with pytest.raises(AssertionError, match="not at rest"):
        massager_sim.trace.rest_within_s(0.5, after=pressed_s)


async def test_each_test_has_a_simulator_of_its_own(massager_sim):
    assert massager_sim.trace.events == []


async def test_a_program_that_names_no_radio_finds_the_simulated_one(massager_sim):
    found = await BleakScanner.find_device_by_name("REF-CHAIR 01")
    assert found is not None
    assert found.address == massager_sim.address


@pytest.mark.massager_model("cushion", count=2, seed=3)
async def test_a_marker_says_what_is_simulated(massager_sim):
    assert [device.device_id for device in massager_sim.devices] == ["cushion-1", "cushion-2"]
    assert {row["seed"] for row in massager_sim.trace.rows if row.get("event") == "device"} == {3}


@pytest.mark.faults("refuse_stop:0")
class TestFaults:
    @pytest.mark.faults("local_button:0.5", "silent:0")
    async def test_markers_add_up(self, massager_sim, chair):
        await press(chair)
        with pytest.raises(Exception, match=r"0x88|136"):
            await chair.write_gatt_char(STOP_UUID, b"\0", response=True)
        await asyncio.sleep(60)
        assert "local_button" in massager_sim.trace.causes


@pytest.mark.parametrize("seconds", [1, 2])
async def test_parameters_go_with_it(virtual_clock, seconds):
    await asyncio.sleep(seconds)
    assert virtual_clock.time() == seconds
