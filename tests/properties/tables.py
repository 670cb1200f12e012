"""The highest level at a place, worked out again from docs/limits.md and docs/questions.md with fractions.

Nothing here comes from massager.safety; the ceilings are the product's data, which another test holds to
the page. For rollers the answer is what holds, for everything else an upper bound: the caps of frequency and
of dose are left out.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import floor

from massager.model.body import Calibration, Region, Side, Zone
from massager.model.ceilings import CEILINGS, Clearance, Modality, Severity
from massager.model.devices import Actuator, DeviceProfile
from massager.model.history import History
from massager.model.people import Modifier, Person
from massager.model.programs import SafetyProfile
from massager.model.questions import Reaction, Screening

EVERYTHING = {"roller", "vibration", "percussion"}
# docs/questions.md 1: what a condition forbids, what is left of strength, whether what is left needs C, and
# the stretches of the column that it closes, in per mille.
NECK, T1_TO_T3, CHEST, LOWER = (0, 176), (176, 274.5), (176, 570), (570, 1000)
CONDITIONS = {
    "osteopenia": ({"percussion"}, "0.5", False, ()),
    "hypertension": (set(), "0.8", False, ()),
    "diabetes": (set(), "0.8", False, ()),
    "region-unknown": (set(), "1", True, ()),
    "myelopathy": (set(), "1", True, (NECK, T1_TO_T3)),
    "severe-deficit": (EVERYTHING, "1", False, ()),
    "surgery-under-6-weeks": (EVERYTHING, "1", False, ()),
    "surgery-6-to-12-weeks": (set(), "1", True, "place"),
    "surgery-older": ({"percussion"}, "1", True, "place"),
    "spinal-hardware": ({"percussion"}, "1", True, ()),
    "stimulator-or-pump": (set(), "1", False, "place"),
    "fracture-recent": (set(), "1", False, "place"),
    "vertebral-fracture": ({"percussion"}, "1", True, ()),
    "osteoporosis": ({"percussion", "roller"}, "0.5", True, ()),
    "blood-thinner": ({"percussion", "roller"}, "0.5", True, ()),
    "blood-clot": (EVERYTHING, "1", False, ()),
    "pregnant": (set(), "1", True, (LOWER,)),
    "pacemaker": ({"percussion"}, "1", True, (NECK, CHEST)),
    "reduced-feeling": ({"percussion"}, "0.5", True, ()),
    "cancer": (set(), "1", True, "place"),
    "unstable-heart": (EVERYTHING, "1", False, ()),
    "acute-disc-or-slip": (EVERYTHING, "1", False, ()),
    "stable-slip-or-scoliosis": ({"percussion"}, "0.5", True, ()),
    "rheumatoid-neck": (set(), "1", False, (NECK,)),
    "after-symptoms": (set(), "0.5", False, ()),
}
# Heights of a vertebra, in per mille.
THORACIC, LUMBAR = Fraction(570 - 176, 12), Fraction(824 - 570, 5)
# docs/limits.md, keep-outs of every back: where in per mille, from how far beside the midline, and for what.
BODY = (
    ((0, 60), 0, EVERYTHING),
    ((0, 176), 85, EVERYTHING),
    ((176 + Fraction("9.5") * THORACIC, 570 + 3 * LUMBAR), 0, {"percussion"}),
    # Beyond 100 mm: from the next millimetre on.
    (CHEST, 101, {"percussion"}),
    ((176 + 2 * THORACIC, 176 + 3 * THORACIC), 85, {"roller", "percussion"}),
    ((570 + 3 * LUMBAR, 824), 110, {"roller", "percussion"}),
    ((Fraction("974.75"), 1000), 0, EVERYTHING),
)
REGIONS = {Region.CERVICAL: (0, 176), Region.THORACIC: (176, 570), Region.LUMBAR: (570, 1000)}
BAND_EDGE_MM = {Region.CERVICAL: 45, Region.THORACIC: 55, Region.LUMBAR: 60}
DEPTH_DMM = 100
LEAST = Fraction(5, 100)
# A little above pi: the patch counts as larger than it is, and the bound as higher.
PI = Fraction(355, 113)


@dataclass(frozen=True)
class World:
    """A person on a device on a day."""

    person: Person
    device: DeviceProfile
    profile: SafetyProfile
    calibration: Calibration
    caller_permille: int | None
    screening: Screening
    history: History


def mm_of(calibration, permille):
    """Where a per mille of the column lies on the travel; C7 is at 163, the PSIS line at 880."""
    unit = Fraction(calibration.psis_mm - calibration.c7_mm, 880 - 163)
    return calibration.c7_mm + (Fraction(permille) - 163) * unit


def span_mm(calibration, span_permille):
    return tuple(mm_of(calibration, end) for end in span_permille)


def zone_mm(calibration, zone):
    borders = {
        Zone.C3_C7: (Fraction(50286, 1000), 176),
        Zone.T1_T4: (176, Fraction(307333, 1000)),
        Zone.T5_T8: (Fraction(307333, 1000), Fraction(438667, 1000)),
        Zone.T9_T12: (Fraction(438667, 1000), 570),
        Zone.L1_L3: (570, Fraction(722400, 1000)),
        Zone.L4_S1: (Fraction(722400, 1000), 861),
    }
    return span_mm(calibration, borders[zone])


def _touch(one, other):
    return one[0] <= other[1] and other[0] <= one[1]


def strength(world):
    """What is left of strength today, rounded down to a per mille: docs/limits.md, modifiers."""
    person, history, screening = world.person, world.history, world.screening
    left = Fraction(1)
    for modifier in person.modifiers:
        left *= Fraction(CONDITIONS[modifier.value][1])
    age = None if person.born is None else history.year - person.born
    if age is None or age >= 75:
        left *= Fraction("0.6")
    elif age >= 65:
        left *= Fraction("0.8")
    if history.sessions_ever < 2 or history.after_lockout:
        left *= Fraction("0.6")
    if any(
        limit.too_strong and limit.after_sessions == history.sessions_ever for limit in person.strength_limits
    ):
        left *= Fraction("0.7")
    if screening.pain is None or screening.pain >= 4:
        left *= Fraction("0.5")
    if screening.reaction is not Reaction.NONE:
        left *= Fraction("0.6")
    return Fraction(floor(1000 * left), 1000)


def _held(world):
    """The person's own highest strength today."""
    past = world.history.sessions_ever
    limits = [
        limit.permille
        for limit in world.person.strength_limits
        if past < limit.after_sessions + limit.for_sessions
    ]
    return Fraction(min(limits, default=1000), 1000)


