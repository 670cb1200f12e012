"""Kneading, holding and waves: how they are laid on a back, and the wish for each moment of them."""

from dataclasses import replace
from itertools import pairwise

import pytest

from massager.model.body import Calibration, Region, Zone
from massager.model.ceilings import Modality, Severity
from massager.model.commands import PermitRow
from massager.model.decisions import Reason, Refusal
from massager.model.programs import Leg, Step, Technique, Timeline
from massager.routine.course import HOLD_MS, SWING_MS, Course
from massager.routine.timeline import SWING_MM, compile_program
from samples import CALIBRATION, chair, sweep

# On this back L1 to L3 lie from 330 to 436 mm, L4 to S1 from 439 to 534 mm, a millimetre inside.
LOW = Step(Zone.L4_S1, 120, 400, 10)
KNEADED, HELD = replace(LOW, technique=Technique.KNEADING), replace(LOW, technique=Technique.HOLD)
SPOTS = (439, 471, 503)


def row(first_mm, last_mm, *, nearest_mm=50, widest_mm=60, name="roller_left"):
    return PermitRow(
        name, Modality.ROLLER, Region.LUMBAR, Severity.MILD, first_mm, last_mm, nearest_mm, widest_mm, 10
    )


def both(*rows):
    return [replace(one, actuator=f"roller_{side}") for one in rows for side in ("left", "right")]


def laid(*steps, on, calibration=CALIBRATION, **changes):
    return compile_program(
        sweep(*steps),
        device=chair(),
        calibration=calibration,
        half_width_mm=50,
        rows=both(*on),
        **changes,
    )


def course_of(*steps, **changes):
    timeline = laid(*steps, on=(row(0, 900),), **changes)
    assert isinstance(timeline, Timeline)
    return Course(timeline)


# Kneading.


def test_kneading_swings_five_millimetres_and_a_sweep_not_at_all():
    timeline = laid(KNEADED, replace(LOW, zone=Zone.L1_L3), on=(row(0, 900),))
    assert [leg.swing_mm for leg in timeline.legs] == [SWING_MM, 0] == [5, 0]


@pytest.mark.parametrize(("widest_mm", "has_room"), [(55, True), (54, False), (50, False)])
def test_kneading_needs_the_width_of_its_swing_in_every_row_that_it_touches(widest_mm, has_room):
    for narrow in (row(0, 480, widest_mm=widest_mm), row(500, 900, widest_mm=widest_mm)):
        wide = row(481, 900) if narrow.first_mm == 0 else row(0, 499)
        answer = laid(KNEADED, on=(narrow, wide))
        assert isinstance(answer, Timeline) if has_room else answer == Refusal(Reason.NO_ROOM, Zone.L4_S1)
        assert isinstance(laid(LOW, on=(narrow, wide)), Timeline)


def test_a_row_that_kneading_does_not_come_to_needs_no_width():
    far = row(0, 300, widest_mm=50)
    assert isinstance(laid(KNEADED, on=(far, row(301, 900))), Timeline)
    low, up = replace(KNEADED, zone=Zone.L1_L3), replace(LOW, zone=Zone.T9_T12)
    assert laid(low, up, on=(far, row(301, 900))) == Refusal(Reason.NO_ROOM, Zone.L1_L3)


def test_no_way_leads_over_a_zone_that_nobody_is_asked_about():
    far = replace(LOW, zone=Zone.T9_T12)
    assert laid(LOW, far, on=(row(0, 900),)) == Refusal(Reason.NO_ROOM, "L4-S1 to T9-T12")
    between = replace(LOW, zone=Zone.L1_L3)
    assert isinstance(laid(LOW, between, far, on=(row(0, 900),)), Timeline)


def test_a_swing_goes_out_for_two_seconds_and_back_for_two():
    kneading = course_of(KNEADED)
    widths = [kneading.sweep(480, used_ms).half_width_mm for used_ms in range(0, 12_000, 500)]
    assert SWING_MS == 2000
    assert widths == [*[50] * 4, *[55] * 4] * 3


