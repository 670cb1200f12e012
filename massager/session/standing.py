"""What is on record of a person, looked at again and again while their session runs (INV-07).

A look never waits: it hands out what the last reading found and sets off the next. Whoever tightens a limit
or locks a person out in mid-session, from whatever program, is heard within the second.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Final

from massager.model.decisions import Reason, Refusal
from massager.model.errors import MassagerError
from massager.model.people import Person
from massager.model.questions import Screening
from massager.safety.governor import Governor
from massager.session.facts import person_facts
from massager.session.preparation import tightened
from massager.session.recorder import Recorder

# Chosen: the debits ask the store about as often.
LOOK_MS: Final = 500


@dataclass(frozen=True, slots=True)
class OnRecord:
    """A person, and whether a lockout stands open."""

    person: Person
    is_locked_out: bool


class Standing:
    """One person's record, as one session sees it.

    Args:
        governor: Of the session; takes what is tighter.
        recorder: Of the session.
        screening: The answers before it.
        read: Reads the store; called in its thread, may raise what a store raises.
        executor: That thread.
    """

    def __init__(
        self,
        *,
        governor: Governor,
        recorder: Recorder,
        screening: Screening,
        read: Callable[[], OnRecord],
        executor: Executor,
    ) -> None:
        self._governor = governor
        self._recorder = recorder
        self._screening = screening
        self._read = read
        self._executor = executor
        self._reading: asyncio.Future[OnRecord] | None = None
        self._looked_ms: int | None = None

    def forbids(self, now_ms: int) -> Refusal | None:
        """Why the session must stop, if so; a record that is only tighter holds from the next wish on."""
        try:
            found = self._look(now_ms)
        except MassagerError as error:
            return Refusal(Reason.STORE_FAILED, str(error))
        if found is None:
            return None
        if found.is_locked_out:
            return Refusal(Reason.LOCKED_OUT)
        envelope = self._governor.envelope
        if found.person == envelope.person:
            return None
        if not self._governor.tighten(tightened(envelope, found.person, self._screening)):
            return Refusal(Reason.LIMITS_CHANGED)
        self._recorder.note("tightened", found.person.name, person_facts(found.person))
        return None

    def _look(self, now_ms: int) -> OnRecord | None:
        """What was found since the last look, None for nothing new to see."""
        found = None
        if self._reading is not None and self._reading.done():
            reading, self._reading = self._reading, None
            found = reading.result()
        if self._reading is None and (self._looked_ms is None or now_ms - self._looked_ms >= LOOK_MS):
            self._looked_ms = now_ms
            loop = asyncio.get_running_loop()
            self._reading = loop.run_in_executor(self._executor, self._read)
        return found

    async def close(self) -> None:
        """Wait for a reading that is on its way; what it finds no longer matters."""
        if self._reading is not None:
            await asyncio.gather(self._reading, return_exceptions=True)