def closed(world, modality):
    """What is closed to a kind of massage today, in mm of travel and from the midline; whole mm outward."""
    person, calibration = world.person, world.calibration
    found = [
        (span_mm(calibration, span), across)
        for span, near_mm, kinds in BODY
        if modality.value in kinds
        for across in ((-500, -near_mm), (near_mm, 500))
    ]
    for place in person.keep_outs:
        along = span_mm(calibration, (Fraction(end, 1000) for end in place.span_ppm))
        found.append((along, (place.left_mm, place.right_mm)))
    named = {place.name for place in person.keep_outs}
    for modifier in person.modifiers:
        closes = CONDITIONS[modifier.value][3]
        if closes == "place":
            closes = () if modifier.value in named else ((0, 1000),)
        found += [(span_mm(calibration, span), (-500, 500)) for span in closes]
    if person.conditions.get(Region.CERVICAL) is Severity.SEVERE:
        found += [(span_mm(calibration, span), (-500, 500)) for span in (NECK, T1_TO_T3)]
    sore = set(Zone) if world.screening.skin is None else world.screening.skin
    found += [(zone_mm(calibration, zone), (-500, 500)) for zone in sore]
    return [((floor(first), -floor(-end)), across) for (first, end), across in found]


def _rows(world, region, actuator):
    """The row that binds and the row of the place itself, or None where nothing may press."""
    person = world.person
    for modifier in person.modifiers:
        if actuator.modality.value in CONDITIONS[modifier.value][0]:
            return None
    unknown = Modifier.REGION_UNKNOWN in person.modifiers
    worst = max(person.conditions.values(), default=Severity.MILD)
    severity = worst if unknown else person.conditions.get(region, Severity.MILD)
    if not _measured(actuator):
        severity = Severity(min(3, severity + 1))
    row = CEILINGS[Region.CERVICAL if unknown else region, severity, actuator.modality]
    if row.clearance is Clearance.X or not person.attested:
        return None
    wanted = row.clearance.value
    if any(CONDITIONS[modifier.value][2] for modifier in person.modifiers):
        wanted = "C"
    cleared = {
        clearance.code.value
        for clearance in person.clearances
        if (clearance.region, clearance.modality) == (region, actuator.modality)
        and clearance.given_s <= world.history.now_s < clearance.expires_s
    }
    if wanted != "A" and not cleared & ({"B", "C"} if wanted == "B" else {"C"}):
        return None
    return row, CEILINGS[region, severity, actuator.modality]


