"""What the trace says of a real session over the simulated air, on virtual time."""

import asyncio
import io
import json
from itertools import pairwise
from typing import Any, TextIO

import pytest
from bleak import BleakClient

from firmware_sim import virtual_time, wire
from firmware_sim.simulator import Simulator

CHAIR = "C0:DE:00:00:00:01"
BEGIN = bytes.fromhex("01 05 00 84 03 02 0A 0A")
SWEEP = bytes.fromhex("02 01 00 05 00 E8 03 F4 01 32 0A 02 02 02")
END = bytes.fromhex("03 05 00")


async def session(trace: TextIO, *, seed: int = 1) -> None:
    async with Simulator(seed=seed, faults=["nonsense:1"], trace=trace) as sim:
        radio = await sim.radio()
        async with BleakClient(CHAIR, pair=True, backend=radio.client) as chair:
            await chair.start_notify(wire.STATE_UUID, lambda *_: None)
            await chair.write_gatt_char(wire.COMMAND_UUID, BEGIN, response=True)
            await chair.write_gatt_char(wire.COMMAND_UUID, SWEEP, response=True)
            await asyncio.sleep(0.5)
            await chair.write_gatt_char(wire.STOP_UUID, b"\0", response=False)
            await asyncio.sleep(2)
            await chair.write_gatt_char(wire.COMMAND_UUID, END, response=True)


@pytest.fixture(scope="module")
def text() -> str:
    stream = io.StringIO()
    virtual_time.run(session(stream))
    return stream.getvalue()


@pytest.fixture(scope="module")
def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_the_first_line_tells_of_the_device(lines: list[dict[str, Any]]) -> None:
    roller = {"modality": "roller", "levels": 20, "radius_mm": 15}
    assert lines[0] == {
        "event": "device",
        "t": 0.0,
        "device": "chair-1",
        "model": "chair",
        "seed": 1,
        "unix": 1767225600.0,
        "boot": 0.0,
        "actuators": [{"name": "roller_left", **roller}, {"name": "roller_right", **roller}],
    }


def test_the_events_of_a_session_come_in_their_order(lines: list[dict[str, Any]]) -> None:
    events = [line["event"] for line in lines[1:] if "event" in line]
    assert events == ["connect", "session_start", "stop", "session_end", "disconnect"]
    assert all(set(line) == {"t", "device", "event"} for line in lines[1:] if "event" in line)


def test_time_never_runs_backwards(lines: list[dict[str, Any]]) -> None:
    times = [line["t"] for line in lines]
    assert times == sorted(times)


def test_a_row_has_the_fields_of_the_page_and_leaves_out_what_a_chair_has_not(
    lines: list[dict[str, Any]],
) -> None:
    rows = [line for line in lines if "actuator" in line]
    fields = {
        "t",
        "device",
        "actuator",
        "modality",
        "level",
        "intensity",
        "force_n",
        "depth_mm",
        "pos",
        "cause",
    }
    assert all(set(row) == fields for row in rows)
    assert all(set(row["pos"]) == {"level", "level_frac", "lateral_mm", "radius_mm"} for row in rows)
    assert {(row["actuator"], row["pos"]["lateral_mm"] < 0) for row in rows} == {
        ("roller_left", True),
        ("roller_right", False),
    }


def test_rows_follow_each_other_within_100_ms_from_first_motion_to_rest(lines: list[dict[str, Any]]) -> None:
    rows = [line for line in lines if line.get("actuator") == "roller_left"]
    times = [row["t"] for row in rows][1:]
    assert max(later - earlier for earlier, later in pairwise(times)) <= 0.1001
    assert [row["cause"] for row in rows].count("rest") == 2
    assert rows[-1]["cause"] == "rest"
    assert {row["cause"] for row in rows} == {"rest", "lease", "stop"}


def test_force_is_4_newton_a_millimetre_and_ends_with_the_stop(lines: list[dict[str, Any]]) -> None:
    rows = [line for line in lines if "actuator" in line]
    assert max(row["force_n"] for row in rows) == 8
    assert all(row["force_n"] == pytest.approx(4 * row["depth_mm"], abs=0.01) for row in rows)
    stopped = next(line["t"] for line in lines if line.get("event") == "stop")
    assert all(row["force_n"] == 0 for row in rows if row["t"] > stopped + 0.11)


def test_the_same_seed_writes_the_same_bytes(text: str) -> None:
    again = io.StringIO()
    virtual_time.run(session(again))
    assert again.getvalue() == text


def test_every_line_is_flushed_when_it_is_written() -> None:
    class Unflushed(io.StringIO):
        pending = 0

        def write(self, text: str) -> int:
            assert self.pending == 0
            self.pending += 1
            assert text.count("\n") == 1
            return super().write(text)

        def flush(self) -> None:
            self.pending = 0

    stream = Unflushed()
    virtual_time.run(session(stream))
    assert stream.pending == 0
