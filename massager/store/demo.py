"""The person `demo`, who exists only in a throw-away store; the caller opens one in a temporary folder."""

from types import MappingProxyType
from typing import Final

from massager.model.body import Calibration, Region, Side, Zone
from massager.model.ceilings import Severity
from massager.model.history import By, Moment, Role
from massager.model.people import Person
from massager.store.database import Store
from massager.store.debits import Amounts
from massager.store.ledger import Ledger
from massager.store.people import People

DEMO_NAME: Final = "demo"

_DAY_S: Final = 24 * 3600
_SESSION_S: Final = 15 * 60


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

    Raises:
        StoreError: The store is no fresh one, or fails.
    """
    person, ledger = demo_person(), Ledger(store)
    used = Amounts(
        _SESSION_S * 1000,
        {(zone, side): _SESSION_S * 500 for zone in (Zone.L1_L3, Zone.L4_S1) for side in Side},
    )
    People(store).add(person, by=By(DEMO_NAME, Role.CONTROLLER), now=_days_ago(now, 11))
    for days in (11, 4):
        begin = _days_ago(now, days)
        end = Moment(begin.wall_s + _SESSION_S, 1000 * _SESSION_S, begin.boot_id)
        session = ledger.open_session(person.name, "demo-history", "demo-history", begin)
        ledger.close_session(session, used=used, now=end, follow_up_s=())
    return person
