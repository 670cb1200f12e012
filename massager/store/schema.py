"""The tables brought into a database, or brought up to date in one that an earlier version wrote.

Both happen inside a transaction of the caller's: afterwards all of it is there, or nothing. There is no way
back to an earlier schema, and an upgrade keeps every debit, lock and mark: a version of the program that
knows less may not run on a history that it would read as less.
"""

import secrets
from pathlib import Path

from sqlalchemy import Connection, insert, inspect, select

from massager.store import seal
from massager.store.advisory_lock import ONLY_POSTGRESQL
from massager.store.tables import APPEND_ONLY_POSTGRESQL, APPEND_ONLY_SQLITE, HEAD, METADATA, REVISION

# The released first version wrote no revision; its tables are what revision 0001 makes.
_FIRST = "0001"
_MIGRATIONS = Path(__file__).parent / "migrations"


def is_empty(connection: Connection) -> bool:
    """Whether the database has no table at all."""
    return not inspect(connection).get_table_names()


def create(connection: Connection) -> None:
    """Make everything in an empty database."""
    METADATA.create_all(connection)
    if connection.dialect.name == "sqlite":
        triggers = APPEND_ONLY_SQLITE
    else:
        triggers = APPEND_ONLY_POSTGRESQL
        ONLY_POSTGRESQL.create_all(connection)
    for trigger in triggers:
        connection.exec_driver_sql(trigger)
    seal.create_meta(connection, secrets.token_hex(16))
    REVISION.create(connection)
    connection.execute(insert(REVISION).values(version_num=HEAD))


def revision(connection: Connection) -> str:
    """The revision that the database has; empty where there is nothing to tell it by."""
    tables = inspect(connection).get_table_names()
    if REVISION.name in tables:
        return connection.execute(select(REVISION.c.version_num)).scalar() or ""
    first = {"meta", "person", "session", "debit", "decision"}
    return _FIRST if first <= set(tables) else ""


def upgrade(connection: Connection) -> bool:
    """Bring an older database up to HEAD; False, and nothing done, if its revision is unknown here."""
    # Here, because most starts need none of it.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    found = revision(connection)
    try:
        ScriptDirectory.from_config(config).get_revision(found)
    except CommandError:
        return False
    if not inspect(connection).has_table(REVISION.name):
        REVISION.create(connection)
        connection.execute(insert(REVISION).values(version_num=found))
    command.upgrade(config, HEAD)
    return True
