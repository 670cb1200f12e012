"""The history service: what happened, whether the record of it is whole, and what would be decided again."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from massager.session.replay import ADMISSIONS, DECISIONS, Replayed, replay
from massager.store import Entry, Journal, Store, Verdict

# What a door calls an entry of the journal; it does not reach past this room.
LogEntry: TypeAlias = Entry

# Chosen: some tens of milliseconds of reading at a time, in which nobody can write.
BATCH: Final = 2000


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries are wanted; None leaves none out.

    Attributes:
        session: Number.
        person: Name.
        since_s: Earliest wall clock.
        kinds: Sorts of things that happened.
        without: Sorts that are left out.
    """

    session: int | None = None
    person: str | None = None
    since_s: int | None = None
    kinds: frozenset[str] | None = None
    without: frozenset[str] = frozenset()

    @property
    def everything(self) -> bool:
        """Whether it leaves nothing out."""
        return self == Filter()


class HistoryService:
    """Reads the journal of a store. Every method raises `StoreError` when it cannot be read."""

    def __init__(self, store: Store) -> None:
        self._journal = Journal(store)

    def entries(self, wanted: Filter, *, after: int = 0) -> Iterator[Entry]:
        """The entries after a number, in the order of the journal.

        Raises:
            NotFoundError: Nobody has the name.
        """
        while batch := self.batch(wanted, after=after):
            yield from batch
            if len(batch) < BATCH:
                return
            after = batch[-1].seq

    def batch(self, wanted: Filter, *, after: int) -> tuple[Entry, ...]:
        """The next `BATCH` of them at most. Raises as `entries`."""
        return self._journal.records(
            session=wanted.session,
            person=wanted.person,
            since_s=wanted.since_s,
            kinds=wanted.kinds,
            without=wanted.without,
            after=after,
            limit=BATCH,
        )

    def latest(self, wanted: Filter, *, before: int | None, limit: int) -> tuple[Entry, ...]:
        """The newest first, of those before a number if there is one. Raises as `entries`."""
        return self._journal.latest(
            session=wanted.session,
            person=wanted.person,
            since_s=wanted.since_s,
            kinds=wanted.kinds,
            without=wanted.without,
            before=before,
            limit=limit,
        )

    def head(self) -> int:
        """Number of the last entry, 0 before the first."""
        return self._journal.head()

    def verify(self) -> Verdict:
        """Follow the whole chain."""
        return self._journal.verify()

    def verifying(self) -> Iterator[Verdict | None]:
        """As `verify`, some tens of milliseconds a step: None before the last, which tells."""
        return self._journal.verifying()

    def replay(self, wanted: Filter) -> Iterator[Replayed]:
        """Make every recorded decision again; also fetches a session's admission that the filter left out.

        Raises:
            NotFoundError: Nobody has the name.
        """
        return replay(self._with_admissions(wanted))

    def _with_admissions(self, wanted: Filter) -> Iterator[Entry]:
        admitted: set[int | None] = set()
        for entry in self.entries(wanted):
            record = entry.record
            if record.kind in ADMISSIONS:
                admitted.add(record.session)
            elif record.kind in DECISIONS and record.session not in admitted:
                admitted.add(record.session)
                of_session = self.entries(Filter(session=record.session))
                yield from (other for other in of_session if other.record.kind in ADMISSIONS)
            yield entry
