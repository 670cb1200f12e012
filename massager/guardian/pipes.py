"""Lines over a pipe that nobody may wait for: what does not fit is dropped, the newest of its kind wins."""

import asyncio
import os
from collections import deque
from collections.abc import Callable
from typing import Final

KEPT_MOST: Final = 256  # chosen: more than a session's events, at most a few hundred bytes each
LINE_LONGEST: Final = 1 << 20  # chosen: far above a permit of a hundred rows
_CHUNK: Final = 1 << 16  # what a Linux pipe holds


class LineWriter:
    """Writes lines to a pipe without ever waiting. A line that was begun is finished before the next.

    Three kinds: urgent ones go next, kept ones go in their order, and of the newest kind only the last one
    counts.
    """

    def __init__(self, fd: int) -> None:
        """Own the descriptor, and make it non-blocking."""
        os.set_blocking(fd, False)
        self._fd = fd
        self._begun = b""
        self._urgent: deque[bytes] = deque(maxlen=KEPT_MOST)
        self._kept: deque[bytes] = deque(maxlen=KEPT_MOST)
        self._newest: bytes | None = None
        self._loop = asyncio.get_running_loop()
        self._waiting = False
        self._closed = False

    def urgent(self, line: bytes) -> None:
        """Write a line before all others, and drop a waiting newest one: what it says is over."""
        self._newest = None
        self._urgent.append(line)
        self._flush()

    def keep(self, line: bytes) -> None:
        """Write a line in its turn; after 256 unread ones the oldest is dropped."""
        self._kept.append(line)
        self._flush()

    def newest(self, line: bytes) -> None:
        """Write a line when nothing else waits; a later one replaces it until then."""
        self._newest = line
        self._flush()

    def _next(self) -> bytes:
        if self._urgent:
            return self._urgent.popleft()
        if self._kept:
            return self._kept.popleft()
        line, self._newest = self._newest, None
        return line or b""

    def _flush(self) -> None:
        while not self._closed:
            self._begun = self._begun or self._next()
            if not self._begun:
                break
            try:
                self._begun = self._begun[os.write(self._fd, self._begun) :]
            except BlockingIOError:
                self._await_room()
                return
            except OSError:  # nobody reads any more: the other direction's end says so too
                self.close()
                return
        self._await_nothing()

    def _await_room(self) -> None:
        if not self._waiting:
            self._waiting = True
            self._loop.add_writer(self._fd, self._flush)

    def _await_nothing(self) -> None:
        if self._waiting:
            self._waiting = False
            self._loop.remove_writer(self._fd)

    def close(self) -> None:
        """Write nothing more and give the descriptor back; harmless when repeated."""
        if not self._closed:
            self._await_nothing()
            self._closed = True
            os.close(self._fd)


class LineReader:
    """Reads lines from a pipe as they come, without pause."""

    def __init__(self, fd: int, *, line: Callable[[bytes], None], end: Callable[[], None]) -> None:
        """Own the descriptor; `line` gets each line without its newline, `end` is called once."""
        os.set_blocking(fd, False)
        self._fd = fd
        self._line = line
        self._end = end
        self._begun = b""
        self._loop = asyncio.get_running_loop()
        self._closed = False
        self._loop.add_reader(fd, self._read)

    def _read(self) -> None:
        try:
            data = os.read(self._fd, _CHUNK)
        except BlockingIOError:
            return
        except OSError:  # the pipe is broken, which is an end too
            data = b""
        *lines, self._begun = (self._begun + data).split(b"\n")
        if len(self._begun) > LINE_LONGEST:
            lines, self._begun = [*lines, self._begun], b""
        for line in lines:
            self._line(line)
        if not data:
            self.close()
            self._end()

    def close(self) -> None:
        """Read nothing more and give the descriptor back; harmless when repeated."""
        if not self._closed:
            self._closed = True
            self._loop.remove_reader(self._fd)
            os.close(self._fd)
