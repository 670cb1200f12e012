"""Caps by what is known of an actuator: force, pressure, depth, frequency, stroke, dose, warmth."""

from dataclasses import replace
from math import pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massager.model.body import Region
from massager.model.ceilings import CEILINGS, Modality, Severity, stricter
from massager.model.decisions import Cap, Reason, Refusal, Source
from massager.model.dose import HEAT_LONGEST_S, HEAT_OLDEST_C, HEAT_TRIP_C, Coupling, Weighting
from massager.safety.dose import acceleration_mm_s2
from massager.safety.envelope import meet
from massager.safety.physical import device_caps, force_caps, heat_cap_c, known, unfit
from motion_samples import any_pad, hammer, pad, steady
from samples import chair

MILD, MODERATE, SEVERE = Severity.MILD, Severity.MODERATE, Severity.SEVERE
ROLLER, VIBRATION, PERCUSSION = Modality.ROLLER, Modality.VIBRATION, Modality.PERCUSSION


def row(severity=MILD, modality=VIBRATION, region=Region.LUMBAR):
    return CEILINGS[region, severity, modality]


def physical_caps(actuator, ceiling, force_n):
    return [*force_caps(actuator, ceiling, force_n), *device_caps(actuator, ceiling)]


def level_by(source, actuator, ceiling):
    levels = [cap.level for cap in physical_caps(actuator, ceiling, 210) if cap.source is source]
    assert len(levels) == 1
    return levels[0]


