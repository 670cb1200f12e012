"""Who may change what: anyone may tighten a person's limits; what may loosen them needs a caregiver."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from massager.model.people import DAY_MIN, KeepOut, Person, ProviderClearance

# Chosen, because whoever was born by then is of age in 2026, when this was written, and ever after. Of a
# later year the core does not know whether it is a child's, to whom nothing is allowed at all.
SURELY_ADULT_BORN: Final = 2007


def loosened(old: Person | None, new: Person) -> tuple[str, ...]:
    """Names of the fields in which `new` permits more than `old`, or may; empty if it permits no more.

    What cannot be told counts as loosening. Nobody (None) may nothing, so a new person loosens everything.
    """
    if old is None:
        return ("name", *_RULES)
    found = [field for field, loosens in _RULES.items() if loosens(old, new)]
    return tuple(found) if old.name == new.name else ("name", *found)


def _conditions(old: Person, new: Person) -> bool:
    # Without any condition nothing is allowed, so the first one loosens. A removed one always does: it may be
    # another safety profile that fits from then on.
    if not old.conditions:
        return bool(new.conditions)
    return any(
        region not in new.conditions or new.conditions[region] < severity
        for region, severity in old.conditions.items()
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


def _modifiers(old: Person, new: Person) -> bool:
    return not old.modifiers <= new.modifiers


def _keep_outs(old: Person, new: Person) -> bool:
    return any(not any(_covers(after, before) for after in new.keep_outs) for before in old.keep_outs)


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


# One rule for each field of a person; a test holds the two together.
_RULES: Final[Mapping[str, Callable[[Person, Person], bool]]] = MappingProxyType(
    {
        "conditions": _conditions,
        "attested": _attested,
        "calibrations": _calibrations,
        "born": _born,
        "modifiers": _modifiers,
        "keep_outs": _keep_outs,
        "clearances": _clearances,
        "zone_permille": _zone_permille,
        "session_min": _session_min,
        "programs": _programs,
        "hours": _hours,
    }
)
