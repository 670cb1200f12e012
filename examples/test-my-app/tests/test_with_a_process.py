"""A simulator as a process, in real time. What it did is in a file, which any language reads."""

import contextlib
import subprocess
import sys

from firmware_sim.default_radio import bleak_uses
from firmware_sim.plant_trace import PlantTrace
from firmware_sim.radio import open_radio
from my_app import press


@contextlib.contextmanager
def simulator(trace):
    command = [sys.executable, "-m", "firmware_sim", "--model", "chair", "--listen", "tcp:127.0.0.1:0"]
    with subprocess.Popen([*command, "--trace", trace], stdout=subprocess.PIPE, text=True) as process:
        yield process.stdout.readline().split()[2]  # "listening on tcp:127.0.0.1:41237 (chair-1 ...)"
        process.terminate()


async def test_it_presses_as_hard_as_it_was_told_and_then_rests(tmp_path):
    with simulator(tmp_path / "t.jsonl") as place:
        async with open_radio(place) as radio:
            with bleak_uses(radio):
                assert await press(level=3, seconds=2) == 12
    # Once it has ended, the file is whole.
    trace = PlantTrace.read(tmp_path / "t.jsonl")
    assert trace.events == ["connect", "session_start", "stop", "disconnect"]
    assert trace.never_above(force_n=12)
