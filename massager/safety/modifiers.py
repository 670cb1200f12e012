"""What holds of a person today: the share of every limit that is left, and the clearances in force."""

from dataclasses import dataclass
from math import prod
from typing import Final

from massager.model.body import Region
from massager.model.ceilings import Clearance, Modality
from massager.model.decisions import Reason, Refusal
from massager.model.history import History
from massager.model.people import Modifier, Person


@dataclass(frozen=True, slots=True)
class Share:
    """The part of strength and of time that is left; both only ever lower a limit."""

    strength_permille: int
    time_permille: int


WHOLE: Final = Share(1000, 1000)

# docs/limits.md, modifiers: multiplied with each other, strength and time apart.
_FROM_65: Final = Share(800, 800)
_FROM_75: Final = Share(600, 600)
_CONDITIONS: Final = {
    Modifier.OSTEOPENIA: Share(500, 500),
    Modifier.HYPERTENSION: Share(800, 800),
    Modifier.DIABETES: Share(800, 800),
}
_FIRST_SESSIONS: Final = Share(600, 500)
FIRST_SESSIONS: Final = 2
# docs/limits.md, modifiers: less than this of the device's range counts as blocked.
LEAST_PERMILLE: Final = 50
ADULT: Final = 18
OLDER: Final = 65
OLDEST: Final = 75


def share(person: Person, history: History) -> Share | Refusal:
    """What is left for this person today; rounded down."""
    shares = [_CONDITIONS[modifier] for modifier in person.modifiers]
    # Nobody's birthday is on record: whoever turns 65 this year counts as 65, who turns 18 as 17.
    age = None if person.born is None else history.year - person.born
    if age is not None and age <= ADULT:
        return Refusal(Reason.UNDER_AGE)
    if age is None or age >= OLDEST:
        shares.append(_FROM_75)
    elif age >= OLDER:
        shares.append(_FROM_65)
    if history.sessions_ever < FIRST_SESSIONS or history.after_lockout:
        shares.append(_FIRST_SESSIONS)
    return Share(
        _product(*(part.strength_permille for part in shares)),
        _product(*(part.time_permille for part in shares)),
    )


def _product(*permille: int) -> int:
    whole: int = 1000 ** len(permille)
    return 1000 * prod(permille) // whole


def cleared(person: Person, now_s: int) -> frozenset[tuple[Region, Modality, Clearance]]:
    """The codes of the provider's clearances that hold now, by region and modality."""
    return frozenset(
        (clearance.region, clearance.modality, clearance.code)
        for clearance in person.clearances
        if clearance.given_s <= now_s < clearance.expires_s
    )