def test_a_sweep_after_kneading_goes_back_to_its_own_width_and_a_plain_program_names_none():
    following = course_of(KNEADED, replace(LOW, zone=Zone.L1_L3))
    following.sweep(480, 10**6)
    assert following.leg.zone is Zone.L4_S1
    assert following.sweep(436, 10**6).half_width_mm == 50
    assert following.leg.zone is Zone.L1_L3
    assert {following.sweep(400, used_ms).half_width_mm for used_ms in range(0, 9000, 500)} == {50}
    assert course_of(LOW).sweep(480, 3000).half_width_mm is None


def test_kneading_sweeps_as_a_sweep_does():
    kneading, plain = course_of(KNEADED), course_of(LOW)
    for at_mm in (534, 500, 440, 439, 480, 533, 534):
        assert kneading.sweep(at_mm, 0).carriage_mm == plain.sweep(at_mm, 0).carriage_mm


# Holding.


def test_held_spots_are_a_diameter_apart_and_inside_the_leg():
    (leg,) = laid(HELD, on=(row(0, 900),)).legs
    assert leg.stops_mm == SPOTS
    assert {later - earlier for earlier, later in pairwise(SPOTS)} == {2 * 15 + 2}
    (short,) = laid(HELD, on=(row(410, 532),)).legs
    assert (short.first_mm, short.last_mm, short.stops_mm) == (439, 503, SPOTS)
    assert laid(LOW, on=(row(0, 900),)).legs[0].stops_mm == ()


def visits(course, *, start_mm, seconds, pace_mm_s=10):
    """Drive an ideal carriage; each spot in its order with the time it stood there, in s."""
    at_mm, stood = float(start_mm), []
    for used_ms in range(0, 1000 * seconds, 100):
        target_mm = course.sweep(round(at_mm), used_ms).carriage_mm
        way_mm = max(-pace_mm_s / 10, min(pace_mm_s / 10, target_mm - at_mm))
        at_mm += way_mm
        if way_mm:
            continue
        if not stood or stood[-1][0] != at_mm:
            stood.append([at_mm, 0.0])
        stood[-1][1] += 0.1
    return stood


def test_each_spot_is_held_for_nine_seconds_there_and_back():
    stood = visits(course_of(HELD), start_mm=534, seconds=100)
    assert HOLD_MS == 9000
    assert [mm for mm, _s in stood][:7] == [503, 471, 439, 471, 503, 471, 439]
    assert all(8.8 <= held_s <= 9.2 for _mm, held_s in stood[:-1])


@pytest.mark.parametrize(("start_mm", "order"), [(439, [439, 471, 503]), (480, [471, 503, 471]), (500, None)])
def test_holding_begins_on_the_nearest_spot(start_mm, order):
    stood = visits(course_of(HELD), start_mm=start_mm, seconds=35)
    assert [mm for mm, _s in stood][:3] == (order or [503, 471, 439])


def test_holding_leaves_in_time_for_the_next_zone():
    held = course_of(HELD, replace(HELD, zone=Zone.L1_L3))
    ahead = held.timeline.legs[1]
    used_ms = 1000 * held.leg.seconds - 100 * (503 - ahead.last_mm) - 2500
    assert held.sweep(503, used_ms - 1).carriage_mm == 503
    assert held.sweep(503, used_ms).carriage_mm == ahead.last_mm
    # The nearest spot of the zone above, and not the one that was left.
    assert held.sweep(ahead.last_mm, used_ms + 9000).carriage_mm == ahead.stops_mm[-1]
    assert held.leg is ahead


# Waves.


def wave(*curve_permille, seconds=120, strength_permille=400):
    return replace(
        LOW, seconds=seconds, strength_permille=strength_permille, curve_permille=tuple(curve_permille)
    )


def test_a_wave_takes_equal_parts_of_the_seconds():
    waves = course_of(wave(500, 1000, 750))
    assert waves.leg.curve == (4, 8, 6)
    at = [(used_s, waves.sweep(480, 1000 * used_s).level) for used_s in (0, 39, 40, 79, 80, 119, 500)]
    assert at == [(0, 4), (39, 4), (40, 8), (79, 8), (80, 6), (119, 6), (500, 6)]


def test_a_wave_of_a_shortened_day_is_shorter_and_no_stronger():
    waves = course_of(wave(500, 1000), time_permille=500)
    assert waves.leg.seconds == 60
    levels = [waves.sweep(480, used_ms).level for used_ms in (29_999, 30_000)]
    assert levels == [4, 8]


