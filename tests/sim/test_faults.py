"""Each fault as a controller meets it, on virtual time."""

import asyncio
import struct

import pytest

from firmware_sim import faults
from firmware_sim.wire import STOP_UUID
from sim.room import BEGIN, Link, Room, in_room, with_link


def test_slow_writes_take_effect_one_after_another() -> None:
    async def test(room: Room, link: Link) -> None:
        start = asyncio.get_running_loop().time()
        begin = asyncio.create_task(link.command(BEGIN))
        await asyncio.sleep(0.1)
        await link.client.write_gatt_char(STOP_UUID, b"", response=False)
        assert await begin == 0
        assert asyncio.get_running_loop().time() - start == pytest.approx(0.3)
        await asyncio.sleep(0.35)
        times = {row["event"]: row["t"] - start for row in room.rows[1:] if "event" in row}
        assert times["session_start"] == pytest.approx(0.3)
        assert times["stop"] == pytest.approx(0.6)

    with_link(test, "slow_writes:300")


def test_refused_writes_end_the_session_by_the_watchdog_and_stop_still_works() -> None:
    async def test(room: Room, link: Link) -> None:
        await link.command(BEGIN)
        assert await link.keep_pressing(3) == 0x88
        assert await link.stop() == 0
        await asyncio.sleep(1)
        assert room.force_n == 0

    with_link(test, "refuse_writes:1")


def test_a_refused_stop_stops_nothing_and_says_so() -> None:
    async def test(room: Room, link: Link) -> None:
        await link.command(BEGIN)
        assert await link.keep_pressing(1) == 0
        assert await link.stop() == 0x88
        await link.client.write_gatt_char(STOP_UUID, b"\0", response=False)
        assert await link.keep_pressing(1, seq=50) == 0
        assert room.force_n > 0

    assert with_link(test, "refuse_stop:0.5").events().count("stop") == 2


def test_nonsense_replaces_the_state_after_its_time() -> None:
    async def test(_: Room, link: Link) -> None:
        await link.listen()
        await link.command(BEGIN)
        start = asyncio.get_running_loop().time()
        await link.keep_pressing(2)
        early = [value for at, value in link.heard if at < start + 0.99]
        late = [value for at, value in link.heard if at >= start + 1]
        assert {len(value) for value in early} == {19}
        assert len({len(value) for value in late}) > 3
        assert len(await link.state()) == 19

    with_link(test, "nonsense:1")


def test_a_silent_device_ceases_to_notify() -> None:
    async def test(_: Room, link: Link) -> None:
        await link.listen()
        await link.command(BEGIN)
        start = asyncio.get_running_loop().time()
        await link.keep_pressing(3)
        assert 0.8 <= max(at for at, _ in link.heard) - start < 1

    with_link(test, "silent:1")


def test_a_frozen_device_repeats_the_same_bytes() -> None:
    async def test(_: Room, link: Link) -> None:
        await link.listen()
        await link.command(BEGIN)
        start = asyncio.get_running_loop().time()
        await link.keep_pressing(3)
        late = [value for at, value in link.heard if at >= start + 1]
        assert len(late) >= 19
        assert len(set(late)) == 1

    with_link(test, "frozen:1")


def test_a_link_drop_drops_all_links_once_and_the_device_can_be_met_again() -> None:
    async def test(room: Room) -> None:
        async with room.link() as first, room.link() as second:
            await first.command(BEGIN)
            await first.press(1)
            await asyncio.sleep(0.6)
            assert not first.client.is_connected
            assert not second.client.is_connected
        async with room.link() as again:
            await again.listen()
            await asyncio.sleep(5)
            assert again.heard[-1][1][3] == 3  # the watchdog ended what the lost driver had begun
            assert again.client.is_connected

    in_room(test, "link_drop:0.5")


def test_the_local_button_stops_and_its_cause_stays() -> None:
    async def test(room: Room, link: Link) -> None:
        await link.listen()
        await link.command(BEGIN)
        assert await link.keep_pressing(2) == 0x81
        assert link.heard[-1][1][3] == 5
        assert "local_button" in {row["cause"] for row in room.rows if "cause" in row}
        await asyncio.sleep(1)
        assert room.force_n == 0

    with_link(test, "local_button:1")


def test_a_drift_moves_the_carriage_up_against_its_target() -> None:
    async def test(_: Room, link: Link) -> None:
        await link.command(BEGIN)
        await link.keep_pressing(8)
        before = struct.unpack_from("<H", await link.state(), 8)[0]
        await link.keep_pressing(6, seq=100)
        after = struct.unpack_from("<H", await link.state(), 8)[0]
        assert (before, after) == (300, pytest.approx(275, abs=2))

    with_link(test, "drift:9")


def test_nonsense_is_the_same_for_the_same_seed_and_other_for_another() -> None:
    def nonsense(seed: int) -> list[bytes]:
        heard: list[bytes] = []

        async def test(_: Room, link: Link) -> None:
            await link.listen()
            await link.command(BEGIN)
            await link.keep_pressing(3)
            heard.extend(value for _, value in link.heard)

        with_link(test, "nonsense:0", seed=seed)
        return heard

    assert nonsense(1) == nonsense(1)
    assert nonsense(1) != nonsense(2)


@pytest.mark.parametrize("text", ["smoke", "silent", "silent:", "silent:soon", "silent:-1", "silent:nan", ""])
def test_a_fault_that_does_not_exist_or_has_another_argument_is_refused(text: str) -> None:
    with pytest.raises(faults.FaultError):
        faults.parse(text)
