"""What a person's sessions count as when the next one is asked for."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, func, select

from massager.model.history import History, Moment, PastSession
from massager.store import clock, seal
from massager.store.follow_ups import unanswered
from massager.store.lockouts import open_lockouts, pain_stops
from massager.store.tables import LOCKOUT, SESSION
from massager.store.time_confirmed import Confirmed, confirmations

# Chosen, because the longest look back is seven rolling days; the eighth leaves room for a long session.
LOOK_BACK_S: Final = 8 * 24 * 3600


def seconds(ms: int) -> int:
    """Whole seconds, rounded up: use is never counted short."""
    return -(-ms // 1000)


def latest_end_s(row: Row[Any]) -> int:
    """When a session that nobody closed can have moved something at the latest: all reserved is used."""
    last_s: int = max(row.last_s, row.started_s + seconds(row.used_ms))
    return last_s + seconds(row.reserved_ms - row.used_ms)


def past_session(row: Row[Any], confirmed: Confirmed, now_s: int) -> PastSession:
    """What a session counts as; one that nobody closed: all it reserved, and until now at least."""
    started_s = confirmed.age(row.id, row.started_s)
    if row.ended_s is not None:
        return PastSession(started_s, confirmed.age(row.id, row.ended_s), seconds(row.used_ms))
    return PastSession(started_s, max(latest_end_s(row), now_s), seconds(row.reserved_ms))


def history(connection: Connection, person_id: int, now: Moment, *, local_min: int, year: int) -> History:
    """All that the ledger knows of a person; a session that moved nothing is left out.

    Raises:
        StoreError: A row was altered from outside.
    """
    time = clock.look(connection, now)
    confirmed = confirmations(connection)
    rows = connection.execute(
        select(SESSION).where(SESSION.c.person_id == person_id, SESSION.c.reserved_ms > 0)
    ).all()
    moved = [row for row in rows if _moved(seal.check(SESSION, row))]
    past = [past_session(row, confirmed, time.now_s) for row in moved]
    return History(
        now_s=time.now_s,
        behind=time.behind,
        past=tuple(
            sorted(
                (one for one in past if one.ended_s >= time.now_s - LOOK_BACK_S),
                key=lambda one: (one.started_s, one.ended_s),
            )
        ),
        sessions_ever=len(moved),
        after_lockout=_after_lockout(connection, person_id, moved, confirmed),
        lockouts=open_lockouts(connection, person_id),
        follow_ups=tuple(one for one in unanswered(connection, person_id) if one.due_s <= time.now_s),
        local_min=local_min,
        year=year,
        pain_stops=len(pain_stops(connection, person_id, time.now_s)),
    )


def _moved(row: Row[Any]) -> bool:
    # What used nothing moved nothing; while nobody has closed it, what it reserved may have been used.
    return bool(row.used_ms > 0 or row.ended_s is None)


def _after_lockout(
    connection: Connection, person_id: int, moved: Sequence[Row[Any]], confirmed: Confirmed
) -> bool:
    """Whether a lockout was cleared since the last session that moved anything."""
    cleared = select(func.max(LOCKOUT.c.cleared_s)).where(LOCKOUT.c.person_id == person_id)
    cleared_s = connection.execute(cleared).scalar()
    started = [confirmed.age(row.id, row.started_s) for row in moved]
    return cleared_s is not None and cleared_s >= max(started, default=cleared_s)
