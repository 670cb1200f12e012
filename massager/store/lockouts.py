"""Lockouts: they outlive session, device and program, and time alone never ends one."""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, select

from massager.model.errors import NotAllowedError, NotFoundError
from massager.model.history import Authority, By, LockCause, Lockout, Moment
from massager.store import clock, journal, seal
from massager.store.database import Store
from massager.store.tables import LOCKOUT
from massager.store.who import person_row

# docs/questions.md: a second session that ends for pain within 14 days weighs more than the first.
_PAIN_STOPS: Final = (LockCause.PAIN.value, LockCause.REPEATED_PAIN.value)
_PAIN_LOOK_BACK_S: Final = 14 * 24 * 3600


def open_lockouts(connection: Connection, person_id: int) -> tuple[Lockout, ...]:
    """Those that nobody has cleared, oldest first.

    Raises:
        StoreError: One was altered from outside.
    """
    return tuple(_lockout(seal.check(LOCKOUT, row)) for row in connection.execute(_open(person_id)))


def pain_stops(connection: Connection, person_id: int, now_s: int) -> tuple[Row[Any], ...]:
    """The lockouts of the last 14 days for pain in a session, cleared or not, oldest first.

    Raises:
        StoreError: One was altered from outside.
    """
    mine = select(LOCKOUT).where(
        LOCKOUT.c.person_id == person_id,
        LOCKOUT.c.cause.in_(_PAIN_STOPS),
        LOCKOUT.c.since_s >= now_s - _PAIN_LOOK_BACK_S,
    )
    rows = connection.execute(mine.order_by(LOCKOUT.c.since_s, LOCKOUT.c.id)).all()
    return tuple(seal.check(LOCKOUT, row) for row in rows)


def lock_out(
    connection: Connection,
    person: str,
    *,
    cause: LockCause,
    authority: Authority,
    wait_s: int,
    note: str,
    by: By,
    now: Moment,
) -> Lockout:
    """Lock a person out, as part of a transaction.

    Raises:
        NotFoundError: Nobody has that name.
    """
    now_s = clock.note(connection, now)
    number = seal.add(
        connection,
        LOCKOUT,
        person_id=person_row(connection, person).id,
        cause=cause.value,
        authority=authority.value,
        since_s=now_s,
        not_before_s=now_s + wait_s,
        note=note,
    )
    facts = {
        "number": number,
        "cause": cause.value,
        "authority": authority.value,
        "since_s": now_s,
        "not_before_s": now_s + wait_s,
        "note": note,
    }
    journal.write(connection, journal.act("lockout", by, now, facts, person=person))
    return Lockout(number, cause, authority, now_s, now_s + wait_s, note)


def _open(person_id: int) -> Select[Any]:
    of_person = select(LOCKOUT).where(LOCKOUT.c.person_id == person_id, LOCKOUT.c.cleared_s.is_(None))
    return of_person.order_by(LOCKOUT.c.id)


def _lockout(row: Row[Any]) -> Lockout:
    return Lockout(
        number=row.id,
        cause=LockCause(row.cause),
        authority=Authority(row.authority),
        since_s=row.since_s,
        not_before_s=row.not_before_s,
        note=row.note,
    )


class Lockouts:
    """Who is locked out, and why. Every method raises `StoreError` when the store fails."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, person: str) -> tuple[Lockout, ...]:
        """Those of a person that nobody has cleared, oldest first.

        Raises:
            NotFoundError: Nobody has that name.
        """
        with self._store.transaction() as connection:
            return open_lockouts(connection, person_row(connection, person).id)

    def add(
        self,
        person: str,
        *,
        cause: LockCause,
        authority: Authority,
        wait_s: int,
        note: str,
        by: By,
        now: Moment,
    ) -> Lockout:
        """Lock a person out.

        Args:
            person: Whom.
            cause: Why.
            authority: Who may clear it.
            wait_s: Not even the authority clears it within this time.
            note: What was observed, in the words of whoever set it.
            by: Who sets it.
            now: On both clocks.

        Raises:
            NotFoundError: Nobody has that name.
            ValueError: A wait below zero.
        """
        if wait_s < 0:
            raise ValueError("a lockout cannot be cleared before it began")
        with self._store.transaction() as connection:
            return lock_out(
                connection,
                person,
                cause=cause,
                authority=authority,
                wait_s=wait_s,
                note=note,
                by=by,
                now=now,
            )

    def clear(self, person: str, number: int, *, by: By, why: str, now: Moment) -> None:
        """End a lockout; whether `by` has the authority is for the caller to know.

        Raises:
            NotFoundError: The person has no open lockout of that number; the text lists those there are.
            NotAllowedError: It is too early; the text says until when.
        """
        with self._store.transaction() as connection:
            now_s = clock.note(connection, now)
            rows = {row.id: row for row in connection.execute(_open(person_row(connection, person).id))}
            if number not in rows:
                known = ", ".join(map(str, rows)) or "none"
                raise NotFoundError(f"{person} has no open lockout {number}. Open ones: {known}.")
            row = rows[number]
            if now_s < row.not_before_s:
                until = datetime.fromtimestamp(row.not_before_s, UTC).strftime("%Y-%m-%d %H:%M UTC")
                raise NotAllowedError(f"Lockout {number} of {person} cannot be cleared before {until}.")
            seal.change(connection, LOCKOUT, row, cleared_s=now_s)
            facts = {"number": number, "cause": row.cause, "authority": row.authority, "why": why}
            journal.write(connection, journal.act("lockout-cleared", by, now, facts, person=person))
