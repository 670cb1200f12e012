"""Record what a program and a device say, then be that device: python examples/record_and_replay.py.

Here the device is simulated and time is virtual. With a real one only two things differ: `recorder.client()`
without an argument records what bleak uses on this system, and `asyncio.run` takes real time.
"""

import tempfile
from pathlib import Path

from bleak import BleakClient
from bleak.backends.client import BaseBleakClient

from firmware_sim import virtual_time, wire
from firmware_sim.playback import Playback
from firmware_sim.recorder import Recorder
from firmware_sim.recording import Recording
from firmware_sim.simulator import Simulator


async def stop_and_look(address: str, backend: type[BaseBleakClient]) -> bytes:
    """A program: it stops whatever is there and reads how that is."""
    async with BleakClient(address, backend=backend) as device:
        await device.write_gatt_char(wire.STOP_UUID, b"\0", response=True)
        return bytes(await device.read_gatt_char(wire.STATE_UUID))


async def main(file: Path) -> None:
    """Both, one after the other."""
    recorder = Recorder()
    async with Simulator(model="cushion") as simulator:
        radio = await simulator.radio()
        said = await stop_and_look(simulator.devices[0].address, recorder.client(radio.client))
    recorder.recording().write(file)

    async with Playback(Recording.read(file)) as playback:
        radio = await playback.radio()
        said_again = await stop_and_look(playback.devices[0].address, radio.client)
    if said_again != said or playback.problems:
        raise SystemExit(f"the recording is not the device: {playback.problems}")
    print("The replay said the same:", said_again.hex(" "))


with tempfile.TemporaryDirectory() as folder:
    virtual_time.run(main(Path(folder, "cushion.jsonl")))
    print(Path(folder, "cushion.jsonl").read_text())
