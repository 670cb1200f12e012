"""The checks before a session, each at the second and the figure where it turns."""

from dataclasses import replace

import pytest

from governor_rig import envelope
from massager.model.body import STATURE_MM, Calibration, Region, Zone, landmarks_apart_mm
from massager.model.ceilings import Clearance, Modality, Severity
from massager.model.decisions import Reason, Refusal
from massager.model.history import PastSession
from massager.model.people import Modifier
from massager.model.programs import Step
from massager.routine.timeline import compile_program
from massager.safety.conditions import Share
from massager.safety.interlocks import (
    MATCH,
    PERSON,
    PLAN,
    Applicant,
    Match,
    Plan,
    first_refusal,
    longest_session_s,
)
from samples import CALIBRATION, chair, demo, history, mild_lumbar, sweep, well

NOW_S = 1_800_000_000
HOUR_S = 3600
DAY_S = 24 * HOUR_S
WEEK_S = 7 * DAY_S


def plan(*steps, planned_s=60, past=(), **changes):
    timeline = compile_program(
        sweep(*steps),
        device=chair(),
        calibration=CALIBRATION,
        half_width_mm=55,
        rows=envelope().rows(55),
    )
    return Plan(envelope(**changes), timeline, planned_s, history(past=past, now_s=NOW_S))


def ended(age_s, used_s=60):
    return PastSession(NOW_S - age_s - used_s, NOW_S - age_s, used_s)


# The chest severe and the low back mild: 72 hours and once a week there, 48 hours and three times here.
UNLIKE = {
    "person": demo(conditions={Region.THORACIC: Severity.SEVERE}),
    "cleared": frozenset({(Region.THORACIC, Modality.ROLLER, Clearance.C)}),
}


def test_whose_year_of_birth_is_not_known_is_of_age():
    assert first_refusal(PERSON, Applicant(demo(born=None), history(), well())) is None


def test_no_profile_fits_somebody_without_a_diagnosis():
    found = envelope(person=demo(conditions={}), profile=mild_lumbar(conditions={}))
    assert MATCH["profile"](Match(found, sweep())) == Refusal(Reason.PROFILE_MISMATCH, "mild-lumbar")


@pytest.mark.parametrize(
    ("stature_mm", "fits"),
    [(None, True), (1519, False), (1520, True), (1780, True), (2222, True), (2223, False), (0, False)],
)
def test_landmarks_must_be_those_of_the_stature_on_record_where_there_is_one(stature_mm, fits):
    # 509 mm apart: 0.335 of 1520 mm, and 0.229 of 2222 mm.
    found = envelope(person=demo(stature_mm=stature_mm))
    assert MATCH["stature"](Match(found, sweep())) == (None if fits else Refusal(Reason.STATURE, "chair"))


def test_the_stature_is_held_against_the_landmarks_of_the_device_that_is_used():
    person = demo(
        stature_mm=1520, calibrations={"chair": Calibration(40, 549, 10), "bed": Calibration(40, 550, 10)}
    )
    assert MATCH["stature"](Match(envelope(person=person), sweep())) is None
    longer = envelope(person=person, device=chair(name="bed"), calibration=person.calibrations["bed"])
    assert MATCH["stature"](Match(longer, sweep())) == Refusal(Reason.STATURE, "bed")


@pytest.mark.parametrize(
    ("stature_mm", "shortest_mm", "longest_mm"),
    [
        (STATURE_MM[0], 275, 402),
        (1620, 371, 542),
        (1750, 401, 586),
        (2000, 458, 670),
        (STATURE_MM[1], 504, 737),
    ],
)
def test_landmarks_lie_229_to_335_per_mille_of_the_stature_apart(stature_mm, shortest_mm, longest_mm):
    assert landmarks_apart_mm(stature_mm) == (shortest_mm, longest_mm)
    for apart_mm in range(358, 610):
        fits = Calibration(40, 40 + apart_mm, 10).fits(stature_mm)
        assert fits is (229 * stature_mm <= 1000 * apart_mm <= 335 * stature_mm)


def test_every_actuator_must_be_of_the_programs_kind():
    left, right = chair().actuators
    mixed = envelope(device=chair(actuators=(left, replace(right, modality=Modality.VIBRATION))))
    assert MATCH["modality"](Match(mixed, sweep())) == Refusal(Reason.PROFILE_MISMATCH, "roller")


