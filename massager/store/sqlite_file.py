"""The embedded database: one SQLite file in a folder of its own."""

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool

from massager.model.errors import StoreError
from massager.store.presence import LockFile

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
        # What is forgotten is overwritten, however SQLite was built.
        raw.execute("PRAGMA secure_delete = ON")
    except sqlite3.Error:
        raw.close()
        raise
    return raw


def _begin(connection: Connection) -> None:
    # Immediate: what a transaction has read cannot change before it writes, and nobody is overtaken.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


class SqliteFile:
    """Where the file is, and all that only SQLite needs."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: os.stat_result | None = None

    def __str__(self) -> str:
        return str(self._path)

    def prepare(self, create: Callable[["SqliteFile"], None], *, may_create: Callable[[], None]) -> None:
        """Make the folder (0700) and the file if they do not exist.

        Args:
            create: Makes everything in the empty file it is given.
            may_create: Asked before a file is made; raises if there must be one already.

        Raises:
            StoreError: The folder or file cannot be made, or the file is gone while its journal is there.
        """
        folder = self._path.parent
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            in_use = self._path.with_name(f"{self._path.name}-wal").exists()  # first: another may make both
            if not self._path.exists():
                if in_use:
                    raise StoreError(f"The store {self} is gone while its journal is there: {_DAMAGED}.")
                may_create()
                self._create(create)
            self._file = self._path.stat()
        except OSError as error:
            raise StoreError(
                f"The data folder {folder} cannot be used: {error.strerror}. "
                "Make it a folder that you may write to, or choose another with --data."
            ) from error

    def _create(self, create: Callable[["SqliteFile"], None]) -> None:
        # Made beside its place and put there whole: a file without tables is always damage.
        handle, name = tempfile.mkstemp(prefix=f"{self._path.name}.new.", dir=self._path.parent)
        os.close(handle)
        draft = Path(name)
        try:
            create(SqliteFile(draft))
            try:
                os.link(draft, self._path)
            except FileExistsError:
                return  # another controller was quicker; its file serves as well
            folder = os.open(self._path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        finally:
            draft.unlink()

    def engine(self) -> Engine:
        """An engine whose every connection and transaction is careful."""
        engine = create_engine("sqlite://", creator=lambda: _connect(self._path), poolclass=NullPool)
        event.listen(engine, "begin", _begin)
        return engine

    def presence(self, connection: Connection) -> LockFile:
        """This controller's sign of life, for others on the same folder."""
        return LockFile(self._path.parent)

    def require(self) -> None:
        """Check that the file is still in its place.

        Raises:
            StoreError: SQLite would go on writing to a file that was removed, and those debits would be lost.
        """
        if self._file is None:
            return
        try:
            in_place = os.path.samestat(self._file, self._path.stat())
        except OSError:
            in_place = False
        if not in_place:
            raise StoreError(f"The store {self} was moved away while in use. Put it back and start again.")

    def advice(self, cause: BaseException) -> str:
        """What is wrong and what to do, for an error of the driver."""
        kind = getattr(cause, "sqlite_errorname", "").removeprefix("SQLITE_").partition("_")[0]
        return _ADVICE.get(kind, _DAMAGED)

    @contextmanager
    def in_time(self, connection: Connection) -> Iterator[None]:
        """Nothing to add: SQLite waits for nothing but its lock, and for that no longer than a debit may."""
        yield

    @contextmanager
    def snapshot(self, connection: Connection) -> Iterator[None]:
        """A transaction that only reads."""
        with connection.begin():
            yield

    @contextmanager
    def making(self, connection: Connection) -> Iterator[None]:
        """A transaction in which the tables are made."""
        with connection.begin():
            yield

    def exclude_others(self, connection: Connection) -> None:
        """Let nobody else make or upgrade the store until the transaction ends; here its begin did so."""

    def check_structure(self, connection: Connection, tables: tuple[str, ...]) -> str:
        """What is wrong with the pages and indexes of these tables; empty when nothing is."""
        for table in tables:
            verdict = connection.exec_driver_sql(f"PRAGMA integrity_check('{table}')").scalar()
            if verdict != "ok":
                return str(verdict)
        return ""
