"""The person `demo`, who exists only in a throw-away store; the caller opens one in a temporary folder."""

from types import MappingProxyType
from typing import Final

from massager.model.body import Calibration, Region, Side, Zone
from massager.model.ceilings import Severity
from massager.model.people import Person
from massager.store.ledger import Amounts, Ledger

DEMO_NAME: Final = "demo"

_DAY_S: Final = 24 * 3600
_SESSION_S: Final = 15 * 60


def demo_person() -> Person:
    """Mild lumbar stenosis, a provider was consulted, calibrated to the simulated chair's default sitter."""
    return Person(
        name=DEMO_NAME,
        conditions=MappingProxyType({Region.LUMBAR: Severity.MILD}),
        attested=True,
        calibrations=MappingProxyType({"chair": Calibration(c7_mm=40, psis_mm=549, error_mm=10)}),
    )


def seed_demo(ledger: Ledger, now_s: int) -> Person:
    """Add the person `demo` with two past sessions of 15 minutes, 11 and 4 days ago.

    Raises:
        StoreError: The store is no fresh one, or fails.
    """
    person = demo_person()
    ledger.add_person(person)
    used = Amounts(
        _SESSION_S * 1000,
        {(zone, side): _SESSION_S * 500 for zone in (Zone.L1_L3, Zone.L4_S1) for side in Side},
    )
    for days in (11, 4):
        started_s = now_s - days * _DAY_S
        session = ledger.open_session(person.name, "demo-history", "demo-history", started_s, boot_ms=0)
        ledger.close_session(session, used=used, now_s=started_s + _SESSION_S)
    return person
