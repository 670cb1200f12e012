"""What every codec does with bytes, on no device at all. The first line of a check is what it holds."""

import random
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from massager.conformance.candidate import Candidate, ConformanceError, expect
from massager.guardian.frames import BeginFrame, EndFrame, SetFrame, check_bytes
from massager.model.ceilings import LEASE_LONGEST_MS
from massager.model.commands import Setpoint
from massager.model.errors import MalformedFrameError
from massager.model.telemetry import Reading

_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LAST: Final = 0xFFFF  # docs/protocol.md 3: of sequence and epoch, which do not wrap
_LONGEST: Final = 80  # chosen: longer than the state of twenty actuators
_TRIES: Final = 20  # chosen: so many random contents of each length


def stop_never_changes(candidate: Candidate) -> None:
    """STOP is one frame, fixed beforehand, with a place of its own to be written to."""
    codec, other = candidate.codec, type(candidate.codec)()
    expect(type(codec.stop_bytes) is bytes and codec.stop_bytes, "there are no stop bytes")
    expect(codec.stop_bytes == other.stop_bytes, "another codec of the same kind has other stop bytes")
    uuids = (codec.service_uuid, codec.command_uuid, codec.stop_uuid, codec.state_uuid)
    for uuid in (*uuids, codec.capabilities_uuid):
        expect(_UUID.fullmatch(uuid), f"{uuid!r} is no UUID in full and in lower case")
    expect(len({*uuids, codec.capabilities_uuid}) == len(uuids) + 1, "two characteristics share a UUID")


def levels_are_exact(candidate: Candidate) -> None:
    """Every level goes out as itself, and the guardian's second reading would refuse it one lower."""
    for levels in _levels(candidate):
        data = candidate.codec.begin(epoch=5, deadline_s=60, ceilings=levels)
        _reads(candidate, data, BeginFrame(5, 60, levels), f"BEGIN with ceilings {levels}")
        setpoint = _setpoint(candidate, levels)
        data = candidate.codec.set(seq=1, epoch=5, lease_ms=1000, setpoint=setpoint)
        _reads(candidate, data, SetFrame(1, 5, 1000, setpoint), f"SET with levels {levels}")
        for index, level in enumerate(levels):
            if level:
                lower = _setpoint(candidate, (*levels[:index], level - 1, *levels[index + 1 :]))
                said = check_bytes(data, SetFrame(1, 5, 1000, lower), codec=candidate.device.codec)
                expect(said, f"levels {levels} pass where {lower.levels + lower.warmth} are permitted")


def targets_are_exact(candidate: Candidate) -> None:
    """Targets, paces and leases go out as themselves, from end to end, and so does "stay where you are"."""
    carriage = candidate.device.carriage
    off = _setpoint(candidate, nothing(candidate))
    setpoints = [off]
    if carriage is not None:
        setpoints += [
            Setpoint(off.levels, along_mm, across_mm, pace_mm_s, off.warmth)
            for along_mm in (None, 0, 1, carriage.travel_mm - 1, carriage.travel_mm)
            for across_mm in (None, carriage.half_width_min_mm, carriage.half_width_max_mm)
            for pace_mm_s in (1, carriage.pace_max_mm_s)
        ]
    for setpoint in setpoints:
        for lease_ms in (1, 1000, LEASE_LONGEST_MS):
            data = candidate.codec.set(seq=1, epoch=5, lease_ms=lease_ms, setpoint=setpoint)
            _reads(candidate, data, SetFrame(1, 5, lease_ms, setpoint), f"SET {setpoint} for {lease_ms} ms")


def numbers_do_not_wrap(candidate: Candidate) -> None:
    """The last sequence and epoch go out as themselves; what has no room in a frame is an error."""
    codec, off = candidate.codec, _setpoint(candidate, nothing(candidate))
    for seq, epoch in ((1, 1), (_LAST, _LAST)):
        data = codec.set(seq=seq, epoch=epoch, lease_ms=1000, setpoint=off)
        _reads(candidate, data, SetFrame(seq, epoch, 1000, off), f"SET {seq} of epoch {epoch}")
        _reads(candidate, codec.end(epoch=epoch), EndFrame(epoch), f"END of epoch {epoch}")
    ones = tuple(1 for _ in nothing(candidate))
    for odd in (-1, _LAST + 1):
        _refuses(partial(codec.set, seq=odd, epoch=5, lease_ms=1000, setpoint=off), f"sequence {odd}")
        _refuses(partial(codec.set, seq=1, epoch=odd, lease_ms=1000, setpoint=off), f"epoch {odd}")
        _refuses(partial(codec.set, seq=1, epoch=5, lease_ms=odd, setpoint=off), f"lease {odd}")
        _refuses(partial(codec.begin, epoch=odd, deadline_s=60, ceilings=ones), f"epoch {odd}")
        _refuses(partial(codec.begin, epoch=5, deadline_s=odd, ceilings=ones), f"deadline {odd}")
        _refuses(partial(codec.end, epoch=odd), f"epoch {odd}")
    for level in (-1, 256, 1000):
        levels = (level, *ones[1:])
        _refuses(partial(codec.begin, epoch=5, deadline_s=60, ceilings=levels), f"ceilings {levels}")
        setpoint = _setpoint(candidate, levels)
        _refuses(partial(codec.set, seq=1, epoch=5, lease_ms=1000, setpoint=setpoint), f"levels {levels}")


