"""The rows of a trace for whoever wants them just now."""

from collections.abc import Callable

from firmware_sim.trace import Row


class Feed:
    """Hands each row on to all who listen, in the order in which they came."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[Row], None]] = []

    def __call__(self, row: Row) -> None:
        """Take a row."""
        for listener in tuple(self._listeners):
            listener(row)

    def add(self, listener: Callable[[Row], None]) -> None:
        """Listen from the next row on, once however often it is added; a listener must not raise."""
        if listener not in self._listeners:
            self._listeners.append(listener)

    def remove(self, listener: Callable[[Row], None]) -> None:
        """Listen no longer; does nothing for one that does not."""
        if listener in self._listeners:
            self._listeners.remove(listener)
