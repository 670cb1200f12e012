"""A stop is legal in every state of a session and voids what came before it (INV-14, INV-17, INV-28)."""

import pytest

from governor_rig import BEFORE, FINE, RICH, Rig, envelope
from massager.model.commands import Intent
from massager.model.decisions import Reason, Refusal
from massager.model.questions import CheckIn, Feeling
from massager.model.telemetry import ActuatorReading
from massager.safety.governor import Governor


def fresh():
    return Rig(Governor.begin(envelope=envelope(), session_ms=900_000, before=BEFORE))


def pressing(seconds=5):
    rig = Rig.start()
    rig.run(seconds)
    return rig


def tripped():
    rig = pressing()
    rig.governor.fail(Reason.LINK_LOST, rig.now_ms)
    return rig


def stopped():
    rig = pressing()
    rig.governor.stop(rig.now_ms)
    return rig


def asked():
    rig = Rig.start()
    rig.answers = None
    rig.run(61)
    return rig


def over():
    rig = Rig.start(session_ms=60_000)
    rig.run(70)
    return rig


STATES = [fresh, Rig.start, pressing, asked, tripped, stopped, over]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("times", [1, 2])
def test_a_stop_in_any_state_forbids_all_motion_until_rest_and_a_new_permit(state, times):
    rig = state()
    receipt = rig.ask(level=1)
    for _ in range(times):
        rig.governor.stop(rig.now_ms)
    assert isinstance(rig.ask(level=1), Refusal)
    assert isinstance(rig.ask(level=0), Refusal)
    if not isinstance(receipt, Refusal):
        assert rig.governor.redeem(receipt.command, rig.now_ms) is None
    # A permit that was on its way is none for the time after the stop.
    rig.governor.permitted(rig.epoch + 1)
    rig.level = 0
    rig.now_ms += 100
    rig.report()
    assert isinstance(rig.ask(level=1), Refusal)
    assert rig.governor.state.epoch is None


@pytest.mark.parametrize("state", [tripped, over])
def test_no_later_report_permit_or_answer_revives_a_session_that_has_ended(state):
    rig = state()
    rig.level = 0
    for _ in range(3):
        rig.governor.stop(rig.now_ms)
        rig.now_ms += 100
        rig.report()
        rig.permit()
        rig.governor.answered(FINE, rig.now_ms)
        answer = rig.governor.request(Intent(1, None, None, 10), rig.now_ms, RICH)
        assert isinstance(answer, Refusal)


def test_after_a_trip_no_permit_is_ever_in_force():
    rig = tripped()
    rig.level = 0
    rig.now_ms += 100
    rig.report()
    rig.permit()
    assert rig.governor.state.epoch is None


def test_the_first_trip_is_the_one_that_is_told():
    rig = pressing()
    first = rig.governor.answered(CheckIn(feeling=Feeling.CHEST), rig.now_ms).trip
    assert rig.governor.fail(Reason.LINK_LOST, rig.now_ms) == first == rig.governor.trip


@pytest.mark.parametrize("paused_ms", [100, 1000, 60_000])
def test_neither_a_pause_nor_an_answer_lengthens_what_is_left(paused_ms):
    rig = pressing(70)
    left_ms = rig.governor.usage.left_ms(rig.now_ms)
    rig.governor.stop(rig.now_ms)
    rig.level = 0
    rig.now_ms += paused_ms
    rig.report()
    rig.permit()
    rig.governor.answered(FINE, rig.now_ms)
    assert not isinstance(rig.drive(level=1), Refusal)
    assert rig.governor.usage.left_ms(rig.now_ms) == left_ms - paused_ms


@pytest.mark.parametrize(
    "odd", [{"moving": True}, {"actuators": (ActuatorReading(0, 0, 3),) * 2}, {"at_rest": False}]
)
def test_a_stop_lasts_until_the_device_rests_is_retracted_and_does_not_move(odd):
    rig = Rig.start()
    rig.governor.stop(rig.now_ms)
    rig.now_ms += 100
    rig.report(**odd)
    assert rig.governor.state.stopping
    rig.now_ms += 100
    rig.report()
    assert not rig.governor.state.stopping


def test_a_permit_that_a_stop_has_ended_is_in_force_no_more():
    rig = Rig.start()
    rig.governor.stop(rig.now_ms)
    rig.now_ms += 100
    rig.report()
    rig.governor.permitted(rig.epoch)
    assert rig.governor.state.epoch is None
    rig.permit()
    assert rig.governor.state.epoch == rig.epoch
