"""`massager person`: who is on record, and what may be done with them."""

import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import typer

from massager.catalog import list_programs, load_device
from massager.catalog.person_words import MEASURE_AGAIN, misfit_text, vertebrae_span_ppm
from massager.cli.exits import Exit
from massager.cli.person_words import (
    STARTS_NOTHING,
    changed_conditions,
    changed_limits,
    differences,
    facts,
    in_words,
    keep_out_words,
    typed_hours,
    word,
)
from massager.cli.signing import Identity, agreed, office, sign_in
from massager.model.body import Calibration
from massager.model.carried import Carried
from massager.model.errors import NotFoundError
from massager.model.people import KeepOut, Modifier, Person
from massager.safety.authority import loosened
from massager.session.people import PeopleService


@dataclass(frozen=True, slots=True)
class Settings:
    """What `person add` and `person set` change, as typed; None and empty leave it as it is."""

    regions: list[str]
    attested: bool | None = None
    born: int | None = None
    born_unknown: bool = False
    stature_cm: int | None = None
    stature_unknown: bool = False
    modifiers: tuple[str, ...] = ()
    no_modifiers: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    minutes: int | None = None
    any_minutes: bool = False
    programs: tuple[str, ...] = ()
    all_programs: bool = False
    hours: str | None = None
    any_time: bool = False
    remote: bool | None = None
    profiles: Path | None = None


def _edited(person: Person, settings: Settings) -> Person:
    added = {word(Modifier, text, "--modifier") for text in settings.modifiers}
    removed = {word(Modifier, text, "--no-modifier") for text in settings.no_modifiers}
    if added & removed:
        raise typer.BadParameter("the same condition is added and removed", param_hint="--no-modifier")
    stature_mm = person.stature_mm if settings.stature_cm is None else 10 * settings.stature_cm
    return replace(
        person,
        conditions=MappingProxyType(changed_conditions(person.conditions, settings.regions)),
        attested=person.attested if settings.attested is None else settings.attested,
        born=None if settings.born_unknown else settings.born or person.born,
        stature_mm=None if settings.stature_unknown else stature_mm,
        modifiers=person.modifiers - removed | added,
        zone_permille=MappingProxyType(changed_limits(person.zone_permille, list(settings.limits))),
        session_min=None if settings.any_minutes else settings.minutes or person.session_min,
        programs=None if settings.all_programs else _programs(settings) or person.programs,
        hours=None
        if settings.any_time
        else person.hours
        if settings.hours is None
        else typed_hours(settings.hours),
        remote=person.remote if settings.remote is None else settings.remote,
    )


def _programs(settings: Settings) -> frozenset[str] | None:
    known = {program.name for program in list_programs(settings.profiles)} if settings.programs else set()
    for name in settings.programs:
        if name not in known:
            raise NotFoundError(f"There is no program {name!r}. Programs: {', '.join(sorted(known))}.")
    return frozenset(settings.programs) or None


def add_person(name: str, settings: Settings, identity: Identity, data: str | None) -> Exit:
    """Put a person on record."""
    blank = Person(
        name=name, conditions=MappingProxyType({}), attested=False, calibrations=MappingProxyType({})
    )
    person = _edited(blank, settings)
    with office(data) as people:
        people.refuse_name(name)
        people.add(person, Carried(), caregiver=sign_in(people.caregivers, identity))
    print(f"{name} is on record.")
    for what, words in in_words(person).items():
        if STARTS_NOTHING in words:
            print(f"  {what}: {words}")
    return Exit.OK


def list_people(data: str | None, *, as_json: bool) -> Exit:
    """Print everybody, one a line."""
    with office(data) as people:
        everybody = [people.get(name) for name in people.names()]
    for person in everybody:
        if as_json:
            print(json.dumps(facts(person)))
        else:
            print(f"{person.name:<20} {in_words(person)['stenosis']}")
    if not everybody and not as_json:
        print("massager: nobody is on record yet; begin with: massager person add NAME", file=sys.stderr)
    return Exit.OK


def set_person(
    name: str, settings: Settings, *, why: str, identity: Identity, data: str | None, yes: bool
) -> Exit:
    """Change what is on record of a person."""
    with office(data) as people:
        old = people.get(name)
        new = _edited(old, settings)
        _require_fit(new)
        return change(people, old, new, why=why, identity=identity, yes=yes)


