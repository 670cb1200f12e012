"""Times, amounts and questions that the tests of the store share."""

from pathlib import Path

from massager.model.body import Side, Zone
from massager.model.history import By, History, Moment, PastSession, Role
from massager.store import Amounts, Ledger, People, Store, demo_person

# Where a store is: a folder, or the URL of a database.
Place = Path | str

NOW_S = 1_700_000_000
HOUR_S = 3600
DAY_S = 24 * HOUR_S
LEFT, RIGHT = (Zone.L1_L3, Side.LEFT), (Zone.L1_L3, Side.RIGHT)
ANNA = By("anna", Role.CAREGIVER)


def at(seconds: int, *, wall: int | None = None, boot: str = "boot-1") -> Moment:
    """So many seconds after the beginning; `wall` is how far the wall clock says it is instead."""
    return Moment(NOW_S + (seconds if wall is None else wall), 1000 * seconds, boot)


def both(session_ms: int, zone_ms: int | None = None) -> Amounts:
    zone_ms = session_ms if zone_ms is None else zone_ms
    return Amounts(session_ms, {LEFT: zone_ms, RIGHT: zone_ms})


NOTHING = Amounts(0, {})
BLOCK = both(10_000)


def add_demo(store: Store) -> None:
    People(store).add(demo_person(), by=ANNA, now=at(0))


def opened(ledger: Ledger, *, person="demo", device="chair-1", now: Moment | None = None) -> int:
    return ledger.open_session(person, device, "gentle", now or at(0))


def session(ledger: Ledger, *, begin: Moment, end: Moment, used_ms: int = 600_000, follow_up_s=()) -> None:
    """One whole session that used something."""
    number = opened(ledger, now=begin)
    ledger.reserve(number, used=NOTHING, block=BLOCK, now=begin)
    ledger.close_session(number, used=both(used_ms), now=end, follow_up_s=follow_up_s)


def history(ledger: Ledger, now: Moment, person="demo") -> History:
    return ledger.history(person, now, local_min=600, year=2023)


def past(ledger: Ledger, now: Moment, person="demo") -> tuple[PastSession, ...]:
    return history(ledger, now, person).past
