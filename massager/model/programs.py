"""Programs and safety profiles as their files state them, and the timeline a program compiles to."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from massager.model.body import Region, Side, Zone
from massager.model.ceilings import Modality, Severity


class Technique(StrEnum):
    """How rollers work in a zone: a slow sweep, one that swings in and out, or held on spot after spot."""

    SWEEP = "sweep"
    KNEADING = "kneading"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Step:
    """Contact in one zone on both sides; in place where nothing moves.

    Attributes:
        strength_permille: Share of the device's usable range that the step asks for at most.
        curve_permille: Shares of that, one after another for equal parts of the step's seconds; all of it
            where there are none.
        pace_mm_s: Speed along the spine; None for what does not move along it.
        warm: Whether the heaters shall warm meanwhile.
        side: Where a hand shall hold it; None for both sides.
        part_permille: Which part of the zone, for what is held: the upper end is 0, the lower 1000.
    """

    zone: Zone
    seconds: int
    strength_permille: int
    pace_mm_s: int | None
    technique: Technique = Technique.SWEEP
    curve_permille: tuple[int, ...] = ()
    warm: bool = False
    side: Side | None = None
    part_permille: int = 500


@dataclass(frozen=True, slots=True)
class Program:
    """A preset: steps in their order, with a purpose in plain words."""

    name: str
    title: str
    purpose: str
    modality: Modality
    severities: tuple[Severity, ...]
    steps: tuple[Step, ...]
    profile_hash: str

    @property
    def seconds(self) -> int:
        """Contact time of all steps."""
        return sum(step.seconds for step in self.steps)


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """What a safety profile allows in one region with one modality; never above the ceiling."""

    region: Region
    modality: Modality
    intensity_permille: int
    force_n: int
    zone_s: int
    spot_s: int


@dataclass(frozen=True, slots=True)
class SafetyProfile:
    """Limits for one diagnosis, or the tightest of several; without a row nothing is available.

    Attributes:
        conditions: Severity by region that it is made for.
    """

    name: str
    title: str
    conditions: Mapping[Region, Severity]
    session_min: int
    rows: tuple[ProfileRow, ...]
    profile_hash: str

    def row(self, region: Region, modality: Modality) -> ProfileRow | None:
        """The row for a region and modality, if there is one."""
        for row in self.rows:
            if row.region is region and row.modality is modality:
                return row
        return None


@dataclass(frozen=True, slots=True)
class Leg:
    """A checked step of a timeline: contact between two positions until the zone's seconds are used.

    Attributes:
        level: The highest.
        curve: Levels, one after another for equal parts of the seconds; the highest where there are none.
        swing_mm: How far the rollers go outward and back while they sweep.
        stops_mm: Where they stay, one after another and back; none for a sweep.
        pace_mm_s: Speed along the spine; 0 where nothing moves.
        works: Names of the actuators that work; None for all.
        warm: Whether the heaters shall warm meanwhile.
        side: Where a hand shall hold it; None for both sides.
        part_permille: And how far down in the zone.
    """

    zone: Zone
    seconds: int
    first_mm: int
    last_mm: int
    pace_mm_s: int
    level: int
    curve: tuple[int, ...] = ()
    swing_mm: int = 0
    stops_mm: tuple[int, ...] = ()
    works: tuple[str, ...] | None = None
    warm: bool = False
    side: Side | None = None
    part_permille: int = 500


@dataclass(frozen=True, slots=True)
class Timeline:
    """A program compiled for one person and device: every leg and every transition has been checked.

    Attributes:
        half_width_mm: Distance of the rollers' centres from the midline, kept for the whole session; None
            where each patch has its own.
    """

    program: str
    half_width_mm: int | None
    legs: tuple[Leg, ...]

    @property
    def seconds(self) -> int:
        """Contact time of all legs."""
        return sum(leg.seconds for leg in self.legs)
