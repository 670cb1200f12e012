"""The tables, and the rules that the database itself keeps, whoever writes to it.

Every row of a sealed table carries a digest of itself, and `meta` the sum of them all (seal.py): a row that
was altered, lost or brought back shows when the store is opened.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

METADATA: Final = MetaData()

# The newest revision in migrations/versions: what `METADATA` and the triggers describe.
HEAD: Final = "0002"
# Alembic's own table, under its own name and shape; apart, because no revision describes it.
REVISION: Final = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))

# One row. `changes` counts the transactions that changed anything. The high-water mark is the latest ledger
# time the store was ever told; the journal's head is its last row's number and hash.
META: Final = Table(
    "meta",
    METADATA,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True),
    Column("store_id", Text, nullable=False),
    Column("changes", BigInteger, nullable=False),
    Column("high_water_s", BigInteger, nullable=False),
    Column("journal_seq", BigInteger, nullable=False),
    Column("journal_hash", Text, nullable=False),
    Column("seal_sum", Text, nullable=False),
    Column("seal", Text, nullable=False),
)

# For each boot of each machine: where its boot-time clock stood at a ledger time (clock.py).
CLOCK: Final = Table(
    "clock",
    METADATA,
    Column("boot_id", Text, primary_key=True),
    Column("boot_ms", BigInteger, nullable=False),
    Column("ledger_s", BigInteger, nullable=False),
    Column("seal", Text, nullable=False),
)

# A caregiver said that it is `at_s` when the ledger counted `before_s`; what that does to the sessions up to
# this number is said in time_confirmed.py.
TIME_CONFIRMED: Final = Table(
    "time_confirmed",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("before_s", BigInteger, nullable=False),
    Column("at_s", BigInteger, nullable=False),
    Column("up_to_session", Integer, nullable=False),
    Column("seal", Text, nullable=False),
)

# A person is one document, read and written whole. A forgotten one keeps the row and loses name and document.
PERSON: Final = Table(
    "person",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", Text, unique=True),
    Column("document", Text),
    Column("seal", Text, nullable=False),
    sqlite_autoincrement=True,
)

CAREGIVER: Final = Table(
    "caregiver",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),
    Column("alone", Boolean, nullable=False),
    Column("revoked_s", BigInteger),
    Column("failures", Integer, nullable=False),
    Column("failed_s", BigInteger),
    Column("seal", Text, nullable=False),
    sqlite_autoincrement=True,
)

DEVICE: Final = Table(
    "device",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("profile", Text, nullable=False),
    Column("radio", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("model_number", Text, nullable=False),
    Column("firmware", Text, nullable=False),
    Column("serial", Text, nullable=False),
    Column("seal", Text, nullable=False),
    Index("one_device_per_address", "radio", "address", unique=True),
    sqlite_autoincrement=True,
)

# The session clock is debited in this row, the zones in `debit`. `last_s` is the ledger time of the last
# debit: a controller that died cannot have moved anything later than that plus what it had still paid for.
# `identity` is the physical device, once it is known which one answers.
SESSION: Final = Table(
    "session",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False, index=True),
    Column("device", Text, nullable=False),
    Column("identity", Text),
    Column("program", Text, nullable=False),
    Column("controller", Text, nullable=False),
    Column("started_s", BigInteger, nullable=False),
    Column("last_s", BigInteger, nullable=False),
    Column("ended_s", BigInteger),
    Column("reserved_ms", BigInteger, nullable=False),
    Column("used_ms", BigInteger, nullable=False),
    Column("seal", Text, nullable=False),
    CheckConstraint("0 <= used_ms AND used_ms <= reserved_ms", name="use_is_paid"),
    CheckConstraint("started_s <= last_s AND (ended_s IS NULL OR last_s <= ended_s)", name="time_runs_on"),
    sqlite_autoincrement=True,  # a session's number is never used twice: it is the fencing token
)
_OPEN = SESSION.c.ended_s.is_(None)
for _name, _column in (
    ("one_session_per_person", SESSION.c.person_id),
    ("one_session_per_device", SESSION.c.device),
    ("one_session_per_identity", SESSION.c.identity),
):
    Index(_name, _column, unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN)

DEBIT: Final = Table(
    "debit",
    METADATA,
    Column("session_id", ForeignKey("session.id"), primary_key=True),
    Column("zone", Text, primary_key=True),
    Column("side", Text, primary_key=True),
    Column("reserved_ms", BigInteger, nullable=False),
    Column("used_ms", BigInteger, nullable=False),
    Column("seal", Text, nullable=False),
    CheckConstraint("0 <= used_ms AND used_ms <= reserved_ms", name="zone_use_is_paid"),
)

LOCKOUT: Final = Table(
    "lockout",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False, index=True),
    Column("cause", Text, nullable=False),
    Column("authority", Text, nullable=False),
    Column("since_s", BigInteger, nullable=False),
    Column("not_before_s", BigInteger, nullable=False),
    Column("note", Text, nullable=False),
    Column("cleared_s", BigInteger),
    Column("seal", Text, nullable=False),
    sqlite_autoincrement=True,
)

FOLLOW_UP: Final = Table(
    "follow_up",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False, index=True),
    Column("session_id", ForeignKey("session.id"), nullable=False),
    Column("due_s", BigInteger, nullable=False),
    Column("answered_s", BigInteger),
    Column("seal", Text, nullable=False),
    sqlite_autoincrement=True,
)

# Not sealed row by row: every row's hash covers the one before it (journal.py). `facts` and `nonce` are the
# content; they are gone once a person is forgotten, their hash stays.
JOURNAL: Final = Table(
    "journal",
    METADATA,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("session_id", ForeignKey("session.id"), index=True),
    Column("person_id", ForeignKey("person.id"), index=True),
    Column("at_ms", BigInteger, nullable=False),
    Column("unix_s", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("nonce", Text),
    Column("facts", Text),
    Column("content_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
)

SEALED: Final = (
    CLOCK,
    TIME_CONFIRMED,
    PERSON,
    CAREGIVER,
    DEVICE,
    SESSION,
    DEBIT,
    LOCKOUT,
    FOLLOW_UP,
)

# Only forgetting a person may touch a row, and only to blank its content.
_BLANKS = (
    "NEW.facts IS NULL AND NEW.nonce IS NULL AND NEW.seq = OLD.seq AND NEW.hash = OLD.hash "
    "AND NEW.content_hash = OLD.content_hash AND NEW.kind = OLD.kind AND NEW.code = OLD.code "
    "AND NEW.at_ms = OLD.at_ms AND NEW.unix_s = OLD.unix_s "
    "AND NEW.session_id IS NOT DISTINCT FROM OLD.session_id "
    "AND NEW.person_id IS NOT DISTINCT FROM OLD.person_id"
)
_REFUSAL = "the journal is append-only"

APPEND_ONLY_SQLITE: Final = (
    (
        f"CREATE TRIGGER journal_keeps BEFORE UPDATE ON journal "
        f"WHEN NOT ({_BLANKS.replace('IS NOT DISTINCT FROM', 'IS')}) "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    ),
    f"CREATE TRIGGER journal_stays BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
    # INSERT OR REPLACE removes the old row without asking the trigger for DELETE.
    (
        "CREATE TRIGGER journal_unique BEFORE INSERT ON journal "  # noqa: S608 - constants of this file
        "WHEN EXISTS (SELECT 1 FROM journal WHERE seq = NEW.seq) "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    ),
)

APPEND_ONLY_POSTGRESQL: Final = (
    (
        "CREATE FUNCTION journal_keeps() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'UPDATE' THEN IF {_BLANKS} THEN RETURN NEW; END IF; END IF; "
        f"RAISE EXCEPTION '{_REFUSAL}'; END $$"
    ),
    (
        "CREATE TRIGGER journal_keeps BEFORE UPDATE OR DELETE ON journal "
        "FOR EACH ROW EXECUTE FUNCTION journal_keeps()"
    ),
    (
        "CREATE TRIGGER journal_stays BEFORE TRUNCATE ON journal "
        "FOR EACH STATEMENT EXECUTE FUNCTION journal_keeps()"
    ),
)
