"""The massage service: what every door may ask of the sessions that run in this core."""

from collections.abc import Sequence

from massager.model.decisions import Reason
from massager.session.loop import ControlLoop
from massager.session.snapshot import Snapshot


class MassageService:
    """The sessions of one core. Stopping needs nobody's leave and waits for rest."""

    def __init__(self) -> None:
        self._loops: list[ControlLoop] = []

    def add(self, loop: ControlLoop) -> None:
        """Take a session in; it stays listed after it has ended."""
        self._loops.append(loop)

    def snapshots(self) -> Sequence[Snapshot]:
        """What is known of each session now."""
        return [loop.snapshot() for loop in self._loops]

    async def stop(self, reason: Reason = Reason.STOPPED_BY_PERSON, detail: str = "") -> bool:
        """Stop every session at once; whether every device confirmed that it rests."""
        for loop in self._loops:
            loop.stop(reason, detail)
        return all([await loop.wait_rest() for loop in self._loops])
