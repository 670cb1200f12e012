"""Massagers that were paired, by the name that people gave them."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from massager.model.devices import PairedDevice
from massager.model.errors import BusyError, NotAllowedError, NotFoundError
from massager.model.history import By, Moment
from massager.store import clock, journal, seal
from massager.store.database import Store
from massager.store.tables import DEVICE, SESSION
from massager.store.who import in_order, require_name


def _rows(connection: Connection) -> dict[str, Row[Any]]:
    rows = {row.name: seal.check(DEVICE, row) for row in connection.execute(select(DEVICE))}
    return {name: rows[name] for name in in_order(rows)}


def _row(connection: Connection, name: str) -> Row[Any]:
    rows = _rows(connection)
    if name not in rows:
        known = ", ".join(rows) or "none yet"
        raise NotFoundError(f"There is no paired device {name!r}. Paired: {known}.")
    return rows[name]


def _device(row: Row[Any]) -> PairedDevice:
    return PairedDevice(
        name=row.name,
        profile=row.profile,
        radio=row.radio,
        address=row.address,
        model_number=row.model_number,
        firmware=row.firmware,
        serial=row.serial,
    )


class Devices:
    """Paired devices. Every method raises `StoreError` when the store fails."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> tuple[PairedDevice, ...]:
        """All of them, in the order of their names."""
        with self._store.transaction() as connection:
            return tuple(_device(row) for row in _rows(connection).values())

    def get(self, name: str) -> PairedDevice:
        """The device of that name.

        Raises:
            NotFoundError: None has that name; the text lists the names.
        """
        with self._store.transaction() as connection:
            return _device(_row(connection, name))

    def add(self, device: PairedDevice, *, by: By, now: Moment) -> None:
        """Remember a device that was paired.

        Raises:
            NotAllowedError: The name is taken or cannot be one, or the device is paired under another.
        """
        require_name(device.name)
        with self._store.transaction() as connection:
            clock.note(connection, now)
            for row in _rows(connection).values():
                if row.name == device.name:
                    raise NotAllowedError(
                        f"There is a paired device {device.name!r} already. Choose another name."
                    )
                if (row.radio, row.address) == (device.radio, device.address):
                    raise NotAllowedError(
                        f"The device at {device.address} is paired already, as {row.name!r}. Use that name, "
                        "or forget it first."
                    )
            seal.add(connection, DEVICE, **asdict(device))
            journal.write(connection, journal.act("device-paired", by, now, asdict(device)))

    def forget(self, name: str, *, by: By, now: Moment) -> None:
        """Remember a device no longer.

        Raises:
            NotFoundError: None has that name; the text lists the names.
            BusyError: It is in a session.
        """
        with self._store.transaction() as connection:
            clock.note(connection, now)
            row = _row(connection, name)
            device = _device(row)
            is_it = or_(SESSION.c.device == device.name, SESSION.c.identity == device.identity)
            session = connection.execute(
                select(SESSION.c.id).where(is_it, SESSION.c.ended_s.is_(None))
            ).scalar()
            if session is not None:
                raise BusyError(f"{name} is in session {session}. Stop it first.")
            seal.remove(connection, DEVICE, row)
            journal.write(connection, journal.act("device-forgotten", by, now, asdict(device)))
