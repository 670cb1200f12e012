"""People on record. Who may change what is decided above; here a change is whole, journaled, or refused."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from massager.model.errors import BusyError, NotAllowedError
from massager.model.history import By, Moment
from massager.model.people import Person
from massager.store import clock, journal, seal
from massager.store.database import Store
from massager.store.documents import fields_of, from_document, to_document
from massager.store.follow_ups import unanswered
from massager.store.lockouts import open_lockouts
from massager.store.past import LOOK_BACK_S
from massager.store.tables import LOCKOUT, PERSON, SESSION
from massager.store.time_confirmed import confirmations
from massager.store.who import person_names, person_row, require_name


def _require_no_session(connection: Connection, person: Row[Any]) -> None:
    mine = select(SESSION.c.id).where(SESSION.c.person_id == person.id, SESSION.c.ended_s.is_(None))
    session = connection.execute(mine).scalar()
    if session is not None:
        raise BusyError(f"{person.name} is in session {session}. Stop it first.")


def _last_end_s(connection: Connection, person: Row[Any]) -> int | None:
    """The end of the last session that may have moved anything."""
    mine = select(SESSION).where(SESSION.c.person_id == person.id, SESSION.c.reserved_ms > 0)
    confirmed = confirmations(connection)
    rows = (seal.check(SESSION, row) for row in connection.execute(mine).all())
    return max((confirmed.age(row.id, row.ended_s) for row in rows), default=None)


def _require_nothing_pending(connection: Connection, person: Row[Any], now_s: int) -> None:
    """Nothing that still bars or shortens a person's next start may be forgotten.

    Else whoever is forgotten and comes back under another name would have got minutes back, or lost a lock.
    """
    _require_no_session(connection, person)
    for lockout in open_lockouts(connection, person.id):
        raise NotAllowedError(
            f"{person.name} is locked out (number {lockout.number}). Have that cleared first."
        )
    for question in unanswered(connection, person.id):
        raise NotAllowedError(
            f"{person.name} has not said yet how it went after session {question.session}. Answer that first."
        )
    last_s = _last_end_s(connection, person)
    if last_s is not None and now_s <= last_s + LOOK_BACK_S:
        until = datetime.fromtimestamp(last_s + LOOK_BACK_S, UTC).strftime("%Y-%m-%d %H:%M UTC")
        raise NotAllowedError(
            f"The last session of {person.name} counts towards the limits until {until}. Wait for that."
        )


def add_person(connection: Connection, person: Person, *, by: By, now: Moment) -> int:
    """Add a person, as part of a transaction; the row's number.

    Raises:
        NotAllowedError: The name is taken, or cannot be one.
    """
    require_name(person.name)
    clock.note(connection, now)
    if person.name in person_names(connection):
        raise NotAllowedError(f"There is a person {person.name!r} already. Choose another name.")
    number = seal.add(connection, PERSON, name=person.name, document=to_document(person))
    facts = {"person": fields_of(person)}
    journal.write(connection, journal.act("person-added", by, now, facts, person=person.name))
    return number


def rewrite(connection: Connection, row: Row[Any], new: Person, *, by: By, why: str, now: Moment) -> None:
    """Put a new record in the place of the one in a row that was read in this transaction; the name stays."""
    before, after = fields_of(from_document(row.name, row.document)), fields_of(new)
    pairs = {key: [before.get(key), after.get(key)] for key in before | after}
    changes = {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}
    if not changes:
        return
    seal.change(connection, PERSON, row, document=to_document(new))
    facts = {"why": why, "changes": changes}
    journal.write(connection, journal.act("person-change", by, now, facts, person=row.name))


class People:
    """Everybody whose limits this store keeps. Every method raises `StoreError` when the store fails."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def names(self) -> tuple[str, ...]:
        """Everybody, in the order of the alphabet."""
        with self._store.transaction() as connection:
            return person_names(connection)

    def get(self, name: str) -> Person:
        """The person of that name.

        Raises:
            NotFoundError: Nobody has that name; the text lists the names.
        """
        with self._store.transaction() as connection:
            row = person_row(connection, name)
            return from_document(row.name, row.document)

    def standing(self, name: str) -> tuple[Person, bool]:
        """The person of that name, and whether a lockout stands open, in one look.

        Raises:
            NotFoundError: Nobody has that name; the text lists the names.
        """
        with self._store.transaction() as connection:
            row = person_row(connection, name)
            return from_document(row.name, row.document), bool(open_lockouts(connection, row.id))

    def add(self, person: Person, *, by: By, now: Moment) -> None:
        """Add a person.

        Raises:
            NotAllowedError: The name is taken, or cannot be one.
        """
        with self._store.transaction() as connection:
            add_person(connection, person, by=by, now=now)

    def change(
        self, old: Person, new: Person, *, by: By, why: str, now: Moment, between_sessions: bool
    ) -> None:
        """Put a new record in the place of the old one; the journal keeps each field that differs.

        Args:
            old: The record that was read.
            new: The same person as they shall be.
            by: Who changes it.
            why: The reason, in their words.
            now: On both clocks.
            between_sessions: Refuse it while the person is in a session.

        Raises:
            NotFoundError: Nobody has that name.
            NotAllowedError: The record is no longer the old one.
            BusyError: The person is in a session.
            ValueError: The two have different names.
        """
        if old.name != new.name:
            raise ValueError("a person keeps the name")
        with self._store.transaction() as connection:
            clock.note(connection, now)
            row = person_row(connection, old.name)
            # Read before it is compared: what an earlier version wrote says the same in fewer words.
            if from_document(row.name, row.document) != old:
                raise NotAllowedError(
                    f"The record of {old.name} was changed meanwhile. Look at it again, then change it."
                )
            if between_sessions:
                _require_no_session(connection, row)
            rewrite(connection, row, new, by=by, why=why, now=now)

    def forget(self, name: str, *, by: By, now: Moment) -> None:
        """Take out who it was: name, record, the content of the journal; sessions keep times and numbers.

        Raises:
            NotFoundError: Nobody has that name.
            BusyError: The person is in a session.
            NotAllowedError: Something still bars or shortens this person's next start; the text says what, or
                until when.
        """
        with self._store.transaction() as connection:
            now_s = clock.note(connection, now)
            row = person_row(connection, name)
            _require_nothing_pending(connection, row, now_s)
            for lockout in connection.execute(select(LOCKOUT).where(LOCKOUT.c.person_id == row.id)).all():
                seal.change(connection, LOCKOUT, lockout, note="")
            seal.change(connection, PERSON, row, name=None, document=None)
            journal.blank(connection, row.id)
            journal.write(connection, journal.act("person-forgotten", by, now, {"number": row.id}))
