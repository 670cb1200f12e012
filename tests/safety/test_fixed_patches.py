"""Patches that stay where they are: which ones work, for how long, and what they may not touch."""

from dataclasses import replace

import pytest

from governor_rig import StillRig, envelope
from massager.model.body import ZONE_SPANS_PPM, Zone
from massager.model.ceilings import Modality
from massager.model.decisions import Reason, Refusal, Trip
from massager.model.people import KeepOut
from massager.model.programs import Leg, Step, Timeline
from massager.model.questions import CheckIn, Feeling
from massager.model.telemetry import ActuatorReading, HeaterReading
from massager.routine.timeline import compile_program
from massager.safety.clocks import Usage
from massager.safety.conditions import Share
from massager.safety.governor import Approved
from massager.safety.interlocks import PLAN, Plan
from samples import BY_HAND, CALIBRATION, chair, cushion, demo, history, mild_lumbar, motor, sweep

SCAR = KeepOut("scar", ZONE_SPANS_PPM[Zone.L4_S1], left_mm=-90, right_mm=-40)
SEAT = ("seat_left", "seat_right")
LOWER = ("lower_left", "lower_right")
OFF = (0,) * 6


def rig(**changes):
    return StillRig.start(**({"device": cushion(), "calibration": BY_HAND} | changes))


def brief(*, zone_s=300, spot_s=60):
    """A safety profile with other times."""
    rows = tuple(replace(row, zone_s=zone_s, spot_s=spot_s) for row in mild_lumbar().rows)
    return mild_lumbar(rows=rows)


def reports(levels):
    return tuple(ActuatorReading(level, 0, 0) for level in levels)


# Which ones work


def test_only_the_motors_that_are_named_get_a_level():
    assert rig().ask(works=SEAT).setpoint.levels == (0, 0, 0, 0, 1, 1)
    assert rig().ask(works=("lower_right",)).setpoint.levels == (0, 0, 0, 1, 0, 0)
    assert rig().ask().setpoint.levels == (1,) * 6


@pytest.mark.parametrize("works", [("seat_left", "seat"), ("",), ()])
def test_motors_that_the_device_does_not_have_and_none_at_all_are_refused(works):
    assert rig().ask(works=works) == Refusal(Reason.ODD_VALUE, f"works {works!r}")


def test_one_roller_of_a_carriage_is_not_driven_without_the_other():
    works = ("roller_left",)
    carried = StillRig.start()
    assert carried.ask(works=works, pace_mm_s=10) == Refusal(Reason.ODD_VALUE, f"works {works!r}")


@pytest.mark.parametrize(
    "odd",
    [
        {"carriage_mm": 0},
        {"half_width_mm": 0},
        {"carriage_mm": 470, "half_width_mm": 70},
        {"pace_mm_s": 1},
        {"pace_mm_s": -1},
        {"pace_mm_s": None},
        {"pace_mm_s": False},
    ],
    ids=str,
)
@pytest.mark.parametrize("level", [0, 1])
def test_a_wish_to_move_what_has_no_carriage_is_refused(odd, level):
    assert rig().ask(level=level, **odd).reason is Reason.ODD_VALUE


def test_a_motor_over_a_keep_out_is_refused_and_its_partner_works():
    scarred = rig(person=demo(keep_outs=(SCAR,)))
    assert scarred.ask(works=SEAT) == Refusal(Reason.KEEP_OUT_PERSON, "scar")
    assert scarred.ask(works=("seat_left",)) == Refusal(Reason.KEEP_OUT_PERSON, "scar")
    assert scarred.ask(works=("seat_right",)).setpoint.levels == (0, 0, 0, 0, 0, 1)
    assert scarred.ask(works=LOWER).setpoint.levels == (0, 0, 1, 1, 0, 0)


def test_each_motor_is_held_by_the_rows_of_its_own_place():
    # Beyond the band's edge: six tenths of five levels beside the lower back, of four beside the chest.
    for works, most in ((("middle_left",), 2), (LOWER, 3), (SEAT, 3), (("middle_right", "seat_left"), 2)):
        worked = rig(profile=brief(zone_s=10**6, spot_s=10**6))
        assert worked.run(59, works=works) is None
        assert worked.level == most


# For how long


