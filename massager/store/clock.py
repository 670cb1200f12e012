"""Ledger time: seconds since 1970 that no setting of the wall clock can hurry.

Within a boot ledger time runs with the boot-time clock, from what the wall clock said when the store was
first told of that boot: setting the wall clock forward ages nothing. It never goes below the high-water mark,
the latest ledger time ever noted. A wall clock earlier than the mark, or than ledger time within a boot, is
`behind`: somebody put it back, or it was wrong before; nothing may start until it is right again or a
caregiver has confirmed the time. Meanwhile ledger time still runs with the boot-time clock, so that a
session's end is stamped when it was.

From one boot to the next nothing else can be known: the wall clock is believed, if it is past the mark.
"""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from massager.model.history import Moment
from massager.store import seal
from massager.store.tables import CLOCK

# Chosen, because clocks of machines that share a store, kept by NTP and rounded to seconds, differ by less.
TOLERANCE_S: Final = 2


@dataclass(frozen=True, slots=True)
class LedgerTime:
    """Now, as the ledger counts it.

    Attributes:
        behind: Whether the wall clock is earlier than it can be.
    """

    now_s: int
    behind: bool


def _row(connection: Connection, now: Moment) -> Row[Any] | None:
    row = connection.execute(select(CLOCK).where(CLOCK.c.boot_id == now.boot_id)).one_or_none()
    return None if row is None else seal.check(CLOCK, row)


def _line_s(row: Row[Any], now: Moment) -> int:
    """Where ledger time stands by the boot-time clock alone; rounded down."""
    elapsed_s: int = max(0, now.boot_ms - row.boot_ms) // 1000
    return int(row.ledger_s) + elapsed_s


def _reckon(mark_s: int, row: Row[Any] | None, now: Moment) -> LedgerTime:
    line_s = now.wall_s if row is None else _line_s(row, now)
    # The line of a machine that has not written for long lags behind the mark that others raised.
    latest_s = max(line_s, mark_s)
    if now.wall_s < latest_s - TOLERANCE_S:
        return LedgerTime(latest_s, behind=True)
    return LedgerTime(max(min(now.wall_s, line_s), mark_s), behind=False)


def look(connection: Connection, now: Moment) -> LedgerTime:
    """Ledger time, without writing anything."""
    return _reckon(seal.meta(connection).high_water_s, _row(connection, now), now)


def note(connection: Connection, now: Moment) -> int:
    """Ledger time now, in seconds; never less than any that was noted before."""
    row = _row(connection, now)
    now_s = _reckon(seal.meta(connection).high_water_s, row, now).now_s
    if row is None or _line_s(row, now) != now_s:
        _begin_line(connection, row, now, now_s)
    seal.change_meta(connection, high_water_s=now_s)
    return now_s


def believe(connection: Connection, now: Moment) -> None:
    """Let ledger time be the wall clock from now on; what lies later is the caller's to put right."""
    _begin_line(connection, _row(connection, now), now, now.wall_s)
    seal.change_meta(connection, high_water_s=now.wall_s)


def _begin_line(connection: Connection, row: Row[Any] | None, now: Moment, now_s: int) -> None:
    if row is None:
        seal.add(connection, CLOCK, boot_id=now.boot_id, boot_ms=now.boot_ms, ledger_s=now_s)
    else:
        seal.change(connection, CLOCK, row, boot_ms=now.boot_ms, ledger_s=now_s)
