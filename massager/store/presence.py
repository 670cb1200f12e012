"""Whether the controller that opened a session still lives, where controllers share a folder.

Each controller holds a lock on a file of its own; the kernel drops it with the process, however that ends.
A process number would be wrong here: it is used again, and differs between containers on one folder.
"""

import fcntl
import os
import secrets
from contextlib import suppress
from pathlib import Path

from massager.model.errors import StoreError


class LockFile:
    """This controller's token and lock, and a look at those of others."""

    def __init__(self, folder: Path) -> None:
        self.token = secrets.token_hex(16)
        self._folder = folder
        self._lock: int | None = None

    def _path(self, token: str) -> Path:
        return self._folder / f"controller-{token}.lock"

    def _remove(self, token: str) -> None:
        with suppress(OSError):  # a file without its lock says the same as none
            self._path(token).unlink()

    def claim(self) -> None:
        """Hold the lock from now until `release`; call before the token becomes known to others.

        Raises:
            StoreError: The lock file cannot be made.
        """
        if self._lock is not None:
            return
        path = self._path(self.token)
        try:
            lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            self._lock = lock
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self.release()
            raise StoreError(
                f"The lock {path} cannot be made: {error.strerror}. Make the folder writable."
            ) from error

    def renew(self) -> None:
        """Nothing to do: the kernel knows who lives."""

    def lives(self, token: str) -> bool:
        """True while a controller holds the token; asked inside a transaction, so that one asks at a time.

        Raises:
            StoreError: It cannot be told.
        """
        path = self._path(token)
        try:
            probe = os.open(path, os.O_RDWR)
        except FileNotFoundError:
            return False
        except OSError as error:
            raise StoreError(f"The lock {path} cannot be read: {error.strerror}. Check its owner.") from error
        try:
            fcntl.flock(probe, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError as error:
            raise StoreError(f"The lock {path} cannot be tried: {error.strerror}.") from error
        else:
            self._remove(token)
            return False
        finally:
            os.close(probe)

    def advice(self, token: str) -> str:
        """What to do about a controller that lives."""
        return "Stop that one first."

    def release(self) -> None:
        """Give the lock up; sessions still open under the token count as left by a dead controller."""
        if self._lock is not None:
            self._remove(self.token)
            os.close(self._lock)
            self._lock = None
