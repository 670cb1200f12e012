"""Bytes of the open reference profile, seen from the device: docs/protocol.md chapters 1, 3, 4 and 5.

Every integer is unsigned and little-endian. Whether a well-formed command is also allowed now (epoch,
sequence, ceiling, travel) is for the firmware to say; this module refuses only what no state of the device
could accept.
"""

import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

SERVICE_UUID: Final = "5a1e0001-7d3b-4c52-9f0e-6d6173736167"
COMMAND_UUID: Final = "5a1e0002-7d3b-4c52-9f0e-6d6173736167"
STOP_UUID: Final = "5a1e0003-7d3b-4c52-9f0e-6d6173736167"
STATE_UUID: Final = "5a1e0004-7d3b-4c52-9f0e-6d6173736167"
CAPABILITIES_UUID: Final = "5a1e0005-7d3b-4c52-9f0e-6d6173736167"

MAX_LEASE_MS: Final = 2000  # docs/protocol.md 3
_NOT_A_CARRIAGE: Final = 0xFFFF  # "stay" in a command, "not known" in the state
_NOT_A_WIDTH: Final = 0xFF

_BEGIN: Final = struct.Struct("<BHHB")
_SET: Final = struct.Struct("<BHHHHBBB")
_END: Final = struct.Struct("<BH")
_STATE: Final = struct.Struct("<HBBHHHBH")
_CAPABILITIES: Final = struct.Struct("<BBHHHBBBB")


class Refusal(IntEnum):
    """The ATT application errors of docs/protocol.md 3."""

    MALFORMED = 0x80
    STALE_EPOCH = 0x81
    NO_SESSION = 0x82
    ABOVE_CEILING = 0x83
    OUTSIDE_TRAVEL = 0x84
    NOT_AT_REST = 0x85
    OTHER_LINK_DRIVES = 0x86
    SEQUENCE_NOT_RISING = 0x87
    DEVICE_FAULT = 0x88


class CommandError(Exception):
    """A command that the device does not accept; the device's state is as it was."""

    def __init__(self, refusal: Refusal, why: str) -> None:
        super().__init__(f"{refusal:02X} hex: {why}")
        self.refusal = refusal


class Cause(IntEnum):
    """What set the present state of the device: docs/protocol.md 4."""

    REST = 0
    LEASE = 1
    STOP = 2
    WATCHDOG = 3
    TIMER = 4
    LOCAL_BUTTON = 5
    FAULT = 6
    RETRACT = 7


class Modality(IntEnum):
    """What an actuator does to the body."""

    ROLLER = 1
    VIBRATION = 2
    PERCUSSION = 3
    HEAT = 4
    PLATFORM = 5


