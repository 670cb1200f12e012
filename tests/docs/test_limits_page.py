"""docs/limits.md against the code: every figure that the page states is the product's."""

import re
from fractions import Fraction
from math import ceil, floor
from pathlib import Path

import pytest

from massager.model import body, ceilings
from massager.model.body import REGION_SPANS_PPM, ZONE_SPANS_PPM, Region
from massager.model.ceilings import CEILINGS, CeilingRow, Clearance, Severity
from massager.model.people import Modifier, StrengthLimit
from massager.model.questions import Reaction
from massager.safety.conditions import EFFECTS, WHOLE
from massager.safety.envelope import LEAST_PERMILLE
from massager.safety.today import today
from samples import demo, history, well

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
    hours = [
        ", ".join(str(wait_s // 3600) for wait_s in ceilings.FOLLOW_UP_S[severity][2:])
        for severity in Severity
    ]
    assert {waits_s[:2] for waits_s in ceilings.FOLLOW_UP_S.values()} == {(0, 5 * 60)}
    edges = [ceilings.BAND_EDGE_MM[region] for region in Region]
    rows = [
        f"| First contact | {ceilings.FIRST_CONTACT_S} s at no more than {' / '.join(by_severity)} % |",
        f"| Last seconds | {ceilings.COOL_DOWN_RAMP_S} s |",
        f"| Minutes in seven days | {' / '.join(map(str, weekly))} |",
        f"| Outer edge of the band | {' / '.join(map(str, edges))} mm |",
        f"| Beyond that edge | {tenth(ceilings.BEYOND_BAND_PERMILLE)} % of the cap |",
        f"| Depth of a roller | {tenth(ceilings.ROLLER_DEPTH_DMM)} mm |",
        f"| Asked afterwards | at the end, after 5 min, and after {' / '.join(hours)} h |",
        f"| Longest lease | {tenth(ceilings.LEASE_LONGEST_MS // 100)} s |",
    ]
    for row in rows:
        assert row in PAGE, row


TOO_STRONG = StrengthLimit(630, 2, 4, too_strong=True)
MODIFIERS = {
    "age 65 to 74": today(demo(born=1955), history(), well()).share,
    "age 75 and more, or year of birth not known": today(demo(born=None), history(), well()).share,
    "osteopenia (and no percussion)": EFFECTS[Modifier.OSTEOPENIA].share,
    "controlled hypertension": EFFECTS[Modifier.HYPERTENSION].share,
    "diabetes without loss of feeling": EFFECTS[Modifier.DIABETES].share,
    "the conditions osteoporosis, blood thinner, reduced feeling, stable slip or scoliosis, with their "
    "clearance ([questions.md](questions.md))": EFFECTS[Modifier.OSTEOPOROSIS].share,
    "after symptoms in an arm or a leg, until a caregiver takes the condition away "
    "([questions.md](questions.md))": EFFECTS[Modifier.AFTER_SYMPTOMS].share,
    "pain today 4 to 6 of 10": today(demo(), history(), well(pain=4)).share,
    "the last session left soreness that has gone, and no bruise": today(
        demo(), history(), well(reaction=Reaction.MILD)
    ).share,
    "the last session was too strong": today(demo(strength_limits=(TOO_STRONG,)), history(), well()).share,
    "first 2 sessions ever, and the first after a lockout": today(
        demo(), history(sessions_ever=1), well()
    ).share,
}


def test_the_modifiers_are_the_codes_and_no_condition_is_missing():
    chapter = PAGE.partition("### Modifiers\n")[2].partition("\n## ")[0]
    table = [line for line in chapter.splitlines() if line.startswith("|")][2:]
    assert table == [
        f"| {what} | {part(share.strength_permille)} | {part(share.time_permille)} |"
        for what, share in MODIFIERS.items()
    ]
    lowering = {modifier for modifier, effect in EFFECTS.items() if effect.share != WHOLE}
    words = chapter.replace("symptoms", "after-symptoms")
    assert {
        modifier for modifier in lowering if modifier.replace("-", " ") in words.replace("-", " ")
    } == lowering
    assert f"below {tenth(LEAST_PERMILLE)} % of the device's range" in chapter


def part(permille: int) -> str:
    return f"0.{permille // 100}"


def thousandths(ppm: int) -> str:
    return f"0.{round(ppm / 1000):03}" if ppm < 1_000_000 else "1.000"


def test_the_body_map_is_the_codes():
    spans = {**REGION_SPANS_PPM, **ZONE_SPANS_PPM}
    least, most = body.LANDMARK_SHARE_PERMILLE
    rows = [f"| {name} | {thousandths(first)} | {thousandths(end)} |" for name, (first, end) in spans.items()]
    rows += [
        f"| C7 | {thousandths(body.C7_PPM)} |",
        f"| PSIS line | {thousandths(body.PSIS_PPM)} |",
        f"{body.LANDMARK_DISTANCE_MM[0]} to {body.LANDMARK_DISTANCE_MM[1]} mm",
        f"at least {body.ERROR_LEAST_MM} mm",
        f"{body.STATURE_MM[0] // 10} to {body.STATURE_MM[1] // 10} cm",
        f"{thousandths(1000 * least)} to {thousandths(1000 * most)} of it apart",
        "at 165 cm {} to {} mm".format(*body.landmarks_apart_mm(1650)),
    ]
    for row in rows:
        assert row in PAGE, row


def test_the_shares_of_the_stature_are_derived_as_the_page_says():
    landmarks = Fraction(body.PSIS_PPM - body.C7_PPM, body.COLUMN_PPM)
    women, men = landmarks * Fraction(610, 1620), landmarks * Fraction(710, 1750)
    for share, height in ((women, "1.62"), (men, "1.75")):
        assert f"{float(share):.3f}" in PAGE
        assert height in PAGE
    assert "610 and 710 mm" in PAGE
    least, most = Fraction(85, 100) * women, Fraction(115, 100) * men
    assert (floor(1000 * least), ceil(1000 * most)) == body.LANDMARK_SHARE_PERMILLE


def test_every_source_that_is_cited_is_listed_and_every_listed_one_is_cited():
    text, _, sources = PAGE.partition("## 9. Sources")
    cited = {int(number) for group in re.findall(r"\[([\d, ]+)\](?!\()", text) for number in group.split(",")}
    listed = {int(number): line for number, line in re.findall(r"(?m)^(\d+)\. (.+)$", sources)}
    assert cited == set(listed)
    for number, line in listed.items():
        assert re.search(r"https?://\S+", line), number
        assert re.search(r"\b(19|20)\d\d\b", line) or "undated" in line, number
