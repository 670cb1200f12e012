"""People as rows, for the ledger."""

from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from massager.model.body import Calibration, Region
from massager.model.ceilings import Severity
from massager.model.errors import NotFoundError, StoreError
from massager.model.people import Person
from massager.store.tables import CALIBRATION, CONDITION, PERSON


def person_row(connection: Connection, name: str) -> Row[Any]:
    """The row of a person.

    Raises:
        NotFoundError: Nobody has that name; the text lists the names.
    """
    row = connection.execute(select(PERSON).where(PERSON.c.name == name)).one_or_none()
    if row is None:
        names = connection.execute(select(PERSON.c.name).order_by(PERSON.c.name)).scalars().all()
        known = ", ".join(names) or "none yet"
        raise NotFoundError(f"There is no person {name!r}. People on record: {known}.")
    return row


def read_person(connection: Connection, name: str) -> Person:
    """A person with conditions and calibrations.

    Raises:
        NotFoundError: Nobody has that name; the text lists the names.
        ValueError: The rows are none that this program wrote.
    """
    row = person_row(connection, name)
    conditions = connection.execute(select(CONDITION).where(CONDITION.c.person_id == row.id)).all()
    calibrations = connection.execute(select(CALIBRATION).where(CALIBRATION.c.person_id == row.id)).all()
    return Person(
        name=row.name,
        conditions=MappingProxyType({Region(c.region): Severity(c.severity) for c in conditions}),
        attested=row.attested,
        calibrations=MappingProxyType(
            {c.device_profile: Calibration(c.c7_mm, c.psis_mm, c.error_mm) for c in calibrations}
        ),
    )


def write_person(connection: Connection, person: Person) -> None:
    """Add a person.

    Raises:
        StoreError: The name is taken.
    """
    if connection.execute(select(PERSON.c.id).where(PERSON.c.name == person.name)).first() is not None:
        raise StoreError(f"There is a person {person.name!r} already. Choose another name.")
    added = insert(PERSON).values(name=person.name, attested=person.attested).returning(PERSON.c.id)
    key: int = connection.execute(added).scalar_one()
    for region, severity in person.conditions.items():
        connection.execute(insert(CONDITION).values(person_id=key, region=region, severity=int(severity)))
    for device_profile, calibration in person.calibrations.items():
        connection.execute(
            insert(CALIBRATION).values(
                person_id=key,
                device_profile=device_profile,
                c7_mm=calibration.c7_mm,
                psis_mm=calibration.psis_mm,
                error_mm=calibration.error_mm,
            )
        )
