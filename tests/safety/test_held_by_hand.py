"""What a hand holds: it works where the person says that it is, and nowhere else."""

from dataclasses import replace

import pytest

from governor_rig import BEFORE, StillRig, envelope
from massager.model.body import ZONE_SPANS_PPM, Region, Side, Zone
from massager.model.ceilings import Clearance, Modality, Severity
from massager.model.commands import Placement
from massager.model.decisions import Reason, Refusal, Trip
from massager.model.people import KeepOut
from massager.model.programs import Leg, Timeline
from massager.model.questions import Spot
from massager.model.telemetry import ActuatorReading
from massager.safety.governor import PLACED_MS, Governor
from massager.safety.interlocks import PLAN, Plan
from samples import BY_HAND, demo, handheld, held_pad, history

HERE = Placement(480, 70, Side.LEFT)
THERE = Placement(500, 70, Side.RIGHT)
SCAR = KeepOut("scar", ZONE_SPANS_PPM[Zone.L4_S1], left_mm=-90, right_mm=-40)


def rig(**changes):
    return StillRig.start(**({"device": handheld(), "calibration": BY_HAND} | changes))


def held(**changes):
    return envelope(**({"device": held_pad(), "calibration": BY_HAND} | changes))


def cap(found, along_mm, aside_mm=70):
    beside = {"nearest_mm": aside_mm, "farthest_mm": aside_mm}
    return found.cap(found.device.actuators[0], first_mm=along_mm, last_mm=along_mm, **beside)


# Where it is


def test_nothing_works_before_somebody_says_where_it_is():
    fresh = rig()
    assert fresh.ask() == Refusal(Reason.POSITION_UNKNOWN)
    fresh.asked(HERE)
    assert fresh.ask() == Refusal(Reason.POSITION_UNKNOWN)
    assert fresh.ask(level=0).setpoint.levels == (0,)


@pytest.mark.parametrize("side", Side)
def test_a_yes_to_the_question_places_it_on_either_side(side):
    fresh = rig()
    fresh.hold(replace(HERE, side=side))
    assert fresh.drive().setpoint.levels == (1,)
    assert fresh.leases[-1].placement == replace(HERE, side=side)


def test_a_yes_that_nobody_asked_for_places_nothing():
    fresh = rig()
    fresh.governor.zone_answered(Zone.L4_S1, yes=True)
    assert fresh.governor.state.placed is None
    fresh.asked(HERE)
    fresh.governor.zone_answered(Zone.L1_L3, yes=True)
    assert fresh.ask() == Refusal(Reason.POSITION_UNKNOWN)


def test_a_yes_to_a_question_for_a_whole_zone_places_nothing():
    worked = rig(before=replace(BEFORE, zones=frozenset()))
    worked.hold(HERE)
    assert worked.run(1) is None
    worked.rest()
    worked.governor.ask_zone(Zone.L1_L3, worked.now_ms)
    worked.governor.zone_answered(Zone.L1_L3, yes=True)
    assert worked.governor.zone_open(Zone.L1_L3) is True
    assert worked.ask() == Refusal(Reason.POSITION_UNKNOWN)


def test_a_no_places_nothing_and_closes_the_zone():
    fresh = rig()
    fresh.asked(HERE)
    fresh.governor.zone_answered(Zone.L4_S1, yes=False)
    assert fresh.governor.state.placed is None
    assert fresh.governor.zone_open(Zone.L4_S1) is False
    fresh.hold(THERE, Zone.L1_L3)
    assert fresh.ask() == Refusal(Reason.ZONE_NOT_CONFIRMED, Zone.L4_S1)


def test_the_yes_is_for_the_place_that_was_asked_for_last():
    fresh = rig()
    fresh.asked(HERE)
    (first,) = fresh.governor.prompts
    fresh.asked(HERE)
    assert fresh.governor.prompts == (first,)
    fresh.hold(THERE)
    assert fresh.governor.state.placed == THERE
    assert fresh.governor.prompts == ()


def test_what_was_approved_for_one_place_is_void_once_it_is_held_at_another():
    fresh = rig()
    fresh.hold(HERE)
    command = fresh.ask().command
    fresh.hold(THERE)
    assert fresh.governor.redeem(command, fresh.now_ms) is None


