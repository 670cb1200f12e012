"""Decisions as facts for the journal, and back: everything that the Governor looked at when it decided."""

from dataclasses import dataclass
from typing import Any, Final, TypeVar

from pydantic import TypeAdapter

from massager.model.commands import Intent
from massager.model.decisions import Refusal, Trip
from massager.model.history import History
from massager.model.people import Person
from massager.model.questions import CheckIn
from massager.model.telemetry import Reading
from massager.safety.clocks import Paid
from massager.safety.governor import Approved
from massager.safety.responses import Said
from massager.safety.state import State
from massager.session.preparation import Order, Prepared

Facts = dict[str, Any]

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Asked:
    """An admission: what was asked for, and what was known."""

    order: Order
    history: History


@dataclass(frozen=True, slots=True)
class Wished:
    """A decision on a wish, and the Governor's state after it; deciding again leaves that as it is."""

    now_ms: int
    intent: Intent
    paid: Paid
    state: State


@dataclass(frozen=True, slots=True)
class Noticed:
    """A trip: the state before, and what was noticed then: a reading, or that it was time."""

    now_ms: int
    state: State
    reading: Reading | None


@dataclass(frozen=True, slots=True)
class Told:
    """Something said in a session, the state before, and what became of it."""

    now_ms: int
    state: State
    check_in: CheckIn
    said: Said


_PERSON: Final = TypeAdapter(Person)
_ASKED: Final = TypeAdapter(Asked)
_TOLD: Final = TypeAdapter(Told)
_WISHED: Final = TypeAdapter(Wished)
_NOTICED: Final = TypeAdapter(Noticed)
_READING: Final = TypeAdapter(Reading)


def _dump(adapter: TypeAdapter[_T], value: _T) -> Facts:
    # pydantic does not know read-only mappings, hence both.
    facts: Facts = adapter.dump_python(value, mode="json", fallback=dict, warnings=False)
    return facts


def asked_facts(asked: Asked, result: Prepared | Refusal) -> Facts:
    """An admission, with its outcome."""
    return _dump(_ASKED, asked) | {"outcome": admitted(result)}


def wished_facts(wished: Wished, answer: Approved | Refusal) -> Facts:
    """A decision on a wish, with its outcome."""
    return _dump(_WISHED, wished) | {"outcome": decided(answer)}


def noticed_facts(noticed: Noticed, trip: Trip | None) -> Facts:
    """A trip."""
    return _dump(_NOTICED, noticed) | {"outcome": tripped(trip)}


def told_facts(told: Told) -> Facts:
    """Something said in a session."""
    return _dump(_TOLD, told) | {"outcome": answered(told.said)}


def person_facts(person: Person) -> Facts:
    """A person's record that a session took over."""
    return _dump(_PERSON, person)


def read_person(facts: Facts) -> Person:
    """A person's record from its facts. Raises ValueError where they are not one."""
    return _PERSON.validate_python(facts)


def reading_facts(reading: Reading) -> Facts:
    """A state notification."""
    return _dump(_READING, reading)


def read_asked(facts: Facts) -> Asked:
    """An admission from its facts. Raises ValueError where they are not one."""
    return _ASKED.validate_python(facts)


def read_wished(facts: Facts) -> Wished:
    """A decision from its facts. Raises ValueError where they are not one."""
    return _WISHED.validate_python(facts)


def read_noticed(facts: Facts) -> Noticed:
    """A trip from its facts. Raises ValueError where they are not one."""
    return _NOTICED.validate_python(facts)


def read_told(facts: Facts) -> Told:
    """Something said, from its facts. Raises ValueError where they are not that."""
    return _TOLD.validate_python(facts)


def answered(said: Said) -> Facts:
    """The outcome of something said."""
    cause = None if said.consequence is None else said.consequence.cause
    return tripped(said.trip) | {"lockout": cause}


def admitted(result: Prepared | Refusal) -> Facts:
    """The outcome of an admission."""
    if isinstance(result, Refusal):
        return _refused(result)
    return {"session_ms": result.session_ms}


def decided(answer: Approved | Refusal) -> Facts:
    """The outcome of a decision on a wish."""
    if isinstance(answer, Refusal):
        return _refused(answer)
    setpoint = answer.setpoint
    return {
        "levels": list(setpoint.levels),
        "carriage_mm": setpoint.carriage_mm,
        "half_width_mm": setpoint.half_width_mm,
        "pace_mm_s": setpoint.pace_mm_s,
        "source": answer.cap.source,
    }


def tripped(trip: Trip | None) -> Facts:
    """The outcome of something noticed."""
    return {} if trip is None else {"reason": trip.reason, "detail": trip.detail}


def _refused(refusal: Refusal) -> Facts:
    return {"refused": refusal.reason, "detail": refusal.detail}
