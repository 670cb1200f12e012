"""What the Governor does with time, answers and tighter limits, each to the last unit."""

from dataclasses import replace

import pytest

from governor_rig import BEFORE, FINE, RICH, Rig, envelope
from massager.model.body import Region, Zone
from massager.model.ceilings import Severity
from massager.model.commands import Intent, Setpoint
from massager.model.decisions import Cap, Reason, Refusal, Source, Trip
from massager.model.people import KeepOut, StrengthLimit
from massager.model.questions import CheckIn, Comfort
from massager.model.telemetry import ActuatorReading
from massager.safety.clocks import Paid, Phase, Usage
from massager.safety.dialogue import Dialogue
from massager.safety.governor import Approved, Governor
from massager.safety.responses import Said
from massager.safety.state import State
from massager.safety.watch import Watch
from samples import CALIBRATION, demo, mild_lumbar


def pressing():
    rig = Rig.start()
    rig.run(1)
    return rig


def test_the_timer_asks_what_is_due():
    rig = pressing()
    rig.governor.state.dialogue.due_ms = rig.now_ms + 100
    assert rig.governor.timer(rig.now_ms + 99) is None
    assert rig.governor.prompts == ()
    assert rig.governor.timer(rig.now_ms + 100) is None
    assert len(rig.governor.prompts) == 1


def test_no_lease_lapses_before_the_first_nor_while_nothing_presses():
    rig = Rig.start()
    assert rig.governor.timer(rig.now_ms) is None
    rig.drive(level=0)
    rig.now_ms += 1000
    rig.report()
    assert rig.governor.timer(rig.now_ms) is None


def test_a_stop_takes_the_question_back():
    rig = pressing()
    rig.governor.state.dialogue.due_ms = rig.now_ms
    rig.governor.timer(rig.now_ms)
    rig.governor.stop(rig.now_ms)
    assert rig.governor.prompts == ()


def test_a_session_is_over_with_its_last_millisecond():
    unbegun = Rig.start()
    unbegun.governor.shorten(0)
    assert not unbegun.governor.over(unbegun.now_ms)
    rig = Rig.start(session_ms=60_000)
    assert not rig.governor.over(rig.now_ms + 60_000)
    rig.drive(level=1)
    assert [rig.governor.over(rig.now_ms + used_ms) for used_ms in (59_999, 60_000)] == [False, True]


def test_an_answer_in_the_moment_in_which_a_question_is_due_is_the_answer_to_it():
    rig = pressing()
    dialogue = rig.governor.state.dialogue
    dialogue.due_ms = rig.now_ms
    assert rig.governor.answered(FINE, rig.now_ms) == Said(None, None)
    assert (dialogue.number, dialogue.due_ms) == (1, rig.now_ms + 180_000)


@pytest.mark.parametrize(
    "lower",
    [
        lambda rig: rig.governor.answered(CheckIn(comfort=Comfort.TOO_STRONG), rig.now_ms),
        lambda rig: rig.governor.zone_answered(Zone.L4_S1, yes=False),
        lambda rig: rig.governor.shorten(500),
        lambda rig: rig.governor.tighten(envelope(person=demo(zone_permille={Zone.L4_S1: 0}))),
    ],
    ids=["too strong", "not this zone", "shorter", "tighter"],
)
def test_what_was_approved_before_something_was_lowered_is_worth_nothing_after_it(lower):
    rig = Rig.start()
    rig.run(50)
    command = rig.ask().command
    lower(rig)
    assert rig.governor.redeem(command, rig.now_ms) is None


@pytest.mark.parametrize(
    "tighter",
    [
        {"strength_limits": (StrengthLimit(100, 2, 4, too_strong=False),)},
        {"programs": frozenset({"sweep"})},
        {"hours": (540, 1230)},
        {"session_min": 5},
    ],
    ids=str,
)
def test_what_is_for_the_next_start_may_be_tighter_in_a_session(tighter):
    rig = pressing()
    found = envelope(person=demo(**tighter))
    assert rig.governor.tighten(found) is True
    assert rig.governor.envelope is found


