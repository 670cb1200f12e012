"""Programs that a person may have, when a massage may begin, and who may ask for one, in a form."""

import re
from dataclasses import replace
from typing import Any, Final

from massager.model.people import DAY_MIN, Person
from massager.texts.caregiver_labels import CaregiverLabel
from massager.texts.language import Language
from massager.web.caregiver.editing import Editor, Reading
from massager.web.desk import Desk
from massager.web.forms import Form

_ALL, _SOME, _YES = "all", "some", "yes"
_TIME: Final = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])(?::00)?")


def _filled(person: Person) -> Form:
    # What takes a time of the day has no 24:00.
    times = [""] * 2 if person.hours is None else [_time(minute % DAY_MIN) for minute in person.hours]
    return Form(
        (
            ("which", _ALL if person.programs is None else _SOME),
            *(("program", name) for name in sorted(person.programs or ())),
            ("when", _ALL if person.hours is None else _SOME),
            ("from", times[0]),
            ("to", times[1]),
            ("remote", _YES if person.remote else ""),
        )
    )


def _time(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _read(reading: Reading, old: Person) -> Person:
    return replace(
        old,
        programs=_programs(reading, old),
        hours=_hours(reading, old),
        remote=reading.form.one("remote") == _YES,
    )


def _programs(reading: Reading, old: Person) -> frozenset[str] | None:
    which = reading.form.one("which")
    if which == _ALL:
        return None
    found = frozenset(reading.form.every("program"))
    if which != _SOME:
        reading.object_to("which", CaregiverLabel.WRONG_CHOICE)
    elif not found:
        reading.object_to("program", CaregiverLabel.WRONG_PROGRAMS)
    else:
        return found
    return old.programs


def _hours(reading: Reading, old: Person) -> tuple[int, int] | None:
    when = reading.form.one("when")
    if when == _ALL:
        return None
    first, end = _minute(reading.form.one("from")), _minute(reading.form.one("to"))
    if when != _SOME:
        reading.object_to("when", CaregiverLabel.WRONG_CHOICE)
    elif first is None or end is None or first == end:
        reading.object_to("from", CaregiverLabel.WRONG_HOURS)
    else:
        # Both mean midnight at the end of the day; what is on record stays as it was written.
        same = old.hours is not None and (first, end) == tuple(minute % DAY_MIN for minute in old.hours)
        return old.hours if same else (first, end or DAY_MIN)
    return old.hours


def _minute(text: str) -> int | None:
    found = _TIME.fullmatch(text.strip())
    minute = None if found is None else 60 * int(found[1]) + int(found[2])
    return None if minute is None or minute > DAY_MIN else minute % DAY_MIN


async def _shown(desk: Desk, person: Person, _words: Language) -> dict[str, Any]:
    found = {one.name: (one.title, one.purpose) for one in await desk.think(desk.offers.programs)}
    # One that is on record, and whose file is gone since.
    lost = {name: (name, "") for name in sorted(person.programs or ()) if name not in found}
    return {"programs": [(name, *of) for name, of in (found | lost).items()]}


PROGRAMS: Final = Editor("programs", CaregiverLabel.PROGRAMS_AND_HOURS, _filled, _read, _shown)
