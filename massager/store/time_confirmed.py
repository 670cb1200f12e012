"""A caregiver's word that the wall clock is right, when the ledger counted another time.

The word may be wrong, so it hurries nothing. What lies in a false future happened now, at the latest, and
what was to wait from then waits in full from now. If the ledger counted too early, everything so far moves
along with it and is as old as it was a moment before. Sessions keep the times that were written, and are read
through these confirmations; the rest is put right at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Table, func, select

from massager.model.history import By, Moment
from massager.store import clock, journal, seal
from massager.store.tables import CAREGIVER, FOLLOW_UP, LOCKOUT, SESSION, TIME_CONFIRMED


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Every confirmation so far, oldest first: what was counted, what is right, the last session then."""

    words: Sequence[tuple[int, int, int]]

    def age(self, session: int, at_s: int) -> int:
        """What a time that was written for a session counts as today."""
        for before_s, right_s, up_to_session in self.words:
            if session <= up_to_session:
                at_s = _moved(at_s, before_s, right_s)
        return at_s


def _moved(at_s: int, before_s: int, right_s: int) -> int:
    return min(at_s + max(0, right_s - before_s), right_s)


def confirmations(connection: Connection) -> Confirmed:
    """All of them.

    Raises:
        StoreError: One was altered from outside.
    """
    rows = connection.execute(select(TIME_CONFIRMED).order_by(TIME_CONFIRMED.c.id)).all()
    checked = (seal.check(TIME_CONFIRMED, row) for row in rows)
    return Confirmed(tuple((row.before_s, row.at_s, row.up_to_session) for row in checked))


def confirm(connection: Connection, by: By, now: Moment) -> None:
    """Believe the wall clock from now on, as part of a transaction in which no session is open.

    The end of one that is open would count as before the confirmation.
    """
    before_s = clock.note(connection, now)
    right_s = now.wall_s
    last: int = connection.execute(select(func.coalesce(func.max(SESSION.c.id), 0))).scalar_one()
    seal.add(connection, TIME_CONFIRMED, before_s=before_s, at_s=right_s, up_to_session=last)
    clock.believe(connection, now)
    for row in connection.execute(select(LOCKOUT)).all():
        _move_lockout(connection, row, before_s, right_s)
    for row in connection.execute(select(FOLLOW_UP).where(FOLLOW_UP.c.answered_s.is_(None))).all():
        # Only earlier: a question is asked too soon rather than too late.
        due_s = row.due_s + min(0, right_s - before_s)
        _change(connection, FOLLOW_UP, row, due_s=due_s)
    for row in connection.execute(select(CAREGIVER).where(CAREGIVER.c.failed_s.is_not(None))).all():
        _change(connection, CAREGIVER, row, failed_s=_moved(row.failed_s, before_s, right_s))
    facts = {"before_s": before_s, "at_s": right_s}
    journal.write(connection, journal.act("time-confirmed", by, now, facts))


def _move_lockout(connection: Connection, row: Row[Any], before_s: int, right_s: int) -> None:
    since_s = _moved(row.since_s, before_s, right_s)
    cleared_s = None if row.cleared_s is None else _moved(row.cleared_s, before_s, right_s)
    not_before_s = since_s + row.not_before_s - row.since_s
    _change(connection, LOCKOUT, row, since_s=since_s, not_before_s=not_before_s, cleared_s=cleared_s)


def _change(connection: Connection, table: Table, row: Row[Any], **values: int | None) -> None:
    if any(getattr(row, name) != value for name, value in values.items()):
        seal.change(connection, table, row, **values)
