"""The line to the broker: a client that closes what it opened, hands on at arrival, and tells of delay."""

import asyncio
import logging
import re
import secrets
import socket
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from contextlib import suppress
from typing import Any, Final, Self, TypeVar

import aiomqtt
from aiomqtt import MqttError
from aiomqtt.exceptions import MqttConnectError
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from massager.mqtt.broker import Broker
from massager.mqtt.commands import LATEST_S, LONGEST, Arrived
from massager.mqtt.outbox import Message
from massager.mqtt.topics import OFFLINE, Topics

# Chosen: its silence is noticed sooner than that, by what it is asked every two seconds.
_KEEPALIVE_S: Final = 20
# Chosen: a broker on the home's own network answers in a millisecond.
TIMEOUT_S: Final = 5.0
# A command with its topic; the broker hands on nothing longer.
_PACKET: Final = LONGEST + 512
# Chosen: twice in the time after which a command is too old, with room for an answer.
ASK_S: Final = 2.0
# docs/mqtt.md: without a sign of life from so recent a time nobody knows how old a command is.
_PROOF_S: Final = LATEST_S - 1.0
# Chosen: a broker that goes on after it hung hands out at once what it has.
BACKLOG_S: Final = 2.0

_T = TypeVar("_T")


class _Inbox(asyncio.Queue[aiomqtt.Message]):
    """Hands each message on in the moment it arrives; nothing waits in it, so nothing is dropped."""

    def __init__(self, take: Callable[[aiomqtt.Message], None], maxsize: int = 0) -> None:
        super().__init__(maxsize)
        self._take = take

    def put_nowait(self, item: aiomqtt.Message) -> None:
        self._take(item)


class Line(aiomqtt.Client):
    """One connection; another one takes another object.

    Args:
        broker: Where to.
        topics: Of this gateway.
        take: Takes each message as it arrives; must not raise.
        log: Takes a line.
        has_will: Whether its end is the gateway's, as far as the broker knows.
    """

    def __init__(
        self,
        broker: Broker,
        topics: Topics,
        take: Callable[[Arrived], None],
        log: Callable[[str], None],
        *,
        has_will: bool = True,
    ) -> None:
        login, properties = broker.login, Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.MaximumPacketSize = _PACKET
        super().__init__(
            broker.host,
            broker.port,
            username=None if login is None else login.user,
            password=None if login is None else login.password,
            logger=_logger(log),
            # Each connection has a name of its own: none that the broker still holds puts it out.
            identifier=f"massager-{topics.gateway}-{secrets.token_hex(4)}",
            queue_type=lambda maxsize: _Inbox(lambda message: take(_arrived(message)), maxsize),  # type: ignore[arg-type]
            protocol=aiomqtt.ProtocolVersion.V5,
            will=aiomqtt.Will(topics.status, OFFLINE, 1, True) if has_will else None,
            timeout=TIMEOUT_S,
            keepalive=_KEEPALIVE_S,
            clean_start=True,
            properties=properties,
            tls_context=broker.tls,
            socket_options=[(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)],
        )

    async def __aenter__(self) -> Self:
        """Connect; a broker that does not answer is left alone.

        Raises:
            MqttError: It cannot be reached, lets nobody in, or does not answer.
        """
        try:
            return await super().__aenter__()
        except BaseException:
            # Else a broker that wakes up later would find a connection that nobody holds.
            opened = self._client.socket()
            if isinstance(opened, socket.socket):
                with suppress(OSError):
                    opened.shutdown(socket.SHUT_RDWR)
            raise

    async def until_lost(self) -> None:
        """Wait for the end of the connection, at which nothing else may be looking.

        Raises:
            MqttError: It has come.
        """
        try:
            async for _message in self.messages:
                pass  # Each was taken as it arrived.
        except MqttError:
            raise MqttError("the line was lost") from None

    async def _wait_for(self, fut: Awaitable[_T], timeout: float | None) -> _T:  # noqa: ASYNC109 - the library's
        """As the library's own, but whoever is cancelled as the answer comes ends.

        Python 3.11's `asyncio.wait_for` returns the answer then, and the cancellation is lost.
        """
        try:
            async with asyncio.timeout(self.timeout if timeout is None else timeout):
                return await fut
        except TimeoutError:
            raise MqttError("it does not answer") from None


