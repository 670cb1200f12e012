"""The tables, and the rules that the database itself keeps, whoever writes to it."""

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
    Table,
    Text,
)

SCHEMA_VERSION: Final = 1

METADATA: Final = MetaData()

# One row. The high-water mark is the latest wall time the store was ever told.
META: Final = Table(
    "meta",
    METADATA,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True),
    Column("schema_version", Integer, nullable=False),
    Column("high_water_s", BigInteger, nullable=False),
)

PERSON: Final = Table(
    "person",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("attested", Boolean, nullable=False),
)

CONDITION: Final = Table(
    "condition",
    METADATA,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("region", Text, primary_key=True),
    Column("severity", Integer, nullable=False),
)

CALIBRATION: Final = Table(
    "calibration",
    METADATA,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("device_profile", Text, primary_key=True),
    Column("c7_mm", Integer, nullable=False),
    Column("psis_mm", Integer, nullable=False),
    Column("error_mm", Integer, nullable=False),
)

# The session clock is debited in this row, the zones in `debit`. `last_s` is the wall time of the last debit:
# a controller that died cannot have moved anything later than that plus what it had still paid for.
SESSION: Final = Table(
    "session",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("device", Text, nullable=False),
    Column("program", Text, nullable=False),
    Column("controller", Text, nullable=False),
    Column("started_s", BigInteger, nullable=False),
    Column("started_boot_ms", BigInteger, nullable=False),
    Column("last_s", BigInteger, nullable=False),
    Column("ended_s", BigInteger),
    Column("reserved_ms", BigInteger, nullable=False),
    Column("used_ms", BigInteger, nullable=False),
    CheckConstraint("0 <= used_ms AND used_ms <= reserved_ms"),
    CheckConstraint("started_s <= last_s AND (ended_s IS NULL OR last_s <= ended_s)"),
    sqlite_autoincrement=True,  # a session's number is never used twice: it serves as fencing token
)
_OPEN = SESSION.c.ended_s.is_(None)
Index("one_session_per_person", SESSION.c.person_id, unique=True, sqlite_where=_OPEN)
Index("one_session_per_device", SESSION.c.device, unique=True, sqlite_where=_OPEN)

DEBIT: Final = Table(
    "debit",
    METADATA,
    Column("session_id", ForeignKey("session.id"), primary_key=True),
    Column("zone", Text, primary_key=True),
    Column("side", Text, primary_key=True),
    Column("reserved_ms", BigInteger, nullable=False),
    Column("used_ms", BigInteger, nullable=False),
    CheckConstraint("0 <= used_ms AND used_ms <= reserved_ms"),
)

DECISION: Final = Table(
    "decision",
    METADATA,
    Column("seq", Integer, primary_key=True),
    Column("session_id", ForeignKey("session.id"), index=True),
    Column("at_ms", BigInteger, nullable=False),
    Column("unix_s", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("facts", Text, nullable=False),
    sqlite_autoincrement=True,
)

APPEND_ONLY: Final = (
    (
        "CREATE TRIGGER decision_keeps BEFORE UPDATE ON decision "
        "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
    ),
    (
        "CREATE TRIGGER decision_stays BEFORE DELETE ON decision "
        "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
    ),
    # INSERT OR REPLACE removes the old row without asking the trigger for DELETE.
    (
        "CREATE TRIGGER decision_unique BEFORE INSERT ON decision "
        "WHEN EXISTS (SELECT 1 FROM decision WHERE seq = NEW.seq) "
        "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
    ),
)
