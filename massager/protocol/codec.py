"""What every codec offers, and the words in which a device states its capabilities."""

from dataclasses import dataclass
from typing import Protocol

from massager.model.ceilings import Modality
from massager.model.commands import Setpoint
from massager.model.telemetry import Reading


@dataclass(frozen=True, slots=True)
class ActuatorCapability:
    """One actuator as the device states it; a modality this controller does not know is None."""

    modality: Modality | None
    levels: int
    force_dn_per_level: int
    radius_mm: int
    heats: bool = False


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What the device says it can do."""

    watchdog_ms: int
    deadline_max_s: int
    travel_mm: int
    half_width_min_mm: int
    half_width_max_mm: int
    pace_max_mm_s: int
    actuators: tuple[ActuatorCapability, ...]


class Codec(Protocol):
    """Turns approved setpoints into bytes and bytes into readings.

    Attributes:
        service_uuid: The service a device of this family advertises.
        stop_bytes: Written to `stop_uuid`; harmless when repeated or sent to a resting device.
    """

    service_uuid: str
    command_uuid: str
    stop_uuid: str
    state_uuid: str
    capabilities_uuid: str
    stop_bytes: bytes

    def begin(self, *, epoch: int, deadline_s: int, ceilings: tuple[int, ...]) -> bytes:
        """Bytes that open a session on the device, with its own deadline and ceilings."""

    def set(self, *, seq: int, epoch: int, lease_ms: int, setpoint: Setpoint) -> bytes:
        """Bytes of one lease."""

    def end(self, *, epoch: int) -> bytes:
        """Bytes that close the session on the device."""

    def reading(self, data: bytes, *, at_ms: int, actuators: int, heaters: int = 0) -> Reading:
        """Decode a state notification.

        Raises:
            MalformedFrameError: The bytes are not a state of a device with that many actuators and heaters.
        """

    def capabilities(self, data: bytes) -> Capabilities:
        """Decode what the device says it can do.

        Raises:
            MalformedFrameError: The bytes do not follow the protocol.
        """