def _measured(actuator):
    known = bool(actuator.force_dn_per_level)
    frequency = None not in {actuator.frequency_min_dhz, actuator.frequency_max_dhz}
    if actuator.modality is Modality.VIBRATION:
        return known and frequency and actuator.displacement_um is not None
    if actuator.modality is Modality.PERCUSSION:
        return known and frequency and actuator.stroke_dmm is not None
    return known


def regions_at(world, actuator, first_mm, last_mm):
    """The regions that the patch ± error meets; None where it leaves the column."""
    reach = actuator.radius_mm + world.calibration.error_mm
    along = (first_mm - reach, last_mm + reach)
    column = span_mm(world.calibration, (0, 1000))
    if along[0] < column[0] or along[1] > column[1]:
        return None
    return [region for region, span in REGIONS.items() if _touch(along, span_mm(world.calibration, span))]


def highest(world, actuator: Actuator, first_mm, last_mm, near_mm, far_mm):
    """The highest level, or None where nothing may press."""
    regions = regions_at(world, actuator, first_mm, last_mm)
    reach = actuator.radius_mm + world.calibration.error_mm
    along, across = (first_mm - reach, last_mm + reach), (near_mm - reach, far_mm + reach)
    if actuator.side is Side.LEFT:
        across = (-across[1], -across[0])
    if regions is None or any(
        _touch(along, at[0]) and _touch(across, at[1]) for at in closed(world, actuator.modality)
    ):
        return None
    found = [_in_region(world, region, actuator, near_mm, far_mm) for region in regions]
    found += [
        floor(actuator.levels * Fraction(permille, 1000))
        for zone, permille in world.person.zone_permille.items()
        if _touch(along, zone_mm(world.calibration, zone))
    ]
    return None if None in found else min([actuator.levels, *found])


def _in_region(world, region, actuator, near_mm, far_mm):
    rows, left = _rows(world, region, actuator), strength(world)
    profile = world.profile.row(region, actuator.modality)
    if rows is None or profile is None:
        return None
    row, own = rows
    strip_mm = max(row.keepout_half_mm or 0, own.keepout_half_mm or 0)
    if near_mm < strip_mm + actuator.radius_mm + world.calibration.error_mm:
        return None
    if left * Fraction(row.intensity_permille, 1000) < LEAST:
        return None
    level = min(_of_row(row, profile, actuator, left), floor(actuator.levels * _held(world)))
    if world.caller_permille is not None:
        level = min(level, floor(actuator.levels * Fraction(world.caller_permille, 1000)))
    return floor(level * Fraction("0.6")) if far_mm > BAND_EDGE_MM[region] else level


def _of_row(row, profile, actuator, left):
    share = Fraction(min(row.intensity_permille, profile.intensity_permille), 1000)
    bounds = [actuator.levels * share]
    if actuator.force_dn_per_level:
        newton = Fraction(actuator.force_dn_per_level, 10)
        bounds.append(min(row.force_n, profile.force_n) / newton)
        area_cm2 = PI * actuator.radius_mm**2 / 100
        bounds.append(Fraction(row.pressure_dn_cm2, 10) * area_cm2 / newton)
    level = floor(min(floor(bound) for bound in bounds) * left)
    if actuator.modality is Modality.ROLLER:
        deep = actuator.depth_dmm_per_level
        level = min(level, DEPTH_DMM // deep if deep > 0 else 0)
    return level


def ceiling(row, actuator):
    """The highest level of one permit row by the table alone, as the guardian may hold it."""
    severity = row.severity if actuator.force_dn_per_level else Severity(min(3, row.severity + 1))
    table = CEILINGS[row.region, severity, row.modality]
    bounds = [actuator.levels * Fraction(table.intensity_permille, 1000)]
    if actuator.force_dn_per_level:
        newton = Fraction(actuator.force_dn_per_level, 10)
        bounds.append(table.force_n / newton)
        bounds.append(Fraction(table.pressure_dn_cm2, 10) * PI * actuator.radius_mm**2 / 100 / newton)
    if row.modality is Modality.ROLLER and actuator.depth_dmm_per_level:
        bounds.append(Fraction(DEPTH_DMM, actuator.depth_dmm_per_level))
    return min(floor(bound) for bound in bounds)
