"""Faults of what a device tells of itself, on virtual time."""

import asyncio
import struct
from itertools import pairwise

import pytest

from firmware_sim.faults import parse
from sim.device_bench import begin
from sim.room import BEGIN, Link, Room, in_room, with_link


def counters(link: Link) -> list[int]:
    return [struct.unpack_from("<H", value)[0] for _, value in link.heard]


def heard_in_3_s(*faults: str, seed: int = 1) -> Link:
    """What a link hears of a chair that presses for 3 s."""
    links: list[Link] = []

    async def test(_: Room, link: Link) -> None:
        await link.listen()
        await link.command(BEGIN)
        await link.keep_pressing(3)
        links.append(link)

    with_link(test, *faults, seed=seed)
    return links[0]


def test_without_a_fault_every_notification_comes_once_and_in_order() -> None:
    heard = counters(heard_in_3_s())
    assert heard == list(range(1, len(heard) + 1))
    assert len(heard) > 30


def test_lost_notifications_leave_gaps_the_same_for_the_same_seed() -> None:
    some = counters(heard_in_3_s("lost_notifications:50"))
    assert 8 <= len(some) <= 24
    assert some == sorted(some)
    assert max(some) > 25
    assert some == counters(heard_in_3_s("lost_notifications:50"))
    assert some != counters(heard_in_3_s("lost_notifications:50", seed=2))


@pytest.mark.parametrize(("percent", "heard"), [(0, 33), (100, 0)])
def test_a_chance_of_none_loses_none_and_a_chance_of_all_loses_all(percent: int, heard: int) -> None:
    assert len(heard_in_3_s(f"lost_notifications:{percent}").heard) == pytest.approx(heard, abs=2)


def test_duplicate_notifications_come_twice_in_a_row() -> None:
    heard = counters(heard_in_3_s("duplicate_notifications:50"))
    assert 8 <= sum(was == now for was, now in pairwise(heard)) <= 24
    assert sorted(set(heard)) == list(range(1, max(heard) + 1))


def test_reordered_notifications_come_after_the_next_one_and_none_is_lost() -> None:
    heard = counters(heard_in_3_s("reordered_notifications:50"))
    back = sum(was > now for was, now in pairwise(heard))
    assert 5 <= back <= 16
    assert all(now - was >= -1 for was, now in pairwise(heard))
    assert len(heard) == len(set(heard)) >= max(heard) - 1


def test_late_notifications_are_late_and_in_order() -> None:
    on_time, late = heard_in_3_s(), heard_in_3_s("late_notifications:250")
    assert counters(late) == counters(on_time)[: len(late.heard)]
    delays = [then - now for (now, _), (then, _) in zip(on_time.heard, late.heard, strict=False)]
    assert all(delay == pytest.approx(0.25, abs=0.001) for delay in delays)


def test_a_fault_of_chance_with_a_time_begins_at_that_time() -> None:
    link = heard_in_3_s("lost_notifications:100,1")
    assert 9 <= len(link.heard) <= 13


def test_a_new_link_first_gets_the_state_of_the_one_before() -> None:
    async def test(room: Room) -> None:
        async with room.link() as link:
            await link.listen()
            await link.command(BEGIN)
            await link.keep_pressing(1)
        async with room.link() as link:
            stale = await link.state()
            assert (stale[3], stale[13]) == (1, 10)
            await link.listen()
            await asyncio.sleep(1.2)
            assert room.force_n == 0
            assert await link.state() == stale
            assert {value for _, value in link.heard} == {stale}
            await asyncio.sleep(1.5)
            assert link.heard[-1][1][3] == 3
            assert (await link.state())[3] == 3

    in_room(test, "stale_state:1.5")


def test_the_first_link_of_all_gets_no_stale_state() -> None:
    async def test(_: Room, link: Link) -> None:
        assert await link.state() == await link.state()
        await link.command(BEGIN)
        assert (await link.state())[4] == 5

    with_link(test, "stale_state:9")


def test_a_frozen_position_repeats_the_place_while_the_carriage_moves_and_the_rest_is_live() -> None:
    async def test(_: Room, link: Link) -> None:
        await link.listen()
        await link.command(BEGIN)
        await link.keep_pressing(4)
        late = [value for _, value in link.heard][-20:]
        assert {value[8:11] for value in late} == {late[0][8:11]}
        assert len({value[:2] for value in late}) == 20
        assert {value[14] for value in late} == {100}

    room = with_link(test, "frozen_position:1")
    places = [(row["pos"]["level"], row["pos"]["level_frac"]) for row in room.rows_of("roller_left")]
    assert len(set(places[-20:])) == 20


def test_a_frozen_load_repeats_the_loads_while_the_force_grows() -> None:
    async def test(room: Room, link: Link) -> None:
        await link.command(BEGIN)
        await link.press(1, level=2)
        await asyncio.sleep(0.6)
        await link.press(2, level=9)
        await asyncio.sleep(0.6)
        state = await link.state()
        assert (state[13], state[14], state[15]) == (9, 90, 8)
        assert room.force_n == 36

    with_link(test, "frozen_load:0.5")


def test_a_frozen_temperature_repeats_the_pads_warmth_while_they_warm() -> None:
    async def test(room: Room, link: Link) -> None:
        await link.command(begin(5, ceilings=(10,) * 8 + (5,) * 2))
        await link.hold(40, *(0,) * 8, 5, 5)
        warm = (await link.state())[-2]
        assert warm == 165  # 33 °C
        assert room.rows_of("heat_left")[-1]["temp_c"] == pytest.approx(35, abs=0.1)

    with_link(test, "frozen_temperature:0", model="cushion")


def test_a_device_that_freezes_twice_repeats_what_it_told_last() -> None:
    async def test(room: Room, link: Link) -> None:
        device = room.sim.devices[0]
        await link.listen()
        await link.command(BEGIN)
        told = []
        for seq in (1, 100):
            device.inject(parse("frozen:0"))
            await link.keep_pressing(0.5, seq=seq)
            told.append(link.heard[-1][1])
            device.clear("frozen")
            await link.keep_pressing(0.5, seq=seq + 50)
        assert told[0] != told[1]

    with_link(test)
