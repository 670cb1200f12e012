"""A person as text: one JSON document, always written alike, and read back exactly or not at all.

The name is not in it, for it is the row's.
"""

import json
from types import MappingProxyType
from typing import Any, Final

from massager.model.body import Calibration, Region, Zone
from massager.model.ceilings import Clearance, Modality, Severity
from massager.model.people import KeepOut, Modifier, Person, ProviderClearance, StrengthLimit

# What documents of earlier versions lack, all of it together; without them nobody counts as screened.
_ADDED: Final = ("screened", "strength_limits", "usual_pain")
# Later than these, and in no document of somebody whose body height is not known.
_STATURE: Final = "stature_mm"
# Later still, and only in documents of those for whom it is switched on.
_REMOTE: Final = "remote"


def fields_of(person: Person) -> dict[str, Any]:
    """What the document says, as JSON knows it."""
    return {
        "attested": person.attested,
        "born": person.born,
        "calibrations": {
            profile: {"c7_mm": at.c7_mm, "psis_mm": at.psis_mm, "error_mm": at.error_mm}
            for profile, at in person.calibrations.items()
        },
        "clearances": [
            {
                "code": given.code.value,
                "provider": given.provider,
                "region": given.region.value,
                "modality": given.modality.value,
                "given_s": given.given_s,
                "expires_s": given.expires_s,
            }
            for given in person.clearances
        ],
        "conditions": {region.value: severity.name.lower() for region, severity in person.conditions.items()},
        "hours": None if person.hours is None else list(person.hours),
        "keep_outs": [
            {
                "name": place.name,
                "span_ppm": list(place.span_ppm),
                "left_mm": place.left_mm,
                "right_mm": place.right_mm,
            }
            for place in person.keep_outs
        ],
        "modifiers": sorted(modifier.value for modifier in person.modifiers),
        "programs": None if person.programs is None else sorted(person.programs),
        **({_REMOTE: True} if person.remote else {}),
        "screened": person.screened,
        "session_min": person.session_min,
        **({} if person.stature_mm is None else {_STATURE: person.stature_mm}),
        "strength_limits": [
            {
                "permille": limit.permille,
                "after_sessions": limit.after_sessions,
                "for_sessions": limit.for_sessions,
                "too_strong": limit.too_strong,
            }
            for limit in person.strength_limits
        ],
        "usual_pain": person.usual_pain,
        "zone_permille": {zone.value: permille for zone, permille in person.zone_permille.items()},
    }


def to_document(person: Person) -> str:
    """The document; equal people give equal text."""
    return _written(fields_of(person))


def _written(fields: dict[str, Any]) -> str:
    return json.dumps(fields, allow_nan=False, sort_keys=True, separators=(",", ":"))


def from_document(name: str, text: str) -> Person:
    """The person of that name.

    Raises:
        ValueError: The text is not what `to_document` writes, or once wrote, to the letter.
    """
    document = _table(json.loads(text))
    is_old = not any(key in document for key in (*_ADDED, _STATURE, _REMOTE))
    if is_old:
        document |= {"screened": False, "strength_limits": [], "usual_pain": 0}
    person = _person(name, {_STATURE: None, _REMOTE: False} | document)
    fields = fields_of(person)
    if _written({key: fields[key] for key in fields if not (is_old and key in _ADDED)}) != text:
        raise ValueError("the document of a person has something too much, twice, or out of order")
    return person


def _person(name: str, document: dict[str, object]) -> Person:
    return Person(
        name=name,
        conditions=MappingProxyType(
            {
                Region(region): _severity(severity)
                for region, severity in _table(_of(document, "conditions")).items()
            }
        ),
        attested=_truth(_of(document, "attested")),
        calibrations=MappingProxyType(
            {profile: _calibration(at) for profile, at in _table(_of(document, "calibrations")).items()}
        ),
        born=_number_or_none(_of(document, "born")),
        stature_mm=_number_or_none(_of(document, _STATURE)),
        modifiers=frozenset(Modifier(_text(item)) for item in _list(_of(document, "modifiers"))),
        keep_outs=tuple(_keep_out(item) for item in _list(_of(document, "keep_outs"))),
        clearances=tuple(_clearance(item) for item in _list(_of(document, "clearances"))),
        zone_permille=MappingProxyType(
            {
                Zone(zone): _number(permille)
                for zone, permille in _table(_of(document, "zone_permille")).items()
            }
        ),
        session_min=_number_or_none(_of(document, "session_min")),
        programs=_programs(_of(document, "programs")),
        hours=None if _of(document, "hours") is None else _pair(_of(document, "hours")),
        screened=_truth(_of(document, "screened")),
        usual_pain=_number(_of(document, "usual_pain")),
        strength_limits=tuple(_strength_limit(item) for item in _list(_of(document, "strength_limits"))),
        remote=_truth(_of(document, _REMOTE)),
    )


def _programs(value: object) -> frozenset[str] | None:
    return None if value is None else frozenset(_text(item) for item in _list(value))


def _calibration(value: object) -> Calibration:
    at = _table(value)
    return Calibration(
        c7_mm=_number(_of(at, "c7_mm")),
        psis_mm=_number(_of(at, "psis_mm")),
        error_mm=_number(_of(at, "error_mm")),
    )


def _keep_out(value: object) -> KeepOut:
    place = _table(value)
    return KeepOut(
        name=_text(_of(place, "name")),
        span_ppm=_pair(_of(place, "span_ppm")),
        left_mm=_number(_of(place, "left_mm")),
        right_mm=_number(_of(place, "right_mm")),
    )


def _clearance(value: object) -> ProviderClearance:
    given = _table(value)
    return ProviderClearance(
        code=Clearance(_text(_of(given, "code"))),
        provider=_text(_of(given, "provider")),
        region=Region(_text(_of(given, "region"))),
        modality=Modality(_text(_of(given, "modality"))),
        given_s=_number(_of(given, "given_s")),
        expires_s=_number(_of(given, "expires_s")),
    )


def _strength_limit(value: object) -> StrengthLimit:
    limit = _table(value)
    return StrengthLimit(
        permille=_number(_of(limit, "permille")),
        after_sessions=_number(_of(limit, "after_sessions")),
        for_sessions=_number(_of(limit, "for_sessions")),
        too_strong=_truth(_of(limit, "too_strong")),
    )


def _severity(value: object) -> Severity:
    for severity in Severity:
        if severity.name.lower() == value:
            return severity
    raise ValueError(f"{value!r} is no severity")


def _table(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise ValueError(f"{value!r} is no table")  # noqa: TRY004 - whoever reads text expects ValueError
    return value


def _of(table: dict[str, object], key: str) -> object:
    if key not in table:
        raise ValueError(f"the document of a person lacks {key}")
    return table[key]


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise ValueError(f"{value!r} is no list")  # noqa: TRY004 - as above
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no text")  # noqa: TRY004 - as above
    return value


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{value!r} is neither true nor false")  # noqa: TRY004 - as above
    return value


def _number(value: object) -> int:
    # A bool is an int to Python, and none here.
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"{value!r} is no whole number")  # noqa: TRY004 - as above
    return value


def _number_or_none(value: object) -> int | None:
    return None if value is None else _number(value)


def _pair(value: object) -> tuple[int, int]:
    first, second = _list(value)  # another count of them is a ValueError by itself
    return _number(first), _number(second)
