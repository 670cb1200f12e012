"""What the core sees of a guardian: send, receive, close; a child process, or in process for tests."""

import asyncio
import os
import sys
from collections import deque
from pathlib import Path
from typing import Final, Protocol, Self

from massager.guardian.clock import Clock
from massager.guardian.device_lock import Lock, Unlocked
from massager.guardian.guardian import Guardian
from massager.guardian.leaving import Leaving
from massager.guardian.link import LinkFactory
from massager.guardian.messages import Down, End, GiveLease, Stop, Up, to_line, up_from_line
from massager.guardian.pipes import LineReader, LineWriter
from massager.guardian.stopping import GIVE_UP_MS
from massager.model.devices import DeviceProfile
from massager.model.errors import PipeError
from massager.protocol import codec_for

# Chosen: the 10 s of a stop that does not work, and time to disconnect (2 s on BlueZ) on top.
CLOSE_LONGEST_S: Final = GIVE_UP_MS / 1000 + 5
_COMPLAINTS_KEPT: Final = 20  # chosen, because the last lines of an error say what it was


class GuardianClient(Protocol):
    """One guardian, from the core's side."""

    def send(self, message: Down) -> None:
        """Send without waiting; the newest lease wins, a stop goes next, and a guardian gone is silent."""

    async def receive(self) -> Up | None:
        """The next message; None for ever once the guardian is gone."""

    @property
    def complaints(self) -> str:
        """The last lines of its error output; empty where there are none."""

    async def close(self) -> int:
        """Say End, wait until the guardian has left, and return how (`Leaving`)."""


class InProcessGuardian:
    """A guardian on the caller's own loop."""

    def __init__(
        self,
        *,
        links: LinkFactory,
        profile: DeviceProfile,
        clock: Clock,
        address: str | None = None,
        lock: Lock = Unlocked(),  # noqa: B008 - it has no state
    ) -> None:
        self._inbox: asyncio.Queue[Up | None] = asyncio.Queue()
        self._guardian = Guardian(
            links=links,
            profile=profile,
            codec=codec_for(profile.codec),
            clock=clock,
            send=self._inbox.put_nowait,
            address=address,
            lock=lock,
        )
        self._task = asyncio.create_task(self._guardian.run())
        self._task.add_done_callback(lambda _: self._inbox.put_nowait(None))

    def send(self, message: Down) -> None:
        """See `GuardianClient.send`."""
        if not self._task.done():
            self._guardian.handle(message)

    async def receive(self) -> Up | None:
        """See `GuardianClient.receive`."""
        message = await self._inbox.get()
        if message is None:
            self._inbox.put_nowait(None)
        return message

    @property
    def complaints(self) -> str:
        """See `GuardianClient.complaints`; in process an error is raised instead."""
        return ""

    def end_pipe(self) -> None:
        """What the end of the pipe is to a child: the core is gone."""
        self._guardian.core_gone()

    def kill(self) -> None:
        """As kill -9: nothing more is written, and the link stays up as BlueZ would leave it."""
        self._guardian.abandon()
        self._task.cancel()

    async def close(self) -> int:
        """See `GuardianClient.close`."""
        self.send(End())
        await asyncio.wait({self._task})
        return Leaving.NOT_STOPPED if self._task.cancelled() else self._task.result()


class ChildGuardian:
    """A guardian in a process, process group and session of its own, without the terminal."""

    def __init__(self, process: asyncio.subprocess.Process, down: int, up: int, errors: int) -> None:
        """Own the descriptors; `start` is the way to make one."""
        self._process = process
        self._inbox: asyncio.Queue[Up | None] = asyncio.Queue()
        self._complaints: deque[str] = deque(maxlen=_COMPLAINTS_KEPT)
        self._down = LineWriter(down)
        self._up = LineReader(up, line=self._take, end=lambda: self._inbox.put_nowait(None))
        self._errors = LineReader(errors, line=self._note, end=lambda: None)

    @classmethod
    async def start(
        cls,
        *,
        radio: str,
        device: str,
        locks: Path,
        store: str,
        address: str | None = None,
        stop_file: Path | None = None,
        profiles: Path | None = None,
        bonds: bool = False,
    ) -> Self:
        """Start one; what it finds comes through `receive`.

        Args:
            radio: On which the device is.
            device: Name of its profile.
            locks: Folder of the devices' locks, the same for all controllers.
            store: Id of the store whose sessions drive the device.
            address: Of the device; the only one within reach if left out.
            stop_file: Written once the device is known.
            profiles: One more folder of profiles.
            bonds: Pair the device, also anew, where the system keeps the bonds.

        Raises:
            OSError: The system starts no process.
        """
        options = {
            "--radio": radio,
            "--device": device,
            "--locks": locks,
            "--store": store,
            "--address": address,
            "--stop-file": stop_file,
            "--profiles": profiles,
        }
        arguments = [str(part) for pair in options.items() if pair[1] is not None for part in pair]
        arguments += ["--bond"] if bonds else []
        (theirs_in, down), (up, theirs_out), (errors, theirs_err) = os.pipe(), os.pipe(), os.pipe()
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "massager.guardian", *arguments),
                stdin=theirs_in,
                stdout=theirs_out,
                stderr=theirs_err,
                start_new_session=True,
                close_fds=True,
            )
        except BaseException:
            for fd in (down, up, errors):
                os.close(fd)
            raise
        finally:
            for fd in (theirs_in, theirs_out, theirs_err):
                os.close(fd)
        return cls(process, down, up, errors)

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    @property
    def complaints(self) -> str:
        """See `GuardianClient.complaints`."""
        return "\n".join(self._complaints)

    def send(self, message: Down) -> None:
        """See `GuardianClient.send`."""
        line = to_line(message)
        match message:
            case Stop():
                self._down.urgent(line)
            case GiveLease():
                self._down.newest(line)
            case _:
                self._down.keep(line)

    async def receive(self) -> Up | None:
        """See `GuardianClient.receive`."""
        message = await self._inbox.get()
        if message is None:
            self._inbox.put_nowait(None)
        return message

    def _take(self, line: bytes) -> None:
        try:
            self._inbox.put_nowait(up_from_line(line))
        except PipeError as error:
            # A guardian that talks nonsense is not to be trusted: end its pipe, which stops the device.
            self._note(str(error).encode())
            self._down.close()
            self._inbox.put_nowait(None)

    def _note(self, line: bytes) -> None:
        self._complaints.append(line.decode("utf-8", "replace"))

    async def close(self) -> int:
        """See `GuardianClient.close`; one that does not leave is told by the end of its pipe, then killed."""
        self.send(End())
        if not await self._left_within(CLOSE_LONGEST_S):
            self._down.close()
            if not await self._left_within(CLOSE_LONGEST_S):
                self._process.kill()
        code = await self._process.wait()
        for pipe in (self._down, self._up, self._errors):
            pipe.close()
        return code

    async def _left_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._process.wait()
        except TimeoutError:
            return False
        return True
