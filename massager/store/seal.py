"""Rows that show when they were altered: each carries a digest, and `meta` the sum of all of them.

The sum finds what a digest alone cannot: a row that is gone, or one that came back. It is a check against
damage, not a signature: who may write to the file can also write a new sum.

`meta` is read once in a transaction and written once, by `Store.transaction` at its end; in between its
values stand with the connection.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, Table, delete, insert, select, update

from massager.model.errors import StoreError
from massager.store.tables import META, SEALED

DAMAGED: Final = "the store is damaged. Keep it as it is and put a backup in its place"

_MODULUS: Final = 2**256
_PENDING: Final = "massager.store.seal"


@dataclass(frozen=True, slots=True)
class Meta:
    """The row of `meta`, as the transaction will leave it."""

    store_id: str
    changes: int
    high_water_s: int
    journal_seq: int
    journal_hash: str


@dataclass(slots=True)
class _Pending:
    found: Meta
    meta: Meta
    seal_sum: int
    touched: bool = False


def _digest(table: Table, values: Mapping[str, Any]) -> str:
    content = [table.name, *(values[column.name] for column in table.columns if column.name != "seal")]
    # `default`: SQLite may hand out bytes where text was written; another content, and no error.
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, default=repr).encode()).hexdigest()


def _values(row: Row[Any]) -> dict[str, Any]:
    return dict(row._mapping)  # noqa: SLF001 - the documented way to a row's columns by name


def check(table: Table, row: Row[Any]) -> Row[Any]:
    """The row itself, if it is as it was written.

    Raises:
        StoreError: It was altered.
    """
    values = _values(row)
    if values["seal"] != _digest(table, values):
        raise StoreError(f"A row of {table.name} was altered from outside: {DAMAGED}.")
    return row


def add(connection: Connection, table: Table, **values: Any) -> int:
    """Insert a row and seal it; its `id`, or 0 for a table without one."""
    row = {column.name: values.get(column.name) for column in table.columns}
    if "id" in table.columns and row["id"] is None:
        del row["id"]
        blank = insert(table).values(row | {"seal": ""}).returning(table.c.id)
        row["id"] = connection.execute(blank).scalar_one()
        seal = _digest(table, row)
        connection.execute(update(table).where(table.c.id == row["id"]).values(seal=seal))
    else:
        seal = _digest(table, row)
        connection.execute(insert(table).values(row | {"seal": seal}))
    _shift(connection, int(seal, 16))
    return int(row.get("id") or 0)


def change(connection: Connection, table: Table, row: Row[Any], **values: Any) -> None:
    """Change a row that was read in this transaction, and seal it anew.

    Raises:
        StoreError: The row as it was read was altered from outside.
    """
    before = _values(check(table, row))
    after = before | values
    seal = _digest(table, after)
    key = [column == before[column.name] for column in table.primary_key]
    connection.execute(update(table).where(*key).values(values | {"seal": seal}))
    _shift(connection, int(seal, 16) - int(before["seal"], 16))


def remove(connection: Connection, table: Table, row: Row[Any]) -> None:
    """Delete a row that was read in this transaction.

    Raises:
        StoreError: The row as it was read was altered from outside.
    """
    before = _values(check(table, row))
    connection.execute(delete(table).where(*(column == before[column.name] for column in table.primary_key)))
    _shift(connection, -int(before["seal"], 16))


def _meta_row(meta: Meta, seal_sum: int) -> dict[str, Any]:
    values = {
        "id": 1,
        "store_id": meta.store_id,
        "changes": meta.changes,
        "high_water_s": meta.high_water_s,
        "journal_seq": meta.journal_seq,
        "journal_hash": meta.journal_hash,
        "seal_sum": f"{seal_sum:064x}",
    }
    return values | {"seal": _digest(META, values)}


def create_meta(connection: Connection, store_id: str) -> None:
    """Write the row of `meta` into a store without any other row."""
    connection.execute(
        insert(META).values(
            _meta_row(Meta(store_id, changes=0, high_water_s=0, journal_seq=0, journal_hash=""), 0)
        )
    )


def begin(connection: Connection) -> None:
    """Read `meta`; on PostgreSQL its lock makes whoever else wants to read or write wait for the end.

    Raises:
        StoreError: It is missing or was altered.
    """
    _begin(connection, select(META).with_for_update())


def begin_reading(connection: Connection) -> None:
    """Read `meta` without keeping anybody waiting, in a transaction that writes nothing.

    Raises:
        StoreError: It is missing or was altered.
    """
    _begin(connection, select(META))


def _begin(connection: Connection, query: Select[Any]) -> None:
    connection.info.pop(_PENDING, None)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise StoreError(f"The store has lost its first row: {DAMAGED}.")
    check(META, row)
    meta = Meta(row.store_id, row.changes, row.high_water_s, row.journal_seq, row.journal_hash)
    connection.info[_PENDING] = _Pending(meta, meta, int(row.seal_sum, 16))


def finish(connection: Connection) -> Meta | None:
    """Write `meta` if the transaction changed anything that is sealed or chained; what it is then."""
    pending = _pending(connection)
    if not pending.touched and pending.meta == pending.found:
        return None
    change_meta(connection, changes=pending.meta.changes + 1)
    connection.execute(update(META).values(_meta_row(pending.meta, pending.seal_sum)))
    return pending.meta


def _pending(connection: Connection) -> _Pending:
    found: _Pending = connection.info[_PENDING]
    return found


def meta(connection: Connection) -> Meta:
    """The row of `meta`, with what this transaction has changed."""
    return _pending(connection).meta


def change_meta(connection: Connection, **values: Any) -> None:
    """Change `meta`; written at the end of the transaction."""
    pending = _pending(connection)
    pending.meta = replace(pending.meta, **values)


def _shift(connection: Connection, by: int) -> None:
    pending = _pending(connection)
    pending.seal_sum = (pending.seal_sum + by) % _MODULUS
    pending.touched = True


def verify(connection: Connection) -> None:
    """Check every sealed row, and that none is missing.

    Raises:
        StoreError: Some row was altered, lost, or came back.
    """
    total = 0
    for table in SEALED:
        for row in connection.execute(select(table)):
            total += int(check(table, row).seal, 16)
    if total % _MODULUS != _pending(connection).seal_sum:
        raise StoreError(f"Rows were lost or came back: {DAMAGED}.")
