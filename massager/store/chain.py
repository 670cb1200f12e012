"""The journal's chain: every row's hash covers the row before it, and `meta` holds the last one.

A row's hash is the SHA-256 of a JSON list: the hash before it (empty for the first), number, session, person,
boot-time clock, wall clock, kind, code, and the hash of its content. The content's hash is the SHA-256 of its
nonce and its facts as they were written.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, select
from sqlalchemy.exc import SQLAlchemyError

from massager.store import seal
from massager.store.database import Store
from massager.store.tables import JOURNAL, PERSON

# Chosen, because nobody else can write while a batch is read: a few tens of milliseconds.
_BATCH: Final = 2000

# A forgotten person keeps the row without a name; only such a person's content may be gone.
_ROWS: Final = (
    select(JOURNAL, PERSON.c.id.label("known"), PERSON.c.name)
    .outerjoin(PERSON, JOURNAL.c.person_id == PERSON.c.id)
    .order_by(JOURNAL.c.seq)
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the chain says of itself.

    Attributes:
        rows: How many are right, from the first on.
        first_bad: Number of the first that is not; None when all are.
        what: What is wrong with it; empty when nothing is.
    """

    rows: int
    first_bad: int | None
    what: str


def content_hash(nonce: object, facts: object) -> str:
    """The hash of a row's content; the nonce, of fixed length, keeps short facts from being guessed."""
    return hashlib.sha256(f"{nonce}{facts}".encode()).hexdigest()


def row_hash(previous: str, header: Sequence[object]) -> str:
    """The hash of a row, from the one before it and its columns from `seq` to `content_hash`."""
    # `default`: SQLite may hand out bytes where text was written; another content, and no error.
    content = json.dumps([previous, *header], ensure_ascii=False, separators=(",", ":"), default=repr)
    return hashlib.sha256(content.encode()).hexdigest()


def _fault(row: Row[Any], seq: int, previous: str) -> str:
    """What is wrong with the row that should have this number; empty when nothing is."""
    if row.seq != seq:
        return f"row {seq} is missing" if row.seq > seq else f"row {row.seq} was added from outside"
    header = (
        row.seq,
        row.session_id,
        row.person_id,
        row.at_ms,
        row.unix_s,
        row.kind,
        row.code,
        row.content_hash,
    )
    if row.hash != row_hash(previous, header):
        return f"row {seq} was altered"
    if row.facts is None and row.nonce is None:
        forgotten = row.known is not None and row.name is None
        return "" if forgotten else f"the content of row {seq} is gone, but nobody was forgotten"
    if row.content_hash != content_hash(row.nonce, row.facts):
        return f"the content of row {seq} was altered"
    return ""


def _read(connection: Connection, after: int, size: int) -> Sequence[Row[Any]] | None:
    """The rows after a number, from 0 all that there are; None when one of them cannot be read."""
    query = _ROWS.where(JOURNAL.c.seq > after) if after else _ROWS
    try:
        return connection.execute(query.limit(size)).all()
    except (SQLAlchemyError, ValueError):  # ValueError: text that is none, in SQLite's own message
        return None


def _end(connection: Connection, seq: int, last_hash: str) -> Verdict:
    """The verdict when all is right up to the last row, which is `seq`."""
    head = seal.meta(connection)
    if seq < head.journal_seq:
        return Verdict(seq, seq + 1, f"rows {seq + 1} to {head.journal_seq} are missing")
    if seq > head.journal_seq:
        first = head.journal_seq + 1
        return Verdict(first - 1, first, f"rows {first} to {seq} were added from outside")
    if last_hash != head.journal_hash:
        return Verdict(seq - 1, seq, f"row {seq} was altered")
    return Verdict(seq, None, "")


def verify(store: Store) -> Verdict:
    """Follow the whole chain, a batch at a time, while others may go on writing.

    Raises:
        StoreError: The store cannot be used at all.
    """
    return next(verdict for verdict in verifying(store) if verdict is not None)


def verifying(store: Store) -> Iterator[Verdict | None]:
    """As `verify`, for whoever has something else to do between two batches: None until all is known.

    Raises:
        StoreError: The store cannot be used at all.
    """
    seq, last_hash, size = 0, "", _BATCH
    while True:
        with store.transaction() as connection:
            rows = _read(connection, seq, size)
            if rows is None and size > 1:
                size = 1
                continue
            verdict = Verdict(seq, seq + 1, f"row {seq + 1} cannot be read")
            if rows is not None and not rows:
                verdict = _end(connection, seq, last_hash)
        if not rows:
            yield verdict
            return
        for row in rows:
            what = _fault(row, seq + 1, last_hash)
            if what:
                yield Verdict(seq, min(seq + 1, row.seq), what)
                return
            seq, last_hash = row.seq, row.hash
        yield None
