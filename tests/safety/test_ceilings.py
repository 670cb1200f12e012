"""The table in the product against the machine-readable copy of the clinical review."""

import json
from itertools import pairwise
from pathlib import Path

import pytest

from massager.model.body import Region
from massager.model.ceilings import CEILINGS, Clearance, Modality, Severity

ROWS = json.loads((Path(__file__).parent.parent / "data" / "ceilings.json").read_text())["rows"]


def test_the_table_has_a_row_for_every_region_severity_and_modality():
    assert set(CEILINGS) == {(r, s, m) for r in Region for s in Severity for m in Modality}
    assert len(ROWS) == len(CEILINGS)


@pytest.mark.parametrize("row", ROWS, ids=lambda r: f"{r['region']}-{r['severity']}-{r['modality']}")
def test_every_figure_is_the_reviews_figure(row):
    ours = CEILINGS[Region(row["region"]), Severity[row["severity"].upper()], Modality(row["modality"])]
    assert ours.clearance is Clearance(row["clearance"])
    assert ours.intensity_permille == pytest.approx(1000 * row["intensity_max"])
    assert ours.force_n == row["force_max_n"]
    assert ours.pressure_dn_cm2 == pytest.approx(10 * row["pressure_max_n_cm2"])
    assert ours.ramp_permille_per_10s == 10 * row["ramp_pct_per_10s"]
    same = (
        "zone_s",
        "spot_s",
        "session_min",
        "per_day",
        "per_week",
        "cooldown_h",
        "heat_c",
        "keepout_half_mm",
    )
    assert {name: getattr(ours, name) for name in same} == {name: row[name] for name in same}


def test_a_stricter_severity_never_allows_more():
    for region in Region:
        for modality in Modality:
            rows = [CEILINGS[region, severity, modality] for severity in Severity]
            for milder, stricter in pairwise(rows):
                assert stricter.intensity_permille <= milder.intensity_permille
                assert stricter.force_n <= milder.force_n
                assert stricter.zone_s <= milder.zone_s
                assert stricter.spot_s <= milder.spot_s
                assert stricter.session_min <= milder.session_min
                assert stricter.per_week <= milder.per_week


def test_a_blocked_row_allows_nothing():
    blocked = [row for row in CEILINGS.values() if row.clearance is Clearance.X]
    assert blocked
    assert all(row.intensity_permille == row.force_n == row.zone_s == row.session_min == 0 for row in blocked)
