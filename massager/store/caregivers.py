"""Caregivers: who may loosen, and how often somebody may try to sign in as one.

What is stored of a passphrase is a hash that was made elsewhere.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from massager.model.errors import NotAllowedError, NotFoundError
from massager.model.history import By, Moment, Role
from massager.store import clock, journal, seal
from massager.store.database import Store
from massager.store.tables import CAREGIVER
from massager.store.who import in_order, require_name

# Chosen: two slips cost nothing, the third 30 s, each further one twice as much, so that guessing never gets
# beyond some three dozen tries a day, and nobody who remembers again waits longer than an hour.
_FREE_FAILURES: Final = 2
_FIRST_WAIT_S: Final = 30
_LONGEST_WAIT_S: Final = 3600


@dataclass(frozen=True, slots=True)
class CaregiverLogin:
    """What is needed to sign somebody in.

    Attributes:
        failures: In a row, up to now.
        wait_s: A try counts only after this long; 0 for now.
    """

    name: str
    password_hash: str = field(repr=False)
    failures: int
    wait_s: int


def _wait_s(row: Row[Any], now_s: int) -> int:
    """How long from now until the next try counts."""
    if row.failures <= _FREE_FAILURES:
        return 0
    doublings = min(row.failures - _FREE_FAILURES - 1, _LONGEST_WAIT_S.bit_length())
    wait_s = min(_FIRST_WAIT_S << doublings, _LONGEST_WAIT_S)
    until_s: int = row.failed_s + wait_s
    return max(0, until_s - now_s)


def _rows(connection: Connection) -> dict[str, Row[Any]]:
    """Those not revoked, by name and in its order."""
    serving = select(CAREGIVER).where(CAREGIVER.c.revoked_s.is_(None))
    rows = {row.name: seal.check(CAREGIVER, row) for row in connection.execute(serving)}
    return {name: rows[name] for name in in_order(rows)}


def _row(connection: Connection, name: str) -> Row[Any]:
    rows = _rows(connection)
    if name not in rows:
        known = ", ".join(rows) or "none yet"
        raise NotFoundError(f"There is no caregiver {name!r}. Caregivers on record: {known}.")
    return rows[name]


class Caregivers:
    """Who may loosen. Every method raises `StoreError` when the store fails.

    Those that take a name raise `NotFoundError` for one that nobody has, or that was revoked.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def names(self) -> tuple[str, ...]:
        """Those not revoked, in the order of the alphabet."""
        with self._store.transaction() as connection:
            return tuple(_rows(connection))

    def sign_in(self, name: str, *, now: Moment) -> CaregiverLogin:
        """What is needed to check a passphrase; then call `failed` or `succeeded`, one try at a time."""
        with self._store.transaction() as connection:
            now_s = clock.note(connection, now)
            row = _row(connection, name)
            return CaregiverLogin(row.name, row.password_hash, row.failures, _wait_s(row, now_s))

    def failed(self, name: str, *, now: Moment) -> None:
        """Count a wrong passphrase."""
        with self._store.transaction() as connection:
            now_s = clock.note(connection, now)
            row = _row(connection, name)
            seal.change(connection, CAREGIVER, row, failures=row.failures + 1, failed_s=now_s)
            # Whoever it was has not shown to be the caregiver.
            facts = {"failures": row.failures + 1}
            journal.write(connection, journal.act("sign-in-failed", By(name, Role.ANYONE), now, facts))

    def succeeded(self, name: str, *, now: Moment) -> None:
        """Note a right passphrase; failures before it count no more."""
        with self._store.transaction() as connection:
            clock.note(connection, now)
            row = _row(connection, name)
            seal.change(connection, CAREGIVER, row, failures=0, failed_s=None)
            facts = {"failures": row.failures}
            journal.write(connection, journal.act("signed-in", By(name, Role.CAREGIVER), now, facts))

    def add(self, name: str, password_hash: str, *, alone: bool, by: By, now: Moment) -> None:
        """Add a caregiver: the first one by anybody, every other one by a caregiver.

        Args:
            name: What the caregiver signs in with.
            password_hash: Of the passphrase.
            alone: The person whose limits it guards holds the passphrase; the journal says so.
            by: Who adds.
            now: On both clocks.

        Raises:
            NotAllowedError: The name is or was somebody's or cannot be one, or `by` may not add.
        """
        require_name(name)
        with self._store.transaction() as connection:
            clock.note(connection, now)
            if _rows(connection) and by.role is not Role.CAREGIVER:
                raise NotAllowedError(
                    "There is a caregiver already; only a caregiver adds another. Sign in first."
                )
            if connection.execute(select(CAREGIVER.c.id).where(CAREGIVER.c.name == name)).first() is not None:
                raise NotAllowedError(f"There is or was a caregiver {name!r} already. Choose another name.")
            seal.add(
                connection,
                CAREGIVER,
                name=name,
                password_hash=password_hash,
                alone=alone,
                failures=0,
            )
            facts = {"caregiver": name, "alone": alone}
            journal.write(connection, journal.act("caregiver-added", by, now, facts))

    def renew(self, name: str, password_hash: str, *, by: By, now: Moment) -> None:
        """Put a new hash in the place of the old one, of the same passphrase or of another."""
        with self._store.transaction() as connection:
            clock.note(connection, now)
            seal.change(connection, CAREGIVER, _row(connection, name), password_hash=password_hash)
            journal.write(connection, journal.act("caregiver-renewed", by, now, {"caregiver": name}))

    def revoke(self, name: str, *, by: By, now: Moment) -> None:
        """Take the right away for good; the name stays on record and is not given again.

        Raises:
            NotAllowedError: It is the last one, and nobody could loosen or clear anything any more.
        """
        with self._store.transaction() as connection:
            now_s = clock.note(connection, now)
            row = _row(connection, name)
            if len(_rows(connection)) == 1:
                raise NotAllowedError(f"{name} is the only caregiver. Add another one first.")
            seal.change(connection, CAREGIVER, row, revoked_s=now_s)
            journal.write(connection, journal.act("caregiver-revoked", by, now, {"caregiver": name}))
