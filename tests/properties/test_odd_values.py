"""What is missing, no number, negative, a truth value, a text or out of range moves nothing (INV-03).

Each test tries every odd value at one door of the core. Refused: level 0, a refusal, a trip or an error.
"""

from dataclasses import replace
from types import MappingProxyType

import pytest

from governor_rig import BEFORE, RICH, Rig
from massager.model.body import Zone
from massager.model.commands import Intent
from massager.model.decisions import Refusal
from massager.model.people import StrengthLimit
from massager.model.questions import Answer, CheckIn, Comfort, Feeling, Question
from massager.model.telemetry import ActuatorReading
from massager.safety.clocks import Paid
from massager.safety.governor import Approved, Governor
from massager.session.preparation import Order, Prepared, begin, prepare
from samples import chair, demo, history, mild_lumbar, sweep, well

NAN, INF, HUGE = float("nan"), float("inf"), 10**30
NO_NUMBERS = (NAN, INF, -INF, 2.5, "1", b"1", [1], object())
TRUTHS = (True, False)
NEGATIVE = (-1, -HUGE)
ODD = (*NO_NUMBERS, *TRUTHS, *NEGATIVE)
MISSING = (None,)
# What the sample person may have at 470 mm after some minutes.
HIGHEST = 10


def pressed(attempt, value):
    """What the attempt comes to with a value: 0 where it was refused in any way, else the level."""
    try:
        answer = attempt(value)
    except (ValueError, TypeError, OverflowError):
        return 0
    if isinstance(answer, Approved):
        assert len(set(answer.setpoint.levels)) == 1
        return answer.setpoint.levels[0]
    assert answer is None or answer.reason
    return 0


def let_through(attempt, values):
    """The values with which something was approved."""
    return [value for value in values if pressed(attempt, value) != 0]


def ready(**changes):
    """A rig at rest, in which phase and ramp hold nothing back."""
    rig = Rig.start(**changes)
    phase = rig.governor.state.phase
    phase.level, phase.touched_ms = phase.levels, 60_000
    return rig


@pytest.fixture(scope="module")
def warm():
    """Makes rigs of a session that has pressed for some minutes; one is independent of the other."""
    rig = Rig.start()
    assert rig.run(140, level=20) is None
    rig.now_ms += 100
    rig.report()

    def fork():
        governor = Governor(envelope=rig.governor.envelope, state=rig.governor.state.copy())
        return replace(rig, governor=governor, leases=[])

    return fork


# A wish.


@pytest.mark.parametrize("field", ["level", "carriage_mm", "half_width_mm", "pace_mm_s"])
def test_an_odd_wish_is_refused_with_a_reason(warm, field):
    rig = warm()
    missing = MISSING if field in {"level", "pace_mm_s"} else ()
    for value in (*ODD, *missing, HUGE):
        wish = replace(Intent(5, None, None, 10), **{field: value})
        answer = rig.governor.request(wish, rig.now_ms, RICH)
        assert isinstance(answer, Refusal), (field, value)


# What is paid.


def test_time_that_is_no_number_is_not_paid(warm):
    rig = warm()
    assert let_through(lambda value: rig.ask(paid=Paid(value, RICH.zones_ms)), (*ODD, None)) == []
    assert let_through(lambda value: rig.ask(paid=Paid(10**9, dict.fromkeys(Zone, value))), ODD) == []


def test_a_zone_that_nobody_paid_for_is_not_visited(warm):
    rig = warm()
    assert let_through(lambda zones: rig.ask(paid=Paid(10**9, zones)), ({}, {Zone.T1_T4: 10**9})) == []


# The caller's, the caregiver's and the person's own limit.


def test_an_odd_limit_of_the_caller_lets_nothing_through():
    assert let_through(lambda value: ready(caller_permille=value).ask(), ODD) == []


def test_a_limit_of_the_caller_beyond_everything_raises_nothing():
    assert pressed(lambda value: ready(caller_permille=value).ask(), HUGE) == 0


def test_an_odd_limit_of_a_zone_lets_nothing_through():
    def attempt(value):
        return ready(person=demo(zone_permille=MappingProxyType({Zone.L4_S1: value}))).ask()

    assert let_through(attempt, ODD) == []


def test_an_odd_strength_of_ones_own_is_no_limit_to_have():
    for value in (NAN, INF, -INF, 1001, -1, HUGE):
        with pytest.raises(ValueError, match="per mille"):
            StrengthLimit(value, 0, 1, too_strong=False)


# The length of a session.


def _begun(value):
    """The first wish of a session that was asked for with so many seconds."""
    asked = Order(
        program=sweep(),
        person=demo(),
        device=chair(),
        profile=mild_lumbar(),
        seconds=value,
        caller_permille=None,
        screening=well(),
    )
    prepared = prepare(asked, history())
    if not isinstance(prepared, Prepared):
        return prepared
    rig = Rig(begin(prepared, history()))
    rig.report()
    rig.permit()
    assert prepared.session_ms <= 900_000
    return rig.ask()


