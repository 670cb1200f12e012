"""What every device does on the air. The first line of a check is what it holds."""

import asyncio
from typing import Final

from massager.conformance.bench import REPORTS_S, RETRACTED_S, Bench
from massager.conformance.candidate import ConformanceError, expect
from massager.guardian.messages import Outcome
from massager.guardian.reported import check_identity
from massager.model.errors import MalformedFrameError
from massager.model.telemetry import Cause

_LEASE_MS: Final = 500  # chosen: shorter than any watchdog
_LONGEST_LEASE_MS: Final = 2000  # docs/protocol.md 3
_LATE_S: Final = 0.3  # chosen: three reports of a driven device, for the air and the report


async def identity_is_the_profiles(bench: Bench) -> None:
    """It is the device of its profile: model, firmware and all capabilities."""
    said = check_identity(bench.identity, bench.candidate.device, bench.candidate.codec)
    expect(said is None, f"it is not: {said}")


async def report_is_whole_or_refused(bench: Bench) -> None:
    """A report with a byte too few or too many is refused; with every byte it is read."""
    device = bench.candidate.device
    for length in {*range(len(bench.state) + 8)} - {len(bench.state)}:
        data = (bench.state + bytes(8))[:length]
        try:
            bench.candidate.codec.reading(
                data, at_ms=0, actuators=len(device.actuators), heaters=len(device.heaters)
            )
        except MalformedFrameError:
            continue
        raise ConformanceError(f"{length} of {len(bench.state)} bytes are taken for a report")


async def begin_lease_and_stop(bench: Bench) -> None:
    """BEGIN opens a session, a lease moves, STOP ends both, and the device tells each."""
    await bench.begin()
    await bench.until(lambda told: told.session_open, "tells an open session", within_s=REPORTS_S)
    await bench.drive()
    await bench.stop()
    expect(not bench.readings[-1].session_open, "the session is open after STOP")
    expect(bench.readings[-1].cause is Cause.STOP, f"it rests because of {bench.readings[-1].cause}")


async def stop_is_harmless(bench: Bench) -> None:
    """STOP may be written to a resting device, and twice."""
    for _ in range(2):
        await bench.stop()
    written = await bench.link.write_stop()
    expect(written.outcome is Outcome.CONFIRMED, f"the third STOP is {written.outcome}")


async def nothing_moves_after_a_stop(bench: Bench) -> None:
    """After STOP no lease of that epoch is taken, and no BEGIN of it."""
    await bench.begin()
    await bench.drive()
    await bench.stop()
    expect(not await bench.accepts(bench.frame(seq=2)), "a lease of the stopped epoch is accepted")
    expect(not await bench.write_begin(bench.epoch), "BEGIN of the stopped epoch is accepted")
    await bench.rest("it still rests")


async def nothing_goes_above_the_ceiling(bench: Bench) -> None:
    """A level above the session's ceiling is refused whole, and the lease in force stays."""
    await bench.begin(ceiling=1)
    await bench.drive()
    expect(not await bench.accepts(bench.frame(seq=2, level=2)), "level 2 is accepted under ceiling 1")
    await asyncio.sleep(_LATE_S)
    highest = max(part.level for told in bench.readings for part in told.actuators)
    expect(highest <= 1, f"it tells level {highest} under ceiling 1")


async def sequence_rises(bench: Bench) -> None:
    """A lease with the sequence of the one before, or an earlier one, is refused."""
    await bench.begin()
    await bench.drive(seq=5)
    for seq in (5, 4):
        expect(not await bench.accepts(bench.frame(seq=seq)), f"sequence {seq} after 5 is accepted")
    expect(await bench.accepts(bench.frame(seq=0xFFFF)), "the last sequence is refused")
    expect(not await bench.accepts(bench.frame(seq=0)), "the sequence wraps")


async def epoch_rises(bench: Bench) -> None:
    """A lease of another epoch is refused, and so is BEGIN with an epoch that was seen."""
    await bench.begin()
    for epoch in (bench.epoch - 1, bench.epoch + 1):
        expect(
            not await bench.accepts(bench.frame(seq=1, epoch=epoch)), "a lease of another epoch is accepted"
        )
    expect(await bench.accepts(bench.candidate.codec.end(epoch=bench.epoch)), "END is refused")
    for epoch in (bench.epoch, bench.epoch - 1):
        expect(not await bench.write_begin(epoch), f"BEGIN {epoch} after {bench.epoch} is accepted")


async def odd_frames_are_refused(bench: Bench) -> None:
    """A frame with a byte too few or too many, of no known kind or of no byte at all is refused."""
    await bench.begin()
    whole = bench.frame(seq=1)
    for data in (whole[:-1], whole + b"\0", b"\x7f" + whole[1:], b"", b"\xff" * len(whole)):
        expect(not await bench.accepts(data), f"{data.hex(' ') or 'nothing'} is accepted")
    expect(not any(told.actuators[0].level for told in bench.readings), "an odd frame moved it")


async def lease_ends_by_itself(bench: Bench) -> None:
    """A lease that nobody renews ends at its time, and the device rests and says why."""
    await bench.begin()
    await bench.drive(lease_ms=_LEASE_MS)
    await _ends_by_itself(bench, _LEASE_MS / 1000, Cause.WATCHDOG)


async def watchdog_ends_a_longer_lease(bench: Bench) -> None:
    """Where nothing valid arrives for the watchdog's time, it ends a lease that would last longer."""
    watchdog_ms = bench.candidate.device.watchdog_ms
    if watchdog_ms >= _LONGEST_LEASE_MS:
        return  # no lease is longer
    await bench.begin()
    await bench.drive(lease_ms=_LONGEST_LEASE_MS)
    await _ends_by_itself(bench, watchdog_ms / 1000, Cause.WATCHDOG)


async def deadline_ends_the_session(bench: Bench) -> None:
    """The device's own deadline ends a session whose leases go on."""
    await bench.begin(deadline_s=1)
    accepted = [await _lease_and_wait(bench, seq) for seq in range(1, 16)]
    expect(accepted[0] and not accepted[-1], f"leases were accepted: {accepted}")
    rest = await bench.rest("it rests after its deadline")
    expect(rest.cause is Cause.TIMER, f"it rests because of {rest.cause}")


async def end_lets_go(bench: Bench) -> None:
    """END retracts, and no lease is taken after it."""
    await bench.begin()
    await bench.drive()
    expect(await bench.accepts(bench.candidate.codec.end(epoch=bench.epoch)), "END is refused")
    await bench.rest("it rests after END")
    expect(not await bench.accepts(bench.frame(seq=2)), "a lease after END is accepted")


async def _lease_and_wait(bench: Bench, seq: int) -> bool:
    accepted = await bench.accepts(bench.frame(seq=seq))
    await asyncio.sleep(0.1)  # as often as the controller renews
    return accepted


async def _ends_by_itself(bench: Bench, after_s: float, cause: Cause) -> None:
    await bench.until(lambda told: told.actuators[0].level == 0, "tells level 0", within_s=after_s + _LATE_S)
    rest = await bench.rest(within_s=RETRACTED_S)
    expect(rest.cause is cause, f"it rests because of {rest.cause}")
