"""Answers that were prepared in advance, given to a session as it asks."""

import time
from typing import Protocol

from massager.model.body import Zone
from massager.model.questions import CheckIn, Prompt
from massager.model.script import Script
from massager.session.snapshot import Snapshot, Stage


class Answered(Protocol):
    """A session that takes answers."""

    def answer(self, check_in: CheckIn) -> None:
        """Take what somebody says, asked or not."""

    def answer_zone(self, zone: Zone, *, yes: bool) -> None:
        """Take whether a zone may be visited."""


class Answers:
    """A script's answers: each question once, and what is said unasked in its time."""

    def __init__(self, session: Answered, script: Script) -> None:
        self._session = session
        self._check_ins = list(script.check_ins)
        self._unasked = sorted(script.unasked, key=lambda said: said.at_s)
        self._zones = script.zones
        self._seen: set[int] = set()
        self._answered: set[int] = set()
        self._since_s: float | None = None

    def look(self, snapshot: Snapshot) -> None:
        """Answer what is new."""
        for prompt in snapshot.prompts:
            if prompt.number not in self._seen:
                self._seen.add(prompt.number)
                if self._knows(prompt):
                    self._answered.add(prompt.number)
                    self._answer(prompt)
        if self._since_s is None and snapshot.stage is Stage.RUNNING:
            self._since_s = time.monotonic()
        while self._unasked and self._is_due(self._unasked[0].at_s):
            self._session.answer(self._unasked.pop(0).check_in)

    def answers(self, prompt: Prompt) -> bool:
        """Whether the script answers a question that is open."""
        return prompt.number in self._answered if prompt.number in self._seen else self._knows(prompt)

    def _is_due(self, at_s: int) -> bool:
        return self._since_s is not None and time.monotonic() - self._since_s >= at_s

    def _knows(self, prompt: Prompt) -> bool:
        return bool(self._check_ins) if prompt.zone is None else prompt.zone in self._zones

    def _answer(self, prompt: Prompt) -> None:
        if prompt.zone is None:
            self._session.answer(self._check_ins.pop(0))
        else:
            self._session.answer_zone(prompt.zone, yes=self._zones[prompt.zone])
