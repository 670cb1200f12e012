"""The gate's check of the way: from everywhere a patch may be to where it shall go, and a millimetre twin."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardian.gate_rig import PULSE, facts, permits, with_rows
from guardian.rig import CHAIR, lease, permit, reading, row, setpoint
from massager.guardian.gate import check_lease
from massager.model.ceilings import Modality
from massager.model.telemetry import ActuatorReading, Cause

PRESSING = (ActuatorReading(5, 50, 20), ActuatorReading(5, 50, 20))
OUT = ActuatorReading(0, 0, 0)

# A patch of 15 mm and 10 mm of error reach 25 mm; the rows go from 329 to 633 mm.


def refused(level=5, *, at, target=None, recent=(), **changes):
    """Is this lease refused where the carriage was reported `at`?"""
    wanted = lease(1, 1, 0, level, carriage_mm=target)
    return check_lease(wanted, facts(reading=reading(carriage_mm=at, **changes), recent=recent)) is not None


@pytest.mark.parametrize(
    ("pace", "age_ms", "drift_mm"),
    [(20, 0, 3), (20, 1, 4), (20, 50, 4), (40, 0, 5), (1, 900, 2), (1, 901, 3), (1, 1000, 3)],
)
def test_latency_widens_where_the_patch_may_be(pace, age_ms, drift_mm):
    first, last = 329 + 25 + drift_mm, 633 - 25 - drift_mm
    for at, target in ((first, None), (first, 480), (last, None), (last, 480)):
        inward = 1 if at == first else -1
        wanted = lease(1, 1, 0, 5, carriage_mm=target, pace_mm_s=pace)
        here = reading(carriage_mm=at, at_ms=-age_ms)
        assert check_lease(wanted, facts(reading=here)) is None
        assert check_lease(wanted, facts(reading=replace(here, carriage_mm=at - inward))) is not None


def test_the_fastest_pace_still_under_way_counts():
    assert not refused(at=357)
    assert refused(at=357, recent=(setpoint(5, pace_mm_s=40),))
    assert refused(at=357, recent=(setpoint(5, pace_mm_s=40), setpoint(5)))


@pytest.mark.parametrize(("target", "beyond"), [(354, 353), (535, 536)])
def test_a_target_is_reached_with_the_whole_patch(target, beyond):
    short = facts(permit=with_rows(last_mm=560))
    assert check_lease(lease(1, 1, 0, 5, carriage_mm=target), short) is None
    assert check_lease(lease(1, 1, 0, 5, carriage_mm=beyond), short) is not None


@pytest.mark.parametrize("width", [50, 60])
def test_a_width_at_the_edge_of_its_row_passes(width):
    assert not refused(at=480, half_width_mm=width)
    assert check_lease(lease(1, 1, 0, 5, half_width_mm=width), facts()) is None


def test_a_width_still_under_way_to_the_last_target_counts():
    for width in (49, 61):
        assert refused(at=480, recent=(setpoint(0, half_width_mm=width),))
    assert not refused(at=480, recent=(setpoint(0),))


def test_a_gap_between_rows_is_forbidden():
    across = lease(1, 1, 0, 5, carriage_mm=520)
    assert "no row" in check_lease(across, facts(permit=with_rows({"last_mm": 480}, {"first_mm": 482})))
    assert check_lease(across, facts(permit=with_rows({"last_mm": 480}, {"first_mm": 481}))) is None


def test_an_actuator_that_is_out_of_use_and_retracted_needs_no_row():
    left_only = facts(permit=permit(rows=(row("roller_left"),)))
    wanted = replace(lease(1, 1, 0), setpoint=setpoint(levels=(5, 0)))
    assert check_lease(wanted, left_only) is None
    pressing = reading(actuators=(OUT, ActuatorReading(0, 20, 3)))
    assert "roller_right" in check_lease(wanted, replace(left_only, reading=pressing))
    assert "roller_right" in check_lease(lease(1, 1, 0, 5), left_only)


def test_the_second_actuator_is_looked_at_after_one_that_needs_no_row():
    right_only = facts(permit=permit(rows=(row("roller_right", level_max=4),)))
    for level, passes in ((4, True), (5, False)):
        wanted = replace(lease(1, 1, 0), setpoint=setpoint(levels=(0, level)))
        assert (check_lease(wanted, right_only) is None) == passes


def test_beyond_the_treatable_band_six_tenths_remain():
    wide = facts(permit=with_rows(half_width_max_mm=80), reading=reading(half_width_mm=61))
    assert check_lease(lease(1, 1, 0, 6), wide) is None
    assert check_lease(lease(1, 1, 0, 7), wide) is not None
    assert check_lease(lease(1, 1, 0, 7), replace(wide, reading=reading(half_width_mm=60))) is None
    assert check_lease(lease(1, 1, 0, 7, half_width_mm=61), replace(wide, reading=reading())) is not None


def test_a_stricter_row_that_the_way_does_not_touch_does_not_count():
    two = with_rows({"last_mm": 400, "level_max": 3}, {"first_mm": 401})
    assert check_lease(lease(1, 1, 0, 10), facts(permit=two)) is None


def deep_into(first_mm, last_mm, *, target, actuators=PRESSING, recent=(), level=4):
    """The answer to a lease into a stretch that allows level 4, the carriage reported at 450 mm."""
    rest = {"last_mm": first_mm - 1} if first_mm > 450 else {"first_mm": last_mm + 1}
    two = with_rows(rest, {"first_mm": first_mm, "last_mm": last_mm, "level_max": 4})
    here = facts(permit=two, reading=reading(actuators=actuators), recent=recent)
    return check_lease(lease(1, 1, 0, level, carriage_mm=target), here)


# Reported at 450 mm, the patch may touch 422 to 478 mm.
@pytest.mark.parametrize(
    ("first_mm", "last_mm", "target", "entered"),
    [
        (479, 633, 520, True),
        (478, 633, 520, False),
        (500, 633, 520, True),
        (329, 421, 380, True),
        (329, 422, 380, False),
        (329, 400, 380, True),
        (500, 633, None, False),
        (329, 400, None, False),
    ],
)
def test_a_roller_is_not_carried_deep_into_a_stricter_stretch(first_mm, last_mm, target, entered):
    answer = deep_into(first_mm, last_mm, target=target)
    assert "deeper" in answer if entered else answer is None
    assert deep_into(first_mm, last_mm, target=target, actuators=(ActuatorReading(4, 40, 16),) * 2) is None


@pytest.mark.parametrize(
    ("state", "past", "passes"),
    [
        (ActuatorReading(4, 40, 16), (4, 4), True),
        (ActuatorReading(5, 0, 0), (4, 4), False),
        (ActuatorReading(0, 41, 0), (4, 4), False),
        (ActuatorReading(0, 0, 0), (5, 4), False),
        (ActuatorReading(0, 0, 0), (4, 5), False),
        (ActuatorReading(0, 0, 0), (0, 0), True),
    ],
)
def test_level_depth_and_what_it_was_told_say_how_deep_a_roller_is(state, past, passes):
    recent = tuple(setpoint(level) for level in past)
    answer = deep_into(500, 633, target=520, actuators=(state, state), recent=recent)
    assert (answer is None) == passes


def test_a_level_in_the_stretch_that_is_entered_is_that_stretchs():
    shallow = (ActuatorReading(0, 0, 0),) * 2
    assert deep_into(500, 633, target=520, actuators=shallow) is None
    assert "above 4" in deep_into(500, 633, target=520, actuators=shallow, level=5)


@pytest.mark.parametrize(
    ("per_level_dmm", "depth_dmm", "passes"), [(0, 4, True), (0, 5, False), (1, 4, True), (1, 5, False)]
)
def test_depth_of_a_device_that_goes_hardly_or_not_in_counts_in_tenths(per_level_dmm, depth_dmm, passes):
    pulse = replace(
        PULSE, actuators=tuple(replace(one, depth_dmm_per_level=per_level_dmm) for one in PULSE.actuators)
    )
    rows = ({"last_mm": 500}, {"first_mm": 501, "level_max": 4})
    here = facts(
        profile=pulse,
        permit=with_rows(*rows, modality=Modality.VIBRATION),
        reading=reading(actuators=(ActuatorReading(0, depth_dmm, 0),) * 2),
    )
    assert (check_lease(lease(1, 1, 0, 4, carriage_mm=520), here) is None) == passes


def twin_allows(permit_, reading_, wanted):
    """Every place a patch may touch has a row, and the strictest row there allows it."""
    drift = -(-wanted.pace_mm_s * (0 - reading_.at_ms + 100) // 1000) + 1
    target = reading_.carriage_mm if wanted.carriage_mm is None else wanted.carriage_mm
    width = reading_.half_width_mm if wanted.half_width_mm is None else wanted.half_width_mm
    centres = range(min(reading_.carriage_mm - drift, target), max(reading_.carriage_mm + drift, target) + 1)
    widths = range(min(width, reading_.half_width_mm), max(width, reading_.half_width_mm) + 1)
    for actuator, level in zip(CHAIR.actuators, wanted.levels, strict=True):
        if level == 0:
            continue
        for mm in {centre + off for centre in centres for off in range(-25, 26)}:
            here = [r for r in permit_.rows if r.actuator == actuator.name and r.first_mm <= mm <= r.last_mm]
            if not here:
                return False
            for each in here:
                beyond = widths[-1] > 60
                if level > min(each.level_max, 6 if beyond else 10):
                    return False
                if not each.half_width_min_mm <= widths[0] <= widths[-1] <= each.half_width_max_mm:
                    return False
    return True


stretches = st.lists(
    st.builds(
        lambda name, first, length, level, low, extent: row(
            name,
            first_mm=first,
            last_mm=min(633, first + length),
            level_max=level,
            half_width_min_mm=low,
            half_width_max_mm=low + extent,
        ),
        st.sampled_from(["roller_left", "roller_right"]),
        st.integers(329, 620),
        st.integers(60, 304),
        st.integers(3, 10),
        st.integers(50, 52),
        st.integers(0, 20),
    ),
    min_size=2,
    max_size=6,
)


@given(
    rows=stretches,
    position=st.integers(350, 580),
    at_ms=st.integers(-1000, 0),
    half_width=st.integers(48, 70),
    levels=st.tuples(st.integers(0, 12), st.integers(0, 12)),
    target=st.none() | st.integers(340, 580),
    target_width=st.none() | st.integers(48, 70),
    pace=st.integers(1, 40),
)
def test_the_gate_and_the_millimetre_twin_agree(
    rows, position, at_ms, half_width, levels, target, target_width, pace
):
    given_permit = permit(rows=tuple(rows))
    assert permits(given_permit) is None
    here = reading(carriage_mm=position, half_width_mm=half_width, at_ms=at_ms, cause=Cause.LEASE)
    wanted = setpoint(levels=levels, carriage_mm=target, half_width_mm=target_width, pace_mm_s=pace)
    if not any(levels):
        return
    answer = check_lease(replace(lease(1, 1, 0), setpoint=wanted), facts(permit=given_permit, reading=here))
    assert (answer is None) == twin_allows(given_permit, here, wanted), answer
