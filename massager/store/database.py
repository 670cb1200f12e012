"""The database: opened with care, written in whole transactions, its faults told in plain words."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from massager.model.errors import StoreError
from massager.store import schema, seal
from massager.store.postgresql import PostgresqlServer
from massager.store.sqlite_file import FILE_NAME, SqliteFile
from massager.store.tables import HEAD, JOURNAL, META, SEALED
from massager.store.witness import Witness

_CHECKED = (META.name, *(table.name for table in SEALED))


def _place(place: Path | str) -> SqliteFile | PostgresqlServer:
    if isinstance(place, str) and "://" in place:
        return PostgresqlServer(place)
    return SqliteFile(Path(place) / FILE_NAME)


class Store:
    """One connection to the database. Any one thread at a time may use it, also another than opened it.

    A connection that was lost is made anew by the next transaction, with all checks of `open`; what was open
    in the lost one stays so for others to find, and is out of reach for this store.

    Build it with `open`; the constructor neither makes nor checks anything.

    Attributes:
        id: Of the store, for good; empty until `open` has checked it.
    """

    def __init__(self, place: SqliteFile | PostgresqlServer) -> None:
        self.id = ""
        self._place = place
        self._witness: Witness | None = None
        self._engine = place.engine()
        self._connect()

    def _connect(self) -> None:
        try:
            self._connection = self._engine.connect()
        except (SQLAlchemyError, ValueError) as error:  # ValueError: damaged text in SQLite's own message
            raise self._explained(error) from error
        self.presence = self._place.presence(self._connection)

    @classmethod
    def open(cls, place: Path | str, *, witness: Path | None = None, restored: bool = False) -> Self:
        """Open the store in a folder, or in a database by URL; what is missing is made.

        What gives permission is checked row by row; the journal, which only tells, at its end. A store
        that an earlier version wrote is brought up to date first.

        Args:
            place: A folder (made 0700) for a file, or `postgresql://...`.
            witness: A file elsewhere that tells an older backup from the newest store; made if missing.
            restored: Open what the witness objects to, for a caregiver who is about to accept it
                (restored.py); the witness is left as it is.

        Raises:
            RestoredError: By the witness an older backup was put in the store's place.
            StoreError: It cannot be made, reached or written, or is locked; it is damaged, no store, or of
                another version of the program; it is gone while the witness knows one.
        """
        found = _place(place)
        kept = None if witness is None else Witness(witness)

        def may_create() -> None:
            if kept is not None:
                kept.require_none()

        found.prepare(cls._create, may_create=may_create)
        store = cls(found)
        try:
            store._bring_up_to_date()
            store._check(None if restored else kept)
        except BaseException:
            store.close()
            raise
        store._witness = None if restored else kept
        return store

    @classmethod
    def _create(cls, place: SqliteFile | PostgresqlServer) -> None:
        with cls(place) as store, store._explaining(), place.making(store._connection):
            if schema.is_empty(store._connection):
                schema.create(store._connection)

    def _bring_up_to_date(self) -> None:
        with self._bare_transaction() as connection:
            self._place.exclude_others(connection)
            found = schema.revision(connection)
            if found == HEAD:
                return
            if not found:
                raise self._damaged("it has not the tables of a store")
            if not schema.upgrade(connection):
                raise StoreError(
                    f"The store {self._place} has version {found}, this program knows {HEAD}. "
                    "Use the version of the program that wrote it."
                )

    def _check(self, witness: Witness | None) -> None:
        with self._explaining(), self._place.snapshot(self._connection):
            seal.begin_reading(self._connection)
            wrong = self._place.check_structure(self._connection, _CHECKED)
            if wrong:
                raise self._damaged(wrong)
            seal.verify(self._connection)
        with self._bare_transaction() as connection:
            seal.begin(connection)
            head = seal.meta(connection)
            self.id = head.store_id
            last = connection.execute(
                select(JOURNAL.c.seq, JOURNAL.c.hash).order_by(JOURNAL.c.seq.desc()).limit(1)
            ).one_or_none()
            if (head.journal_seq, head.journal_hash) != (tuple(last) if last is not None else (0, "")):
                raise self._damaged("the journal does not end where it should")
            if witness is not None:
                witness.compare(connection)
        if witness is not None:
            witness.write(head)

    def _damaged(self, what: str) -> StoreError:
        return StoreError(f"The store {self._place} cannot be used: {seal.DAMAGED}. ({what})")

    def _explained(self, error: SQLAlchemyError | ValueError) -> StoreError:
        cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
        return StoreError(f"The store {self._place} cannot be used: {self._place.advice(cause)}. ({cause})")

    @contextmanager
    def _bare_transaction(self) -> Iterator[Connection]:
        with self._place.in_time(self._connection), self._explaining(), self._connection.begin():
            yield self._connection

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        try:
            yield
        except BaseException as error:
            self._let_go()
            if isinstance(error, SQLAlchemyError | ValueError):  # ValueError: a row that no word of ours fits
                raise self._explained(error) from error
            raise

    def _let_go(self) -> None:
        # After a commit that failed SQLAlchemy takes the transaction to be over, while the database may hold
        # it open and everybody else out.
        if not self._connection.invalidated:
            raw = self._connection.connection.dbapi_connection
            if raw is not None:
                with suppress(Exception):  # what failed is told already
                    raw.rollback()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """All of it durable when the block has ended, or nothing when it raised.

        Raises:
            StoreError: The database refused; nothing was written. After a fault of the disk in the very last
                step it may turn up later all the same; for a debit that means more use, never less. Or only
                the witness could not be written; the text says so.
        """
        self._place.require()
        self._replace_if_lost()
        with self._bare_transaction() as connection:
            seal.begin(connection)
            yield connection
            written = seal.finish(connection)
            if written is not None:
                self.presence.renew()
        if written is not None and self._witness is not None:
            self._witness.write(written)

    def _replace_if_lost(self) -> None:
        if not self._connection.invalidated:
            return
        lost = self._connection
        self._connect()
        lost.close()
        try:
            # Whoever comes back may be an older copy of the database.
            self._check(self._witness)
        except BaseException:
            self._connection.invalidate()
            raise

    def close(self) -> None:
        """Close the connection; a session still open counts as left by a dead controller."""
        with self._place.in_time(self._connection):
            self.presence.release()
        self._connection.close()
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
