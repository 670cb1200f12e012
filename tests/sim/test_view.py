"""The table on a terminal: what it says of each device, what it does with too many, and how it leaves."""

import asyncio
import fcntl
import os
import pty
import re
import select
import signal
import subprocess
import termios
import time
from array import array
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from bleak import BleakClient, BleakScanner

from firmware_sim.feed import Feed
from firmware_sim.radio import open_radio
from firmware_sim.simulator import Simulator
from firmware_sim.view import Table
from firmware_sim.virtual_time import run
from sim.device_bench import begin, set_
from sim.room import BEGIN, Link
from sim.test_main import PROGRAM

FULL = 4095  # bytes that a pseudo-terminal keeps for its reader
CUSHION = (10,) * 8 + (5,) * 2


def shown(table: Table, *, width: int = 200, height: int = 50, footer: str = "") -> list[str]:
    return table.lines("title", footer, width=width, height=height)


def row_of(name: str, lines: list[str]) -> list[str]:
    return next(re.split(r"\s{2,}", line) for line in lines if line.startswith(f"{name} "))


@pytest.fixture(scope="module")
def driven() -> tuple[list[str], list[str]]:
    """The table while a chair of two and a cushion are driven, and after they were stopped."""

    async def story() -> tuple[list[str], list[str]]:
        feed, table = Feed(), Table()
        feed.add(table.take)
        async with Simulator(models={"chair": 2, "cushion": 1}, on_row=feed) as simulator:
            radio = await simulator.radio()
            _, chair, cushion = (device.address for device in simulator.devices)
            async with (
                BleakClient(chair, pair=True, backend=radio.client) as one,
                BleakClient(cushion, pair=True, backend=radio.client) as other,
            ):
                pressing, shaking = Link(one), Link(other)
                assert await pressing.command(BEGIN) == await shaking.command(begin(5, 900, CUSHION)) == 0
                for seq in (1, 2, 3):
                    assert await pressing.press(seq, level=5) == 0
                    levels = (0, 0, 0, 0, 0, 0, 4, 6, 5, 0)
                    assert await shaking.command(set_(seq, *levels, epoch=5)) == 0
                    await asyncio.sleep(0.5)
                while_driven = shown(table)
                assert await pressing.stop() == await shaking.stop() == 0
                await asyncio.sleep(5)
            return while_driven, shown(table)

    return run(story())


def test_it_says_levels_force_place_cause_and_links_of_what_is_driven(driven) -> None:
    lines, _ = driven
    assert re.fullmatch(r"title   t = 1\.\d s", lines[0])
    assert row_of("chair-2", lines)[1:] == ["1", "lease", "5 5", "20.0", "S2 ±50 mm"]
    assert row_of("cushion-1", lines)[1:] == ["1", "lease", "0 0 0 0 0 0 4 6 5 0", "3.0", "L5 ±70 mm", "33.1"]
    assert row_of("chair-1", lines)[1:] == ["0", "rest", "0 0", "0.0"]


def test_after_a_stop_it_says_rest_and_no_place(driven) -> None:
    _, lines = driven
    assert row_of("chair-2", lines)[1:] == ["0", "rest", "0 0", "0.0"]
    assert row_of("cushion-1", lines)[1:3] == ["0", "rest"]


def test_what_does_something_comes_first_and_what_does_not_fit_is_counted(driven) -> None:
    assert [line.split()[0] for line in driven[0][2:]] == ["chair-2", "cushion-1", "chair-1"]
    table = Table()
    for number in range(1, 201):
        cause = "lease" if number == 150 else "rest"
        base = {"t": 1.0, "device": f"chair-{number}"}
        table.take({**base, "event": "device"})
        table.take({**base, "actuator": "roller_left", "level": 1, "force_n": 4.0, "cause": cause})
    lines = shown(table, height=10, width=40, footer="something was said")
    assert len(lines) == 10
    assert all(len(line) <= 40 for line in lines)
    assert [line.split()[0] for line in lines[2:8]] == ["chair-150", *(f"chair-{n}" for n in range(1, 6))]
    assert lines[8:] == ["and 194 more, for which there is no room"[:40], "something was said"]
    assert "more" not in "".join(shown(table, height=202))
    assert len(shown(table, height=1)) == 1


@contextmanager
def on_terminal(*arguments: str, rows: int = 12) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (rows, 100))
    with subprocess.Popen(
        [*PROGRAM, *arguments, "--listen", "tcp:127.0.0.1:0"], stdout=theirs, stderr=subprocess.PIPE
    ) as process:
        os.close(theirs)
        try:
            yield process, ours
        finally:
            process.kill()
            os.close(ours)


def read_until(terminal: int, wanted: bytes) -> bytes:
    seen, deadline_s = b"", time.monotonic() + 60
    while wanted not in seen:
        assert time.monotonic() < deadline_s, seen
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                seen += os.read(terminal, 65536)
            except OSError:  # the other side is gone
                break
    return seen


@pytest.mark.parametrize(("sent", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_on_a_terminal_it_is_drawn_and_the_terminal_is_given_back(sent: signal.Signals, status: int) -> None:
    with on_terminal("--model", "chair:20", "--view") as (process, terminal):
        frame = read_until(terminal, b"and 11 more").decode()
        assert "\x1b[?1049h" in frame
        assert "listening on tcp:127.0.0.1:" in read_until(terminal, b"listening").decode() + frame
        assert "chair-9 " in frame
        assert "chair-10 " not in frame
        process.send_signal(sent)
        assert read_until(terminal, b"\x1b[?1049l").endswith(b"\x1b[?25h\x1b[?1049l")
        assert process.stderr
        assert process.stderr.read() == b""
        assert process.wait(10) == status


async def meet(place: str) -> None:
    async with open_radio(place) as radio:
        assert await BleakScanner.find_device_by_address("C0:DE:00:00:00:01", backend=radio.scanner)


def wait_full(terminal: int) -> None:
    """Until no more fits: a frame has 16 kB, a pseudo-terminal takes 4, and nobody reads any more."""
    deadline_s, size = time.monotonic() + 20, array("i", [0])
    while size[0] < FULL:
        assert time.monotonic() < deadline_s, size[0]
        fcntl.ioctl(terminal, termios.FIONREAD, size)
        time.sleep(0.01)


def test_a_screen_that_is_held_does_not_hold_the_devices() -> None:
    with on_terminal("--model", "chair:200", "--view", rows=250) as (process, terminal):
        place = re.search(rb"tcp:127\.0\.0\.1:\d+", read_until(terminal, b"chair-200 C0"))
        assert place
        wait_full(terminal)
        asyncio.run(meet(place.group().decode()))
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
