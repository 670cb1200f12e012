"""The fixtures of the pytest plugin. They run on virtual time, on the loop of the test that uses them.

Bumble takes half a second to import, so only a fixture that is used does.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

import pytest
import pytest_asyncio

from firmware_sim.pytest_plugin import VIRTUAL_LOOP

if TYPE_CHECKING:
    from firmware_sim.device import SimulatedDevice
    from firmware_sim.plant_trace import PlantTrace
    from firmware_sim.radio import Radio
    from firmware_sim.replay import ReplayedDevice
    from firmware_sim.replay_part import Line
    from firmware_sim.simulator import Simulator
    from firmware_sim.trace import Row
    from firmware_sim.virtual_time import VirtualTimeLoop


class Model(TypedDict):
    """What a test has simulated."""

    model: str
    count: int
    seed: int


@dataclass(frozen=True, slots=True)
class SimulatedMassager:
    """A running simulator, in a test.

    Attributes:
        radio: What bleak uses in this test, also where a program names no backend.
        trace: What the devices did so far.
    """

    simulator: "Simulator"
    radio: "Radio"
    trace: "PlantTrace"
    _clock: "VirtualTimeLoop"
    _began_s: float

    @property
    def now_s(self) -> float:
        """The time that the trace would write now."""
        return round(self._clock.time() - self._began_s, 3)

    @property
    def devices(self) -> "tuple[SimulatedDevice, ...]":
        """What is on the air."""
        return self.simulator.devices

    @property
    def device(self) -> "SimulatedDevice":
        """The first one."""
        return self.simulator.devices[0]

    @property
    def address(self) -> str:
        """Of the first one."""
        return self.device.address


@pytest_asyncio.fixture(loop_scope="function", name=VIRTUAL_LOOP)
async def virtual_loop() -> "VirtualTimeLoop":
    """The loop of this test."""
    from firmware_sim.virtual_time import VirtualTimeLoop  # noqa: PLC0415 - as the module says

    loop = asyncio.get_running_loop()
    if not isinstance(loop, VirtualTimeLoop):
        pytest.fail("virtual time is for a test that is an `async def`", pytrace=False)
    return loop


@pytest.fixture
def virtual_clock(_massager_virtual_loop: "VirtualTimeLoop") -> "VirtualTimeLoop":
    """The loop of this test, whose clock jumps to the next timer; `virtual_clock.time()` is its time in s."""
    return _massager_virtual_loop


@pytest_asyncio.fixture(loop_scope="function")
async def massager_sim(
    _massager_virtual_loop: "VirtualTimeLoop", request: pytest.FixtureRequest
) -> AsyncIterator[SimulatedMassager]:
    """A massager that advertises: a chair, or what the markers `massager_model` and `faults` say."""
    from firmware_sim.default_radio import bleak_uses  # noqa: PLC0415 - as the module says
    from firmware_sim.plant_trace import PlantTrace  # noqa: PLC0415
    from firmware_sim.simulator import Simulator  # noqa: PLC0415

    rows: list[Row] = []
    began_s = _massager_virtual_loop.time()
    faults = [fault for marker in request.node.iter_markers("faults") for fault in marker.args]
    async with Simulator(**_model(request.node), faults=faults, on_row=rows.append) as simulator:
        radio = await simulator.radio()
        with bleak_uses(radio):
            yield SimulatedMassager(simulator, radio, PlantTrace(rows), _massager_virtual_loop, began_s)


def _model(test: pytest.Item) -> Model:
    marker = test.get_closest_marker("massager_model")
    return massager_model(*marker.args, **marker.kwargs) if marker else massager_model("chair")


def massager_model(name: str, *, count: int = 1, seed: int = 1) -> Model:
    """What the marker of that name says."""
    from firmware_sim.device import MODELS  # noqa: PLC0415 - as the module says

    if name not in MODELS:
        pytest.fail(f"there is no model {name!r}; there are {', '.join(MODELS)}", pytrace=False)
    return {"model": name, "count": count, "seed": seed}


@dataclass(frozen=True, slots=True)
class ReplayedMassager:
    """A recording that is played as a device, in a test.

    Attributes:
        radio: What bleak uses in this test, also where a program names no backend.
        problems: Where the device was used otherwise than recorded; at the end of the test there may be none.
    """

    radio: "Radio"
    device: "ReplayedDevice"
    problems: list[str]

    @property
    def address(self) -> str:
        """Of the device."""
        return self.device.address

    @property
    def left(self) -> "list[Line]":
        """What was recorded and has not happened yet."""
        return self.device.left


@pytest_asyncio.fixture(loop_scope="function")
async def massager_replay(
    _massager_virtual_loop: "VirtualTimeLoop",
    request: pytest.FixtureRequest,
) -> AsyncIterator[ReplayedMassager]:
    """The recording that the marker `recording` names, as a device that advertises."""
    from firmware_sim.default_radio import bleak_uses  # noqa: PLC0415 - as the module says
    from firmware_sim.playback import Playback  # noqa: PLC0415
    from firmware_sim.recording import Recording  # noqa: PLC0415

    marker = request.node.get_closest_marker("recording")
    if marker is None:
        pytest.fail("massager_replay plays nothing: mark the test with recording('FILE')", pytrace=False)
    recording = Recording.read(request.path.parent / marker.args[0])
    async with Playback(recording) as playback:
        radio = await playback.radio()
        with bleak_uses(radio):
            yield ReplayedMassager(radio, playback.devices[0], playback.problems)
    if playback.problems:
        told = "\n".join(playback.problems)
        pytest.fail(f"not used as in {marker.args[0]}:\n{told}", pytrace=False)
