"""A device's firmware on its mechanics, run by the loop: when it wants to be, and before all else."""

from collections.abc import Callable
from math import inf

from firmware_sim.clock import Clock, Timer
from firmware_sim.firmware import Firmware
from firmware_sim.plant import Plant
from firmware_sim.trace import DeviceTrace


class Running:
    """Firmware that is up; a resting one sets no timer unless somebody listens to its notifications.

    Attributes:
        firmware: the one since the last power-up.
        plant: what it drives; it outlives a power cut.
    """

    def __init__(
        self, plant: Plant, clock: Clock, trace: DeviceTrace, *, on_notify: Callable[[float], None]
    ) -> None:
        self.plant = plant
        self._clock = clock
        self._trace = trace
        self._on_notify = on_notify
        self._due_s = inf
        self._timer: Timer | None = None
        self.firmware = self._power_up()

    def catch_up(self) -> float:
        """Run up to now, before anything else happens to it, and tell the time."""
        now_s = self._clock.now_s()
        self.firmware.advance(now_s)
        self.set_timer()
        return now_s

    def set_timer(self) -> None:
        """Look when it wants to be called next; needed after anything that happened to it."""
        due_s = self.firmware.next_deadline()
        if due_s == self._due_s:
            return
        self.halt()
        self._due_s = due_s
        if due_s < inf:
            self._timer = self._clock.call_at(due_s, self._on_timer)

    def restart(self) -> None:
        """Power up anew: nothing is known of any session, epoch or link."""
        self.catch_up()
        self.firmware = self._power_up()
        self.set_timer()

    def halt(self) -> None:
        """Set no timer any more."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None
        self._due_s = inf

    def _power_up(self) -> Firmware:
        return Firmware(
            self.plant, now_s=self._clock.now_s(), on_sample=self._trace.sample, on_notify=self._on_notify
        )

    def _on_timer(self, now_s: float) -> None:
        self._timer = None
        self._due_s = inf
        self.firmware.advance(now_s)
        self.set_timer()
