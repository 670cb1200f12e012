"""Programs and safety profiles as their files state them, and the timeline a program compiles to."""

from collections.abc import Mapping
from dataclasses import dataclass

from massager.model.body import Region, Zone
from massager.model.ceilings import Modality, Severity


@dataclass(frozen=True, slots=True)
class Step:
    """A slow sweep up and down one zone on both sides.

    Attributes:
        strength_permille: Share of the device's usable range that the step asks for.
        pace_mm_s: Speed along the spine.
    """

    zone: Zone
    seconds: int
    strength_permille: int
    pace_mm_s: int


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
    """A checked step of a timeline: sweep between two positions until the zone's seconds are used."""

    zone: Zone
    seconds: int
    first_mm: int
    last_mm: int
    pace_mm_s: int
    level: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """A program compiled for one person and device: every leg and every transition has been checked.

    Attributes:
        half_width_mm: Distance of the rollers' centres from the midline, kept for the whole session.
    """

    program: str
    half_width_mm: int
    legs: tuple[Leg, ...]

    @property
    def seconds(self) -> int:
        """Contact time of all legs."""
        return sum(leg.seconds for leg in self.legs)
