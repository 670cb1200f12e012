"""A simulated device counts as paired once it was connected: the guardian's first Ready is written down."""

from collections.abc import Awaitable, Callable

from massager.guardian.client import GuardianClient
from massager.guardian.messages import Down, Ready, Up
from massager.model.devices import PairedDevice


class Introduced:
    """A guardian that tells nobody of its device before the device is remembered.

    Args:
        remember: Durable on return.
    """

    def __init__(self, guardian: GuardianClient, remember: Callable[[Ready], Awaitable[None]]) -> None:
        self._guardian = guardian
        self._remember = remember

    def send(self, message: Down) -> None:
        """See `GuardianClient.send`."""
        self._guardian.send(message)

    async def receive(self) -> Up | None:
        """See `GuardianClient.receive`."""
        message = await self._guardian.receive()
        if isinstance(message, Ready):
            await self._remember(message)
        return message

    @property
    def complaints(self) -> str:
        """See `GuardianClient.complaints`."""
        return self._guardian.complaints

    async def close(self) -> int:
        """See `GuardianClient.close`."""
        return await self._guardian.close()


def introduced(ready: Ready, *, name: str, radio: str) -> PairedDevice:
    """What a device said of itself, under a name."""
    return PairedDevice(
        name=name,
        profile=ready.device,
        radio=radio,
        address=ready.address,
        model_number=ready.model_number,
        firmware=ready.firmware,
        serial=ready.serial,
    )
