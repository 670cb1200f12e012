"""Three taps a check-in: what was tapped so far, in each session, until it is whole.

Pain, then anything new, then the strength. What is a warning acts at once and waits for no other tap.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from massager.model.questions import PAIN_WORST, Ask, CheckIn, Comfort, Feeling
from massager.session.loop import ControlLoop
from massager.session.snapshot import Snapshot

# Chosen: longer than any check-in waits for its answer (docs/questions.md), so that no old tap is taken.
_KEPT_S: Final = 60.0


class Step(StrEnum):
    """Which tap is next."""

    PAIN = "pain"
    FEELING = "feeling"
    COMFORT = "comfort"


@dataclass(frozen=True, slots=True)
class _Begun:
    prompt: int | None
    said: CheckIn
    at_s: float


class CheckIns:
    """Of all sessions.

    Args:
        now_s: The monotonic clock.
    """

    def __init__(self, now_s: Callable[[], float]) -> None:
        self._now_s = now_s
        self._begun: dict[int, _Begun] = {}

    def step(self, number: int, snapshot: Snapshot) -> Step:
        """Which tap is next in that session."""
        said = self._said(number, snapshot)
        if said.pain is None:
            return Step.PAIN
        return Step.FEELING if said.feeling is None else Step.COMFORT

    def tap(self, number: int, loop: ControlLoop, step: str, value: str) -> bool:
        """Take a tap and hand on what there is to say; whether the check-in goes on."""
        before = self._said(number, loop.snapshot())
        said = _with(before, step, value)
        if said is None:
            return True
        grave = said.feeling not in {None, Feeling.NONE}
        if said.whole or grave:
            loop.answer(said)
            self._begun.pop(number, None)
            return False
        if said.comfort is not None:
            # Out of its turn, from an old page: what it says is taken, and lowers at once.
            loop.answer(CheckIn(comfort=said.comfort))
            return True
        if said.pain is not None and said.pain != before.pain:
            loop.answer(CheckIn(pain=said.pain))
        self._begun[number] = _Begun(_open(loop.snapshot()), said, self._now_s())
        return True

    def forget(self, number: int) -> None:
        """Whoever began to speak unasked does not go on."""
        self._begun.pop(number, None)

    def _said(self, number: int, snapshot: Snapshot) -> CheckIn:
        begun = self._begun.get(number)
        if begun is None or self._now_s() - begun.at_s > _KEPT_S:
            return CheckIn()
        asked = _open(snapshot)
        is_old = begun.prompt is not None and asked != begun.prompt
        return CheckIn() if is_old else begun.said


def _open(snapshot: Snapshot) -> int | None:
    return next((one.number for one in snapshot.prompts if one.ask is Ask.CHECK_IN), None)


def _with(said: CheckIn, step: str, value: str) -> CheckIn | None:
    if step == Step.PAIN and value in {str(pain) for pain in range(PAIN_WORST + 1)}:
        return replace(said, pain=int(value))
    if step == Step.FEELING and value in set(Feeling):
        return replace(said, feeling=Feeling(value))
    if step == Step.COMFORT and value in set(Comfort):
        return replace(said, comfort=Comfort(value))
    return None
