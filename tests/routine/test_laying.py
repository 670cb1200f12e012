"""Steps laid on a back by hand-made rows: which millimetres a leg takes, and when there is no room."""

from dataclasses import replace

import pytest

from massager.model.body import Calibration, Region, Side, Zone
from massager.model.ceilings import Modality, Severity
from massager.model.commands import PermitRow
from massager.model.decisions import Reason, Refusal
from massager.model.devices import Carriage
from massager.model.programs import Step, Timeline
from massager.routine.timeline import compile_program
from samples import CALIBRATION, chair, roller, sweep

# On this back L1 to L3 lie from 329 to 437 mm, L4 to S1 from 438 to 535 mm; a leg keeps a millimetre inside.
UPPER, LOWER = (330, 436), (439, 534)
LOW = Step(Zone.L4_S1, 100, 500, 10)
MIDDLE = Step(Zone.L1_L3, 100, 500, 10)
SMALL = tuple(roller(name, side, radius_mm=1) for name, side in (("left", Side.LEFT), ("right", Side.RIGHT)))
LONG = Carriage(travel_mm=580, half_width_min_mm=30, half_width_max_mm=80, pace_max_mm_s=1000)


def rows(*stretches, actuators=("roller_left", "roller_right")):
    return [
        PermitRow(name, Modality.ROLLER, Region.LUMBAR, Severity.MILD, first, last, 50, 60, 10)
        for name in actuators
        for first, last in stretches
    ]


def small(*stretches):
    """Rows for patches of a millimetre: with error and turn they reach 15 mm."""
    return rows(*stretches, actuators=("left", "right"))


def laid(*steps, on, device=None, calibration=CALIBRATION, **changes):
    return compile_program(
        sweep(*steps),
        device=device or chair(),
        calibration=calibration,
        half_width_mm=55,
        rows=on,
        **changes,
    )


def legs(*steps, **changes):
    found = laid(*steps, **changes)
    return found if isinstance(found, Refusal) else [(leg.first_mm, leg.last_mm) for leg in found.legs]


def test_a_timeline_says_whose_it_is_and_where_it_runs():
    timeline = laid(LOW, on=rows((0, 900)))
    assert isinstance(timeline, Timeline)
    assert (timeline.program, timeline.half_width_mm) == ("sweep", 55)
    (leg,) = timeline.legs
    assert (leg.zone, leg.seconds, leg.pace_mm_s, leg.level) == (Zone.L4_S1, 100, 10, 10)
    assert (leg.first_mm, leg.last_mm) == LOWER


# 15 mm of patch, 10 mm of error, 1 mm, and 0.3 s of the pace
@pytest.mark.parametrize(("pace", "reach"), [(10, 29), (11, 30), (40, 38), (107, 59), (367, 137)])
def test_a_patch_keeps_inside_its_row_with_its_error_and_its_turn(pace, reach):
    step = replace(LOW, pace_mm_s=pace)
    device = chair(carriage=LONG)
    assert legs(step, on=rows((439 - reach, 534 + reach)), device=device) == [LOWER]
    assert legs(step, on=rows((440 - reach, 533 + reach)), device=device) == [(440, 533)]


def test_the_fastest_step_and_the_largest_patch_decide_how_far_one_reaches():
    both = rows((330 - 29, 534 + 29))
    assert legs(MIDDLE, LOW, on=both) == [UPPER, LOWER]
    for hasty in ((replace(MIDDLE, pace_mm_s=20), LOW), (MIDDLE, replace(LOW, pace_mm_s=20))):
        assert legs(*hasty, on=both) == [(333, 436), (439, 531)]
    left, right = chair().actuators
    for actuators in ((replace(left, radius_mm=17), right), (left, replace(right, radius_mm=17))):
        assert legs(MIDDLE, LOW, on=both, device=chair(actuators=actuators)) == [(332, 436), (439, 532)]


@pytest.mark.parametrize(
    ("stretch", "leg"),
    [
        ((410, 530), (439, 501)),
        ((410, 529), None),
        ((0, 530), (439, 501)),
        ((0, 529), None),
        ((443, 900), (472, 534)),
        ((444, 900), None),
    ],
)
def test_a_sweep_is_two_patches_and_two_millimetres_long_at_least(stretch, leg):
    assert legs(LOW, on=rows(stretch)) == ([leg] if leg else Refusal(Reason.NO_ROOM, Zone.L4_S1))


