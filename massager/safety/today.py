"""What holds of a person today: shares of every limit, clearances in force, places that are closed."""

from dataclasses import dataclass
from math import prod
from typing import Final

from massager.model.body import ZONE_SPANS_PPM, Region, Zone
from massager.model.ceilings import Clearance, Modality
from massager.model.decisions import Reason
from massager.model.history import History
from massager.model.people import KeepOut, Person
from massager.model.questions import Screening
from massager.safety.conditions import EFFECTS, Share, across, closed
from massager.safety.screening import shares

# docs/limits.md, modifiers: multiplied with each other, strength and time apart.
_FROM_65: Final = Share(800, 800)
_FROM_75: Final = Share(600, 600)
_FIRST_SESSIONS: Final = Share(600, 500)
_AFTER_TOO_STRONG: Final = Share(700, 700)
FIRST_SESSIONS: Final = 2
ADULT: Final = 18
OLDER: Final = 65
OLDEST: Final = 75


@dataclass(frozen=True, slots=True)
class Today:
    """What is left for one person on one day.

    Attributes:
        share: Of strength and time.
        cleared: Codes of the provider's clearances that hold, by region and modality.
        places: Rectangles that nothing may touch, and why.
        permille: The person's own highest strength, of a device's range.
        oldest: The age from which warmth is lower still.
    """

    share: Share
    cleared: frozenset[tuple[Region, Modality, Clearance]]
    places: tuple[tuple[Reason, KeepOut], ...]
    permille: int
    oldest: bool


def today(person: Person, history: History, screening: Screening) -> Today:
    """Put together what a day leaves; whether anything may begin at all is for the interlocks."""
    parts = [EFFECTS[modifier].share for modifier in person.modifiers]
    age = years(person, history)
    if age is None or age >= OLDEST:
        parts.append(_FROM_75)
    elif age >= OLDER:
        parts.append(_FROM_65)
    if history.sessions_ever < FIRST_SESSIONS or history.after_lockout:
        parts.append(_FIRST_SESSIONS)
    limits = [limit for limit in person.strength_limits if limit.holds(history.sessions_ever)]
    if any(limit.too_strong and limit.after_sessions == history.sessions_ever for limit in limits):
        parts.append(_AFTER_TOO_STRONG)
    parts += shares(screening)
    return Today(
        share=Share(
            _product(*(part.strength_permille for part in parts)),
            _product(*(part.time_permille for part in parts)),
        ),
        cleared=frozenset(
            (clearance.region, clearance.modality, clearance.code)
            for clearance in person.clearances
            if clearance.given_s <= history.now_s < clearance.expires_s
        ),
        places=places(person, screening),
        permille=min((limit.permille for limit in limits), default=1000),
        oldest=age is None or age >= OLDEST,
    )


def places(person: Person, screening: Screening) -> tuple[tuple[Reason, KeepOut], ...]:
    """Rectangles that nothing may touch today; skin that nobody spoke of counts as sore everywhere."""
    sore = frozenset(Zone) if screening.skin is None else screening.skin
    return (
        *((Reason.KEEP_OUT_PERSON, keep_out) for keep_out in person.keep_outs),
        *((Reason.CONDITION, keep_out) for keep_out in closed(person)),
        *((Reason.KEEP_OUT_TODAY, across(zone, ZONE_SPANS_PPM[zone])) for zone in Zone if zone in sore),
    )


def years(person: Person, history: History) -> int | None:
    """Age by the year of birth alone, None where that is not known."""
    return None if person.born is None else history.year - person.born


def _product(*permille: int) -> int:
    whole: int = 1000 ** len(permille)
    return 1000 * prod(permille) // whole
