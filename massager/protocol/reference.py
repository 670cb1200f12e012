"""The open reference profile (docs/protocol.md)."""

import struct

from massager.model.ceilings import Modality
from massager.model.commands import Setpoint
from massager.model.errors import MalformedFrameError
from massager.model.telemetry import ActuatorReading, Cause, HeaterReading, Reading
from massager.protocol.codec import ActuatorCapability, Capabilities, Codec

_UNKNOWN_MM = 0xFFFF
_UNKNOWN_HALF_WIDTH = 0xFF

# Every link carries so much of a notification: the smallest ATT MTU of 23, less 3 (docs/protocol.md 4).
_LEAST_NOTIFICATION = 20

_STATE = struct.Struct("<HBBHHHBH")
_CAPABILITIES = struct.Struct("<BBHHHBBBB")

_CAUSES = (
    Cause.REST,
    Cause.LEASE,
    Cause.STOP,
    Cause.WATCHDOG,
    Cause.TIMER,
    Cause.LOCAL_BUTTON,
    Cause.FAULT,
    Cause.RETRACT,
)

_HEAT = 4
# A heater tells its surface in steps of 0.2 °C.
_DC_PER_STEP = 2

_MODALITIES = {1: Modality.ROLLER, 2: Modality.VIBRATION, 3: Modality.PERCUSSION}


class ReferenceCodec(Codec):
    """Codec of docs/protocol.md; the golden vectors beside it hold it to the page."""

    service_uuid = "5a1e0001-7d3b-4c52-9f0e-6d6173736167"
    command_uuid = "5a1e0002-7d3b-4c52-9f0e-6d6173736167"
    stop_uuid = "5a1e0003-7d3b-4c52-9f0e-6d6173736167"
    state_uuid = "5a1e0004-7d3b-4c52-9f0e-6d6173736167"
    capabilities_uuid = "5a1e0005-7d3b-4c52-9f0e-6d6173736167"
    stop_bytes = b"\x00"

    def begin(self, *, epoch: int, deadline_s: int, ceilings: tuple[int, ...]) -> bytes:
        """BEGIN."""
        return struct.pack("<BHHB", 1, epoch, deadline_s, len(ceilings)) + bytes(ceilings)

    def set(self, *, seq: int, epoch: int, lease_ms: int, setpoint: Setpoint) -> bytes:
        """SET; None as a target is the frame's "stay where you are"."""
        head = struct.pack(
            "<BHHHHBBB",
            2,
            seq,
            epoch,
            lease_ms,
            _UNKNOWN_MM if setpoint.carriage_mm is None else setpoint.carriage_mm,
            _UNKNOWN_HALF_WIDTH if setpoint.half_width_mm is None else setpoint.half_width_mm,
            setpoint.pace_mm_s,
            len(setpoint.levels) + len(setpoint.warmth),
        )
        return head + bytes((*setpoint.levels, *setpoint.warmth))

    def end(self, *, epoch: int) -> bytes:
        """END."""
        return struct.pack("<BH", 3, epoch)

    def reading(self, data: bytes, *, at_ms: int, actuators: int, heaters: int = 0) -> Reading:
        """Decode a state notification; see `Codec.reading`."""
        whole = _STATE.size + 3 * (actuators + heaters)
        if _LEAST_NOTIFICATION <= len(data) < whole:
            raise MalformedFrameError(
                f"only {len(data)} of {whole} bytes of its state arrive, as over a link with an MTU below "
                f"{whole + 3}; try another Bluetooth adapter"
            )
        if len(data) != whole:
            raise MalformedFrameError(f"state of {len(data)} bytes for {actuators} + {heaters} actuators")
        counter, flags, cause, epoch, seq, carriage, half_width, deadline_s = _STATE.unpack_from(data)
        if flags >= 1 << 4 or cause >= len(_CAUSES):
            raise MalformedFrameError(f"flags {flags:#04x}, cause {cause}")
        triples = list(zip(*[iter(data[_STATE.size :])] * 3, strict=True))
        return Reading(
            at_ms=at_ms,
            counter=counter,
            session_open=bool(flags & 1),
            at_rest=bool(flags & 2),
            moving=bool(flags & 4),
            fault=bool(flags & 8),
            cause=_CAUSES[cause],
            epoch=epoch,
            seq=seq,
            carriage_mm=None if carriage == _UNKNOWN_MM else carriage,
            half_width_mm=None if half_width == _UNKNOWN_HALF_WIDTH else half_width,
            deadline_s=deadline_s,
            actuators=tuple(ActuatorReading(*triple) for triple in triples[:actuators]),
            heaters=tuple(
                HeaterReading(level, _DC_PER_STEP * steps) for level, steps, _load in triples[actuators:]
            ),
        )

    def capabilities(self, data: bytes) -> Capabilities:
        """Decode capabilities; see `Codec.capabilities`."""
        if len(data) < _CAPABILITIES.size:
            raise MalformedFrameError(f"capabilities of {len(data)} bytes")
        version, _model, watchdog_ms, deadline_s, travel, narrow, wide, pace, count = (
            _CAPABILITIES.unpack_from(data)
        )
        if version != 1 or len(data) != _CAPABILITIES.size + 4 * count:
            raise MalformedFrameError(f"capabilities version {version}, {len(data)} bytes, {count} actuators")
        quads = zip(*[iter(data[_CAPABILITIES.size :])] * 4, strict=True)
        return Capabilities(
            watchdog_ms=watchdog_ms,
            deadline_max_s=deadline_s,
            travel_mm=travel,
            half_width_min_mm=narrow,
            half_width_max_mm=wide,
            pace_max_mm_s=pace,
            actuators=tuple(
                ActuatorCapability(_MODALITIES.get(modality), levels, force, radius, heats=modality == _HEAT)
                for modality, levels, force, radius in quads
            ),
        )
