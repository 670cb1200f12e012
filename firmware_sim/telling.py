"""What a device tells of its state where that goes wrong: frozen sensors, notifications on a bad way."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from firmware_sim import wire
from firmware_sim.clock import Clock
from firmware_sim.fault_plan import FaultPlan
from firmware_sim.wire import ActuatorCapability, ActuatorState, Modality, State

_NONSENSE_BYTES: Final = 40  # the most for a short state: chosen, because it is about twice that of a chair


class Telling:
    """From the firmware's state to the bytes that leave, with the faults of a plan."""

    def __init__(
        self,
        plan: FaultPlan,
        clock: Clock,
        actuators: tuple[ActuatorCapability, ...],
        *,
        send: Callable[[bytes], None],
    ) -> None:
        self._plan = plan
        self._clock = clock
        self._actuators = actuators
        self._send = send
        self._frozen: bytes | None = None
        self._sensed: dict[str, State] = {}
        self._last = b""
        self._stale = b""
        self._stale_until_s = 0.0
        self._held: list[bytes] = []

    def read(self, state: State, now_s: float) -> bytes:
        """What a read of State says."""
        if not self._plan.faults:
            return wire.encode_state(state)
        if now_s < self._stale_until_s:
            return self._stale
        self._last = wire.encode_state(self._as_sensed(state, now_s))
        return self._last

    def notify(self, state: State, now_s: float) -> None:
        """Send a state notification, or what becomes of it."""
        if not self._plan.faults:
            self._frozen, self._held = None, []
            self._send(wire.encode_state(state))
            return
        value = self._garbled(self.read(state, now_s), now_s)
        if value is None or self._plan.chance("lost_notifications", now_s):
            return
        copies = [value, value] if self._plan.chance("duplicate_notifications", now_s) else [value]
        if not self._held and self._plan.chance("reordered_notifications", now_s):
            self._held = copies
            return
        late_s = (self._plan.reigning("late_notifications", now_s) or 0.0) / 1000
        copies += self._held
        self._held = []
        for each in copies:
            if late_s:
                self._send_at(now_s + late_s, each)
            else:
                self._send(each)

    def connected(self, now_s: float) -> None:
        """Learn of a new link."""
        stale_s = self._plan.reigning("stale_state", now_s)
        if stale_s is not None and self._last:
            self._stale = self._last
            self._stale_until_s = now_s + stale_s

    def _send_at(self, when_s: float, value: bytes) -> None:
        self._clock.call_at(when_s, lambda _now_s: self._send(value))

    def _garbled(self, value: bytes, now_s: float) -> bytes | None:
        if self._plan.reigns("silent", now_s):
            return None
        if self._plan.reigns("nonsense", now_s):
            longest = max(_NONSENSE_BYTES, 2 * len(value))
            draw = self._plan.random()
            return draw.randbytes(draw.randint(0, longest))
        if self._plan.reigns("frozen", now_s):
            self._frozen = self._frozen or value
            return self._frozen
        self._frozen = None
        return value

    def _as_sensed(self, state: State, now_s: float) -> State:
        for name, repeat in _SENSORS.items():
            if self._plan.reigns(name, now_s):
                state = repeat(state, self._sensed.setdefault(name, state), self._actuators)
            else:
                self._sensed.pop(name, None)
        return state


def _same_place(live: State, was: State, _actuators: tuple[ActuatorCapability, ...]) -> State:
    return replace(live, carriage_mm=was.carriage_mm, half_width_mm=was.half_width_mm)


def _same_load(live: State, was: State, _actuators: tuple[ActuatorCapability, ...]) -> State:
    pairs = zip(live.actuators, was.actuators, strict=True)
    return replace(live, actuators=tuple(replace(now, load_n=then.load_n) for now, then in pairs))


def _same_warmth(live: State, was: State, actuators: tuple[ActuatorCapability, ...]) -> State:
    def repeat(now: ActuatorState, then: ActuatorState, can: ActuatorCapability) -> ActuatorState:
        return replace(now, depth_dmm=then.depth_dmm) if can.modality is Modality.HEAT else now

    each = zip(live.actuators, was.actuators, actuators, strict=True)
    return replace(live, actuators=tuple(repeat(*one) for one in each))


_SENSORS: Final = {
    "frozen_position": _same_place,
    "frozen_load": _same_load,
    "frozen_temperature": _same_warmth,
}