def test_a_yes_holds_until_it_rests():
    worked = rig()
    worked.hold(HERE)
    assert worked.run(5) is None
    worked.drive(level=0)
    assert worked.governor.state.placed == HERE
    worked.now_ms += 100
    worked.report()
    assert worked.governor.state.placed is None
    assert worked.ask() == Refusal(Reason.POSITION_UNKNOWN)
    worked.hold(HERE)
    assert worked.ask().setpoint.levels == (1,)


@pytest.mark.parametrize("seconds", [0, 2])
def test_a_yes_holds_until_a_stop(seconds):
    worked = rig()
    worked.hold(HERE)
    assert worked.run(seconds) is None
    worked.governor.stop(worked.now_ms)
    worked.level = 0
    worked.now_ms += 100
    worked.report()
    worked.permit()
    assert worked.ask() == Refusal(Reason.POSITION_UNKNOWN)


def test_the_place_does_not_change_while_it_may_press():
    worked = rig()
    worked.hold(HERE)
    assert worked.run(2) is None
    worked.hold(THERE)
    assert worked.drive().setpoint.levels == (1,)
    assert worked.leases[-1].placement == HERE
    worked.rest()
    assert worked.ask() == Refusal(Reason.POSITION_UNKNOWN)


def test_a_head_that_presses_and_was_placed_nowhere_trips():
    fresh = rig()
    load = (ActuatorReading(0, 0, 5),)
    assert fresh.report(actuators=load) == Trip(Reason.POSITION_UNKNOWN)


def test_a_head_that_presses_where_a_place_was_closed_meanwhile_trips():
    worked = rig()
    worked.hold(HERE)
    worked.run(2)
    worked.governor.envelope = envelope(
        device=handheld(), calibration=BY_HAND, person=demo(keep_outs=(SCAR,))
    )
    assert worked.report() == Trip(Reason.OUT_OF_PLACE)


def test_a_spot_has_its_seconds_wherever_else_it_was_held_on_the_other_side():
    worked = rig()
    worked.hold(HERE)
    assert worked.run(10) is None
    worked.rest()
    worked.hold(replace(HERE, side=Side.RIGHT))
    assert worked.run(20).reason is Reason.SPOT_TIME
    assert worked.governor.usage.spot_ms(HERE.along_mm) <= 15_000


# What it may touch


@pytest.mark.parametrize("scar", [SCAR, replace(SCAR, left_mm=40, right_mm=90)])
def test_a_scar_on_either_side_is_not_touched_for_the_hand_may_be_on_the_wrong_one(scar):
    scarred = envelope(device=handheld(), calibration=BY_HAND, person=demo(keep_outs=(scar,)))
    assert cap(scarred, 480) == Refusal(Reason.KEEP_OUT_PERSON, "scar")
    assert cap(scarred, 190, 65).level > 0


def test_who_says_that_it_is_there_and_does_not_begin_is_asked_again():
    fresh = rig()
    fresh.hold(HERE)
    for wait_ms in (PLACED_MS, 1):
        assert fresh.governor.state.placed == HERE
        fresh.now_ms += wait_ms
        fresh.report()
        fresh.governor.timer(fresh.now_ms)
    assert fresh.governor.state.placed is None


def test_a_spot_is_not_held_for_longer_than_its_seconds():
    leg = Leg(Zone.L4_S1, 15, 480, 480, 0, 1, side=Side.LEFT)
    found = Plan(
        envelope(device=handheld(), calibration=BY_HAND), Timeline("held", 70, (leg, leg)), 30, history()
    )
    assert PLAN["spot time"](found) is None
    longer = replace(found, timeline=Timeline("held", 70, (replace(leg, seconds=16),)))
    assert PLAN["spot time"](longer) == Refusal(Reason.SPOT_TIME, "15 s")
    unfit = replace(found, envelope=replace(found.envelope, person=demo(attested=False)))
    assert PLAN["spot time"](unfit).reason is Reason.NOT_ATTESTED


@pytest.mark.parametrize("scar", [SCAR, replace(SCAR, left_mm=40, right_mm=90)])
def test_a_scar_on_either_side_closes_the_rows_of_both(scar):
    scarred = held(person=demo(keep_outs=(scar,)))
    first_mm, last_mm = BY_HAND.span_outside_mm(scar.span_ppm)
    rows = [row for row in scarred.rows(70) if row.region is Region.LUMBAR]
    assert [(row.first_mm, row.last_mm) for row in rows] == [(328, first_mm - 1), (last_mm + 1, 615)]
    assert [(row.first_mm, row.last_mm) for row in held().rows(70) if row.region is Region.LUMBAR] == [
        (328, 615)
    ]


