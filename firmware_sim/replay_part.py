"""One connection of a recording: what the device answers next, and what it does by itself after that."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from firmware_sim.recording import Happened, Op, Recording, line_number
from firmware_sim.scrubbing import fits

_REQUESTS: Final = frozenset[Op]({"read", "write", "subscribe"})
_CUES: Final = frozenset[Op]({"connect", "write", "subscribe"})


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the recording, with its number in the file."""

    number: int
    happened: Happened


class UnexpectedError(Exception):
    """The device is used otherwise than it was recorded; the text says how, with the line."""


class Part:
    """From one `connect` to the next; each characteristic's reads and writes in their own order.

    Args:
        lines: Begins with the `connect`.
        names: What the characteristics are called in a message, in the order of the head.
    """

    def __init__(self, lines: Sequence[Line], names: Sequence[str]) -> None:
        self._names = names
        self._waiting: dict[tuple[Op, int | None], deque[Line]] = {}
        self._effects: dict[int, list[tuple[float, Happened]]] = {}
        self._last_read: dict[int, Happened] = {}
        cue = lines[0]
        for line in lines:
            op = line.happened.op
            if op in _REQUESTS:
                self._waiting.setdefault((op, line.happened.characteristic), deque()).append(line)
            if op in _CUES:
                cue = line
            if op in {"notify", "disconnect"}:
                after_s = line.happened.t_s - cue.happened.t_s
                self._effects.setdefault(cue.number, []).append((after_s, line.happened))
        self.connected: Final = lines[0]

    def effects(self, cue: Line) -> Sequence[tuple[float, Happened]]:
        """What the device did by itself after this and before the next: how many seconds later, and what."""
        return self._effects.get(cue.number, ())

    def write(self, characteristic: int, value: bytes) -> Line:
        """The next write to a characteristic, which is due and counts as done.

        Raises:
            UnexpectedError: something else, or nothing, was written there next.
        """
        waiting = self._waiting.get(("write", characteristic))
        name = self._names[characteristic]
        if not waiting:
            raise UnexpectedError(f"no further write to {name} is recorded; {value.hex(' ')} was written")
        if not fits(waiting[0].happened, value):
            recorded = waiting[0].happened.value.hex(" ")
            raise UnexpectedError(
                f"line {waiting[0].number} writes {recorded} to {name}; {value.hex(' ')} was written"
            )
        return waiting.popleft()

    def read(self, characteristic: int) -> Happened:
        """The next read of a characteristic, or the last one again.

        Raises:
            UnexpectedError: it was never read.
        """
        if waiting := self._waiting.get(("read", characteristic)):
            self._last_read[characteristic] = waiting.popleft().happened
        if characteristic not in self._last_read:
            raise UnexpectedError(f"no read of {self._names[characteristic]} is recorded")
        return self._last_read[characteristic]

    def subscribe(self, characteristic: int) -> Line | None:
        """The next subscription to a characteristic; None where there is no further one."""
        waiting = self._waiting.get(("subscribe", characteristic))
        return waiting.popleft() if waiting else None

    @property
    def left(self) -> list[Line]:
        """Reads, writes and subscriptions that have not come yet."""
        return sorted(
            (line for waiting in self._waiting.values() for line in waiting), key=lambda line: line.number
        )


def parts(recording: Recording) -> list[Part]:
    """The connections of a recording, in order."""
    names = [each.uuid for each in recording.head.characteristics]
    found: list[list[Line]] = []
    for index, happened in enumerate(recording.happened):
        if happened.op == "connect" or not found:
            found.append([])
        found[-1].append(Line(line_number(index), happened))
    return [Part(lines, names) for lines in found]
