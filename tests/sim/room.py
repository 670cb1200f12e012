"""A simulator with controllers in one process, on virtual time, for tests of whole devices."""

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from bleak import BleakClient
from bleak.exc import BleakGATTProtocolError

from firmware_sim import virtual_time
from firmware_sim.simulator import Simulator
from firmware_sim.wire import COMMAND_UUID, STATE_UUID, STOP_UUID
from sim.device_bench import set_

CHAIR = "C0:DE:00:00:00:01"
BEGIN = bytes.fromhex("01 05 00 84 03 02 0A 0A")


class Link:
    """A controller's link, with every notification and its time."""

    def __init__(self, client: BleakClient) -> None:
        self.client = client
        self.heard: list[tuple[float, bytes]] = []

    async def listen(self) -> None:
        def on_state(_: object, value: bytearray) -> None:
            self.heard.append((asyncio.get_running_loop().time(), bytes(value)))

        await self.client.start_notify(STATE_UUID, on_state)

    async def command(self, frame: bytes) -> int:
        """Write a command and return the ATT error, or 0."""
        return await self._write(COMMAND_UUID, frame)

    async def stop(self, frame: bytes = b"\0") -> int:
        return await self._write(STOP_UUID, frame)

    async def press(self, seq: int, *, lease_ms: int = 2000, level: int = 10) -> int:
        return await self.command(
            struct.pack("<BHHHHBBBBB", 2, seq, 5, lease_ms, 300, 50, 40, 2, level, level)
        )

    async def keep_pressing(self, seconds: float, *, seq: int = 1) -> int:
        """Renew the lease every 0.2 s; return the first error, or 0."""
        for step in range(round(seconds / 0.2)):
            if error := await self.press(seq + step):
                return error
            await asyncio.sleep(0.2)
        return 0

    async def hold(self, seconds: float, *levels: int, seq: int = 1) -> int:
        """Keep these levels up in epoch 5, anew every 0.2 s; return the first error, or 0."""
        for step in range(round(seconds / 0.2)):
            if error := await self.command(set_(seq + step, *levels, epoch=5)):
                return error
            await asyncio.sleep(0.2)
        return 0

    async def state(self) -> bytes:
        return bytes(await self.client.read_gatt_char(STATE_UUID))

    async def _write(self, uuid: str, frame: bytes) -> int:
        try:
            await self.client.write_gatt_char(uuid, frame, response=True)
        except BleakGATTProtocolError as error:
            return int(error.code)
        return 0


class Room:
    """A simulator with its trace rows and as many controllers as a test wants."""

    def __init__(self, *faults: str, count: int = 1, model: str = "chair", seed: int = 1) -> None:
        self.model = model
        self.rows: list[dict[str, Any]] = []
        self.sim = Simulator(
            model=model,
            faults=faults,
            count=count,
            seed=seed,
            on_row=lambda row: self.rows.append(dict(row)),
        )

    @contextlib.asynccontextmanager
    async def link(self, address: str | None = None) -> AsyncIterator[Link]:
        radio = await self.sim.radio()
        target = address or self.sim.devices[0].address
        async with BleakClient(target, pair=True, backend=radio.client) as client:
            yield Link(client)

    def events(self) -> list[str]:
        return [row["event"] for row in self.rows[1:] if "event" in row]

    def rows_of(self, actuator: str) -> list[dict[str, Any]]:
        return [row for row in self.rows if row.get("actuator") == actuator]

    @property
    def force_n(self) -> float:
        return float(next(row["force_n"] for row in reversed(self.rows) if "force_n" in row))

    @property
    def cause(self) -> str:
        return str(next(row["cause"] for row in reversed(self.rows) if "cause" in row))


def in_room(
    test: Callable[[Room], Awaitable[None]],
    *faults: str,
    count: int = 1,
    model: str = "chair",
    seed: int = 1,
) -> Room:
    room = Room(*faults, count=count, model=model, seed=seed)

    async def body() -> None:
        async with room.sim:
            await test(room)

    virtual_time.run(body())
    return room


def with_link(
    test: Callable[[Room, Link], Awaitable[None]], *faults: str, model: str = "chair", seed: int = 1
) -> Room:
    async def body(room: Room) -> None:
        async with room.link() as link:
            await test(room, link)

    return in_room(body, *faults, model=model, seed=seed)
