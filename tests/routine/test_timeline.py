"""Programs laid on a back, and the course of a session through them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governor_rig import envelope
from massager.model.body import Calibration, Zone
from massager.model.decisions import Reason, Refusal
from massager.model.programs import Step
from massager.routine.course import Course
from massager.routine.timeline import compile_program
from samples import CALIBRATION, chair, sweep


def lay(program=None, calibration=CALIBRATION, half_width_mm=50):
    found = envelope(calibration=calibration)
    return compile_program(
        program or sweep(),
        device=chair(),
        calibration=calibration,
        half_width_mm=half_width_mm,
        rows=found.rows(half_width_mm),
    )


def test_a_sweep_lies_in_its_zones_and_asks_for_the_programs_strength():
    timeline = lay()
    assert timeline.seconds == 900
    assert [leg.level for leg in timeline.legs] == [8, 8, 6, 6, 6]
    for leg in timeline.legs:
        assert CALIBRATION.zone_at(leg.first_mm) is leg.zone
        assert CALIBRATION.zone_at(leg.last_mm) is leg.zone


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 80), st.integers(358, 509), st.integers(10, 25), st.integers(40, 80))
def test_whatever_compiles_is_allowed_by_the_envelope_everywhere(c7_mm, way_mm, error_mm, half_width_mm):
    calibration = Calibration(c7_mm, c7_mm + way_mm, error_mm)
    timeline = lay(calibration=calibration, half_width_mm=half_width_mm)
    if isinstance(timeline, Refusal):
        return
    found = envelope(calibration=calibration)
    for leg in timeline.legs:
        for mm in range(leg.first_mm, leg.last_mm + 1):
            for actuator in chair().actuators:
                cap = found.cap(
                    actuator, first_mm=mm, last_mm=mm, nearest_mm=half_width_mm, farthest_mm=half_width_mm
                )
                assert not isinstance(cap, Refusal)


@pytest.mark.parametrize("zone", [Zone.C3_C7, Zone.T1_T4])
def test_a_zone_without_room_is_refused_and_named(zone):
    narrow = Calibration(40, 398, 20)
    refusal = lay(sweep(Step(zone, 60, 300, 10)), calibration=narrow, half_width_mm=60)
    assert refusal == Refusal(Reason.NO_ROOM, zone)


def test_a_pace_the_device_does_not_have_is_refused():
    assert lay(sweep(Step(Zone.L1_L3, 60, 300, 41))).reason is Reason.PACE


def test_the_way_out_of_a_zone_begins_in_time_to_be_out_when_its_seconds_are_used():
    course = Course(lay())
    assert course.sweep(530, 0).carriage_mm == 534
    far = course.sweep(530, 171_000)
    assert far.carriage_mm == course.timeline.legs[1].last_mm
    near = Course(lay()).sweep(450, 171_000)
    assert near.carriage_mm in {439, 534}


def test_a_sweep_turns_at_its_ends_and_goes_on_into_the_next_zone():
    course = Course(lay())
    following = course.timeline.legs[1]
    assert course.sweep(following.last_mm + 20, 179_000).carriage_mm == following.last_mm
    assert course.sweep(following.last_mm, 180_000).carriage_mm == following.first_mm
    assert course.leg is following


def test_a_carriage_that_strays_into_the_next_zone_before_its_time_is_sent_back():
    course = Course(lay())
    first, following = course.timeline.legs[:2]
    assert course.sweep(following.last_mm - 5, 20_000).carriage_mm in {first.first_mm, first.last_mm}
    assert course.leg is first


def test_skipping_ends_with_the_last_leg():
    course = Course(lay())
    assert [course.skip() for _ in range(5)] == [True, True, True, True, False]