def test_a_condition_that_forbids_the_programs_kind_is_named():
    person = demo(modifiers=frozenset({Modifier.SEVERE_DEFICIT}))
    found = MATCH["modality"](Match(envelope(person=person), sweep()))
    assert found == Refusal(Reason.CONDITION, "severe-deficit")


def test_a_way_that_leaves_the_spine_has_no_room():
    found = plan()
    (leg, *_others) = found.timeline.legs
    away = replace(found.timeline, legs=(replace(leg, first_mm=-90, last_mm=-80),))
    assert PLAN["zone time"](replace(found, timeline=away)) == Refusal(Reason.NO_ROOM, "sweep")


@pytest.mark.parametrize(("seconds", "permille", "allowed"), [(240, 1000, True), (240, 999, False)])
def test_a_step_may_take_all_of_its_zones_time(seconds, permille, allowed):
    found = PLAN["zone time"](plan(Step(Zone.L4_S1, seconds, 400, 10), share=Share(1000, permille)))
    assert (found is None) is allowed


@pytest.mark.parametrize(
    ("planned_s", "allowed"), [(1, True), (900, True), (901, False), (0, False), (True, False), (60.0, False)]
)
def test_a_session_lasts_a_second_or_more_in_whole_numbers(planned_s, allowed):
    assert (PLAN["length"](plan(planned_s=planned_s)) is None) is allowed


@pytest.mark.parametrize(
    ("changes", "longest_s"),
    [
        ({}, 900),
        ({"profile": mild_lumbar(session_min=10)}, 600),
        ({"profile": mild_lumbar(session_min=20)}, 900),
        ({"share": Share(1000, 999)}, 899),
        (UNLIKE, 300),
    ],
)
def test_the_shortest_of_profile_and_rows_holds_rounded_down(changes, longest_s):
    assert longest_session_s(plan(**changes)) == longest_s


@pytest.mark.parametrize(
    ("ages_s", "changes", "expected"),
    [
        ((), {}, None),
        ((48 * HOUR_S,), {}, None),
        ((48 * HOUR_S - 1,), {}, "1 hours"),
        ((47 * HOUR_S,), {}, "1 hours"),
        ((47 * HOUR_S - 1,), {}, "2 hours"),
        ((0,), {}, "48 hours"),
        ((-5,), {}, "48 hours"),
        ((100 * HOUR_S, 47 * HOUR_S), {}, "1 hours"),
        ((50 * HOUR_S,), UNLIKE, "22 hours"),
    ],
)
def test_the_longest_pause_after_the_latest_session_is_kept_to_its_end(ages_s, changes, expected):
    found = PLAN["cool-down"](plan(past=tuple(map(ended, ages_s)), **changes))
    assert found == (None if expected is None else Refusal(Reason.COOL_DOWN, expected))


def test_a_session_counts_for_a_day_and_for_a_week_to_the_second():
    assert PLAN["per day"](plan(past=(ended(DAY_S - 1),))) == Refusal(Reason.PER_DAY)
    assert PLAN["per day"](plan(past=(ended(DAY_S),))) is None
    two = (ended(50 * HOUR_S), ended(100 * HOUR_S))
    assert PLAN["per week"](plan(past=(*two, ended(WEEK_S - 1)))) == Refusal(Reason.PER_WEEK)
    assert PLAN["per week"](plan(past=(*two, ended(WEEK_S)))) is None
    assert PLAN["per week"](plan(past=two[:1], **UNLIKE)) == Refusal(Reason.PER_WEEK)


@pytest.mark.parametrize(
    ("past", "planned_s", "allowed"),
    # 45 minutes are 2700 s.
    [
        ((ended(50 * HOUR_S, 2000),), 700, True),
        ((ended(50 * HOUR_S, 2000),), 701, False),
        ((ended(WEEK_S - 1, 2000), ended(50 * HOUR_S, 100)), 601, False),
        ((ended(WEEK_S, 2000), ended(50 * HOUR_S, 100)), 601, True),
    ],
)
def test_the_minutes_of_a_week_are_kept_to_the_second(past, planned_s, allowed):
    assert (PLAN["weekly minutes"](plan(past=past, planned_s=planned_s)) is None) is allowed
