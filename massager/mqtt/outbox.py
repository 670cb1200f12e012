"""What waits for the broker: the newest value a topic, and short queues. Whoever puts never waits."""

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Final

# Chosen: a massage tells a few things a minute; more than this while the broker is away is history.
MOST_EVENTS: Final = 100


@dataclass(frozen=True, slots=True)
class Message:
    """One message to the broker."""

    topic: str
    payload: str
    qos: int = 1
    retain: bool = False


class Outbox:
    """Values and events on their way out; a put returns at once whatever the broker does.

    Attributes:
        dropped: How many messages were given up for newer ones that told of something else.
    """

    def __init__(self) -> None:
        self.dropped = 0
        self._waiting: dict[str, Message] = {}
        # What stands on the broker once all that waits has gone out.
        self._standing: dict[str, Message] = {}
        self._events: deque[Message] = deque()
        self._answers: deque[Message] = deque()
        self._arrived = asyncio.Event()

    def put(self, message: Message) -> None:
        """Let a value stand from now on; one that stands already is not sent again.

        Values go out in the order in which they were last put.
        """
        if self._standing.get(message.topic) == message:
            return
        self._standing[message.topic] = message
        self._waiting.pop(message.topic, None)
        self._waiting[message.topic] = message
        self._arrived.set()

    def forget(self, topic: str) -> None:
        """Take a value off the broker."""
        self._standing.pop(topic, None)
        self._waiting.pop(topic, None)
        self._waiting[topic] = Message(topic, "", retain=True)
        self._arrived.set()

    def tell(self, message: Message) -> None:
        """Say once that something happened; with too many of them the oldest is given up."""
        self._queue(self._events, message)

    def answer(self, message: Message) -> None:
        """As `tell`, in a queue apart: a flood of commands crowds out no event."""
        self._queue(self._answers, message)

    def _queue(self, queue: deque[Message], message: Message) -> None:
        if len(queue) == MOST_EVENTS:
            queue.popleft()
            self.dropped += 1
        queue.append(message)
        self._arrived.set()

    def back(self, message: Message) -> None:
        """Take back what did not go out: it is next again, unless something newer stands in its place."""
        if message.retain:
            self._waiting = {message.topic: message} | self._waiting
        else:
            self._events.appendleft(message)
        self._arrived.set()

    def again(self) -> None:
        """Send every value that stands once more; what else happened meanwhile still follows."""
        self._waiting = dict(self._standing) | {
            topic: message for topic, message in self._waiting.items() if not message.payload
        }
        self._arrived.set()

    def next(self) -> Message | None:
        """What goes out now; answers first, then what happened, then values."""
        for queue in (self._answers, self._events):
            if queue:
                return queue.popleft()
        if not self._waiting:
            return None
        return self._waiting.pop(next(iter(self._waiting)))

    async def take(self) -> Message:
        """What goes out next, once there is something."""
        while (message := self.next()) is None:
            self._arrived.clear()
            await self._arrived.wait()
        return message