def test_a_spot_that_stays_has_its_seconds_once_in_a_session():
    worked = rig()
    assert worked.run(30, works=SEAT) is None
    worked.rest()
    assert worked.run(40, works=LOWER) is None
    worked.rest()
    assert worked.run(40, works=SEAT).reason is Reason.SPOT_TIME
    assert 59_000 <= worked.governor.usage.spot_ms(485) <= 60_000
    worked.rest()
    assert worked.ask(works=("seat_left",)).reason is Reason.SPOT_TIME
    assert not isinstance(worked.ask(works=LOWER), Refusal)


def test_patches_in_one_zone_share_its_seconds():
    places = (("one", 460), ("two", 510))
    device = cushion(
        actuators=tuple(
            motor(f"{name}_{one.side}", one.side, along_mm)
            for name, along_mm in places
            for one in chair().actuators
        ),
        heaters=(),
    )
    worked = rig(device=device, profile=brief(zone_s=70, spot_s=50))
    assert worked.run(45, works=("one_left", "one_right")) is None
    worked.rest()
    assert worked.run(45, works=("two_left", "two_right")) == Refusal(Reason.ZONE_TIME, Zone.L4_S1)
    assert 69_000 <= worked.governor.usage.zone_ms(Zone.L4_S1) <= 70_000


def test_two_patches_at_work_at_once_use_a_zones_time_once_and_each_its_own_spots():
    usage = Usage(900_000, BY_HAND, spot_mm=40, stands=True)
    usage.contact(100, 460, 510)
    usage.contact(100, 510)
    assert usage.zones_ms == {Zone.L4_S1: 200}
    assert [usage.spot_ms(along_mm) for along_mm in (460, 510, 485)] == [100, 200, 0]


def test_a_copy_of_what_was_used_does_not_change_with_it():
    usage = Usage(900_000, BY_HAND, spot_mm=40, stands=True)
    copy = usage.copy()
    usage.contact(100, 460)
    assert (copy.spot_ms(460), copy.zones_ms) == (0, {})


def test_a_motor_counts_until_everything_is_reported_off():
    worked = rig()
    worked.run(5, works=SEAT)
    worked.run(5, works=LOWER)
    both = (worked.governor.usage.spot_ms(485), worked.governor.usage.spot_ms(383))
    assert both[0] >= 9_800
    assert 4_800 <= both[1] <= 5_100
    worked.rest()
    worked.run(5, works=LOWER)
    assert worked.governor.usage.spot_ms(485) <= both[0] + 300


# What is reported


def test_a_motor_that_runs_and_was_not_told_to_trips():
    worked = rig()
    worked.run(5, works=SEAT)
    levels = worked.leases[-1].setpoint.levels
    assert levels == (0, 0, 0, 0, 1, 1)
    assert worked.report(actuators=reports((0, 1, *levels[2:]))) == Trip(Reason.ABOVE_COMMANDED)
    assert worked.ask(works=SEAT).reason is Reason.TRIPPED


def test_a_motor_over_a_keep_out_is_let_be_while_it_rests_and_trips_once_it_presses():
    worked = rig(person=demo(keep_outs=(SCAR,)))
    assert worked.run(5, works=("seat_right",)) is None
    told = list(reports(worked.leases[-1].setpoint.levels))
    told[4] = ActuatorReading(0, 0, 1)
    assert worked.report(actuators=tuple(told)) == Trip(Reason.OUT_OF_PLACE)


def test_a_motor_that_presses_harder_than_its_place_allows_trips():
    for load_n, trip in ((33, None), (34, Trip(Reason.ABOVE_FORCE))):
        worked = rig()
        worked.run(5, works=("middle_left",))
        pressing = (ActuatorReading(1, 0, load_n), *reports(OFF[1:]))
        assert worked.report(actuators=pressing) == trip


@pytest.mark.parametrize("place", [{"carriage_mm": 0}, {"half_width_mm": 0}])
def test_a_device_without_a_carriage_that_reports_one_has_a_fault(place):
    assert rig().report(**place) == Trip(Reason.DEVICE_FAULT)


@pytest.mark.parametrize("pad", [HeaterReading(-1, 360), HeaterReading(True, 360), HeaterReading(0, -1)])
def test_an_odd_number_of_a_pad_is_a_fault(pad):
    assert rig().report(heaters=(pad, HeaterReading(0, 360))) == Trip(Reason.DEVICE_FAULT)


# Before the start