def test_a_wish_counts_the_contact_until_then():
    rig = Rig.start()
    rig.drive(level=1)
    rig.now_ms += 500
    rig.ask()
    assert rig.governor.usage.zones_ms == {Zone.L4_S1: 500}


def test_a_wish_takes_the_place_of_the_one_before():
    rig = Rig.start()
    first = rig.ask().command
    rig.ask()
    assert rig.governor.redeem(first, rig.now_ms) is None


@pytest.mark.parametrize("change", [{"epoch": None}, {"trip": Trip(Reason.LINK_LOST)}], ids=str)
def test_no_receipt_is_paid_out_without_a_permit_or_after_a_trip(change):
    rig = Rig.start()
    command = rig.ask().command
    for name, value in change.items():
        setattr(rig.governor.state, name, value)
    assert rig.governor.redeem(command, rig.now_ms) is None


@pytest.mark.parametrize(
    "wish",
    [
        {"carriage_mm": 0},
        {"carriage_mm": 580},
        {"half_width_mm": 30},
        {"half_width_mm": 80},
        {"pace_mm_s": 1},
        {"pace_mm_s": 40},
    ],
    ids=str,
)
def test_the_edges_of_what_the_device_has_may_be_wished_for(wish):
    assert isinstance(Rig.start().ask(level=0, **wish), Approved)


def test_the_carriage_stays_while_anything_may_press_or_says_that_it_does():
    rig = Rig.start()
    assert rig.ask(level=0).cap == Cap(0, Source.ASKED)
    rig.drive(level=1)
    rig.level = 0  # told to press, and still retracted
    rig.report()
    assert rig.ask(level=0, carriage_mm=100).setpoint.carriage_mm is None
    found = Rig.start()
    found.report(actuators=(ActuatorReading(0, 1, 1), ActuatorReading(0, 0, 0)))
    assert found.ask(level=0, carriage_mm=100).setpoint.carriage_mm is None


@pytest.mark.parametrize(("here_mm", "there_mm"), [(50, 61), (61, 50)])
def test_the_way_across_is_held_by_its_farther_end(here_mm, there_mm):
    rig = Rig.start(caller_permille=50)
    assert rig.ask().setpoint.levels == (1, 1)
    rig.half_width_mm = here_mm
    rig.report()
    assert rig.ask(half_width_mm=there_mm) == Refusal(Reason.TOO_COARSE, Source.BAND_EDGE)


def test_a_level_that_falls_to_nothing_lets_go_and_stays_where_it_is():
    rig = pressing()
    rig.governor.state.dialogue.most = 0
    answer = rig.ask(level=1, carriage_mm=480)
    assert answer.cap == Cap(0, Source.ANSWER)
    assert answer.setpoint == Setpoint((0, 0), None, None, 10)


@pytest.mark.parametrize("paid", [Paid(1e9, RICH.zones_ms), Paid(10**9, {Zone.L4_S1: 1e9})], ids=str)
def test_time_that_is_no_whole_number_pays_for_nothing(paid):
    assert Rig.start().ask(paid=paid) == Refusal(Reason.ODD_VALUE, "time")


@pytest.mark.parametrize(("used_ms", "allowed"), [(0, True), (3800, True), (3801, False)])
def test_a_zone_has_what_was_paid_for_it_less_what_was_used(used_ms, allowed):
    rig = Rig.start()
    rig.governor.usage.zones_ms[Zone.L4_S1] = used_ms
    answer = rig.ask(paid=Paid(10**9, {Zone.L4_S1: 4000}))
    assert isinstance(answer, Approved) if allowed else answer == Refusal(Reason.UNPAID, Zone.L4_S1)


@pytest.mark.parametrize(
    ("row", "on_spot_ms", "told"),
    [({}, 30_000, (Reason.SPOT_TIME, Region.LUMBAR)), ({"zone_s": 0}, 0, (Reason.UNPAID, Zone.L4_S1))],
)
def test_of_clocks_with_nothing_left_spot_then_payment_then_zone_is_told(row, on_spot_ms, told):
    rig = Rig.start(profile=mild_lumbar(rows=tuple(replace(one, **row) for one in mild_lumbar().rows)))
    rig.governor.usage.spot_at_mm, rig.governor.usage.on_spot_ms = 470, on_spot_ms
    assert rig.ask(paid=Paid(10**9, {})) == Refusal(*told)


