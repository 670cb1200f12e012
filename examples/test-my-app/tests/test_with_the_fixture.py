"""A simulated chair in the test's own process; a minute on its clock takes no time."""

import asyncio

import pytest
from bleak import BleakError

from my_app import press


async def test_it_presses_as_hard_as_it_was_told_and_then_rests(massager_sim, virtual_clock):
    assert await press(level=3, seconds=60) == 12
    await asyncio.sleep(5)  # the chair is still retracting when the program has gone
    assert virtual_clock.time() > 60
    assert massager_sim.trace.never_above(force_n=12, level=3)
    assert massager_sim.trace.rest_within_s(1, after="stop")


@pytest.mark.faults("link_drop:2")
async def test_a_lost_link_is_an_error_and_the_chair_stops_by_itself(massager_sim):
    with pytest.raises(BleakError):
        await press(level=3, seconds=60)
    await asyncio.sleep(5)
    assert massager_sim.trace.rest_within_s(2, after="disconnect")


@pytest.mark.faults("local_button:2")
async def test_whoever_sits_there_may_end_it(massager_sim):
    with pytest.raises(BleakError, match="0x81"):
        await press(level=3, seconds=60)
    assert "local_button" in massager_sim.trace.causes