@dataclass(frozen=True, slots=True)
class ActuatorCapability:
    """One actuator in the capabilities; force in 0.1 N per level, 0 where not known."""

    modality: Modality
    levels: int
    force_dn: int
    radius_mm: int


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a model can do; `travel_mm` is 0 without a carriage."""

    version: int
    model: int
    watchdog_ms: int
    max_deadline_s: int
    travel_mm: int
    half_width_min_mm: int
    half_width_max_mm: int
    max_pace_mm_s: int
    actuators: tuple[ActuatorCapability, ...]


@dataclass(frozen=True, slots=True)
class Begin:
    """Opens a session; the ceilings are one level per actuator."""

    epoch: int
    deadline_s: int
    ceilings: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Set:
    """A lease on one state of all actuators; None means: stay where you are."""

    seq: int
    epoch: int
    lease_ms: int
    carriage_mm: int | None
    half_width_mm: int | None
    pace_mm_s: int
    levels: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class End:
    """Closes the session."""

    epoch: int


@dataclass(frozen=True, slots=True)
class ActuatorState:
    """One actuator in the state; depth in 0.1 mm and load in N, both already rounded up.

    Of a heat actuator `depth_dmm` holds the temperature of its surface in 0.2 °C.
    """

    level: int
    depth_dmm: int
    load_n: int


@dataclass(frozen=True, slots=True)
class State:
    """What the device says of itself; None stands for a position that is not known."""

    counter: int
    session_open: bool
    at_rest: bool
    moving: bool
    fault: bool
    cause: Cause
    epoch: int
    seq: int
    carriage_mm: int | None
    half_width_mm: int | None
    deadline_s: int
    actuators: tuple[ActuatorState, ...]


def decode_command(frame: bytes, capabilities: Capabilities) -> Begin | Set | End:
    """Read a write to Command.

    Args:
        frame: what was written, whatever it is.
        capabilities: of this device; they bound n, deadline and pace.

    Raises:
        CommandError: with MALFORMED, for an unknown opcode, a wrong length, a wrong n, or a lease, deadline
            or pace outside its range; with nothing else.
    """
    match frame[:1]:
        case b"\x01":
            _, epoch, deadline_s, n = _head(_BEGIN, frame, actuators=len(capabilities.actuators))
            ceilings = _levels(frame, _BEGIN, n)
            _within("deadline", deadline_s, capabilities.max_deadline_s)
            return Begin(epoch, deadline_s, ceilings)
        case b"\x02":
            fields = _head(_SET, frame, actuators=len(capabilities.actuators))
            _, seq, epoch, lease_ms, carriage_mm, half_width_mm, pace_mm_s, n = fields
            levels = _levels(frame, _SET, n)
            _within("lease", lease_ms, MAX_LEASE_MS)
            if capabilities.travel_mm:  # elsewhere nothing moves along, and the pace is ignored
                _within("pace", pace_mm_s, capabilities.max_pace_mm_s)
            return Set(
                seq=seq,
                epoch=epoch,
                lease_ms=lease_ms,
                carriage_mm=None if carriage_mm == _NOT_A_CARRIAGE else carriage_mm,
                half_width_mm=None if half_width_mm == _NOT_A_WIDTH else half_width_mm,
                pace_mm_s=pace_mm_s,
                levels=levels,
            )
        case b"\x03":
            return End(_head(_END, frame, actuators=0)[1])
        case _:
            raise CommandError(Refusal.MALFORMED, "unknown opcode")


def _head(layout: struct.Struct, frame: bytes, *, actuators: int) -> tuple[int, ...]:
    if len(frame) != layout.size + actuators:
        raise CommandError(Refusal.MALFORMED, f"length {len(frame)}, not {layout.size + actuators}")
    return layout.unpack_from(frame)


def _levels(frame: bytes, layout: struct.Struct, n: int) -> tuple[int, ...]:
    levels = frame[layout.size :]
    if n != len(levels):
        raise CommandError(Refusal.MALFORMED, f"n is {n}, not {len(levels)}")
    return tuple(levels)


def _within(name: str, value: int, highest: int) -> None:
    if not 1 <= value <= highest:
        raise CommandError(Refusal.MALFORMED, f"{name} {value} is not from 1 to {highest}")


def encode_state(state: State) -> bytes:
    """Lay out the 13 + 3n bytes of the State characteristic."""
    flags = state.session_open | state.at_rest << 1 | state.moving << 2 | state.fault << 3
    head = _STATE.pack(
        state.counter,
        flags,
        state.cause,
        state.epoch,
        state.seq,
        _NOT_A_CARRIAGE if state.carriage_mm is None else state.carriage_mm,
        _NOT_A_WIDTH if state.half_width_mm is None else state.half_width_mm,
        state.deadline_s,
    )
    return head + b"".join(bytes((a.level, a.depth_dmm, a.load_n)) for a in state.actuators)


def encode_capabilities(capabilities: Capabilities) -> bytes:
    """Lay out the 12 + 4n bytes of the Capabilities characteristic."""
    head = _CAPABILITIES.pack(
        capabilities.version,
        capabilities.model,
        capabilities.watchdog_ms,
        capabilities.max_deadline_s,
        capabilities.travel_mm,
        capabilities.half_width_min_mm,
        capabilities.half_width_max_mm,
        capabilities.max_pace_mm_s,
        len(capabilities.actuators),
    )
    return head + b"".join(
        bytes((a.modality, a.levels, a.force_dn, a.radius_mm)) for a in capabilities.actuators
    )
