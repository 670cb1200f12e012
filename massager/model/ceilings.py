"""The built-in ceilings: region x severity x modality, as constants that nothing at run time can change.

Every figure is a conservative engineering ceiling; its derivation and sources are in docs/limits.md. None was
reviewed by a clinician.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Final

from massager.model.body import Region


class Severity(IntEnum):
    """How narrow a clinician called it; a higher number is stricter."""

    MILD = 1
    MODERATE = 2
    SEVERE = 3


class Modality(StrEnum):
    """How an actuator works on the body."""

    ROLLER = "roller"
    VIBRATION = "vibration"
    PERCUSSION = "percussion"


class Clearance(StrEnum):
    """What must be on record before a row may be used (docs/limits.md)."""

    A = "A"
    B = "B"
    C = "C"
    X = "X"


@dataclass(frozen=True, slots=True)
class CeilingRow:
    """One row of the table; a blocked row has zeros and no keep-out, for the whole region is one."""

    region: Region
    severity: Severity
    modality: Modality
    clearance: Clearance
    intensity_permille: int
    force_n: int
    pressure_dn_cm2: int
    zone_s: int
    spot_s: int
    session_min: int
    per_day: int
    per_week: int
    cooldown_h: int | None
    heat_c: int | None
    ramp_permille_per_10s: int
    keepout_half_mm: int | None


def _blocked(region: Region, severity: Severity, modality: Modality) -> CeilingRow:
    return CeilingRow(region, severity, modality, Clearance.X, 0, 0, 0, 0, 0, 0, 0, 0, None, None, 0, None)


CERVICAL, THORACIC, LUMBAR = Region.CERVICAL, Region.THORACIC, Region.LUMBAR
MILD, MODERATE, SEVERE = Severity.MILD, Severity.MODERATE, Severity.SEVERE
PERCUSSION, VIBRATION, ROLLER = Modality.PERCUSSION, Modality.VIBRATION, Modality.ROLLER

# Columns in the order of CeilingRow; sources by column in docs/limits.md.
# fmt: off
_ROWS: Final = (
    _blocked(CERVICAL, MILD, PERCUSSION),
    CeilingRow(CERVICAL, MILD, VIBRATION, Clearance.B, 250, 20, 65, 200, 60, 10, 1, 3, 48, 40, 50, 20),
    CeilingRow(CERVICAL, MILD, ROLLER, Clearance.C, 250, 20, 65, 200, 30, 10, 1, 3, 48, 40, 50, 20),
    _blocked(CERVICAL, MODERATE, PERCUSSION),
    CeilingRow(CERVICAL, MODERATE, VIBRATION, Clearance.C, 120, 10, 32, 100, 30, 5, 1, 2, 48, 40, 30, 25),
    _blocked(CERVICAL, MODERATE, ROLLER),
    _blocked(CERVICAL, SEVERE, PERCUSSION),
    _blocked(CERVICAL, SEVERE, VIBRATION),
    _blocked(CERVICAL, SEVERE, ROLLER),
    CeilingRow(THORACIC, MILD, PERCUSSION, Clearance.A, 240, 16, 131, 60, 15, 5, 1, 3, 48, None, 50, 30),
    CeilingRow(THORACIC, MILD, VIBRATION, Clearance.A, 400, 32, 131, 300, 60, 15, 1, 3, 48, 41, 50, 20),
    CeilingRow(THORACIC, MILD, ROLLER, Clearance.A, 400, 32, 131, 240, 30, 15, 1, 3, 48, 41, 50, 20),
    CeilingRow(THORACIC, MODERATE, PERCUSSION, Clearance.C, 120, 8, 65, 30, 10, 3, 1, 2, 48, None, 30, 35),
    CeilingRow(THORACIC, MODERATE, VIBRATION, Clearance.C, 200, 16, 65, 150, 30, 10, 1, 2, 48, 40, 30, 25),
    CeilingRow(THORACIC, MODERATE, ROLLER, Clearance.C, 200, 16, 65, 120, 15, 10, 1, 2, 48, 40, 30, 25),
    _blocked(THORACIC, SEVERE, PERCUSSION),
    CeilingRow(THORACIC, SEVERE, VIBRATION, Clearance.C, 90, 8, 32, 60, 15, 5, 1, 1, 72, 39, 20, 30),
    CeilingRow(THORACIC, SEVERE, ROLLER, Clearance.C, 90, 8, 32, 60, 10, 5, 1, 1, 72, 39, 20, 30),
    CeilingRow(LUMBAR, MILD, PERCUSSION, Clearance.A, 300, 20, 131, 60, 15, 5, 1, 3, 48, None, 50, 35),
    CeilingRow(LUMBAR, MILD, VIBRATION, Clearance.A, 500, 40, 131, 300, 60, 15, 1, 3, 48, 41, 50, 25),
    CeilingRow(LUMBAR, MILD, ROLLER, Clearance.A, 500, 40, 131, 240, 30, 15, 1, 3, 48, 41, 50, 25),
    CeilingRow(LUMBAR, MODERATE, PERCUSSION, Clearance.C, 150, 10, 65, 30, 10, 3, 1, 2, 48, None, 30, 40),
    CeilingRow(LUMBAR, MODERATE, VIBRATION, Clearance.B, 250, 20, 65, 150, 30, 10, 1, 2, 48, 40, 30, 30),
    CeilingRow(LUMBAR, MODERATE, ROLLER, Clearance.B, 250, 20, 65, 120, 15, 10, 1, 2, 48, 40, 30, 30),
    _blocked(LUMBAR, SEVERE, PERCUSSION),
    CeilingRow(LUMBAR, SEVERE, VIBRATION, Clearance.C, 120, 10, 32, 60, 15, 5, 1, 1, 72, 39, 20, 35),
    CeilingRow(LUMBAR, SEVERE, ROLLER, Clearance.C, 120, 10, 32, 60, 10, 5, 1, 1, 72, 39, 20, 35),
)
# fmt: on

CEILINGS: Final = MappingProxyType({(row.region, row.severity, row.modality): row for row in _ROWS})

# docs/limits.md: first contact lasts 30 s at no more than this share of the device's range.
FIRST_CONTACT_S: Final = 30
FIRST_CONTACT_PERMILLE: Final = MappingProxyType({MILD: 100, MODERATE: 80, SEVERE: 50})

# docs/limits.md, combination rules: minutes in any seven days, all regions together.
WEEKLY_MINUTES: Final = MappingProxyType({MILD: 45, MODERATE: 20, SEVERE: 5})

# docs/limits.md, afterwards: seconds after a session at which it is asked how it went.
_HOUR_S: Final = 3600
_FOLLOW_UPS_S: Final = (0, 300, 24 * _HOUR_S, 48 * _HOUR_S, 72 * _HOUR_S)
FOLLOW_UP_S: Final = MappingProxyType(
    {MILD: _FOLLOW_UPS_S[:3], MODERATE: _FOLLOW_UPS_S[:4], SEVERE: _FOLLOW_UPS_S}
)

# docs/limits.md: the last 30 s fall evenly to the first-contact level.
COOL_DOWN_RAMP_S: Final = 30

# docs/limits.md, keep-outs: the treatable band's outer edge, lumbar and thoracic; the neck's posterior band
# ends about 45 mm from the midline. A patch whose centre lies beyond it runs at six tenths.
BAND_EDGE_MM: Final = MappingProxyType({CERVICAL: 45, THORACIC: 55, LUMBAR: 60})
BEYOND_BAND_PERMILLE: Final = 600

# docs/limits.md: at most 10 mm beyond the neutral backrest plane in the lumbar spine; held for every
# region (chosen, because no source allows more anywhere).
ROLLER_DEPTH_DMM: Final = 100

# docs/architecture.md: every motion carries an expiry of at most 2 s.
LEASE_LONGEST_MS: Final = 2000


def stricter(severity: Severity) -> Severity:
    """The next stricter severity, for a device whose force or frequency is not known."""
    return Severity(min(severity + 1, SEVERE))
