"""People as documents, seals on every row that gives permission, the journal as a chain, and what is new.

Only SQLite files are older than this revision. Every number stays: sessions keep theirs, which are fencing
tokens, and no later session gets one again.

Revision ID: 0002
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from alembic import op
from sqlalchemy import Connection

revision = "0002"
down_revision = "0001"

_SEVERITIES: Final[dict[int, str]] = {1: "mild", 2: "moderate", 3: "severe"}

# Chosen, because a year of decisions need not fit into memory.
_BATCH: Final = 2000

_SEALED_COLUMNS: Final = {
    "person": ("id", "name", "document"),
    "session": (
        "id", "person_id", "device", "identity", "program", "controller", "started_s", "last_s", "ended_s",
        "reserved_ms", "used_ms",
    ),
    "debit": ("session_id", "zone", "side", "reserved_ms", "used_ms"),
    "meta": ("id", "store_id", "changes", "high_water_s", "journal_seq", "journal_hash", "seal_sum"),
}  # fmt: skip

_JOURNAL_COLUMNS: Final = (
    "seq", "session_id", "person_id", "at_ms", "unix_s", "kind", "code", "content_hash",
    "nonce", "facts", "hash",
)  # fmt: skip


def _sha256(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def _insert(
    connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    found = list(rows)
    if found:
        marks = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - from above
        connection.exec_driver_sql(statement, [tuple(row) for row in found])


def _seal(connection: Connection, table: str, rows: Iterable[Sequence[Any]]) -> int:
    """Insert rows with their seals; the sum of these."""
    sealed = [(*row, _sha256(json.dumps([table, *row], ensure_ascii=False))) for row in rows]
    _insert(connection, table, (*_SEALED_COLUMNS[table], "seal"), sealed)
    return sum(int(row[-1], 16) for row in sealed)


def _rows(connection: Connection, query: str) -> list[Sequence[Any]]:
    return [tuple(row) for row in connection.exec_driver_sql(query)]


def _severity(number: int) -> str:
    if number not in _SEVERITIES:
        raise ValueError(f"{number} is no severity")
    return _SEVERITIES[number]


def _people(connection: Connection) -> list[Sequence[Any]]:
    people: list[Sequence[Any]] = []
    for key, name, attested in _rows(connection, "SELECT id, name, attested FROM person"):
        document: dict[str, Any] = {
            "attested": bool(attested),
            "born": None,
            "calibrations": {
                profile: {"c7_mm": c7_mm, "psis_mm": psis_mm, "error_mm": error_mm}
                for person, profile, c7_mm, psis_mm, error_mm in _rows(
                    connection, "SELECT person_id, device_profile, c7_mm, psis_mm, error_mm FROM calibration"
                )
                if person == key
            },
            "clearances": [],
            "conditions": {
                region: _severity(severity)
                for person, region, severity in _rows(
                    connection, "SELECT person_id, region, severity FROM condition"
                )
                if person == key
            },
            "hours": None,
            "keep_outs": [],
            "modifiers": [],
            "programs": None,
            "session_min": None,
            "zone_permille": {},
        }
        people.append((key, name, json.dumps(document, sort_keys=True, separators=(",", ":"))))
    return people


def _chain(connection: Connection) -> tuple[int, str]:
    """Put the decisions into the journal, numbered anew without gaps; the last number and hash."""
    seq, last_old, previous = 0, 0, ""
    while True:
        batch = connection.exec_driver_sql(
            "SELECT d.seq, d.session_id, s.person_id, d.at_ms, d.unix_s, d.kind, d.code, d.facts "
            "FROM decision_before d LEFT JOIN session s ON s.id = d.session_id "
            "WHERE d.seq > ? ORDER BY d.seq LIMIT ?",
            (last_old, _BATCH),
        ).all()
        if not batch:
            return seq, previous
        rows = []
        for row in batch:
            last_old, *header, facts = row
            seq, nonce = seq + 1, secrets.token_hex(16)
            head = [seq, *header, _sha256(f"{nonce}{facts}")]
            previous = _sha256(json.dumps([previous, *head], ensure_ascii=False, separators=(",", ":")))
            rows.append((*head, nonce, facts, previous))
        _insert(connection, "journal", _JOURNAL_COLUMNS, rows)


def upgrade() -> None:
    """Carry everything over.

    Raises:
        ValueError: The file is damaged.
    """
    connection = op.get_bind()
    # The old rows carry no seals: what SQLite can find is found now.
    verdict = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one()
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if verdict != "ok" or orphans:
        raise ValueError(f"{verdict}, {len(orphans)} rows without what they belong to")
    ((version, high_water_s),) = _rows(connection, "SELECT schema_version, high_water_s FROM meta")
    if version != 1:
        raise ValueError(f"the file says version {version}")
    people = _people(connection)
    sessions = _rows(
        connection,
        "SELECT id, person_id, device, NULL, program, controller, started_s, last_s, ended_s, reserved_ms, "
        "used_ms FROM session",
    )
    debits = _rows(connection, "SELECT session_id, zone, side, reserved_ms, used_ms FROM debit")
    ((last_session,),) = _rows(
        connection, "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'session'"
    )

    # The triggers of `decision` refuse to change rows, not to drop the table.
    op.execute("CREATE TABLE decision_before AS SELECT * FROM decision")
    op.execute("CREATE UNIQUE INDEX decision_before_seq ON decision_before (seq)")
    for table in ("decision", "debit", "session", "calibration", "condition", "person", "meta"):
        op.execute(f"DROP TABLE {table}")
    for statement in Path(__file__).with_name("r0002.sql").read_text().split("\n\n"):
        op.execute(statement)

    total = _seal(connection, "person", people)
    total += _seal(connection, "session", sessions)
    total += _seal(connection, "debit", debits)
    connection.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = 'session'")
    connection.exec_driver_sql("INSERT INTO sqlite_sequence VALUES ('session', ?)", (last_session,))
    seq, last_hash = _chain(connection)
    op.execute("DROP TABLE decision_before")
    seal_sum = f"{total % 2**256:064x}"
    _seal(connection, "meta", [(1, secrets.token_hex(16), 0, high_water_s, seq, last_hash, seal_sum)])