def test_a_stretch_between_others_is_the_one_with_room():
    device = chair(actuators=SMALL)
    assert legs(LOW, on=small((424, 470), (480, 560)), device=device) == [(439, 455)]
    assert legs(LOW, on=small((424, 459), (480, 560)), device=device) == [(495, 534)]
    assert legs(LOW, on=small((0, 50), (480, 560), (600, 700)), device=device) == [(495, 534)]


def test_the_travel_ends_a_leg():
    device = chair(carriage=replace(LONG, travel_mm=510))
    assert legs(LOW, on=rows((0, 900)), device=device) == [(439, 510)]
    # C3 to C7 begin 40 mm above the travel on this back
    neck = Step(Zone.C3_C7, 60, 250, 10)
    assert legs(neck, on=small((-900, 900)), device=chair(actuators=SMALL)) == [(0, 48)]


@pytest.mark.parametrize(
    ("pace", "most", "passes"), [(40, 40, True), (41, 40, False), (20, 20, True), (21, 20, False)]
)
def test_a_pace_is_the_devices_own(pace, most, passes):
    device = chair(carriage=replace(LONG, pace_max_mm_s=most))
    answer = laid(replace(LOW, pace_mm_s=pace), on=rows((0, 900)), device=device)
    assert isinstance(answer, Timeline) if passes else answer == Refusal(Reason.PACE, Zone.L4_S1)


def test_seconds_and_levels_are_rounded_down_and_the_weaker_actuator_says_how_strong():
    left, right = chair().actuators
    long = replace(LOW, seconds=1000, strength_permille=1000)

    def first(step=long, permille=None, levels=(1000, 1000)):
        device = chair(actuators=(replace(left, levels=levels[0]), replace(right, levels=levels[1])))
        changes = {} if permille is None else {"time_permille": permille}
        leg = laid(step, on=rows((0, 900)), device=device, **changes).legs[0]
        return leg.seconds, leg.level

    assert first() == (1000, 1000)
    assert first(permille=500) == (500, 1000)
    assert first(replace(long, seconds=199, strength_permille=999), 333) == (66, 999)
    assert first(levels=(20, 1000)) == first(levels=(1000, 20)) == (1000, 20)


def test_the_way_from_leg_to_leg_lies_in_one_stretch():
    device = chair(actuators=SMALL)
    for steps in ((LOW, MIDDLE), (MIDDLE, LOW)):
        there = [LOWER, UPPER] if steps[0] is LOW else [UPPER, LOWER]
        assert legs(*steps, on=small((315, 549)), device=device) == there
        assert legs(*steps, on=small((0, 200), (315, 549), (560, 700)), device=device) == there
        apart = Refusal(Reason.NO_ROOM, f"{steps[0].zone} to {steps[1].zone}")
        assert legs(*steps, on=small((315, 451), (454, 560)), device=device) == apart
        assert legs(*steps, on=small((315, 440), (470, 549)), device=device) == apart


def test_rows_that_adjoin_or_overlap_are_one_stretch_for_each_actuator():
    one = chair(actuators=chair().actuators[:1])
    near = ((340, 400), (401, 563)), ((340, 450), (420, 563)), ((340, 563), (345, 400))
    for stretches in near:
        for before in ((), ((0, 50),), ((0, 50), (100, 200))):
            on = rows(*before, *stretches, actuators=("roller_left",))
            assert legs(LOW, MIDDLE, on=on, device=one) == [LOWER, (369, 436)]
    two = small((315, 451), (454, 500), (501, 560))
    assert legs(MIDDLE, on=two, device=chair(actuators=SMALL)) == [UPPER]
    bare = rows((330, 460), (462, 900), actuators=("roller_left",))
    assert isinstance(legs(LOW, MIDDLE, on=bare, device=one), Refusal)


def test_a_stretch_is_common_to_all_actuators():
    left, right = rows((0, 900), actuators=("roller_left",)), rows((410, 540), actuators=("roller_right",))
    for on in (left + right, right + left):
        assert legs(LOW, on=on) == [(439, 511)]
    assert legs(LOW, on=left) == Refusal(Reason.NO_ROOM, Zone.L4_S1)


def test_another_calibration_moves_the_legs():
    moved = Calibration(50, 559, 12)
    assert legs(LOW, on=rows((0, 900)), calibration=moved) == [(449, 544)]
    assert legs(LOW, on=rows((449 - 31, 544 + 30)), calibration=moved) == [(449, 543)]
