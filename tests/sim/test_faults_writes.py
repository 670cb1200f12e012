"""Faults of what a device does with writes, and of what it does by itself, on virtual time."""

import asyncio

import pytest

from firmware_sim.faults import FaultError, parse
from sim.room import BEGIN, Link, Room, in_room, with_link

BEGIN_6 = BEGIN.replace(b"\x05", b"\x06")


def levels(room: Room) -> list[int]:
    """Of the left roller, each once as it changes."""
    rows = [row["level"] for row in room.rows_of("roller_left")]
    return [level for i, level in enumerate(rows) if i == 0 or level != rows[i - 1]]


def test_ignored_writes_are_accepted_and_the_watchdog_ends_what_was_begun() -> None:
    async def test(room: Room, link: Link) -> None:
        await link.command(BEGIN)
        assert await link.keep_pressing(1.2) == 0
        assert room.force_n == 40
        assert await link.keep_pressing(2, seq=50) == 0
        assert room.force_n == 0
        assert (await link.state())[3] == 3
        assert await link.stop() == 0

    with_link(test, "ignored_writes:1")


def test_a_stop_that_must_be_repeated_does_nothing_the_first_times() -> None:
    async def test(room: Room, link: Link) -> None:
        await link.command(BEGIN)
        await link.keep_pressing(1)
        for seq, force_n in ((10, 40), (11, 40), (12, 0)):
            await link.press(seq)
            assert await link.stop() == 0
            await asyncio.sleep(0.6)
            assert room.force_n == force_n

    assert with_link(test, "repeated_stop:3").events().count("stop") == 3


def test_a_level_above_what_it_takes_is_refused_and_the_others_are_taken() -> None:
    async def test(room: Room, link: Link) -> None:
        await link.command(BEGIN)
        assert await link.press(1, level=4) == 0
        assert await link.press(2, level=5) == 0x83
        assert await link.press(2, level=3) == 0
        await asyncio.sleep(0.5)
        assert room.force_n == 12

    with_link(test, "refuse_above:4")


def test_level_0_leaves_on_at_level_1_and_a_stop_switches_off() -> None:
    async def test(room: Room, link: Link) -> None:
        await link.command(BEGIN)
        await link.press(1, level=0)
        await asyncio.sleep(0.5)
        assert room.force_n == 0  # what was off stays off
        await link.press(2, level=6)
        await asyncio.sleep(0.5)
        await link.press(3, level=0)
        await asyncio.sleep(0.9)
        assert room.force_n == 4
        assert (await link.state())[13] == 1
        await link.stop()
        await asyncio.sleep(0.5)
        assert room.force_n == 0

    with_link(test, "never_off:0")


@pytest.mark.parametrize(("button", "after"), [("plus", 7), ("minus", 5)])
def test_its_own_buttons_change_the_level_until_the_next_set(button: str, after: int) -> None:
    async def test(_: Room, link: Link) -> None:
        await link.listen()
        await link.command(BEGIN)
        await link.press(1, level=6)
        await asyncio.sleep(0.75)
        assert link.heard[-1][1][13] == after
        await link.press(2, level=6)
        await asyncio.sleep(0.3)
        assert link.heard[-1][1][13] == 6

    assert levels(with_link(test, f"local_{button}:0.5")) == [0, 6, after, 6]


def test_buttons_pressed_by_hand_keep_to_the_ceiling_and_to_level_1_and_start_nothing() -> None:
    async def test(room: Room, link: Link) -> None:
        device = room.sim.devices[0]
        device.press("plus")
        await link.command(BEGIN)  # ceilings of 10
        device.press("plus")
        await link.press(1, level=9)
        for _ in range(3):
            device.press("plus")
        for _ in range(12):
            device.press("minus")
        await asyncio.sleep(0.1)
        device.press("stop")
        await asyncio.sleep(1)
        assert room.cause == "rest"

    room = with_link(test)
    assert levels(room) == [0, 9, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]
    assert "local_button" in {row["cause"] for row in room.rows_of("roller_left")}


def test_its_own_timer_ends_the_session_early_and_says_so() -> None:
    async def test(_: Room, link: Link) -> None:
        await link.listen()
        await link.command(BEGIN)
        assert await link.keep_pressing(2) == 0x81
        assert link.heard[-1][1][3] == 4

    assert "timer" in {row["cause"] for row in with_link(test, "early_timer:1").rows_of("roller_left")}


