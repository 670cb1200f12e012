"""Ledger and journal: the durable memory, one small SQLite file.

The room's law. It imports model and SQLAlchemy, nothing else of ours. It reads no clock: time is an
argument, wall time in whole seconds since the epoch, boot time in milliseconds. What a call has returned is
on the disk; a call that raises has paid for nothing. Use only ever grows: no call here gives any of it back.

The menu: `Store.open(folder)` opens the file; `Ledger(store)` knows people, sessions and what they used;
`Journal(store)` keeps what happened; `seed_demo` fills a throw-away store for the person `demo`.
"""

from massager.store.database import Store
from massager.store.demo import DEMO_NAME, demo_person, seed_demo
from massager.store.journal import Journal, Record
from massager.store.ledger import Amounts, Ledger

__all__ = ["DEMO_NAME", "Amounts", "Journal", "Ledger", "Record", "Store", "demo_person", "seed_demo"]
