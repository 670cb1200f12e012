"""The permitted region: meet only, rounding down, strictest row of everything a patch touches."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governor_rig import envelope
from massager.model.body import REGION_SPANS_PPM, ZONE_SPANS_PPM, Calibration, Region, Side, Zone
from massager.model.ceilings import CEILINGS, Modality, Severity
from massager.model.decisions import Cap, Reason, Refusal, Source
from massager.model.people import KeepOut
from massager.safety.envelope import meet
from samples import CALIBRATION, chair, demo, mild_lumbar

SCAR = KeepOut("scar", (650_000, 700_000), left_mm=20, right_mm=60)
caps = st.builds(Cap, st.integers(0, 255), st.sampled_from(Source))
many_caps = st.lists(caps, min_size=1, max_size=6)


@given(many_caps, st.randoms())
def test_the_order_of_bounds_makes_no_difference(several, random):
    shuffled = several[:]
    random.shuffle(shuffled)
    assert meet(shuffled) == meet(several)


@given(many_caps, caps)
def test_another_bound_never_raises(several, one):
    assert meet([*several, one]).level <= meet(several).level
    assert meet([*several, *several]) == meet(several)


calibrations = st.integers(0, 80).flatmap(
    lambda c7: st.builds(
        Calibration, st.just(c7), st.integers(358, 609).map(lambda way: c7 + way), st.integers(10, 30)
    )
)


@settings(deadline=None)
@given(calibrations, st.integers(-50, 700), st.integers(0, 60))
def test_a_wider_stretch_never_touches_fewer_regions(calibration, first_mm, length_mm):
    narrow = calibration.regions_touched(first_mm, first_mm + length_mm)
    wide = calibration.regions_touched(first_mm - 5, first_mm + length_mm + 5)
    assert wide is None or narrow is None or narrow <= wide


@settings(deadline=None)
@given(calibrations, st.integers(0, 580))
def test_regions_agree_with_plain_fractions(calibration, mm):
    place = 0.163 + (mm - calibration.c7_mm) * 0.717 / (calibration.psis_mm - calibration.c7_mm)
    expected = {r for r, (first, end) in REGION_SPANS_PPM.items() if first / 1e6 < place < end / 1e6}
    assert expected <= (calibration.regions_touched(mm, mm) or frozenset(expected))


@settings(deadline=None)
@given(
    st.integers(0, 580),
    st.integers(0, 200),
    st.integers(30, 80),
    st.integers(1, 60),
    st.integers(1, 255),
    st.one_of(st.none(), st.integers(0, 1000)),
)
def test_no_cap_exceeds_any_ceiling_of_the_regions_it_touches(first, length, aside, radius, levels, caller):
    device = chair()
    actuator = replace(device.actuators[0], radius_mm=radius, levels=levels)
    found = envelope(caller_permille=caller)
    cap = found.cap(actuator, first_mm=first, last_mm=first + length, nearest_mm=aside, farthest_mm=aside)
    if isinstance(cap, Refusal):
        return
    reach = radius + 10
    touched = found.calibration.regions_touched(first - reach, first + length + reach)
    assert touched
    for region in touched:
        row = CEILINGS[region, Severity.MILD, Modality.ROLLER]
        assert aside - reach >= row.keepout_half_mm
        assert cap.level * 1000 <= levels * row.intensity_permille
        assert cap.level * 4 <= row.force_n
        assert cap.level * 40 / (3.14159 * radius * radius / 100) <= row.pressure_dn_cm2
        assert caller is None or cap.level * 1000 <= levels * caller


def test_beyond_the_treatable_band_six_tenths_remain():
    found = envelope()
    left = chair().actuators[0]
    at = {"first_mm": 470, "last_mm": 470}
    assert found.cap(left, **at, nearest_mm=60, farthest_mm=60) == Cap(10, Source.CEILING)
    assert found.cap(left, **at, nearest_mm=61, farthest_mm=61) == Cap(6, Source.BAND_EDGE)


def test_an_unknown_force_takes_the_next_stricter_row():
    blind = replace(chair().actuators[0], force_dn_per_level=None)
    assert envelope().limits(Region.LUMBAR, blind) == Refusal(Reason.CLEARANCE_B, Region.LUMBAR)


@pytest.mark.parametrize(
    ("region", "severity", "modality", "expected"),
    [
        (Region.LUMBAR, Severity.MODERATE, Modality.ROLLER, Reason.CLEARANCE_B),
        (Region.LUMBAR, Severity.SEVERE, Modality.ROLLER, Reason.CLEARANCE_C),
        (Region.LUMBAR, Severity.SEVERE, Modality.PERCUSSION, Reason.BLOCKED),
        (Region.CERVICAL, Severity.MILD, Modality.ROLLER, Reason.CLEARANCE_C),
    ],
)
def test_clearance_codes_other_than_a_refuse(region, severity, modality, expected):
    person = demo(conditions={region: severity})
    actuator = replace(chair().actuators[0], modality=modality)
    assert envelope(person=person).limits(region, actuator) == Refusal(expected, region)


def test_nothing_presses_before_somebody_attested_that_a_provider_was_asked():
    found = envelope(person=demo(attested=False))
    assert found.limits(Region.LUMBAR, chair().actuators[0]) == Refusal(Reason.NOT_ATTESTED, Region.LUMBAR)


def test_a_region_without_a_row_in_the_safety_profile_is_left_out():
    lumbar = tuple(row for row in mild_lumbar().rows if row.region is Region.LUMBAR)
    found = envelope(profile=mild_lumbar(rows=lumbar))
    refusal = Refusal(Reason.NO_PROFILE_ROW, Region.THORACIC)
    assert found.limits(Region.THORACIC, chair().actuators[0]) == refusal
    assert {row.region for row in found.rows(50)} == {Region.LUMBAR}


def test_a_device_too_narrow_has_no_half_width():
    narrow = replace(chair().carriage, half_width_max_mm=45)
    assert envelope(device=chair(carriage=narrow)).half_width_mm([Zone.L1_L3]).reason is Reason.NO_ROOM
    assert envelope().half_width_mm([Zone.L1_L3]) == 50


def test_permit_rows_are_never_looser_than_the_caps():
    found = envelope()
    for row in found.rows(50):
        actuator = next(a for a in chair().actuators if a.name == row.actuator)
        for mm in range(max(0, row.first_mm), min(580, row.last_mm)):
            cap = found.cap(actuator, first_mm=mm, last_mm=mm, nearest_mm=50, farthest_mm=50)
            if not isinstance(cap, Refusal) and found.touched(actuator, mm, mm) == (row.region,):
                assert cap.level == row.level_max


def test_the_caregivers_limit_of_a_zone_holds_wherever_the_patch_touches_it():
    roller = chair().actuators[0]
    found = envelope(person=demo(zone_permille={Zone.L4_S1: 200, Zone.L1_L3: 0}))
    low, high = CALIBRATION.span_inside_mm(ZONE_SPANS_PPM[Zone.L4_S1])
    beside = {"nearest_mm": 50, "farthest_mm": 50}
    assert found.cap(roller, first_mm=low + 30, last_mm=high - 30, **beside) == Cap(4, Source.CAREGIVER)
    assert found.cap(roller, first_mm=low + 20, last_mm=high - 30, **beside) == Cap(0, Source.CAREGIVER)
    first, last = CALIBRATION.span_inside_mm(ZONE_SPANS_PPM[Zone.T5_T8])
    assert found.cap(roller, first_mm=first + 30, last_mm=last - 30, **beside) == Cap(8, Source.CEILING)


@pytest.mark.parametrize(
    ("side", "keep_out", "touches"),
    [
        (Side.RIGHT, SCAR, True),
        (Side.LEFT, SCAR, False),
        (Side.RIGHT, replace(SCAR, left_mm=-60, right_mm=-20), False),
        (Side.LEFT, replace(SCAR, left_mm=-60, right_mm=-20), True),
        # the patch at 50 mm reaches from 25 to 75 mm, radius and error
        (Side.RIGHT, replace(SCAR, left_mm=0, right_mm=24), False),
        (Side.RIGHT, replace(SCAR, left_mm=0, right_mm=25), True),
        (Side.RIGHT, replace(SCAR, left_mm=75, right_mm=90), True),
        (Side.RIGHT, replace(SCAR, left_mm=76, right_mm=90), False),
        (Side.LEFT, replace(SCAR, left_mm=-90, right_mm=-75), True),
        (Side.LEFT, replace(SCAR, left_mm=-90, right_mm=-76), False),
    ],
)
def test_nothing_touches_a_persons_own_keep_out(side, keep_out, touches):
    found = envelope(person=demo(keep_outs=(keep_out,)))
    first_mm, last_mm = CALIBRATION.span_outside_mm(keep_out.span_ppm)
    roller = next(one for one in chair().actuators if one.side is side)
    beside = {"nearest_mm": 50, "farthest_mm": 50}
    refused = Refusal(Reason.KEEP_OUT_PERSON, "scar")
    # 25 mm: radius and error, along the spine too
    for first, last, reached in (
        (first_mm + 5, last_mm - 5, True),
        (first_mm - 60, first_mm - 25, True),
        (first_mm - 60, first_mm - 26, False),
        (last_mm + 25, last_mm + 40, True),
        (last_mm + 26, last_mm + 40, False),
        (first_mm - 60, last_mm + 60, True),
    ):
        answer = found.cap(roller, first_mm=first, last_mm=last, **beside)
        assert (answer == refused) is (touches and reached), (first, last)
    assert touches is not any(
        row.actuator == roller.name and row.first_mm <= first_mm <= row.last_mm for row in found.rows(50)
    )
