"""The checks before a session."""

from dataclasses import replace

import pytest

from governor_rig import envelope
from massager.model.body import Region, Zone
from massager.model.ceilings import Modality, Severity
from massager.model.decisions import Reason, Refusal, Source
from massager.model.devices import StopClass
from massager.model.history import Authority, FollowUp, LockCause, Lockout, PastSession
from massager.model.programs import Step
from massager.routine.timeline import compile_program
from massager.safety.conditions import Share
from massager.safety.interlocks import (
    DAY_S,
    MATCH,
    PERSON,
    PLAN,
    Applicant,
    Match,
    Plan,
    first_refusal,
)
from samples import CALIBRATION, chair, demo, history, mild_lumbar, sweep, well

NOW_S = 1_800_000_000
HOUR_S = 3600
LOCKOUT = Lockout(1, LockCause.SET_BY_HAND, Authority.CAREGIVER, NOW_S, NOW_S, "")


def request(program=None, planned_s=None, past=(), found=None, **known):
    program = program or sweep()
    timeline = compile_program(
        program,
        device=chair(),
        calibration=CALIBRATION,
        half_width_mm=50,
        rows=(found or envelope()).rows(50),
    )
    assert not isinstance(timeline, Refusal)
    return program, timeline, planned_s or timeline.seconds, history(past=past, now_s=NOW_S, **known)


def admit(found, asked):
    """The three tables in their order; the length in ms where none refuses."""
    program, timeline, planned_s, known = asked
    return (
        first_refusal(PERSON, Applicant(found.person, known, well()))
        or first_refusal(MATCH, Match(found, program))
        or first_refusal(PLAN, Plan(found, timeline, planned_s, known))
        or 1000 * planned_s
    )


def ended(hours_ago, used_s=900):
    end_s = NOW_S - round(hours_ago * HOUR_S)
    return PastSession(end_s - used_s, end_s, used_s)


def test_the_demo_history_admits_fifteen_minutes():
    assert admit(envelope(), request(past=(ended(11 * 24), ended(4 * 24)))) == 900_000


@pytest.mark.parametrize(
    ("past", "expected"),
    [
        ((ended(1),), Reason.COOL_DOWN),
        ((ended(47.9),), Reason.COOL_DOWN),
        ((ended(-5),), Reason.COOL_DOWN),
        ((ended(49), ended(80), ended(120)), Reason.PER_WEEK),
        ((ended(60, 1200), ended(120, 1200)), Reason.WEEKLY_MINUTES),
    ],
)
def test_rolling_limits_refuse(past, expected):
    assert admit(envelope(), request(past=past)).reason is expected


def test_limits_end_when_their_time_is_over():
    assert admit(envelope(), request(past=(ended(48.1),))) == 900_000
    week = DAY_S * 7 / HOUR_S
    assert admit(envelope(), request(past=(ended(49), ended(80), ended(week + 0.1)))) == 900_000


def test_a_clock_behind_its_high_water_mark_starts_nothing():
    assert admit(envelope(), request(behind=True)).reason is Reason.CLOCK_BEHIND


@pytest.mark.parametrize("planned_s", [901, -5])
def test_a_session_beyond_its_minutes_is_refused(planned_s):
    assert admit(envelope(), request(planned_s=planned_s)).reason is Reason.SESSION_TOO_LONG


def test_a_device_that_never_stops_by_itself_is_refused():
    found = envelope(device=chair(stop_class=StopClass.C))
    assert admit(found, request()).reason is Reason.STOP_CLASS


def test_person_profile_and_program_must_fit():
    moderate = demo(conditions={Region.LUMBAR: Severity.MODERATE})
    assert admit(envelope(person=moderate), request()).reason is Reason.PROFILE_MISMATCH
    no_lumbar = demo(conditions={Region.THORACIC: Severity.MILD})
    assert admit(envelope(person=no_lumbar), request()).reason is Reason.PROFILE_MISMATCH
    profile = mild_lumbar(conditions={Region.LUMBAR: Severity.MODERATE})
    found = envelope(person=moderate, profile=profile)
    assert admit(found, request()).reason is Reason.SEVERITY_NOT_ALLOWED


def test_a_step_longer_than_its_zones_limit_is_refused():
    long = sweep(Step(Zone.L4_S1, 241, 300, 10))
    assert admit(envelope(), request(program=long)).reason is Reason.ZONE_TOO_LONG


def test_a_program_for_another_kind_of_actuator_is_refused():
    other = sweep()
    other = type(other)(**{n: getattr(other, n) for n in other.__slots__} | {"modality": Modality.VIBRATION})
    assert admit(envelope(), request(program=other)).reason is Reason.PROFILE_MISMATCH


@pytest.mark.parametrize("permille", [0, 49])
def test_a_limit_below_the_lowest_level_is_refused_before_anything_moves(permille):
    found = envelope(caller_permille=permille)
    assert admit(found, request(found=envelope())) == Refusal(Reason.TOO_COARSE, Source.CALLER)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"lockouts": (LOCKOUT,)}, Refusal(Reason.LOCKED_OUT, "set-by-hand")),
        (
            {"lockouts": (LOCKOUT, replace(LOCKOUT, cause=LockCause.PAIN))},
            Refusal(Reason.LOCKED_OUT, "set-by-hand"),
        ),
        ({"follow_ups": (FollowUp(1, 1, NOW_S),)}, Refusal(Reason.FOLLOW_UP_DUE)),
        ({"behind": True, "lockouts": (LOCKOUT,)}, Refusal(Reason.LOCKED_OUT, "set-by-hand")),
    ],
)
def test_what_stands_open_starts_nothing(known, expected):
    assert admit(envelope(), request(**known)) == expected


@pytest.mark.parametrize(
    ("hours", "local_min", "allowed"),
    [
        ((540, 1230), 539, False),
        ((540, 1230), 540, True),
        ((540, 1230), 1229, True),
        ((540, 1230), 1230, False),
        ((1320, 360), 1319, False),
        ((1320, 360), 1320, True),
        ((1320, 360), 0, True),
        ((1320, 360), 359, True),
        ((1320, 360), 360, False),
        ((600, 600), 0, False),
        ((600, 600), 600, False),
        (None, 0, True),
    ],
)
def test_a_session_begins_within_the_caregivers_hours(hours, local_min, allowed):
    answer = admit(envelope(person=demo(hours=hours)), request(local_min=local_min))
    assert answer == (900_000 if allowed else Refusal(Reason.OUTSIDE_HOURS))


def test_only_programs_that_the_caregiver_allows():
    assert admit(envelope(person=demo(programs=frozenset({"sweep"}))), request()) == 900_000
    refused = Refusal(Reason.PROGRAM_NOT_ALLOWED, "sweep")
    assert admit(envelope(person=demo(programs=frozenset({"other"}))), request()) == refused
    assert admit(envelope(person=demo(programs=frozenset())), request()) == refused


def test_the_caregivers_minutes_and_todays_share_shorten_the_session():
    own = envelope(person=demo(session_min=5))
    assert admit(own, request(planned_s=300)) == 300_000
    assert admit(own, request(planned_s=301)) == Refusal(Reason.SESSION_TOO_LONG, "5:00 minutes")
    # The legs of these programs are shorter than the share of a zone's time that is left.
    brief = sweep(Step(Zone.L4_S1, 60, 400, 10))
    left = envelope(share=Share(600, 50))
    assert admit(left, request(program=brief, planned_s=45)).reason is Reason.ZONE_TOO_LONG
    half = envelope(share=Share(600, 300))
    assert admit(half, request(program=brief, planned_s=60)) == 60_000
