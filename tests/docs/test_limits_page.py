"""docs/limits.md against the code: every figure that the page states is the product's."""

import re
from pathlib import Path

import pytest

from massager.model import body, ceilings
from massager.model.body import REGION_SPANS_PPM, ZONE_SPANS_PPM, Region
from massager.model.ceilings import CEILINGS, CeilingRow, Clearance, Severity

PAGE = (Path(__file__).parents[2] / "docs" / "limits.md").read_text()

COLUMNS = (
    "Region",
    "Severity",
    "Modality",
    "Clearance",
    "Intensity %",
    "Force N",
    "Pressure N/cm²",
    "s/zone",
    "s/spot",
    "Session min",
    "/24 h",
    "/7 days",
    "Cool-down h",
    "Heat °C",
    "Ramp %/10 s",
    "Strip mm",
)


def tenth(number: int) -> str:
    return f"{number // 10}.{number % 10}".removesuffix(".0")


def cells(row: CeilingRow) -> list[str]:
    names = [row.region.value, row.severity.name.lower(), row.modality.value, row.clearance.value]
    if row.clearance is Clearance.X:
        return [*names, "**blocked**", *["-"] * 10, "whole region"]
    return [
        *names,
        tenth(row.intensity_permille),
        str(row.force_n),
        tenth(row.pressure_dn_cm2),
        str(row.zone_s),
        str(row.spot_s),
        str(row.session_min),
        str(row.per_day),
        str(row.per_week),
        str(row.cooldown_h),
        "off" if row.heat_c is None else str(row.heat_c),
        tenth(row.ramp_permille_per_10s),
        str(row.keepout_half_mm),
    ]


def table() -> str:
    lines = [COLUMNS, ["---"] * len(COLUMNS), *(cells(row) for row in CEILINGS.values())]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def test_the_table_of_ceilings_is_the_codes_table():
    printed = PAGE.partition("<!-- ceilings -->\n")[2].partition("\n<!-- end -->")[0]
    assert printed == table()


@pytest.mark.parametrize("column", COLUMNS[3:])
def test_every_column_has_its_derivation(column):
    derivations = PAGE.partition("## 2. ")[2].partition("\n## ")[0]
    assert f"| {column} |" in derivations


def test_the_figures_beside_the_table_are_the_codes():
    by_severity = [tenth(ceilings.FIRST_CONTACT_PERMILLE[severity]) for severity in Severity]
    weekly = [ceilings.WEEKLY_MINUTES[severity] for severity in Severity]
    edges = [ceilings.BAND_EDGE_MM[region] for region in Region]
    rows = [
        f"| First contact | {ceilings.FIRST_CONTACT_S} s at no more than {' / '.join(by_severity)} % |",
        f"| Last seconds | {ceilings.COOL_DOWN_RAMP_S} s |",
        f"| Minutes in seven days | {' / '.join(map(str, weekly))} |",
        f"| Outer edge of the band | {' / '.join(map(str, edges))} mm |",
        f"| Beyond that edge | {tenth(ceilings.BEYOND_BAND_PERMILLE)} % of the cap |",
        f"| Depth of a roller | {tenth(ceilings.ROLLER_DEPTH_DMM)} mm |",
        f"| Longest lease | {tenth(ceilings.LEASE_LONGEST_MS // 100)} s |",
    ]
    for row in rows:
        assert row in PAGE, row


def thousandths(ppm: int) -> str:
    return f"0.{round(ppm / 1000):03}" if ppm < 1_000_000 else "1.000"


def test_the_body_map_is_the_codes():
    spans = {**REGION_SPANS_PPM, **ZONE_SPANS_PPM}
    rows = [f"| {name} | {thousandths(first)} | {thousandths(end)} |" for name, (first, end) in spans.items()]
    rows += [
        f"| C7 | {thousandths(body.C7_PPM)} |",
        f"| PSIS line | {thousandths(body.PSIS_PPM)} |",
        f"{body.LANDMARK_DISTANCE_MM[0]} to {body.LANDMARK_DISTANCE_MM[1]} mm",
        f"at least {body.ERROR_LEAST_MM} mm",
    ]
    for row in rows:
        assert row in PAGE, row


def test_every_source_that_is_cited_is_listed_and_every_listed_one_is_cited():
    text, _, sources = PAGE.partition("## 8. Sources")
    cited = {int(number) for group in re.findall(r"\[([\d, ]+)\](?!\()", text) for number in group.split(",")}
    listed = {int(number): line for number, line in re.findall(r"(?m)^(\d+)\. (.+)$", sources)}
    assert cited == set(listed)
    for number, line in listed.items():
        assert re.search(r"https?://\S+", line), number
        assert re.search(r"\b(19|20)\d\d\b", line) or "undated" in line, number
