"""What a replayed device does: answers and notifications as recorded, and problems with their line."""

import asyncio
from dataclasses import replace

import pytest
from bleak import BleakScanner
from bleak.exc import BleakError, BleakGATTProtocolError

from firmware_sim.recording import Happened
from replay.made import HEAD, LINK, LISTEN, NUMBER, SERVICE, of, play, read, told, write

REJECTED = 0xFC
SESSION = of(
    LINK, LISTEN, told(0.3, "a0"), write(1.0, "01"), told(1.2, "a1"), told(1.5, "a2"), write(2.0, "02")
)


def test_what_was_notified_comes_as_long_after_the_write_as_it_did():
    async def use(user):
        async with user.link():
            await asyncio.sleep(5)
            assert await user.write("01") == 0
            await asyncio.sleep(5)

    user = play(SESSION, use)
    assert user.heard == [(0.2, "a0"), (5.2, "a1"), (5.5, "a2")]
    assert user.playback.problems == []
    assert [line.number for line in user.playback.devices[0].left] == [8]


def test_a_write_that_comes_early_finds_the_device_as_it_was_when_it_was_recorded():
    async def use(user):
        async with user.link():
            await user.write("01")
            await asyncio.sleep(0.3)
            await user.write("02")
            await asyncio.sleep(0)

    assert play(SESSION, use).heard == [(0.0, "a0"), (0.2, "a1"), (0.3, "a2")]


def test_nothing_is_notified_to_somebody_who_does_not_listen():
    async def use(user):
        async with user.link(listens=False):
            assert await user.write("01") == 0
            await asyncio.sleep(5)

    assert play(SESSION, use).heard == []


def test_another_write_than_recorded_is_rejected_with_the_line_and_changes_nothing():
    async def use(user):
        async with user.link():
            assert await user.write("02") == REJECTED
            assert await user.write("01") == 0
            assert await user.write("02") == 0
            assert await user.write("02") == REJECTED

    command = "0000fff1-0000-1000-8000-00805f9b34fb"
    assert play(SESSION, use).playback.problems == [
        f"line 5 writes 01 to {command}; 02 was written",
        f"no further write to {command} is recorded; 02 was written",
    ]


def test_a_write_that_asks_for_no_answer_is_a_problem_all_the_same():
    async def use(user):
        async with user.link():
            await user.write("09", response=False)
            await asyncio.sleep(1)

    assert len(play(SESSION, use).playback.problems) == 1


def test_what_was_blotted_out_may_be_anything_of_that_length():
    blotted = replace(write(1.0, "01 58 58 04"), scrubbed=True)

    async def use(user):
        async with user.link():
            assert await user.write("01 02 03 05") == REJECTED
            assert await user.write("01 02 03") == REJECTED
            assert await user.write("01 02 03 04") == 0

    play(of(LINK, LISTEN, blotted), use)

    async def exact(user):
        async with user.link():
            assert await user.write("01 02 03 04") == REJECTED

    play(of(LINK, LISTEN, write(1.0, "01 58 58 04")), exact)


def test_an_answer_is_the_recorded_one_and_takes_as_long():
    async def use(user):
        async with user.link():
            assert await user.write("01") == 0x81
            assert round(user.loop.time() - user.since_s, 3) == 0.25

    assert play(of(LINK, LISTEN, write(1.0, "01", took_s=0.25, error=0x81), told(1.2, "a1")), use).heard == [
        (0.2, "a1")
    ]


def test_reads_are_answered_in_their_order_and_then_as_the_last_time():
    async def use(user):
        async with user.link():
            assert [await user.read() for _ in range(3)] == ["01", "02", "02"]

    play(of(LINK, read(1, "01"), read(2, "02")), use)


def test_a_read_that_was_refused_is_refused():
    async def use(user):
        async with user.link():
            with pytest.raises(BleakGATTProtocolError, match="5"):
                await user.read()

    assert play(of(LINK, read(1, "", error=5)), use).playback.problems == []


def test_what_was_never_read_is_a_problem():
    async def use(user):
        async with user.link():
            with pytest.raises(BleakGATTProtocolError):
                await user.read()

    assert play(SESSION, use).playback.problems == [f"no read of {NUMBER} is recorded"]


@pytest.mark.parametrize("size", [21, 22, 23, 44, 45])
def test_a_value_that_needs_several_answers_is_one_read(size):
    async def use(user):
        async with user.link():
            assert await user.read() == "01" * size
            assert await user.read() == "02" * size
            assert user.client.mtu_size == 23

    play(of(LINK, read(1, "01" * size), read(2, "02" * size), head=replace(HEAD, mtu=23)), use)


def test_a_link_that_the_device_dropped_is_dropped_and_the_next_one_is_the_next_recorded():
    dropped = Happened(1.5, "disconnect")
    again = [replace(each, t_s=9 + each.t_s) for each in (LINK, LISTEN, write(1.0, "09"))]

    async def use(user):
        for first, second in (("01", "09"), ("01", "09")):
            async with user.link():
                assert await user.write(first) == 0
                await asyncio.sleep(1)
                assert not user.client.is_connected
            async with user.link():
                assert await user.write(second) == 0
        assert len(user.lost) == 4

    assert play(of(LINK, LISTEN, write(1.0, "01"), dropped, *again), use).playback.problems == []


def test_a_write_without_an_answer_waits_until_the_link_is_gone():
    async def use(user):
        async with user.link():
            with pytest.raises(BleakError, match="lost"):
                await user.write("01")
            assert round(user.loop.time() - user.since_s, 3) == 0.5

    play(of(LINK, LISTEN, write(1.0, "01", took_s=None), Happened(1.5, "disconnect")), use)


def test_indications_come_too():
    head = replace(
        HEAD,
        characteristics=tuple(replace(each, properties=("indicate",)) for each in HEAD.characteristics[1:]),
    )
    told_twice = [Happened(t_s, "notify", 0, b"\1") for t_s in (0.2, 0.3)]

    async def use(user):
        async with user.link():
            await asyncio.sleep(1)

    recording = of(LINK, Happened(0.1, "subscribe", 0, took_s=0), *told_twice, head=head)
    assert play(recording, use).heard == [(0.1, "01"), (0.2, "01")]


def test_it_is_found_by_its_service_and_the_name_of_its_model():
    async def use(user):
        radio = await user.playback.radio()
        found = await BleakScanner.find_device_by_filter(
            lambda *_: True, service_uuids=[SERVICE], backend=radio.scanner
        )
        assert (found.name, found.address) == ("thing 01", user.playback.devices[0].address)

    play(SESSION, use)