def highest(actuator, severity, force_n=210, region=Region.LUMBAR):
    """The meet with the row's share of the device's range, as the envelope takes it."""
    ceiling = row(severity, actuator.modality, region)
    share = Cap(actuator.levels * ceiling.intensity_permille // 1000, Source.CEILING)
    return meet(
        [share, Cap(actuator.levels, Source.DEVICE), *physical_caps(actuator, ceiling, force_n)]
    ).level


def test_the_chair_is_held_by_its_force_pressure_and_depth():
    assert physical_caps(chair().actuators[0], row(modality=ROLLER), 40) == [
        Cap(10, Source.FORCE),
        Cap(23, Source.PRESSURE),
        Cap(10, Source.DEPTH),
    ]


def test_the_lower_force_of_ceiling_and_safety_profile_holds():
    roller = chair().actuators[0]
    assert force_caps(roller, row(modality=ROLLER), 39)[0] == Cap(9, Source.FORCE)
    assert force_caps(roller, row(MODERATE, ROLLER), 40)[0] == Cap(5, Source.FORCE)


def test_pressure_is_that_of_a_patch_no_larger_than_it_is():
    thin = replace(chair().actuators[0], radius_mm=3)
    assert level_by(Source.PRESSURE, thin, row(modality=ROLLER)) == 0  # 13.1 N/cm² on 0.28 cm² is 3.7 N
    wide = replace(chair().actuators[0], radius_mm=10)
    assert level_by(Source.PRESSURE, wide, row(modality=ROLLER)) == 10  # 41.1 N
    barely = replace(chair().actuators[0], radius_mm=20, force_dn_per_level=183)
    # 164.6 N, of 18.3 N a level; nine are 164.7 N.
    assert level_by(Source.PRESSURE, barely, row(modality=ROLLER)) == 8
    # Of 0.9 N a level 117.004 on 16 mm and 164.993 on 19 mm.
    for radius_mm, level in ((16, 117), (19, 164)):
        fine = replace(chair().actuators[0], radius_mm=radius_mm, force_dn_per_level=9)
        assert level_by(Source.PRESSURE, fine, row(modality=ROLLER)) == level


def test_a_roller_that_says_no_depth_does_not_go_out():
    assert (
        level_by(Source.DEPTH, replace(chair().actuators[0], depth_dmm_per_level=0), row(modality=ROLLER))
        == 0
    )


def test_without_a_force_there_is_no_cap_by_force_and_the_actuator_is_not_known():
    blind = pad(force_dn_per_level=None)
    assert force_caps(blind, row(), 40) == []
    assert not known(blind)


@pytest.mark.parametrize(
    ("actuator", "expected"),
    [
        (pad(), True),
        (pad(coupling=None, weighting=None), True),
        (pad(frequency_min_dhz=None), False),
        (pad(frequency_max_dhz=None), False),
        (pad(displacement_um=None), False),
        (pad(force_dn_per_level=0), False),
        (hammer(), True),
        (hammer(frequency_max_dhz=None), False),
        (hammer(stroke_dmm=None), False),
        (chair().actuators[0], True),
        (replace(chair().actuators[0], force_dn_per_level=None), False),
    ],
)
def test_an_actuator_is_known_when_all_is_that_its_caps_need(actuator, expected):
    assert known(actuator) is expected


# Levels 1 to 20 are a frequency each: 1 Hz apart from the lowest, with a displacement that never binds.
@pytest.mark.parametrize(
    ("lowest_hz", "expected"),
    [
        (1, 2),  # 1 and 2 Hz; the way up to 3 Hz ends in the band
        (3, 0),
        (5, 0),
        (7, 0),
        (8, 5),  # 8 Hz, and 9 to 12 Hz at a quarter of the range; 13 Hz would be level 6
        (11, 20),  # 11 to 13 Hz are levels 1 to 3
        (14, 20),
    ],
)
def test_levels_end_below_the_band_of_the_spines_resonance_and_the_upper_band_is_halved(lowest_hz, expected):
    shaker = pad(frequency_min_dhz=10 * lowest_hz, frequency_max_dhz=10 * lowest_hz + 190, displacement_um=1)
    assert level_by(Source.FREQUENCY, shaker, row()) == expected


@pytest.mark.parametrize(
    ("frequency_dhz", "expected"),
    [(29, 100), (30, 0), (70, 0), (71, 100), (89, 100), (90, 25), (135, 25), (136, 100)],
)
def test_the_edges_of_the_bands_belong_to_them(frequency_dhz, expected):
    assert level_by(Source.FREQUENCY, steady(frequency_dhz, 1), row()) == expected


def test_a_step_across_the_forbidden_band_is_not_taken():
    # 2.95 Hz at level 2 counts as 3 Hz.
    assert level_by(Source.FREQUENCY, pad(levels=3, frequency_min_dhz=20, frequency_max_dhz=39), row()) == 1
    # 7.1 Hz at level 1 and 2 Hz more at each: there is no level below that would be in the band.
    assert level_by(Source.FREQUENCY, pad(frequency_min_dhz=71, frequency_max_dhz=451), row()) == 20
    # 2.9 Hz at level 1, 7.1 Hz at level 2.
    assert level_by(Source.FREQUENCY, pad(levels=2, frequency_min_dhz=29, frequency_max_dhz=71), row()) == 1


def test_half_of_the_upper_band_is_half_of_the_rows_intensity():
    shaker = steady(100, 1)
    assert [level_by(Source.FREQUENCY, shaker, row(severity)) for severity in Severity] == [25, 12, 6]


def test_a_lowest_level_in_the_forbidden_band_is_for_nobody():
    assert unfit(steady(50, 4000, coupling=Coupling.PLATFORM)) == Refusal(Reason.FREQUENCY, "5.0 Hz")
    assert unfit(pad(frequency_min_dhz=70)) == Refusal(Reason.FREQUENCY, "7.0 Hz")
    assert unfit(pad()) is None
    assert unfit(pad(frequency_min_dhz=None)) is None


@pytest.mark.parametrize(("severity", "expected"), [(MILD, 5), (MODERATE, 3)])
def test_percussion_ends_at_the_rate_of_the_severity(severity, expected):
    # 18, 21, 24, 27 and 30 blows a second.
    assert level_by(Source.FREQUENCY, hammer(), row(severity, PERCUSSION)) == expected


def test_a_single_rate_above_the_severitys_leaves_no_level():
    for rate_dhz, expected in ((300, 5), (301, 0)):
        head = hammer(frequency_min_dhz=rate_dhz, frequency_max_dhz=rate_dhz)
        assert level_by(Source.FREQUENCY, head, row(MILD, PERCUSSION)) == expected


def test_a_frequency_between_tenths_counts_as_the_higher_one():
    above = hammer(levels=3, frequency_min_dhz=200, frequency_max_dhz=301)  # 20, 25.05, 30.1 Hz
    assert level_by(Source.FREQUENCY, above, row(MILD, PERCUSSION)) == 2
    assert level_by(Source.FREQUENCY, above, row(MODERATE, PERCUSSION)) == 1


def test_vibration_has_no_highest_rate_of_blows():
    assert level_by(Source.FREQUENCY, pad(), row()) == 20


def test_a_stroke_above_ten_millimetres_is_for_nobody():
    assert unfit(hammer(stroke_dmm=100)) is None
    assert level_by(Source.FREQUENCY, hammer(stroke_dmm=100), row(MILD, PERCUSSION)) == 5
    assert unfit(hammer(stroke_dmm=101)) == Refusal(Reason.STROKE, "10.1 mm")
    assert level_by(Source.FREQUENCY, hammer(stroke_dmm=101), row(MILD, PERCUSSION)) == 0


@pytest.mark.parametrize(("severity", "percent"), [(MILD, 99), (MODERATE, 54), (SEVERE, 32)])
def test_the_cushion_of_the_mild_cap_is_held_to_its_share_of_amplitude(severity, percent):
    """45 Hz and 0.5 mm shake with 0.598 m/s2 as it is rounded up; 0.593, 0.327 and 0.194 are allowed."""
    assert level_by(Source.DOSE, steady(450, 500), row(severity)) == percent


def test_a_level_stands_for_its_frequency_where_that_changes_and_the_displacement_counts_in_full():
    held = level_by(Source.DOSE, pad(displacement_um=1000), row())
    assert acceleration_mm_s2(pad(displacement_um=1000), held) <= 593
    assert acceleration_mm_s2(pad(displacement_um=1000), held + 1) > 593
    assert level_by(Source.DOSE, pad(frequency_min_dhz=400, displacement_um=1000), row()) == 0


def test_percussion_and_an_unknown_displacement_have_no_dose():
    for actuator in (hammer(), pad(displacement_um=None)):
        caps = physical_caps(actuator, row(MILD, actuator.modality), 40)
        assert Source.DOSE not in {cap.source for cap in caps}


def test_a_blocked_row_allows_nothing_whatever_is_known():
    for severity, modality, region in [
        (SEVERE, PERCUSSION, Region.LUMBAR),
        (SEVERE, VIBRATION, Region.CERVICAL),
    ]:
        for actuator in (
            pad(force_dn_per_level=None),
            hammer(force_dn_per_level=None, frequency_min_dhz=None),
        ):
            assert device_caps(actuator, row(severity, modality, region)) == [Cap(0, Source.CEILING)]


any_force = st.integers(1, 210)
any_region = st.sampled_from(Region)


@given(any_pad(), st.sampled_from([MILD, MODERATE]), any_force, any_region)
def test_a_worse_narrowing_never_raises_a_cap(actuator, severity, force_n, region):
    assert highest(actuator, stricter(severity), force_n, region) <= highest(
        actuator, severity, force_n, region
    )


@given(st.integers(1, 600), st.integers(0, 300), st.integers(1, 255), st.integers(1, 120))
def test_a_worse_narrowing_never_raises_a_cap_of_percussion(lowest, rise, levels, stroke):
    head = hammer(frequency_min_dhz=lowest, frequency_max_dhz=lowest + rise, levels=levels, stroke_dmm=stroke)
    assert highest(head, SEVERE) == 0
    assert highest(head, MODERATE) <= highest(head, MILD)
    for level in range(1, highest(head, MILD) + 1):
        assert lowest + rise * (level - 1) / max(1, levels - 1) <= 300
        assert stroke <= 100


@given(any_pad(), st.sampled_from(Severity), st.integers(1, 1000))
def test_a_larger_displacement_never_raises_a_cap(actuator, severity, more):
    wider = replace(actuator, displacement_um=actuator.displacement_um + more)
    assert highest(wider, severity) <= highest(actuator, severity)


@given(any_pad(), st.sampled_from(Severity))
def test_every_level_that_is_allowed_keeps_every_bound(actuator, severity):
    ceiling, most = row(severity), highest(actuator, severity)
    for level in range(1, most + 1):
        low, high = actuator.frequency_min_dhz, actuator.frequency_max_dhz
        hertz = (low + (high - low) * (level - 1) / max(1, actuator.levels - 1)) / 10
        assert not 3 <= hertz <= 7
        assert low > 70 or hertz < 3
        if 9 <= hertz <= 13.5:
            assert level * 2000 <= actuator.levels * ceiling.intensity_permille
        assert level * actuator.force_dn_per_level <= 10 * ceiling.force_n
        assert (
            level * actuator.force_dn_per_level <= ceiling.pressure_dn_cm2 * pi * actuator.radius_mm**2 / 100
        )
        seconds = 60 * ceiling.session_min
        vdv = 1.4 * acceleration_mm_s2(actuator, level) / 1000 * seconds**0.25
        assert vdv <= {MILD: 4.55, MODERATE: 2.27, SEVERE: 1.13}[severity] + 1e-9


@given(any_pad(), st.sampled_from(Severity))
def test_an_unknown_coupling_or_weighting_never_raises_a_cap(actuator, severity):
    unknown = highest(replace(actuator, coupling=None, weighting=None), severity)
    for coupling in Coupling:
        for weighting in Weighting:
            assert unknown <= highest(replace(actuator, coupling=coupling, weighting=weighting), severity)


@given(any_pad(), st.sampled_from(Severity), st.sampled_from(["frequency", "displacement"]))
def test_an_unmeasured_motion_allows_no_more_than_a_harmless_one(actuator, severity, what):
    """The row one stricter stands for what frequency and displacement would have shown."""
    names = ("frequency_min_dhz", "frequency_max_dhz") if what == "frequency" else ("displacement_um",)
    unknown = replace(actuator, **dict.fromkeys(names))
    assert not known(unknown)
    harmless = replace(actuator, frequency_min_dhz=800, frequency_max_dhz=800, displacement_um=1)
    assert highest(unknown, stricter(severity)) <= highest(harmless, severity)


@pytest.mark.parametrize(
    ("severity", "region", "expected"),
    [
        (MILD, Region.LUMBAR, 41),
        (MODERATE, Region.LUMBAR, 40),
        (SEVERE, Region.LUMBAR, 39),
        (MILD, Region.CERVICAL, 40),
    ],
)
def test_warmth_ends_at_the_rows_temperature_and_at_39_degrees_from_75_on(severity, region, expected):
    ceiling = row(severity, region=region)
    assert heat_cap_c(ceiling, oldest=False, forbidden=False) == expected
    assert heat_cap_c(ceiling, oldest=True, forbidden=False) == HEAT_OLDEST_C == 39
    assert heat_cap_c(ceiling, oldest=False, forbidden=True) == 0
    assert heat_cap_c(ceiling, oldest=True, forbidden=True) == 0


def test_there_is_no_warmth_with_percussion_or_in_a_blocked_row():
    for ceiling in (row(MILD, PERCUSSION), row(SEVERE, VIBRATION, Region.CERVICAL)):
        for oldest in (False, True):
            assert heat_cap_c(ceiling, oldest=oldest, forbidden=False) == 0


def test_the_trip_of_warmth_lies_above_every_row_and_its_time_within_a_session():
    assert HEAT_TRIP_C == 43
    assert all(ceiling.heat_c < HEAT_TRIP_C for ceiling in CEILINGS.values() if ceiling.heat_c is not None)
    assert max(60 * ceiling.session_min for ceiling in CEILINGS.values()) == HEAT_LONGEST_S == 900
