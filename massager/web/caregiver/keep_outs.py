"""Places that nothing touches, in a form: those on record, and one more."""

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from massager.model.people import WIDEST_MM, KeepOut, Person
from massager.session.places import VERTEBRAE, WITH_A_PLACE, place_named, place_of
from massager.texts.caregiver_labels import CaregiverLabel
from massager.texts.language import Language
from massager.web.caregiver.editing import Editor, Reading
from massager.web.caregiver.words import extent, is_of_condition, place_name
from massager.web.desk import Desk
from massager.web.forms import Form

_OWN: Final = "own"
_EXACT: Final = "exact"
_SIDES: Final[Mapping[str, tuple[int, int]]] = MappingProxyType(
    {"both": (-WIDEST_MM, WIDEST_MM), "left": (-WIDEST_MM, 0), "right": (0, WIDEST_MM)}
)


def _filled(_person: Person) -> Form:
    return Form((("what", _OWN), ("side", "both")))


def _read(reading: Reading, old: Person) -> Person:
    gone = reading.form.every("remove")
    kept = tuple(place for number, place in enumerate(old.keep_outs) if str(number) not in gone)
    added = _added(reading, old, kept)
    return replace(old, keep_outs=kept if added is None else (*kept, added))


def _added(reading: Reading, old: Person, kept: tuple[KeepOut, ...]) -> KeepOut | None:
    form = reading.form
    name, first, last = form.one("name").strip(), form.one("from"), form.one("to")
    what = next((one for one in WITH_A_PLACE if one == form.one("what") and one in old.modifiers), None)
    if not (name or first or last or what is not None):
        return None
    if what is not None:
        name = what
    if not name:
        reading.object_to("name", CaregiverLabel.WRONG_NAME)
    if name in {place.name for place in kept}:
        reading.object_to("name", CaregiverLabel.NAME_TAKEN)
    if not {first, last} <= set(VERTEBRAE) or VERTEBRAE.index(first) > VERTEBRAE.index(last):
        reading.object_to("from", CaregiverLabel.WRONG_STRETCH)
    sides_mm = _sides_mm(reading)
    if reading.wrong or sides_mm is None:
        return None
    return place_named(name, first, last, sides_mm) if what is None else place_of(what, first, last)


def _sides_mm(reading: Reading) -> tuple[int, int] | None:
    side = reading.form.one("side")
    if side in _SIDES:
        return _SIDES[side]
    texts = [reading.form.one(name).strip().replace("\u2212", "-") for name in ("left-mm", "right-mm")]
    if side != _EXACT:
        reading.object_to("side", CaregiverLabel.WRONG_CHOICE)
    elif all(re.fullmatch(r"-?\d{1,3}", text, re.ASCII) for text in texts):
        left_mm, right_mm = map(int, texts)
        if -WIDEST_MM <= left_mm < right_mm <= WIDEST_MM:
            return left_mm, right_mm
        reading.object_to("left-mm", CaregiverLabel.WRONG_EDGES)
    else:
        reading.object_to("left-mm", CaregiverLabel.WRONG_EDGES)
    return None


async def _shown(_desk: Desk, person: Person, words: Language) -> dict[str, Any]:
    of = words.caregiver
    own = [(_OWN, of[CaregiverLabel.PLACE_OWN])]
    placed = [(str(one), words.condition_names[one]) for one in WITH_A_PLACE if one in person.modifiers]
    return {
        "places": [
            (str(number), place_name(words, place.name), extent(words, place), is_of_condition(place.name))
            for number, place in enumerate(person.keep_outs)
        ],
        "whats": [*placed, *own] if placed else [],
        "vertebrae": [(name, name) for name in VERTEBRAE],
        "sides": [
            ("both", of[CaregiverLabel.SIDE_BOTH]),
            ("left", of[CaregiverLabel.SIDE_LEFT]),
            ("right", of[CaregiverLabel.SIDE_RIGHT]),
            (_EXACT, of[CaregiverLabel.SIDE_EXACT]),
        ],
    }


KEEP_OUTS: Final = Editor("keep-outs", CaregiverLabel.KEEP_OUTS, _filled, _read, _shown)
