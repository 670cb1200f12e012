"""Steps of devices that move nothing along the back: which motors work, and where a hand holds."""

from dataclasses import replace

import pytest

from massager.catalog import load_device
from massager.model.body import ZONE_SPANS_PPM, Calibration, Region, Side, Zone
from massager.model.ceilings import Severity
from massager.model.commands import Intent, PermitRow
from massager.model.decisions import Reason, Refusal
from massager.model.programs import Step, Timeline
from massager.routine.course import Course
from massager.routine.timeline import compile_program
from samples import sweep

CUSHION, HANDHELD = load_device("cushion"), load_device("handheld")
BACK = Calibration(40, 549, 20)
# Motors of 20 mm and 20 mm of error, in pairs at 189, 282, 383 and 485 mm.
SEAT, LOWER, MIDDLE, UPPER = ((f"{row}_left", f"{row}_right") for row in ("seat", "lower", "middle", "upper"))
LOW = Step(Zone.L4_S1, 60, 300, None)


def rows(device, *stretches, names=None, aside_mm=70):
    return [
        PermitRow(
            one.name,
            one.modality,
            Region.LUMBAR,
            Severity.MILD,
            *(first, last, aside_mm, aside_mm, one.levels),
        )
        for one in device.actuators
        if names is None or one.name in names
        for first, last in stretches
    ]


def laid(device, *steps, on, half_width_mm=None, calibration=BACK, **changes):
    return compile_program(
        replace(sweep(*steps), modality=device.actuators[0].modality),
        device=device,
        calibration=calibration,
        half_width_mm=half_width_mm,
        rows=on,
        **changes,
    )


def on_cushion(*steps, on=None, **changes):
    return laid(CUSHION, *steps, on=rows(CUSHION, (0, 900)) if on is None else on, **changes)


def held(*steps, on=((0, 900),), **changes):
    calibration = Calibration(0, 509, 20)
    return laid(
        HANDHELD, *steps, on=rows(HANDHELD, *on), half_width_mm=70, calibration=calibration, **changes
    )


# Motors that stay where they are.


@pytest.mark.parametrize(
    ("zone", "works", "along_mm"),
    [
        (Zone.L4_S1, SEAT, 485),
        (Zone.L1_L3, LOWER, 383),
        (Zone.T9_T12, MIDDLE, 282),
        (Zone.T5_T8, UPPER, 189),
    ],
)
def test_the_motors_of_a_zone_work_and_no_others(zone, works, along_mm):
    (leg,) = on_cushion(replace(LOW, zone=zone)).legs
    assert (leg.works, leg.first_mm, leg.last_mm, leg.pace_mm_s) == (works, along_mm, along_mm, 0)
    assert (leg.seconds, leg.level, leg.warm, leg.side) == (60, 3, False, None)


def test_a_zone_without_a_motor_is_refused_by_its_name():
    upper = replace(LOW, zone=Zone.T1_T4)
    assert on_cushion(LOW, upper) == Refusal(Reason.NO_ROOM, Zone.T1_T4)


@pytest.mark.parametrize(("reach_mm", "works"), [(40, SEAT), (39, ("seat_right",))])
def test_a_motor_works_where_its_patch_and_error_lie_in_its_rows(reach_mm, works):
    right = rows(CUSHION, (0, 900), names=("seat_right",))
    for stretch in ((485 - reach_mm, 900), (0, 485 + reach_mm)):
        left = rows(CUSHION, stretch, names=("seat_left",))
        assert on_cushion(LOW, on=left + right).legs[0].works == works


def test_a_zone_whose_motors_are_all_closed_is_refused_by_its_name():
    gap = rows(CUSHION, (0, 484), (486, 900))
    assert on_cushion(replace(LOW, zone=Zone.L1_L3), LOW, on=gap) == Refusal(Reason.NO_ROOM, Zone.L4_S1)
    joined = rows(CUSHION, (0, 484), (485, 900))
    assert isinstance(on_cushion(LOW, on=joined), Timeline)


def test_a_shorter_back_has_other_motors_in_a_zone():
    short = Calibration(40, 398, 20)
    for zone, works in ((Zone.L1_L3, MIDDLE), (Zone.T9_T12, UPPER)):
        (leg,) = on_cushion(replace(LOW, zone=zone), calibration=short).legs
        assert leg.works == works


def test_warmth_and_a_wave_go_along():
    step = replace(LOW, warm=True, curve_permille=(400, 1000))
    course = Course(on_cushion(step))
    assert course.start_mm is None
    assert course.sweep(None, 0) == Intent(1, None, None, 0, SEAT, warm=True)
    assert course.sweep(None, 30_000) == Intent(3, None, None, 0, SEAT, warm=True)
    assert course.place() == Intent(0, None, None, 0)


