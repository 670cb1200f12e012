"""A preview is what the Governor decides, moment by moment, and says why."""

from dataclasses import replace
from itertools import pairwise

import pytest

from massager.model.body import COLUMN_PPM, VERTEBRA_SPANS_PPM, Side, Zone
from massager.model.decisions import Reason, Refusal, Source
from massager.model.people import KeepOut
from massager.model.questions import Ask
from massager.session.preview import preview
from preview_rig import SCAR, crowded, cushion, held, plain, prepared_for, shown, whose
from samples import history


def test_it_runs_through_every_step_to_the_end():
    assert plain().ending is Reason.FINISHED
    assert [visit.zone for visit in plain().visits] == [Zone.L4_S1, Zone.L1_L3]
    assert (plain().program_s, plain().today_s, plain().session_s) == (480, 480, 480)
    assert plain().left_out == ()
    ends = [visit.to_ms for visit in plain().visits]
    assert ends[0] == plain().visits[1].from_ms
    assert 470_000 <= ends[1] <= 480_000


def test_it_begins_gently_rises_slowly_and_falls_at_the_end():
    assert [clamp.source for clamp in plain().clamps] == [
        Source.RAMP,
        Source.FIRST_CONTACT,
        Source.RAMP,
        Source.COOL_DOWN,
    ]
    first, contact, rise, fall = plain().clamps
    assert (first.from_ms, first.first_level, first.last_level) == (0, 1, 1)
    assert contact.to_ms >= 30_000
    assert (contact.first_level, contact.last_level) == (2, 2)
    assert (rise.first_level, rise.last_level, rise.asked) == (3, 7, 8)
    assert (fall.first_level, fall.last_level) == (7, 2)
    assert plain().highest == 8


@pytest.mark.parametrize("made", [plain, crowded])
def test_a_moment_is_below_what_is_asked_where_a_clamp_says_so_and_nowhere_else(made):
    preview = made()
    for instant in preview.instants:
        over = [one for one in preview.clamps if one.from_ms <= instant.t_ms < one.to_ms]
        held = instant.cap is not None and instant.cap.level < instant.asked
        assert len(over) == held, instant
        if held:
            assert over[0].source is instant.cap.source
            assert over[0].asked == instant.asked
            low, high = sorted((over[0].first_level, over[0].last_level))
            assert low <= instant.cap.level <= high


@pytest.mark.parametrize("made", [plain, crowded])
def test_moments_follow_each_other_and_leave_no_second_out(made):
    times = [instant.t_ms for instant in made().instants]
    assert times[0] == 0
    assert all(0 < later - earlier <= 1000 for earlier, later in pairwise(times))
    assert made().visits[-1].to_ms - times[-1] <= 1000


@pytest.mark.parametrize(("made", "lateral_mm"), [(plain, 50), (crowded, 50), (cushion, 70), (held, 70)])
def test_nothing_that_works_meets_a_closed_place(made, lateral_mm):
    preview = made()
    radius_mm = preview.actuators[0].radius_mm
    radius_ppm = radius_mm * COLUMN_PPM // preview.column_mm
    working = {
        (patch.along_ppm, patch.lateral_mm)
        for instant in preview.instants
        for patch in instant.patches
        if patch.level
    }
    assert {lateral for _along, lateral in working} == {-lateral_mm, lateral_mm}
    for place in preview.closed:
        for along_ppm, aside_mm in working:
            apart = (
                along_ppm + radius_ppm <= place.span_ppm[0]
                or place.span_ppm[1] <= along_ppm - radius_ppm
                or aside_mm + radius_mm <= place.left_mm
                or place.right_mm <= aside_mm - radius_mm
            )
            assert apart, (place, along_ppm, aside_mm)


def test_closed_are_the_strip_the_neck_what_is_off_the_map_and_what_the_person_has():
    def told(preview):
        return {(one.name, one.reason) for one in preview.closed}

    usual = {
        ("cervical", Reason.CLEARANCE_C),
        ("thoracic", Reason.KEEP_OUT_MIDLINE),
        ("lumbar", Reason.KEEP_OUT_MIDLINE),
        ("", Reason.OFF_THE_SPINE),
        ("rim of the pelvis", Reason.KEEP_OUT_BODY),
    }
    # Sore skin closes the whole of T1 to T4, the ridge with it.
    ridge = {("ridge of the shoulder blade", Reason.KEEP_OUT_BODY)}
    assert told(plain()) == usual | ridge
    assert told(crowded()) == usual | {
        ("scar", Reason.KEEP_OUT_PERSON),
        ("T1-T4", Reason.KEEP_OUT_TODAY),
    }
    strip = next(one for one in plain().closed if one.name == "lumbar")
    assert (strip.left_mm, strip.right_mm) == (-25, 25)


