"""Of strengths that come too fast the newest counts: one a control period for each massager."""

import asyncio
from dataclasses import dataclass
from typing import Final

from massager.mqtt.answers import Answers
from massager.mqtt.commands import Level
from massager.mqtt.levels import NOTHING_RUNS, apply_level
from massager.mqtt.station import Massager
from massager.session.massage import MassageService

# docs/architecture.md: ten leases a second, so there is nothing to change in between.
PERIOD_S: Final = 0.1


@dataclass(slots=True)
class _Wanted:
    """Of one massager.

    Attributes:
        newest: What waits for its period.
        ready_s: When the next one may be applied, on the loop's clock.
    """

    newest: Level | None = None
    timer: asyncio.TimerHandle | None = None
    ready_s: float = 0.0


class Strengths:
    """Applies them; nothing here waits."""

    def __init__(self, massage: MassageService, answers: Answers) -> None:
        self._massage = massage
        self._answers = answers
        self._wanted: dict[str, _Wanted] = {}

    def want(self, massager: Massager, command: Level) -> None:
        """Apply a strength now, or as the newest once its period has come."""
        wanted = self._wanted.setdefault(massager.id, _Wanted())
        self._drop(massager, wanted, "a newer one came before its turn")
        wanted.newest = command
        if wanted.timer is not None:
            return
        loop = asyncio.get_running_loop()
        if loop.time() >= wanted.ready_s:
            self._apply(massager, wanted)
        else:
            wanted.timer = loop.call_at(wanted.ready_s, self._apply, massager, wanted)

    def forget(self, massager: Massager) -> None:
        """Apply nothing that waits: it was stopped."""
        wanted = self._wanted.get(massager.id)
        if wanted is not None:
            self._drop(massager, wanted, "it was stopped")

    def _drop(self, massager: Massager, wanted: _Wanted, why: str) -> None:
        if wanted.newest is not None:
            self._answers.refuse(massager, wanted.newest.id, why)
            wanted.newest = None

    def _apply(self, massager: Massager, wanted: _Wanted) -> None:
        wanted.timer = None
        command, wanted.newest = wanted.newest, None
        wanted.ready_s = asyncio.get_running_loop().time() + PERIOD_S
        if command is None:
            return
        session, done = self._massage.on_device(massager.name), NOTHING_RUNS
        if session is not None:
            loop, now = self._massage.session(session), self._massage.snapshot(session)
            done = apply_level(loop, now, command.level)
        self._answers.give(massager, command.id, done)

    def close(self) -> None:
        """Apply nothing more."""
        for wanted in self._wanted.values():
            if wanted.timer is not None:
                wanted.timer.cancel()
