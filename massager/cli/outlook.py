"""`massager person show`: what is on record of a person, and what that and the past leave."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from massager.catalog.person_words import second_text
from massager.cli.exits import Exit
from massager.cli.lockouts import local_time, lockout_facts, lockout_words
from massager.cli.person_words import facts, in_words
from massager.cli.signing import office
from massager.model.ceilings import WEEKLY_MINUTES
from massager.model.errors import NotFoundError
from massager.model.history import FollowUp, History
from massager.model.people import Person
from massager.session.outlook import Outlook, outlooks
from massager.texts import reason_text

_WEEK_S: Final = 7 * 24 * 3600


def show_person(name: str, data: str | None, profiles: Path | None, *, as_json: bool) -> Exit:
    """Print one person."""
    with office(data) as people:
        person = people.get(name)
        history = people.lockouts.history(name)
        limits = tuple(one for one in person.strength_limits if one.holds(history.sessions_ever))
        person = replace(person, strength_limits=limits)
        waiting = people.lockouts.follow_ups(name)
    try:
        starts = outlooks(person, history, profiles)
        unfit = None
    except NotFoundError as error:
        starts, unfit = (), str(error)
    if as_json:
        ways = {"starts": [_start_facts(one) for one in starts], "no_starts_because": unfit}
        print(json.dumps(facts(person) | _past_facts(person, history, waiting) | ways))
        return Exit.OK
    print(person.name)
    for what, words in in_words(person).items():
        print(f"  {what}: {words}")
    for line in _past_words(person, history, waiting):
        print(f"  {line}")
    for one in starts:
        print(f"  {one.program} on {one.device}: {_start_words(one)}")
    if unfit is not None:
        print(f"  no program: {unfit}")
    return Exit.OK


def _start_words(one: Outlook) -> str:
    if isinstance(one.now, int):
        return f"may start now, {one.now // 60}:{one.now % 60:02} minutes"
    why = reason_text(one.now.reason, one.now.detail)
    return why if one.from_s is None else f"from {local_time(one.from_s)}. {why}"


def _start_facts(one: Outlook) -> dict[str, object]:
    refused = None if isinstance(one.now, int) else one.now
    return {
        "program": one.program,
        "device": one.device,
        "session_seconds": one.now if isinstance(one.now, int) else None,
        "refused": refused.reason if refused else None,
        "refused_text": reason_text(refused.reason, refused.detail) if refused else None,
        "from": None if one.from_s is None else second_text(one.from_s),
    }


def _week_s(history: History) -> int:
    return sum(one.used_s for one in history.past if one.ended_s > history.now_s - _WEEK_S)


def _past_words(person: Person, history: History, waiting: tuple[FollowUp, ...]) -> list[str]:
    most = WEEKLY_MINUTES[person.worst]
    left = max(0, 60 * most - _week_s(history)) // 60
    lines = [f"seven days: {left} of {most} minutes left"]
    if history.past:
        lines.append(f"last session: ended {local_time(history.past[-1].ended_s)}")
    lines += [f"locked out: {lockout_words(one)}" for one in history.lockouts]
    due = {one.number for one in history.follow_ups}
    for one in waiting:
        when = "now" if one.number in due else f"from {local_time(one.due_s)}"
        lines.append(f"question after session {one.session}: due {when}")
    if history.behind:
        lines.append("the clock is earlier than it was before: massager caregiver confirm-time")
    return lines


def _past_facts(person: Person, history: History, waiting: tuple[FollowUp, ...]) -> dict[str, Any]:
    return {
        "week_minutes": WEEKLY_MINUTES[person.worst],
        "week_used_seconds": _week_s(history),
        "last_ended": second_text(history.past[-1].ended_s) if history.past else None,
        "lockouts": [lockout_facts(one) for one in history.lockouts],
        "follow_ups": [
            {
                "session": one.session,
                "due": second_text(one.due_s),
                "is_due": one in history.follow_ups,
            }
            for one in waiting
        ],
        "clock_behind": history.behind,
    }
