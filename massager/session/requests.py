"""What somebody asks for from elsewhere: a start that the person at the massager is to begin, or not.

A request moves nothing and opens nothing. It waits in memory alone until the person has looked at it, or it
is too old; a restart forgets it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

# Chosen: as long as somebody takes to come to the massager; whoever comes later is asked anew.
WAITS_S: Final = 5 * 60.0


@dataclass(frozen=True, slots=True)
class Request:
    """A program for a person on a massager.

    Attributes:
        device: What the massager is called.
    """

    person: str
    program: str
    device: str


class Requests:
    """Those that wait, one a massager: a newer one takes the place of the one before.

    Args:
        now_s: The monotonic clock.
    """

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._waiting: dict[str, tuple[Request, float]] = {}

    def put(self, request: Request) -> None:
        """Have one wait."""
        self._waiting[request.device] = (request, self._now_s() + WAITS_S)

    def on(self, device: str) -> Request | None:
        """What waits on a massager."""
        return next((one for one in self.waiting() if one.device == device), None)

    def withdraw(self, device: str) -> None:
        """Nobody is asked for that any more; there may be none."""
        self._waiting.pop(device, None)

    def answered(self, person: str, device: str) -> None:
        """A person has seen what waits for them on a massager, or does not want it; there may be none."""
        found = self.on(device)
        if found is not None and found.person == person:
            self.withdraw(device)

    def waiting(self) -> tuple[Request, ...]:
        """All of them."""
        now_s = self._now_s()
        self._waiting = {device: held for device, held in self._waiting.items() if now_s < held[1]}
        return tuple(request for request, _until_s in self._waiting.values())
