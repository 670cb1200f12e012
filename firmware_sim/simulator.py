"""The simulator as a whole: an air, devices on it, one trace; or one device on somebody else's air.

In a test on virtual time:

    async with Simulator(model="chair", seed=7, on_row=rows.append) as sim:
        radio = await sim.radio()
"""

import contextlib
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Self, TextIO

from bumble.transport.common import Transport

from firmware_sim.air import Air
from firmware_sim.clock import Clock
from firmware_sim.device import MODELS, SimulatedDevice
from firmware_sim.faults import Fault, distinct, parse
from firmware_sim.radio import Radio
from firmware_sim.stack import Host
from firmware_sim.surroundings import Surroundings
from firmware_sim.trace import Row, Trace


class Simulator:
    """Devices of one model or several, each numbered from 1: `chair-1` at C0:DE:00:00:00:01 and so on.

    The first byte of the address is C1 where the device is attached; the fifth is 00 for a chair, 01 for a
    cushion, 02 for a hand-held one.

    Attributes:
        air: where the devices are, and where `radio()` puts its centrals.
        devices: what is powered on, model by model in the order of their numbers.
    """

    def __init__(
        self,
        *,
        model: str = "chair",
        count: int = 1,
        models: Mapping[str, int] | None = None,
        seed: int = 1,
        faults: Sequence[Fault | str] = (),
        trace: TextIO | None = None,
        on_row: Callable[[Row], None] | None = None,
        attach: Transport | None = None,
    ) -> None:
        """Note what to simulate; nothing runs before `async with`.

        Args:
            model: a name in `device.MODELS`.
            count: how many devices, from 1 to `device.MAX_DEVICES`; with `attach` it is 1.
            models: how many of each model, in place of `model` and `count`.
            seed: repeats what is random in the faults.
            faults: each device gets all of them; text is read as on the command line.
            trace: takes the lines of docs/protocol.md 9.
            on_row: takes the same rows as mappings.
            attach: an HCI transport with a controller that takes the place of one on the simulator's own air.

        Raises:
            FaultError: a fault that does not exist, or one twice.
        """
        self.air = Air()
        self.devices: tuple[SimulatedDevice, ...] = ()
        self._models = {model: count} if models is None else dict(models)
        self._seed = seed
        self._faults = distinct(parse(fault) if isinstance(fault, str) else fault for fault in faults)
        self._surroundings = Surroundings(self._faults, self.air)
        self._trace = Trace(trace, on_row)
        self._attach = attach
        self._centrals = 0
        self._leave = contextlib.AsyncExitStack()

    async def __aenter__(self) -> Self:
        clock = Clock()
        # C1 where the air is somebody else's, whose own devices may be C0 already.
        place = "C0" if self._attach is None else "C1"
        kinds = list(MODELS)
        self.devices = tuple(
            SimulatedDevice(
                number,
                model=model,
                address=f"{place}:DE:00:00:{kinds.index(model):02X}:{number:02X}",
                seed=self._seed,
                faults=self._faults,
                trace=self._trace,
                clock=clock,
                surroundings=self._surroundings if self._attach is None else None,
            )
            for model, count in self._models.items()
            for number in range(1, count + 1)
        )
        self._leave.push_async_callback(self._surroundings.end)
        try:
            for device in self.devices:
                self._leave.push_async_callback(device.power_off)
                await device.power_on(self._host_of(device))
        except BaseException:
            await self._leave.aclose()
            raise
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _where: TracebackType | None
    ) -> None:
        await self._leave.aclose()

    async def radio(self) -> Radio:
        """Put a fresh central on the air and return bleak's backends for it; it goes with the simulator."""
        self._centrals += 1
        low = self._centrals.to_bytes(2, "big").hex(":").upper()
        central = self.air.device(f"central {self._centrals}", f"F0:00:00:00:{low}")
        self._leave.push_async_callback(central.power_off)
        await central.power_on()
        return self._surroundings.radio_on(central)

    def _host_of(self, device: SimulatedDevice) -> Host:
        if self._attach is not None:
            return Host(self._attach.source, self._attach.sink)
        return self.air.host(self.air.controller(device.device_id, device.address))
