"""Corners that the whole Governor reaches seldom or never, each asked by itself."""

from dataclasses import replace

import pytest

from governor_rig import BEFORE, RICH, Rig, envelope
from massager.model.body import Region, Zone
from massager.model.ceilings import CEILINGS, Clearance, Modality, Severity
from massager.model.decisions import Reason, Refusal
from massager.model.people import KeepOut
from massager.routine.timeline import compile_program
from massager.safety.conditions import WHOLE
from massager.safety.governor import Governor
from massager.safety.interlocks import PLAN, Plan
from massager.safety.patches import Way
from massager.safety.physical import _bearable, _in_tune, known
from motion_samples import hammer, pad
from samples import CALIBRATION, chair, demo, history, reading, sweep

ROW = CEILINGS[Region.LUMBAR, Severity.MILD, Modality.VIBRATION]


def plan(found):
    timeline = compile_program(
        sweep(), device=chair(), calibration=CALIBRATION, half_width_mm=50, rows=envelope().rows(50)
    )
    return Plan(found, timeline, timeline.seconds, history())


@pytest.mark.parametrize("check", ["reachable", "zone time"])
def test_a_plan_through_a_region_that_is_refused_is_refused_with_its_reason(check):
    refused = plan(envelope(person=demo(attested=False)))
    assert PLAN[check](refused) == Refusal(Reason.NOT_ATTESTED, Region.LUMBAR)


def test_time_is_not_counted_where_the_region_is_refused():
    rig = Rig.start()
    rig.governor.envelope = envelope(person=demo(attested=False))
    way = Way(chair().actuators[0], 470, 470, 50, 50)
    found = rig.governor._time_left([way], reading(), rig.now_ms, RICH)
    assert found == Refusal(Reason.NOT_ATTESTED, Region.LUMBAR)


def test_a_wish_before_the_first_report_is_refused():
    rig = Rig.start()
    rig.governor.state.watch.last = None
    assert isinstance(rig.ask(), Refusal)


def test_contact_at_a_place_that_is_not_known_counts_for_the_phase_alone():
    rig = Rig.start()
    rig.run(2)
    state = rig.governor.state
    zones, touched_ms = dict(state.usage.zones_ms), state.phase.touched_ms
    state.watch.centre_mm = None
    rig.governor.state.account(rig.now_ms + 500)
    assert state.usage.zones_ms == zones
    assert state.phase.touched_ms == touched_ms + 500


def test_contact_outside_every_zone_counts_for_its_spot():
    usage = Rig.start().governor.usage
    usage.contact(300, -60)
    assert (usage.zones_ms, usage.on_spot_ms) == ({}, 300)


def test_a_copy_of_a_state_does_not_change_with_it():
    rig = Rig.start()
    rig.run(5)
    state = rig.governor.state
    copy, zones = state.copy(), dict(rig.governor.usage.zones_ms)
    touched_ms, last, told = state.phase.touched_ms, state.watch.last, list(state.watch.told)
    rig.run(5)
    rig.governor.ask_zone(Zone.C3_C7, rig.now_ms)
    rig.governor.stop(rig.now_ms)
    assert copy.usage.zones_ms == zones
    assert copy.epoch == 1
    assert (copy.phase.touched_ms, copy.watch.last, copy.watch.told) == (touched_ms, last, told)
    copy.dialogue.zones[Zone.C3_C7] = False
    assert rig.governor.zone_open(Zone.C3_C7) is True


def test_a_session_goes_by_the_smallest_patch_the_fewest_levels_and_the_slowest_rise():
    left, right = chair().actuators
    device = chair(actuators=(replace(left, radius_mm=10), replace(right, levels=10)))
    state = Governor.begin(envelope=envelope(device=device), session_ms=1, before=BEFORE).state
    assert (state.usage.spot_mm, state.phase.levels) == (20, 10)
    found = envelope(
        person=demo(conditions={Region.LUMBAR: Severity.MODERATE}),
        cleared=frozenset({(Region.LUMBAR, Modality.ROLLER, Clearance.B)}),
    )
    assert Governor.begin(envelope=found, session_ms=1, before=BEFORE).state.phase.ramp_permille == 30


def test_the_timer_says_nothing_while_nothing_is_permitted():
    rig = Rig.start()
    rig.governor.stop(rig.now_ms)
    assert rig.governor.timer(rig.now_ms + 10**6) is None


def test_a_permit_says_what_the_envelope_does():
    governor = Rig.start().governor
    permit = governor.permit(half_width_mm=50, model="M", firmware="1", ends_ms=9, fence=3)
    assert permit.rows == governor.envelope.rows(50)
    assert (permit.model_number, permit.firmware, permit.ends_ms, permit.fence) == ("M", "1", 9, 3)
    assert (permit.device, permit.calibration) == ("chair", CALIBRATION)


def test_beyond_the_edge_of_the_band_a_row_has_six_tenths():
    far = {row.level_max for row in envelope().rows(61) if row.region is Region.LUMBAR}
    near = {row.level_max for row in envelope().rows(60) if row.region is Region.LUMBAR}
    assert (near, far) == ({10}, {6})


def test_a_patch_that_leaves_the_spine_presses_nowhere():
    cap = envelope().cap(chair().actuators[0], first_mm=-90, last_mm=0, nearest_mm=50, farthest_mm=50)
    assert cap == Refusal(Reason.OFF_THE_SPINE)


def test_an_actuator_that_is_for_nobody_is_refused_in_every_region():
    found = envelope().limits(Region.LUMBAR, hammer(stroke_dmm=101))
    assert found == Refusal(Reason.STROKE, "10.1 mm")


def test_what_is_not_known_of_an_actuator_is_neither_in_tune_nor_bearable():
    silent = pad(frequency_min_dhz=None, frequency_max_dhz=None)
    assert not known(silent)
    assert not _in_tune(silent, ROW, 1)
    assert not _bearable(silent, ROW, 1)


def test_a_whole_share_is_no_cap_of_its_own():
    whole = envelope(share=WHOLE)
    assert replace(whole, caller_permille=None) == whole


def test_nothing_presses_with_its_centre_below_the_last_zone():
    assert Rig.start().ask(carriage_mm=545) == Refusal(Reason.OFF_THE_SPINE)


@pytest.mark.parametrize(
    ("span_ppm", "clear"),
    [
        # The patch and its error reach 25 mm from 470 mm, a millimetre more is not known, and one is gone
        # until the command arrives.
        ((806_800, 830_000), False),  # from 497 mm
        ((808_200, 830_000), True),  # from 498 mm
        ((720_000, 730_600), False),  # to 443 mm
        ((720_000, 729_200), True),  # to 442 mm
    ],
)
def test_the_rollers_may_be_a_little_to_either_side_of_where_they_were_reported(span_ppm, clear):
    rig = Rig.start(person=demo(keep_outs=(KeepOut("scar", span_ppm, -500, 500),)))
    assert isinstance(rig.ask(), Refusal) is not clear