def test_the_rows_of_the_zones_next_to_it_hold_too():
    fine = held(person=demo(conditions={Region.LUMBAR: Severity.MILD}))
    last_t12, first_l1 = 328, 329
    chest = cap(fine, first_l1 - 100)  # T5 to T8, far from the lower back
    assert cap(fine, last_t12 - 50).level == chest.level
    assert fine.touched(fine.device.actuators[0], 383, 383) == (Region.THORACIC, Region.LUMBAR)
    assert fine.touched(fine.device.actuators[0], 485, 485) == (Region.LUMBAR,)
    # Five levels beside the lower back, four beside the chest, and six tenths beyond the edge of the band.
    assert [cap(fine, along_mm).level for along_mm in (383, 485)] == [2, 3]


def test_a_chest_that_may_not_be_worked_on_closes_the_zone_below_it():
    refused = Refusal(Reason.CLEARANCE_C, Region.THORACIC)
    found = held(person=demo(conditions={Region.LUMBAR: Severity.MILD, Region.THORACIC: Severity.MODERATE}))
    assert cap(found, 383) == refused
    assert cap(found, 485).level == 3


@pytest.mark.parametrize(
    ("device", "cleared", "refused"),
    [
        # A head so small that it touches no bone there and no kidney.
        (handheld(radius_mm=5), frozenset(), Refusal(Reason.BLOCKED, Region.CERVICAL)),
        (held_pad(radius_mm=5), frozenset(), Refusal(Reason.CLEARANCE_B, Region.CERVICAL)),
        (
            held_pad(radius_mm=5),
            frozenset({(Region.CERVICAL, Modality.VIBRATION, Clearance.B)}),
            Refusal(Reason.NO_PROFILE_ROW, Region.CERVICAL),
        ),
    ],
)
def test_the_neck_closes_the_zone_below_it(device, cleared, refused):
    found = held(device=device, cleared=cleared)
    assert cap(found, 142, 55) == refused
    assert cap(found, 143, 55).level > 0


def test_a_hand_holds_it_no_farther_out_than_the_ribs_begin():
    assert held().half_width_mm([Zone.L4_S1]) == 60
    assert held(device=held_pad(radius_mm=55)).half_width_mm([Zone.L4_S1]) == 100
    too_far = held(device=held_pad(radius_mm=56)).half_width_mm([Zone.L4_S1])
    assert too_far == Refusal(Reason.NO_ROOM, "101 mm from the midline")


# What the second says


def test_the_question_names_the_spot():
    fresh = rig()
    fresh.asked(HERE)
    assert [prompt.spot for prompt in fresh.governor.prompts] == [Spot(Side.LEFT, 70, 500)]


def test_a_no_for_another_zone_leaves_it_where_it_is():
    fresh = rig()
    fresh.hold(HERE)
    fresh.governor.zone_answered(Zone.L1_L3, yes=False)
    assert fresh.ask().setpoint.levels == (1,)


def test_a_yes_counts_from_the_time_it_was_given_at_and_does_not_end_while_it_presses():
    fresh = rig()
    fresh.hold(HERE)
    fresh.now_ms += 10_000
    fresh.report()
    assert fresh.governor.timer(fresh.now_ms) is None
    fresh.drive()
    fresh.now_ms += 100
    fresh.report()
    assert fresh.governor.timer(fresh.now_ms) is None
    assert fresh.governor.state.placed == HERE


def test_before_any_time_has_passed_a_yes_counts_from_the_beginning():
    found = envelope(device=handheld(), calibration=BY_HAND)
    governor = Governor.begin(envelope=found, session_ms=60_000, before=BEFORE)
    governor.ask_place(HERE, Zone.L4_S1, Spot(HERE.side, HERE.aside_mm, 500), 0)
    governor.zone_answered(Zone.L4_S1, yes=True)
    governor.timer(10_000)
    assert governor.state.placed == HERE
    governor.timer(10_001)
    assert governor.state.placed is None


def test_what_is_held_off_the_spine_touches_nothing_that_has_limits():
    found = held()
    assert found.touched(found.device.actuators[0], -900, -900) is None
    assert cap(found, -900) == Refusal(Reason.OFF_THE_SPINE)
