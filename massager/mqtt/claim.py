"""Who speaks under a gateway's name: of two with the same name the one that has been there for longer.

Whoever comes asks by saying who it is, unretained; whoever holds the name answers by saying so again. So a
gateway that was killed, and whose last word the broker still keeps, bars nobody.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from massager.mqtt.outbox import Message
from massager.mqtt.topics import ONLINE, Topics

# Chosen: a gateway on the home's own network answers at once; one that hung for a moment does within this.
ANSWER_S: Final = 2.0


class _Other(BaseModel):
    """Of what a gateway says of itself, all that matters here."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)

    uptime_start: Annotated[str, Field(max_length=64)]
    instance: Annotated[str, Field(max_length=64)]


class NameTakenError(Exception):
    """Another gateway has this name and was there before."""


class Claim:
    """The claim of this gateway to its name.

    Args:
        topics: Under which name.
        info: What else the gateway says of itself.
        began: Since when it has been there, in UTC as ISO 8601 has it.
        instance: What tells it from every other.

    Attributes:
        lost: Set once somebody who lives was there before.
        challenged: Set once somebody who came later asks.
    """

    def __init__(self, topics: Topics, info: Mapping[str, str], *, began: str, instance: str) -> None:
        self._topics = topics
        self._mine = (began, instance)
        self._body = json.dumps({**info, "uptime_start": began, "instance": instance})
        self._kept_online = False
        self._kept_other = False
        self.lost = asyncio.Event()
        self.challenged = asyncio.Event()

    def began(self) -> None:
        """Another connection has begun, and nothing is known of it."""
        self._kept_online = self._kept_other = False
        self.lost.clear()
        self.challenged.clear()

    @property
    def word(self) -> Message:
        """Asks whether somebody is there, and answers whoever asks."""
        return Message(self._topics.info, self._body)

    @property
    def standing(self) -> Message:
        """What stands at the broker of whoever has the name."""
        return Message(self._topics.info, self._body, retain=True)

    def heard_info(self, payload: bytes, *, is_retained: bool) -> None:
        """Somebody says who they are, now or once."""
        with suppress(ValidationError):
            other = _Other.model_validate_json(payload)
            theirs = (other.uptime_start, other.instance)
            if other.instance == self._mine[1]:
                return
            if is_retained:
                self._kept_other = True
            elif theirs < self._mine:
                self.lost.set()
            else:
                self.challenged.set()

    def heard_status(self, payload: bytes, *, is_retained: bool) -> None:
        """It is said whether a gateway of this name is there; what a lost connection left is put right."""
        if is_retained:
            self._kept_online = payload == ONLINE.encode()
        elif payload != ONLINE.encode():
            self.challenged.set()

    async def is_free(self) -> bool:
        """Whether nobody holds the name; waits for an answer only where somebody may."""
        if self._kept_online and self._kept_other:
            with suppress(TimeoutError):
                async with asyncio.timeout(ANSWER_S):
                    await self.lost.wait()
        return not self.lost.is_set()

    async def keep(self, say: Callable[[Message], Awaitable[None]]) -> None:
        """Answer whoever asks for the name.

        Raises:
            NameTakenError: Somebody was there before.
        """
        answering = asyncio.create_task(self._answer(say))
        losing = asyncio.create_task(self.lost.wait())
        try:
            await asyncio.wait({answering, losing}, return_when=asyncio.FIRST_COMPLETED)
            if losing.done():
                raise NameTakenError
            answering.result()
        finally:
            for task in (answering, losing):
                task.cancel()
            await asyncio.gather(answering, losing, return_exceptions=True)

    async def _answer(self, say: Callable[[Message], Awaitable[None]]) -> None:
        while True:
            await self.challenged.wait()
            self.challenged.clear()
            for message in (self.word, self.standing, Message(self._topics.status, ONLINE, retain=True)):
                await say(message)
