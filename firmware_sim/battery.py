"""The battery of a massager that has one."""

from typing import Final

LASTS_S: Final = 7200.0  # at the highest level: docs/protocol.md 8
IDLE_S: Final = 360_000.0  # at rest; chosen, because a radio that waits for days is an hour's massage
SAG_S: Final = 50.0  # a weak cell while anything is driven; chosen, because that is within any session
SAGGED: Final = 0.05  # what is left of a weak cell; chosen, because a motor still turns at it


class Battery:
    """Charge that falls with use, full at first; nothing charges it.

    Attributes:
        weak: whether its charge falls within a minute of use, and with it the strength that it gives.
    """

    def __init__(self) -> None:
        self.weak = False
        self._charge = 1.0

    @property
    def percent(self) -> int:
        """Charge in whole percent, rounded to the nearest."""
        return round(100 * self._charge)

    @property
    def strength(self) -> float:
        """What it gives, of what it should: all of it to the last, unless it is weak."""
        if self.weak:
            return self._charge
        return 1.0 if self._charge > 0 else 0.0

    def use(self, drive_s: float, dt_s: float) -> None:
        """Spend what `dt_s` seconds take, with `drive_s` of them at the highest level or its like."""
        spent = drive_s / LASTS_S + dt_s / IDLE_S
        if self.weak and drive_s > 0:
            self._charge = max(min(SAGGED, self._charge), self._charge - dt_s / SAG_S)
        self._charge = max(0.0, self._charge - spent)