def test_a_motor_s_time_ends_one_lease_before_its_seconds():
    course = Course(on_cushion(LOW, replace(LOW, zone=Zone.L1_L3)))
    assert [course.is_over(used_ms) for used_ms in (58_999, 59_000)] == [False, True]
    assert course.leaves_in_ms(None, 58_000) == 1000
    assert course.skip()
    assert course.sweep(None, 0).works == LOWER


def test_seconds_of_a_shortened_day_are_rounded_down():
    (leg,) = on_cushion(replace(LOW, seconds=31), time_permille=500).legs
    assert leg.seconds == 15


# What a hand holds.

SPOT = Step(Zone.L4_S1, 15, 200, None, side=Side.LEFT)
FIRST, LAST = Calibration(0, 509, 20).span_inside_mm(ZONE_SPANS_PPM[Zone.L4_S1])


@pytest.mark.parametrize(
    ("part_permille", "along_mm"), [(0, FIRST), (1000, LAST), (500, FIRST + (LAST - FIRST) // 2)]
)
def test_a_spot_is_a_part_of_its_zone_and_on_its_side(part_permille, along_mm):
    for side in Side:
        (leg,) = held(replace(SPOT, part_permille=part_permille, side=side)).legs
        assert (leg.first_mm, leg.last_mm, leg.side, leg.part_permille) == (
            along_mm,
            along_mm,
            side,
            part_permille,
        )
        assert (leg.works, leg.pace_mm_s, leg.level) == (None, 0, 2)


def test_a_spot_is_a_part_of_what_is_open_of_its_zone():
    # 15 mm of patch and 20 mm of error to either border
    (leg,) = held(replace(SPOT, part_permille=0), on=((440, 900),)).legs
    assert leg.first_mm == 475
    (leg,) = held(replace(SPOT, part_permille=1000), on=((0, 480),)).legs
    assert leg.first_mm == 445
    halves = [
        held(replace(SPOT, part_permille=part), on=((0, 440), (445, 900))).legs[0].first_mm
        for part in (0, 1000)
    ]
    assert halves == [FIRST, LAST]


def test_a_zone_with_no_room_for_the_head_is_refused_by_its_name():
    assert held(SPOT, on=((FIRST, FIRST + 69),)) == Refusal(Reason.NO_ROOM, Zone.L4_S1)
    assert isinstance(held(SPOT, on=((FIRST, FIRST + 70),)), Timeline)


def test_several_spots_in_one_zone_are_several_legs():
    steps = [replace(SPOT, side=side, part_permille=part) for side in Side for part in (0, 1000)]
    timeline = held(*steps)
    assert [(leg.side, leg.part_permille) for leg in timeline.legs] == [
        ("left", 0),
        ("left", 1000),
        ("right", 0),
        ("right", 1000),
    ]
    assert timeline.seconds == 60
    assert timeline.half_width_mm == 70
    assert {leg.zone for leg in timeline.legs} == {Zone.L4_S1}


def test_a_part_is_rounded_upward_along_the_back():
    (leg,) = held(replace(SPOT, part_permille=999)).legs
    assert leg.first_mm == LAST - 1


def test_every_head_has_room_where_a_spot_is_and_the_larger_one_says_how_much():
    head = HANDHELD.actuators[0]
    for radii in ((15, 5), (5, 15)):
        heads = tuple(
            replace(head, name=name, radius_mm=radius)
            for name, radius in zip(("one", "other"), radii, strict=True)
        )
        device = replace(HANDHELD, actuators=heads)
        narrow = rows(device, (440, 900), names=("one",)) + rows(device, (0, 900), names=("other",))
        for on in (
            narrow,
            [replace(one, actuator="other") for one in narrow[:1]] + rows(device, (0, 900))[:1],
        ):
            spot = replace(SPOT, part_permille=0)
            (leg,) = laid(device, spot, on=on, half_width_mm=70, calibration=Calibration(0, 509, 20)).legs
            assert leg.first_mm == 475


def test_a_leg_reaches_from_the_uppermost_motor_that_works_to_the_lowest():
    moved = tuple(replace(one, along_mm=470) if one.name == "seat_left" else one for one in CUSHION.actuators)
    (leg,) = laid(replace(CUSHION, actuators=moved), LOW, on=rows(CUSHION, (0, 900))).legs
    assert (leg.first_mm, leg.last_mm, leg.works) == (470, 485, SEAT)
