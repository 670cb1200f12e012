"""A PostgreSQL database that many controllers share, by URL."""

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from typing import Final, Self

from sqlalchemy import URL, Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from massager.model.errors import StoreError
from massager.store import schema
from massager.store.advisory_lock import AdvisoryLock

# Chosen: any numbers that other programs on the server are unlikely to lock.
_MAKING: Final = {"kind": 0x6D617373, "number": 0}

# Chosen, as for the file: whoever waits longer for a debit than a lease lives has stopped already. Nobody
# may keep the others waiting for longer either.
_WRITE_MS: Final = 2000
# Chosen: what is left of the above is ten times what the write itself takes.
_TURN_MS: Final = 1500
# Chosen: a controller that freezes in the middle of a write has lost it before anybody's turn is over.
_FROZEN_MS: Final = 1000
# Chosen: a million sealed rows are checked in less.
_CHECK_MS: Final = 60_000
# Chosen, because a server in the same house answers within a second or not at all.
_CONNECT_S: Final = 2
# Chosen, so that a machine without power or network is given up in some 10 s, and not in two hours.
_PROBE: Final = {"keepalives_idle": 4, "keepalives_interval": 2, "keepalives_count": 3}
_SILENCE_MS: Final = 10_000

_OPTIONS: Final = {
    "synchronous_commit": "on",  # what a call has returned is on the disk, whatever the server is set to
    "lock_timeout": _TURN_MS,
    "statement_timeout": _WRITE_MS,
    "idle_in_transaction_session_timeout": _FROZEN_MS,
    "tcp_user_timeout": _SILENCE_MS,
    **{f"tcp_{name}": value for name, value in _PROBE.items()},
}

_UNREACHABLE: Final = (
    "the database does not answer as it should. Check that the server runs and can be reached, and that name "
    "and password are right"
)
_DAMAGED: Final = "it is damaged. Keep it as it is and put a backup in its place"
_READ_ONLY: Final = "it can only be read. Name the server that is written to, and not its standby"
_NOT_MINE: Final = "its tables belong to somebody else. Grant them to this user, or make the user their owner"
_ADVICE: Final = {
    "55P03": "another program is writing to it. Close that program and try again",  # lock not available
    # idle in transaction
    "25P03": "this computer was held up in the middle of a write, and nothing of it was kept. Try again",
    "57014": "it takes too long to answer. Check the load and the disk of its server",  # statement timeout
    "53100": "the disk of its server is full. Make room and try again",
    "53300": "its server has too many connections. Raise max_connections there, or close some",
    "25006": _READ_ONLY,
    "42501": _NOT_MINE,
    "3D000": "its server has no database of that name. Make it as docs/postgresql.md says",
}
# Classes of SQLSTATE that say that the connection is gone, or was never made.
_GONE: Final = ("08", "28", "57")

_LOCK_TO_MAKE: Final = text("SELECT pg_advisory_xact_lock(:kind, :number)")
_AT_LEISURE: Final = (
    f"SET LOCAL statement_timeout = {_CHECK_MS}",
    f"SET LOCAL idle_in_transaction_session_timeout = {_CHECK_MS}",
)
_ONE_MOMENT: Final = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"


@contextmanager
def _within(connection: Connection, limit_ms: int) -> Iterator[None]:
    # A server that hangs never answers, and its kernel goes on acknowledging: only this side can give up.
    gone = connection.closed or connection.invalidated
    raw = None if gone else connection.connection.driver_connection
    if raw is None or raw.closed:
        yield  # whatever is asked of it fails at once
        return
    with closing(socket.socket(fileno=os.dup(raw.fileno()))) as line:

        def cut() -> None:
            with suppress(OSError):  # over in the very last moment
                line.shutdown(socket.SHUT_RDWR)

        patience = threading.Timer(limit_ms / 1000, cut)
        patience.daemon = True
        patience.start()
        try:
            yield
        finally:
            patience.cancel()


@contextmanager
def _at_leisure(connection: Connection, *first: str) -> Iterator[None]:
    with _within(connection, _CHECK_MS), connection.begin():
        for statement in (*first, *_AT_LEISURE):
            connection.exec_driver_sql(statement)
        yield


