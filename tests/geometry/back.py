"""A second geometry of the back, written from docs/limits.md alone: rectangles in mm, and patches as squares.

In floats. Tables are read from the page itself; a place that the page has in words is a line of `_places`.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from massager.model.body import Calibration, Zone
from massager.model.ceilings import Severity
from massager.model.devices import Actuator
from massager.model.people import Person
from massager.model.questions import Screening
from properties.tables import CONDITIONS

PAGE = (Path(__file__).parents[2] / "docs" / "limits.md").read_text(encoding="utf-8")
# Nobody's back is wider.
WIDEST_MM = 500
# Touching is no meeting; rounding in floats is far below this.
TOUCH_MM = 0.001


def _cells(pattern: str) -> list[list[str]]:
    return [
        [cell.strip().strip("*") for cell in line.strip("|").split("|")]
        for line in PAGE.splitlines()
        if re.match(pattern, line)
    ]


# Chapter 1, last column: half width of the strip, or None where the whole region is closed.
STRIPS = {
    (row[0], Severity[row[1].upper()], row[2]): None if row[-1] == "whole region" else int(row[-1])
    for row in _cells(r"\| (cervical|thoracic|lumbar) \| (mild|moderate|severe) ")
}
# Chapter 5: fractions of the column.
REGIONS = {
    name: (float(first), float(end))
    for name, first, end in _cells(r"\| (cervical|thoracic|lumbar) \| [01]\.\d{3} ")
}
LANDMARKS = {row[0]: float(row[1]) for row in _cells(r"\| (C7|PSIS line) \| 0\.\d{3} ")}
_LUMBAR_END = (125 + 280 + 180) / 710
_S1_END = next(float(row[2]) for row in _cells(r"\| L4-S1 \| "))
_SEGMENTS = {
    "C": (7, *REGIONS["cervical"]),
    "T": (12, *REGIONS["thoracic"]),
    "L": (5, REGIONS["lumbar"][0], _LUMBAR_END),
}


def vertebra(name: str, part: float) -> float:
    """A fraction of the column: `part` of the way down in a vertebra, 0 its upper border, 1 its lower one."""
    if name == "S1":
        return _LUMBAR_END + part * (_S1_END - _LUMBAR_END)
    count, first, end = _SEGMENTS[name[0]]
    return first + (int(name[1:]) - 1 + part) * (end - first) / count


def stretch(first: str, last: str) -> tuple[float, float]:
    """From the upper border of one vertebra to the lower border of another."""
    return vertebra(first, 0), vertebra(last, 1)


ZONES = {zone: stretch(*zone.value.split("-")) for zone in Zone}
ALL, PRESSES, STRIKES = {"roller", "vibration", "percussion"}, {"roller", "percussion"}, {"percussion"}
# The lowest of four equal parts between S2 and the tip, as docs/protocol.md draws the sitter.
_TAIL = 1 - (1 - 0.899) / 4
# Keep-outs of every back: where, how far from the midline it begins, and for what.
_BODY = (
    ("kidneys", (vertebra("T10", 0.5), vertebra("L3", 1)), 0, STRIKES),
    ("top of the neck", (0, 0.06), 0, ALL),
    ("side of the neck", stretch("C1", "C7"), 85, ALL),
    ("ridge of the shoulder blade", stretch("T3", "T3"), 85, PRESSES),
    ("rim of the pelvis", stretch("L4", "L5"), 110, PRESSES),
    ("ribs", stretch("T1", "T12"), 100, STRIKES),
    ("tail bone", (_TAIL, 1), 0, ALL),
)


@dataclass(frozen=True)
class Place:
    """A rectangle in mm of the device, left negative."""

    name: str
    first_mm: float
    last_mm: float
    left_mm: float
    right_mm: float

    def meets(self, along_mm: float, lateral_mm: float, reach_mm: float) -> bool:
        """Whether a square round a centre overlaps it."""
        return (
            along_mm + reach_mm > self.first_mm + TOUCH_MM
            and along_mm - reach_mm < self.last_mm - TOUCH_MM
            and lateral_mm + reach_mm > self.left_mm + TOUCH_MM
            and lateral_mm - reach_mm < self.right_mm - TOUCH_MM
        )


@dataclass(frozen=True)
class Back:
    """What one kind of massage may not touch on a person today."""

    calibration: Calibration
    places: tuple[Place, ...]

    def mm_of(self, fraction: float) -> float:
        """Where a fraction of the column lies on the device."""
        upper, lower = LANDMARKS["C7"], LANDMARKS["PSIS line"]
        unit = (self.calibration.psis_mm - self.calibration.c7_mm) / (lower - upper)
        return self.calibration.c7_mm + (fraction - upper) * unit

    def touched(self, along_mm: float, lateral_mm: float, radius_mm: float, error_mm: float) -> str | None:
        """The first place that a patch touches, its error included; None where it touches none."""
        if not self.mm_of(ZONES[Zone.C3_C7][0]) <= along_mm + TOUCH_MM:
            return "above C3"
        if not along_mm - TOUCH_MM <= self.mm_of(_S1_END):
            return "below S1"
        reach_mm = radius_mm + error_mm
        ends = along_mm - reach_mm + TOUCH_MM, along_mm + reach_mm - TOUCH_MM
        if ends[0] < self.mm_of(0) or ends[1] > self.mm_of(1):
            return "beyond the spine"
        for place in self.places:
            if place.meets(along_mm, lateral_mm, reach_mm):
                return place.name
        return None


def back_of(person: Person, actuator: Actuator, calibration: Calibration, screening: Screening) -> Back:
    """The back of a person today, for one actuator."""
    empty = Back(calibration, ())
    places = [
        Place(name, empty.mm_of(first), empty.mm_of(end), left_mm, right_mm)
        for name, (first, end), left_mm, right_mm in _places(person, actuator, screening)
    ]
    return Back(calibration, tuple(places))


def _places(person, actuator, screening):
    kind = actuator.modality.value
    for name, span, near_mm, kinds in _BODY:
        if kind in kinds:
            yield name, span, -WIDEST_MM, -near_mm
            yield name, span, near_mm, WIDEST_MM
    for region, span in REGIONS.items():
        half_mm = _strip_mm(person, actuator, region)
        yield f"{region} strip", span, -half_mm, half_mm
    for keep_out in person.keep_outs:
        span = tuple(ppm / 1e6 for ppm in keep_out.span_ppm)
        yield keep_out.name, span, keep_out.left_mm, keep_out.right_mm
    for name, span in _closed(person, screening):
        yield name, span, -WIDEST_MM, WIDEST_MM


def _strip_mm(person, actuator, region: str) -> int:
    conditions = {where.value: severity for where, severity in person.conditions.items()}
    unknown = "region-unknown" in {str(one) for one in person.modifiers}
    worst = max(conditions.values(), default=Severity.MILD)
    severity = worst if unknown else conditions.get(region, Severity.MILD)
    if not _measured(actuator):
        severity = Severity(min(3, severity + 1))
    rows = {region, "cervical"} if unknown else {region}
    strips = [STRIPS[row, severity, actuator.modality.value] for row in rows]
    if None in strips or (region == "cervical" and region not in conditions):
        return WIDEST_MM
    return max(strips)


def _measured(actuator) -> bool:
    """Chapter 7, what nobody measured."""
    figures = [actuator.force_dn_per_level]
    if actuator.modality.value != "roller":
        figures += [actuator.frequency_min_dhz, actuator.frequency_max_dhz]
        more = {"vibration": actuator.displacement_um, "percussion": actuator.stroke_dmm}
        figures.append(more[actuator.modality.value])
    return all(figures)


def _closed(person, screening):
    """Stretches in the whole width: conditions, a severe neck, and sore skin."""
    named = {place.name for place in person.keep_outs}
    for modifier in map(str, person.modifiers):
        closes = CONDITIONS[modifier][3]
        if closes == "place":
            closes = () if modifier in named else ((0, 1000),)
        for first, end in closes:
            yield modifier, (first / 1000, end / 1000)
    if {where.value: how for where, how in person.conditions.items()}.get("cervical") is Severity.SEVERE:
        yield "severe neck", (0, vertebra("T3", 1))
    for zone in Zone if screening.skin is None else screening.skin:
        yield f"sore {zone}", ZONES[zone]
