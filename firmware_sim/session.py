"""What holds from an accepted BEGIN until END or a stop, and what a SET may ask for meanwhile."""

from dataclasses import dataclass
from math import inf

from firmware_sim.wire import Begin, Capabilities, Cause, CommandError, Refusal, Set


@dataclass(slots=True)
class Session:
    """One session; the lease and the watchdog run from its first SET on. Times are in seconds."""

    epoch: int
    ceilings: tuple[int, ...]
    ends_s: float
    seq: int | None = None
    lease_ends_s: float = inf
    watchdog_s: float = inf

    @property
    def driven(self) -> bool:
        """Whether a lease is in force."""
        return self.lease_ends_s < inf

    def stop_due(self) -> tuple[float, Cause]:
        """When the device stops itself if nothing more arrives, and why."""
        unfed_s = min(self.lease_ends_s, self.watchdog_s)
        return (self.ends_s, Cause.TIMER) if self.ends_s <= unfed_s else (unfed_s, Cause.WATCHDOG)

    def check(self, setpoint: Set, can: Capabilities) -> None:
        """Let a SET pass whole or not at all.

        Raises:
            CommandError: it is of another epoch, out of sequence, above a ceiling or outside the travel.
        """
        if setpoint.epoch != self.epoch:
            raise CommandError(Refusal.STALE_EPOCH, f"epoch {setpoint.epoch}, not {self.epoch}")
        if self.seq is not None and setpoint.seq <= self.seq:
            raise CommandError(Refusal.SEQUENCE_NOT_RISING, f"sequence {setpoint.seq} after {self.seq}")
        _below(setpoint.levels, self.ceilings)
        along_mm, across_mm = setpoint.carriage_mm, setpoint.half_width_mm
        if along_mm is not None and (can.travel_mm == 0 or along_mm > can.travel_mm):
            raise CommandError(Refusal.OUTSIDE_TRAVEL, f"carriage {along_mm} mm")
        if across_mm is not None and (
            can.travel_mm == 0 or not can.half_width_min_mm <= across_mm <= can.half_width_max_mm
        ):
            raise CommandError(Refusal.OUTSIDE_TRAVEL, f"half width {across_mm} mm")

    def renew(self, setpoint: Set, now_s: float, *, watchdog_ms: int) -> None:
        """Note a SET that has passed `check`."""
        self.seq = setpoint.seq
        self.lease_ends_s = now_s + setpoint.lease_ms / 1000
        self.watchdog_s = now_s + watchdog_ms / 1000


def open_session(begin: Begin, can: Capabilities, now_s: float) -> Session:
    """Start a session now.

    Raises:
        CommandError: a ceiling lies above what the device has levels for.
    """
    _below(begin.ceilings, tuple(actuator.levels for actuator in can.actuators))
    return Session(begin.epoch, begin.ceilings, now_s + begin.deadline_s)


def _below(levels: tuple[int, ...], ceilings: tuple[int, ...]) -> None:
    if any(level > ceiling for level, ceiling in zip(levels, ceilings, strict=True)):
        raise CommandError(Refusal.ABOVE_CEILING, f"levels {levels} above {ceilings}")
