"""One controller drives a device: a lock on a file of its own, which also holds the last fence (INV-34).

The kernel drops the lock with the process, however that ends. The fence needs no care against a power cut:
no stale controller outlives one.
"""

import asyncio
import fcntl
import hashlib
import os
from pathlib import Path
from typing import Final, Protocol

from massager.guardian.clock import Clock
from massager.model.errors import LinkError

# Chosen, because a predecessor that is leaving needs about a second to see the device at rest and to let go.
WAIT_LONGEST_MS: Final = 2000
_LOOK_AGAIN_S: Final = 0.05
_NAME_LENGTH: Final = 16


class DeviceHeldError(LinkError):
    """Another controller drives the device, or whether one does cannot be told."""


class Lock(Protocol):
    """The right to drive one device."""

    async def claim(self, address: str) -> None:
        """Take it before a connection is made; taking it again does nothing.

        Raises:
            DeviceHeldError: It cannot be had within 2 s.
        """

    def admit(self, fence: int) -> str | None:
        """May a session with this fence begin? None, or in a sentence why not."""


class Unlocked:
    """For a device that no other process can reach."""

    async def claim(self, address: str) -> None:
        """See `Lock.claim`."""

    def admit(self, fence: int) -> str | None:
        """See `Lock.admit`."""


class DeviceLock:
    """A lock file for each device in a folder that all controllers of this user share.

    Args:
        folder: Made if it is not there.
        radio: On which the device is.
        store: Whose fences these are; those of another store do not compare.
    """

    def __init__(self, folder: Path, *, radio: str, store: str, clock: Clock) -> None:
        self._folder = folder
        self._radio = radio
        self._store = store
        self._clock = clock
        self._fd: int | None = None
        self._admitted: int | None = None

    def path(self, address: str) -> Path:
        """Of the device's file."""
        mark = hashlib.sha256(f"{self._radio}\0{address.upper()}".encode()).hexdigest()[:_NAME_LENGTH]
        return self._folder / f"device-{mark}.lock"

    async def claim(self, address: str) -> None:
        """See `Lock.claim`."""
        if self._fd is not None:
            return
        path = self.path(address)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise DeviceHeldError(f"the lock {path} cannot be made: {error.strerror}") from error
        try:
            if await self._had(fd):
                self._fd = fd
                return
        finally:
            if self._fd is None:
                os.close(fd)
        raise DeviceHeldError(f"{address} is held by another process, see the lock {path}")

    async def _had(self, fd: int) -> bool:
        """Wait for it, as long as a predecessor may take to leave."""
        end_ms = self._clock.now_ms() + WAIT_LONGEST_MS
        while not _locked(fd):
            if self._clock.now_ms() >= end_ms:
                return False
            await asyncio.sleep(_LOOK_AGAIN_S)
        return True

    def admit(self, fence: int) -> str | None:
        """See `Lock.admit`; a fence that was admitted here stays so."""
        if self._fd is None:
            return "the device's lock is not held"
        if fence == self._admitted:
            return None
        try:
            last = _last(os.pread(self._fd, 256, 0), self._store)
            if fence <= last:
                return f"fence {fence} after {last}: a newer session has driven this device"
            os.pwrite(self._fd, f"{fence:020} {self._store}\n".encode(), 0)
        except (OSError, ValueError) as error:
            return f"the fence cannot be kept: {error}"
        self._admitted = fence
        return None

    def release(self) -> None:
        """Give it up; harmless when repeated."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None


def _locked(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        raise DeviceHeldError(f"the device's lock cannot be tried: {error.strerror}") from error
    return True


def _last(data: bytes, store: str) -> int:
    """The last fence of this store; 0 for a new file or another store's.

    Raises:
        ValueError: The file is damaged.
    """
    if not data:
        return 0
    fence, _, owner = data.split(b"\n")[0].decode().partition(" ")
    last = int(fence)
    return last if owner == store else 0
