"""A person as the limits see them: diagnosis, clearances, keep-outs, and what a caregiver allows.

A person is a value: read whole, changed as a whole, compared with what it was. Wall times are seconds since
1970; hours of the day are minutes after local midnight.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from massager.model.body import COLUMN_PPM, Calibration, Region, Span, Zone
from massager.model.ceilings import Clearance, Modality, Severity

DAY_MIN: Final = 24 * 60
_DAY_S: Final = 24 * 3600

# docs/limits.md, clearance codes: at most 12 months for B, 6 for C, counted in whole days.
CLEARANCE_LONGEST_S: Final = MappingProxyType({Clearance.B: 366 * _DAY_S, Clearance.C: 184 * _DAY_S})

# All of a device's range.
WHOLE_PERMILLE: Final = 1000

# Chosen, because no adult's back is wider than a metre.
WIDEST_MM: Final = 500


class Modifier(StrEnum):
    """A condition that lowers limits or forbids something (docs/questions.md, before the first session).

    One that has a place on the back forbids the whole spine, unless the person has a keep-out of its name.
    """

    OSTEOPENIA = "osteopenia"
    HYPERTENSION = "hypertension"
    DIABETES = "diabetes"
    REGION_UNKNOWN = "region-unknown"
    MYELOPATHY = "myelopathy"
    SEVERE_DEFICIT = "severe-deficit"
    SURGERY_UNDER_6_WEEKS = "surgery-under-6-weeks"
    SURGERY_6_TO_12_WEEKS = "surgery-6-to-12-weeks"
    SURGERY_OLDER = "surgery-older"
    SPINAL_HARDWARE = "spinal-hardware"
    STIMULATOR_OR_PUMP = "stimulator-or-pump"
    FRACTURE_RECENT = "fracture-recent"
    VERTEBRAL_FRACTURE = "vertebral-fracture"
    OSTEOPOROSIS = "osteoporosis"
    BLOOD_THINNER = "blood-thinner"
    BLOOD_CLOT = "blood-clot"
    PREGNANT = "pregnant"
    PACEMAKER = "pacemaker"
    REDUCED_FEELING = "reduced-feeling"
    CANCER = "cancer"
    UNSTABLE_HEART = "unstable-heart"
    ACUTE_DISC_OR_SLIP = "acute-disc-or-slip"
    STABLE_SLIP_OR_SCOLIOSIS = "stable-slip-or-scoliosis"
    RHEUMATOID_NECK = "rheumatoid-neck"
    AFTER_SYMPTOMS = "after-symptoms"


@dataclass(frozen=True, slots=True)
class KeepOut:
    """A rectangle of the back that nothing may touch, whatever the program: a scar, an implant, a sore place.

    Attributes:
        name: What is there, in the words of whoever added it.
        span_ppm: Along the column, upper border first.
        left_mm: Edge farther left, from the midline; left is negative.
        right_mm: Edge farther right.

    Raises:
        ValueError: The rectangle has no extent, or lies off the back.
    """

    name: str
    span_ppm: Span
    left_mm: int
    right_mm: int

    def __post_init__(self) -> None:
        first, end = self.span_ppm
        if not 0 <= first < end <= COLUMN_PPM:
            raise ValueError("a keep-out lies between C1 and the coccyx, its upper end first")
        if not -WIDEST_MM <= self.left_mm < self.right_mm <= WIDEST_MM:
            raise ValueError(f"a keep-out lies within {WIDEST_MM} mm of the midline, its left edge first")


@dataclass(frozen=True, slots=True)
class ProviderClearance:
    """A healthcare provider's agreement to one modality in one region.

    Attributes:
        code: B (a named provider agreed) or C (in writing).
        given_s: Day it was given, midnight UTC.
        expires_s: First second at which it no longer holds.

    Raises:
        ValueError: Another code, no provider, or it ends before it begins or later than docs/limits.md lets
            it (twelve months for B, six for C).
    """

    code: Clearance
    provider: str
    region: Region
    modality: Modality
    given_s: int
    expires_s: int

    def __post_init__(self) -> None:
        longest_s = CLEARANCE_LONGEST_S.get(self.code)
        if longest_s is None:
            raise ValueError("a provider's clearance is of code B or C")
        if not self.provider.strip():
            raise ValueError("a clearance names the provider who gave it")
        if not 0 < self.expires_s - self.given_s <= longest_s:
            days = longest_s // _DAY_S
            raise ValueError(f"a clearance of code {self.code} holds for 1 to {days} days")


@dataclass(frozen=True, slots=True)
class StrengthLimit:
    """A person's own highest strength, after a session that was too strong or ended for pain.

    Attributes:
        permille: Of a device's range.
        after_sessions: How many sessions the person had had when that one ended, itself included.
        for_sessions: For how many more it holds.
        too_strong: Somebody said so, which lowers the next session besides.

    Raises:
        ValueError: Not a share, or for no session.
    """

    permille: int
    after_sessions: int
    for_sessions: int
    too_strong: bool

    def __post_init__(self) -> None:
        if not 0 <= self.permille <= WHOLE_PERMILLE:
            raise ValueError("a strength is a share of a device's range, 0 to 1000 per mille")
        if self.after_sessions < 0 or self.for_sessions < 1:
            raise ValueError("a strength limit holds for one session or more, after none or more")

    def holds(self, sessions_ever: int) -> bool:
        """Whether it holds for the session that follows so many."""
        return sessions_ever < self.after_sessions + self.for_sessions


@dataclass(frozen=True, slots=True)
class Person:
    """Whose limits hold.

    Attributes:
        conditions: Severity by region as a clinician called it; a region without stenosis is absent and
            takes the mild row (docs/limits.md).
        attested: A healthcare provider was consulted (clearance code A).
        calibrations: Landmarks by device profile name.
        born: Year of birth; None counts as the oldest age group.
        stature_mm: Body height; None checks no landmarks by it.
        zone_permille: The caregiver's highest strength by zone, of the device's range; a zone that is absent
            has no limit of its own.
        session_min: The caregiver's longest session; None without one.
        programs: Names of the programs allowed; None allows all that the limits do.
        hours: Local minutes of the day between which a session may begin, the end excluded and past midnight
            if it is the smaller; equal ends hold no minute, None holds all.
        screened: The questions before the first session were all answered; `modifiers` holds the answers.
        usual_pain: On most days, 0 to 10.
        strength_limits: The person's own, that end with the number of sessions.
        remote: Others may ask from elsewhere for a start, and for what was taken away of the strength.
    """

    name: str
    conditions: Mapping[Region, Severity]
    attested: bool
    calibrations: Mapping[str, Calibration]
    born: int | None = None
    stature_mm: int | None = None
    modifiers: frozenset[Modifier] = frozenset()
    keep_outs: tuple[KeepOut, ...] = ()
    clearances: tuple[ProviderClearance, ...] = ()
    zone_permille: Mapping[Zone, int] = field(default_factory=lambda: MappingProxyType({}))
    session_min: int | None = None
    programs: frozenset[str] | None = None
    hours: tuple[int, int] | None = None
    screened: bool = False
    usual_pain: int = 0
    strength_limits: tuple[StrengthLimit, ...] = ()
    remote: bool = False

    def severity(self, region: Region) -> Severity:
        """The severity whose row holds in a region."""
        return self.conditions.get(region, Severity.MILD)

    @property
    def worst(self) -> Severity:
        """The strictest severity of all regions."""
        return max(self.conditions.values(), default=Severity.MILD)
