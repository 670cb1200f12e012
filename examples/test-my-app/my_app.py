"""Press with a chair for a while: a Bluetooth program like any other."""

import asyncio
import struct
import sys

from bleak import BleakClient, BleakScanner

SERVICE = "5a1e0001-7d3b-4c52-9f0e-6d6173736167"
COMMAND = "5a1e0002-7d3b-4c52-9f0e-6d6173736167"
STOP = "5a1e0003-7d3b-4c52-9f0e-6d6173736167"
STATE = "5a1e0004-7d3b-4c52-9f0e-6d6173736167"

STAY = 0xFFFF  # for the carriage
LEASE_MS = 1000


class NoChairError(Exception):
    """None is within reach."""


async def press(level: int, seconds: float) -> int:
    """Press with both rollers; the highest force that the chair reported, in N."""
    device = await BleakScanner.find_device_by_filter(lambda _, told: SERVICE in told.service_uuids)
    if device is None:
        raise NoChairError
    forces = [0]
    async with BleakClient(device, pair=True) as chair:
        await chair.start_notify(STATE, lambda _, state: forces.append(max(state[15], state[18])))
        try:
            await _press(chair, level, seconds)
        finally:
            if chair.is_connected:
                await chair.write_gatt_char(STOP, b"\0", response=True)
    return max(forces)


async def _press(chair: BleakClient, level: int, seconds: float) -> None:
    seen = struct.unpack_from("<H", await chair.read_gatt_char(STATE), 4)[0]
    begin = struct.pack("<BHHBBB", 1, seen + 1, 600, 2, level, level)
    await chair.write_gatt_char(COMMAND, begin, response=True)
    for number in range(1, round(2 * seconds) + 1):
        lease = struct.pack("<BHHHHBBBBB", 2, number, seen + 1, LEASE_MS, STAY, 0xFF, 10, 2, level, level)
        await chair.write_gatt_char(COMMAND, lease, response=True)
        await asyncio.sleep(0.5)


if __name__ == "__main__":
    print(asyncio.run(press(int(sys.argv[1]), float(sys.argv[2]))), "N")
