"""The Governor, on an ideal chair."""

from itertools import pairwise

import pytest

from governor_rig import BEFORE, RICH, Rig, envelope
from massager.model.body import Zone
from massager.model.decisions import Reason, Refusal, Source, Trip
from massager.model.telemetry import ActuatorReading, Cause
from massager.safety.clocks import Paid
from massager.safety.governor import LEASE_MS, ApprovedCommand, Governor


def reason(answer):
    assert isinstance(answer, Refusal | Trip), answer
    return answer.reason


def test_a_session_begins_stopped_and_needs_a_reading_and_a_permit():
    rig = Rig(Governor.begin(envelope=envelope(), session_ms=900_000, before=BEFORE))
    assert reason(rig.ask()) is Reason.STOPPING
    rig.governor.permitted(1)
    assert reason(rig.ask()) is Reason.STOPPING
    rig.report()
    assert reason(rig.ask()) is Reason.NO_PERMIT
    rig.permit()
    assert rig.ask().setpoint.levels == (1, 1)


def test_motion_stays_refused_after_a_stop_until_the_device_rests_and_a_new_permit_is_given():
    rig = Rig.start()
    rig.run(5)
    rig.governor.stop(rig.now_ms)
    rig.governor.permitted(rig.epoch + 1)
    rig.now_ms += 100
    rig.report()
    assert reason(rig.ask()) is Reason.STOPPING
    rig.level = 0
    rig.now_ms += 100
    rig.report()
    assert reason(rig.ask()) is Reason.NO_PERMIT
    rig.permit()
    assert rig.ask().setpoint.levels == (1, 1)


def test_a_report_of_rest_from_before_the_stop_does_not_count():
    for ahead_ms in (0, 1):
        rig = Rig.start()
        rig.governor.stop(rig.now_ms + ahead_ms)
        rig.report(at_rest=True)
        assert reason(rig.ask()) is Reason.STOPPING


# The seal


def test_a_receipt_is_paid_out_once():
    rig = Rig.start()
    command = rig.ask().command
    assert rig.governor.redeem(command, rig.now_ms) is not None
    assert rig.governor.redeem(command, rig.now_ms) is None


def test_a_forged_receipt_buys_nothing():
    rig = Rig.start()
    rig.ask()
    assert rig.governor.redeem(ApprovedCommand(), rig.now_ms) is None


def test_an_expired_receipt_buys_nothing():
    rig = Rig.start()
    command = rig.ask().command
    assert rig.governor.redeem(command, rig.now_ms + LEASE_MS) is None


def test_a_stop_overtakes_motion_approved_and_not_yet_sent():
    rig = Rig.start()
    command = rig.ask().command
    rig.governor.stop(rig.now_ms)
    assert rig.governor.redeem(command, rig.now_ms) is None


def test_a_receipt_from_before_a_stop_stays_void_after_a_new_permit():
    rig = Rig.start()
    command = rig.ask().command
    rig.governor.stop(rig.now_ms)
    rig.now_ms += 100
    rig.report()
    rig.permit()
    assert rig.governor.redeem(command, rig.now_ms) is None


def test_leases_are_numbered_upwards_and_end_within_a_second():
    rig = Rig.start()
    rig.run(3)
    assert [lease.number for lease in rig.leases] == list(range(1, 31))
    assert all(lease.epoch == rig.epoch for lease in rig.leases)
    assert rig.leases[-1].expires_ms == rig.now_ms + LEASE_MS


# Limits


@pytest.mark.parametrize("value", [True, 1.0, "1", None, float("nan"), -1, 21, 10**9])
def test_an_odd_level_is_refused(value):
    rig = Rig.start()
    assert reason(rig.ask(level=value)) is Reason.ODD_VALUE


@pytest.mark.parametrize(
    "wish",
    [
        {"carriage_mm": -1},
        {"carriage_mm": 581},
        {"carriage_mm": 400.0},
        {"half_width_mm": 29},
        {"half_width_mm": 81},
        {"half_width_mm": True},
        {"pace_mm_s": 0},
        {"pace_mm_s": 41},
        {"pace_mm_s": None},
    ],
)
def test_a_target_or_pace_that_the_device_does_not_have_is_refused(wish):
    rig = Rig.start()
    assert reason(rig.ask(**wish)) is Reason.ODD_VALUE


def test_first_contact_lasts_half_a_minute_at_a_tenth_and_then_rises_a_level_every_ten_seconds():
    rig = Rig.start()
    rig.run(100, level=20)
    levels = [lease.setpoint.levels[0] for lease in rig.leases]
    assert set(levels[:102]) == {1}
    assert set(levels[104:302]) == {2}
    rises = [n for n in range(1, len(levels)) if levels[n] > levels[n - 1]]
    assert all(levels[n] - levels[n - 1] == 1 for n in rises)
    assert all(later - earlier >= 102 for earlier, later in pairwise(rises))


def test_the_ceiling_holds_whatever_is_asked():
    rig = Rig.start()
    rig.run(200, level=20)
    assert rig.level == 10


