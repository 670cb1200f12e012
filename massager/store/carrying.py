"""A person who moves to another store takes the recent past along: no minute, lock or question is lost."""

from dataclasses import replace
from typing import Final

from sqlalchemy import Connection, select

from massager.model.carried import Carried
from massager.model.errors import BusyError, NotAllowedError
from massager.model.history import By, LockCause, Moment
from massager.model.people import Person, StrengthLimit
from massager.store import clock, journal, past, seal
from massager.store.database import Store
from massager.store.documents import from_document
from massager.store.follow_ups import unanswered
from massager.store.lockouts import pain_stops
from massager.store.people import add_person
from massager.store.tables import FOLLOW_UP, LOCKOUT, SESSION
from massager.store.who import person_row

# Chosen: more than two clocks that are right differ by, wherever on earth they are.
_CLOCKS_DIFFER_S: Final = 3600

ELSEWHERE: Final = "elsewhere"


def take_along(store: Store, person: str, now: Moment) -> tuple[Person, Carried]:
    """A person, and what they take along; what was left open by a dead controller counts in full.

    Strength limits that have ended are left out. The others count from the last session that comes along, and
    hold for as many more as they do here.

    Raises:
        NotFoundError: Nobody has that name.
        BusyError: The person is in a session.
        StoreError: The store fails.
    """
    with store.transaction() as connection:
        found = person_row(connection, person)
        key: int = found.id
        still_open = select(SESSION).where(SESSION.c.person_id == key, SESSION.c.ended_s.is_(None))
        for row in connection.execute(still_open).all():
            if store.presence.lives(row.controller):
                what_to_do = store.presence.advice(row.controller)
                raise BusyError(f"{person} is in session {row.id} on {row.device}. {what_to_do}")
        # Hours and age are asked for at a start only.
        known = past.history(connection, key, now, local_min=0, year=0)
        due_s = tuple(one.due_s for one in unanswered(connection, key))
        pains_s = tuple(
            row.since_s for row in pain_stops(connection, key, known.now_s) if row.cleared_s is not None
        )
        carried = Carried(known.past, known.lockouts, known.after_lockout, due_s, pains_s)
        here = from_document(found.name, found.document)
        limits = tuple(
            _counted_anew(one, known.sessions_ever, carried.sessions_ever)
            for one in here.strength_limits
            if one.holds(known.sessions_ever)
        )
        return replace(here, strength_limits=limits), carried


def _counted_anew(limit: StrengthLimit, sessions_here: int, sessions_there: int) -> StrengthLimit:
    """A limit that holds, where so many sessions are known: for as many more as here."""
    return StrengthLimit(
        permille=limit.permille,
        after_sessions=sessions_there,
        for_sessions=limit.after_sessions + limit.for_sessions - sessions_here,
        # It lowers the next session alone; where that is over, only the limit is left.
        too_strong=limit.too_strong and limit.after_sessions >= sessions_here,
    )


def add_with_past(store: Store, person: Person, carried: Carried, *, by: By, now: Moment) -> None:
    """Add a person together with the past; both are there, or nothing is.

    Raises:
        NotAllowedError: The name is taken or cannot be one, or the past lies in the future.
        StoreError: The store fails.
    """
    with store.transaction() as connection:
        now_s = clock.note(connection, now)
        latest_s = max((one.ended_s for one in carried.sessions), default=0)
        latest_s = max(latest_s, *(one.since_s for one in carried.lockouts), *carried.pain_stops_s, 0)
        if latest_s > now_s + _CLOCKS_DIFFER_S:
            raise NotAllowedError(
                f"What {person.name} brings along lies in the future. Set the clock of this computer, or of "
                "the one it comes from, then try again."
            )
        key = add_person(connection, person, by=by, now=now)
        sessions = [
            _add_session(connection, key, one.started_s, one.ended_s, one.used_s) for one in carried.sessions
        ]
        _add_lockouts(connection, key, carried, now_s)
        if carried.follow_ups_due_s and not sessions:
            # A question is about some session; this one used nothing, and so counts for nothing.
            asked_s = min(carried.follow_ups_due_s)
            sessions = [_add_session(connection, key, asked_s, asked_s, 0)]
        for due_s in carried.follow_ups_due_s:
            seal.add(connection, FOLLOW_UP, person_id=key, session_id=sessions[-1], due_s=due_s)
        facts = {
            "sessions": [[one.started_s, one.ended_s, one.used_s] for one in carried.sessions],
            "lockouts": [one.cause.value for one in carried.lockouts],
            "after_lockout": carried.after_lockout,
            "follow_ups_due_s": list(carried.follow_ups_due_s),
            "pain_stops_s": list(carried.pain_stops_s),
        }
        journal.write(connection, journal.act("past-brought-along", by, now, facts, person=person.name))


def _add_session(connection: Connection, person_id: int, started_s: int, ended_s: int, used_s: int) -> int:
    return seal.add(
        connection,
        SESSION,
        person_id=person_id,
        device=ELSEWHERE,
        program=ELSEWHERE,
        controller=ELSEWHERE,
        started_s=started_s,
        last_s=ended_s,
        ended_s=ended_s,
        reserved_ms=1000 * used_s,
        used_ms=1000 * used_s,
    )


def _add_lockouts(connection: Connection, person_id: int, carried: Carried, now_s: int) -> None:
    for one in carried.lockouts:
        seal.add(
            connection,
            LOCKOUT,
            person_id=person_id,
            cause=one.cause.value,
            authority=one.authority.value,
            since_s=one.since_s,
            not_before_s=one.not_before_s,
            note=one.note,
        )
    for at_s in carried.pain_stops_s:
        _add_cleared(connection, person_id, LockCause.PAIN, at_s)
    if carried.after_lockout:
        # One that was cleared elsewhere: the first session after it is a gentle one here too.
        _add_cleared(connection, person_id, LockCause.SET_BY_HAND, now_s)


def _add_cleared(connection: Connection, person_id: int, cause: LockCause, at_s: int) -> None:
    seal.add(
        connection,
        LOCKOUT,
        person_id=person_id,
        cause=cause.value,
        authority="caregiver",
        since_s=at_s,
        not_before_s=at_s,
        note="",
        cleared_s=at_s,
    )
