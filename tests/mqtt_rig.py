"""Somebody who listens at a real broker, and a core on it with chairs that obey."""

import asyncio
import contextlib
import itertools
import json
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import aiomqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from core_rig import RADIO, record, surroundings_in
from massager.app.core import Core
from massager.app.hosting import Hosting
from massager.app.memory import Memory
from massager.app.mqtt import bridged
from massager.model.decisions import Refusal
from massager.mqtt.bridge import Bridge
from massager.mqtt.broker import Broker
from massager.mqtt.ids import device_id
from massager.session.massage import Wish
from massager.session.outlook import WELL
from massager.store import Store
from mosquitto_server import PATIENCE_S, Mosquitto
from web_rig import Chairs

LEFT, RIGHT = (device_id(f"C0:{number} on {RADIO}") for number in (1, 2))


@dataclass
class Heard:
    """A message at the broker."""

    topic: str
    text: str
    retain: bool
    at_s: float

    @property
    def body(self) -> dict:
        return json.loads(self.text)


@dataclass
class Ear:
    """Somebody at the broker: hears all and says what a test has it say."""

    client: aiomqtt.Client
    heard: list[Heard] = field(default_factory=list)

    async def listen(self) -> None:
        async for message in self.client.messages:
            text = message.payload.decode(errors="replace")
            self.heard.append(Heard(str(message.topic), text, message.retain, time.monotonic()))

    async def say(
        self,
        topic: str,
        payload: str | bytes,
        *,
        qos: int = 1,
        retain: bool = False,
        expires_s: int | None = None,
    ) -> None:
        properties = None
        if expires_s is not None:
            properties = Properties(PacketTypes.PUBLISH)
            properties.MessageExpiryInterval = expires_s
        await self.client.publish(topic, payload, qos, retain, properties)

    async def command(self, massager: str, order: str, payload: str | bytes, **how) -> None:
        await self.say(f"massager/v1/{massager}/cmd/{order}", payload, **how)

    def of(self, topic: str) -> list[Heard]:
        return [one for one in self.heard if one.topic == topic]

    def results(self, massager: str) -> list[dict]:
        return [one.body for one in self.of(f"massager/v1/{massager}/cmd/result")]

    async def until(self, holds: Callable[[], object], seconds: float = PATIENCE_S):
        """Wait for something; hand it back."""
        end_s = time.monotonic() + seconds
        while not (found := holds()):
            assert time.monotonic() < end_s, self.heard[-10:]
            await asyncio.sleep(0.01)
        return found

    async def until_heard(self, topic: str, text: str, *, after: int = 0) -> Heard:
        """Wait for a text at a topic, later than so many messages."""
        return await self.until(
            lambda: next((one for one in self.heard[after:] if (one.topic, one.text) == (topic, text)), None)
        )

    async def asked(self, massager: str, order: str, payload: str | bytes, **how) -> dict:
        """Say a command and wait for the next result of that massager."""
        before = len(self.results(massager))
        await self.command(massager, order, payload, **how)
        await self.until(lambda: len(self.results(massager)) > before)
        return self.results(massager)[before]


@contextlib.asynccontextmanager
async def ear(port: int, topic: str = "#", **how):
    """Somebody who hears a topic and all below."""
    async with aiomqtt.Client(
        "127.0.0.1",
        port,
        protocol=aiomqtt.ProtocolVersion.V5,
        clean_start=True,
        socket_options=[(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)],
        **how,
    ) as client:
        one = Ear(client)
        await client.subscribe(topic, qos=1)
        listening = asyncio.create_task(one.listen())
        try:
            yield one
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)


@dataclass
class Bridged:
    """A core, and its bridge where it has one."""

    core: Core
    bridge: Bridge | None
    where: Chairs
    store: Store
    memory: Memory
    log: list[str]

    async def start(self, person: str = "anna", device: str = "left", program: str = "gentle-lumbar") -> int:
        """A session."""
        wish = Wish(program, person, device, None, None, True, WELL)
        number = await self.core.begin(wish)
        assert not isinstance(number, Refusal), number
        return number

    async def close(self) -> None:
        """End what runs; every chair may rest."""
        for chair in self.where.guardians:
            chair.may_rest.set()
        await self.core.close()

    async def until(self, holds: Callable[[], object], seconds: float = PATIENCE_S) -> None:
        """Wait for something."""
        end_s = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end_s, self.log
            await asyncio.sleep(0.01)

    async def until_online(self) -> None:
        """Wait until it has heard which massagers there are, and takes commands for them."""
        await self.until(lambda: self.bridge.is_listening)

    async def until_sent(self, number: int, level: int = 1) -> None:
        """Wait until a session's leases have come to a level."""

        def sent() -> bool:
            found = self.core.massage.snapshot(number).sent
            return found is not None and found.level >= level

        await self.until(sent)

    async def gaps_ms(self, number: int, seconds: float) -> list[int]:
        """Between the ticks of a session's control loop, for so long."""
        loop, end_s, found = self.core.massage.session(number), time.monotonic() + seconds, []
        while time.monotonic() < end_s:
            if not found or found[-1] != loop.ticked_ms:
                found.append(loop.ticked_ms)
            await asyncio.sleep(0.002)
        return [after - before for before, after in itertools.pairwise(found)]

    @property
    def chair(self):
        """Of the session that was started last."""
        return self.where.guardians[-1]


@contextlib.asynccontextmanager
async def core_in(
    folder: Path,
    *,
    people: tuple[str, ...] = ("anna", "ben"),
    chairs: tuple[str, ...] = ("left", "right"),
    remote: tuple[str, ...] = (),
):
    """A core with paired chairs and people on record, and no bridge."""
    where = surroundings_in(Chairs, folder)
    with where.open_store() as store, ThreadPoolExecutor(1) as thread:
        record(store, people, chairs, remote=remote)
        memory, log = Memory.of(store, thread), []
        one = Bridged(Core(where, memory, log.append, Hosting()), None, where, store, memory, log)
        try:
            yield one
        finally:
            await one.close()


@contextlib.asynccontextmanager
async def bridge_in(folder: Path, broker: Mosquitto | Broker, *, gateway: str = "bridge", **how):
    """As `core_in`, with its bridge."""
    if isinstance(broker, Mosquitto):
        broker = Broker.read(broker.url, gateway=gateway)
    async with core_in(folder, **how) as one:
        massage, log = one.core.massage, one.log.append
        async with bridged(massage, one.where, one.memory, broker, page=None, log=log) as one.bridge:
            try:
                yield one
            finally:
                # While the bridge is there, as at home.
                await one.close()
