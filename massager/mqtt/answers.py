"""What is answered to whoever gave a command: what was applied, and why; to everybody what was refused."""

import asyncio
import json
from typing import Final, Protocol

from massager.mqtt.levels import Done
from massager.mqtt.outbox import Message, Outbox
from massager.mqtt.station import Massager
from massager.mqtt.topics import Topics

# Chosen: whoever floods a massager with commands is told so, and hides nothing else that happens to it.
_TOLD_S: Final = 1.0
_LONGEST_WHY: Final = 300


class Telling(Protocol):
    """Where it is said what happened to a massager."""

    def event(self, massager: Massager, kind: str, why: str) -> None:
        """Say that a command was refused, or held back by a limit; never waits."""


class Answers:
    """Of one gateway. Nothing here waits."""

    def __init__(self, topics: Topics, outbox: Outbox, telling: Telling) -> None:
        self._topics = topics
        self._outbox = outbox
        self._telling = telling
        self._told_s: dict[str, float] = {}

    def give(self, massager: Massager, number: str | None, done: Done) -> None:
        """Answer the command of an id; what was refused or held back is an event besides."""
        why = done.why[:_LONGEST_WHY]
        body = {"id": number, "accepted": done.accepted, "applied": done.applied, "reason": why}
        self._outbox.answer(Message(self._topics.result(massager.id), json.dumps(body)))
        now_s = asyncio.get_running_loop().time()
        if done.accepted and not done.limited:
            return
        if now_s - self._told_s.get(massager.id, float("-inf")) >= _TOLD_S:
            self._told_s[massager.id] = now_s
            self._telling.event(massager, "limit_applied" if done.limited else "refused", why)

    def refuse(self, massager: Massager, number: str | None, why: str) -> None:
        """Answer that nothing was done."""
        self.give(massager, number, Done(accepted=False, applied=None, why=why))
