"""Which commands the lines of a gateway hear: those for its massagers, as these come and go."""

import asyncio
from dataclasses import dataclass
from typing import Final

from paho.mqtt.subscribeoptions import SubscribeOptions

from massager.mqtt.line import Line, subscribed
from massager.mqtt.station import Massager
from massager.mqtt.topics import Topics

SEND_ALL: Final = SubscribeOptions.RETAIN_SEND_ON_SUBSCRIBE
SEND_NONE: Final = SubscribeOptions.RETAIN_DO_NOT_SEND
# As MQTT writes it: whatever is commanded.
ANY: Final = "+"
# One for stops, and one for everything.
_LINES: Final = 2


@dataclass(slots=True)
class _Line:
    """What a line follows.

    Attributes:
        changed: Set where there are other massagers than before.
        count: How many it hears commands for.
    """

    changed: asyncio.Event
    count: int = 0


class Following:
    """The lines of one gateway, by what they hear."""

    def __init__(self, topics: Topics) -> None:
        self._topics = topics
        self._massagers: tuple[Massager, ...] = ()
        self._lines: dict[str, _Line] = {}

    @property
    def is_listening(self) -> bool:
        """Whether commands arrive, stops among them, of all massagers that there are."""
        counts = [line.count for line in self._lines.values()]
        return bool(self._massagers) and counts == _LINES * [len(self._massagers)]

    def change(self, massagers: tuple[Massager, ...]) -> None:
        """There are other massagers than before."""
        self._massagers = massagers
        for line in self._lines.values():
            line.changed.set()

    async def follow(self, line: Line, order: str) -> None:
        """Have a line hear one order, or any, for whatever massagers there are, until cancelled.

        Raises:
            MqttError: The broker does not let us, or does not answer.
        """
        followed = self._lines[order] = _Line(asyncio.Event())
        try:
            await self._keep_up(line, order, followed)
        finally:
            del self._lines[order]

    async def _keep_up(self, line: Line, order: str, followed: _Line) -> None:
        # Retained ones are let through and kept apart as such, to be refused and told of.
        options = SubscribeOptions(qos=1, noLocal=True, retainAsPublished=True, retainHandling=SEND_ALL)
        heard: dict[str, str] = {}
        while True:
            followed.changed.clear()
            wanted = {massager.id: self._topics.command(massager.id, order) for massager in self._massagers}
            for gone in heard.keys() - wanted.keys():
                await line.unsubscribe(heard.pop(gone))
            for new in wanted.keys() - heard.keys():
                await subscribed(line, ((wanted[new], options),))
                heard[new] = wanted[new]
            followed.count = len(heard)
            await followed.changed.wait()
