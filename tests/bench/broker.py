"""What a command costs from a real mosquitto to the device, and what the bridge costs: processes, as at home.

The floor is a bare subscriber and a bare bleak write on the same simulated chair, through the same broker.
"""

import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import bare_bridge
from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

from blackbox_rig import Room, Trace, until
from massager.mqtt.ids import device_id
from mosquitto_server import Mosquitto, mosquitto
from mqtt_rig import RADIO, Bridged, bridge_in, core_in
from serve_rig import ADDRESSES, Api, add_people, chairs

COMMANDS = 30
STOPS = 5
LEVELS = 100
SLOW = "slow_writes:15"
CHAIRS = 50
LOAD_S = 15
HUNG_S = 12
# docs/mqtt.md: for two seconds after a connection nothing but a stop is obeyed.
_BACKLOG_S = 2.5
# The trace's clocks are rounded to a millisecond.
_CRUMB_S = 0.002
# Chosen: what came before is over, for us as for the floor.
_APART_S = 0.3
_BARE_TOPIC = "bare/cmd"


@dataclass(frozen=True)
class Home:
    """A simulated chair, a broker, and somebody who gives commands there."""

    room: Room
    broker: Mosquitto
    place: str
    trace: Trace
    giver: Client

    def way_ms(self, *commands: tuple[str, str]) -> float:
        """From giving the last of these commands to the stop that reaches the device."""
        time.sleep(_APART_S)
        for topic, payload in commands[:-1]:
            self.giver.publish(topic, payload, 0)
        given_unix_s = time.time()
        # Waiting leaves the interpreter to the giver's own thread.
        self.giver.publish(*commands[-1], 0).wait_for_publish()
        stop = self.trace.wait(
            lambda line: line.get("event") == "stop", "a stop", after=given_unix_s - _CRUMB_S
        )
        return 1000 * (stop["at"] - given_unix_s)


@contextmanager
def _home(*options: str) -> Iterator[Home]:
    with tempfile.TemporaryDirectory() as folder:
        room = Room(Path(folder))
        giver = Client(CallbackAPIVersion.VERSION2, protocol=MQTTv5)
        try:
            with mosquitto(room.folder) as broker:
                place, (trace,) = chairs(room, 1, *options)
                giver.connect("127.0.0.1", broker.port)
                giver.loop_start()
                yield Home(room, broker, place, trace, giver)
        finally:
            giver.disconnect()
            giver.loop_stop()
            room.close()


def _bare_ms(home: Home) -> list[float]:
    """Ways without us."""
    command = (sys.executable, bare_bridge.__file__, home.place, str(home.broker.port), _BARE_TOPIC)
    bare = home.room.start(*command)
    bare.wait_said("ready")
    found = [home.way_ms((_BARE_TOPIC, "STOP")) for _ in range(COMMANDS)]
    bare.close()
    return found


class _Core:
    """`massager serve --mqtt` on the chair of a home."""

    def __init__(self, home: Home, *people: str) -> None:
        self._home = home
        add_people(home.room, *people)
        pairing = home.room.finished("pair", ADDRESSES[0], "--name", "left", "--radio", home.place)
        assert pairing.wait() == 0, pairing.said
        self._topic = f"massager/v1/{device_id(f'{ADDRESSES[0]} on {home.place}')}/cmd"
        core = home.room.massager("serve", "--radio", home.place, "--mqtt", home.broker.url)
        core.wait_said("at mqtt://")
        time.sleep(_BACKLOG_S)
        self._api = Api(home.room, core)

    def pressing(self, person: str) -> int:
        """A session in which the rollers press: its number."""
        status, state = self._api.start_settled(person, "left")
        assert status == 201, state
        self._until_pressing(state["number"])
        return int(state["number"])

    def _until_pressing(self, number: int) -> None:
        self._api.wait(number, lambda state: state["stage"] == "running" and state["reported"], "it runs")

    def again(self, number: int) -> None:
        """Go on after a pause."""
        self._api.wait(number, lambda state: state["stage"] == "paused", "it is paused")
        until(lambda: self._home.trace.rests, lambda: "rest")
        status, told = self._api.ask("POST", f"/api/v1/sessions/{number}/resume")
        assert status == 200, told
        self._until_pressing(number)

    def command(self, order: str, payload: str) -> tuple[str, str]:
        """A command's topic and payload."""
        return f"{self._topic}/{order}", payload

    def until_over(self, number: int) -> None:
        """Wait for a session's end."""
        self._api.wait(number, lambda state: state["over"], "its end")


