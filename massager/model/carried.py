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
        pain_stops_s: When each session ended for pain whose lockout was cleared within the last 14 days.
    """

    sessions: tuple[PastSession, ...] = ()
    lockouts: tuple[Lockout, ...] = ()
    after_lockout: bool = False
    follow_ups_due_s: tuple[int, ...] = ()
    pain_stops_s: tuple[int, ...] = ()

    @property
    def sessions_ever(self) -> int:
        """How many of the sessions count as such elsewhere: those that moved anything."""
        return sum(one.used_s > 0 for one in self.sessions)
