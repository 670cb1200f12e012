"""The gate's checks of a lease itself: its number, its time, its figures, and what the device reports."""

from dataclasses import replace

import pytest

from guardian.gate_rig import chair, facts
from guardian.rig import CHAIR, lease, permit, reading, row, setpoint
from massager.guardian.gate import check_lease
from massager.model.telemetry import ActuatorReading

PRESSING = (ActuatorReading(5, 50, 20), ActuatorReading(5, 50, 20))


def test_a_lease_in_the_middle_passes():
    assert check_lease(lease(1, 1, 0, 10, carriage_mm=480), facts()) is None


def test_the_gate_needs_no_clock_that_begins_at_nought():
    late = facts(permit=permit(70_000), reading=reading(at_ms=69_990), now_ms=70_000)
    assert check_lease(lease(1, 1, 70_000, 10, carriage_mm=480), late) is None
    assert check_lease(lease(1, 1, 0, 10, carriage_mm=480), late) is not None


@pytest.mark.parametrize(
    "changes",
    [
        {"epoch": 0},
        {"epoch": 2},
        {"epoch": True},
        {"number": 0},
        {"number": 4},
        {"number": True},
        {"expires_ms": 0},
        {"expires_ms": 2001},
        {"expires_ms": True},
        {"expires_ms": 1.5},
    ],
)
def test_a_lease_of_another_epoch_number_or_time_is_refused(changes):
    assert check_lease(replace(lease(5, 1, 0, 5), **changes), facts(after_number=4)) is not None


@pytest.mark.parametrize("changes", [{"number": 5}, {"number": 500}, {"expires_ms": 1}, {"expires_ms": 2000}])
def test_a_lease_may_skip_numbers_and_last_two_seconds(changes):
    assert check_lease(replace(lease(5, 1, 0, 5), **changes), facts(after_number=4)) is None


def test_a_lease_may_not_outlive_its_permit():
    assert check_lease(lease(1, 1, 0, 5), facts(permit=permit(ends_ms=500))) is None
    assert check_lease(lease(1, 1, 0, 5), facts(permit=permit(ends_ms=499))) is not None


@pytest.mark.parametrize(
    "changes",
    [
        {"levels": (5,)},
        {"levels": (5, 5, 5)},
        {"levels": (True, 5)},
        {"levels": (5, -1)},
        {"levels": (-1, 5)},
        {"levels": (5, 21)},
        {"levels": (5, 5.0)},
        {"levels": (5, "5")},
        {"levels": (0, 11)},
        {"pace_mm_s": 0},
        {"pace_mm_s": 41},
        {"pace_mm_s": True},
        {"carriage_mm": -1},
        {"carriage_mm": 581},
        {"carriage_mm": True},
        {"half_width_mm": 29},
        {"half_width_mm": 81},
        {"half_width_mm": 49},
        {"half_width_mm": 61},
    ],
)
def test_an_odd_or_forbidden_setpoint_is_refused(changes):
    odd = replace(lease(1, 1, 0), setpoint=setpoint(5, **changes))
    assert check_lease(odd, facts()) is not None


@pytest.mark.parametrize("pace_mm_s", [1, 40])
def test_a_pace_is_the_devices_own(pace_mm_s):
    assert check_lease(lease(1, 1, 0, 5, pace_mm_s=pace_mm_s), facts()) is None


def test_a_level_the_device_has_is_refused_for_the_ceiling_and_one_more_for_the_device():
    assert "above 10 at" in check_lease(lease(1, 1, 0, 20), facts())
    assert "level 21 of" in check_lease(lease(1, 1, 0, 21), facts())


def test_the_table_is_looked_at_again_whatever_the_permit_says():
    def passes(level, profile):
        loose = permit(
            rows=tuple(row(one.name, level_max=profile.actuators[0].levels) for one in CHAIR.actuators)
        )
        return check_lease(lease(1, 1, 0, level), facts(permit=loose, profile=profile)) is None

    fine = chair(levels=4000, force_dn_per_level=1, depth_dmm_per_level=0)
    unknown = chair(levels=4000, force_dn_per_level=None, depth_dmm_per_level=0)
    for most, profile in ((10, CHAIR), (400, fine), (1000, unknown)):
        assert passes(most, profile)
        assert not passes(most + 1, profile)


@pytest.mark.parametrize(
    "changes",
    [
        {"at_ms": -1001},
        {"at_ms": 1},
        {"fault": True},
        {"carriage_mm": None},
        {"half_width_mm": None},
        {"half_width_mm": 49},
        {"actuators": (ActuatorReading(0, 0, 0),)},
    ],
)
def test_nothing_presses_on_a_report_that_does_not_carry_it(changes):
    assert check_lease(lease(1, 1, 0, 5), facts(reading=reading(**changes))) is not None


def test_nothing_presses_without_a_report():
    assert check_lease(lease(1, 1, 0, 5), facts(reading=None)) is not None


def test_a_report_is_fresh_for_a_second():
    assert check_lease(lease(1, 1, 0, 5), facts(reading=reading(at_ms=-1000))) is None


def test_retracting_in_place_needs_no_report_at_all():
    assert check_lease(lease(1, 1, 0, 0), facts(reading=None)) is None


@pytest.mark.parametrize(
    "target",
    [{"carriage_mm": 0}, {"carriage_mm": 580}, {"half_width_mm": 30}, {"half_width_mm": 80}],
)
def test_a_move_with_all_levels_zero_needs_everything_retracted(target):
    move = lease(1, 1, 0, 0, **target)
    assert check_lease(move, facts()) is None
    assert check_lease(move, facts(recent=(setpoint(0),))) is None
    assert check_lease(move, facts(reading=reading(actuators=PRESSING))) is not None
    # under way out, not yet reported
    assert check_lease(move, facts(recent=(setpoint(5),))) is not None
    assert check_lease(move, facts(recent=(setpoint(0), setpoint(levels=(0, 1))))) is not None
    assert check_lease(move, facts(reading=None)) is not None


@pytest.mark.parametrize(
    "target",
    [
        {"carriage_mm": -1},
        {"carriage_mm": 581},
        {"carriage_mm": True},
        {"carriage_mm": 450.0},
        {"half_width_mm": 29},
        {"half_width_mm": 81},
        {"half_width_mm": 50.5},
        {"half_width_mm": True},
    ],
)
def test_no_move_goes_beyond_the_travel(target):
    assert check_lease(lease(1, 1, 0, 0, **target), facts()) is not None
