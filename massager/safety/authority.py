"""Who may change what: anyone may tighten a person's limits; what may loosen them needs a caregiver."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from massager.model.people import DAY_MIN, KeepOut, Person, ProviderClearance, StrengthLimit
from massager.safety.conditions import EFFECTS
from massager.safety.envelope import Envelope

# Chosen, because whoever was born by then is of age in 2026, when this was written, and ever after. Of a
# later year the core does not know whether it is a child's, to whom nothing is allowed at all.
SURELY_ADULT_BORN: Final = 2007

_WITH_A_PLACE: Final[frozenset[str]] = frozenset(
    modifier for modifier, effect in EFFECTS.items() if effect.has_place
)


def loosened(old: Person | None, new: Person) -> tuple[str, ...]:
    """Names of the fields in which `new` permits more than `old`, or may; empty if it permits no more.

    What cannot be told counts as loosening. Nobody (None) may nothing, so a new person loosens everything.
    """
    if old is None:
        return ("name", *_RULES)
    found = [field for field, loosens in _RULES.items() if loosens(old, new)]
    return tuple(found) if old.name == new.name else ("name", *found)


def _conditions(old: Person, new: Person) -> bool:
    # Other regions are another safety profile, which may open what the one before left out: a diagnosis in
    # the neck opens the neck.
    return new.conditions.keys() != old.conditions.keys() or any(
        new.conditions[region] < severity for region, severity in old.conditions.items()
    )


def _attested(old: Person, new: Person) -> bool:
    return new.attested and not old.attested


def _calibrations(old: Person, new: Person) -> bool:
    # Another calibration moves every keep-out, so any change counts; without one the device is refused.
    return any(old.calibrations.get(device) != landmarks for device, landmarks in new.calibrations.items())


def _born(old: Person, new: Person) -> bool:
    # No year counts as the oldest.
    if new.born == old.born:
        return False
    if old.born is None or old.born > SURELY_ADULT_BORN:
        return True
    return new.born is not None and new.born > old.born


def _stature_mm(old: Person, new: Person) -> bool:
    # It only checks landmarks, so a first one bars and opens nothing; another may let others pass.
    return old.stature_mm is not None and new.stature_mm != old.stature_mm


def _modifiers(old: Person, new: Person) -> bool:
    return not old.modifiers <= new.modifiers


def _keep_outs(old: Person, new: Person) -> bool:
    # A condition that closes the whole spine gets a place by a keep-out of its name, and closes that alone.
    return bool(_placed(new) & old.modifiers - _placed(old)) or any(
        not any(_covers(after, before) for after in new.keep_outs) for before in old.keep_outs
    )


def _placed(person: Person) -> frozenset[str]:
    """The conditions that have a place on the back by a keep-out of their name, on record or not."""
    return frozenset(place.name for place in person.keep_outs) & _WITH_A_PLACE


def _covers(after: KeepOut, before: KeepOut) -> bool:
    return (
        after.span_ppm[0] <= before.span_ppm[0]
        and before.span_ppm[1] <= after.span_ppm[1]
        and after.left_mm <= before.left_mm
        and before.right_mm <= after.right_mm
    )


def _clearances(old: Person, new: Person) -> bool:
    return any(not any(_contains(before, after) for before in old.clearances) for after in new.clearances)


def _contains(before: ProviderClearance, after: ProviderClearance) -> bool:
    """Whether the clearance on record already says all that another does."""
    return (
        (before.code, before.provider, before.region, before.modality)
        == (after.code, after.provider, after.region, after.modality)
        and before.given_s <= after.given_s
        and after.expires_s <= before.expires_s
    )


def _zone_permille(old: Person, new: Person) -> bool:
    return any(
        zone not in new.zone_permille or new.zone_permille[zone] > permille
        for zone, permille in old.zone_permille.items()
    )


def _session_min(old: Person, new: Person) -> bool:
    return old.session_min is not None and (new.session_min is None or new.session_min > old.session_min)


def _programs(old: Person, new: Person) -> bool:
    return old.programs is not None and (new.programs is None or not new.programs <= old.programs)


def _hours(old: Person, new: Person) -> bool:
    return not set(_minutes(new.hours)) <= set(_minutes(old.hours))


def _minutes(hours: tuple[int, int] | None) -> list[int]:
    """The minutes of the day at which a session may begin."""
    first, end = hours or (0, DAY_MIN)
    if first <= end:
        return [minute for minute in range(DAY_MIN) if first <= minute < end]
    return [minute for minute in range(DAY_MIN) if minute >= first or minute < end]


def _screened(old: Person, new: Person) -> bool:
    return new.screened and not old.screened


def _usual_pain(old: Person, new: Person) -> bool:
    # Pain today is held against it.
    return new.usual_pain > old.usual_pain


def _strength_limits(old: Person, new: Person) -> bool:
    # How many sessions there were is not known here, so each limit counts as one that holds.
    return any(
        not any(_binds(after, before) for after in new.strength_limits) for before in old.strength_limits
    )


def _binds(after: StrengthLimit, before: StrengthLimit) -> bool:
    """Whether a limit lowers as much as another, in every session that the other lowers."""
    return (
        after.permille <= before.permille
        and after.after_sessions + after.for_sessions >= before.after_sessions + before.for_sessions
        and (
            not before.too_strong or (after.too_strong, after.after_sessions) == (True, before.after_sessions)
        )
    )


def _remote(old: Person, new: Person) -> bool:
    return new.remote and not old.remote


# One rule for each field of a person; a test holds the two together.
_RULES: Final[Mapping[str, Callable[[Person, Person], bool]]] = MappingProxyType(
    {
        "conditions": _conditions,
        "attested": _attested,
        "calibrations": _calibrations,
        "born": _born,
        "stature_mm": _stature_mm,
        "modifiers": _modifiers,
        "keep_outs": _keep_outs,
        "clearances": _clearances,
        "zone_permille": _zone_permille,
        "session_min": _session_min,
        "programs": _programs,
        "hours": _hours,
        "screened": _screened,
        "usual_pain": _usual_pain,
        "strength_limits": _strength_limits,
        "remote": _remote,
    }
)


def only_tightens(mine: Envelope, other: Envelope) -> bool:
    """Whether a session may take another envelope over: nothing in it is looser.

    Places, the strength of zones, minutes, remote control, and what is for the next start may differ; nothing
    else.
    """
    theirs = other.person
    person = replace(
        mine.person,
        keep_outs=theirs.keep_outs,
        zone_permille=theirs.zone_permille,
        session_min=theirs.session_min,
        strength_limits=theirs.strength_limits,
        programs=theirs.programs,
        hours=theirs.hours,
        remote=theirs.remote,
    )
    day = replace(mine.today, places=other.today.places)
    closed = set(mine.today.places) <= set(other.today.places)
    return replace(mine, person=person, today=day) == other and closed and not loosened(mine.person, theirs)