def test_an_odd_length_begins_nothing():
    assert let_through(_begun, ODD) == []


def test_no_length_is_longer_than_the_program():
    for value in (None, HUGE, 901):
        assert pressed(_begun, value) > 0


# What the device reports.


@pytest.mark.parametrize(
    "field",
    [
        "at_ms",
        "carriage_mm",
        "half_width_mm",
        "epoch",
    ],
)
@pytest.mark.parametrize("warmed", [False, True])
def test_after_an_odd_report_nothing_presses(warm, field, warmed):
    def attempt(value):
        rig = warm() if warmed else Rig.start()
        rig.now_ms += 100
        rig.report(**{field: value})
        return rig.ask()

    # A lower epoch is an older permit's, whose report may still be on its way.
    odd = (NAN, INF, 2.5, "1", HUGE) if field == "epoch" else (*ODD, HUGE, None)
    assert let_through(attempt, odd) == []


@pytest.mark.parametrize("field", ["level", "depth_dmm", "load_n"])
def test_after_an_odd_report_of_an_actuator_nothing_presses(warm, field):
    def attempt(value):
        rig = warm()
        rig.now_ms += 100
        odd = replace(ActuatorReading(rig.level, 10 * rig.level, 4 * rig.level), **{field: value})
        rig.report(actuators=(odd, odd))
        return rig.ask()

    assert let_through(attempt, (*NO_NUMBERS, *NEGATIVE, HUGE)) == []


def test_no_odd_report_gets_more_than_the_caps(warm):
    for field in ("at_ms", "counter", "carriage_mm", "half_width_mm", "epoch", "deadline_s", "seq"):
        for value in (*ODD, HUGE):
            rig = warm()
            rig.now_ms += 100

            def attempt(odd, rig=rig, field=field):
                rig.report(**{field: odd})
                return rig.ask()

            assert pressed(attempt, value) <= HIGHEST


# What is said before a session and in it.


def test_an_odd_answer_before_a_session_begins_nothing():
    def attempt(screening):
        asked = Order(
            program=sweep(),
            person=demo(),
            device=chair(),
            profile=mild_lumbar(),
            seconds=None,
            caller_permille=None,
            screening=screening,
        )
        prepared = prepare(asked, history())
        return isinstance(prepared, Prepared)

    for question in Question:
        wrong = Answer.NO if question is Question.STOP_REACHABLE else Answer.YES
        for value in (*ODD, None, HUGE, "", "maybe", wrong):
            assert not attempt(well(answers={question: value})), (question, value)
    for value in (*ODD, None, HUGE, "", "gone"):
        assert not attempt(well(reaction=value)), value
    for value in (*ODD, HUGE, 11, ""):
        with pytest.raises(ValueError, match="0 to 10"):
            well(pain=value)
    assert not attempt(well(pain=None))
    assert not attempt(well(skin=None))
    assert attempt(well())


def test_pain_that_is_not_on_the_scale_is_not_said():
    for value in (*ODD, HUGE, 11):
        with pytest.raises(ValueError, match="0 to 10"):
            CheckIn(value, Comfort.FINE, Feeling.NONE)


@pytest.mark.parametrize("field", ["comfort", "feeling"])
def test_an_answer_that_is_none_does_not_close_a_check_in(field):
    closed = []
    for value in (*ODD, HUGE, "", "maybe"):
        rig = Rig.start()
        rig.answers = None
        rig.run(62)
        assert rig.governor.prompts
        try:
            said = replace(CheckIn(2, Comfort.FINE, Feeling.NONE), **{field: value})
            rig.governor.answered(said, rig.now_ms)
        except (ValueError, TypeError):
            continue
        if not rig.governor.prompts and rig.governor.trip is None:
            closed.append(value)
    assert closed == []


def test_too_strong_is_heard_however_it_is_spelt(warm):
    rig = warm()
    try:
        rig.governor.answered(CheckIn(2, "too-strong", Feeling.NONE), rig.now_ms)
    except ValueError:
        return
    assert rig.ask(level=20).setpoint.levels[0] < rig.level


def test_only_a_yes_opens_a_zone():
    opened = []
    for value in ("no", "yes", 1, NAN, [0], object(), None, 0, ""):
        rig = Rig.start(before=replace(BEFORE, zones=frozenset({Zone.L4_S1})))
        rig.governor.ask_zone(Zone.L1_L3, rig.now_ms)
        try:
            rig.governor.zone_answered(Zone.L1_L3, yes=value)
        except (ValueError, TypeError):
            continue
        if rig.governor.zone_open(Zone.L1_L3):
            opened.append(value)
    assert opened == []
