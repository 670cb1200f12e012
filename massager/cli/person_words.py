"""A person in words, for lists and for what changes; and what somebody typed, as values."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

import typer

from massager.catalog.person_words import day_text, hours_text, read_hours, vertebrae_text
from massager.model.body import Region, Zone
from massager.model.ceilings import Severity
from massager.model.people import KeepOut, Person, ProviderClearance, StrengthLimit
from massager.texts import condition_name

NONE = "none"
STARTS_NOTHING = "nothing starts"
_PERCENT = range(101)
_Word = TypeVar("_Word", bound=StrEnum)


def in_words(person: Person) -> dict[str, str]:
    """What is on record, one line each, by what it is called."""
    limits = {zone: f"{permille / 10:g} %" for zone, permille in sorted(person.zone_permille.items())}
    calibrations = [
        f"{device}: C7 at {at.c7_mm} mm, PSIS at {at.psis_mm} mm, error {at.error_mm} mm"
        for device, at in sorted(person.calibrations.items())
    ]
    return {
        "born": "not known; counts as the oldest" if person.born is None else str(person.born),
        "stature": "not known" if person.stature_mm is None else f"{person.stature_mm / 10:g} cm",
        "provider consulted": "yes" if person.attested else f"no; {STARTS_NOTHING}",
        "stenosis": _listed(
            f"{region} {person.conditions[region].name.lower()}"
            for region in Region
            if region in person.conditions
        )
        or f"none on record; {STARTS_NOTHING}",
        "screened": "yes" if person.screened else f"no; {STARTS_NOTHING}; massager person screen NAME",
        "conditions": "; ".join(f"{condition_name(one)} ({one})" for one in sorted(person.modifiers)) or NONE,
        "usual pain": str(person.usual_pain),
        "measured on": "; ".join(calibrations) or f"no device; {STARTS_NOTHING}",
        "keep-outs": "; ".join(map(keep_out_words, person.keep_outs)) or NONE,
        "clearances": "; ".join(map(clearance_words, person.clearances)) or NONE,
        "strength": _listed(f"{zone} {text}" for zone, text in limits.items()) or "no limit of the caregiver",
        "own strength": "; ".join(map(strength_words, person.strength_limits)) or "no limit of their own",
        "minutes": "no limit of the caregiver"
        if person.session_min is None
        else f"{person.session_min} at most",
        "programs": "all that the limits allow"
        if person.programs is None
        else _listed(sorted(person.programs)) or NONE,
        "hours": "at any time" if person.hours is None else hours_text(person.hours),
        "remote control": "switched on" if person.remote else "switched off",
    }


def _listed(parts: Any) -> str:
    return ", ".join(parts)


def keep_out_words(place: KeepOut) -> str:
    """A keep-out on one line."""
    return f"{place.name} ({_stretch(place)}, {place.left_mm} to {place.right_mm} mm)"


def _stretch(place: KeepOut) -> str:
    try:
        first, last = vertebrae_text(place.span_ppm)
    except ValueError:
        return f"{place.span_ppm[0] / 10_000:g} to {place.span_ppm[1] / 10_000:g} % of the spine"
    return first if first == last else f"{first} to {last}"


def strength_words(limit: StrengthLimit) -> str:
    """A strength limit on one line."""
    last = limit.after_sessions + limit.for_sessions
    return f"{limit.permille / 10:g} % at most, up to session {last}"


def clearance_words(one: ProviderClearance) -> str:
    """A clearance on one line."""
    return (
        f"{one.code} for {one.region} {one.modality} by {one.provider}, "
        f"{day_text(one.given_s)} until {day_text(one.expires_s)}"
    )


def differences(old: Person, new: Person) -> list[str]:
    """What changes, one line each."""
    before, after = in_words(old), in_words(new)
    return [f"{key}: {before[key]} -> {after[key]}" for key in after if before[key] != after[key]]


def facts(person: Person) -> dict[str, Any]:
    """What is on record, as JSON knows it; the words of a person's file."""
    return {
        "name": person.name,
        "born": person.born,
        "stature_cm": None if person.stature_mm is None else person.stature_mm / 10,
        "attested": person.attested,
        "conditions": {region: severity.name.lower() for region, severity in person.conditions.items()},
        "screened": person.screened,
        "modifiers": sorted(person.modifiers),
        "usual_pain": person.usual_pain,
        "calibrations": {
            device: {"c7_mm": at.c7_mm, "psis_mm": at.psis_mm, "error_mm": at.error_mm}
            for device, at in person.calibrations.items()
        },
        "keep_outs": [
            {
                "name": place.name,
                "span_ppm": list(place.span_ppm),
                "left_mm": place.left_mm,
                "right_mm": place.right_mm,
            }
            for place in person.keep_outs
        ],
        "clearances": [clearance_facts(one) for one in person.clearances],
        "max_strength_percent": {zone: permille / 10 for zone, permille in person.zone_permille.items()},
        "strength_limits": [
            {
                "max_strength_permille": limit.permille,
                "last_session": limit.after_sessions + limit.for_sessions,
                "too_strong": limit.too_strong,
            }
            for limit in person.strength_limits
        ],
        "session_minutes": person.session_min,
        "programs": None if person.programs is None else sorted(person.programs),
        "hours": None if person.hours is None else hours_text(person.hours),
        "remote": person.remote,
    }


def clearance_facts(one: ProviderClearance) -> dict[str, object]:
    """A clearance as JSON knows it."""
    return {
        "code": one.code,
        "provider": one.provider,
        "region": one.region,
        "modality": one.modality,
        "given": day_text(one.given_s),
        "expires": day_text(one.expires_s),
    }


# What somebody typed.


def word(kind: type[_Word], text: str, option: str) -> _Word:
    """One of the words of an enum."""
    try:
        return kind(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is none of {', '.join(kind)}", param_hint=option) from None


def _pair(text: str, example: str, option: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key or not value:
        raise typer.BadParameter(f"{text!r} is not of the form {example}", param_hint=option)
    return key, value


def changed_conditions(conditions: Mapping[Region, Severity], texts: list[str]) -> dict[Region, Severity]:
    """Conditions with some regions set, or with `none` taken out."""
    found = dict(conditions)
    for text in texts:
        key, value = _pair(text, "lumbar=mild", "--region")
        region = word(Region, key, "--region")
        if value == NONE:
            found.pop(region, None)
        elif value.upper() in Severity.__members__ and value.islower():
            found[region] = Severity[value.upper()]
        else:
            names = ", ".join(severity.name.lower() for severity in Severity)
            raise typer.BadParameter(f"{value!r} is none of {names}, {NONE}", param_hint="--region")
    return found


def changed_limits(limits: Mapping[Zone, int], texts: list[str]) -> dict[Zone, int]:
    """The strength by zone with some set, in percent, or with `none` taken out."""
    found = dict(limits)
    for text in texts:
        key, value = _pair(text, "L1-L3=20", "--max")
        zone = word(Zone, key, "--max")
        if value == NONE:
            found.pop(zone, None)
        elif value.isascii() and value.isdigit() and int(value) in _PERCENT:
            found[zone] = 10 * int(value)
        else:
            raise typer.BadParameter(
                f"{value!r} is neither 0 to 100 (percent) nor {NONE}", param_hint="--max"
            )
    return found


def typed_hours(text: str) -> tuple[int, int]:
    """Hours of the day."""
    try:
        return read_hours(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--hours") from None
