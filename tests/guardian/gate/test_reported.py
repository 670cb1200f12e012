"""What the device reports, against what it was told."""

import pytest

from guardian.gate_rig import with_rows
from guardian.rig import CHAIR, permit, reading
from massager.guardian.reported import SETTLE_MS, check_reading
from massager.model.decisions import Reason
from massager.model.telemetry import ActuatorReading, Cause

PRESSING = {"at_rest": False, "cause": Cause.LEASE, "actuators": (ActuatorReading(5, 50, 20),) * 2}


def trip(highest=(5, 5), given=None, **changes):
    found = check_reading(
        reading(**(PRESSING | changes)),
        permit=given or permit(),
        profile=CHAIR,
        epoch=1,
        seq=4,
        highest=highest,
    )
    return found and found.reason


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"seq": 4},
        {"epoch": 0},
        {"half_width_mm": 50},
        {"half_width_mm": 60},
        {"carriage_mm": 354},
        {"carriage_mm": 608},
        {"actuators": (ActuatorReading(0, 50, 20),) * 2},
        {"cause": Cause.RETRACT},
        {"cause": Cause.REST},
    ],
)
def test_a_device_that_does_what_it_was_told_does_not_trip(changes):
    assert trip(**changes) is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"fault": True}, Reason.DEVICE_FAULT),
        ({"cause": Cause.FAULT}, Reason.DEVICE_FAULT),
        ({"cause": Cause.LOCAL_BUTTON}, Reason.LOCAL_BUTTON),
        ({"cause": Cause.WATCHDOG}, Reason.DEVICE_STOPPED),
        ({"cause": Cause.TIMER}, Reason.DEVICE_STOPPED),
        ({"cause": Cause.STOP}, Reason.DEVICE_STOPPED),
        ({"epoch": 2}, Reason.FOREIGN_COMMAND),
        ({"seq": 5}, Reason.FOREIGN_COMMAND),
        ({"highest": (5, 4)}, Reason.ABOVE_COMMANDED),
        ({"actuators": (ActuatorReading(5, 51, 21),) * 2}, Reason.ABOVE_COMMANDED),
        ({"carriage_mm": None}, Reason.POSITION_UNKNOWN),
        ({"half_width_mm": None}, Reason.POSITION_UNKNOWN),
        ({"actuators": (ActuatorReading(6, 0, 0),) * 2}, Reason.ABOVE_COMMANDED),
        ({"actuators": (ActuatorReading(0, 51, 0),) * 2}, Reason.ABOVE_COMMANDED),
        ({"actuators": (ActuatorReading(0, 0, 0), ActuatorReading(6, 0, 0))}, Reason.ABOVE_COMMANDED),
        ({"carriage_mm": 353}, Reason.OUT_OF_PLACE),
        ({"carriage_mm": 609}, Reason.OUT_OF_PLACE),
        ({"half_width_mm": 49}, Reason.OUT_OF_PLACE),
        ({"half_width_mm": 61}, Reason.OUT_OF_PLACE),
    ],
)
def test_a_device_that_does_anything_else_trips(changes, reason):
    assert trip(**changes) is reason


def test_a_retracted_device_may_be_anywhere():
    assert trip(carriage_mm=0, half_width_mm=30, actuators=(ActuatorReading(0, 0, 0),) * 2) is None


def test_a_load_without_level_or_depth_still_presses():
    assert trip(carriage_mm=0, actuators=(ActuatorReading(0, 0, 1),) * 2) is Reason.OUT_OF_PLACE


def test_the_second_actuator_is_looked_at_where_the_first_is_in_place_or_retracted():
    left_only = permit(rows=permit().rows[:1])
    assert trip(given=left_only) is Reason.OUT_OF_PLACE
    right_alone = (ActuatorReading(0, 0, 0), ActuatorReading(5, 50, 20))
    assert trip(given=left_only, actuators=right_alone) is Reason.OUT_OF_PLACE
    assert trip(given=left_only, actuators=right_alone[::-1]) is None


def test_every_row_that_a_patch_touches_says_how_near_the_midline_it_may_be():
    two = with_rows({"last_mm": 450}, {"first_mm": 451, "half_width_min_mm": 56})
    assert trip(given=two) is Reason.OUT_OF_PLACE
    assert trip(given=two, half_width_mm=56) is None


def test_a_report_of_another_number_of_actuators_is_not_taken_for_a_whole_one():
    with pytest.raises(ValueError, match="shorter"):
        trip(actuators=(ActuatorReading(5, 50, 20),))


def test_a_fall_may_take_as_long_as_twenty_millimetres_at_the_chairs_retraction():
    deepest_mm = CHAIR.actuators[0].levels * CHAIR.actuators[0].depth_dmm_per_level // 10
    retraction_mm_s = 20  # docs/protocol.md 6
    assert 1000 * deepest_mm // retraction_mm_s == SETTLE_MS
