"""The person `demo`, who exists only in a throw-away store; the caller opens one in a temporary folder."""

from types import MappingProxyType
from typing import Final

from massager.model.body import Calibration, Region, Side, Zone
from massager.model.ceilings import Severity
from massager.model.history import By, Moment, Role
from massager.model.people import Person
from massager.store.database import Store
from massager.store.debits import Amounts
from massager.store.follow_ups import FollowUps
from massager.store.journal import Journal, Record
from massager.store.ledger import Ledger
from massager.store.people import People

DEMO_NAME: Final = "demo"

_DAY_S: Final = 24 * 3600
_SESSION_S: Final = 15 * 60
_ZONES: Final = (Zone.T5_T8, Zone.T9_T12, Zone.L1_L3, Zone.L4_S1)
_LEVELS: Final = 20
# Each session: days ago, levels asked for and allowed, what held it, pain before and after.
_PAST: Final = ((11, 8, 5, "modifiers", 4, 3), (4, 8, 8, "asked", 3, 2))


def demo_person() -> Person:
    """Mild lumbar stenosis, a provider was consulted, calibrated to the simulated chair's default sitter."""
    return Person(
        name=DEMO_NAME,
        conditions=MappingProxyType({Region.LUMBAR: Severity.MILD}),
        attested=True,
        calibrations=MappingProxyType(
            {
                "chair": Calibration(c7_mm=40, psis_mm=549, error_mm=10),
                "cushion": Calibration(c7_mm=40, psis_mm=549, error_mm=20),
                "handheld": Calibration(c7_mm=0, psis_mm=509, error_mm=20),
            }
        ),
        born=1980,
        screened=True,
        usual_pain=2,
    )


def _days_ago(now: Moment, days: int) -> Moment:
    # Each in a boot of its own: within one, ledger time runs no faster than the boot-time clock.
    return Moment(now.wall_s - days * _DAY_S, 0, f"{DEMO_NAME}-{days}")


def seed_demo(store: Store, now: Moment) -> Person:
    """Add the person `demo` with two past sessions of 15 minutes, 11 and 4 days ago, and no open question.

    What the journal says of their strength and pain is `made-up`, and so called: it is there to be looked at,
    and no decision that could be made again.

    Raises:
        StoreError: The store is no fresh one, or fails.
    """
    person, ledger = demo_person(), Ledger(store)
    zone_ms = 1000 * _SESSION_S // len(_ZONES)
    used = Amounts(1000 * _SESSION_S, {(zone, side): zone_ms for zone in _ZONES for side in Side})
    People(store).add(person, by=By(DEMO_NAME, Role.CONTROLLER), now=_days_ago(now, 11))
    for days, asked, allowed, source, before, after in _PAST:
        begin = _days_ago(now, days)
        end = Moment(begin.wall_s + _SESSION_S, 1000 * _SESSION_S, begin.boot_id)
        session = ledger.open_session(person.name, "demo-history", "demo-history", begin)
        made_up = (
            {
                "order": {
                    "program": {"title": "Demo"},
                    "device": {"actuators": [{"levels": _LEVELS}]},
                    "screening": {"pain": before},
                }
            },
            {"intent": {"level": asked}, "outcome": {"levels": [allowed], "source": source}},
            {"actuators": [{"level": allowed}]},
        )
        Journal(store).append(
            *(Record(session, None, 0, begin.wall_s, "made-up", DEMO_NAME, facts) for facts in made_up)
        )
        ledger.close_session(session, used=used, now=end, follow_up_s=(0,))
        _tell_after(store, after, end)
    return person


def _tell_after(store: Store, pain: int, now: Moment) -> None:
    """Answer the question how it went."""
    follow_ups, by = FollowUps(store), By(DEMO_NAME, Role.ANYONE)
    for question in follow_ups.of(DEMO_NAME):
        follow_ups.answer(DEMO_NAME, question.number, pain=pain, worse="no", feeling="none", by=by, now=now)
