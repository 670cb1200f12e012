"""Sessions and what they used; every debit is on the disk before the motion that it pays for.

A reservation brings a clock to "used so far, plus a block". It never lowers what is reserved: the rest of a
block stays paid and is not paid twice, so asking again after an error costs nothing, and motion that goes on
while a reservation is being written is covered by the one before. Closing counts what was used; a session
that nobody closed counts all that it had reserved, and ends only when somebody finds it: whoever was cut off
waits the whole cool-down from then.
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, or_, select

from massager.model.ceilings import FOLLOW_UP_S
from massager.model.errors import BusyError, StoreError
from massager.model.history import By, History, Moment
from massager.store import clock, debits, journal, past, seal, time_confirmed
from massager.store.database import Store
from massager.store.debits import Amounts
from massager.store.documents import from_document
from massager.store.journal import Record
from massager.store.tables import FOLLOW_UP, PERSON, SESSION
from massager.store.who import person_row

_OPEN: Final = SESSION.c.ended_s.is_(None)


def _ask_afterwards(connection: Connection, row: Row[Any], ended_s: int, after_s: tuple[int, ...]) -> None:
    for wait_s in after_s:
        due_s = ended_s + wait_s
        seal.add(connection, FOLLOW_UP, person_id=row.person_id, session_id=row.id, due_s=due_s)


def _when_to_ask(connection: Connection, person_id: int) -> tuple[int, ...]:
    """When to ask about a session that was cut off: as about any other of this person."""
    row = seal.check(PERSON, connection.execute(select(PERSON).where(PERSON.c.id == person_id)).one())
    return FOLLOW_UP_S[from_document(row.name, row.document).worst]


def _tell(connection: Connection, session: int, now: Moment, kind: str, code: str, **facts: object) -> None:
    record = Record(session, None, now.boot_ms, now.wall_s, kind, code, facts)
    journal.write(connection, record)


class Ledger:
    """Who used how much, and when. Every method raises `StoreError` when the store fails."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def settle(self, now: Moment) -> None:
        """Close the sessions that dead controllers left open; all that they had reserved counts as used.

        They end now: a restart waits the whole cool-down again. Called when a controller starts.
        """
        with self._store.transaction() as connection:
            clock.note(connection, now)
            for row in connection.execute(select(SESSION).where(_OPEN)).all():
                if not self._store.presence.lives(row.controller):
                    self._close_left(connection, row, now)

    def history(self, person: str, now: Moment, *, local_min: int, year: int) -> History:
        """What the ledger knows of a person now; a session not closed counts all that it reserved.

        A session that reserved nothing is left out, so this may be asked after `open_session`, when no other
        controller can add to it any more.

        Args:
            person: Name.
            now: On both clocks.
            local_min: Minutes after local midnight.
            year: Of the present date.

        Raises:
            NotFoundError: Nobody has that name.
        """
        with self._store.transaction() as connection:
            key: int = person_row(connection, person).id
            return past.history(connection, key, now, local_min=local_min, year=year)

    def open_session(self, person: str, device: str, program: str, now: Moment) -> int:
        """Begin a session and return its number, which rises with every session of this store.

        A session of this person or device that a dead controller left open is closed first, as by `settle`.

        Raises:
            NotFoundError: Nobody has that name.
            BusyError: A living controller has a session open for this person or device.
        """
        with self._store.transaction() as connection:
            self._store.presence.claim()
            key: int = person_row(connection, person).id
            now_s = clock.note(connection, now)
            self._free(connection, or_(SESSION.c.person_id == key, SESSION.c.device == device), now)
            number = seal.add(
                connection,
                SESSION,
                person_id=key,
                device=device,
                program=program,
                controller=self._store.presence.token,
                started_s=now_s,
                last_s=now_s,
                reserved_ms=0,
                used_ms=0,
            )
            _tell(connection, number, now, "session-opened", device, program=program, started_s=now_s)
        return number

    def name_device(self, session: int, identity: str, now: Moment) -> None:
        """Write down which physical device it is, by whatever name it goes; call before the first permit.

        Raises:
            BusyError: A living controller has a session open with this device under another name.
            StoreError: Not written, or the session is not open here.
        """
        with self._store.transaction() as connection:
            row = self._held(connection, session)
            same = (SESSION.c.identity == identity) & (SESSION.c.id != session)
            self._free(connection, same, now)
            seal.change(connection, SESSION, row, identity=identity)
            _tell(connection, session, now, "session-device", row.device, identity=identity)

    def reserve(self, session: int, *, used: Amounts, block: Amounts, now: Moment) -> Amounts:
        """Settle what was used so far and reserve a block on top of it; durable on return.

        Args:
            session: Number from `open_session`.
            used: Totals since the session's start; less than was said before changes nothing.
            block: What the coming motion may use beyond `used`, on each clock that it will run.
            now: On both clocks.

        Returns:
            The totals reserved since the session's start, on every clock: what is paid. They never fall.

        Raises:
            StoreError: Not written, or the session is not open here; what was paid before stays paid.
        """
        with self._store.transaction() as connection:
            row = self._held(connection, session)
            last_s = max(row.last_s, clock.note(connection, now))
            return debits.settle(connection, row, used, block, last_s=last_s)

    def close_session(
        self, session: int, *, used: Amounts, now: Moment, follow_up_s: tuple[int, ...]
    ) -> None:
        """End a session at rest: it counts what was used, and its end is never earlier than its use allows.

        Args:
            session: Number from `open_session`.
            used: Totals since the session's start.
            now: On both clocks.
            follow_up_s: Seconds after its end at which to ask how it went, if it used anything.

        Raises:
            StoreError: Not written, or the session is not open here; it then counts all that it reserved.
        """
        with self._store.transaction() as connection:
            row = self._held(connection, session)
            last_s = max(row.last_s, clock.note(connection, now))
            used_ms = max(row.used_ms, used.session_ms)
            ended_s = max(last_s, row.started_s + past.seconds(used_ms))
            debits.settle(connection, row, used, Amounts(0, {}), last_s=last_s, ended_s=ended_s)
            if used_ms > 0:
                _ask_afterwards(connection, row, ended_s, follow_up_s)
            _tell(connection, session, now, "session-ended", row.device, used_ms=used_ms, ended_s=ended_s)

    def confirm_time(self, by: By, now: Moment) -> None:
        """Believe the wall clock from now on, on a caregiver's word (time_confirmed.py says what changes).

        Raises:
            BusyError: A session of a living controller is open.
        """
        with self._store.transaction() as connection:
            self._free(connection, SESSION.c.id > 0, now)
            time_confirmed.confirm(connection, by, now)

    def _free(self, connection: Connection, whose: ColumnElement[bool], now: Moment) -> None:
        """Close the open sessions of which this holds, if their controllers are dead."""
        query = select(SESSION, PERSON.c.name.label("who")).join(PERSON).where(_OPEN, whose)
        for row in connection.execute(query).all():
            if self._store.presence.lives(row.controller):
                what_to_do = self._store.presence.advice(row.controller)
                raise BusyError(f"{row.who} is in session {row.id} on {row.device} already. {what_to_do}")
            plain = select(SESSION).where(SESSION.c.id == row.id)
            self._close_left(connection, connection.execute(plain).one(), now)

    def _close_left(self, connection: Connection, row: Row[Any], now: Moment) -> None:
        ended_s = max(past.latest_end_s(row), clock.note(connection, now))
        debits.use_up(connection, row, ended_s=ended_s)
        if row.reserved_ms > 0:
            _ask_afterwards(connection, row, ended_s, _when_to_ask(connection, row.person_id))
        _tell(connection, row.id, now, "session-left", row.device, used_ms=row.reserved_ms, ended_s=ended_s)

    def _held(self, connection: Connection, session: int) -> Row[Any]:
        row = connection.execute(
            select(SESSION).where(
                SESSION.c.id == session, _OPEN, SESSION.c.controller == self._store.presence.token
            )
        ).one_or_none()
        if row is None:
            raise StoreError(f"Session {session} is not open in this controller. Start a new one.")
        return seal.check(SESSION, row)