def test_a_wave_is_never_above_the_step_and_never_below_the_lowest_level():
    (leg,) = laid(wave(10, 333, 1000, strength_permille=130), on=(row(0, 900),)).legs
    assert (leg.level, leg.curve) == (2, (1, 1, 2))
    (leg,) = laid(wave(999, 1000, strength_permille=1000), on=(row(0, 900),)).legs
    assert (leg.level, leg.curve) == (20, (19, 20))


@pytest.mark.parametrize("curve", [(), (500, 1000)])
def test_a_step_too_weak_for_the_device_is_refused_with_its_zone(curve):
    weak = replace(wave(*curve), strength_permille=49)
    assert laid(weak, on=(row(0, 900),)) == Refusal(Reason.TOO_COARSE, Zone.L4_S1)
    assert isinstance(laid(replace(weak, strength_permille=50), on=(row(0, 900),)), Timeline)


def test_a_leg_without_seconds_asks_for_the_first_part_of_its_wave():
    leg = Leg(Zone.L4_S1, 0, 450, 550, 10, 8, curve=(3, 8))
    assert Course(Timeline("by hand", 50, (leg,))).sweep(500, 0).level == 3


# Several legs in one zone.


def test_several_steps_in_one_zone_follow_each_other_where_they_are():
    steps = (LOW, replace(LOW, strength_permille=200), HELD)
    course = course_of(*steps)
    assert [leg.zone for leg in course.timeline.legs] == [Zone.L4_S1] * 3
    assert [leg.level for leg in course.timeline.legs] == [8, 4, 8]
    begun = course.sweep(480, 117_500)
    assert (course.index, begun.level) == (0, 8)
    following = course.sweep(480, 117_600)
    assert (course.index, following.level) == (1, 4)


def test_another_person_has_other_spots():
    (leg,) = laid(HELD, on=(row(0, 900),), calibration=Calibration(50, 559, 12)).legs
    assert leg.stops_mm == (449, 481, 513)


def test_whoever_moves_leads_over_to_the_next_leg_and_is_never_just_over():
    assert not course_of(LOW).is_over(10**9)


# 15 mm of patch, 10 mm of error, 1 mm, and 0.3 s of the pace: 29 mm.
@pytest.mark.parametrize(("border_mm", "has_room"), [(410, False), (409, True)])
def test_a_swing_touches_as_far_as_a_patch_reaches_upward(border_mm, has_room):
    answer = laid(KNEADED, on=(row(0, border_mm, widest_mm=50), row(border_mm + 1, 900)))
    assert isinstance(answer, Timeline) == has_room


@pytest.mark.parametrize(("border_mm", "has_room"), [(563, False), (564, True)])
def test_a_swing_touches_as_far_as_a_patch_reaches_downward(border_mm, has_room):
    answer = laid(KNEADED, on=(row(0, border_mm - 1), row(border_mm, 900, widest_mm=50)))
    assert isinstance(answer, Timeline) == has_room


@pytest.mark.parametrize(("last_mm", "reason"), [(527, Reason.PACE), (526, Reason.NO_ROOM)])
def test_a_roller_without_a_pace_is_refused_once_there_is_room(last_mm, reason):
    unpaced = replace(LOW, pace_mm_s=None)
    assert laid(unpaced, on=(row(413, last_mm),)) == Refusal(reason, Zone.L4_S1)


def test_spots_lie_in_the_stretch_that_the_leg_takes():
    small = tuple(replace(one, radius_mm=1) for one in chair().actuators)
    timeline = compile_program(
        sweep(HELD),
        device=chair(actuators=small),
        calibration=CALIBRATION,
        half_width_mm=50,
        rows=both(row(424, 470), row(480, 560)),
    )
    (leg,) = timeline.legs
    assert (leg.first_mm, leg.last_mm, leg.stops_mm) == (439, 455, (439, 443, 447, 451, 455))


def test_a_millimetre_beside_a_spot_is_there():
    held = course_of(HELD)
    assert [held.sweep(504, used_ms).carriage_mm for used_ms in (0, 8999, 9000)] == [503, 503, 471]
