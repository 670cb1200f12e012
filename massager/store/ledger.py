"""People, sessions and what they used; every debit is on the disk before the motion that it pays for.

A reservation brings a clock to "used so far, plus a block". It never lowers what is reserved: the rest of a
block stays paid and is not paid twice, so asking again after an error costs nothing, and motion that goes on
while a reservation is being written is covered by the one before. Closing counts what was used; a session
that nobody closed counts all that it had reserved.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, func, insert, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from massager.model.body import Side, Zone
from massager.model.errors import StoreError
from massager.model.people import PastSession, Person
from massager.store.database import Store
from massager.store.people import person_row, read_person, write_person
from massager.store.tables import DEBIT, META, PERSON, SESSION

# Chosen, because the longest look back is seven rolling days; the eighth leaves room for a long session.
LOOK_BACK_S: Final = 8 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Amounts:
    """Milliseconds on the session's clock, and on the clock of each zone and side that is meant.

    Raises:
        ValueError: A time is negative.
    """

    session_ms: int
    zones_ms: Mapping[tuple[Zone, Side], int]

    def __post_init__(self) -> None:
        if min((self.session_ms, *self.zones_ms.values())) < 0:
            raise ValueError("an amount of time is never negative")


def _seconds(ms: int) -> int:
    """Whole seconds, rounded up: use is never counted short."""
    return -(-ms // 1000)


def _past(row: Row[Any]) -> PastSession:
    """What a session counts as; without an end: all it reserved, used up to the last moment it could be."""
    if row.ended_s is not None:
        return PastSession(row.started_s, row.ended_s, _seconds(row.used_ms))
    last_s = max(row.last_s, row.started_s + _seconds(row.used_ms))
    return PastSession(
        row.started_s, last_s + _seconds(row.reserved_ms - row.used_ms), _seconds(row.reserved_ms)
    )


def _note(connection: Connection, now_s: int) -> int:
    """Raise the high-water mark to now and return it: what is written is never earlier than what was."""
    connection.execute(update(META).values(high_water_s=func.max(META.c.high_water_s, now_s)))
    mark: int = connection.execute(select(META.c.high_water_s)).scalar_one()
    return mark


def _settle(connection: Connection, row: Row[Any], used: Amounts, block: Amounts, now_s: int) -> Amounts:
    """Write down what was used and reserve the block on top of it; the totals reserved."""
    session_used = max(row.used_ms, used.session_ms)
    session_reserved = max(row.reserved_ms, session_used + block.session_ms)
    connection.execute(
        update(SESSION)
        .where(SESSION.c.id == row.id)
        .values(used_ms=session_used, reserved_ms=session_reserved, last_s=_note(connection, now_s))
    )
    debits = connection.execute(select(DEBIT).where(DEBIT.c.session_id == row.id)).all()
    before = {(Zone(d.zone), Side(d.side)): (d.reserved_ms, d.used_ms) for d in debits}
    after = {}
    for key in before.keys() | used.zones_ms.keys() | block.zones_ms.keys():
        zone_reserved, zone_used = before.get(key, (0, 0))
        zone_used = max(zone_used, used.zones_ms.get(key, 0))
        after[key] = (max(zone_reserved, zone_used + block.zones_ms.get(key, 0)), zone_used)
    if after:
        write = upsert(DEBIT)
        connection.execute(
            write.on_conflict_do_update(
                set_={"reserved_ms": write.excluded.reserved_ms, "used_ms": write.excluded.used_ms}
            ),
            [
                {"session_id": row.id, "zone": zone, "side": side, "reserved_ms": ms, "used_ms": used_ms}
                for (zone, side), (ms, used_ms) in after.items()
            ],
        )
    return Amounts(session_reserved, {key: reserved for key, (reserved, _) in after.items()})


class Ledger:
    """Who may use how much, and what they used. Every method raises `StoreError` when the store fails."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def person(self, name: str) -> Person:
        """The person of that name.

        Raises:
            NotFoundError: Nobody has that name; the text lists the names.
        """
        with self._store.transaction() as connection:
            return read_person(connection, name)

    def add_person(self, person: Person) -> None:
        """Add a person; a name that is taken is a `StoreError`."""
        with self._store.transaction() as connection:
            write_person(connection, person)

    def high_water_s(self) -> int:
        """The latest wall time the store was told, 0 for none; a wall clock before it was put back."""
        with self._store.transaction() as connection:
            mark: int = connection.execute(select(META.c.high_water_s)).scalar_one()
        return mark

    def note_wall_clock(self, now_s: int) -> None:
        """Raise the high-water mark to now; it never falls. Sessions and debits do so by themselves."""
        with self._store.transaction() as connection:
            _note(connection, now_s)

    def past_sessions(self, person: str, now_s: int) -> tuple[PastSession, ...]:
        """What a person's sessions of the last 8 days used, oldest first, seconds rounded up.

        A session not closed counts all that it reserved. One that reserved nothing moved nothing and is left
        out, so this may be asked after `open_session`, when no other controller can add to it any more.

        Raises:
            NotFoundError: Nobody has that name.
        """
        with self._store.transaction() as connection:
            key: int = person_row(connection, person).id
            rows = connection.execute(
                select(SESSION)
                .where(SESSION.c.person_id == key, SESSION.c.reserved_ms > 0)
                .order_by(SESSION.c.started_s, SESSION.c.id)
            ).all()
        return tuple(past for past in map(_past, rows) if past.ended_s >= now_s - LOOK_BACK_S)

    def open_session(self, person: str, device: str, program: str, now_s: int, boot_ms: int) -> int:
        """Begin a session and return its number, which rises with every session of this store.

        A session of this person or device that a dead controller left open is closed first, with all that it
        had reserved counted as used.

        Raises:
            NotFoundError: Nobody has that name.
            StoreError: A living controller has a session open for this person or device.
        """
        self._store.presence.claim()
        with self._store.transaction() as connection:
            key: int = person_row(connection, person).id
            self._close_leftovers(connection, key, device)
            now_s = _note(connection, now_s)
            added = insert(SESSION).values(
                person_id=key,
                device=device,
                program=program,
                controller=self._store.presence.token,
                started_s=now_s,
                started_boot_ms=boot_ms,
                last_s=now_s,
                reserved_ms=0,
                used_ms=0,
            )
            number: int = connection.execute(added.returning(SESSION.c.id)).scalar_one()
        return number

    def _close_leftovers(self, connection: Connection, person_id: int, device: str) -> None:
        rows = connection.execute(
            select(SESSION, PERSON.c.name)
            .join(PERSON)
            .where(SESSION.c.ended_s.is_(None))
            .where(or_(SESSION.c.person_id == person_id, SESSION.c.device == device))
        ).all()
        for row in rows:
            if self._store.presence.lives(row.controller):
                raise StoreError(
                    f"{row.name} is in session {row.id} on {row.device} already. Stop that one first."
                )
            connection.execute(
                update(DEBIT).where(DEBIT.c.session_id == row.id).values(used_ms=DEBIT.c.reserved_ms)
            )
            connection.execute(
                update(SESSION)
                .where(SESSION.c.id == row.id)
                .values(used_ms=SESSION.c.reserved_ms, ended_s=_past(row).ended_s)
            )

    def _held(self, connection: Connection, session: int) -> Row[Any]:
        row = connection.execute(
            select(SESSION).where(
                SESSION.c.id == session,
                SESSION.c.ended_s.is_(None),
                SESSION.c.controller == self._store.presence.token,
            )
        ).one_or_none()
        if row is None:
            raise StoreError(f"Session {session} is not open in this controller. Start a new one.")
        return row

    def reserve(self, session: int, *, used: Amounts, block: Amounts, now_s: int) -> Amounts:
        """Settle what was used so far and reserve a block on top of it; durable on return.

        Args:
            session: Number from `open_session`.
            used: Totals since the session's start; less than was said before changes nothing.
            block: What the coming motion may use beyond `used`, on each clock that it will run.
            now_s: Wall clock.

        Returns:
            The totals reserved since the session's start, on every clock: what is paid. They never fall.

        Raises:
            StoreError: Not written, or the session is not open here; what was paid before stays paid.
        """
        with self._store.transaction() as connection:
            return _settle(connection, self._held(connection, session), used, block, now_s)

    def close_session(self, session: int, *, used: Amounts, now_s: int) -> None:
        """End a session at rest: it counts what was used, and its end is never earlier than its use allows.

        Raises:
            StoreError: Not written, or the session is not open here; it then counts all that it reserved.
        """
        with self._store.transaction() as connection:
            _settle(connection, self._held(connection, session), used, Amounts(0, {}), now_s)
            row = self._held(connection, session)
            ended_s = max(row.last_s, row.started_s + _seconds(row.used_ms))
            connection.execute(update(SESSION).where(SESSION.c.id == session).values(ended_s=ended_s))