def test_a_fall_is_immediate():
    rig = Rig.start()
    rig.run(100, level=20)
    before = rig.level
    rig.run(0.2, level=1)
    assert before > 2
    assert rig.level == 1


def test_the_last_half_minute_falls_evenly_to_the_first_contact_level_without_a_rise():
    rig = Rig.start(session_ms=200_000)
    rig.run(199.7, level=20)
    last = [lease.setpoint.levels[0] for lease in rig.leases if lease.expires_ms > 0][-299:]
    assert last[0] == 10
    assert last[-1] == 2
    assert all(later <= earlier for earlier, later in pairwise(last))
    assert last[150] in {5, 6}


def test_the_session_ends_on_time_and_no_lease_outlives_it():
    rig = Rig.start(session_ms=60_000)
    ended = rig.run(120)
    assert reason(ended) is Reason.SESSION_OVER
    first = rig.leases[0].expires_ms - LEASE_MS
    assert max(lease.expires_ms for lease in rig.leases) <= first + 60_000
    rig.now_ms = first + 60_000
    assert rig.governor.over(rig.now_ms)


def test_a_pause_refunds_no_time_and_begins_again_at_first_contact():
    rig = Rig.start(session_ms=120_000)
    rig.run(60, level=20)
    assert rig.level > 2
    left_ms = rig.governor.usage.left_ms(rig.now_ms)
    rig.governor.stop(rig.now_ms)
    rig.level = 0
    rig.now_ms += 20_000
    rig.report()
    rig.permit()
    assert rig.governor.usage.left_ms(rig.now_ms) == left_ms - 20_000
    rig.run(1, level=20)
    assert rig.level == 1


def test_a_zones_time_ends_it():
    rig = Rig.start()
    assert reason(rig.run(300)) is Reason.ZONE_TIME
    assert 239_000 <= rig.governor.usage.zone_ms(Zone.L4_S1) <= 240_000


def test_a_spots_time_ends_it():
    rig = Rig.start()
    assert reason(rig.run(60, first_mm=470, last_mm=480)) is Reason.SPOT_TIME
    assert rig.now_ms - 100_000 <= 30_200


def test_unpaid_time_is_not_used():
    rig = Rig.start()
    assert reason(rig.ask(paid=Paid(0, RICH.zones_ms))) is Reason.UNPAID
    assert reason(rig.ask(paid=Paid(10**9, {}))) is Reason.UNPAID
    paid = Paid(5_000, {Zone.L4_S1: 10**9})
    assert reason(rig.run(20, paid=paid)) is Reason.UNPAID
    assert max(lease.expires_ms for lease in rig.leases) <= rig.leases[0].expires_ms - LEASE_MS + 5_000


# Keep-outs


@pytest.mark.parametrize("half_width_mm", [30, 49])
def test_nothing_presses_on_the_strip_along_the_spine(half_width_mm):
    rig = Rig.start()
    rig.half_width_mm = half_width_mm
    rig.report()
    assert reason(rig.ask()) is Reason.KEEP_OUT_MIDLINE


def test_the_way_to_the_target_must_be_clear_of_the_strip():
    rig = Rig.start()
    assert reason(rig.ask(half_width_mm=40)) is Reason.KEEP_OUT_MIDLINE


@pytest.mark.parametrize("lost", [{"carriage_mm": None}, {"half_width_mm": None}])
def test_an_unknown_position_presses_nowhere_but_may_always_retract(lost):
    rig = Rig.start()
    rig.run(5)
    trip = rig.report(**lost)
    assert reason(trip) is Reason.POSITION_UNKNOWN
    resting = Rig.start()
    resting.report(**lost)
    assert reason(resting.ask()) is Reason.POSITION_UNKNOWN
    assert resting.ask(level=0).setpoint.levels == (0, 0)


def test_the_neck_is_refused_by_its_clearance():
    rig = Rig.start()
    rig.carriage_mm = 60
    rig.report()
    assert reason(rig.ask()) is Reason.CLEARANCE_C


def test_the_carriage_moves_only_once_the_rollers_are_reported_retracted():
    rig = Rig.start()
    rig.run(5)
    still = rig.ask(level=0, carriage_mm=100, half_width_mm=30).setpoint
    assert (still.levels, still.carriage_mm, still.half_width_mm) == ((0, 0), None, None)
    rig.drive(level=0)
    rig.now_ms += 100
    rig.report()
    free = rig.ask(level=0, carriage_mm=100, half_width_mm=30).setpoint
    assert (free.carriage_mm, free.half_width_mm) == (100, 30)


# What the device reports


