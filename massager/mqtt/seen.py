"""What the core knows of each massager: its last session, and what it has worked today."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from massager.model.decisions import Reason, Source
from massager.session.massage import MassageService
from massager.session.past import Shelf
from massager.session.snapshot import Ending, Snapshot

# They hold for some seconds, and a cap that came and went with them would be announced anew each time.
_PASSING: Final = frozenset({Source.ASKED, Source.FIRST_CONTACT, Source.RAMP, Source.COOL_DOWN})


@dataclass(frozen=True, slots=True)
class Seen:
    """The last session on one massager, as the core knows it now.

    Attributes:
        ending: None until it has ended.
        highest: Level that its program reaches at most on this person.
    """

    number: int
    snapshot: Snapshot
    ending: Ending | None
    highest: int

    @property
    def reason(self) -> Reason | None:
        """Why it ends or has ended; None while it goes on."""
        return self.ending.reason if self.ending else self.snapshot.reason

    @property
    def unconfirmed(self) -> bool:
        """Whether nobody knows that the massager rests after it."""
        alarm = self.ending.alarm if self.ending else self.snapshot.alarm
        return alarm is not None or (self.ending is not None and self.ending.confirmed is False)

    @property
    def used_s(self) -> int:
        """Of its time."""
        return self.snapshot.session_s - self.snapshot.left_s

    @property
    def cap(self) -> int:
        """Level that it may reach now: the program's highest, unless a limit holds it lower for longer."""
        sent = self.snapshot.sent
        if sent is None or sent.source in _PASSING:
            return self.highest
        return min(self.highest, max(1, sent.level))


def last_seen(massage: MassageService) -> dict[str, Seen]:
    """The last session on each massager, by what people call it; of some twenty that have ended."""
    found = {}
    for number, snapshot, ending in massage.snapshots():
        legs = massage.basis(number).prepared.timeline.legs
        found[snapshot.device] = Seen(number, snapshot, ending, max(leg.level for leg in legs))
    return found


@dataclass(frozen=True, slots=True)
class Today:
    """What one massager has worked since midnight, by the ledger.

    Attributes:
        counted: Sessions that the ledger has settled, of whatever day: theirs does not come on top.
    """

    used_s: int
    counted: frozenset[int]


NOTHING_TODAY: Final = Today(0, frozenset())


def used_today(shelves: Iterable[Shelf], massager: str, running: Iterable[int]) -> Today:
    """Of everybody's sessions, what one massager worked on this day; those that run are left out."""
    going, used_s, counted = frozenset(running), 0, set()
    for shelf in shelves:
        today = datetime.fromtimestamp(shelf.now_s).astimezone().date()
        for one in shelf.sessions:
            if one.device == massager and one.number not in going:
                counted.add(one.number)
                day = datetime.fromtimestamp(one.started_s).astimezone().date()
                used_s += one.used_s if day == today else 0
    return Today(used_s, frozenset(counted))
