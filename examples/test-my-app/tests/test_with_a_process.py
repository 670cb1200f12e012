"""A simulator as a process, in real time. What it did is in a file, which any language reads."""

import subprocess
import sys

import pytest

from firmware_sim.default_radio import bleak_uses
from firmware_sim.plant_trace import PlantTrace
from firmware_sim.radio import open_radio
from my_app import press


@pytest.fixture
def simulator(tmp_path):
    file = tmp_path / "t.jsonl"
    command = [sys.executable, "-m", "firmware_sim", "--model", "chair", "--listen", "tcp:127.0.0.1:0"]

    def trace_when_ended():
        process.terminate()
        process.wait()  # it may still be writing what the program did last
        return PlantTrace.read(file)

    with subprocess.Popen([*command, "--trace", file], stdout=subprocess.PIPE, text=True) as process:
        place = process.stdout.readline().split()[2]  # "listening on tcp:127.0.0.1:41237 (chair-1 ...)"
        yield place, trace_when_ended
        process.terminate()


async def test_it_presses_as_hard_as_it_was_told_and_then_rests(simulator):
    place, trace_when_ended = simulator
    async with open_radio(place) as radio:
        with bleak_uses(radio):
            assert await press(level=3, seconds=2) == 12
    trace = trace_when_ended()
    assert trace.events == ["connect", "session_start", "stop", "disconnect"]
    assert trace.never_above(force_n=12)
