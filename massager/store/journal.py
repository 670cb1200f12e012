"""What happened, in the order it happened; the database refuses to change or remove any of it.

Every row's hash covers the row before it (chain.py): a row that was altered, lost or slipped in shows.
Forgetting a person blanks the content of their rows. Its hash stays and the chain still holds; without the
random nonce that went with it nobody can guess the content from its hash.
"""

import json
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, insert, select, update

from massager.model.history import By, Moment
from massager.store import chain, seal
from massager.store.chain import Verdict
from massager.store.database import Store
from massager.store.tables import JOURNAL, PERSON, SESSION
from massager.store.who import person_row

_NONCE_BYTES: Final = 16

# Chosen, as in chain.py: others who want to write wait while a batch is read.
_BATCH: Final = 2000

_WITH_NAME: Final = select(JOURNAL, PERSON.c.name).outerjoin(PERSON, JOURNAL.c.person_id == PERSON.c.id)


@dataclass(frozen=True, slots=True)
class Record:
    """One decision, trip, delivery, answer or change.

    Attributes:
        session: Number of the session; None for what belongs to none.
        person: Whom it is about; where it is None, the session's person.
        at_ms: Boot-time clock.
        unix_s: Wall clock.
        kind: What sort of thing happened.
        code: Its reason code, or what it was.
        facts: All that is needed to recompute it, as JSON knows it; unchanged renewals are one record whose
            facts carry their count. None once the person was forgotten.
    """

    session: int | None
    person: str | None
    at_ms: int
    unix_s: int
    kind: str
    code: str
    facts: Mapping[str, object] | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A record in its place in the chain."""

    seq: int
    record: Record
    hash: str


def act(
    kind: str,
    by: By,
    now: Moment,
    facts: Mapping[str, object],
    *,
    person: str | None = None,
    session: int | None = None,
) -> Record:
    """The record of what somebody did: its code is the role, its facts say who."""
    return Record(session, person, now.boot_ms, now.wall_s, kind, by.role, {"who": by.name, **facts})


def _facts(record: Record) -> str:
    if record.facts is None:
        raise TypeError("a record is written with its facts")
    # Sorted and without spaces, so that equal facts are equal bytes.
    try:
        facts = json.dumps(
            dict(record.facts), ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
        )
        facts.encode()
    except ValueError as error:
        raise TypeError(f"facts that JSON does not know: {error}") from error
    return facts


def _people(
    connection: Connection, records: Iterable[Record]
) -> dict[tuple[str | None, int | None], int | None]:
    """Keys of the people concerned, by name and session as the records give them."""
    people: dict[tuple[str | None, int | None], int | None] = {}
    for name, session in {(record.person, record.session) for record in records}:
        if name is not None:
            people[name, session] = person_row(connection, name).id
        elif session is not None:
            owner = select(SESSION.c.person_id).where(SESSION.c.id == session)
            people[name, session] = connection.execute(owner).scalar()
    return people


def write(connection: Connection, *records: Record) -> None:
    """Append records in their order, as part of a transaction.

    Raises:
        NotFoundError: A record names a person whom nobody knows.
        TypeError: Facts that JSON does not know, or that are not finite.
    """
    if not records:
        return
    people = _people(connection, records)
    head = seal.meta(connection)
    previous: str = head.journal_hash
    rows = []
    for seq, record in enumerate(records, head.journal_seq + 1):
        nonce, facts = secrets.token_hex(_NONCE_BYTES), _facts(record)
        header = {
            "seq": seq,
            "session_id": record.session,
            "person_id": people.get((record.person, record.session)),
            "at_ms": record.at_ms,
            "unix_s": record.unix_s,
            "kind": str(record.kind),
            "code": str(record.code),
            "content_hash": chain.content_hash(nonce, facts),
        }
        previous = chain.row_hash(previous, tuple(header.values()))
        rows.append(header | {"nonce": nonce, "facts": facts, "hash": previous})
    connection.execute(insert(JOURNAL), rows)
    seal.change_meta(connection, journal_seq=rows[-1]["seq"], journal_hash=previous)


def blank(connection: Connection, person_id: int) -> None:
    """Take the content out of all that was written about a person; the rows and their hashes stay."""
    of_person = update(JOURNAL).where(JOURNAL.c.person_id == person_id)
    connection.execute(of_person.values(facts=None, nonce=None))


def _fitting(
    session: int | None, since_s: int | None, kinds: Collection[str] | None, without: Collection[str]
) -> Select[Any]:
    query = _WITH_NAME
    if session is not None:
        query = query.where(JOURNAL.c.session_id == session)
    if since_s is not None:
        query = query.where(JOURNAL.c.unix_s >= since_s)
    if kinds is not None:
        query = query.where(JOURNAL.c.kind.in_(sorted(kinds)))
    if without:
        query = query.where(JOURNAL.c.kind.not_in(sorted(without)))
    return query


def _entry(row: Row[Any]) -> Entry:
    facts = None if row.facts is None else json.loads(row.facts)
    record = Record(row.session_id, row.name, row.at_ms, row.unix_s, row.kind, row.code, facts)
    return Entry(row.seq, record, row.hash)


class Journal:
    """The append-only record."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def append(self, *records: Record) -> None:
        """Add records in their order, all or none; durable on return.

        Raises:
            StoreError: Not written.
            NotFoundError: A record names a person whom nobody knows; nothing was written.
            TypeError: Facts that JSON does not know, or that are not finite; nothing was written.
        """
        if records:
            with self._store.transaction() as connection:
                write(connection, *records)

    def records(
        self,
        *,
        session: int | None = None,
        person: str | None = None,
        since_s: int | None = None,
        kinds: Collection[str] | None = None,
        without: Collection[str] = (),
        after: int = 0,
        limit: int | None = None,
    ) -> tuple[Entry, ...]:
        """What is on record, in the order of writing; each argument leaves out what it does not fit.

        Args:
            session: Number of the session.
            person: Name of whom it is about.
            since_s: Earliest wall clock.
            kinds: Of one of these.
            without: Of none of these.
            after: Number of the last entry known already.
            limit: At most so many, the earliest.

        Raises:
            StoreError: They cannot be read.
            NotFoundError: Nobody has that name.
        """
        query = _fitting(session, since_s, kinds, without).order_by(JOURNAL.c.seq)
        found: list[Entry] = []
        while limit is None or len(found) < limit:
            size = _BATCH if limit is None else min(_BATCH, limit - len(found))
            with self._store.transaction() as connection:
                if person is not None:
                    query = query.where(JOURNAL.c.person_id == person_row(connection, person).id)
                rows = connection.execute(query.where(JOURNAL.c.seq > after).limit(size)).all()
            found += map(_entry, rows)
            if len(rows) < size:
                break
            after = found[-1].seq
        return tuple(found)

    def latest(
        self,
        *,
        session: int | None = None,
        person: str | None = None,
        since_s: int | None = None,
        kinds: Collection[str] | None = None,
        without: Collection[str] = (),
        before: int | None = None,
        limit: int,
    ) -> tuple[Entry, ...]:
        """The newest that fit, the newest first.

        Args:
            session: As for `records`, and so the next four.
            person: Name.
            since_s: Earliest wall clock.
            kinds: Of one of these.
            without: Of none of these.
            before: Number of the oldest entry known already; None for none.
            limit: At most so many.

        Raises:
            StoreError: They cannot be read.
            NotFoundError: Nobody has that name.
        """
        query = _fitting(session, since_s, kinds, without).order_by(JOURNAL.c.seq.desc()).limit(limit)
        if before is not None:
            query = query.where(JOURNAL.c.seq < before)
        with self._store.transaction() as connection:
            if person is not None:
                query = query.where(JOURNAL.c.person_id == person_row(connection, person).id)
            return tuple(map(_entry, connection.execute(query).all()))

    def head(self) -> int:
        """Number of the last entry, 0 before the first."""
        with self._store.transaction() as connection:
            seq: int = seal.meta(connection).journal_seq
        return seq

    def verify(self) -> Verdict:
        """Follow the whole chain from the first row on; others may go on writing meanwhile.

        Raises:
            StoreError: The store cannot be used at all.
        """
        return chain.verify(self._store)

    def verifying(self) -> Iterator[Verdict | None]:
        """As `verify`, a batch at a step: None before the last, which tells."""
        return chain.verifying(self._store)
