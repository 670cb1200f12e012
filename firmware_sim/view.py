"""What each device does now, as a table on a terminal, read from the rows of the trace.

Of many devices those that do something come first; what does not fit is counted.
"""

import asyncio
import contextlib
import logging
import os
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TextIO

from firmware_sim.feed import Feed
from firmware_sim.trace import Row

_PERIOD_S: Final = 0.25  # chosen: quick enough to follow, and next to no work
_LEAVING_S: Final = 1.0  # chosen: a screen that takes nothing for so long is held, or nobody is there
_HEAD: Final = (
    f"{'device':<16} {'links':>5}  {'cause':<12} {'levels':<21} {'force N':>7}  {'place':<14} {'°C':>4}"
)
_OPEN: Final = "\x1b[?1049h\x1b[?25l"  # another screen, without a cursor
_CLOSE: Final = "\x1b[?25h\x1b[?1049l"
_HOME, _REST_OF_LINE, _REST_OF_SCREEN = "\x1b[H", "\x1b[K", "\x1b[J"


@dataclass(slots=True)
class _Device:
    """The newest row of each actuator, and how many links there are."""

    links: int = 0
    actuators: dict[str, Row] = field(default_factory=dict)

    @property
    def cause(self) -> str:
        return next((str(row["cause"]) for row in self.actuators.values()), "rest")


class Table:
    """The devices as their rows have them."""

    def __init__(self) -> None:
        self._devices: dict[str, _Device] = {}
        self._t = 0.0

    def take(self, row: Row) -> None:
        """Take a row of the trace."""
        known: Any = row
        device = self._devices.setdefault(known["device"], _Device())
        self._t = known["t"]
        match known.get("event"):
            case "connect":
                device.links += 1
            case "disconnect":
                device.links -= 1
            case None:
                device.actuators[known["actuator"]] = row

    def lines(self, title: str, footer: str, *, width: int, height: int) -> list[str]:
        """At most so many lines of so many columns; the footer is left out where it is empty."""
        bottom = [footer] if footer else []
        room = max(0, height - 2 - len(bottom))
        busy = sorted(self._devices.items(), key=lambda each: each[1].cause == "rest")
        if len(busy) > room:
            room = max(0, room - 1)
            bottom.insert(0, f"and {len(busy) - room} more, for which there is no room")
        shown = [_line(name, device) for name, device in busy[:room]]
        made = [f"{title}   t = {self._t:.1f} s", _HEAD, *shown, *bottom]
        return [line[:width] for line in made[:height]]


def _line(name: str, device: _Device) -> str:
    rows: list[Any] = list(device.actuators.values())
    levels = " ".join(str(row["level"]) for row in rows)
    force_n = max((row["force_n"] for row in rows), default=0.0)
    warm = [f"{row['temp_c']:.1f}" for row in rows if "temp_c" in row]
    return (
        f"{name:<16} {device.links:>5}  {device.cause:<12} {levels:<21} {force_n:>7.1f}  "
        f"{_place(rows):<14} {max(warm, default=''):>4}"
    ).rstrip()


def _place(rows: Sequence[Any]) -> str:
    """Where whatever presses most does so, on both sides where both do alike."""
    pressing = [row for row in rows if row["force_n"] > 0 and "pos" in row]
    if not pressing:
        return ""
    most = max(pressing, key=lambda row: float(row["force_n"]))
    place, lateral_mm = most["pos"], most["pos"]["lateral_mm"]
    mirrored = any(row["pos"]["lateral_mm"] == -lateral_mm != 0 for row in pressing)
    side = f"±{abs(lateral_mm):.0f}" if mirrored else f"{lateral_mm:+.0f}"
    return f"{place['level']} {side} mm"


class View(logging.Handler):
    """A table on a terminal; in place of a log it shows the last line of one.

    Attributes:
        title: above the table.
    """

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self.title = ""
        self._stream = stream
        self._said = ""
        self._table = Table()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line of the log to be seen."""
        self._said = self.format(record).replace("\n", " ")

    @contextlib.asynccontextmanager
    async def shown(self, feed: Feed) -> AsyncIterator[None]:
        """Show the table inside the context, and the terminal as it was after it.

        Raises:
            OSError: it is no terminal, or none that can be opened.
        """
        screen = _Screen(self._stream.fileno())
        log = logging.getLogger()
        before, log.handlers = log.handlers, [self]
        feed.add(self._table.take)
        screen.show(_OPEN)
        drawing = asyncio.create_task(self._draw(screen))
        try:
            yield
        finally:
            drawing.cancel()
            feed.remove(self._table.take)
            log.handlers = before
            await screen.leave(_CLOSE)

    async def _draw(self, screen: "_Screen") -> None:
        while True:
            if screen.takes_more:
                size = os.get_terminal_size(self._stream.fileno())
                lines = self._table.lines(self.title, self._said, width=size.columns, height=size.lines)
                screen.show(_frame(lines))
            await asyncio.sleep(_PERIOD_S)


def _frame(lines: Iterable[str]) -> str:
    return _HOME + "\r\n".join(line + _REST_OF_LINE for line in lines) + _REST_OF_SCREEN


class _Screen:
    """A terminal that is never waited for where somebody holds it: the devices live on the same loop."""

    def __init__(self, terminal: int) -> None:
        # Opened anew, because not to block is shared with the shell by whoever has this one.
        self._fd = os.open(os.ttyname(terminal), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
        self._unsent = b""
        self._all_sent = asyncio.Event()

    @property
    def takes_more(self) -> bool:
        """Whether all of it is on the screen."""
        return self._all_sent.is_set()

    def show(self, text: str) -> None:
        """Put a text on the screen, as soon as it takes it."""
        self._unsent += text.encode()
        self._write()

    def _write(self) -> None:
        try:
            self._unsent = self._unsent[os.write(self._fd, self._unsent) :]
        except BlockingIOError:
            pass
        except OSError:  # the terminal is gone, and whoever closed it ends the program
            self._unsent = b""
        loop = asyncio.get_running_loop()
        if self._unsent:
            self._all_sent.clear()
            loop.add_writer(self._fd, self._write)
        else:
            self._all_sent.set()
            loop.remove_writer(self._fd)

    async def leave(self, text: str) -> None:
        """Put a last text on the screen in place of what is not there yet, if it takes it in time."""
        self._unsent = b""
        self.show(text)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LEAVING_S):
                await self._all_sent.wait()
        asyncio.get_running_loop().remove_writer(self._fd)
        os.close(self._fd)
