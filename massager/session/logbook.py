"""What the journal says was changed on a person's record, piece by piece."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from massager.model.people import Person
from massager.session.changes import Change, changes
from massager.store.documents import fields_of, from_document

# What a record has that says nothing; the journal keeps only what was changed.
_BLANK: Final = Person(
    name="", conditions=MappingProxyType({}), attested=False, calibrations=MappingProxyType({})
)


def recorded_changes(facts: Mapping[str, Any]) -> tuple[Change, ...]:
    """Of an entry `person-change`. It does not tell what loosens, for the rest of the record is not there.

    Raises:
        ValueError: Another version wrote it, and says things that this one does not know.
    """
    pairs: Mapping[str, Any] = facts.get("changes") or {}
    before = {field: old for field, (old, _new) in pairs.items()}
    after = {field: new for field, (_old, new) in pairs.items()}
    return changes(_read(before), _read(after))


def _read(fields: Mapping[str, Any]) -> Person:
    document = fields_of(_BLANK) | dict(fields)
    # As the store has it: a body height that is not known is left out, and so is no remote control.
    for field in ("stature_mm", "remote"):
        if document.get(field) is None:
            document.pop(field, None)
    return from_document("", json.dumps(document, sort_keys=True, separators=(",", ":")))
