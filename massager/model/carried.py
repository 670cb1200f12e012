"""What a person takes along to another store, so that nothing used up is given back there."""

from dataclasses import dataclass

from massager.model.history import Lockout, PastSession


@dataclass(frozen=True, slots=True)
class Carried:
    """A person's recent past; all times are ledger time of the store it comes from.

    Attributes:
        sessions: Of the last eight days, oldest first.
        lockouts: Open ones; their numbers mean nothing elsewhere.
        after_lockout: Whether one was cleared since the last session.
        follow_ups_due_s: When each question is due that was not answered yet.
    """

    sessions: tuple[PastSession, ...] = ()
    lockouts: tuple[Lockout, ...] = ()
    after_lockout: bool = False
    follow_ups_due_s: tuple[int, ...] = ()
