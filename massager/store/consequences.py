"""What an answer leaves behind: a lockout and a stricter record, both on the disk, or neither."""

from collections.abc import Callable

from sqlalchemy import func, select

from massager.model.history import Authority, By, LockCause, Lockout, Moment
from massager.model.people import Person
from massager.store import clock
from massager.store.database import Store
from massager.store.documents import from_document
from massager.store.lockouts import lock_out
from massager.store.people import rewrite
from massager.store.tables import SESSION
from massager.store.who import person_row


def leave_behind(
    store: Store,
    person: str,
    *,
    cause: LockCause | None,
    authority: Authority,
    wait_s: int,
    changed: Callable[[Person, int], Person],
    note: str,
    by: By,
    now: Moment,
) -> Lockout | None:
    """Lock a person out and change the record, in a session too; the lockout, if there is one.

    Args:
        store: Where.
        person: Whom.
        cause: Why to lock out; None for no lockout.
        authority: Who may clear that.
        wait_s: Not even the authority clears it within this time.
        changed: The record as it shall be, from the one that holds and the number of sessions that are over;
            that it permits no more is for the caller to know.
        note: What was said or observed.
        by: Who said it.
        now: On both clocks.

    Raises:
        NotFoundError: Nobody has that name.
        StoreError: The store fails.
        ValueError: A wait below zero.
    """
    if wait_s < 0:
        raise ValueError("a lockout cannot be cleared before it began")
    with store.transaction() as connection:
        clock.note(connection, now)
        row = person_row(connection, person)
        over = select(func.count()).where(
            SESSION.c.person_id == row.id, SESSION.c.ended_s.is_not(None), SESSION.c.used_ms > 0
        )
        old = from_document(row.name, row.document)
        new = changed(old, connection.execute(over).scalar_one())
        rewrite(connection, row, new, by=by, why=note, now=now)
        if cause is None:
            return None
        return lock_out(
            connection,
            person,
            cause=cause,
            authority=authority,
            wait_s=wait_s,
            note=note,
            by=by,
            now=now,
        )
