"""Each condition that forbids a start or a motion does so by itself; none can be switched off (INV-20)."""

from dataclasses import replace

import pytest

from governor_rig import BEFORE, Rig, envelope
from massager.model.body import Side, Zone
from massager.model.ceilings import Modality, Severity
from massager.model.decisions import Reason
from massager.model.devices import StopClass
from massager.model.history import Authority, FollowUp, LockCause, Lockout, PastSession
from massager.model.programs import Leg, Step, Timeline
from massager.model.questions import Screening
from massager.routine.timeline import compile_program
from massager.safety.governor import Governor
from massager.safety.interlocks import MATCH, PERSON, PLAN, Applicant, Match, Plan, first_refusal
from massager.safety.state import MOTION
from samples import BY_HAND, CALIBRATION, chair, demo, handheld, history, mild_lumbar, sweep, well

NOW_S = 1_800_000_000
HOUR_S = 3600
LOCKOUT = Lockout(1, LockCause.SET_BY_HAND, Authority.CAREGIVER, NOW_S, NOW_S, "")


def applicant(*, screening=None, person=None, **known):
    return Applicant(person or demo(), history(**known), screening or well())


def match(program=None, **changes):
    return Match(envelope(**changes), program or sweep())


def plan(*, steps=(), planned_s=None, past=(), **changes):
    timeline = compile_program(
        sweep(*steps),
        device=chair(),
        calibration=CALIBRATION,
        half_width_mm=50,
        rows=envelope().rows(50),
    )
    return Plan(envelope(**changes), timeline, planned_s or timeline.seconds, history(past=past))


def ended(hours_ago, used_s=900):
    end_s = NOW_S - hours_ago * HOUR_S
    return PastSession(end_s - used_s, end_s, used_s)


def moment(change):
    """A session that may press, but for a change."""
    rig = Rig.start()
    rig.run(5)
    change(rig)
    return rig.governor.state, rig.now_ms


def no_permit():
    rig = Rig(Governor.begin(envelope=envelope(), session_ms=900_000, before=BEFORE))
    rig.report()
    return rig.governor.state, rig.now_ms


def stop(rig):
    rig.governor.stop(rig.now_ms)


def trip(rig):
    rig.governor.fail(Reason.LINK_LOST, rig.now_ms)


def fall_silent(rig):
    rig.now_ms += 1001


def use_up(rig):
    rig.governor.shorten(4000)


def ask_in_vain(rig):
    rig.answers = None
    rig.run(55.2)
    rig.now_ms += 40_000
    rig.report()


def held_too_long():
    leg = Leg(Zone.L4_S1, 16, 480, 480, 0, 1, side=Side.LEFT)
    found = envelope(device=handheld(), calibration=BY_HAND)
    return Plan(found, Timeline("held", 70, (leg,)), 16, history())


STARTS = {
    "symptoms": (applicant(screening=well(pain=8)), Reason.PAIN_TODAY),
    "lockouts": (applicant(lockouts=(LOCKOUT,)), Reason.LOCKED_OUT),
    "follow-ups": (applicant(follow_ups=(FollowUp(1, 1, NOW_S),)), Reason.FOLLOW_UP_DUE),
    "clock": (applicant(behind=True), Reason.CLOCK_BEHIND),
    "screened": (applicant(person=demo(screened=False)), Reason.NOT_SCREENED),
    "age": (applicant(person=demo(born=2010)), Reason.UNDER_AGE),
    "hours": (applicant(person=demo(hours=(0, 60))), Reason.OUTSIDE_HOURS),
}
FITS = {
    "stop class": (match(device=chair(stop_class=StopClass.C)), Reason.STOP_CLASS),
    "profile": (match(profile=mild_lumbar(conditions={})), Reason.PROFILE_MISMATCH),
    "stature": (match(person=demo(stature_mm=1400)), Reason.STATURE),
    "severity": (
        match(program=replace(sweep(), severities=(Severity.SEVERE,))),
        Reason.SEVERITY_NOT_ALLOWED,
    ),
    "program": (match(person=demo(programs=frozenset())), Reason.PROGRAM_NOT_ALLOWED),
    "modality": (match(program=replace(sweep(), modality=Modality.VIBRATION)), Reason.PROFILE_MISMATCH),
}
PLANS = {
    "reachable": (plan(caller_permille=49), Reason.TOO_COARSE),
    "zone time": (plan(steps=(Step(Zone.L4_S1, 241, 300, 10),)), Reason.ZONE_TOO_LONG),
    "spot time": (held_too_long(), Reason.SPOT_TIME),
    "cool-down": (plan(past=(ended(47),)), Reason.COOL_DOWN),
    "per day": (plan(past=(ended(23),)), Reason.PER_DAY),
    "per week": (plan(past=(ended(49, 60), ended(80, 60), ended(120, 60))), Reason.PER_WEEK),
    "weekly minutes": (plan(past=(ended(60, 1200), ended(120, 1200))), Reason.WEEKLY_MINUTES),
    "length": (plan(planned_s=901), Reason.SESSION_TOO_LONG),
}
MOTIONS = {
    "tripped": (lambda: moment(trip), Reason.TRIPPED),
    "stopping": (lambda: moment(stop), Reason.STOPPING),
    "permit": (no_permit, Reason.NO_PERMIT),
    "report": (lambda: moment(fall_silent), Reason.STALE_READING),
    "time": (lambda: moment(use_up), Reason.SESSION_OVER),
    "answer": (lambda: moment(ask_in_vain), Reason.NO_ANSWER),
}
# Within a day the cool-down of two days refuses as well; a stop voids the permit, and a trip stops.
NOT_ALONE = {"per day", "stopping", "tripped"}


@pytest.mark.parametrize(
    ("cases", "table"),
    [(STARTS, PERSON), (FITS, MATCH), (PLANS, PLAN), (MOTIONS, MOTION)],
    ids=["person", "match", "plan", "motion"],
)
def test_every_interlock_has_its_case_here(cases, table):
    assert list(cases) == list(table)


@pytest.mark.parametrize(
    ("table", "name", "facts", "reason"),
    [
        *((PERSON, name, *case) for name, case in STARTS.items()),
        *((MATCH, name, *case) for name, case in FITS.items()),
        *((PLAN, name, *case) for name, case in PLANS.items()),
        *((MOTION, name, *case) for name, case in MOTIONS.items()),
    ],
    ids=[*STARTS, *FITS, *PLANS, *MOTIONS],
)
def test_every_interlock_refuses_by_itself(table, name, facts, reason):
    known = facts() if callable(facts) else facts
    refused = table[name](known)
    assert refused is not None
    assert refused.reason is reason
    assert first_refusal(table, known) is not None
    others = {each: check for each, check in table.items() if each != name}
    if name not in NOT_ALONE:
        assert first_refusal(others, known) is None


def test_whoever_says_nothing_at_all_starts_nothing():
    assert first_refusal(PERSON, applicant(screening=Screening())) is not None


@pytest.mark.parametrize("table", [PERSON, MATCH, PLAN, MOTION], ids=["person", "match", "plan", "motion"])
def test_no_interlock_can_be_taken_out_while_the_program_runs(table):
    with pytest.raises(TypeError):
        del table[next(iter(table))]
