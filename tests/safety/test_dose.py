"""Vibration: weights, acceleration and dose against the review's worked figures and against plain floats."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor, pi, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from massager.model.ceilings import Severity
from massager.model.dose import COUPLING_PERMILLE, WEIGHTS, Coupling, Dose, Weighting
from massager.safety.dose import DAY_MS, acceleration_mm_s2, dose, left_ms, strokes, weight_ppm
from motion_samples import any_pad, hammer, pad, steady

HERTZ = (4, 5, 6.3, 8, 10, 12.5, 16, 20, 25, 31.5, 40, 50, 63, 80)
PUBLISHED = {
    Weighting.SEAT_Z: ".967 1.039 1.054 1.036 .988 .902 .769 .636 .513 .405 .314 .246 .186 .132",
    Weighting.BACKREST_X: "1.02 1.01 .974 .891 .776 .647 .512 .409 .325 .256 .199 .156 .118 .084",
}
SESSION_MS = {Severity.MILD: 900_000, Severity.MODERATE: 600_000, Severity.SEVERE: 300_000}

accelerations = st.integers(1, 20_000)
times_ms = st.integers(0, DAY_MS)
doses = st.builds(Dose, st.integers(0, 10**13), st.integers(0, 10**18))


def weight(weighting: Weighting, hertz: float) -> float:
    """The transfer functions of ISO 8041, W_k and W_c, with the parameters of its table."""
    s = 2j * pi * hertz

    def corner(frequency: float, q: float, *, inverse: bool = False) -> complex:
        ratio = s / (2 * pi * frequency)
        ratio = 1 / ratio if inverse else ratio
        return 1 + ratio / q + ratio**2

    low, high = corner(0.4, 1 / sqrt(2), inverse=True), corner(100, 1 / sqrt(2))
    middle = 12.5 if weighting is Weighting.SEAT_Z else 8
    found = (1 + s / (2 * pi * middle)) / (low * high * corner(middle, 0.63))
    if weighting is Weighting.SEAT_Z:
        found *= corner(2.37, 0.91) / corner(3.35, 0.91) * (2.37 / 3.35) ** 2
    return abs(found)


@pytest.mark.parametrize("weighting", Weighting)
def test_the_weights_are_the_published_ones(weighting):
    ours = dict(WEIGHTS[weighting])
    for hertz, published in zip(HERTZ, PUBLISHED[weighting].split(), strict=True):
        last_digit = 10 ** -len(published.partition(".")[2])
        found = ours[round(10 * hertz)] / 10_000
        assert found == pytest.approx(float(published), abs=last_digit / 2 + 1e-4), hertz


@pytest.mark.parametrize("weighting", Weighting)
def test_no_frequency_counts_less_than_its_weight_and_within_the_table_none_a_hundredth_more(weighting):
    for dhz in range(1, 2001):
        true = weight(weighting, dhz / 10)
        assert weight_ppm(weighting, dhz) >= 1e6 * true, dhz
        if 40 <= dhz <= 800:
            assert weight_ppm(weighting, dhz) <= 1.01e6 * true, dhz


def test_a_weight_is_the_tables_with_its_allowance_rounded_up():
    assert weight_ppm(Weighting.SEAT_Z, 40) == 971_069  # 0.9672 x 1.004
    assert weight_ppm(Weighting.BACKREST_X, 425) == 188_100  # halfway from 0.1992 to 0.1755


def test_a_frequency_between_tenths_of_a_hertz_counts_as_the_higher_one():
    between = {"levels": 3, "frequency_min_dhz": 200, "frequency_max_dhz": 301}
    higher = acceleration_mm_s2(pad(frequency_min_dhz=251, frequency_max_dhz=260), 1)
    assert acceleration_mm_s2(pad(**between), 2) == higher
    assert strokes(hammer(**between), 2, 10_000) == 251


def test_the_constant_of_the_sine_is_rounded_up_in_its_last_digit():
    shaker = steady(2000, 65_534, coupling=Coupling.PLATFORM, weighting=Weighting.SEAT_Z)
    assert acceleration_mm_s2(shaker, 100) == 4_863_675


@pytest.mark.parametrize(
    ("severity", "acceleration", "time_ms"),
    # By VDV, by A(8), and by the day.
    [
        (Severity.MILD, 593, 902_224),
        (Severity.MILD, 190, 49_861_495),
        (Severity.SEVERE, 60, 31_250_000),
        (Severity.SEVERE, 1, 86_400_000),
        (Severity.SEVERE, 0, 86_400_000),
    ],
)
def test_what_is_left_is_known_to_the_millisecond(severity, acceleration, time_ms):
    assert left_ms(severity, Dose(), acceleration) == time_ms


@pytest.mark.parametrize("weighting", Weighting)
def test_at_one_displacement_a_higher_frequency_never_counts_less(weighting):
    # So a frequency that is rounded up gives an acceleration that is rounded up.
    counted = [dhz**2 * weight_ppm(weighting, dhz) for dhz in range(1, 2001)]
    assert all(low < high for low, high in pairwise(counted))


def test_a_cushion_at_45_hertz_and_half_a_millimetre_shakes_at_the_mild_cap():
    cushion = steady(450, 500)
    assert acceleration_mm_s2(replace(cushion, coupling=Coupling.PLATFORM), 100) == pytest.approx(
        1980, rel=0.02
    )
    assert acceleration_mm_s2(cushion, 56) == pytest.approx(330, rel=0.02)  # that of a moderate session
    found = acceleration_mm_s2(cushion, 100)
    assert found == pytest.approx(590, rel=0.02)
    assert left_ms(Severity.MILD, Dose(), found) == pytest.approx(900_000, rel=0.05)


def test_a_chair_that_taps_at_5_hertz_and_4_millimetres_shakes_with_1_13_metres():
    chair = steady(50, 4000, coupling=Coupling.PLATFORM)
    assert acceleration_mm_s2(chair, 100) == pytest.approx(1130, rel=0.02)


def test_a_seat_is_weighted_by_its_own_curve_and_without_a_factor():
    seat = steady(50, 4000, coupling=Coupling.PLATFORM, weighting=Weighting.SEAT_Z)
    assert acceleration_mm_s2(seat, 100) == pytest.approx(1396 * 1.039, rel=0.01)


@pytest.mark.parametrize(
    ("severity", "most"), [(Severity.MILD, 590), (Severity.MODERATE, 330), (Severity.SEVERE, 190)]
)
def test_a_full_session_allows_the_accelerations_of_the_review(severity, most):
    """0.59, 0.33 and 0.19 m/s2 for 15, 10 and 5 minutes; VDV binds, as 1.4 a t^(1/4)."""
    allowed = [a for a in range(1, 1000) if left_ms(severity, Dose(), a) >= SESSION_MS[severity]]
    assert allowed[-1] == pytest.approx(most, rel=0.02)
    assert allowed == list(range(1, allowed[-1] + 1))


@given(any_pad(), st.integers(1, 255))
def test_acceleration_is_the_sines_and_never_less(actuator, level):
    level = min(level, actuator.levels)
    low, high = actuator.frequency_min_dhz / 10, actuator.frequency_max_dhz / 10
    hertz = high if actuator.levels == 1 else low + (high - low) * (level - 1) / (actuator.levels - 1)
    part = level / actuator.levels if low == high else 1
    sine = (2 * pi * hertz) ** 2 * actuator.displacement_um / 2 / sqrt(2) / 1000 * part
    axis = 0.8 if actuator.weighting is Weighting.BACKREST_X else 1
    true = sine * weight(actuator.weighting, hertz) * axis * COUPLING_PERMILLE[actuator.coupling] / 1000
    found = acceleration_mm_s2(actuator, level)
    assert found >= true
    if 4 <= hertz <= 80:
        # A frequency is rounded up by 0.1 Hz at the most.
        assert found <= true * 1.01 * ((hertz + 0.1) / hertz) ** 2 + 1


@given(any_pad(), st.integers(0, 254), st.integers(1, 500))
def test_acceleration_never_falls_with_the_level_or_the_displacement(actuator, level, more):
    level = min(level, actuator.levels - 1)
    here = acceleration_mm_s2(actuator, level)
    assert here <= acceleration_mm_s2(actuator, level + 1)
    wider = replace(actuator, displacement_um=actuator.displacement_um + more)
    assert here <= acceleration_mm_s2(wider, level)


@given(any_pad(), st.integers(1, 255))
def test_an_unknown_coupling_or_weighting_counts_as_the_worst(actuator, level):
    known = [
        replace(actuator, coupling=coupling, weighting=weighting)
        for coupling in Coupling
        for weighting in Weighting
    ]
    unknown = acceleration_mm_s2(replace(actuator, coupling=None, weighting=None), level)
    assert unknown == max(acceleration_mm_s2(each, level) for each in known)


@pytest.mark.parametrize(
    "actuator",
    [
        pad(displacement_um=None),
        pad(frequency_min_dhz=None),
        pad(frequency_max_dhz=None),
        hammer(displacement_um=500),
    ],
)
def test_without_a_figure_there_is_no_acceleration_to_judge(actuator):
    assert acceleration_mm_s2(actuator, 1) is None


@given(st.sampled_from(Severity), accelerations)
def test_what_is_left_of_an_untouched_day_keeps_both_bounds_and_hardly_less(severity, acceleration):
    half = 2**severity
    a8, vdv = 0.5 / half, {1: 4.55, 2: 2.27, 3: 1.13}[severity]

    def spent(left: int) -> tuple[float, float]:
        metres, seconds = acceleration / 1000, left / 1000
        return metres * sqrt(seconds / 28_800) / a8, 1.4 * metres * seconds**0.25 / vdv

    left = left_ms(severity, Dose(), acceleration)
    assert max(spent(left)) <= 1 + 1e-9
    assert left == DAY_MS or max(spent(left + 1)) > 1 - 1e-9


@given(doses, doses, accelerations, st.sampled_from(Severity))
def test_less_time_is_left_the_more_was_used(one, other, acceleration, severity):
    left = left_ms(severity, one, acceleration)
    assert 0 <= left_ms(severity, one + other, acceleration) <= left
    assert left_ms(severity, one, acceleration + 1) <= left


@given(doses, accelerations, st.sampled_from([Severity.MILD, Severity.MODERATE]))
def test_less_time_is_left_the_worse_the_narrowing(used, acceleration, severity):
    assert left_ms(Severity(severity + 1), used, acceleration) <= left_ms(severity, used, acceleration)


@given(accelerations, st.sampled_from(Severity), st.data())
def test_a_pause_gives_nothing_back(acceleration, severity, data):
    whole = left_ms(severity, Dose(), acceleration)
    first = data.draw(st.integers(0, whole))
    rest = left_ms(severity, dose(acceleration, first), acceleration)
    assert rest == whole - first or whole == DAY_MS


@given(accelerations, times_ms, times_ms)
def test_a_dose_is_the_sum_of_its_parts(acceleration, one_ms, other_ms):
    parts = dose(acceleration, one_ms) + dose(acceleration, other_ms)
    assert parts == dose(acceleration, one_ms + other_ms)


def test_stillness_uses_nothing_and_is_allowed_all_day_even_after_too_much():
    spent = dose(20_000, DAY_MS)
    assert acceleration_mm_s2(pad(), 0) == 0
    assert dose(0, DAY_MS) == Dose()
    assert left_ms(Severity.SEVERE, spent, 0) == DAY_MS
    assert left_ms(Severity.SEVERE, spent, 1) == 0


def test_the_dose_of_the_caps_fits_64_bits_after_a_full_session():
    # A store keeps whole numbers in 64 bits.
    most = dose(593, 900_000)
    assert max(most.a2_ms, most.a4_ms) < 2**63


@pytest.mark.parametrize(
    ("level", "elapsed_ms", "blows"),
    [(1, 60_000, 1080), (1, 60_001, 1081), (5, 60_000, 1800), (2, 1, 1), (0, 60_000, 0), (3, 0, 0)],
)
def test_blows_are_counted_as_frequency_times_time_and_rounded_up(level, elapsed_ms, blows):
    assert strokes(hammer(), level, elapsed_ms) == blows


def test_blows_of_an_unknown_frequency_are_not_counted():
    assert strokes(hammer(frequency_max_dhz=None), 1, 60_000) is None


@settings(max_examples=200)
@given(any_pad(), st.integers(1, 255))
def test_a_frequency_lies_between_its_two_roundings_and_rises_from_the_lowest_to_the_highest(actuator, level):
    level = min(level, actuator.levels)
    rise = actuator.frequency_max_dhz - actuator.frequency_min_dhz
    exact = actuator.frequency_min_dhz + Fraction(rise * (level - 1), max(1, actuator.levels - 1))
    assert actuator.frequency_dhz(level) == (floor(exact), ceil(exact))
    assert actuator.frequency_dhz(1)[0] == actuator.frequency_min_dhz
    assert actuator.frequency_dhz(actuator.levels)[1] == actuator.frequency_max_dhz


def test_a_single_level_that_is_said_to_have_two_frequencies_counts_as_both():
    assert pad(levels=1).frequency_dhz(1) == (200, 450)
