"""What the device reports, against what it was told."""

import pytest

from guardian.rig import CHAIR, permit, reading
from massager.guardian.reported import check_reading
from massager.model.decisions import Reason
from massager.model.telemetry import ActuatorReading, Cause

PRESSING = {"at_rest": False, "cause": Cause.LEASE, "actuators": (ActuatorReading(5, 50, 20),) * 2}


def trip(highest=(5, 5), **changes):
    found = check_reading(
        reading(**(PRESSING | changes)), permit=permit(), profile=CHAIR, epoch=1, seq=4, highest=highest
    )
    return found and found.reason


def test_a_device_that_does_what_it_was_told_does_not_trip():
    assert trip() is None


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
        ({"carriage_mm": 353}, Reason.OUT_OF_PLACE),
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
