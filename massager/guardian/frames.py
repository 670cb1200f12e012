"""The last check: finished bytes, read back by hand from docs/protocol.md and not with the codec.

The check answers None, or in a sentence why the frame may not go out. A codec that is not known here has no
frame that may.
"""

import struct
from dataclasses import dataclass
from typing import Final

from massager.model.ceilings import LEASE_LONGEST_MS
from massager.model.commands import Setpoint

_BEGIN, _SET, _END = 1, 2, 3
_BEGIN_HEAD: Final = 6
_SET_HEAD: Final = 12
_END_LENGTH: Final = 3
_STAY_CARRIAGE: Final = 0xFFFF
_STAY_WIDTH: Final = 0xFF


@dataclass(frozen=True, slots=True)
class BeginFrame:
    """What a BEGIN may say at most."""

    epoch: int
    deadline_s: int
    ceilings: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SetFrame:
    """What a SET may say at most; `left_ms` is what is left of the lease."""

    seq: int
    epoch: int
    left_ms: int
    setpoint: Setpoint


@dataclass(frozen=True, slots=True)
class EndFrame:
    """What an END says."""

    epoch: int


def check_bytes(data: bytes, permitted: BeginFrame | SetFrame | EndFrame, *, codec: str) -> str | None:
    """Do finished bytes say no more than is permitted?"""
    if codec != "reference":
        return f"no second reading for the codec {codec!r}"
    if isinstance(permitted, BeginFrame):
        return _check_begin(data, permitted)
    if isinstance(permitted, SetFrame):
        return _check_set(data, permitted)
    if len(data) != _END_LENGTH or data[0] != _END:
        return f"not an END: {data.hex()}"
    return None if _u16(data, 1) == permitted.epoch else "END of another epoch"


def _check_begin(data: bytes, permitted: BeginFrame) -> str | None:
    count = len(permitted.ceilings)
    if len(data) != _BEGIN_HEAD + count or data[0] != _BEGIN or data[5] != count:
        return f"not a BEGIN: {data.hex()}"
    if _u16(data, 1) != permitted.epoch:
        return "BEGIN of another epoch"
    if not 1 <= _u16(data, 3) <= permitted.deadline_s:
        return f"deadline of {_u16(data, 3)} s"
    if any(level > most for level, most in zip(data[_BEGIN_HEAD:], permitted.ceilings, strict=True)):
        return f"ceilings above the permit: {data.hex()}"
    return None


def _check_set(data: bytes, permitted: SetFrame) -> str | None:
    setpoint = permitted.setpoint
    levels = (*setpoint.levels, *setpoint.warmth)
    count = len(levels)
    if len(data) != _SET_HEAD + count or data[0] != _SET or data[11] != count:
        return f"not a SET: {data.hex()}"
    if (_u16(data, 1), _u16(data, 3)) != (permitted.seq, permitted.epoch):
        return "SET of another sequence or epoch"
    if not 1 <= _u16(data, 5) <= min(permitted.left_ms, LEASE_LONGEST_MS):
        return f"lease of {_u16(data, 5)} ms"
    carriage = _STAY_CARRIAGE if setpoint.carriage_mm is None else setpoint.carriage_mm
    width = _STAY_WIDTH if setpoint.half_width_mm is None else setpoint.half_width_mm
    if (_u16(data, 7), data[9], data[10]) != (carriage, width, setpoint.pace_mm_s):
        return f"another target or pace: {data.hex()}"
    if any(level > most for level, most in zip(data[_SET_HEAD:], levels, strict=True)):
        return f"levels above the lease: {data.hex()}"
    return None


def _u16(data: bytes, offset: int) -> int:
    (number,) = struct.unpack_from("<H", data, offset)
    return int(number)
