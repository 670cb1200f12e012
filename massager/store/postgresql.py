"""A PostgreSQL database that many controllers share, by URL."""

import secrets
from collections.abc import Callable
from typing import Final, Self

from sqlalchemy import URL, Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from massager.model.errors import StoreError
from massager.store import schema

# Chosen: any number that other programs on the server are unlikely to lock.
_LOCK_CLASS: Final = 0x6D617373
_MAKING: Final = 0

# Chosen, as for the file: whoever waits longer for a debit than a lease lives has stopped already.
_WAIT_MS: Final = 2000
# Chosen, because a server in the same house answers within a second or not at all.
_CONNECT_S: Final = 5

_UNREACHABLE: Final = (
    "the database does not answer as it should. Check that the server runs and can be reached, and that name "
    "and password are right"
)


class AdvisoryLock:
    """This controller's token, held as a lock that the server drops with the connection.

    The lock's number is the first 31 bits of the token.
    """

    def __init__(self, server: "PostgresqlServer") -> None:
        self.token = secrets.token_hex(16)
        self._server = server
        self._connection: Connection | None = None

    def claim(self) -> None:
        """Hold the lock from now until `release`; call before the token becomes known to others.

        Raises:
            StoreError: It cannot be had.
        """
        if self._connection is not None:
            return
        try:
            self._connection = self._server.engine().connect().execution_options(isolation_level="AUTOCOMMIT")
            self._connection.execute(_LOCK, self._numbers(self.token))
        except SQLAlchemyError as error:
            self.release()
            raise StoreError(f"The store {self._server} cannot be used: {_UNREACHABLE}.") from error

    def lives(self, token: str) -> bool:
        """True while a controller holds the token.

        Raises:
            StoreError: It cannot be told.
        """
        try:
            with self._server.engine().connect() as probe:
                return not probe.execute(_TRY, self._numbers(token)).scalar_one()
        except SQLAlchemyError as error:
            raise StoreError(f"The store {self._server} cannot be used: {_UNREACHABLE}.") from error

    def release(self) -> None:
        """Give the lock up; sessions still open under the token count as left by a dead controller."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @staticmethod
    def _numbers(token: str) -> dict[str, int]:
        return {"kind": _LOCK_CLASS, "number": int(token[:8], 16) >> 1}


_LOCK: Final = text("SELECT pg_advisory_lock(:kind, :number)")
_TRY: Final = text("SELECT pg_try_advisory_xact_lock(:kind, :number)")
_LOCK_TO_MAKE: Final = text("SELECT pg_advisory_xact_lock(:kind, :number)")


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
            StoreError: The database cannot be reached or written.
        """
        try:
            with self.engine().connect() as connection:
                empty = schema.is_empty(connection)
        except SQLAlchemyError as error:
            cause = error.orig if isinstance(error, DBAPIError) else error
            raise StoreError(f"The store {self} cannot be used: {_UNREACHABLE}. ({cause})") from error
        if empty:
            may_create()
            create(self)

    def engine(self) -> Engine:
        """An engine whose statements wait no longer than a debit may.

        Raises:
            StoreError: The driver is not installed.
        """
        try:
            return create_engine(
                self._url,
                poolclass=NullPool,
                connect_args={"options": f"-c lock_timeout={_WAIT_MS}", "connect_timeout": _CONNECT_S},
            )
        except ModuleNotFoundError as error:
            raise StoreError(
                f"The store {self} needs PostgreSQL's driver: pip install 'massager[postgresql]'."
            ) from error

    def presence(self) -> AdvisoryLock:
        """This controller's sign of life, for others on the same database."""
        return AdvisoryLock(self)

    def require(self) -> None:
        """Nothing to check: the server answers for its files."""

    def advice(self, cause: BaseException) -> str:
        """What is wrong and what to do, for an error of the driver."""
        if getattr(cause, "sqlstate", None) == "55P03":  # lock_not_available
            return "another program is writing to it. Close that program and try again"
        return _UNREACHABLE

    def exclude_others(self, connection: Connection) -> None:
        """Let nobody else make or upgrade the store until the transaction ends."""
        connection.execute(_LOCK_TO_MAKE, {"kind": _LOCK_CLASS, "number": _MAKING})

    def check_structure(self, connection: Connection, tables: tuple[str, ...]) -> str:
        """Empty: the server checks its own pages."""
        return ""