def command_ms() -> tuple[float, float]:
    """Medians from a command at the broker to the write at the device: a core's, and with nothing between."""
    with _home() as home:
        floor = _bare_ms(home)
        people, ours = ("anna", "ben", "cleo"), []
        core = _Core(home, *people)
        for person in people:
            number = core.pressing(person)
            for count in range(COMMANDS // len(people)):
                if count:
                    core.again(number)
                ours.append(home.way_ms(core.command("level", "0")))
            home.way_ms(core.command("stop", "STOP"))
            core.until_over(number)
    return statistics.median(ours), statistics.median(floor)


def crowded_stop_ms() -> tuple[float, float]:
    """A stop behind a hundred strengths, 15 ms a write, the worst of a few; and a bare one alone."""
    with _home("--fault", SLOW) as home:
        floor = _bare_ms(home)
        people = [f"p{number}" for number in range(STOPS)]
        core, ours = _Core(home, *people), []
        for person in people:
            number = core.pressing(person)
            levels = [core.command("level", str(99 - count % 60)) for count in range(LEVELS)]
            ours.append(home.way_ms(*levels, core.command("stop", "STOP")))
            core.until_over(number)
    return max(ours), statistics.median(floor)


async def _begin(core: Bridged, names: Sequence[str]) -> list[int]:
    """A session on each chair, pressing: their numbers."""
    numbers = [await core.start(name, name) for name in names]
    for number in numbers:
        await core.until_sent(number)
    return numbers


async def _percent(each_s: Callable[[int], Awaitable[None]]) -> float:
    """Of a core, of this process, while something is done once a second."""
    began, began_s = time.process_time(), time.monotonic()
    for second in range(LOAD_S):
        await each_s(second)
        await asyncio.sleep(max(0.0, began_s + second + 1 - time.monotonic()))
    return 100 * (time.process_time() - began) / (time.monotonic() - began_s)


@contextmanager
def _givers(port: int) -> Iterator[Callable[[str], None]]:
    """One for each chair, whose cost is not ours: gives a strength to all of them."""
    command = ("mosquitto_pub", "-p", str(port), "-V", "5", "-q", "1", "-l", "-t")
    topics = [f"massager/v1/{device_id(f'C0:{n} on {RADIO}')}/cmd/level" for n in range(1, CHAIRS + 1)]
    givers = [subprocess.Popen([*command, topic], stdin=subprocess.PIPE, text=True) for topic in topics]

    def give(level: str) -> None:
        for giver in givers:
            print(level, file=giver.stdin, flush=True)

    try:
        yield give
    finally:
        for giver in givers:
            giver.communicate()


async def _fifty_percent(folder: Path, broker: Mosquitto | None) -> float:
    """Fifty sessions on chairs that obey, held to less and let to more in turn, every second each.

    Over the broker, from another process; or by hand, with no bridge.
    """
    names = tuple(f"n{number}" for number in range(CHAIRS))
    how = {"people": names, "chairs": names, "remote": names}
    if broker is None:
        async with core_in(folder, **how) as core:
            loops = [core.core.massage.session(number) for number in await _begin(core, names)]

            async def directly(second: int) -> None:
                for loop in loops:
                    loop.restraint.stronger() if second % 2 else loop.restraint.lower_to(1)

            return await _percent(directly)
    async with bridge_in(folder, broker, **how) as core:
        await core.until_online()
        await _begin(core, names)
        await asyncio.sleep(_BACKLOG_S)
        with _givers(broker.port) as give:

            async def from_the_broker(second: int) -> None:
                give("10" if second % 2 else "5")

            return await _percent(from_the_broker)


async def _traffic_percent(port: int) -> float:
    """What a bridge cannot do without: so many commands heard, and as many answers and states said."""
    async with bare_bridge.client(port) as line, bare_bridge.client(port) as giver:
        await line.subscribe("bare/+/cmd", qos=1)

        async def answer() -> None:
            async for message in line.messages:
                for what in ("result", "state"):
                    await line.publish(f"{message.topic}/{what}", "{" + 200 * " " + "}", 1)

        async def each_second(_second: int) -> None:
            for number in range(CHAIRS):
                await giver.publish(f"bare/{number}/cmd", "10", 0)

        answering = asyncio.create_task(answer())
        try:
            return await _percent(each_second)
        finally:
            answering.cancel()
            await asyncio.gather(answering, return_exceptions=True)


def fifty_percent() -> tuple[float, float]:
    """What fifty massagers on a bridge take of a core beyond their sessions; and bare traffic as much."""
    with tempfile.TemporaryDirectory() as folder, mosquitto(Path(folder)) as broker:
        found = []
        for name, where in (("with", broker), ("without", None)):
            store = Path(folder) / name
            store.mkdir()
            found.append(asyncio.run(_fifty_percent(store, where)))
        return found[0] - found[1], asyncio.run(_traffic_percent(broker.port))


def hung_ms() -> tuple[float, float, float, float]:
    """A control loop's period, median and worst, while its broker hangs; and before."""

    async def measured() -> tuple[float, float, float, float]:
        with tempfile.TemporaryDirectory() as folder, mosquitto(Path(folder)) as broker:
            async with bridge_in(Path(folder), broker) as core:
                await core.until_online()
                number = await core.start()
                await core.until_sent(number)
                before = await core.gaps_ms(number, HUNG_S)
                broker.freeze()
                meanwhile = await core.gaps_ms(number, HUNG_S)
                broker.thaw()
                return statistics.median(meanwhile), max(meanwhile), statistics.median(before), max(before)

    return asyncio.run(measured())
