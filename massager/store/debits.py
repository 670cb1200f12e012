"""What a session reserved and used, on its own clock and the zones' clocks; nothing is ever given back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from massager.model.body import Side, Zone
from massager.store import seal
from massager.store.tables import DEBIT, SESSION


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


def _debits(connection: Connection, session: int) -> dict[tuple[Zone, Side], Row[Any]]:
    rows = connection.execute(select(DEBIT).where(DEBIT.c.session_id == session)).all()
    return {(Zone(row.zone), Side(row.side)): seal.check(DEBIT, row) for row in rows}


def settle(
    connection: Connection, row: Row[Any], used: Amounts, block: Amounts, **session_values: Any
) -> Amounts:
    """Write down what was used and reserve the block on top of it; the totals reserved.

    Args:
        connection: Of a transaction.
        row: The session's, read in it.
        used: Totals since the session's start; less than was said before changes nothing.
        block: What may be used beyond `used`.
        session_values: Other columns of the session to change with it.
    """
    session_used = max(row.used_ms, used.session_ms)
    session_reserved = max(row.reserved_ms, session_used + block.session_ms)
    values = session_values | {"used_ms": session_used, "reserved_ms": session_reserved}
    seal.change(connection, SESSION, row, **values)
    before = _debits(connection, row.id)
    after = {}
    for key in before.keys() | used.zones_ms.keys() | block.zones_ms.keys():
        debit = before.get(key)
        zone_reserved, zone_used = (0, 0) if debit is None else (debit.reserved_ms, debit.used_ms)
        used_ms = max(zone_used, used.zones_ms.get(key, 0))
        reserved_ms = max(zone_reserved, used_ms + block.zones_ms.get(key, 0))
        after[key] = reserved_ms
        amounts = {"reserved_ms": reserved_ms, "used_ms": used_ms}
        if debit is None:
            zone, side = key
            seal.add(connection, DEBIT, session_id=row.id, zone=zone.value, side=side.value, **amounts)
        elif (zone_reserved, zone_used) != (reserved_ms, used_ms):
            seal.change(connection, DEBIT, debit, **amounts)
    return Amounts(session_reserved, after)


def use_up(connection: Connection, row: Row[Any], *, ended_s: int) -> None:
    """End a session with all that it reserved counted as used."""
    seal.change(connection, SESSION, row, used_ms=row.reserved_ms, ended_s=ended_s)
    for debit in _debits(connection, row.id).values():
        seal.change(connection, DEBIT, debit, used_ms=debit.reserved_ms)
