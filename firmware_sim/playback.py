"""A recording on an air of its own, as `Simulator` has its devices.

async with Playback(Recording.read(path)) as playback:
    radio = await playback.radio()
"""

import contextlib
from collections.abc import Callable
from types import TracebackType
from typing import Final, Self

from bumble.transport.common import Transport

from firmware_sim.air import Air
from firmware_sim.radio import Radio, radio_on
from firmware_sim.recording import Recording
from firmware_sim.replay import ReplayedDevice
from firmware_sim.stack import Host


class Playback:
    """One replayed device, at C2:DE:00:00:00:01.

    Args:
        on_problem: Told where the device is used otherwise than recorded.
        attach: An HCI transport with a controller that takes the place of one on the own air.

    Attributes:
        problems: What `on_problem` was told.
    """

    def __init__(
        self,
        recording: Recording,
        *,
        on_problem: Callable[[str], None] | None = None,
        attach: Transport | None = None,
    ) -> None:
        self.air = Air()
        self.problems: Final[list[str]] = []
        self.devices: Final = (ReplayedDevice(recording, on_problem=self._note),)
        self._tell = on_problem
        self._attach = attach
        self._centrals = 0
        self._leave = contextlib.AsyncExitStack()

    async def __aenter__(self) -> Self:
        (device,) = self.devices
        self._leave.push_async_callback(device.power_off)
        if self._attach is not None:
            host = Host(self._attach.source, self._attach.sink)
        else:
            host = self.air.host(self.air.controller(device.device_id, device.address))
        try:
            await device.power_on(host)
        except BaseException:
            await self._leave.aclose()
            raise
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _where: TracebackType | None
    ) -> None:
        await self._leave.aclose()

    async def radio(self) -> Radio:
        """Put a fresh central on the air and return bleak's backends for it."""
        self._centrals += 1
        central = self.air.device(f"central {self._centrals}", f"F0:00:00:00:00:{self._centrals:02X}")
        self._leave.push_async_callback(central.power_off)
        await central.power_on()
        return radio_on(central)

    def _note(self, problem: str) -> None:
        self.problems.append(problem)
        if self._tell is not None:
            self._tell(problem)
