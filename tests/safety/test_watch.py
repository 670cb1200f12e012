"""What the device reports, held against what it was told: times, levels and places to the last unit."""

from dataclasses import replace

import pytest

from governor_rig import BEFORE, Rig, envelope
from massager.model.body import Zone
from massager.model.commands import Setpoint
from massager.model.decisions import Reason, Trip
from massager.model.people import KeepOut
from massager.model.telemetry import ActuatorReading, Cause, HeaterReading
from massager.safety.governor import Governor
from massager.safety.watch import Watch
from samples import demo, reading


def test_a_carriage_without_a_target_does_not_stray():
    assert not Watch()._strays(10**6)


def rested(rig):
    """A stop, and the report that the chair has come to rest."""
    rig.governor.stop(rig.now_ms)
    rig.level = 0
    rig.now_ms += 20_000
    rig.report()


def test_what_was_commanded_before_a_stop_makes_no_report_of_the_permit_before_late():
    rig = Rig.start()
    rig.run(5)
    rested(rig)
    rig.governor.permitted(2)
    rig.now_ms += 100
    assert rig.report(epoch=1) is None


def test_a_carriage_that_was_moved_during_a_pause_does_not_stray_on_its_way_back():
    rig = Rig.start()
    rig.run(4, last_mm=520)
    rested(rig)
    rig.carriage_mm = 450
    rig.report()
    rig.permit()
    rig.drive(carriage_mm=520)
    rig.now_ms += 100
    assert rig.report() is None


def test_the_same_permit_again_changes_nothing_of_what_was_commanded():
    rig = Rig.start()
    rig.run(5)
    rig.governor.permitted(rig.epoch)
    rig.now_ms += 100
    assert rig.report() is None


def test_contact_until_a_report_counts_where_the_rollers_were_before_it():
    rig = Rig.start()
    rig.carriage_mm = 440
    rig.report()
    rig.drive(level=1)
    rig.now_ms += 400
    rig.report(carriage_mm=436)
    assert rig.governor.usage.zones_ms == {Zone.L4_S1: 400}


@pytest.mark.parametrize(
    ("command", "level", "pressing"),
    [("stop", 1, True), ("stop", 0, False), ("off", 1, True), ("off", 0, False), ("on", 0, True)],
)
def test_rollers_count_as_pressing_until_they_are_told_to_come_in_and_say_that_they_are(
    command, level, pressing
):
    rig = Rig.start()
    rig.run(5)
    if command == "stop":
        rig.governor.stop(rig.now_ms)
    else:
        rig.drive(level=1 if command == "on" else 0)
    rig.level = level
    rig.now_ms += 100
    assert rig.report() is None
    assert rig.governor.state.pressing is pressing


def test_rollers_that_are_in_under_a_permit_that_commanded_nothing_yet_do_not_press():
    rig = Rig.start()
    rig.run(5)
    rig.governor.permitted(2)
    rig.level = 0
    rig.now_ms += 100
    assert rig.report(epoch=2) is None
    assert rig.governor.state.pressing is False


def test_a_danger_that_is_seen_while_it_stops_is_no_further_trip():
    rig = Rig.start()
    rig.run(5)
    rig.governor.stop(rig.now_ms)
    assert rig.report(fault=True) is None
    assert rig.governor.trip is None


def test_after_a_stop_a_device_may_say_that_it_was_stopped():
    rig = Rig.start()
    rig.run(5)
    rested(rig)
    rig.now_ms += 100
    assert rig.report(cause=Cause.STOP) is None
    assert rig.report(epoch=99) is None


def test_rest_that_is_told_under_an_old_counter_is_none():
    rig = Rig.start()
    rig.run(5)
    rig.governor.stop(rig.now_ms)
    rig.now_ms += 100
    rig.report()
    rig.level = 0
    rig.report(counter=rig.counter)
    assert rig.governor.state.stopping is True


@pytest.mark.parametrize(("target_mm", "near_mm", "far_mm"), [(510, 465, 464), (None, 475, 476)])
def test_a_carriage_that_runs_the_wrong_way_at_once_trips_with_the_first_report(target_mm, near_mm, far_mm):
    for place_mm, expected in ((near_mm, None), (far_mm, Trip(Reason.OUT_OF_PLACE))):
        rig = Rig.start()
        rig.drive(carriage_mm=target_mm)
        rig.now_ms += 100
        assert rig.report(carriage_mm=place_mm) == expected


def test_a_carriage_that_turns_back_on_its_way_trips():
    rig = Rig.start()
    rig.drive(carriage_mm=510)
    for place_mm, expected in ((500, None), (495, None), (494, Trip(Reason.OUT_OF_PLACE))):
        rig.now_ms += 100
        assert rig.report(carriage_mm=place_mm) == expected


def test_whoever_never_said_where_the_carriage_is_may_still_be_told_to_stay():
    governor = Governor.begin(envelope=envelope(), session_ms=900_000, before=BEFORE)
    rig = Rig(governor, carriage_mm=None)
    rig.report()
    rig.permit()
    assert rig.drive(level=0).setpoint.levels == (0, 0)
    assert len(rig.leases) == 1


def test_of_unlike_levels_the_highest_is_the_one_that_was_commanded():
    watch = Watch()
    watch.commands(Setpoint((3, 8), None, None, 10), 0)
    assert watch.commanded == 8


