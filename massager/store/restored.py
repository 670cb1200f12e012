"""Going on with an older backup: only on a caregiver's word, and with everybody locked out for a while."""

from pathlib import Path
from typing import Final

from massager.model.errors import RestoredError, StoreError
from massager.model.history import Authority, By, LockCause, Moment
from massager.store import clock, journal, seal
from massager.store.database import Store
from massager.store.lockouts import lock_out
from massager.store.who import person_names
from massager.store.witness import Witness

# Chosen, because the limits look back seven rolling days: what was lost may have filled all of them.
LOST_HISTORY_S: Final = 8 * 24 * 3600


def accept_restored(place: Path | str, witness: Path, *, by: By, now: Moment) -> None:
    """Take a restored store for the right one; everybody in it is locked out for eight days at least.

    The lost part may hold sessions and lockouts of anybody. Nobody's lock can be cleared earlier, and only by
    a caregiver; the later of both high-water marks holds.

    Raises:
        StoreError: The store cannot be opened, or is none that the witness objects to.
    """
    kept = Witness(witness)
    with Store.open(place, witness=witness, restored=True) as store:
        with store.transaction() as connection:
            try:
                kept.compare(connection)
            except RestoredError as objection:
                why = str(objection)
            else:
                raise StoreError(
                    "This store is no older backup; there is nothing to accept. Use it as it is."
                )
            try:
                said = kept.read()
            except RestoredError:
                said = None
            mark_s = seal.meta(connection).high_water_s
            if said is not None:
                mark_s = max(mark_s, said.high_water_s)
            seal.change_meta(connection, high_water_s=mark_s)
            clock.note(connection, now)
            facts = {"why": why, "lost": None if said is None else said.journal_seq}
            journal.write(connection, journal.act("backup-accepted", by, now, facts))
            for name in person_names(connection):
                lock_out(
                    connection,
                    name,
                    cause=LockCause.OLD_BACKUP,
                    authority=Authority.CAREGIVER,
                    wait_s=LOST_HISTORY_S,
                    note="",
                    by=by,
                    now=now,
                )
            after = seal.meta(connection)
        kept.write(after)
