"""Where a session is in its timeline, on legs laid by hand."""

from dataclasses import replace

import pytest

from massager.model.body import Zone
from massager.model.commands import Intent
from massager.model.programs import Leg, Timeline
from massager.routine.course import Course

LOW = Leg(Zone.L4_S1, seconds=100, first_mm=450, last_mm=550, pace_mm_s=10, level=8)
MIDDLE = Leg(Zone.L1_L3, seconds=60, first_mm=340, last_mm=450, pace_mm_s=20, level=6)
HIGH = Leg(Zone.T9_T12, seconds=50, first_mm=220, last_mm=330, pace_mm_s=5, level=4)
TOP = Leg(Zone.T5_T8, seconds=40, first_mm=120, last_mm=210, pace_mm_s=5, level=2)


def course(*legs):
    return Course(Timeline(program="by hand", half_width_mm=55, legs=legs or (LOW, MIDDLE, HIGH)))


def towards(leg, target_mm):
    return Intent(leg.level, target_mm, None, leg.pace_mm_s)


def leaving(*legs):
    """A course whose first zone's seconds are used."""
    on_its_way = course(*legs)
    on_its_way.sweep(500, 10**6)
    return on_its_way


def test_a_leg_is_entered_from_its_lower_end_with_everything_retracted():
    begun = course()
    assert begun.start_mm == 550
    assert begun.place() == Intent(0, 550, 55, 10)


def test_a_leg_that_was_entered_upward_begins_at_its_upper_end():
    begun = course(LOW, MIDDLE)
    begun.sweep(550, 0)
    assert begun.start_mm == 450
    assert begun.place() == Intent(0, 450, 55, 10)


def test_a_sweep_turns_a_millimetre_before_its_ends():
    sweeping = course(LOW)
    wishes = [sweeping.sweep(at, 0) for at in (500, 548, 549, 548, 500, 452, 451, 452)]
    assert [wish.carriage_mm for wish in wishes] == [550, 550, 450, 450, 450, 450, 550, 550]
    assert wishes[0] == towards(LOW, 550)


@pytest.mark.parametrize("beyond_mm", [551, 550])
def test_a_sweep_turns_at_its_end_and_a_millimetre_beyond(beyond_mm):
    assert course(LOW).sweep(beyond_mm, 0).carriage_mm == 450


def test_contact_ends_when_the_way_out_and_two_and_a_half_seconds_are_all_that_is_left():
    # 50 mm up to the lower end of the zone above take 5 s, and 51 mm at 7 mm/s 7.285 s
    assert course(LOW, MIDDLE).leaves_in_ms(500, 1000) == 100_000 - 1000 - 5000 - 2500
    assert course(replace(LOW, pace_mm_s=7), MIDDLE).leaves_in_ms(501, 0) == 100_000 - 7285 - 2500
    assert course(LOW, HIGH).leaves_in_ms(500, 0) == 100_000 - 17_000 - 2500
    assert course(HIGH, LOW).leaves_in_ms(300, 0) == 50_000 - 30_000 - 2500
    assert course(LOW).leaves_in_ms(500, 0) is None


def test_the_way_out_begins_on_time_and_not_a_millisecond_before():
    at, used_ms = 500, 100_000 - 5000 - 2500
    assert course().sweep(at, used_ms - 1) == towards(LOW, 550)
    assert course().sweep(at, used_ms) == towards(LOW, 450)


def test_whoever_is_on_the_way_out_stays_on_it():
    assert leaving().sweep(540, 0) == towards(LOW, 450)


@pytest.mark.parametrize(("at", "target_mm"), [(450, 340), (400, 340), (342, 340), (341, 450), (340, 450)])
def test_the_leg_above_is_entered_going_up(at, target_mm):
    entering = leaving()
    assert entering.sweep(at, 10**6) == towards(MIDDLE, target_mm)
    assert entering.leg is MIDDLE
    assert entering.sweep(500, 0).carriage_mm == target_mm  # it has left nothing yet


@pytest.mark.parametrize(("at", "target_mm"), [(450, 550), (500, 550), (548, 550), (550, 450)])
def test_the_leg_below_is_entered_going_down(at, target_mm):
    entering = leaving(HIGH, LOW)
    assert entering.sweep(at, 10**6) == towards(LOW, target_mm)
    assert entering.leg is LOW


@pytest.mark.parametrize("at", [451, 339])
def test_a_leg_is_not_entered_beside_it(at):
    entering = leaving()
    assert entering.sweep(at, 0) == towards(LOW, 450)
    assert entering.leg is LOW


@pytest.mark.parametrize(
    ("seconds", "at", "pace_mm_s", "leaves"),
    [(5, 380, 20, True), (5, 381, 20, True), (5, 379, 20, False), (5, 1582, 501, False)],
)
def test_a_leg_is_entered_with_nothing_used(seconds, at, pace_mm_s, leaves):
    brief = Leg(Zone.L1_L3, seconds, first_mm=340, last_mm=1600, pace_mm_s=pace_mm_s, level=6)
    entering = leaving(replace(LOW, first_mm=1700, last_mm=1800), brief, HIGH)
    assert (entering.sweep(at, 0).carriage_mm == HIGH.last_mm) == leaves


def test_without_a_leg_ahead_a_sweep_goes_on_for_ever():
    last = course(LOW)
    assert last.ahead is None
    assert last.sweep(500, 10**9) == towards(LOW, 550)


def test_what_is_ahead_is_the_next_leg_alone():
    begun = course(LOW, MIDDLE, HIGH, TOP)
    seen = [begun.ahead]
    zones = [begun.zones_ahead()]
    while begun.skip():
        seen.append(begun.ahead)
        zones.append(begun.zones_ahead())
    assert seen == [MIDDLE, HIGH, TOP, None]
    assert zones == [
        (Zone.L4_S1, Zone.L1_L3),
        (Zone.L1_L3, Zone.T9_T12),
        (Zone.T9_T12, Zone.T5_T8),
        (Zone.T5_T8,),
    ]


def test_a_leg_that_is_skipped_to_has_not_been_left():
    skipping = leaving()
    assert skipping.skip()
    assert skipping.leg is MIDDLE
    assert skipping.sweep(400, 0) == towards(MIDDLE, 450)


@pytest.mark.parametrize("skipped", [0, 1, 2])
def test_dropping_what_is_ahead_leaves_the_rest(skipped):
    legs = [LOW, MIDDLE, HIGH, TOP]
    dropping = course(*legs)
    for _ in range(skipped):
        dropping.skip()
    dropping.drop_ahead()
    del legs[skipped + 1]
    assert dropping.timeline == Timeline(program="by hand", half_width_mm=55, legs=tuple(legs))
    assert dropping.leg is legs[skipped]


def test_dropping_what_one_was_on_the_way_to_goes_on_where_one_is():
    dropping = leaving(LOW, MIDDLE)
    dropping.drop_ahead()
    assert dropping.sweep(500, 0) == towards(LOW, 550)
    dropping = leaving(LOW, MIDDLE, HIGH)
    dropping.drop_ahead()
    assert dropping.sweep(500, 0) == towards(LOW, 550)
    assert dropping.sweep(500, 10**6) == towards(LOW, 330)