def test_a_clock_that_goes_back_takes_no_contact_back():
    rig = pressing()
    touched_ms = rig.governor.state.phase.touched_ms
    rig.governor.timer(rig.now_ms - 5)
    assert rig.governor.state.phase.touched_ms == touched_ms


def test_a_session_that_has_not_begun_has_used_nothing_and_a_clock_that_goes_back_gives_nothing():
    usage = Usage(session_ms=1000, calibration=CALIBRATION, spot_mm=30)
    assert (usage.elapsed_ms(5000), usage.left_ms(5000)) == (0, 1000)
    assert (usage.zone_ms(Zone.L4_S1), usage.spot_ms(470)) == (0, 0)
    usage.begin(5000)
    assert (usage.elapsed_ms(4999), usage.left_ms(4000)) == (0, 1000)
    assert (usage.elapsed_ms(5001), usage.elapsed_ms(5000)) == (1, 0)


def test_a_new_session_has_used_asked_and_been_told_nothing():
    state = Governor.begin(envelope=envelope(), session_ms=900_000, before=BEFORE).state
    assert state == State(
        usage=Usage(900_000, CALIBRATION, 30, started_ms=None, zones_ms={}, spot_at_mm=None, on_spot_ms=0),
        phase=Phase(20, Severity.MILD, 50, level=0, touched_ms=0, risen_ms=None, cool_down_from=None),
        watch=Watch(
            last=None,
            fresh_ms=0,
            centre_mm=None,
            stopped_ms=0,
            epoch=None,
            told_mm=None,
            target_mm=None,
            nearest_mm=0,
            told=[],
        ),
        dialogue=Dialogue(
            severity=Severity.MILD,
            pain=2,
            pain_stops=0,
            sessions=3,
            zones=dict.fromkeys(Zone, True),
            number=0,
            due_ms=None,
            open=None,
            zone_prompt=None,
            felt=0,
            asked_level=0,
            most=None,
            half=None,
            again_ms=0,
        ),
        epoch=None,
        newest=0,
        number=0,
        accounted_ms=None,
        lease_expires_ms=None,
        stopping=True,
        pressing=False,
        trip=None,
    )


def test_a_lease_lasts_a_second_and_the_way_of_a_tenth_of_one_is_kept_clear():
    rig = Rig.start()
    rig.drive(level=1, pace_mm_s=40)
    assert rig.leases[0].expires_ms == rig.now_ms + 1000
    # In 100 ms 4 mm, one more for rounding, and 25 mm of patch and error: to 500 mm, and a millisecond later
    # to 501 mm.
    for age_ms, span_ppm, clear in (
        (0, (811_000, 830_000), False),
        (0, (812_400, 830_000), True),
        (1, (812_400, 830_000), False),
        (1, (813_800, 830_000), True),
    ):
        scar = KeepOut("scar", span_ppm, -500, 500)
        rig.governor.envelope = envelope(person=demo(keep_outs=(scar,)))
        answer = rig.governor.request(Intent(1, None, None, 40), rig.now_ms + age_ms, RICH)
        assert isinstance(answer, Approved) is clear


@pytest.mark.parametrize(("carriage_mm", "refused"), [(438, None), (437, Zone.L1_L3)])
def test_only_the_zones_on_the_way_must_be_open_and_not_those_of_the_margin(carriage_mm, refused):
    rig = Rig.start(before=replace(BEFORE, zones=frozenset({Zone.L4_S1})))
    rig.carriage_mm = carriage_mm
    rig.now_ms += 100
    rig.report()
    found = rig.ask(carriage_mm=460)
    if refused is None:
        assert isinstance(found, Approved)
    else:
        assert found == Refusal(Reason.ZONE_NOT_CONFIRMED, refused)
