"""A session as whoever shows and steers it sees it, wherever it runs."""

from collections.abc import Awaitable, Callable
from typing import Final, Protocol

from massager.model.decisions import Reason, Refusal
from massager.session.scripted import Answered
from massager.session.snapshot import Ending, Snapshot

# Chosen: often enough for an eye, a twentieth of the loop's work.
SHOW_S: Final = 0.25


class Steered(Answered, Protocol):
    """A session that this program shows and steers: its own, or another core's."""

    def stop(self, reason: Reason = Reason.STOPPED_BY_PERSON, detail: str = "") -> None:
        """Stop and end it."""

    def pause(self) -> None:
        """Stop, and keep it open."""

    def resume(self) -> None:
        """Go on after a pause."""

    def weaker(self) -> None:
        """One level less."""

    def stronger(self) -> None:
        """Take back one `weaker`."""

    def snapshot(self) -> Snapshot:
        """What is known now."""


# Runs a session beside what shows it, and says how it ended.
Run = Callable[[Callable[[Steered], Awaitable[None]]], Awaitable[Ending | Refusal]]
