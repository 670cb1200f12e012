"""Recordings made by hand: a device with one thing to write, one to read and one that notifies."""

import asyncio
import contextlib

from bleak import BleakClient
from bleak.exc import BleakGATTProtocolError

from firmware_sim import virtual_time
from firmware_sim.playback import Playback
from firmware_sim.recording import Described, Happened, Head, Recording

SERVICE = "0000fff0-0000-1000-8000-00805f9b34fb"
COMMAND, STATE, NUMBER = (f"0000fff{n}-0000-1000-8000-00805f9b34fb" for n in (1, 2, 3))
HEAD = Head(
    "thing",
    100,
    (
        Described(SERVICE, COMMAND, ("write", "write-without-response")),
        Described(SERVICE, STATE, ("notify",)),
        Described(SERVICE, NUMBER, ("read", "indicate")),
    ),
)
LINK = Happened(0.0, "connect")
LISTEN = Happened(0.1, "subscribe", 1, took_s=0)


def write(t_s, value, **more):
    return Happened(t_s, "write", 0, bytes.fromhex(value), **{"took_s": 0, **more})


def told(t_s, value):
    return Happened(t_s, "notify", 1, bytes.fromhex(value))


def read(t_s, value, **more):
    return Happened(t_s, "read", 2, bytes.fromhex(value), **{"took_s": 0, **more})


class User:
    """Somebody who uses a replayed device, and when they heard what of it."""

    def __init__(self, playback, loop):
        self.playback = playback
        self.loop = loop
        self.heard = []
        self.lost = []

    @contextlib.asynccontextmanager
    async def link(self, *, listens=True):
        radio = await self.playback.radio()
        address, gone = self.playback.devices[0].address, lambda _: self.lost.append(self.loop.time())
        async with BleakClient(address, gone, backend=radio.client) as self.client:
            self.since_s = self.loop.time()
            if listens:
                await self.client.start_notify(STATE, self._hear)
            yield self

    def _hear(self, _, value):
        self.heard.append((round(self.loop.time() - self.since_s, 3), value.hex()))

    async def write(self, value, **how):
        """Write, and return the ATT error or 0."""
        try:
            await self.client.write_gatt_char(COMMAND, bytes.fromhex(value), **{"response": True, **how})
        except BleakGATTProtocolError as error:
            return int(error.code)
        return 0

    async def read(self):
        return (await self.client.read_gatt_char(NUMBER)).hex()


def play(recording, use):
    """Run `use` with a user of the replay on virtual time; the user."""

    async def run():
        async with Playback(recording) as playback:
            user = User(playback, asyncio.get_running_loop())
            await use(user)
            return user

    return virtual_time.run(run())


def of(*happened, head=HEAD):
    return Recording(head, happened)