def test_an_error_of_its_own_switches_all_off_and_nothing_starts_until_it_is_cleared() -> None:
    async def test(room: Room, link: Link) -> None:
        await link.listen()
        await link.command(BEGIN)
        assert await link.keep_pressing(2) == 0x88
        flags, cause = link.heard[-1][1][2:4]
        assert (flags & 8, cause) == (8, 6)
        await asyncio.sleep(1)
        assert room.force_n == 0
        assert await link.stop() == 0
        assert await link.command(BEGIN_6) == 0x88
        room.sim.devices[0].clear("error_shutdown")
        assert await link.command(BEGIN_6) == 0
        assert (await link.state())[2] & 8 == 0

    assert "fault" in {row["cause"] for row in with_link(test, "error_shutdown:1").rows_of("roller_left")}


def test_a_power_cut_loses_the_link_retracts_and_forgets_the_epoch() -> None:
    async def test(room: Room) -> None:
        async with room.link() as link:
            await link.listen()
            await link.command(BEGIN)
            start = asyncio.get_running_loop().time()
            await link.keep_pressing(0.9)
            held_mm = (await link.state())[8:10]
            await asyncio.sleep(0.8)
            assert room.force_n < 40
            assert not link.client.is_connected
            assert max(at for at, _ in link.heard) - start < 1.001
            assert {value[3] for _, value in link.heard} == {0, 1}  # it cannot say that it has no power
        off_at = next(row["t"] for row in room.rows if row.get("cause") == "fault")
        async with room.link() as link:
            assert asyncio.get_running_loop().time() - off_at >= 3
            state = await link.state()
            assert state[2] & 2
            assert state[3:8] == bytes(5)  # cause, epoch and sequence
            assert abs(int.from_bytes(state[8:10], "little") - int.from_bytes(held_mm, "little")) < 20
            assert await link.command(BEGIN) == 0  # the same epoch once more

    room = in_room(test, "power_cut:3,1")
    assert room.events().count("session_start") == 2


def test_a_power_cut_drops_a_write_that_is_on_its_way() -> None:
    async def test(room: Room, link: Link) -> None:
        await link.command(BEGIN)
        await link.press(1)
        pressed = asyncio.create_task(link.press(2))
        await asyncio.sleep(2)
        await asyncio.gather(pressed, return_exceptions=True)
        assert room.force_n == 0

    with_link(test, "power_cut:5,0.25", "slow_writes:150")


def test_a_fault_injected_while_it_runs_counts_from_then_and_can_be_cleared() -> None:
    async def test(room: Room, link: Link) -> None:
        device = room.sim.devices[0]
        await link.listen()
        await link.command(BEGIN)
        await link.keep_pressing(1)
        device.inject(parse("silent:0.5"))
        assert [fault.name for fault in device.faults] == ["silent"]
        start = asyncio.get_running_loop().time()
        await link.keep_pressing(2, seq=50)
        assert 0.3 <= max(at for at, _ in link.heard) - start < 0.5
        device.clear("silent")
        await asyncio.sleep(0.3)
        assert link.heard[-1][0] - start > 2
        assert device.faults == ()

    with_link(test)


def test_a_fault_cleared_before_its_time_never_sets_in() -> None:
    async def test(room: Room, link: Link) -> None:
        await link.command(BEGIN)
        room.sim.devices[0].clear("local_button")
        assert await link.keep_pressing(2) == 0

    with_link(test, "local_button:1")


def test_a_fault_that_is_there_already_or_not_at_all_is_an_error_that_says_so() -> None:
    async def test(room: Room) -> None:
        device = room.sim.devices[0]
        with pytest.raises(FaultError, match="silent is given twice"):
            device.inject(parse("silent:5"))
        with pytest.raises(FaultError, match="there are: silent"):
            device.clear("frozen")
        with pytest.raises(FaultError, match="controller's own radio"):
            device.inject(parse("bluez_mtu"))

    in_room(test, "silent:1")


def test_several_faults_are_there_at_once() -> None:
    async def test(room: Room, link: Link) -> None:
        await link.listen()
        await link.command(BEGIN)
        start = asyncio.get_running_loop().time()
        assert await link.keep_pressing(3) == 0
        await link.stop()
        assert await link.keep_pressing(0.6, seq=50) == 0
        assert room.force_n > 0
        assert max(at for at, _ in link.heard) - start < 1

    with_link(test, "silent:1", "refuse_stop:2")