class PostgresqlServer:
    """Where the database is, and all that only PostgreSQL needs.

    Raises:
        StoreError: The URL is none.
    """

    def __init__(self, url: str) -> None:
        try:
            self._url: URL = make_url(url).set(drivername="postgresql+psycopg")
        except (ArgumentError, ValueError) as error:
            raise StoreError(
                "The address of the store is no postgresql://USER@HOST/DATABASE. Correct it."
            ) from error
        if make_url(url).get_backend_name() not in {"postgresql", "postgres"}:
            raise StoreError(
                f"The store {self} is no PostgreSQL database. Begin its address with postgresql://."
            )

    def __str__(self) -> str:
        return self._url.set(drivername="postgresql").render_as_string(hide_password=True)

    def prepare(self, create: Callable[[Self], None], *, may_create: Callable[[], None]) -> None:
        """Make the tables if the database has none.

        Raises:
            StoreError: The database cannot be reached or written, or its server forces nothing to its disk.
        """
        try:
            with self.engine().connect() as connection, _within(connection, _WRITE_MS):
                # Nothing is written, so no transaction is opened that the server would end under a slow look.
                connection.execution_options(isolation_level="AUTOCOMMIT")
                lasting = connection.exec_driver_sql("SHOW fsync").scalar_one() == "on"
                empty = schema.is_empty(connection)
        except SQLAlchemyError as error:
            cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
            raise StoreError(f"The store {self} cannot be used: {self.advice(cause)}. ({cause})") from error
        if not lasting:
            raise StoreError(
                f"The server of the store {self} forgets what it was told when its power goes: fsync is off. "
                "Switch it on in postgresql.conf."
            )
        if empty:
            may_create()
            create(self)

    def engine(self) -> Engine:
        """An engine whose statements wait no longer than a debit may.

        Raises:
            StoreError: The driver is not installed.
        """
        options = " ".join(f"-c {name}={value}" for name, value in _OPTIONS.items())
        try:
            return create_engine(
                self._url,
                poolclass=NullPool,
                connect_args={
                    "options": options,
                    "connect_timeout": _CONNECT_S,
                    "tcp_user_timeout": _SILENCE_MS,
                    **_PROBE,
                },
            )
        except ModuleNotFoundError as error:
            raise StoreError(
                f"The store {self} needs PostgreSQL's driver: pip install 'massager[postgresql]'."
            ) from error

    def presence(self, connection: Connection) -> AdvisoryLock:
        """This controller's sign of life, for others on the same database."""
        return AdvisoryLock(connection)

    def require(self) -> None:
        """Nothing to check: the server answers for its files."""

    def advice(self, cause: BaseException) -> str:
        """What is wrong and what to do, for an error of the driver."""
        if isinstance(cause, ValueError):
            return _DAMAGED
        state = getattr(cause, "sqlstate", None) or "08000"  # no server said it: the line did
        return _ADVICE.get(state, _UNREACHABLE if state.startswith(_GONE) else _DAMAGED)

    @contextmanager
    def in_time(self, connection: Connection) -> Iterator[None]:
        """Give up, and the connection with it, what takes longer than a debit may."""
        with _within(connection, _WRITE_MS):
            yield

    @contextmanager
    def snapshot(self, connection: Connection) -> Iterator[None]:
        """A transaction that only reads, sees one moment, takes its time, and keeps nobody waiting."""
        with _at_leisure(connection, _ONE_MOMENT):
            yield

    @contextmanager
    def making(self, connection: Connection) -> Iterator[None]:
        """A transaction that takes its time: no controller waits for a store that is not there yet."""
        with _at_leisure(connection):
            self.exclude_others(connection)
            yield

    def exclude_others(self, connection: Connection) -> None:
        """Let nobody else make or upgrade the store until the transaction ends."""
        connection.execute(_LOCK_TO_MAKE, _MAKING)

    def check_structure(self, connection: Connection, tables: tuple[str, ...]) -> str:
        """Empty: the server checks its own pages."""
        return ""
