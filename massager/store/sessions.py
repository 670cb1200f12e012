"""The sessions of a person as they are kept: when, with what, how long, and where on the back.

For looking back; what a limit counts is in past.py. A session that moved nothing is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import Connection, select

from massager.model.body import Side, Zone
from massager.model.history import Moment
from massager.store import clock, seal
from massager.store.carrying import ELSEWHERE
from massager.store.database import Store
from massager.store.past import past_session
from massager.store.tables import DEBIT, JOURNAL, SESSION
from massager.store.time_confirmed import confirmations
from massager.store.who import person_row


@dataclass(frozen=True, slots=True)
class Kept:
    """One session.

    Attributes:
        device: What people call it; None where it ran elsewhere and was brought along.
        program: Its name; None as above.
        started_s: Ledger time, as it counts today.
        ended_s: The same; now, at least, where nobody has closed it.
        used_s: What it counts as, rounded up; all that it reserved where nobody has closed it.
        zones_ms: Contact by place; empty where it ran elsewhere.
    """

    number: int
    device: str | None
    program: str | None
    started_s: int
    ended_s: int
    used_s: int
    zones_ms: Mapping[tuple[Zone, Side], int]


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is kept of a person at one moment.

    Attributes:
        now_s: Ledger time.
        known_s: From when on it is all there: since the person is on record, or from the first session that
            was brought along.
        sessions: Oldest first.
    """

    now_s: int
    known_s: int
    sessions: tuple[Kept, ...]


class Sessions:
    """Reads them. Its method raises `StoreError` when the store fails."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, person: str, now: Moment) -> Shelf:
        """All of a person's.

        Raises:
            NotFoundError: Nobody has that name.
        """
        with self._store.transaction() as connection:
            key: int = person_row(connection, person).id
            now_s = clock.look(connection, now).now_s
            confirmed, zones = confirmations(connection), _zones(connection, key)
            rows = connection.execute(
                select(SESSION).where(SESSION.c.person_id == key, SESSION.c.reserved_ms > 0)
            ).all()
            found = []
            for row in rows:
                seal.check(SESSION, row)
                if row.used_ms > 0 or row.ended_s is None:
                    counted = past_session(row, confirmed, now_s)
                    here = row.controller != ELSEWHERE
                    found.append(
                        Kept(
                            number=row.id,
                            device=row.device if here else None,
                            program=row.program if here else None,
                            started_s=counted.started_s,
                            ended_s=counted.ended_s,
                            used_s=counted.used_s,
                            zones_ms=MappingProxyType(zones.get(row.id, {})),
                        )
                    )
            found.sort(key=lambda one: (one.started_s, one.number))
            first_s = connection.execute(
                select(JOURNAL.c.unix_s).where(JOURNAL.c.person_id == key).order_by(JOURNAL.c.seq).limit(1)
            ).scalar()
        known_s = min([now_s, *([] if first_s is None else [first_s]), *(one.started_s for one in found[:1])])
        return Shelf(now_s, known_s, tuple(found))


def _zones(connection: Connection, person_id: int) -> dict[int, dict[tuple[Zone, Side], int]]:
    """Contact of every session of a person; where nobody has closed it, all that it reserved."""
    query = select(DEBIT, SESSION.c.ended_s).join(SESSION).where(SESSION.c.person_id == person_id)
    found: dict[int, dict[tuple[Zone, Side], int]] = {}
    for row in connection.execute(query).all():
        seal.check(DEBIT, row)
        ms = row.reserved_ms if row.ended_s is None else row.used_ms
        found.setdefault(row.session_id, {})[Zone(row.zone), Side(row.side)] = ms
    return found
