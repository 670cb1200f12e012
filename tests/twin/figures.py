"""The figures of docs/limits.md and docs/questions.md, typed in a second time, and what they come to.

Nothing in this folder is taken from massager.safety: a rule that stands in both must come out the same.
"""

from dataclasses import dataclass
from functools import cache, cached_property

# An age at which nothing depends on it any more.
LONG = 10**9
# docs/architecture.md, chapter 3, and limits.md, chapter 3.
LEASE_MS = 1000
LEASE_SHORTEST_MS = 200
STALE_MS = 1000
SETTLE_MS = 1000
DELIVERY_MS = 250
LAST_SECONDS_MS = 30_000
# docs/limits.md, the table: lumbar rollers. Intensity per mille, force in N, ramp per mille in 10 s.
INTENSITY = {"mild": 500, "moderate": 250, "severe": 120}
FORCE_N = {"mild": 40, "moderate": 20, "severe": 10}
RAMP = {"mild": 50, "moderate": 30, "severe": 20}
FIRST_CONTACT = {"mild": 100, "moderate": 80, "severe": 50}
FIRST_CONTACT_MS = 30_000
ZONE_MS = {"mild": 240_000, "moderate": 120_000, "severe": 60_000}
SPOT_MS = {"mild": 30_000, "moderate": 15_000, "severe": 10_000}
STRIP_MM = {"mild": 25, "moderate": 30, "severe": 35}
DEPTH_MM = 10
PATCH_MM = 15
ERROR_MM = 10
# docs/questions.md, chapter 3: first check-in, then every, half after, stop after.
CHECK_INS_S = {"mild": (60, 180, 20, 40), "moderate": (45, 120, 15, 30), "severe": (30, 60, 10, 20)}
AGAIN_MS = 30_000
PAIN_BARS = 7
# docs/limits.md, the body map: per mille of the column; the landmarks C7 and the PSIS line.
ZONES = {"L1-L3": (570, 722), "L4-S1": (722, 861)}
C7, PSIS = 163, 880
# Of two equal bounds the answer names the one that comes first here.
BOUNDS = (
    "asked",
    "ceiling",
    "force",
    "depth",
    "safety-profile",
    "caregiver",
    "caller",
    "first-contact",
    "ramp",
    "cool-down",
    "answer",
    "no-answer",
)


@dataclass(frozen=True)
class Case:
    """One person on one chair for one session, as the twin needs to know it.

    Attributes:
        profile: Per mille that the safety profile allows.
        zone_limit: The caregiver's per mille, as pairs of zone and figure.
        caller: The caller's, 1000 without one.
        keep_out: The person's own, per mille of the column, its upper end first.
        agreed: Zones that the start agreed to.
    """

    severity: str = "mild"
    levels: int = 20
    newton_per_level: int = 4
    session_ms: int = 90_000
    profile_zone_ms: int = 240_000
    profile_spot_ms: int = 30_000
    profile: int = 1000
    zone_limit: tuple = ()
    caller: int = 1000
    keep_out: tuple = ()
    agreed: tuple = ("L1-L3", "L4-S1")
    pain: int = 2
    pain_stops: int = 0

    @cached_property
    def first_level(self):
        """What first contact allows: rounded down, but never less than the device can do."""
        return max(1, self.levels * FIRST_CONTACT[self.severity] // 1000)

    @cached_property
    def first_ms(self):
        """Twice the time where the lowest level is above the figure; and the way to the device."""
        coarse = self.levels * FIRST_CONTACT[self.severity] < 1000
        return FIRST_CONTACT_MS * (2 if coarse else 1) + DELIVERY_MS

    @cached_property
    def zone_ms(self):
        """The lower of table and profile."""
        return min(self.profile_zone_ms, ZONE_MS[self.severity])

    @cached_property
    def spot_ms(self):
        """The lower of table and profile."""
        return min(self.profile_spot_ms, SPOT_MS[self.severity])

    @cached_property
    def quit_ms(self):
        """So long a check-in may go unanswered."""
        return 1000 * CHECK_INS_S[self.severity][3]

    @cached_property
    def half_mm(self):
        """Strip, patch and error: nearer to the midline nothing presses."""
        return STRIP_MM[self.severity] + PATCH_MM + ERROR_MM

    @cached_property
    def rise_ms(self):
        """(Step / ramp) times 10 s, rounded up, and the way to the device."""
        return -(-10_000 * 1000 // (self.levels * RAMP[self.severity])) + DELIVERY_MS


@cache
def zone_of(mm):
    """The zone at a place of the default back, C7 at 40 and the PSIS line at 549 mm."""
    along = C7 + (mm - 40) * (PSIS - C7) / (549 - 40)
    for zone, (first, end) in ZONES.items():
        if first <= along < end:
            return zone
    raise ValueError(mm)


@cache
def kept_out(case, first_mm, last_mm):
    """Whether a patch, its error included, meets the person's keep-out on its way."""
    if not case.keep_out:
        return False
    top, bottom = [40 + (along - C7) * (549 - 40) / (PSIS - C7) for along in case.keep_out]
    return first_mm - PATCH_MM - ERROR_MM <= bottom and top <= last_mm + PATCH_MM + ERROR_MM


@cache
def standing(case, zones, held=1000):
    """(Level, bound) that holds where these zones are touched and none may have more than is held."""
    share = {
        "ceiling": INTENSITY[case.severity],
        "safety-profile": case.profile,
        "caregiver": min([held, *[permille for zone, permille in case.zone_limit if zone in zones]]),
        "caller": case.caller,
    }
    found = {bound: case.levels * permille // 1000 for bound, permille in share.items()}
    found["force"] = FORCE_N[case.severity] // case.newton_per_level
    found["depth"] = DEPTH_MM
    return lowest(found)


def lowest(found):
    """The lowest of {bound: level}; of equal ones the first in `BOUNDS`."""
    level = min(found.values())
    return level, next(bound for bound in BOUNDS if found.get(bound) == level)
