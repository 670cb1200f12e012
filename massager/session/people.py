"""People and the rules about them: anyone tightens, only a caregiver loosens, and nothing clears itself.

Every change is on the disk, journaled, when its call returns; what loosens waits until the person is in no
session.
"""

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from massager.catalog.people import require_writable
from massager.model.carried import Carried
from massager.model.errors import InvalidProfileError, NotAllowedError
from massager.model.history import Moment
from massager.model.people import Person, ProviderClearance
from massager.safety.authority import loosened
from massager.session.caregivers import CaregiverService, SignedIn, one_line
from massager.session.lockouts import LockoutService
from massager.store import DEMO_NAME, People, Store, add_with_past, take_along
from massager.store.who import require_name

_DAY_S: Final = 24 * 3600


class PeopleService:
    """Keeps people. Every method raises `StoreError` when the store fails.

    Those that take a name raise `NotFoundError` when nobody has it, and those that take a caregiver raise
    `AuthError` when nobody has signed in with `caregivers`.
    """

    def __init__(self, store: Store, caregivers: CaregiverService, *, now: Callable[[], Moment]) -> None:
        self.caregivers = caregivers
        self._store = store
        self._people = People(store)
        self.lockouts = LockoutService(store, caregivers, now=now)
        self._now = now

    def names(self) -> tuple[str, ...]:
        """Everybody on record."""
        return self._people.names()

    def get(self, name: str) -> Person:
        """A person."""
        return self._people.get(name)

    def refuse_name(self, name: str) -> None:
        """Refuse a name that nobody new can have; ask before anybody signs in.

        Raises:
            NotAllowedError: It is taken or reserved, or cannot be one.
        """
        require_name(name)
        if name.casefold() == DEMO_NAME:
            raise NotAllowedError(
                f"The name {DEMO_NAME!r} belongs to the person of the simulator. Choose another name."
            )
        if name in self.names():
            raise NotAllowedError(f"There is a person {name!r} already. Choose another name.")

    def add(self, person: Person, carried: Carried, *, caregiver: SignedIn | None) -> None:
        """Add a person, with what they bring along.

        It takes a caregiver: with a second name anybody would have a second week.

        Raises:
            AuthError: Nobody has signed in.
            NotAllowedError: The name is taken, reserved, or cannot be one; or the past lies in the future.
        """
        by = self.caregivers.required(caregiver, "add a person")
        self.refuse_name(person.name)
        _check(person)
        add_with_past(self._store, person, carried, by=by, now=self._now())

    def change(self, old: Person, new: Person, *, why: str, caregiver: SignedIn | None) -> tuple[str, ...]:
        """Put a person's record in the place of the one that was read; the fields that were loosened.

        Raises:
            AuthError: Something may be loosened, and nobody has signed in.
            NotAllowedError: It may be loosened and the person is in a session; or the record is no longer
                the old one, says something odd, or there is no reason.
        """
        looser = loosened(old, new)
        by = self.caregivers.anyone
        if looser:
            by = self.caregivers.required(caregiver, f"loosen {_listed(looser)}")
        elif caregiver is not None:
            by = self.caregivers.required(caregiver, "change that")
        _check(new)
        self._people.change(
            old,
            new,
            by=by,
            why=one_line(why, "A reason"),
            now=self._now(),
            between_sessions=bool(looser),
        )
        return looser

    def require_possible(self, person: Person) -> None:
        """Refuse a record that nobody can have; ask before it is shown as one that may be saved.

        Raises:
            NotAllowedError: It says something odd.
        """
        _check(person)

    def record_clearance(
        self, name: str, clearance: ProviderClearance, *, why: str, caregiver: SignedIn | None
    ) -> None:
        """Add a provider's clearance.

        Raises:
            AuthError: Nobody has signed in.
            NotAllowedError: It was given in the future, has expired, is on record already, or the person is
                in a session.
        """
        self.caregivers.required(caregiver, "record a clearance")
        now_s = self._now().wall_s
        # A day of grace on either side, since days are counted in UTC.
        if clearance.given_s > now_s + _DAY_S:
            raise NotAllowedError("The clearance is given in the future. Check the date.")
        if clearance.expires_s <= now_s:
            raise NotAllowedError("The clearance has expired. Ask the provider for a new one.")
        old = self.get(name)
        if clearance in old.clearances:
            raise NotAllowedError(f"This clearance of {name} is on record already.")
        new = replace(old, clearances=(*old.clearances, clearance))
        self.change(old, new, why=why, caregiver=caregiver)

    def take_along(self, name: str) -> tuple[Person, Carried]:
        """A person, with what they take along to another store; refused (BusyError) in a session."""
        return take_along(self._store, name, self._now())

    def forget(self, name: str, *, caregiver: SignedIn | None) -> None:
        """Take out who it was.

        Raises:
            AuthError: Nobody has signed in.
            NotAllowedError: Something still bars or shortens this person's next start.
        """
        by = self.caregivers.required(caregiver, "forget a person")
        self._people.forget(name, by=by, now=self._now())


def _check(person: Person) -> None:
    """Let only what fits into a person's file pass, so that everybody can move elsewhere."""
    try:
        require_writable(person)
    except (InvalidProfileError, ValueError) as error:
        raise NotAllowedError(f"That cannot be put on record: {error}") from error


_WORDS: Final = MappingProxyType(
    {
        "name": "the name",
        "conditions": "severity",
        "attested": "that a provider was consulted",
        "calibrations": "a calibration",
        "born": "the year of birth",
        "stature_mm": "the stature",
        "modifiers": "a condition",
        "keep_outs": "a keep-out",
        "clearances": "a clearance",
        "zone_permille": "the strength of a zone",
        "session_min": "the minutes of a session",
        "programs": "the programs allowed",
        "hours": "the hours",
        "screened": "that the questions before the first session were answered",
        "usual_pain": "the usual pain",
        "strength_limits": "a strength limit of their own",
        "remote": "remote control",
    }
)


def _listed(fields: tuple[str, ...]) -> str:
    return ", ".join(_WORDS[field] for field in fields)
