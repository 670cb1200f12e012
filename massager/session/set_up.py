"""Setting somebody up on a massager: what is missing, where the landmarks are, and each place tried out.

Nothing here admits a session. A test is one like any other, within the same limits and counted like any
other, at the lowest strength; what somebody says of the places it touched is kept in the journal.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from massager.model.body import Calibration, Zone
from massager.model.decisions import Refusal
from massager.model.devices import DeviceProfile
from massager.model.errors import NotAllowedError
from massager.model.history import Moment
from massager.model.people import Person
from massager.session.caregivers import SignedIn
from massager.session.massage import Wish
from massager.session.offers import Known, Massager, Offer, OfferService
from massager.session.people import PeopleService
from massager.store import Entry, Journal, Sessions, Store
from massager.store.journal import act

# Chosen: more than anybody does at set-up; what is older is tried out anew.
_LOOK_BACK: Final = 500
# Where a patch lies beyond the band beside the spine, six tenths of what is allowed hold (docs/limits.md): of
# one level that is none, of two it is one.
_LOWEST: Final = (1, 2)
_TESTED: Final = "zone-tested"
_KINDS: Final = frozenset({_TESTED, "person-change", "person-added", "session-opened", "session-ended"})


class Missing(StrEnum):
    """What bars every start, whatever the program."""

    DIAGNOSIS = "diagnosis"
    ATTESTED = "attested"
    SCREENED = "screened"
    MEASURED = "measured"


class Tried(StrEnum):
    """What is known of a place on a massager, since the person was measured on it."""

    NOT_YET = "not-yet"
    TO_SAY = "to-say"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Place:
    """A zone, and whether somebody has said that the massager was where it should be."""

    zone: Zone
    tried: Tried


@dataclass(frozen=True, slots=True)
class Trial:
    """A program to try places out with: what would start it, and for how long or why not."""

    offer: Offer
    wish: Wish


def missing(person: Person, device: DeviceProfile) -> tuple[Missing, ...]:
    """What is not on record yet; the limits have more to say once it is."""
    found = {
        Missing.DIAGNOSIS: not person.conditions,
        Missing.ATTESTED: not person.attested,
        Missing.SCREENED: not person.screened,
        Missing.MEASURED: device.name not in person.calibrations,
    }
    return tuple(one for one, is_missing in found.items() if is_missing)


def measured(person: Person, device: DeviceProfile, landmarks: Calibration) -> Person:
    """The record with these landmarks.

    Raises:
        NotAllowedError: They do not lie on the travel of the device, or are not those of a back of this
            person's height.
    """
    travel_mm = None if device.carriage is None else device.carriage.travel_mm
    if travel_mm is not None and not 0 <= landmarks.c7_mm <= landmarks.psis_mm <= travel_mm:
        raise NotAllowedError(f"Both places lie on the travel of {device.title}: 0 to {travel_mm} mm.")
    if person.stature_mm is not None and not landmarks.fits(person.stature_mm):
        raise NotAllowedError(
            f"Places {landmarks.psis_mm - landmarks.c7_mm} mm apart do not fit a body height of "
            f"{person.stature_mm / 10:g} cm. Measure both again, and the height."
        )
    return replace(person, calibrations=MappingProxyType({**person.calibrations, device.name: landmarks}))


def trials(offers: OfferService, known: Known, wish: Wish) -> tuple[Trial, ...]:
    """Every program for the massager of a wish, at the lowest strength at which it may start; it thinks."""
    device = offers.device(known, wish)
    levels = min(actuator.levels for actuator in device.actuators)
    found = dict[str, Trial]()
    for level in _LOWEST:
        percent = min(100, -(-100 * level // levels))
        if wish.caller_percent is not None:
            percent = min(percent, wish.caller_percent)
        for offer in offers.offers(known, replace(wish, caller_percent=percent)):
            name = offer.program.name
            if name not in found or isinstance(found[name].offer.now, Refusal):
                found[name] = Trial(offer, replace(wish, program=name, caller_percent=percent))
    return tuple(found.values())


class SetUpService:
    """Keeps what was tried out. Every method raises `StoreError` when the store fails.

    Those that take a name raise `NotFoundError` when nobody has it.
    """

    def __init__(self, store: Store, people: PeopleService, *, now: Callable[[], Moment]) -> None:
        self._journal = Journal(store)
        self._sessions = Sessions(store)
        self._people = people
        self._now = now

    def places(self, name: str, massager: Massager) -> tuple[Place, ...]:
        """Every zone of the back."""
        profile = massager.profile.name
        over, on_it = set[int | None](), set[int | None]()
        right = set[Zone]()
        for entry in self._journal.latest(person=name, kinds=_KINDS, limit=_LOOK_BACK):
            if _measures(entry, profile):
                break
            facts = entry.record.facts or {}
            if entry.record.kind == "session-ended":
                over.add(entry.record.session)
            elif entry.record.kind == "session-opened" and entry.record.code == massager.name:
                on_it.add(entry.record.session)
            elif entry.record.kind == _TESTED and (facts.get("device"), facts.get("yes")) == (profile, True):
                right.add(Zone(str(facts["zone"])))
        kept = self._sessions.of(name, self._now()).sessions
        visited = {
            zone
            for one in kept
            if one.number in on_it & over
            for (zone, _side), used_ms in one.zones_ms.items()
            if used_ms
        }
        return tuple(Place(zone, _tried(zone, visited, right)) for zone in Zone)

    def say(
        self,
        name: str,
        massager: Massager,
        zone: Zone,
        *,
        right: bool,
        why: str,
        caregiver: SignedIn | None,
    ) -> None:
        """Put on record whether the massager was where it should be in a zone.

        Where it was not, its landmarks are wrong for this person, and go: nothing starts on it before they
        are measured again.

        Args:
            name: Whose back.
            massager: Which.
            zone: Where it was.
            right: Whether it was.
            why: For the journal, if the landmarks go.
            caregiver: Who says so.

        Raises:
            AuthError: Nobody has signed in.
            NotAllowedError: The zone was not touched since it was measured.
        """
        by = self._people.caregivers.required(caregiver, "say how a test went")
        found = {one.zone: one.tried for one in self.places(name, massager)}
        if found[zone] is Tried.NOT_YET:
            raise NotAllowedError(f"{massager.name} has not been at {zone} of {name} since it was measured.")
        profile = massager.profile.name
        if not right:
            old = self._people.get(name)
            left = {device: at for device, at in old.calibrations.items() if device != profile}
            new = replace(old, calibrations=MappingProxyType(left))
            self._people.change(old, new, why=why, caregiver=caregiver)
        facts = {"zone": zone.value, "device": profile, "yes": right}
        self._journal.append(act(_TESTED, by, self._now(), facts, person=name))


def _measures(entry: Entry, profile: str) -> bool:
    """Whether a person's landmarks on a device became what they are with this entry."""
    if entry.record.kind == "person-added":
        return True
    facts = entry.record.facts or {}
    changes = facts.get("changes")
    if not isinstance(changes, dict) or "calibrations" not in changes:
        return False
    before, after = changes["calibrations"]
    return bool(before.get(profile) != after.get(profile))


def _tried(zone: Zone, visited: set[Zone], right: set[Zone]) -> Tried:
    if zone in right:
        return Tried.RIGHT
    return Tried.TO_SAY if zone in visited else Tried.NOT_YET