def _arrived(message: aiomqtt.Message) -> Arrived:
    payload = message.payload
    expires_s = getattr(message.properties, "MessageExpiryInterval", None)
    return Arrived(
        topic=str(message.topic),
        payload=payload if isinstance(payload, bytes) else b"",
        is_retained=message.retain,
        expires_s=expires_s if isinstance(expires_s, int) else None,
    )


class _Faults(logging.Handler):
    def __init__(self, log: Callable[[str], None]) -> None:
        super().__init__(logging.ERROR)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        self._log(f"mqtt: {record.getMessage()}")


def _logger(log: Callable[[str], None]) -> logging.Logger:
    """The library's own words, faults alone; a connection that ends is told of by the bridge."""
    logger = logging.Logger("massager.mqtt", logging.ERROR)  # noqa: LOG001 - nobody else writes to it
    logger.addHandler(_Faults(log))
    return logger


class Proof:
    """What shows that the broker hands on at once: it is asked every two seconds, and answers.

    A broker or a core that hung hands out afterwards what was given long before.

    Args:
        now_s: The loop's clock.
    """

    def __init__(self, now_s: Callable[[], float]) -> None:
        self._now_s = now_s
        self._asked_s = now_s()
        self._backlog_until_s = now_s() + BACKLOG_S

    def began(self) -> None:
        """Another connection has begun; the broker may have hung before it."""
        self._asked_s = self._now_s()
        self._backlog_until_s = self._asked_s + BACKLOG_S

    def answered(self, asked_s: float) -> None:
        """The broker answered what it was asked then."""
        if self._is_late:
            self._backlog_until_s = self._now_s() + BACKLOG_S
        self._asked_s = asked_s

    @property
    def held_up(self) -> bool:
        """Whether what arrives now may have waited for longer than a command may."""
        return self._is_late or self._now_s() < self._backlog_until_s

    @property
    def _is_late(self) -> bool:
        return self._now_s() - self._asked_s > _PROOF_S


async def apart(work: Coroutine[Any, Any, None]) -> None:
    """Do it in a task of its own: what goes wrong while that ends cannot hide that we were cancelled.

    Raises:
        Exception: Whatever ended it.
    """
    task = asyncio.create_task(work)
    try:
        await asyncio.wait({task})
    except asyncio.CancelledError:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        raise
    task.result()


def words_of(errors: BaseExceptionGroup[BaseException]) -> str:
    """What went wrong, once each."""
    found: dict[str, None] = {}
    for error in errors.exceptions:
        if isinstance(error, BaseExceptionGroup):
            found[words_of(error)] = None
        elif isinstance(error, MqttConnectError):
            found[f"it lets nobody in with this login ({error})"] = None
        else:
            # As the library has it: "[code:4] The client is not currently connected."
            found[re.sub(r"^\[code:\d+\] ", "", str(error)).rstrip(".")] = None
    return ", ".join(found)


async def subscribed(line: Line, wanted: Iterable[tuple[str, SubscribeOptions]]) -> None:
    """Hear topics from now on.

    Raises:
        MqttError: The broker does not let us, or does not answer.
    """
    for topic, options in wanted:
        # The library takes a list of pairs for MQTT 5, and has no type for it.
        codes = await line.subscribe([(topic, options)])
        if any(getattr(code, "is_failure", False) for code in codes):
            raise MqttError(f"the broker does not let this login hear {topic}")


async def published(line: Line, message: Message) -> None:
    """Send a message; returns once the broker has it. Raises MqttError."""
    await line.publish(message.topic, message.payload, message.qos, message.retain)
