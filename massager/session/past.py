"""What a person has had, for looking back: minutes by day and by place, strength and pain by session.

What nobody recorded is None, never 0. Nothing here decides anything; the limits count by themselves.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from massager.model.body import Side, Zone
from massager.model.history import Moment
from massager.session.recalled import KINDS, Recalled, recall
from massager.store import Journal, Kept, Sessions, Shelf, Store

_WEEK_S: Final = 7 * 24 * 3600

__all__ = ["Day", "Kept", "PastService", "Placed", "Recalled", "Shelf", "days_of", "placed_of"]


@dataclass(frozen=True, slots=True)
class Day:
    """One day by the calendar of this computer's place; None where nothing is known of it.

    Attributes:
        sessions: That began on it.
        used_s: Theirs.
        week_s: Of the seven days until its end, or until now; what the limit of seven days counts.
    """

    date: date
    sessions: int | None
    used_s: int | None
    week_s: int | None


@dataclass(frozen=True, slots=True)
class Placed:
    """Contact within the last seven days.

    Attributes:
        zones_s: By zone and side, each with all of its own, rounded up.
        elsewhere_s: Of sessions that were brought along: where on the back is not known.
    """

    zones_s: dict[tuple[Zone, Side], int]
    elsewhere_s: int


class PastService:
    """Looks back, each time shortly, for the store's thread; raises `StoreError` when the store fails."""

    def __init__(self, store: Store, *, now: Callable[[], Moment]) -> None:
        self._sessions = Sessions(store)
        self._journal = Journal(store)
        self._now = now

    def of(self, name: str) -> Shelf:
        """All sessions of a person that moved anything.

        Raises:
            NotFoundError: Nobody has that name.
        """
        return self._sessions.of(name, self._now())

    def recall(self, session: int) -> Recalled:
        """What the journal says of one; some ten milliseconds for a quarter of an hour."""
        entries = self._journal.records(session=session, kinds=KINDS)
        return recall(entry.record for entry in entries)


def days_of(shelf: Shelf, count: int) -> tuple[Day, ...]:
    """The last days, today included, oldest first."""
    today = datetime.fromtimestamp(shelf.now_s).astimezone().date()
    return tuple(_day(shelf, today - timedelta(days=back)) for back in reversed(range(count)))


def _day(shelf: Shelf, day: date) -> Day:
    first_s, next_s = _midnight_s(day), _midnight_s(day + timedelta(days=1))
    if next_s <= shelf.known_s:
        return Day(day, None, None, None)
    until_s = min(next_s - 1, shelf.now_s)
    of_day = [one for one in shelf.sessions if first_s <= one.started_s < next_s]
    of_week = [one for one in shelf.sessions if one.started_s <= until_s and until_s - one.ended_s < _WEEK_S]
    return Day(day, len(of_day), _used_s(of_day), _used_s(of_week))


def _midnight_s(day: date) -> int:
    return int(datetime.combine(day, time()).astimezone().timestamp())


def _used_s(sessions: Sequence[Kept]) -> int:
    return sum(one.used_s for one in sessions)


def placed_of(shelf: Shelf) -> Placed:
    """Where on the back the last seven days were."""
    recent = [one for one in shelf.sessions if shelf.now_s - one.ended_s < _WEEK_S]
    zones_ms = {(zone, side): 0 for zone in Zone for side in Side}
    for one in recent:
        for place, used_ms in one.zones_ms.items():
            zones_ms[place] += used_ms
    return Placed(
        zones_s={place: -(-used_ms // 1000) for place, used_ms in zones_ms.items()},
        elsewhere_s=_used_s([one for one in recent if one.device is None]),
    )
