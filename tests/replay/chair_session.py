"""One session of the guardian, the same on the simulated chair and on a recording of it.

As a program it writes that recording anew, after a change of what the guardian writes:
PYTHONPATH=tests python -m replay.chair_session
"""

import asyncio
from dataclasses import replace
from pathlib import Path

from firmware_sim import virtual_time
from firmware_sim.radio import Radio
from firmware_sim.recorder import Recorder
from firmware_sim.simulator import Simulator
from guardian.rig import Core
from massager.guardian.clock import LoopClock
from massager.guardian.leaving import Leaving
from massager.guardian.messages import Ready, State, Stop, Stopped
from massager.guardian.transport import gatt_links
from massager.model.decisions import Reason
from massager.protocol import codec_for

FILE = Path(__file__).parents[1] / "data" / "chair.jsonl"


async def session(radio):
    """Place the rollers, press for 2 s, stop and leave; all that the guardian said, and how it left."""
    core = Core(gatt_links(radio, codec_for("reference"), LoopClock()))
    await core.open()
    for level in [0] * 30 + [5] * 8:
        core.lease(level, carriage_mm=450, half_width_mm=55)
        await asyncio.sleep(0.25)
    core.client.send(Stop(Reason.FINISHED))
    assert (await core.hear(Stopped)).confirmed
    assert await core.client.close() == Leaving.STOPPED
    return core.told


def apart(told):
    """What was said, apart from whose device it is; and when each report came, from the first on."""
    plain, times = [], []
    for message in told:
        match message:
            case State(reading):
                times.append(reading.at_ms)
                plain.append(replace(reading, at_ms=0))
            case Ready():
                plain.append(replace(message, address="", serial=""))
            case _:
                plain.append(message)
    return plain, [time - times[0] for time in times]


async def recorded():
    """Such a session on the simulated chair: what the guardian said, and the recording."""
    recorder = Recorder()
    async with Simulator(model="chair") as simulator:
        radio = await simulator.radio()
        told = await session(Radio(client=recorder.client(radio.client), scanner=radio.scanner))
    return told, recorder.recording()


if __name__ == "__main__":
    virtual_time.run(recorded())[1].write(FILE)
