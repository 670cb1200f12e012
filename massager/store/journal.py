"""What happened, in the order it happened; the database refuses to change or remove any of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import insert, select

from massager.store.database import Store
from massager.store.tables import DECISION


@dataclass(frozen=True, slots=True)
class Record:
    """One decision, trip, delivery or answer.

    Attributes:
        session: Number of the session; None for what belongs to none.
        at_ms: Boot-time clock.
        unix_s: Wall clock.
        kind: What sort of thing happened.
        code: Its reason code, or what it was.
        facts: All that is needed to recompute it, as JSON knows it; unchanged renewals are one record whose
            facts carry their count.
    """

    session: int | None
    at_ms: int
    unix_s: int
    kind: str
    code: str
    facts: Mapping[str, object]


def _row(record: Record) -> dict[str, object]:
    # Sorted and without spaces, so that equal facts are equal bytes.
    facts = json.dumps(
        dict(record.facts), ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )
    return {
        "session_id": record.session,
        "at_ms": record.at_ms,
        "unix_s": record.unix_s,
        "kind": record.kind,
        "code": record.code,
        "facts": facts,
    }


class Journal:
    """The append-only record."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def append(self, *records: Record) -> None:
        """Add records in their order, all or none; durable on return.

        Raises:
            StoreError: Not written.
            TypeError: Facts that JSON does not know; nothing was written.
            ValueError: Facts that are not finite; nothing was written.
        """
        rows = [_row(record) for record in records]
        if rows:
            with self._store.transaction() as connection:
                connection.execute(insert(DECISION), rows)

    def entries(self, session: int | None) -> tuple[Record, ...]:
        """A session's records in the order of writing; None gives those that belong to no session.

        Raises:
            StoreError: They cannot be read.
        """
        query = select(DECISION).where(DECISION.c.session_id.is_not_distinct_from(session))
        with self._store.transaction() as connection:
            rows = connection.execute(query.order_by(DECISION.c.seq)).all()
            return tuple(
                Record(row.session_id, row.at_ms, row.unix_s, row.kind, row.code, json.loads(row.facts))
                for row in rows
            )
