"""Bonds that are not made or not kept, in whole sessions on virtual time, read off what the plant did."""

import asyncio
from itertools import pairwise

import pytest

from massager.model.decisions import Reason
from massager.session.snapshot import Stage
from system_rig import run, stack


async def whole(folder, **options):
    async with stack(folder, **options) as s:
        ending = await s.loop.run()
        return ending, s


def pressed(s):
    return [row["t"] for row in s.plant if row["force_n"] > 0]


@pytest.mark.parametrize("fault", ["pairing_refused", "bluez_no_agent"])
def test_without_a_bond_a_session_never_begins_and_says_what_to_do(tmp_path, fault):
    ending, s = run(whole(tmp_path, faults=[fault]))
    assert ending.reason is Reason.NOT_PAIRED
    assert "Switch it off and on" in ending.detail
    assert not ending.alarm
    assert s.events == ["device", "connect", "stop", "disconnect"]
    assert pressed(s) == []


def test_a_bond_lost_in_a_session_ends_nothing_as_long_as_the_link_is_there(tmp_path):
    ending, s = run(whole(tmp_path, seconds=90, faults=["bond_lost:20"]))
    assert (ending.reason, ending.confirmed) == (Reason.FINISHED, True)
    assert s.events.count("connect") == 1


def test_a_session_that_loses_bond_and_link_ends_with_the_plant_at_rest_and_confirmed(tmp_path):
    ending, s = run(whole(tmp_path, faults=["bond_lost:15", "link_drop:20"]))
    assert ending.reason is Reason.LINK_LOST
    assert ending.confirmed
    assert not ending.alarm
    assert set(s.events[s.events.index("disconnect") + 2 : -1]) == {"stop"}
    assert s.events.count("session_start") == 1
    assert pressed(s)[-1] <= pressed(s)[0] + 20 + 2


def test_with_the_bond_gone_a_session_does_not_go_on_after_a_lost_link(tmp_path):
    async def story():
        async with stack(tmp_path, interactive=True, faults=["bond_lost:15", "link_drop:20"]) as s:
            running = asyncio.create_task(s.loop.run())
            await s.until(lambda: s.loop.snapshot().stage is Stage.LINK_LOST)
            return await running, s

    ending, s = run(story())
    assert (ending.reason, ending.confirmed) == (Reason.NOT_PAIRED, True)
    assert "`massager forget` it, then `massager pair C0:DE:00:00:00:01`" in ending.detail
    assert not ending.alarm
    assert s.events.count("session_start") == 1
    lost = next(row["t"] for row in s.rows if row.get("event") == "disconnect")
    assert all(row["t"] <= lost + 2 for row in s.plant if row["force_n"] > 0)


def test_with_the_bond_kept_it_goes_on_after_a_lost_link_when_the_person_says_so(tmp_path):
    async def story():
        async with stack(tmp_path, interactive=True, faults=["link_drop:20"]) as s:
            running = asyncio.create_task(s.loop.run())
            await s.until(lambda: s.loop.snapshot().stage is Stage.LINK_LOST)
            await s.until(lambda: s.events.count("connect") == 2)
            await asyncio.sleep(2)
            s.loop.resume()
            await s.until(lambda: s.plant[-1]["force_n"] > 0)
            s.loop.stop()
            return await running, s

    ending, s = run(story())
    assert (ending.reason, ending.confirmed) == (Reason.STOPPED_BY_PERSON, True)
    assert s.events.count("session_start") == 2


def test_on_bluez_a_lost_bond_is_a_device_that_does_not_come_back(tmp_path):
    faults = ["bluez_bond_lost", "bond_lost:15", "link_drop:20"]

    async def story():
        async with stack(tmp_path, interactive=True, faults=faults) as s:
            running = asyncio.create_task(s.loop.run())
            await s.until(lambda: s.loop.snapshot().stage is Stage.LINK_LOST)
            lost_t = asyncio.get_running_loop().time()
            return await running, s, asyncio.get_running_loop().time() - lost_t

    ending, s, took_s = run(story())
    assert ending.reason is Reason.LINK_LOST
    assert took_s < 60
    assert ending.alarm
    assert s.events.count("session_start") == 1
    assert pressed(s)[-1] <= pressed(s)[0] + 20 + 2


def test_force_only_falls_once_the_bond_and_the_link_are_lost(tmp_path):
    _, s = run(whole(tmp_path, faults=["bond_lost:15", "link_drop:20"]))
    lost = next(row["t"] for row in s.rows if row.get("event") == "disconnect")
    after = [row["force_n"] for row in s.plant if row["t"] >= lost]
    assert all(was >= now for was, now in pairwise(after))
    assert after[-1] == 0
