"""`massager person screen`: the questions before the first session (docs/questions.md), put on record.

Whoever is not sure of a condition counts as having it.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, TypeVar

import typer

from massager.catalog.person_shapes import YEARS
from massager.cli.exits import Exit
from massager.cli.people import change
from massager.cli.person_words import changed_conditions, word
from massager.cli.signing import Identity, office
from massager.model.body import Region
from massager.model.ceilings import Severity
from massager.model.people import KeepOut, Modifier, Person
from massager.model.questions import PAIN_WORST
from massager.session.places import VERTEBRAE, WITH_A_PLACE, place_of
from massager.texts import condition_question, phrase_text
from massager.texts.language import Phrase

_Value = TypeVar("_Value")

_ASKED: Final = tuple(modifier for modifier in Modifier if condition_question(modifier) is not None)
_PLACED: Final = frozenset(modifier.value for modifier in _ASKED if modifier in WITH_A_PLACE)
# What may be typed, and what it means; ? stands for not sure.
_YES_NO: Final = MappingProxyType({"y": True, "yes": True, "n": False, "no": False, "?": True})
_CONSULTED: Final = MappingProxyType(dict(_YES_NO) | {"?": False})
_WHERE: Final[Mapping[str, frozenset[Region]]] = MappingProxyType(
    {
        "neck": frozenset({Region.CERVICAL}),
        "middle": frozenset({Region.THORACIC}),
        "lower": frozenset({Region.LUMBAR}),
        "?": frozenset(),
    }
)
_SEVERITIES: Final = MappingProxyType({severity.name.lower(): severity for severity in Severity})
_PAIN: Final = MappingProxyType({str(pain): pain for pain in range(PAIN_WORST + 1)})
_YEARS: Final[Mapping[str, int | None]] = MappingProxyType({str(year): year for year in YEARS} | {"?": None})
_PLACES: Final[Mapping[str, int | None]] = MappingProxyType(
    {name.lower(): number for number, name in enumerate(VERTEBRAE)} | {"?": None}
)


@dataclass(frozen=True, slots=True)
class Told:
    """Answers as typed with the command; what is None or empty is still to be asked."""

    born: int | None
    regions: list[str]
    usual_pain: int | None
    yes_to: list[str]
    no_to_the_rest: bool


def screen_person(
    name: str, told: Told, *, why: str, identity: Identity, data: str | None, yes: bool
) -> Exit:
    """Ask, show what changes, and put it on record."""
    found = dict(_typed(text) for text in told.yes_to)
    with office(data) as people:
        old = people.get(name)
    _require_somebody(old, told)
    person = _with_conditions(_with_the_rest(old, told), found, ask=not told.no_to_the_rest)
    with office(data) as people:
        return change(people, old, person, why=why, identity=identity, yes=yes)


# With the command.


def _typed(text: str) -> tuple[Modifier, KeepOut | None]:
    """A condition, with its place if that was told."""
    name, equals, place = text.partition("=")
    modifier = word(Modifier, name, "--yes-to")
    if modifier not in _ASKED:
        raise typer.BadParameter(f"nobody is asked about {modifier}", param_hint="--yes-to")
    if not equals:
        return modifier, None
    first, _colon, last = (_PLACES.get(part) for part in place.lower().partition(":"))
    if modifier not in _PLACED or first is None or last is None or first > last:
        raise typer.BadParameter(
            f"{text!r} is not of the form surgery-older=L4:L5, a condition with a place and its upper and "
            "lower vertebra",
            param_hint="--yes-to",
        )
    return modifier, place_of(modifier, VERTEBRAE[first], VERTEBRAE[last])


def _require_somebody(person: Person, told: Told) -> None:
    """Let pass what leaves no question open, or where somebody at the terminal can answer."""
    missing = []
    if _is_where_open(person) and not told.regions:
        missing.append("--region lumbar=mild")
    if person.born is None and told.born is None:
        missing.append("--born YEAR")
    if not person.screened and told.usual_pain is None:
        missing.append("--usual-pain N")
    if not told.no_to_the_rest:
        missing.append("--yes-to CONDITION for each that there is, and --no-to-the-rest")
    if missing and not sys.stdin.isatty():
        raise typer.BadParameter(f"nobody to ask; run this at a terminal, or add: {', '.join(missing)}")


# At the terminal.


def _asked(text: str, how: str, meanings: Mapping[str, _Value]) -> _Value:
    """Ask until it is answered; nothing is on record before all of it is."""
    while True:
        print(f"{text} [{how}] ", end="", file=sys.stderr, flush=True)
        said = sys.stdin.readline()
        if not said:
            raise typer.BadParameter("the questions were not all answered, and nothing was changed")
        if said.strip().lower() in meanings:
            return meanings[said.strip().lower()]
        print(f"Please answer with {how}.", file=sys.stderr)


def _is_where_open(person: Person) -> bool:
    return not person.conditions or Modifier.REGION_UNKNOWN in person.modifiers


def _with_the_rest(person: Person, told: Told) -> Person:
    """What is asked beside the conditions, unless it is on record or was told."""
    modifiers, conditions = person.modifiers, person.conditions
    if told.regions:
        conditions = changed_conditions({} if _is_where_open(person) else conditions, told.regions)
        modifiers -= {Modifier.REGION_UNKNOWN}
    elif _is_where_open(person):
        where = _asked(phrase_text(Phrase.WHERE), "neck, middle, lower, or ? for not sure", _WHERE)
        severity = _asked(phrase_text(Phrase.SEVERITY), ", ".join(_SEVERITIES), _SEVERITIES)
        # Where nobody knows the place, it may be any of them.
        conditions = dict.fromkeys(where or Region, severity)
        modifiers = modifiers - {Modifier.REGION_UNKNOWN} if where else modifiers | {Modifier.REGION_UNKNOWN}
    born = told.born or person.born
    if born is None and sys.stdin.isatty():
        born = _asked(phrase_text(Phrase.BORN), "such as 1952, or ? if not known", _YEARS)
    usual_pain = person.usual_pain if told.usual_pain is None else told.usual_pain
    if told.usual_pain is None and not person.screened:
        usual_pain = _asked(phrase_text(Phrase.USUAL_PAIN), f"0 to {PAIN_WORST}", _PAIN)
    attested = person.attested
    if not attested and sys.stdin.isatty():
        attested = _asked(phrase_text(Phrase.ATTESTED), "y, or n", _CONSULTED)
    return replace(
        person,
        conditions=MappingProxyType(dict(conditions)),
        modifiers=modifiers,
        born=born,
        usual_pain=usual_pain,
        attested=attested,
        screened=True,
    )


def _with_conditions(person: Person, found: dict[Modifier, KeepOut | None], *, ask: bool) -> Person:
    """The person with those conditions that were found or are said to be there, and no other of the list."""
    for modifier in _ASKED if ask else ():
        text = condition_question(modifier)
        if text is not None and modifier not in found and _asked(text, "y, n, or ? for not sure", _YES_NO):
            found[modifier] = _asked_place(modifier) if modifier in _PLACED else None
    places = tuple(place for place in found.values() if place is not None)
    return replace(
        person,
        modifiers=frozenset(person.modifiers.difference(_ASKED).union(found)),
        # A place that was told before goes with the answer that it belonged to.
        keep_outs=(*(place for place in person.keep_outs if place.name not in _PLACED), *places),
    )


def _asked_place(modifier: Modifier) -> KeepOut | None:
    """Where it is; None where that is not known, which closes the whole spine."""
    how = f"{VERTEBRAE[0]} to {VERTEBRAE[-1]}, or ? if not known"
    while True:
        first = _asked(phrase_text(Phrase.PLACE_FROM), how, _PLACES)
        last = None if first is None else _asked(phrase_text(Phrase.PLACE_TO), how, _PLACES)
        if first is None or last is None:
            return None
        if first <= last:
            return place_of(modifier, VERTEBRAE[first], VERTEBRAE[last])
        print("The uppermost vertebra comes first.", file=sys.stderr)
