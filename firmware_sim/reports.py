"""What a device owes to its trace and to its subscribers, and when: docs/protocol.md 4 and 9."""

from collections.abc import Callable, Hashable
from math import inf
from typing import Final

from firmware_sim.wire import Cause

NOTIFY_ACTIVE_S: Final = 0.1  # docs/protocol.md 4
NOTIFY_IDLE_S: Final = 1.0
SAMPLE_S: Final = 0.1  # docs/protocol.md 9


class Reports:
    """Timing of trace rows and state notifications; what they say is for the callbacks.

    Attributes:
        counter: of the State characteristic; rises by one each notification and wraps.
    """

    def __init__(
        self, *, on_sample: Callable[[float, Cause], None], on_notify: Callable[[float], None]
    ) -> None:
        self.counter = 0
        self._on_sample = on_sample
        self._on_notify = on_notify
        self._subscribed = False
        self._told: Cause | None = None
        self._sampled: Hashable = None
        self._notify_due_s = inf
        self._sample_due_s = inf

    @property
    def due_s(self) -> float:
        """When `tell` is needed next without anything happening; infinity for never."""
        return min(self._sample_due_s, self._notify_due_s)

    def subscribe(self, now_s: float, *, anybody: bool) -> None:
        """Begin or cease to notify; whoever subscribes is told at once."""
        self._subscribed = anybody
        self._notify_due_s = now_s if anybody else inf

    def owe(self, due_s: float) -> None:
        """Notify at `due_s` at the latest, whatever else there is to tell."""
        if self._subscribed:
            self._notify_due_s = min(self._notify_due_s, due_s)

    def tell(self, now_s: float, *, active: bool, cause: Cause, shown: Hashable) -> None:
        """Give out what is owed now.

        Args:
            now_s: the present time.
            active: whether the device is driven, moving or retracting.
            cause: as the State characteristic has it; a new one is notified at once.
            shown: whatever calls for a trace row when it changes.
        """
        if shown != self._sampled or self._sample_due_s <= now_s:
            self._sampled = shown
            self._sample_due_s = inf
            self._on_sample(now_s, cause)
        self._sample_due_s = min(self._sample_due_s, now_s + SAMPLE_S) if active else inf
        if not self._subscribed:
            return
        if cause != self._told or self._notify_due_s <= now_s:
            self._told = cause
            self._notify_due_s = inf
            self.counter = (self.counter + 1) % 0x10000
            self._on_notify(now_s)
        # A period that has begun is not stretched, so that rest is told as promptly as motion was.
        period_s = NOTIFY_ACTIVE_S if active else NOTIFY_IDLE_S
        self._notify_due_s = min(self._notify_due_s, now_s + period_s)