def odd_bytes_are_refused(candidate: Candidate) -> None:
    """Whatever bytes arrive are a whole report of this device or a `MalformedFrameError`, nothing else."""
    chance = random.Random("conformance")  # noqa: S311 - repeatable
    parts = {"actuators": len(candidate.device.actuators), "heaters": len(candidate.device.heaters)}
    lengths = set()
    for length in range(_LONGEST + 1):
        contents = [chance.randbytes(length) for _ in range(_TRIES)]
        for data in (*contents, bytes(length)):
            try:
                found = candidate.codec.reading(data, at_ms=7, **parts)
            except MalformedFrameError:
                continue
            lengths.add(length)
            expect(found.at_ms == 7, "a report does not keep the time of its arrival")  # noqa: PLR2004
            _is_whole(found, candidate)
    expect(
        len(lengths) == 1, f"states of {sorted(lengths)} bytes are taken; those of one length would be right"
    )


def odd_capabilities_are_refused(candidate: Candidate) -> None:
    """Whatever bytes it reads as capabilities are capabilities or a `MalformedFrameError`, nothing else."""
    chance = random.Random("conformance")  # noqa: S311 - repeatable
    for length in range(_LONGEST + 1):
        for data in (*(chance.randbytes(length) for _ in range(_TRIES)), bytes(length), b"\1" * length):
            try:
                found = candidate.codec.capabilities(data)
            except MalformedFrameError:
                continue
            expect(
                all(part.levels >= 0 for part in found.actuators), f"{data.hex()} has levels below nothing"
            )


def nothing(candidate: Candidate) -> tuple[int, ...]:
    """A level 0 for each actuator and each heater."""
    return (0,) * (len(candidate.device.actuators) + len(candidate.device.heaters))


def _levels(candidate: Candidate) -> Iterator[tuple[int, ...]]:
    """Each part at each of its levels, the others off; then all at their lowest and at their highest."""
    off = nothing(candidate)
    highest = tuple(_highest(candidate))
    for index, most in enumerate(highest):
        for level in range(most + 1):
            yield (*off[:index], level, *off[index + 1 :])
    yield tuple(1 for _ in highest)
    yield highest


def _highest(candidate: Candidate) -> Iterator[int]:
    yield from (part.levels for part in candidate.device.actuators)
    yield from (heater.levels for heater in candidate.device.heaters)


def _setpoint(candidate: Candidate, levels: tuple[int, ...]) -> Setpoint:
    """What stays where it is, at these levels."""
    press = len(candidate.device.actuators)
    pace_mm_s = 0 if candidate.device.carriage is None else 1
    return Setpoint(levels[:press], None, None, pace_mm_s, levels[press:])


def _reads(candidate: Candidate, data: bytes, frame: BeginFrame | SetFrame | EndFrame, what: str) -> None:
    said = check_bytes(data, frame, codec=candidate.device.codec)
    expect(said is None, f"{what} is {data.hex(' ')}, which the guardian reads as: {said}")


def _refuses(encode: Callable[[], bytes], what: str) -> None:
    try:
        data = encode()
    except Exception:  # noqa: BLE001 - any error will do: what does not fit must not go out
        return
    raise ConformanceError(f"{what} does not fit, and is written as {data.hex(' ')}")


def _is_whole(found: Reading, candidate: Candidate) -> None:
    counts = (len(found.actuators), len(found.heaters))
    expect(
        counts == (len(candidate.device.actuators), len(candidate.device.heaters)),
        f"a report of {counts[0]} actuators and {counts[1]} heaters",
    )
    numbers = [found.counter, found.epoch, found.seq, found.deadline_s]
    numbers += [*(part.level for part in found.actuators), *(heater.level for heater in found.heaters)]
    expect(all(type(number) is int and number >= 0 for number in numbers), f"odd numbers in {found}")
