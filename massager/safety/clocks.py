"""What a session has used: session, zones, spot; and the phase that follows: first contact, ramp, cool-down.

The session clock runs from first contact and through pauses; zone and spot clocks run only under contact
(docs/limits.md). Times are ms on the boot-time clock, which counts suspend.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from massager.model.body import Calibration, Zone
from massager.model.ceilings import (
    COOL_DOWN_RAMP_S,
    FIRST_CONTACT_PERMILLE,
    FIRST_CONTACT_S,
    Severity,
)
from massager.model.decisions import Cap, Source

# Chosen, because a lease may reach the device this much sooner or later than the one before, and the limits
# are meant as the body feels them.
DELIVERY_MS = 250


@dataclass(slots=True)
class Usage:
    """Contact time so far, counted forward only.

    Attributes:
        session_ms: Allowed length of the session.
        started_ms: First contact on the boot-time clock; None before it.
        stands: The patches stay where they are, so that no spot's time ever starts anew.
        spot_at_mm: Where the present spot of a patch that moves began.
        on_spot_ms: Contact on it.
        spots_ms: Contact of patches that stay where they are, by place.
    """

    session_ms: int
    calibration: Calibration
    spot_mm: int
    stands: bool = False
    started_ms: int | None = None
    zones_ms: dict[Zone, int] = field(default_factory=dict)
    spot_at_mm: int | None = None
    on_spot_ms: int = 0
    spots_ms: dict[int, int] = field(default_factory=dict)

    def copy(self) -> "Usage":
        """What it is now, untouched by what comes."""
        return replace(self, zones_ms=dict(self.zones_ms), spots_ms=dict(self.spots_ms))

    def begin(self, now_ms: int) -> None:
        """Start the session clock at first contact; later calls change nothing."""
        if self.started_ms is None:
            self.started_ms = now_ms

    def elapsed_ms(self, now_ms: int) -> int:
        """Of the session clock, never negative."""
        return 0 if self.started_ms is None else max(0, now_ms - self.started_ms)

    def left_ms(self, now_ms: int) -> int:
        """Of the session, never negative."""
        return max(0, self.session_ms - self.elapsed_ms(now_ms))

    def contact(self, elapsed_ms: int, *centres_mm: int) -> None:
        """Count contact of patches whose centres are at these positions; one at most, unless they stand."""
        for zone in {self.calibration.zone_at(centre_mm) for centre_mm in centres_mm}:
            if zone is not None:
                self.zones_ms[zone] = self.zone_ms(zone) + elapsed_ms
        for centre_mm in centres_mm:
            if self.stands:
                self.spots_ms[centre_mm] = self.spot_ms(centre_mm) + elapsed_ms
            else:
                self._move(centre_mm)
                self.on_spot_ms += elapsed_ms

    def zone_ms(self, zone: Zone) -> int:
        """Contact in a zone so far; both sides alike, since a roller pair debits both."""
        return self.zones_ms.get(zone, 0)

    def spot_ms(self, centre_mm: int) -> int:
        """Contact on the present spot; a spot starts anew once the patch has moved by its diameter."""
        if self.stands:
            return self.spots_ms.get(centre_mm, 0)
        return 0 if self._left_spot(centre_mm) else self.on_spot_ms

    def _left_spot(self, centre_mm: int) -> bool:
        return self.spot_at_mm is None or abs(centre_mm - self.spot_at_mm) >= self.spot_mm

    def _move(self, centre_mm: int) -> None:
        if self._left_spot(centre_mm):
            self.spot_at_mm, self.on_spot_ms = centre_mm, 0


@dataclass(frozen=True, slots=True)
class Paid:
    """Contact time that the ledger holds as debited in this session, durable before it is used."""

    session_ms: int
    zones_ms: Mapping[Zone, int]


@dataclass(slots=True)
class Phase:
    """Caps that the course of a session sets; everything begins again after a rest.

    Attributes:
        levels: Of the device.
        ramp_permille: Rise allowed in 10 s.
        level: Approved last.
        touched_ms: Contact since the last rest.
        risen_ms: When the level rose last, on the boot-time clock.
        cool_down_from: Level held when the last seconds began; None before them.
    """

    levels: int
    severity: Severity
    ramp_permille: int
    level: int = 0
    touched_ms: int = 0
    risen_ms: int | None = None
    cool_down_from: int | None = None

    @property
    def first_level(self) -> int:
        """First-contact level; a coarse device's lowest where the figure is below it (docs/limits.md)."""
        return max(1, self.levels * FIRST_CONTACT_PERMILLE[self.severity] // 1000)

    @property
    def _first_contact_ms(self) -> int:
        coarse = self.levels * FIRST_CONTACT_PERMILLE[self.severity] // 1000 == 0
        return 1000 * FIRST_CONTACT_S * (2 if coarse else 1) + DELIVERY_MS

    @property
    def rise_interval_ms(self) -> int:
        """Between two rises of one level: (step / ramp) x 10 s, rounded up, and the way to the device."""
        return -(-10_000_000 // (self.levels * self.ramp_permille)) + DELIVERY_MS

    def rested(self) -> None:
        """The device is at rest: first contact and ramp begin again."""
        self.level, self.touched_ms, self.risen_ms = 0, 0, None

    def contact(self, elapsed_ms: int) -> None:
        """Count contact since the last rest."""
        self.touched_ms += elapsed_ms

    def caps(self, now_ms: int, left_ms: int) -> Iterator[Cap]:
        """What the phase allows now, with this much of the session left."""
        if self.touched_ms < self._first_contact_ms:
            yield Cap(self.first_level, Source.FIRST_CONTACT)
        waited = self.risen_ms is None or now_ms - self.risen_ms >= self.rise_interval_ms
        yield Cap(self.level + (1 if waited else 0), Source.RAMP)
        if left_ms <= 1000 * COOL_DOWN_RAMP_S:
            start = self.level if self.cool_down_from is None else self.cool_down_from
            above = max(0, start - self.first_level)
            yield Cap(self.first_level + above * left_ms // (1000 * COOL_DOWN_RAMP_S), Source.COOL_DOWN)

    def approved(self, level: int, now_ms: int, left_ms: int) -> None:
        """Take note of the level that was approved."""
        if level > self.level:
            self.risen_ms = now_ms
        if self.cool_down_from is None and left_ms <= 1000 * COOL_DOWN_RAMP_S:
            self.cool_down_from = max(level, self.level)
        self.level = level
