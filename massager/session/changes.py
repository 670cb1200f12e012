"""What is on record of a person piece by piece, and what a change of the record loosens."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

from massager.model.body import Region, Zone
from massager.model.people import Modifier, Person
from massager.safety.authority import loosened
from massager.store.documents import fields_of

# What has a value for each of these, or none.
_KEYED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"conditions": tuple(Region), "zone_permille": tuple(Zone), "modifiers": tuple(Modifier)}
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing on record.

    Attributes:
        field: Of a `Person`.
        key: The region, zone, condition, device or keep-out that it is about; None for a field of one value.
        value: None or False where there is nothing; all of that name for a keep-out.
    """

    field: str
    key: str | None
    value: Any


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is to be otherwise.

    Attributes:
        loosens: It permits more than before, or may.
    """

    before: Piece
    after: Piece
    loosens: bool


def pieces(person: Person) -> tuple[Piece, ...]:
    """All that is on record, field by field; the name is none of it."""
    found = []
    for field in Person.__dataclass_fields__:
        if field != "name":
            keys = _keys(field, person)
            found += [Piece(field, key, _value(person, field, key)) for key in keys]
    return tuple(found)


def _keys(field: str, person: Person) -> tuple[str | None, ...]:
    if field == "keep_outs":
        return tuple(dict.fromkeys(place.name for place in person.keep_outs))
    if field == "calibrations":
        return tuple(sorted(person.calibrations))
    return _KEYED.get(field, (None,))


def _value(person: Person, field: str, key: str | None) -> Any:
    found = getattr(person, field)
    if key is None:
        return found
    if field == "modifiers":
        return key in found
    if field == "keep_outs":
        return tuple(place for place in found if place.name == key)
    return found.get(key)


def changes(old: Person, new: Person) -> tuple[Change, ...]:
    """What differs, and which of it loosens; of a whole that loosens, some piece is said to."""
    named = dict.fromkeys((piece.field, piece.key) for one in (old, new) for piece in pieces(one))
    differing = [(field, key) for field, key in named if _value(old, field, key) != _value(new, field, key)]
    looser = set(loosened(old, new))
    alone = {each: each[0] in loosened(old, _with(old, new, *each)) for each in differing}
    # What only goes together must not hide.
    together = looser - {field for (field, _key), loosens in alone.items() if loosens}
    return tuple(
        Change(
            Piece(*each, _value(old, *each)),
            Piece(*each, _value(new, *each)),
            loosens=each[0] in together or (each[0] in looser and alone[each]),
        )
        for each in differing
    )


def _with(old: Person, new: Person, field: str, key: str | None) -> Person:
    """The old record with one piece of the new."""
    before, after = getattr(old, field), getattr(new, field)
    if key is None:
        return replace(old, **{field: after})
    if field == "modifiers":
        only: Any = before - {key} | (after & {key})
    elif field == "keep_outs":
        others = tuple(place for place in before if place.name != key)
        only = (*others, *(place for place in after if place.name == key))
    else:
        left = {one: value for one, value in before.items() if one != key}
        only = MappingProxyType(left | ({key: after[key]} if key in after else {}))
    return replace(old, **{field: only})


def mark_of(person: Person) -> str:
    """What tells this record from every other, for whoever changes it a while after they read it."""
    return hashlib.sha256(json.dumps(fields_of(person), sort_keys=True).encode()).hexdigest()[:32]