def _require_fit(person: Person) -> None:
    """Refuse landmarks that are not those of a back of this body height."""
    for device, landmarks in person.calibrations.items():
        if person.stature_mm is not None and not landmarks.fits(person.stature_mm):
            what = misfit_text(landmarks, person.stature_mm)
            raise typer.BadParameter(f"{person.name} on {device}: {what}. {MEASURE_AGAIN}")


def change(
    people: PeopleService, old: Person, new: Person, *, why: str, identity: Identity, yes: bool
) -> Exit:
    """Show what changes, ask, and write it; a passphrase is asked for only where something is loosened."""
    lines = differences(old, new)
    if not lines:
        print(f"massager: that changes nothing about {old.name}", file=sys.stderr)
        return Exit.OK
    print(old.name, *(f"  {line}" for line in lines), sep="\n", file=sys.stderr)
    looser = loosened(old, new)
    question = "Loosen that? It needs a caregiver." if looser else "Change that?"
    if not agreed(question, yes=yes):
        print("massager: nothing was changed", file=sys.stderr)
        return Exit.USAGE
    caregiver = sign_in(people.caregivers, identity) if looser or identity.is_told else None
    people.change(old, new, why=why, caregiver=caregiver)
    print(f"{old.name} is changed.")
    return Exit.OK


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A keep-out as typed."""

    name: str
    first: str
    last: str
    left_mm: int
    right_mm: int


def add_keep_out(
    name: str, place: Rectangle, *, why: str, identity: Identity, data: str | None, yes: bool
) -> Exit:
    """Add a rectangle that nothing touches."""
    try:
        span_ppm = vertebrae_span_ppm(place.first, place.last)
        keep_out = KeepOut(place.name, span_ppm, place.left_mm, place.right_mm)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    with office(data) as people:
        old = people.get(name)
        if place.name in {one.name for one in old.keep_outs}:
            raise NotFoundError(f"{name} has a keep-out {place.name!r} already. Give this one its own name.")
        new = replace(old, keep_outs=(*old.keep_outs, keep_out))
        return change(people, old, new, why=why, identity=identity, yes=yes)


def remove_keep_out(
    name: str, which: str, *, why: str, identity: Identity, data: str | None, yes: bool
) -> Exit:
    """Remove one; that loosens."""
    with office(data) as people:
        old = people.get(name)
        kept = tuple(one for one in old.keep_outs if one.name != which)
        if kept == old.keep_outs:
            known = "; ".join(map(keep_out_words, kept)) or "none"
            raise NotFoundError(f"{name} has no keep-out {which!r}. There are: {known}.")
        return change(people, old, replace(old, keep_outs=kept), why=why, identity=identity, yes=yes)


def calibrate(
    name: str,
    device_profile: str,
    calibration: tuple[int, int, int],
    *,
    profiles: Path | None,
    why: str,
    identity: Identity,
    data: str | None,
    yes: bool,
) -> Exit:
    """Record where a person's landmarks lie on a device; every change of it counts as loosening."""
    device = load_device(device_profile, profiles)
    c7_mm, psis_mm, _error_mm = calibration
    travel_mm = None if device.carriage is None else device.carriage.travel_mm
    if travel_mm is not None and not 0 <= c7_mm <= psis_mm <= travel_mm:
        raise typer.BadParameter(
            f"C7 and PSIS lie on the travel of {device.name}, which is {travel_mm} mm long"
        )
    try:
        landmarks = Calibration(*calibration)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    with office(data) as people:
        old = people.get(name)
        new = replace(old, calibrations=MappingProxyType({**old.calibrations, device.name: landmarks}))
        _require_fit(new)
        return change(people, old, new, why=why, identity=identity, yes=yes)


def forget_person(name: str, identity: Identity, data: str | None, *, yes: bool) -> Exit:
    """Take out who somebody was, for good."""
    with office(data) as people:
        people.get(name)
        if not agreed(f"Forget {name}, with everything that was written down about them?", yes=yes):
            print("massager: nothing was changed", file=sys.stderr)
            return Exit.USAGE
        people.forget(name, caregiver=sign_in(people.caregivers, identity))
    print(f"{name} is forgotten.")
    return Exit.OK
