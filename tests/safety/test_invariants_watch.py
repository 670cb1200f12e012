"""What is seen in time, and where: each check alone, with nothing else behind it (INV-09, 13, 22, 24)."""

import pytest

from firmware_sim.virtual_time import run
from governor_rig import Rig, envelope
from guardian import rig as guarded
from massager.guardian.clock import LoopClock
from massager.guardian.link import Written
from massager.guardian.messages import Outcome
from massager.guardian.stopping import StopPath
from massager.guardian.told import OpenSession
from massager.model.body import Region, Zone
from massager.model.decisions import Reason, Refusal, Trip
from massager.model.telemetry import ActuatorReading
from samples import mild_lumbar, reading


def renewed(rig, report):
    """Drive on for 900 ms so that the lease outlives the last report that counts; the timer then."""
    for _ in range(9):
        rig.now_ms += 100
        report()
        assert not isinstance(rig.drive(level=1), Refusal)
    rig.now_ms += 101
    return rig.governor.timer(rig.now_ms)


def test_silence_trips_also_while_the_lease_still_runs():
    rig = Rig.start()
    rig.run(5)
    assert renewed(rig, lambda: None) == Trip(Reason.STALE_READING)


def test_a_frozen_counter_trips_also_while_the_lease_still_runs():
    rig = Rig.start()
    rig.run(5)
    counter = rig.counter
    assert renewed(rig, lambda: rig.report(counter=counter)) == Trip(Reason.STALE_READING)


def test_rollers_that_press_before_anything_was_told_trip():
    pressing = (ActuatorReading(0, 0, 0), ActuatorReading(1, 10, 4))
    assert Rig.start().report(actuators=pressing) == Trip(Reason.ABOVE_COMMANDED)


@pytest.mark.parametrize(("here_mm", "there_mm"), [(45, 55), (55, 45)])
def test_the_way_across_must_be_clear_of_the_strip_at_both_ends(here_mm, there_mm):
    rig = Rig.start()
    rig.half_width_mm = here_mm
    rig.now_ms += 100
    rig.report()
    assert rig.ask(half_width_mm=there_mm) == Refusal(Reason.KEEP_OUT_MIDLINE, Region.LUMBAR)


def test_a_zone_without_any_limits_has_no_half_width():
    lumbar = tuple(row for row in mild_lumbar().rows if row.region is Region.LUMBAR)
    found = envelope(profile=mild_lumbar(rows=lumbar))
    assert found.half_width_mm([Zone.T5_T8]) == Refusal(Reason.NO_PROFILE_ROW, Region.THORACIC)


class Confirming:
    """A link of which only the stop is used, and always confirmed."""

    async def write_stop(self):
        return Written(Outcome.CONFIRMED)


def test_a_report_of_rest_that_is_older_than_the_stop_s_arrival_is_none():
    async def main():
        path = StopPath(LoopClock(), escalate=lambda: None)
        path.begin()
        await path.attach(Confirming())
        arrived_ms = LoopClock().now_ms()
        path.heard(reading(at_ms=arrived_ms - 1))
        assert not path.rested.is_set()
        path.heard(reading(at_ms=arrived_ms))
        assert path.rested.is_set()

    run(main())


def test_what_the_device_was_told_within_the_settle_time_is_believed_of_it_in_both_processes():
    session = OpenSession(guarded.permit(), epoch=1)
    session.take(guarded.lease(1, 1, 0, level=8), 0)
    session.take(guarded.lease(2, 1, 500, level=2), 500)
    assert [session.highest(now_ms, 2) for now_ms in (500, 1500, 1501)] == [(8, 8), (8, 8), (2, 2)]
    early = session.facts(guarded.reading(at_ms=600), guarded.CHAIR, after=2, now_ms=650)
    assert [told.levels for told in early.recent] == [(8, 8), (2, 2)]
    late = session.facts(guarded.reading(at_ms=601), guarded.CHAIR, after=2, now_ms=650)
    assert [told.levels for told in late.recent] == [(2, 2)]

    rig = Rig.start()
    rig.run(60)
    high = rig.level
    assert rig.drive(level=1).setpoint.levels == (1, 1)
    rig.level = high
    for _ in range(9):
        rig.now_ms += 100
        assert rig.report() is None
        assert not isinstance(rig.drive(level=1), Refusal)
        rig.level = high
    rig.now_ms += 100
    assert rig.report() == Trip(Reason.ABOVE_COMMANDED)


@pytest.mark.parametrize(
    "odd",
    [
        {"at_ms": -1},
        {"at_ms": False},
        {"counter": 1.0},
        {"epoch": None},
        {"actuators": (ActuatorReading(-1, 0, 0), ActuatorReading(0, 0, 0))},
        {"actuators": (ActuatorReading(0, 0, 0), ActuatorReading(0, True, 0))},
        {"actuators": (ActuatorReading(0, 0, 0), ActuatorReading(0, 0, "0"))},
        {"carriage_mm": -1},
        {"carriage_mm": 470.0},
        {"carriage_mm": 581},
        {"half_width_mm": -1},
        {"half_width_mm": 81},
    ],
    ids=str,
)
def test_a_number_that_the_device_could_not_have_meant_is_a_fault(odd):
    assert Rig.start().report(**odd) == Trip(Reason.DEVICE_FAULT)


def test_every_number_that_the_device_has_is_taken():
    for place in ({"carriage_mm": 0, "half_width_mm": 0}, {"carriage_mm": 580, "half_width_mm": 80}):
        assert Rig.start().report(**place) is None
    assert Rig.start().report(carriage_mm=None, half_width_mm=None) is None
