"""The question how it went after a session, until somebody has answered it."""

from typing import Any

from sqlalchemy import Connection, Row, Select, select

from massager.model.errors import NotFoundError
from massager.model.history import By, FollowUp, Moment
from massager.model.questions import PAIN_WORST
from massager.store import clock, journal, seal
from massager.store.database import Store
from massager.store.tables import FOLLOW_UP
from massager.store.who import person_row


def unanswered(connection: Connection, person_id: int) -> tuple[FollowUp, ...]:
    """Those that nobody has answered, due or not, the first due first.

    Raises:
        StoreError: One was altered from outside.
    """
    return tuple(_follow_up(seal.check(FOLLOW_UP, row)) for row in connection.execute(_open(person_id)))


def _open(person_id: int) -> Select[Any]:
    of_person = select(FOLLOW_UP).where(FOLLOW_UP.c.person_id == person_id, FOLLOW_UP.c.answered_s.is_(None))
    return of_person.order_by(FOLLOW_UP.c.due_s, FOLLOW_UP.c.id)


def _follow_up(row: Row[Any]) -> FollowUp:
    return FollowUp(number=row.id, session=row.session_id, due_s=row.due_s)


class FollowUps:
    """Questions that wait for an answer. Every method raises `StoreError` when the store fails."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, person: str) -> tuple[FollowUp, ...]:
        """Those of a person that nobody has answered, due or not, the first due first.

        Raises:
            NotFoundError: Nobody has that name.
        """
        with self._store.transaction() as connection:
            return unanswered(connection, person_row(connection, person).id)

    def answer(
        self, person: str, number: int, *, pain: int | None, worse: str, feeling: str, by: By, now: Moment
    ) -> None:
        """Write down an answer; what follows from it is for the caller to know.

        Args:
            person: Whose.
            number: Of the question.
            pain: 0 to 10; None was not told.
            worse: Whether it is worse than before the session, in the word that was chosen.
            feeling: What is new, in the word that was chosen.
            by: Who answers.
            now: On both clocks.

        Raises:
            NotFoundError: No question of that number waits; the text lists those that do.
            ValueError: Pain that is not on the scale.
        """
        if pain is not None and not 0 <= pain <= PAIN_WORST:
            raise ValueError(f"pain is a number from 0 to {PAIN_WORST}")
        with self._store.transaction() as connection:
            now_s = clock.note(connection, now)
            rows = {row.id: row for row in connection.execute(_open(person_row(connection, person).id))}
            if number not in rows:
                known = ", ".join(map(str, rows)) or "none"
                raise NotFoundError(
                    f"No question {number} waits for an answer of {person}. Waiting: {known}."
                )
            row = rows[number]
            seal.change(connection, FOLLOW_UP, row, answered_s=now_s)
            facts = {"number": number, "pain": pain, "worse": worse, "feeling": feeling}
            record = journal.act("follow-up", by, now, facts, person=person, session=row.session_id)
            journal.write(connection, record)
