"""The bridge of a core to a broker: one task owns the connection, and makes a new one when it is lost.

The control loops never wait for any of this: what goes out is put into the outbox, and what comes in is
obeyed as it arrives. A broker that is gone, hangs or lies changes nothing in a session.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from functools import partial
from typing import Any, Final

from aiomqtt import MqttError
from paho.mqtt.subscribeoptions import SubscribeOptions

from massager.model.errors import MassagerError
from massager.mqtt.announcing import Announcing
from massager.mqtt.broker import Broker
from massager.mqtt.claim import Claim, NameTakenError
from massager.mqtt.commands import Arrived
from massager.mqtt.following import ANY, SEND_ALL, SEND_NONE, Following
from massager.mqtt.gateway import roll_topic
from massager.mqtt.line import ASK_S, Line, Proof, apart, published, subscribed, words_of
from massager.mqtt.live import tell_live
from massager.mqtt.obeying import Obeying
from massager.mqtt.outbox import Message, Outbox
from massager.mqtt.reporter import Reporter
from massager.mqtt.station import Massager, Station
from massager.mqtt.stops import Copies
from massager.mqtt.topics import HA_STATUS, OFFLINE, ONLINE, Order, Topics

# docs/mqtt.md: from one second on, doubled up to half a minute, and up to as much again by chance.
BACK_OFF_S: Final = (1.0, 30.0)
# Chosen: longer than a try that times out; one that lasted so long was a connection.
_LASTING_S: Final = 10.0
# Chosen: somebody has to give one of the two another name, which takes them longer.
NAME_TAKEN_S: Final = 60.0
# Chosen: Home Assistant says that it is there before all of it is, and a home has several gateways.
BIRTH_S: Final = (0.5, 5.0)
# docs/mqtt.md: state at most once a second.
LOOK_S: Final = 1.0
# Chosen: massagers come and go by the month.
_ROLL_CALL_S: Final = 5.0
# Chosen: longer than a broker that lives takes, and nobody waits longer for a core to end.
_FAREWELL_S: Final = 2.0


class Bridge:
    """One core's door to one broker.

    Args:
        broker: Where.
        topics: Under which name.
        station: What the core can do.
        outbox: What goes out.
        obeying: What comes in.
        reporter: Looks at the massagers.
        announcing: Tells of them.
        claim: To the name.
        proof: That the broker hands on at once.
        log: Takes a line, and never waits.

    Attributes:
        connections: How many there were.
        is_online: Whether the broker has us as there.
    """

    def __init__(
        self,
        broker: Broker,
        topics: Topics,
        *,
        station: Station,
        outbox: Outbox,
        obeying: Obeying,
        reporter: Reporter,
        announcing: Announcing,
        claim: Claim,
        proof: Proof,
        log: Callable[[str], None],
    ) -> None:
        self.connections = 0
        self.is_online = False
        self._following = Following(topics)
        self._copies = Copies()
        self._broker = broker
        self._topics = topics
        self._station = station
        self._outbox = outbox
        self._obeying = obeying
        self._reporter = reporter
        self._announcing = announcing
        self._claim = claim
        self._proof = proof
        self._log = log
        self._born = asyncio.Event()
        self._is_called = False
        self._massagers: tuple[Massager, ...] = ()
        self._last_words = ""

    @property
    def is_listening(self) -> bool:
        """Whether commands arrive, stops among them, of all massagers that there are."""
        return self._following.is_listening

    async def run(self) -> None:
        """Be there, until cancelled; says `offline` on the way out."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._report())
                tasks.create_task(self._reporter.run())
                tasks.create_task(self._stay(self._connection))
                tasks.create_task(self._stay(self._stop_line))
        finally:
            await self._obeying.close()

    # The connection

    async def _stay(self, connect: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """One connection after the other."""
        failures = 0
        while True:
            began_s, taken = asyncio.get_running_loop().time(), False
            try:
                await apart(connect())
            except* NameTakenError:
                taken = True
                self._say(
                    f"another gateway at {self._broker} is called {self._topics.gateway!r} and was there "
                    "before. This one stays away; give it a name of its own with --mqtt-gateway"
                )
            except* (MqttError, OSError) as errors:
                self._say(f"no connection to {self._broker}: {words_of(errors)}. Nothing else is affected")
            lasted_s = asyncio.get_running_loop().time() - began_s
            failures = 0 if lasted_s > _LASTING_S else failures + 1
            pause_s = NAME_TAKEN_S * random.uniform(1, 2) if taken else back_off_s(failures)  # noqa: S311 - no secret
            await asyncio.sleep(pause_s)

    def _say(self, line: str) -> None:
        """The same again and again is said once."""
        if line != self._last_words:
            self._last_words = line
            self._log(line)

    async def _connection(self) -> None:
        """One connection, from its beginning to its end, which is always an exception."""
        line = Line(self._broker, self._topics, self._arrived, self._log)
        self._claim.began()
        async with line:
            try:
                await self._claim_name(line)
                self._obeying.connected()
                self._proof.began()
                self.connections += 1
                self._outbox.again()
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(line.until_lost())
                    tasks.create_task(self._hear(line))
                    tasks.create_task(self._send(line))
                    tasks.create_task(self._prove(line))
                    tasks.create_task(self._claim.keep(partial(published, line)))
                    tasks.create_task(self._greet(line))
                    if self._broker.live:
                        say, massage = partial(published, line), self._station.massage
                        tasks.create_task(tell_live(massage, self._topics, lambda: self._massagers, say))
            finally:
                await self._leave(line)

    async def _claim_name(self, line: Line) -> None:
        """Make sure that nobody else has the name, and be there."""
        own = SubscribeOptions(qos=1, noLocal=True, retainHandling=SEND_ALL)
        await subscribed(line, ((self._topics.status, own), (self._topics.info, own)))
        # Its answer comes after whatever is retained there.
        await published(line, self._claim.word)
        if not await self._claim.is_free():
            raise NameTakenError
        self.is_online = True
        await published(line, self._claim.standing)
        await published(line, Message(self._topics.status, ONLINE, retain=True))
        # What was told of a massager that is gone by now is taken back.
        await subscribed(line, ((roll_topic(self._topics), own),))
        self._last_words = ""
        self._log(f"at {self._broker} as {self._topics.gateway!r}")

    async def _leave(self, line: Line) -> None:
        """Say that we are gone; the broker itself says so where this does not arrive."""
        if not self.is_online:
            return
        self.is_online = False
        farewell = [Message(self._topics.status, OFFLINE, retain=True)]
        if self._claim.lost.is_set():
            # The name is another's now; of our massagers nobody speaks any more.
            farewell = [
                Message(self._topics.availability(m.id), OFFLINE, retain=True) for m in self._massagers
            ]
        with suppress(MqttError, TimeoutError):
            async with asyncio.timeout(_FAREWELL_S):
                for message in farewell:
                    await published(line, message)

    async def _stop_line(self) -> None:
        """A line for stops alone, which nothing crowds out; whoever has the name, our massagers are ours.

        It asks the broker nothing: through one that hangs for a while a stop still comes in the end. A line
        that is dead may look alive for half a minute; so the other one brings every stop too.
        """
        line = Line(self._broker, self._topics, self._stop_arrived, self._log, has_will=False)
        async with line, asyncio.TaskGroup() as tasks:
            tasks.create_task(line.until_lost())
            tasks.create_task(self._following.follow(line, Order.STOP))

    async def _hear(self, line: Line) -> None:
        """Hear commands, and when Home Assistant begins."""
        birth = SubscribeOptions(qos=1, noLocal=True, retainHandling=SEND_NONE)
        await subscribed(line, ((HA_STATUS, birth),))
        await self._following.follow(line, ANY)

    async def _send(self, line: Line) -> None:
        while True:
            message = await self._outbox.take()
            try:
                await published(line, message)
            except BaseException:
                self._outbox.back(message)
                raise

    async def _prove(self, line: Line) -> None:
        """Ask the broker something every two seconds: whether it answers, and how soon."""
        options = SubscribeOptions(qos=1, noLocal=True, retainHandling=SEND_NONE)
        now_s = asyncio.get_running_loop().time
        while True:
            asked_s = now_s()
            await subscribed(line, ((self._topics.status, options),))
            self._proof.answered(asked_s)
            # After a late answer at once: only one that comes at once shows that nothing waits.
            await asyncio.sleep(max(0.0, asked_s + ASK_S - now_s()))

    async def _greet(self, line: Line) -> None:
        """Announce everything again to a Home Assistant that has just come; not all gateways at once."""
        while True:
            await self._born.wait()
            await asyncio.sleep(random.uniform(*BIRTH_S))  # noqa: S311 - no secret
            self._born.clear()
            await published(line, Message(self._topics.status, ONLINE, retain=True))
            self._outbox.again()

    def _stop_arrived(self, arrived: Arrived) -> None:
        """Take a stop in the moment it arrives; whatever is wrong with it, the line stays."""
        try:
            self._obeying.take(arrived, is_copy=self._copies.is_one(Order.STOP, arrived))
        except Exception as error:  # noqa: BLE001 - as below
            self._log(f"a stop at {arrived.topic} could not be dealt with: {error!r}")

    def _arrived(self, arrived: Arrived) -> None:
        """Take a message in the moment it arrives; whatever is wrong with it, the connection stays."""
        try:
            if arrived.topic == self._topics.status:
                self._claim.heard_status(arrived.payload, is_retained=arrived.is_retained)
            elif arrived.topic == self._topics.info:
                self._claim.heard_info(arrived.payload, is_retained=arrived.is_retained)
            elif arrived.topic == HA_STATUS:
                if arrived.payload == ONLINE.encode():
                    self._born.set()
            elif arrived.topic == roll_topic(self._topics):
                self._announcing.found(arrived.payload)
            elif self.is_online:
                is_stop = arrived.topic.endswith(f"/{Order.STOP}")
                self._obeying.take(arrived, is_copy=is_stop and self._copies.is_one(ANY, arrived))
        except Exception as error:  # noqa: BLE001 - nothing that a stranger sends may end the bridge
            self._log(f"a message at {arrived.topic} could not be dealt with: {error!r}")

    # The massagers

    async def _report(self) -> None:
        """Look once a second, connected or not; the newest waits for the broker."""
        now_s = asyncio.get_running_loop().time
        roll_call_s = now_s()
        while True:
            if now_s() >= roll_call_s:
                roll_call_s = now_s() + _ROLL_CALL_S
                await self._unharmed(self._call_the_roll())
            if self._is_called:
                await self._unharmed(self._reporter.look(self._massagers, self._obeying.chosen))
            await asyncio.sleep(LOOK_S)

    async def _unharmed(self, work: Awaitable[None]) -> None:
        """A store that cannot be read now may be later; nobody over there would know what to do."""
        try:
            await work
        except MassagerError as error:
            self._say(f"what goes to {self._broker} is not up to date: {error}")

    async def _call_the_roll(self) -> None:
        found = await self._station.massagers()
        # Before that none is missing, and none is taken off the broker.
        self._is_called = True
        if found != self._massagers:
            self._massagers = found
            self._obeying.massagers = {massager.id: massager for massager in found}
            self._following.change(found)


def back_off_s(failures: int, chance: Callable[[], float] = random.random) -> float:
    """How long to wait after so many connections in a row that did not come about."""
    first_s, most_s = BACK_OFF_S
    return min(most_s, first_s * 2.0 ** min(failures, 10)) * (0.5 + chance())
