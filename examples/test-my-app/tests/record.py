"""Record the program with a chair, here a simulated one: python tests/record.py.

With a real one it is `bleak_uses(None, recorder=recorder)`, and real time: asyncio.run.
"""

import sys
from pathlib import Path

from firmware_sim import virtual_time
from firmware_sim.default_radio import bleak_uses
from firmware_sim.recorder import Recorder
from firmware_sim.simulator import Simulator

TESTS = Path(__file__).parent
sys.path.insert(0, str(TESTS.parent))


async def record() -> None:
    """Run the program once and write down what it and the chair said."""
    from my_app import press  # noqa: PLC0415 - found by the line above

    recorder = Recorder()
    async with Simulator(model="chair") as simulator:
        with bleak_uses(await simulator.radio(), recorder=recorder):
            await press(level=3, seconds=2)
    recorder.recording().write(TESTS / "chair.jsonl")


virtual_time.run(record())