@pytest.mark.parametrize(
    ("odd", "expected"),
    [
        ({"fault": True}, Reason.DEVICE_FAULT),
        ({"cause": Cause.WATCHDOG}, Reason.DEVICE_STOPPED),
        ({"cause": Cause.STOP}, Reason.DEVICE_STOPPED),
        ({"cause": Cause.TIMER}, Reason.DEVICE_STOPPED),
        ({"cause": Cause.LOCAL_BUTTON}, Reason.LOCAL_BUTTON),
        ({"epoch": 99}, Reason.FOREIGN_COMMAND),
        ({"actuators": (ActuatorReading(2, 10, 4), ActuatorReading(1, 10, 4))}, Reason.ABOVE_COMMANDED),
        ({"actuators": (ActuatorReading(1, 12, 4), ActuatorReading(1, 10, 4))}, Reason.ABOVE_COMMANDED),
        ({"actuators": (ActuatorReading(1, 10, 42), ActuatorReading(1, 10, 4))}, Reason.ABOVE_FORCE),
        ({"carriage_mm": 300}, Reason.OUT_OF_PLACE),
        ({"half_width_mm": 48}, Reason.OUT_OF_PLACE),
    ],
)
def test_a_device_that_does_something_else_trips(odd, expected):
    rig = Rig.start()
    rig.run(5)
    rig.now_ms += 100
    assert reason(rig.report(**odd)) is expected
    assert reason(rig.ask()) is Reason.TRIPPED


def test_a_trip_is_latched_through_rest_and_new_permits():
    rig = Rig.start()
    rig.run(5)
    first = rig.report(fault=True)
    rig.level = 0
    rig.now_ms += 100
    rig.report()
    rig.permit()
    assert reason(rig.ask()) is Reason.TRIPPED
    assert rig.governor.fail(Reason.LINK_LOST, rig.now_ms) == first


def test_silence_trips_within_a_second():
    rig = Rig.start()
    rig.run(5)
    rig.now_ms += 999
    assert rig.governor.timer(rig.now_ms) is None
    rig.now_ms += 2
    assert rig.governor.timer(rig.now_ms) is not None


def test_a_frozen_counter_is_silence():
    rig = Rig.start()
    rig.run(5)
    counter = rig.counter
    for _ in range(15):
        rig.now_ms += 100
        rig.report(counter=counter)
    assert rig.governor.timer(rig.now_ms).reason in {Reason.STALE_READING, Reason.LEASE_LAPSED}


def test_a_lease_that_nobody_renewed_trips():
    rig = Rig.start()
    rig.run(5)
    for _ in range(10):
        rig.now_ms += 100
        rig.report()
    assert reason(rig.governor.timer(rig.now_ms)) is Reason.LEASE_LAPSED


def test_a_reading_from_the_future_or_the_past_trips():
    for shift_ms in (1, -1001):
        rig = Rig.start()
        rig.run(5)
        assert reason(rig.report(at_ms=rig.now_ms + shift_ms)) is Reason.STALE_READING


def test_a_late_reading_widens_the_way_that_is_checked():
    rig = Rig.start()
    rig.run(1, first_mm=86, last_mm=150)
    rig.carriage_mm = 77  # patch and error end 3 mm below the neck's lower border
    early = replace_position(rig)
    assert not isinstance(early, Refusal)
    rig.now_ms += 900
    assert reason(rig.ask(carriage_mm=100)) is Reason.CLEARANCE_C


def replace_position(rig):
    """The chair rests at its position with rollers retracted, as after placing."""
    fresh = Rig(
        Governor.begin(envelope=envelope(), session_ms=900_000, before=BEFORE), carriage_mm=rig.carriage_mm
    )
    fresh.report()
    fresh.permit()
    rig.governor, rig.counter, rig.epoch, rig.level = fresh.governor, fresh.counter, fresh.epoch, 0
    rig.now_ms = fresh.now_ms
    return rig.drive(carriage_mm=100)


def test_a_clock_that_jumps_ahead_ends_the_session_and_never_lengthens_it():
    rig = Rig.start(session_ms=60_000)
    rig.run(10)
    rig.now_ms += 30 * 24 * 3600 * 1000
    assert rig.governor.timer(rig.now_ms) is not None
    assert rig.governor.usage.left_ms(rig.now_ms) == 0


def test_a_caller_can_only_lower():
    for permille, expected in ((300, 6), (1000, 10)):
        rig = Rig.start(caller_permille=permille)
        rig.run(200, level=20)
        assert rig.level == expected
    rig = Rig.start(caller_permille=0)
    assert reason(rig.ask()) is Reason.TOO_COARSE


def test_every_level_carries_the_bound_that_held_it():
    rig = Rig.start(caller_permille=300)
    assert rig.ask(level=20).cap.source is Source.RAMP
    rig.run(25, level=20)
    assert rig.ask(level=20).cap.source is Source.FIRST_CONTACT
    rig.run(100, level=20)
    assert rig.ask(level=20).cap.source is Source.CALLER
    assert rig.ask(level=3).cap.source is Source.ASKED


def test_a_carriage_that_creeps_away_trips_even_when_every_lease_names_its_target_anew():
    for target in (510, None):
        rig = Rig.start()
        rig.run(5, last_mm=510)
        for _ in range(40):
            rig.now_ms += 100
            rig.carriage_mm -= 1
            trip = rig.report()
            if trip:
                break
            answer = rig.ask(carriage_mm=target)
            rig.governor.redeem(answer.command, rig.now_ms)
        assert reason(trip) is Reason.OUT_OF_PLACE
