"""The control loop's line to its guardian: started, heard, replaced when it dies, and seen to leave."""

import asyncio
from collections.abc import Awaitable, Callable

from massager.guardian.client import GuardianClient
from massager.guardian.messages import Down, End, Stop, Up
from massager.model.decisions import Reason

# Chosen: the guardian gives up on a stop after 10 s (docs/architecture.md) and needs a moment to leave.
LEAVE_MS = 15_000


class GuardianLine:
    """One guardian at a time.

    Args:
        connect: Starts a guardian; used again when one is lost, to stop the device.
        heard: Takes each of its messages.
        ended: Called when it is gone.
    """

    def __init__(
        self,
        connect: Callable[[], Awaitable[GuardianClient]],
        heard: Callable[[Up], None],
        ended: Callable[[], None],
    ) -> None:
        self._connect = connect
        self._heard = heard
        self._ended = ended
        self._guardian: GuardianClient | None = None
        self._listener: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start a guardian and listen to it."""
        self._guardian = await self._connect()
        self._listen(self._guardian)

    def _listen(self, guardian: GuardianClient) -> None:
        self._listener = asyncio.create_task(self._hear(guardian))
        self._listener.add_done_callback(lambda _: self._ended())

    async def _hear(self, guardian: GuardianClient) -> None:
        while (message := await guardian.receive()) is not None:
            self._heard(message)

    def send(self, message: Down) -> None:
        """Send without waiting; silent where there is no guardian."""
        if self._guardian is not None:
            self._guardian.send(message)

    def lost(self) -> str | None:
        """What a guardian that is gone complained of; None while there is one, an empty text for nothing.

        Raises:
            Exception: One of its messages could not be dealt with.
        """
        if self._guardian is None or self._listener is None or not self._listener.done():
            return None
        self._listener.result()
        return self._guardian.complaints

    async def replace(self) -> None:
        """The guardian died: a new one's first write is a stop."""
        self._guardian = await self._connect()
        self._guardian.send(Stop(Reason.GUARDIAN_LOST))

    async def leave(self) -> bool:
        """Have it stop, close the device's session and go; whether it answered to the end."""
        guardian, listener = self._guardian, self._listener
        if guardian is None:
            return True
        if listener is None or listener.done():
            self._listen(guardian)
        guardian.send(End())
        answered = True
        if self._listener is not None:
            try:
                await asyncio.wait_for(self._listener, LEAVE_MS / 1000)
            except TimeoutError:
                answered = False
        await guardian.close()
        return answered