def test_a_scar_in_the_way_is_refused_and_one_beside_it_is_shown():
    across = replace(SCAR, span_ppm=VERTEBRA_SPANS_PPM["L2"])
    refused, _known = prepared_for(person=whose(keep_outs=(across,)))
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.NO_ROOM
    aside = KeepOut("scar", VERTEBRA_SPANS_PPM["L2"], -200, -80)
    shown_aside = shown(person=whose(keep_outs=(aside,)), seconds=90)
    assert [one.span_ppm for one in shown_aside.closed if one.name == "scar"] == [aside.span_ppm]


def test_a_caregivers_limit_of_a_zone_holds_there_and_is_named():
    preview = shown(person=whose(zone_permille={Zone.L1_L3: 150}))
    there = [clamp for clamp in preview.clamps if clamp.zone is Zone.L1_L3]
    assert Source.CAREGIVER in {clamp.source for clamp in there}
    assert next(visit for visit in preview.visits if visit.zone is Zone.L1_L3).reached == 3
    # A sweep of the zone below reaches into it, so there it is felt too.
    assert 3 < preview.highest < plain().highest


def test_the_callers_own_limit_holds_and_is_named():
    preview = shown(caller_permille=150, seconds=120)
    assert preview.highest == 3
    assert Source.CALLER in {clamp.source for clamp in preview.clamps}
    assert (preview.today_s, preview.session_s) == (480, 120)


def test_first_sessions_take_their_share_of_strength_and_time():
    preview = shown(past=history(sessions_ever=0))
    assert Source.MODIFIERS in {clamp.source for clamp in preview.clamps}
    assert preview.highest == 6
    assert preview.today_s == preview.program_s // 2


def test_questions_come_when_a_session_asks_them():
    check_ins = [one.t_ms for one in plain().askings if one.ask is Ask.CHECK_IN]
    assert check_ins == [60_000, 240_000, 420_000]
    (zone,) = [one for one in plain().askings if one.ask is Ask.ZONE]
    assert zone.zone is Zone.L1_L3
    leaves_ms = plain().visits[1].from_ms
    assert 20_000 <= leaves_ms - zone.t_ms <= 35_000


def test_the_same_session_gives_the_same_preview():
    assert shown(seconds=40) == shown(seconds=40)


def test_motors_that_stand_work_in_their_places_one_pair_after_the_other():
    preview = cushion()
    assert preview.ending is Reason.FINISHED
    for visit in preview.visits:
        during = [one for one in preview.instants if visit.from_ms <= one.t_ms < visit.to_ms]
        working = {patch.name for one in during for patch in one.patches if patch.level}
        places = {patch.along_ppm for one in during for patch in one.patches if patch.level}
        assert (len(working), len(places)) == (2, 1)


def test_warmth_is_told_with_its_time_and_never_above_what_the_skin_may_have():
    warm = cushion().warmths
    assert {one.lateral_mm > 0 for one in warm} == {True, False}
    assert all(37 <= one.celsius <= 41 for one in warm)
    assert all(one.from_ms < one.to_ms for one in warm)
    assert plain().warmths == ()


def test_a_device_of_unknown_force_is_told_to_be_one():
    prepared, known = prepared_for(seconds=40)
    device = prepared.order.device
    weak = replace(device, actuators=tuple(replace(one, force_dn_per_level=None) for one in device.actuators))
    order = replace(prepared.order, device=weak)
    assert preview(prepared, known).unmeasured is False
    assert preview(replace(prepared, order=order), known).unmeasured is True


def test_what_a_hand_holds_is_asked_for_at_every_place_and_told_with_its_side():
    preview = held()
    assert preview.ending is Reason.FINISHED
    assert {visit.side for visit in preview.visits} == set(Side)
    places = [one for one in preview.askings if one.ask is Ask.PLACEMENT]
    assert len(places) == len(preview.visits)
    for visit in preview.visits:
        during = [one for one in preview.instants if visit.from_ms <= one.t_ms < visit.to_ms]
        aside = {patch.lateral_mm < 0 for one in during for patch in one.patches if patch.level}
        assert aside == {visit.side is Side.LEFT}


def test_what_is_asked_for_is_the_most_of_a_strength_that_changes():
    preview = shown("evening-waves")
    first = preview.visits[0]
    during = [one.asked for one in preview.instants if first.from_ms <= one.t_ms < first.to_ms]
    assert first.asked == max(during) > min(during)
