"""What the guardian remembers of one open session: the permit, the epoch, and what the device was told."""

from dataclasses import dataclass, field
from typing import Final

from massager.guardian.frames import BeginFrame, SetFrame
from massager.guardian.gate import REACTION_MS, Facts
from massager.guardian.reported import SETTLE_MS
from massager.model.ceilings import LEASE_LONGEST_MS
from massager.model.commands import Lease, Permit, Placement, Setpoint
from massager.model.devices import DeviceProfile
from massager.model.telemetry import Reading

LAST_NUMBER: Final = 0xFFFF  # docs/protocol.md 3: neither the sequence nor the epoch wraps


@dataclass(slots=True)
class OpenSession:
    """One session from its permit to the stop that voids it.

    Attributes:
        opened: BEGIN was confirmed.
        taken: Number of the last lease that was taken in.
        written: Number of the last lease that was written.
        lease_ends_ms: End of the lease in force; None before the first.
        told: What was written, each with the time from which it was in force; the newest last.
        placed: Where the person says they hold it, as of the last lease.
    """

    permit: Permit
    epoch: int
    opened: bool = False
    seq: int = 0
    taken: int = 0
    written: int = 0
    lease_ends_ms: int | None = None
    driven_since_ms: int | None = None
    told: list[tuple[int, Setpoint]] = field(default_factory=list)
    placed: Placement | None = None

    def facts(self, reading: Reading | None, profile: DeviceProfile, *, after: int, now_ms: int) -> Facts:
        """What a lease with a number above `after` is held against."""
        since_ms = now_ms if reading is None else reading.at_ms - REACTION_MS
        return Facts(
            permit=self.permit,
            profile=profile,
            epoch=self.epoch,
            reading=reading,
            after_number=after,
            recent=self._in_force_since(since_ms),
            now_ms=now_ms,
            placed=self.placed,
        )

    def begin_frame(self, profile: DeviceProfile, now_ms: int) -> BeginFrame:
        """The most a BEGIN may say: the permit's end, rounded up to s, and each actuator's highest level."""
        left_s = -(-(self.permit.ends_ms - now_ms) // 1000)
        return BeginFrame(
            epoch=self.epoch,
            deadline_s=min(left_s, profile.deadline_max_s),
            ceilings=tuple(
                max((row.level_max for row in self.permit.rows if row.actuator == actuator.name), default=0)
                for actuator in profile.actuators
            )
            + self.permit.warmth,
        )

    def take(self, lease: Lease, now_ms: int) -> SetFrame:
        """Count a lease as told before a byte is written: belief never lies below the truth (INV-22)."""
        self.seq += 1
        self.placed = lease.placement
        self.written = lease.number
        self.lease_ends_ms = lease.expires_ms
        self.driven_since_ms = self.driven_since_ms or now_ms
        settled_ms = now_ms - SETTLE_MS - REACTION_MS
        while len(self.told) > 1 and self.told[1][0] <= settled_ms:
            del self.told[0]
        self.told.append((now_ms, lease.setpoint))
        return SetFrame(
            seq=self.seq,
            epoch=self.epoch,
            left_ms=min(lease.expires_ms - now_ms, LEASE_LONGEST_MS),
            setpoint=lease.setpoint,
        )

    def highest(self, now_ms: int, actuators: int) -> tuple[int, ...]:
        """Per actuator the highest level told within the settle time."""
        recent = self._in_force_since(now_ms - SETTLE_MS)
        return tuple(max((told.levels[i] for told in recent), default=0) for i in range(actuators))

    def warmest(self, now_ms: int, heaters: int) -> tuple[int, ...]:
        """Per heater the highest level told within the settle time."""
        recent = self._in_force_since(now_ms - SETTLE_MS)
        return tuple(max((told.warmth[i] for told in recent), default=0) for i in range(heaters))

    def _in_force_since(self, since_ms: int) -> tuple[Setpoint, ...]:
        """The newest setpoint, and each older one that was superseded at that time or later."""
        ends_ms = [began_ms for began_ms, _ in self.told[1:]]
        older = [told for (_, told), end_ms in zip(self.told, ends_ms, strict=False) if end_ms >= since_ms]
        return (*older, *(told for _, told in self.told[-1:]))
