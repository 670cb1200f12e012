"""One simulated device: mechanics, firmware, faults, trace and radio, driven by the running loop.

Time is whatever the loop says, so the same device runs in real time and, on a `VirtualTimeLoop`, in virtual
time. A resting device sets no timer unless somebody listens to its notifications.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, Literal, Protocol

from bumble.keys import MemoryKeyStore

from firmware_sim import wire
from firmware_sim.appliance import Appliance
from firmware_sim.chair import Chair
from firmware_sim.clock import Clock
from firmware_sim.cushion import Cushion
from firmware_sim.fault_effects import FaultEffects
from firmware_sim.fault_kinds import Side
from firmware_sim.fault_plan import FaultPlan
from firmware_sim.faults import Fault, FaultError
from firmware_sim.handheld import Handheld
from firmware_sim.peripheral import Identity, Peripheral
from firmware_sim.plant import Plant
from firmware_sim.stack import Host
from firmware_sim.trace import DeviceTrace, Trace

MODELS: Final[Mapping[str, Callable[[], Plant]]] = {
    "chair": Chair,
    "cushion": Cushion,
    "handheld": Handheld,
}
Button = Literal["stop", "plus", "minus"]
MAX_DEVICES: Final = 255  # of one model: its address has one byte for the number


class Surroundings(Protocol):
    """What is around a device, as far as its faults reach beyond it."""

    def begun(self) -> None:
        """Learn of its first accepted BEGIN."""

    def namesake(self, device: "SimulatedDevice", *, there: bool) -> None:
        """Put another device of its name on its air, or take it away."""


class SimulatedDevice:
    """One device from power-up on; `device_id` names it in the trace, `address` is static random."""

    def __init__(
        self,
        index: int,
        *,
        model: str,
        address: str,
        seed: int,
        faults: Iterable[Fault],
        trace: Trace,
        clock: Clock,
        namesake_of: str | None = None,
        surroundings: Surroundings | None = None,
    ) -> None:
        """Note what it is; it is on the air once it is powered on.

        Args:
            index: its number, in its name on the air.
            model: a name in `MODELS`.
            address: on the air.
            seed: repeats what is random in its faults.
            faults: what goes wrong with it.
            trace: takes its rows.
            clock: of its simulator.
            namesake_of: which device it is mistaken for, if it is the other one of the fault `namesake`.
            surroundings: what is around it; None where that is not ours.

        Raises:
            FaultError: it cannot have one of these faults here.
        """
        self.device_id: Final = f"{namesake_of}-namesake" if namesake_of else f"{model}-{index}"
        self.address: Final = address
        self._index = index
        self._serial = f"SIM-N{index:03}" if namesake_of else f"SIM-{index:04}"
        self._surroundings = surroundings
        self._model, self._seed, self._trace, self._clock = model, seed, trace, clock
        self._plant = MODELS[model]()
        device_trace = DeviceTrace(trace, device=self.device_id, plant=self._plant)
        device_trace.introduce(clock.now_s(), model=model, seed=seed, clocks=clock.at_start)
        own = tuple(fault for fault in faults if fault.side is not Side.HOST)
        for fault in own:
            self._check(fault)
        self._plan = FaultPlan(own, seed=seed, device=self.device_id)
        self._appliance = Appliance(self._plan, clock, self._plant, device_trace)
        self._effects = FaultEffects(self._plan, clock, self._appliance, on_namesake=self._namesake)
        self._appliance.on_begin = self._begun
        self._bonds = MemoryKeyStore()

    async def power_on(self, host: Host) -> None:
        """Appear on the air behind this host's controller."""
        identity = Identity(
            name=f"{self._plant.model_number} {self._index:02}",
            address=self.address,
            manufacturer="Open Reference",
            model_number=self._plant.model_number,
            serial_number=self._serial,
            firmware_revision="1.0",
            capabilities=wire.encode_capabilities(self._plant.capabilities),
        )
        await self._appliance.outages.power_on(Peripheral(host, identity, self._appliance, self._bonds))
        self._effects.schedule()

    async def power_off(self) -> None:
        """Leave the air; from here on nothing moves and nothing is traced."""
        self._effects.cancel()
        self._appliance.halt()
        await self._appliance.outages.power_off()

    # What is done to it from outside, while it runs.

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Its faults, set in or not."""
        return self._plan.faults

    def inject(self, fault: Fault) -> None:
        """Add a fault; its AFTER_S counts from now.

        Raises:
            FaultError: it is there already, or no device can have it, or not here.
        """
        self._check(fault)
        self._effects.inject(fault)

    def clear(self, name: str) -> None:
        """Take a fault away; what it has done stays done, but for what ends with it.

        Raises:
            FaultError: it is not there.
        """
        self._effects.clear(name)

    def press(self, button: Button) -> None:
        """Let somebody press one of the device's own buttons."""
        match button:
            case "stop":
                self._appliance.stop_itself(wire.Cause.LOCAL_BUTTON)
            case "plus":
                self._appliance.step_levels(1)
            case "minus":
                self._appliance.step_levels(-1)

    def stand_up(self) -> None:
        """Let the person get up: nothing touches anybody until they sit down again."""
        self._appliance.lean(on=False)

    def sit_down(self) -> None:
        """Let the person sit down again, onto whatever the device does now."""
        self._appliance.lean(on=True)

    def make_namesake(self) -> "SimulatedDevice":
        """Make another device that has its name on the air, a neighbour's."""
        head, byte, tail = self.address[:9], "FF", self.address[11:]  # where those of all others have 00
        return SimulatedDevice(
            self._index,
            model=self._model,
            address=head + byte + tail,
            seed=self._seed,
            faults=(),
            trace=self._trace,
            clock=self._clock,
            namesake_of=self.device_id,
        )

    def _check(self, fault: Fault) -> None:
        if fault.side is Side.HOST:
            raise FaultError(f"{fault.name} is a fault of the controller's own radio, no device can have it")
        if fault.name == "namesake" and self._surroundings is None:
            raise FaultError("namesake needs an air of its own: --listen, not --attach")

    def _begun(self) -> None:
        self._effects.schedule()
        if self._surroundings is not None:
            self._surroundings.begun()

    def _namesake(self, *, there: bool) -> None:
        if self._surroundings is not None:
            self._surroundings.namesake(self, there=there)