def plan(*steps, found=None):
    found = found or envelope(device=cushion(), calibration=BY_HAND)
    shaking = replace(sweep(*steps), modality=Modality.VIBRATION)
    timeline = compile_program(
        shaking,
        device=found.device,
        calibration=found.calibration,
        half_width_mm=found.half_width_mm([step.zone for step in steps]),
        rows=found.rows(None),
    )
    return Plan(found, timeline, timeline.seconds, history())


def test_the_steps_in_one_zone_add_up_and_may_not_outlast_a_spot():
    step, other = Step(Zone.L4_S1, 30, 400, None), Step(Zone.L1_L3, 60, 400, None)
    assert PLAN["spot time"](plan(step, other, step)) is None
    longer = replace(step, seconds=31)
    assert PLAN["spot time"](plan(step, other, longer)) == Refusal(Reason.SPOT_TIME, "60 s")
    assert PLAN["spot time"](plan(replace(step, seconds=61))) == Refusal(Reason.SPOT_TIME, "60 s")


def test_the_steps_in_one_zone_add_up_and_may_not_outlast_the_zone():
    found = envelope(device=cushion(), calibration=BY_HAND, profile=brief(zone_s=50))
    step = Step(Zone.L4_S1, 25, 400, None)
    assert PLAN["zone time"](plan(step, step, found=found)) is None
    too_long = plan(step, replace(step, seconds=26), found=found)
    assert PLAN["zone time"](too_long) == Refusal(Reason.ZONE_TOO_LONG, "50 s")


def test_a_step_runs_on_what_may_work_and_one_for_a_closed_place_is_refused():
    scarred = envelope(device=cushion(), calibration=BY_HAND, person=demo(keep_outs=(SCAR,)))
    found = plan(Step(Zone.L4_S1, 30, 400, None), found=scarred)
    assert found.timeline.legs[0].works == ("seat_right",)
    assert PLAN["reachable"](found) is None
    both = replace(found.timeline, legs=(replace(found.timeline.legs[0], works=SEAT),))
    assert PLAN["reachable"](replace(found, timeline=both)) == Refusal(Reason.KEEP_OUT_PERSON, "scar")


def test_a_timeline_that_does_not_say_where_its_rollers_run_is_refused():
    leg = Leg(Zone.L4_S1, 60, 460, 500, 10, 5)
    nowhere = Plan(envelope(), Timeline("sweep", None, (leg,)), 60, history())
    assert PLAN["reachable"](nowhere) == Refusal(Reason.POSITION_UNKNOWN)


def test_motors_that_stay_have_no_half_width_and_rollers_without_one_no_row():
    found = envelope(device=cushion(), calibration=BY_HAND)
    assert found.half_width_mm(Zone) is None
    assert {row.half_width_min_mm for row in found.rows(None)} == {70}
    assert envelope(calibration=CALIBRATION).rows(None) == ()


def test_a_level_is_one_that_every_motor_has():
    weak, *others = cushion().actuators
    mixed = rig(device=cushion(actuators=(replace(weak, levels=5), *others)))
    assert mixed.ask(level=6).reason is Reason.ODD_VALUE
    assert mixed.ask(level=5).cap.level > 0


def test_all_motors_may_be_named_at_once():
    every = tuple(one.name for one in cushion().actuators)
    assert isinstance(rig().ask(works=every), Approved)


def test_what_is_felt_counts_for_the_uppermost_zone_in_which_a_motor_works():
    worked = rig()
    worked.drive(works=("lower_left", "seat_left"))
    said = worked.governor.answered(CheckIn(feeling=Feeling.SHOOTING), worked.now_ms)
    assert said.consequence.zone is Zone.L1_L3


def test_a_spot_in_a_plan_is_compared_to_the_millisecond_and_one_off_the_spine_is_for_another_interlock():
    found = envelope(device=cushion(), calibration=BY_HAND, share=Share(1000, 999))
    step = Step(Zone.L4_S1, 60, 400, None)
    assert PLAN["spot time"](plan(step, found=found)) == Refusal(Reason.SPOT_TIME, "59 s")
    short = plan(replace(step, seconds=59), found=found)
    assert PLAN["spot time"](short) is None
    away = replace(short.timeline.legs[0], first_mm=-900, last_mm=-900)
    assert PLAN["spot time"](replace(short, timeline=replace(short.timeline, legs=(away,)))) is None
