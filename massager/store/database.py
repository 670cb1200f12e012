"""The SQLite file: opened with care, written in whole transactions, its faults told in plain words."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from sqlalchemy import Connection, create_engine, event, insert, select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from massager.model.errors import StoreError
from massager.store.presence import Presence
from massager.store.tables import APPEND_ONLY, META, METADATA, SCHEMA_VERSION

FILE_NAME: Final = "massager.db"

# Chosen, because a lease lives no longer than 2 s: whoever waits longer for a debit has stopped already.
BUSY_MS: Final = 2000

_DAMAGED: Final = "it is damaged. Keep the file and put a backup in its place"
_WRITE_PROTECTED: Final = "it cannot be opened for writing. Check the owner and the rights of file and folder"
_ADVICE: Final = {
    "BUSY": "another program is writing to it. Close that program and try again",
    "FULL": "the disk is full. Make room and try again",
    "READONLY": _WRITE_PROTECTED,
    "CANTOPEN": _WRITE_PROTECTED,
    "PERM": _WRITE_PROTECTED,
    "IOERR": "the disk reports a fault. Check the disk and its cable",
    "CORRUPT": _DAMAGED,
    "NOTADB": "it is no database. Move it away if it is not yours, or put a backup in its place",
}


def _connect(path: Path) -> sqlite3.Connection:
    # mode=rw: a file that has vanished must be an error and not a new, empty history.
    raw = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw",
        uri=True,
        timeout=BUSY_MS / 1000,
        isolation_level=None,  # the driver begins nothing by itself; `_begin` does
        check_same_thread=False,
    )
    try:
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute("PRAGMA synchronous = FULL")
        raw.execute("PRAGMA foreign_keys = ON")
    except sqlite3.Error:
        raw.close()
        raise
    return raw


def _begin(connection: Connection) -> None:
    # Immediate: what a transaction has read cannot change before it writes, and nobody is overtaken.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _create(path: Path) -> None:
    """Make the file beside its place and put it there whole: a file without tables is always damage.

    Raises:
        OSError: The folder cannot be written.
        StoreError: The tables cannot be written.
    """
    handle, name = tempfile.mkstemp(prefix=f"{path.name}.new.", dir=path.parent)
    os.close(handle)
    draft = Path(name)
    try:
        with Store(draft) as store, store.transaction() as connection:
            METADATA.create_all(connection)
            for trigger in APPEND_ONLY:
                connection.exec_driver_sql(trigger)
            connection.execute(insert(META).values(id=1, schema_version=SCHEMA_VERSION, high_water_s=0))
        try:
            os.link(draft, path)
        except FileExistsError:
            return  # another controller was quicker; its file serves as well
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        draft.unlink()


class Store:
    """One connection to the file. Any one thread at a time may use it, also another than opened it.

    Build it with `open`; the constructor neither makes nor checks the file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.presence = Presence(path.parent)
        self._engine = create_engine("sqlite://", creator=lambda: _connect(path), poolclass=NullPool)
        event.listen(self._engine, "begin", _begin)
        self._file = path.stat()
        try:
            self._connection = self._engine.connect()
        except (SQLAlchemyError, ValueError) as error:  # ValueError: damaged text in SQLite's own message
            raise self._explained(error) from error

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the store in a folder; a folder (0700) and a file that do not exist are made.

        Raises:
            StoreError: The folder or file cannot be made or written, or is locked; the file is damaged, not
                a database, or of another version of the program.
        """
        path = folder / FILE_NAME
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            in_use = path.with_name(f"{FILE_NAME}-wal").exists()  # asked first: another may be making both
            if not path.exists():
                if in_use:
                    raise StoreError(f"The store {path} is gone while its journal is there: {_DAMAGED}.")
                _create(path)
            store = cls(path)
        except OSError as error:
            raise StoreError(
                f"The data folder {folder} cannot be used: {error.strerror}. "
                "Make it a folder that you may write to, or choose another with --data."
            ) from error
        try:
            store._check()
        except BaseException:
            store.close()
            raise
        return store

    def _check(self) -> None:
        with self.transaction() as connection:
            verdict: str = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one()
            version: int = connection.execute(select(META.c.schema_version)).scalar_one()
        if verdict != "ok":
            raise StoreError(f"The store {self._path} cannot be used: {_DAMAGED}. ({verdict})")
        if version != SCHEMA_VERSION:
            raise StoreError(
                f"The store {self._path} has version {version}, this program knows {SCHEMA_VERSION}. "
                "Use the version of the program that wrote it."
            )

    def _explained(self, error: SQLAlchemyError | ValueError) -> StoreError:
        cause = error.orig if isinstance(error, DBAPIError) else error
        kind = getattr(cause, "sqlite_errorname", "").removeprefix("SQLITE_").partition("_")[0]
        advice = _ADVICE.get(kind, _DAMAGED)
        return StoreError(f"The store {self._path} cannot be used: {advice}. ({cause})")

    def _require_file(self) -> None:
        # SQLite goes on writing to a file that was removed, and those debits would be lost.
        try:
            in_place = os.path.samestat(self._file, self._path.stat())
        except OSError:
            in_place = False
        if not in_place:
            raise StoreError(
                f"The store {self._path} was moved away while in use. Put it back and start again."
            )

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """All of it durable when the block has ended, or nothing when it raised.

        Raises:
            StoreError: The database refused; nothing was written. After a fault of the disk in the very last
                step it may turn up later all the same; for a debit that means more use, never less.
        """
        self._require_file()
        try:
            with self._connection.begin():
                yield self._connection
        except (SQLAlchemyError, ValueError) as error:  # ValueError: a row that no word of ours fits
            raise self._explained(error) from error

    def close(self) -> None:
        """Close the file; a session still open counts as left by a dead controller."""
        self.presence.release()
        self._connection.close()
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