@pytest.mark.parametrize(
    ("now_ms", "ahead_ms", "way_mm"),
    # 40 mm/s since the report at 1000 ms and until the command arrives, and one more for rounding.
    [(1000, 0, 1), (1000, 100, 5), (1500, 100, 25), (1951, 50, 42), (900, 101, 6)],
)
def test_the_way_since_the_last_report_is_rounded_up(now_ms, ahead_ms, way_mm):
    assert Watch(fresh_ms=1000).latency_mm(now_ms, ahead_ms, pace_mm_s=40) == way_mm


def test_the_way_since_the_last_report_is_one_of_the_fastest_pace_that_may_still_be_gone():
    watch = Watch(fresh_ms=1000)
    watch.commands(Setpoint((3, 3), None, None, 40), 0)
    watch.commands(Setpoint((3, 3), None, None, 10), 500)
    assert [watch.latency_mm(now_ms, 100, pace_mm_s=20) for now_ms in (1499, 1500)] == [25, 13]
    assert watch.latency_mm(1500, 100, pace_mm_s=5) == 7


def test_an_actuator_may_be_at_what_it_was_told_within_the_settle_time_whatever_warms_beside_it():
    watch = Watch()
    assert watch.deepest(0) == 0
    watch.commands(Setpoint((3, 8), None, None, 10, (9,)), 0)
    watch.commands(Setpoint((3, 4), None, None, 10, (9,)), 500)
    assert [watch.deepest(now_ms) for now_ms in (500, 1499, 1500)] == [8, 8, 4]


def test_a_report_counts_for_a_second_and_none_at_all_for_not_an_instant():
    assert Watch().stale(0)
    watch = Watch(last=reading(), fresh_ms=1000)
    assert [watch.stale(now_ms) for now_ms in (999, 1000, 2000, 2001)] == [True, False, False, True]
    rig = Rig.start()
    assert rig.report(at_ms=rig.now_ms - 1000) is None
    assert rig.governor.state.watch.fresh_ms == rig.now_ms - 1000


def test_a_device_has_a_second_from_the_first_lease_on_to_report_of_the_new_permit():
    rig = Rig.start()
    rig.now_ms += 5000
    assert rig.report(epoch=0) is None
    for _ in range(2):
        rig.drive(level=1)
        rig.now_ms += 500
        assert rig.report(epoch=0) is None
    rig.now_ms += 1
    assert rig.report(epoch=0) == Trip(Reason.STALE_READING)


def test_a_level_may_be_felt_for_a_second_after_another_was_commanded():
    rig = Rig.start()
    rig.drive(level=1)
    rig.now_ms += 100
    rig.drive(level=0)
    rig.level = 1
    rig.now_ms += 999
    assert rig.report() is None
    rig.now_ms += 1
    assert rig.report() == Trip(Reason.ABOVE_COMMANDED)


@pytest.mark.parametrize(
    ("told", "expected"),
    # Depth and load are rounded up by one unit.
    [
        (ActuatorReading(0, 1, 1), None),
        (ActuatorReading(0, 2, 1), Trip(Reason.ABOVE_COMMANDED)),
        (ActuatorReading(1, 1, 1), Trip(Reason.ABOVE_COMMANDED)),
    ],
)
def test_before_the_first_lease_of_a_permit_nothing_may_press(told, expected):
    rig = Rig.start()
    rig.now_ms += 100
    assert rig.report(actuators=(told, ActuatorReading(0, 0, 0))) == expected


@pytest.mark.parametrize(
    ("depth_dmm", "load_n", "expected"),
    # 1 mm a level, and 40 N at most.
    [(11, 41, None), (12, 41, Reason.ABOVE_COMMANDED), (11, 42, Reason.ABOVE_FORCE)],
)
def test_depth_and_load_may_be_a_rounding_above_what_they_should_be(depth_dmm, load_n, expected):
    rig = Rig.start()
    rig.drive(level=1)
    trip = rig.report(actuators=(ActuatorReading(1, depth_dmm, load_n),) * 2)
    assert (trip and trip.reason) is expected


def test_a_device_that_stopped_for_a_fault_has_one():
    rig = Rig.start()
    rig.run(1)
    assert rig.report(cause=Cause.FAULT) == Trip(Reason.DEVICE_FAULT)


def test_a_roller_that_rests_over_a_keep_out_while_the_other_presses_trips():
    told = reading(at_ms=1000, epoch=1, cause=Cause.LEASE, carriage_mm=470, half_width_mm=50)
    told = replace(told, at_rest=False, actuators=(ActuatorReading(5, 50, 20), ActuatorReading(0, 0, 0)))
    scar = KeepOut("scar", (700_000, 850_000), left_mm=20, right_mm=90)
    for found, expected in (
        (envelope(), None),
        (envelope(person=demo(keep_outs=(scar,))), Reason.OUT_OF_PLACE),
    ):
        watch = Watch()
        watch.permitted(1)
        watch.commands(Setpoint((5, 5), None, None, 10), 900)
        assert watch.reading(told, 1000, found) == expected


@pytest.mark.parametrize(
    "parts",
    [
        {"actuators": (ActuatorReading(0, 0, 0),)},
        {"actuators": (ActuatorReading(0, 0, 0),) * 3},
        {"heaters": (HeaterReading(0, 330),)},
    ],
    ids=str,
)
def test_a_report_of_another_number_of_parts_is_a_fault(parts):
    assert Watch().reading(reading(at_ms=1000, **parts), 1000, envelope()) is Reason.DEVICE_FAULT
