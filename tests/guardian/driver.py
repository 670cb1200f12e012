"""A core in little, as a process that tests kill, freeze and cut off: it presses low in the chair, for ever.

Arguments: the radio, the stop file, and the session's fence. Says `pressing GUARDIAN_PID` once the
rollers are out.
"""

import asyncio
import sys
from pathlib import Path

from guardian.rig import lease, permit
from massager.guardian.client import ChildGuardian
from massager.guardian.clock import BootClock
from massager.guardian.messages import GiveLease, GivePermit, Permitted, Ready, State


async def drive(radio: str, stop_file: str, fence: str) -> None:
    clock = BootClock()
    file = Path(stop_file)
    guardian = await ChildGuardian.start(
        radio=radio, device="chair", stop_file=file, locks=file.parent, store="S"
    )
    epoch, reading, told = 0, None, False

    async def listen() -> None:
        nonlocal epoch, reading
        while (message := await guardian.receive()) is not None:
            match message:
                case Ready():
                    guardian.send(GivePermit(permit(clock.now_ms(), fence=int(fence))))
                case Permitted():
                    epoch = message.epoch
                case State():
                    reading = message.reading
        sys.exit(f"guardian gone: {guardian.complaints}")

    listening = asyncio.create_task(listen())
    number = 0
    while not listening.done():
        if epoch:
            number += 1
            there = reading is not None and reading.half_width_mm == 55 and not reading.moving
            wanted = lease(number, epoch, clock.now_ms(), 3 if there else 0, half_width_mm=55)
            guardian.send(GiveLease(wanted))
            if not told and reading is not None and reading.actuators[0].depth_dmm == 30:
                told = True
                sys.stdout.write(f"pressing {guardian.pid}\n")
                sys.stdout.flush()
        await asyncio.sleep(0.1)
    await listening


asyncio.run(drive(*sys.argv[1:]))
