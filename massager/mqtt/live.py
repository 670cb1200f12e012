"""What a massager does, four times a second, for whoever draws it; off unless asked for, and kept nowhere."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Final

from massager.mqtt.levels import percent
from massager.mqtt.outbox import Message
from massager.mqtt.station import Massager
from massager.mqtt.topics import Topics
from massager.session.massage import MassageService
from massager.session.snapshot import Snapshot

# docs/mqtt.md
PERIOD_S: Final = 0.25


def live(now: Snapshot) -> dict[str, int | None]:
    """What the program asks for, what was sent and what the massager reports, percent of its range.

    And the force that it reports, N. What is not known is None; where it presses is not told.
    """

    def share(level: int | None) -> int | None:
        return None if level is None else percent(level, now.levels)

    return {
        "asked": share(now.asked),
        "sent": None if now.sent is None else share(now.sent.level),
        "reported": share(now.reported),
        "force_n": now.load_n,
    }


async def tell_live(
    massage: MassageService,
    topics: Topics,
    massagers: Callable[[], tuple[Massager, ...]],
    say: Callable[[Message], Awaitable[None]],
) -> None:
    """Tell of the massagers on which something runs, until cancelled; what was not told in time never is.

    Raises:
        MqttError: As `say` does.
    """
    while True:
        for massager in massagers():
            number = massage.on_device(massager.name)
            if number is not None:
                told = json.dumps(live(massage.snapshot(number)))
                await say(Message(topics.live(massager.id), told, qos=0))
        await asyncio.sleep(PERIOD_S)
