"""When a person may start what: the real admission, asked about now and about the days to come."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from massager.catalog import list_devices, list_programs, safety_profile_for
from massager.model.decisions import Reason, Refusal
from massager.model.history import History
from massager.model.people import Person
from massager.model.questions import Answer, Question, Reaction, Screening
from massager.session.preparation import Order, Prepared, prepare

# The limits that look back and so pass with time alone.
PASSING: Final = frozenset({Reason.COOL_DOWN, Reason.PER_DAY, Reason.PER_WEEK, Reason.WEEKLY_MINUTES})
# docs/limits.md: they look back seven days.
_AHEAD_S: Final = 7 * 24 * 3600

# As if every question before the start were answered well; only the day itself can tell.
WELL: Final = Screening(
    answers={
        question: Answer.YES if question is Question.STOP_REACHABLE else Answer.NO for question in Question
    },
    pain=0,
    skin=frozenset(),
    reaction=Reaction.NONE,
)


@dataclass(frozen=True, slots=True)
class Outlook:
    """One program on one device.

    Attributes:
        now: How many seconds it may last if it starts now, or why it may not.
        from_s: When it may start, if waiting is all that it takes; the hours of the day come on top.
    """

    program: str
    device: str
    now: int | Refusal
    from_s: int | None


def outlooks(person: Person, history: History, profiles: Path | None) -> tuple[Outlook, ...]:
    """Every program on every device that the person was measured on.

    Raises:
        NotFoundError: No safety profile fits the person.
        InvalidProfileError: A file is wrong.
    """
    return tuple(_outlook(order, history) for order in _orders(person, profiles))


def _orders(person: Person, profiles: Path | None) -> Iterator[Order]:
    profile = safety_profile_for(person.conditions, profiles)
    for device in list_devices(profiles):
        for program in list_programs(profiles):
            if device.name in person.calibrations and device.suits(program.modality):
                yield Order(program, person, device, profile, None, None, WELL)


def _outlook(order: Order, history: History) -> Outlook:
    names = order.program.name, order.device.name
    found = prepare(order, history)
    if isinstance(found, Prepared):
        return Outlook(*names, found.session_ms // 1000, None)
    return Outlook(*names, found, earliest_s(order, history) if found.reason in PASSING else None)


def earliest_s(order: Order, history: History) -> int | None:
    """The first second at which nothing of the past is in the way any more; None if not in seven days."""
    at_any_time = replace(order, person=replace(order.person, hours=None))

    def may_start(at_s: int) -> bool:
        return isinstance(prepare(at_any_time, replace(history, now_s=at_s)), Prepared)

    refused_s, allowed_s = history.now_s, history.now_s + _AHEAD_S
    if not may_start(allowed_s):
        return None
    while allowed_s - refused_s > 1:
        middle_s = (refused_s + allowed_s) // 2
        if may_start(middle_s):
            allowed_s = middle_s
        else:
            refused_s = middle_s
    return allowed_s
