"""What somebody may start on which massager, from when, and why not: the real admission, asked beforehand.

Nothing is written down, and whoever starts is admitted once more. `known` reads the store; all else only
thinks, some of it for a good part of a second: not for an event loop.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from massager.catalog import list_programs, load_device, load_program, safety_profile_for
from massager.model.ceilings import WEEKLY_MINUTES
from massager.model.decisions import Refusal
from massager.model.devices import DeviceProfile
from massager.model.history import History, Moment
from massager.model.people import Person
from massager.model.programs import Program
from massager.model.questions import Screening
from massager.safety.interlocks import PERSON, Applicant, first_refusal
from massager.session.massage import Basis, Wish
from massager.session.outlook import PASSING, WELL, earliest_s
from massager.session.preparation import Order, Prepared, known_of, prepare
from massager.session.strengths import Strengths, strengths
from massager.store import Devices, Ledger, People, Store

_WEEK_S: Final = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Massager:
    """One to choose.

    Attributes:
        name: What people call it.
    """

    name: str
    profile: DeviceProfile


@dataclass(frozen=True, slots=True)
class Week:
    """Minutes of seven days: those that are left, rounded down, and all that there are."""

    left: int
    most: int


@dataclass(frozen=True, slots=True)
class Known:
    """What the store knows at one moment.

    Attributes:
        devices: Profiles of the paired devices, by their names.
    """

    person: Person
    history: History
    devices: dict[str, str]

    @property
    def week(self) -> Week:
        """What seven days leave, by the clock that the limits look back with."""
        most, now_s = WEEKLY_MINUTES[self.person.worst], self.history.now_s
        used_s = sum(one.used_s for one in self.history.past if now_s - one.ended_s < _WEEK_S)
        return Week(max(0, 60 * most - used_s) // 60, most)


@dataclass(frozen=True, slots=True)
class Offer:
    """One program on one massager, if every question is answered well.

    Attributes:
        now: How many seconds it may last if it starts now, or why it may not.
        highest: Level that it reaches at most; None where it may not start.
        levels: The massager's highest.
    """

    program: Program
    now: int | Refusal
    highest: int | None
    levels: int


class OfferService:
    """Tells what may start. Every method raises `NotFoundError` and `InvalidProfileError` as a start does."""

    def __init__(self, store: Store, profiles: Path | None, *, now: Callable[[], Moment]) -> None:
        self._store = store
        self._profiles = profiles
        self._now = now

    def known(self, name: str) -> Known:
        """All that is on record of a person now.

        Raises:
            NotFoundError: Nobody has that name.
            StoreError: The store cannot be read.
        """
        person = People(self._store).get(name)
        history = known_of(Ledger(self._store), name, self._now())
        paired = {device.name: device.profile for device in Devices(self._store).all()}
        return Known(person, history, paired)

    def programs(self) -> tuple[Program, ...]:
        """All that there are, whoever may have them."""
        return list_programs(self._profiles)

    def strengths(self, person: Person) -> Strengths:
        """What a person's diagnosis leaves, before a caregiver's limits."""
        return strengths(person, self._profiles)

    def bars(self, known: Known) -> Refusal | None:
        """Why this person may start nothing at all now, whatever they answer."""
        return first_refusal(PERSON, Applicant(known.person, known.history, WELL))

    def offers(self, known: Known, wish: Wish) -> tuple[Offer, ...]:
        """Every program for the massager of a wish, within its bounds; what may start comes first."""
        found = tuple(self._offers(known, replace(wish, screening=WELL)))
        return tuple(sorted(found, key=lambda offer: isinstance(offer.now, Refusal)))

    def _offers(self, known: Known, wish: Wish) -> Iterator[Offer]:
        device = self.device(known, wish)
        for program in list_programs(self._profiles):
            if device.suits(program.modality):
                found = prepare(self._order(known, wish, program, device), known.history)
                if isinstance(found, Refusal):
                    yield Offer(program, found, None, _levels(device))
                else:
                    highest = max(leg.level for leg in found.timeline.legs)
                    yield Offer(program, found.session_ms // 1000, highest, _levels(device))

    def admit(self, known: Known, wish: Wish) -> Basis | Refusal:
        """What the session would begin on, or why it would not."""
        found = prepare(self._order_of(known, wish), known.history)
        return Basis(found, known.history) if isinstance(found, Prepared) else found

    def so_far(self, known: Known, wish: Wish) -> Basis | Refusal:
        """As `admit`, if what was not answered yet is answered well."""
        return self.admit(known, replace(wish, screening=_rest_well(wish.screening)))

    def earliest_s(self, known: Known, wish: Wish) -> int | None:
        """When it may start, if nothing but waiting is in the way; the hours of the day come on top."""
        at_once = replace(known, history=replace(known.history, follow_ups=()))
        found = self.admit(at_once, replace(wish, screening=WELL))
        if isinstance(found, Basis) or found.reason not in PASSING:
            return None
        return earliest_s(self._order_of(known, replace(wish, screening=WELL)), at_once.history)

    def _order_of(self, known: Known, wish: Wish) -> Order:
        program = load_program(wish.program, self._profiles)
        return self._order(known, wish, program, self.device(known, wish))

    def _order(self, known: Known, wish: Wish, program: Program, device: DeviceProfile) -> Order:
        return Order(
            program=program,
            person=known.person,
            device=device,
            profile=safety_profile_for(known.person.conditions, self._profiles),
            seconds=wish.seconds,
            caller_permille=None if wish.caller_percent is None else 10 * wish.caller_percent,
            screening=wish.screening,
        )

    def device(self, known: Known, wish: Wish) -> DeviceProfile:
        """What the massager of a wish is."""
        name = wish.device or ""
        return load_device(known.devices.get(name, name), self._profiles)


def _levels(device: DeviceProfile) -> int:
    return min(actuator.levels for actuator in device.actuators)


def _rest_well(said: Screening) -> Screening:
    return Screening(
        answers={**WELL.answers, **said.answers},
        pain=WELL.pain if said.pain is None else said.pain,
        skin=WELL.skin if said.skin is None else said.skin,
        reaction=WELL.reaction if said.reaction is None else said.reaction,
    )
