"""Receipts and reports that were overtaken: what came later counts (INV-06, 07, 14)."""

from dataclasses import replace
from types import MappingProxyType

from governor_rig import Rig
from massager.model.body import Zone
from massager.model.questions import CheckIn, Comfort, Feeling
from massager.session.preparation import tightened
from samples import well


def pressing():
    """A session at level 10."""
    rig = Rig.start()
    assert rig.run(140, level=20) is None
    rig.now_ms += 100
    rig.report()
    assert rig.level == 10
    return rig


def level_of(lease):
    return 0 if lease is None else lease.setpoint.levels[0]


def test_a_late_report_of_rest_from_before_the_stop_does_not_end_a_stop():
    rig = pressing()
    rig.governor.stop(rig.now_ms)
    rig.now_ms += 500
    rig.report(at_rest=False)  # still sinking
    rig.now_ms += 600
    rig.report(at_ms=rig.now_ms - 1_200, at_rest=True)  # made 100 ms before the stop
    rig.governor.permitted(rig.epoch + 1)
    assert rig.governor.state.epoch is None


def test_a_report_seen_before_does_not_end_a_stop():
    rig = pressing()
    rig.governor.stop(rig.now_ms)
    rig.now_ms += 500
    rig.report(at_rest=False)
    rig.report(counter=rig.counter, at_rest=True)
    rig.governor.permitted(rig.epoch + 1)
    assert rig.governor.state.epoch is None


def test_an_older_receipt_does_not_raise_the_level_again():
    rig = pressing()
    older, newer = rig.ask(level=10).command, rig.ask(level=1).command
    assert level_of(rig.governor.redeem(newer, rig.now_ms)) == 1
    rig.now_ms += 900
    rig.level = 1
    rig.report()
    assert level_of(rig.governor.redeem(older, rig.now_ms)) <= 2


def test_a_receipt_from_before_a_tighter_limit_is_not_worth_more_than_it():
    rig = pressing()
    command = rig.ask(level=10).command
    before = rig.governor.envelope
    person = replace(before.person, zone_permille=MappingProxyType({Zone.L4_S1: 100}))
    assert rig.governor.tighten(tightened(before, person, well()))
    assert level_of(rig.governor.redeem(command, rig.now_ms)) <= 2


def test_a_receipt_from_before_too_strong_is_not_worth_more_than_what_is_left():
    rig = pressing()
    command = rig.ask(level=10).command
    rig.governor.answered(CheckIn(2, Comfort.TOO_STRONG, Feeling.NONE), rig.now_ms)
    assert level_of(rig.governor.redeem(command, rig.now_ms)) <= 7


def test_a_receipt_from_before_a_shorter_session_does_not_outlive_it():
    rig = pressing()
    command = rig.ask(level=10).command
    rig.governor.shorten(rig.governor.usage.elapsed_ms(rig.now_ms) + 300)
    lease = rig.governor.redeem(command, rig.now_ms)
    assert lease is None or lease.expires_ms <= rig.now_ms + 300


def test_a_receipt_from_before_a_no_does_not_press_in_that_zone():
    rig = pressing()
    command = rig.ask(level=10).command
    rig.governor.zone_answered(Zone.L4_S1, yes=False)
    assert level_of(rig.governor.redeem(command, rig.now_ms)) == 0


def test_a_device_that_reports_an_old_epoch_for_ever_is_caught():
    rig = pressing()
    rig.governor.stop(rig.now_ms)
    rig.level = 0
    rig.now_ms += 100
    rig.report()
    rig.permit()
    assert rig.run(2) is None
    for _ in range(50):
        rig.now_ms += 100
        rig.level = 20
        rig.report(epoch=rig.epoch - 1)
        rig.level = 1
        rig.drive(level=1)
    assert rig.governor.trip is not None
