"""Ledger and journal: the durable memory, one small SQLite file or a PostgreSQL database.

The room's law. It imports model, SQLAlchemy and Alembic, nothing else of ours. It reads no clock: time is an
argument, a `Moment` on both clocks. What a call has returned is on the disk; a call that raises has paid for
nothing. Use only ever grows: no call here gives any of it back.

The menu: `Store.open(folder or URL)` opens it; `Ledger(store)` knows sessions and what they used; `People`,
`Caregivers`, `Lockouts`, `FollowUps` and `Devices` keep what their names say; `Journal(store)` tells what
happened, and `Sessions(store)` what each session was; `leave_behind` writes what follows from an answer;
`accept_restored` goes on with an older backup; `seed_demo` fills a throw-away store for `demo`.
"""

from massager.store.caregivers import CaregiverLogin, Caregivers
from massager.store.carrying import add_with_past, take_along
from massager.store.chain import Verdict
from massager.store.consequences import leave_behind
from massager.store.database import Store
from massager.store.debits import Amounts
from massager.store.demo import DEMO_NAME, demo_person, seed_demo
from massager.store.devices import Devices
from massager.store.follow_ups import FollowUps
from massager.store.journal import Entry, Journal, Record
from massager.store.ledger import Ledger
from massager.store.lockouts import Lockouts
from massager.store.people import People
from massager.store.restored import accept_restored
from massager.store.sessions import Kept, Sessions, Shelf

__all__ = [
    "DEMO_NAME",
    "Amounts",
    "CaregiverLogin",
    "Caregivers",
    "Devices",
    "Entry",
    "FollowUps",
    "Journal",
    "Kept",
    "Ledger",
    "Lockouts",
    "People",
    "Record",
    "Sessions",
    "Shelf",
    "Store",
    "Verdict",
    "accept_restored",
    "add_with_past",
    "demo_person",
    "leave_behind",
    "seed_demo",
    "take_along",
]
