"""Whether a connected device is the one of the profile."""

from dataclasses import replace

import pytest

from guardian.gate_rig import chair
from guardian.rig import CHAIR
from massager.guardian.link import Identity
from massager.guardian.reported import check_capabilities, check_identity
from massager.model.ceilings import Modality
from massager.model.errors import MalformedFrameError
from massager.protocol.codec import ActuatorCapability, Capabilities

STATED = Capabilities(
    watchdog_ms=1000,
    deadline_max_s=1200,
    travel_mm=580,
    half_width_min_mm=30,
    half_width_max_mm=80,
    pace_max_mm_s=40,
    actuators=(ActuatorCapability(Modality.ROLLER, 20, 40, 15),) * 2,
)
CONNECTED = Identity("C0:DE", "REF-CHAIR", "1.0", "SIM-1", b"stated")


class ByHand:
    """A codec that reads the one set of capabilities."""

    def __init__(self, stated=STATED):
        self._stated = stated

    def capabilities(self, data):
        if data != b"stated":
            raise MalformedFrameError("capabilities of 0 bytes")
        return self._stated


def test_the_device_of_the_profile_is_taken():
    assert check_identity(CONNECTED, CHAIR, ByHand()) is None


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"model_number": "OTHER"}, "it is OTHER with firmware 1.0"),
        ({"firmware": "1.1"}, "it is REF-CHAIR with firmware 1.1"),
        ({"capabilities": b""}, "capabilities of 0 bytes"),
    ],
)
def test_another_device_is_not_taken_and_said_what_it_is(changes, says):
    assert check_identity(replace(CONNECTED, **changes), CHAIR, ByHand()) == says


def test_a_device_that_can_do_something_else_is_not_taken():
    slower = replace(STATED, pace_max_mm_s=39)
    assert check_identity(CONNECTED, CHAIR, ByHand(slower)) == "pace is 39, the profile says 40"


@pytest.mark.parametrize(
    "name",
    ["watchdog_ms", "deadline_max_s", "travel_mm", "half_width_min_mm", "half_width_max_mm", "pace_max_mm_s"],
)
def test_each_figure_is_the_profiles(name):
    for by in (-1, 1):
        assert check_capabilities(replace(STATED, **{name: getattr(STATED, name) + by}), CHAIR) is not None


@pytest.mark.parametrize(
    "changes",
    [
        {"modality": Modality.VIBRATION},
        {"modality": None},
        {"levels": 21},
        {"levels": 19},
        {"force_dn_per_level": 41},
        {"force_dn_per_level": 39},
        {"radius_mm": 14},
        {"radius_mm": 16},
    ],
)
@pytest.mark.parametrize("which", [0, 1])
def test_each_actuator_is_the_profiles(which, changes):
    actuators = list(STATED.actuators)
    actuators[which] = replace(actuators[which], **changes)
    assert check_capabilities(replace(STATED, actuators=tuple(actuators)), CHAIR) is not None


@pytest.mark.parametrize("count", [0, 1, 3])
def test_another_number_of_actuators_is_named(count):
    stated = replace(STATED, actuators=STATED.actuators[:1] * count)
    assert check_capabilities(stated, CHAIR) == f"number of actuators is {count}, the profile says 2"


def test_a_force_that_nobody_measured_is_stated_as_none_at_all():
    unknown = chair(force_dn_per_level=None)
    quiet = replace(STATED, actuators=tuple(replace(one, force_dn_per_level=0) for one in STATED.actuators))
    assert check_capabilities(quiet, unknown) is None
    assert check_capabilities(STATED, unknown) is not None
    for force in (-1, 1):
        odd = replace(
            STATED, actuators=tuple(replace(one, force_dn_per_level=force) for one in STATED.actuators)
        )
        assert check_capabilities(odd, unknown) is not None
