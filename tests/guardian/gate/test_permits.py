"""Permits against the table of ceilings, the body map and the profile."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardian.gate_rig import HAMMER, chair, permits, with_rows
from guardian.rig import permit, row
from massager.guardian import permits as permit_checks
from massager.model.body import REGION_SPANS_PPM, VERTEBRA_SPANS_PPM, Calibration, Region
from massager.model.ceilings import CEILINGS, Clearance, Modality, Severity

LUMBAR_ROLLING = Region.LUMBAR, Severity.MILD, Modality.ROLLER


def with_table(monkeypatch, **changes):
    """The table with another row for rolling beside a mildly narrowed lumbar spine."""
    changed = replace(CEILINGS[LUMBAR_ROLLING], **changes)
    monkeypatch.setattr(permit_checks, "CEILINGS", dict(CEILINGS) | {LUMBAR_ROLLING: changed})


def highest(profile, **changes):
    """The highest level that a row may have."""
    low, high = 0, 10**10
    while low < high:
        middle = (low + high + 1) // 2
        allowed = permits(with_rows(level_max=middle, **changes), profile=profile) is None
        low, high = (middle, high) if allowed else (low, middle - 1)
    assert permits(with_rows(level_max=low, **changes), profile=profile) is None
    return low


def test_a_permit_at_the_ceiling_passes():
    assert permits(permit()) is None


@pytest.mark.parametrize("left_ms", [1, 20 * 60_000 + 5_000])
def test_a_permit_may_end_at_once_or_when_the_longest_session_does(left_ms):
    assert permits(permit(ends_ms=70_000 + left_ms), now_ms=70_000) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"device": "other"},
        {"model_number": "OTHER"},
        {"firmware": "2.0"},
        {"ends_ms": 70_000},
        {"ends_ms": 69_999},
        {"ends_ms": 70_000 + 20 * 60_000 + 5_001},
        {"ends_ms": 70_000.5},
        {"rows": ()},
        {"fence": 0},
        {"fence": True},
    ],
)
def test_a_permit_of_another_device_or_time_is_refused(changes):
    assert permits(permit(70_000, **changes), now_ms=70_000) is not None


def test_firmware_that_the_profile_does_not_know_is_refused_on_the_very_device():
    assert permits(permit(firmware="2.0"), firmware="2.0") is not None


@pytest.mark.parametrize(
    "changes",
    [
        {"level_max": 11},
        {"level_max": True},
        {"level_max": -1},
        {"half_width_min_mm": 49},
        {"half_width_max_mm": 49},
        {"first_mm": 327},
        {"last_mm": 636},
        {"first_mm": 500, "last_mm": 499},
        {"actuator": "seat"},
        {"modality": Modality.VIBRATION},
        {"region": Region.THORACIC},
        {"region": "seat"},
        {"severity": Severity.MODERATE},
        {"severity": Severity.SEVERE},
        {"severity": 0},
    ],
)
def test_a_row_beyond_what_table_anatomy_and_profile_allow_is_refused(changes):
    assert permits(permit(rows=(replace(row("roller_left"), **changes),))) is not None


@pytest.mark.parametrize(
    "changes",
    [
        {"first_mm": 500, "last_mm": 500},
        {"level_max": 0},
        {"half_width_max_mm": 50},
        {"first_mm": 328},
        {"last_mm": 635},
    ],
)
def test_a_row_at_the_edge_of_what_is_allowed_passes(changes):
    assert permits(permit(rows=(replace(row("roller_left"), **changes),))) is None


def test_every_row_of_a_permit_is_looked_at():
    good, bad = row("roller_left"), row("roller_right", level_max=11)
    for rows in ((good, bad), (bad, good)):
        assert "roller_right" in permits(permit(rows=rows))


def test_a_blocked_row_is_refused_at_level_zero_too():
    blocked = row(
        "roller_left",
        region=Region.CERVICAL,
        severity=Severity.SEVERE,
        first_mm=0,
        last_mm=40,
        level_max=0,
    )
    assert "blocked" in permits(permit(rows=(blocked,)))


@pytest.mark.parametrize("changes", [{"clearance": Clearance.X}, {"keepout_half_mm": None}])
def test_one_sign_of_a_blocked_row_is_enough(monkeypatch, changes):
    with_table(monkeypatch, **changes)
    assert "blocked" in permits(permit())


def test_an_unknown_force_takes_the_row_one_severity_stricter():
    unknown = chair(force_dn_per_level=None)
    assert permits(with_rows(level_max=10, half_width_min_mm=55), profile=unknown) is not None
    assert permits(with_rows(level_max=5, half_width_min_mm=55), profile=unknown) is None
    assert permits(with_rows(level_max=5, half_width_min_mm=54), profile=unknown) is not None


@pytest.mark.parametrize(
    ("changes", "level"),
    [
        ({}, 10),
        ({"force_dn_per_level": 100}, 4),  # 40 N
        ({"force_dn_per_level": 44}, 9),  # 9.09 of them
        ({"radius_mm": 3}, 0),  # 13.1 N/cm² on 0.28 cm² is 3.7 N
        ({"radius_mm": 3, "force_dn_per_level": 36}, 1),
        ({"depth_dmm_per_level": 30}, 3),  # 10 mm
        ({"depth_dmm_per_level": 0}, 10),
    ],
)
def test_a_strong_device_is_held_by_force_a_pointed_one_by_pressure_and_a_deep_one_by_depth(changes, level):
    profile = chair(**changes)
    assert highest(profile, half_width_min_mm=35 + profile.actuators[0].radius_mm) == level


def test_depth_holds_rollers_alone():
    deep = chair(modality=Modality.VIBRATION, depth_dmm_per_level=30)
    assert highest(deep, modality=Modality.VIBRATION) == 10


def test_every_bound_is_exact_in_the_largest_numbers(monkeypatch):
    bare = chair(levels=10**10, depth_dmm_per_level=0, radius_mm=1, force_dn_per_level=1)
    with_table(monkeypatch, intensity_permille=1, force_n=10**11, pressure_dn_cm2=10**11)
    assert highest(bare) == 10**7
    with_table(monkeypatch, intensity_permille=1000, force_n=12_345, pressure_dn_cm2=10**11)
    assert highest(bare) == 123_450
    with_table(monkeypatch, intensity_permille=1000, force_n=10**11, pressure_dn_cm2=10**11)
    assert highest(bare) == int(math.pi * 100_000) * 10**4  # on pi square millimetres


def test_percussion_from_t11_to_l3_is_refused():
    rows = {"modality": Modality.PERCUSSION, "level_max": 4, "half_width_min_mm": 60}
    thoracic = rows | {"region": Region.THORACIC, "first_mm": 50}
    assert permits(with_rows(**rows, first_mm=438), profile=HAMMER) is None
    assert permits(with_rows(**thoracic, last_mm=282), profile=HAMMER) is None
    for over_kidneys in (
        rows | {"first_mm": 437},
        rows | {"first_mm": 400, "last_mm": 401},
        thoracic | {"last_mm": 283},
        thoracic | {"first_mm": 300, "last_mm": 301},
    ):
        assert "kidneys" in permits(with_rows(**over_kidneys), profile=HAMMER)


def test_the_kidneys_lie_where_the_body_map_has_t11_to_l3():
    t11, l3 = VERTEBRA_SPANS_PPM["T11"], VERTEBRA_SPANS_PPM["L3"]
    assert (t11[0], l3[1]) == permit_checks._NO_PERCUSSION_PPM


def only_row(calibration, region, first, last):
    half = CEILINGS[region, Severity.MILD, Modality.ROLLER].keepout_half_mm + 35
    widths = {"half_width_min_mm": half, "half_width_max_mm": half, "level_max": 0}
    rows = (row("roller_left", region=region, first_mm=first, last_mm=last, **widths),)
    return permits(permit(rows=rows, calibration=calibration))


@given(
    c7=st.integers(0, 100),
    length=st.integers(358, 609),
    region=st.sampled_from(list(Region)),
    first=st.integers(-120, 900),
    extent=st.integers(1, 700),
)
def test_a_row_covers_no_more_than_its_region_and_a_millimetre_of_rounding(c7, length, region, first, extent):
    start, end = REGION_SPANS_PPM[region]
    scale = length / 717_000
    low, high = c7 + (start - 163_000) * scale, c7 + (end - 163_000) * scale
    beyond = max(low - first, first + extent - high)
    answer = only_row(Calibration(c7, c7 + length, 20), region, first, first + extent)
    if beyond > 1.001:
        assert answer is not None
    elif beyond < 0.999:
        assert answer is None


def test_a_row_may_end_a_millimetre_beyond_the_very_end_of_the_column():
    calibration = Calibration(0, 478, 20)  # the column ends at 558 mm, to the part in a million
    assert only_row(calibration, Region.LUMBAR, 400, 559) is None
    assert only_row(calibration, Region.LUMBAR, 400, 560) is not None
