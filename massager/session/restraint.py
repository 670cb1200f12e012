"""What somebody has taken away of what a program asks: strength and warmth. It never adds to it."""

from collections.abc import Callable
from dataclasses import replace

from massager.model.commands import Intent
from massager.session.facts import Facts


class Restraint:
    """Of one session.

    Args:
        note: Adds a record of what somebody wanted: a code, and facts.

    Attributes:
        at_most: The highest level that is asked for; None while nothing was taken away.
        is_cool: The heaters stay off, whatever the program asks.
        hurry: Called when less is asked for, which need not wait for the next tick; nobody listens at first.
    """

    def __init__(self, note: Callable[[str, Facts], None]) -> None:
        self.at_most: int | None = None
        self.is_cool = False
        self.hurry: Callable[[], object] = lambda: None
        self._note = note

    def weaker(self, sent: int | None) -> None:
        """One level less than what was sent last, and no more than that until `stronger`.

        A bound that is lower stays: what was sent last may be from before it.
        """
        self._note("weaker", {})
        if sent is not None:
            less = max(1, sent - 1)
            self.at_most = less if self.at_most is None else min(self.at_most, less)
            self.hurry()

    def lower_to(self, level: int) -> None:
        """No more than this level, one at the least; a bound that is lower stays."""
        level = max(1, level)
        if self.at_most is None or level < self.at_most:
            self._note("lower", {"level": level})
            self.at_most = level
            self.hurry()

    def stronger(self) -> None:
        """Give back one level."""
        self._note("stronger", {})
        if self.at_most is not None:
            self.at_most += 1

    def cool(self) -> None:
        """Switch the warmth off."""
        if not self.is_cool:
            self._note("cool", {})
            self.is_cool = True
            self.hurry()

    def warm(self) -> None:
        """Give back the warmth that the program asks for."""
        if self.is_cool:
            self._note("warm", {})
            self.is_cool = False

    def on(self, intent: Intent) -> Intent:
        """What is left of a wish of the program."""
        level = intent.level if self.at_most is None else min(intent.level, self.at_most)
        return replace(intent, level=level, warm=intent.warm and not self.is_cool)
