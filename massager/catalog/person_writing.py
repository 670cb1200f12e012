"""A person written as a file; `load_person` reads back exactly what was written."""

import json
from collections.abc import Iterable

from massager.catalog.person_words import day_text, hours_text, second_text, vertebrae_text
from massager.model.body import Region
from massager.model.carried import Carried
from massager.model.people import Person


def person_text(person: Person, carried: Carried) -> str:
    """The file of a person and their recent past.

    Raises:
        ValueError: A keep-out ends between two vertebrae, a clearance within a day, a limit between two
            percent, or a body height between two centimetres: nothing that this program writes does. Or a
            strength limit counts other sessions than those that come along.
    """
    lines = [
        "kind: person",
        f"name: {_quoted(person.name)}",
        *(() if person.born is None else (f"born: {person.born}",)),
        *_stature(person),
        f"attested: {_truth(yes=person.attested)}",
        *_conditions(person),
    ]
    if person.modifiers:
        lines.append(f"modifiers: [{', '.join(sorted(person.modifiers))}]")
    lines += _list("calibrations", _calibrations(person))
    lines += _list("keep_outs", _keep_outs(person))
    lines += _list("clearances", _clearances(person))
    lines += _list("limits", _limits(person))
    if person.session_min is not None:
        lines.append(f"session_minutes: {person.session_min}")
    if person.programs is not None:
        lines.append(f"programs: [{', '.join(_quoted(name) for name in sorted(person.programs))}]")
    if person.hours is not None:
        lines.append(f"hours: {hours_text(person.hours)}")
    lines += [f"screened: {_truth(yes=person.screened)}", f"usual_pain: {person.usual_pain}"]
    lines.append(f"remote: {_truth(yes=person.remote)}")
    lines += _list("strength_limits", _strength_limits(person, carried.sessions_ever))
    return "\n".join([*lines, *_history(carried)]) + "\n"


def _quoted(text: str) -> str:
    # What JSON quotes, YAML reads alike.
    return json.dumps(text, ensure_ascii=False)


def _truth(*, yes: bool) -> str:
    return "true" if yes else "false"


def _entry(**parts: object) -> str:
    return "{" + ", ".join(f"{key.rstrip('_')}: {value}" for key, value in parts.items()) + "}"


def _list(key: str, entries: Iterable[str], indent: str = "") -> list[str]:
    found = [f"{indent}  - {entry}" for entry in entries]
    return [f"{indent}{key}:", *found] if found else []


def _stature(person: Person) -> list[str]:
    if person.stature_mm is None:
        return []
    if person.stature_mm % 10:
        raise ValueError(f"the body height is {person.stature_mm} mm, which is no whole centimetre")
    return [f"stature_cm: {person.stature_mm // 10}"]


def _conditions(person: Person) -> list[str]:
    found = [
        f"  {region}: {person.conditions[region].name.lower()}"
        for region in Region
        if region in person.conditions
    ]
    return ["conditions:", *found] if found else ["conditions: {}"]


def _calibrations(person: Person) -> list[str]:
    return [
        _entry(device_profile=_quoted(name), c7_mm=at.c7_mm, psis_mm=at.psis_mm, error_mm=at.error_mm)
        for name, at in sorted(person.calibrations.items())
    ]


def _keep_outs(person: Person) -> list[str]:
    found = []
    for place in person.keep_outs:
        first, last = vertebrae_text(place.span_ppm)
        found.append(
            _entry(
                name=_quoted(place.name),
                from_=first,
                to=last,
                left_mm=place.left_mm,
                right_mm=place.right_mm,
            )
        )
    return found


def _clearances(person: Person) -> list[str]:
    return [
        _entry(
            code=one.code,
            provider=_quoted(one.provider),
            region=one.region,
            modality=one.modality,
            given=_day(one.given_s),
            expires=_day(one.expires_s),
        )
        for one in person.clearances
    ]


def _day(unix_s: int) -> str:
    if second_text(unix_s) != f"{day_text(unix_s)}T00:00:00Z":
        raise ValueError(f"{second_text(unix_s)} is not the beginning of a day")
    return day_text(unix_s)


def _limits(person: Person) -> list[str]:
    for zone, permille in person.zone_permille.items():
        if permille % 10:
            raise ValueError(f"the limit of {zone} is {permille} permille, which is no whole percent")
    return [
        _entry(zone=zone, max_strength_percent=permille // 10)
        for zone, permille in sorted(person.zone_permille.items())
    ]


def _strength_limits(person: Person, sessions_ever: int) -> list[str]:
    if any(one.after_sessions != sessions_ever for one in person.strength_limits):
        raise ValueError("a strength limit counts other sessions than those that come along")
    return [
        _entry(
            max_strength_permille=one.permille,
            sessions_left=one.for_sessions,
            too_strong=_truth(yes=one.too_strong),
        )
        for one in person.strength_limits
    ]


def _history(carried: Carried) -> list[str]:
    lines = ["history:", f"  after_lockout: {_truth(yes=carried.after_lockout)}"]
    sessions = [
        _entry(started=second_text(one.started_s), ended=second_text(one.ended_s), used_seconds=one.used_s)
        for one in carried.sessions
    ]
    lockouts = [
        _entry(
            cause=one.cause,
            authority=one.authority,
            since=second_text(one.since_s),
            not_before=second_text(one.not_before_s),
            note=_quoted(one.note),
        )
        for one in carried.lockouts
    ]
    follow_ups = [_entry(due=second_text(due_s)) for due_s in carried.follow_ups_due_s]
    pain_stops = [_entry(at=second_text(at_s)) for at_s in carried.pain_stops_s]
    for key, entries in (
        ("sessions", sessions),
        ("lockouts", lockouts),
        ("follow_ups", follow_ups),
        ("pain_stops", pain_stops),
    ):
        lines += _list(key, entries, "  ") or [f"  {key}: []"]
    return lines
