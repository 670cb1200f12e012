"""Every registered codec and every simulated device passes; the page says so; nothing broken does."""

import re
import struct
import sys
from dataclasses import replace

import pytest

from conformance_rig import PAGE, candidates, on_the_air, table
from firmware_sim import session as firmware_session
from firmware_sim import wire
from firmware_sim.firmware import Firmware
from firmware_sim.session import Session
from massager.catalog import load_device
from massager.conformance import (
    BYTE_CHECKS,
    DEVICE_CHECKS,
    Candidate,
    ConformanceError,
    __main__,
    behaviour,
    frames,
    vectors,
)
from massager.model.commands import Setpoint
from massager.protocol import CODECS
from massager.protocol.reference import ReferenceCodec

every_device = pytest.mark.parametrize("name", list(candidates()))


@every_device
@pytest.mark.parametrize("check", BYTE_CHECKS, ids=lambda check: check.__name__)
def test_a_codec_does_with_bytes_what_every_codec_must(name, check):
    check(candidates()[name])


@every_device
@pytest.mark.parametrize("check", DEVICE_CHECKS, ids=lambda check: check.__name__)
def test_a_simulated_device_does_on_the_air_what_every_device_must(name, check):
    on_the_air(candidates()[name], check)


def test_every_registered_codec_is_held_to_the_suite():
    assert {type(candidate.codec) for candidate in candidates().values()} == set(CODECS.values())


def test_the_page_says_who_passes_what():
    shown = [line for line in PAGE.read_text().splitlines() if line.startswith("|")]
    assert shown == table()


def test_from_a_shell_each_check_has_a_line_and_what_fails_says_why(monkeypatch, capsys):
    given = ["conformance", "--device", "chair", "--vectors", str(PAGE.parent / "vectors" / "reference.yaml")]
    monkeypatch.setattr(sys, "argv", given)
    assert __main__.main() == 0
    assert capsys.readouterr().out.splitlines() == [f"{check.__name__}: passes" for check in BYTE_CHECKS]
    monkeypatch.setattr(sys, "argv", given[:3])
    assert __main__.main() == 1
    assert "vectors_hold: FAILS: there are no vectors" in capsys.readouterr().out
    monkeypatch.setattr(sys, "argv", [*given, "--radio", "tcp:127.0.0.1:1"])
    assert __main__.main() == 1
    assert re.search(r"radio: FAILS: .*no simulator at tcp:127.0.0.1:1", capsys.readouterr().out)


# Codecs that are wrong in one thing each.


class OneUuid(ReferenceCodec):
    stop_uuid = ReferenceCodec.command_uuid


class NoStop(ReferenceCodec):
    stop_bytes = b""


class ChangingStop(ReferenceCodec):
    made = 0

    def __init__(self) -> None:
        ChangingStop.made += 1
        self.stop_bytes = bytes([ChangingStop.made % 256])


class OneMore(ReferenceCodec):
    def set(self, *, seq, epoch, lease_ms, setpoint):
        levels = tuple(level + 1 if level == 3 else level for level in setpoint.levels)
        return super().set(seq=seq, epoch=epoch, lease_ms=lease_ms, setpoint=replace(setpoint, levels=levels))


class CutCeilings(ReferenceCodec):
    def begin(self, *, epoch, deadline_s, ceilings):
        ceilings = tuple(min(ceiling, 4) for ceiling in ceilings)
        return super().begin(epoch=epoch, deadline_s=deadline_s, ceilings=ceilings) + b"\0"


class StaysAtNothing(ReferenceCodec):
    def set(self, *, seq, epoch, lease_ms, setpoint):
        if setpoint.carriage_mm is None and setpoint.half_width_mm is not None:
            setpoint = replace(setpoint, carriage_mm=0)
        return super().set(seq=seq, epoch=epoch, lease_ms=lease_ms, setpoint=setpoint)


class Wraps(ReferenceCodec):
    def set(self, *, seq, epoch, lease_ms, setpoint):
        return super().set(seq=seq % 0x10000, epoch=epoch, lease_ms=lease_ms, setpoint=setpoint)


class CutsLevels(ReferenceCodec):
    def set(self, *, seq, epoch, lease_ms, setpoint):
        levels = tuple(level % 256 for level in setpoint.levels)
        return super().set(seq=seq, epoch=epoch, lease_ms=lease_ms, setpoint=replace(setpoint, levels=levels))


class LastIsRefused(ReferenceCodec):
    def end(self, *, epoch):
        if epoch >= 0xFFFF:
            return b"\3\0\0"
        return super().end(epoch=epoch)


class ReadsTooMuch(ReferenceCodec):
    def reading(self, data, *, at_ms, actuators, heaters=0):
        whole = 13 + 3 * (actuators + heaters)
        return super().reading(data[:whole], at_ms=at_ms, actuators=actuators, heaters=heaters)


class Stumbles(ReferenceCodec):
    def reading(self, data, *, at_ms, actuators, heaters=0):
        struct.unpack_from("<H", data, 8)
        return super().reading(data, at_ms=at_ms, actuators=actuators, heaters=heaters)

    def capabilities(self, data):
        struct.unpack_from("<H", data, 8)
        return super().capabilities(data)


class LosesTime(ReferenceCodec):
    def reading(self, data, *, at_ms, actuators, heaters=0):
        return super().reading(data, at_ms=at_ms + 1, actuators=actuators, heaters=heaters)


class OtherCause(ReferenceCodec):
    def reading(self, data, *, at_ms, actuators, heaters=0):
        found = super().reading(data, at_ms=at_ms, actuators=actuators, heaters=heaters)
        return replace(found, deadline_s=found.deadline_s + 1)


@pytest.mark.parametrize(
    ("check", "codec", "says"),
    [
        (frames.stop_never_changes, OneUuid, "share a UUID"),
        (frames.stop_never_changes, NoStop, "no stop bytes"),
        (frames.stop_never_changes, ChangingStop, "other stop bytes"),
        (frames.levels_are_exact, OneMore, "levels above the lease"),
        (frames.levels_are_exact, CutCeilings, "not a BEGIN"),
        (frames.targets_are_exact, StaysAtNothing, "another target or pace"),
        (frames.numbers_do_not_wrap, Wraps, "sequence -1 does not fit"),
        (frames.numbers_do_not_wrap, CutsLevels, "does not fit, and is written as"),
        (frames.numbers_do_not_wrap, LastIsRefused, "END of another epoch"),
        (frames.odd_bytes_are_refused, ReadsTooMuch, "one length would be right"),
        (frames.odd_bytes_are_refused, LosesTime, "time of its arrival"),
        (vectors.vectors_hold, CutCeilings, "it writes"),
        (vectors.vectors_hold, OtherCause, "deadline_s is 1"),
    ],
)
def test_a_codec_that_is_wrong_in_one_thing_fails_the_check_of_it(check, codec, says):
    chair = candidates()["chair"]
    with pytest.raises(ConformanceError, match=re.escape(says)):
        check(replace(chair, codec=codec()))


@pytest.mark.parametrize("check", [frames.odd_bytes_are_refused, frames.odd_capabilities_are_refused])
def test_a_codec_that_stumbles_over_bytes_in_its_own_way_is_not_taken_for_one_that_refuses(check):
    with pytest.raises(struct.error):
        check(replace(candidates()["chair"], codec=Stumbles()))


def test_a_family_without_a_second_reading_or_without_vectors_fails():
    chair = candidates()["chair"]
    with pytest.raises(ConformanceError, match="no second reading for the codec 'sofa'"):
        frames.levels_are_exact(replace(chair, device=replace(chair.device, codec="sofa")))
    with pytest.raises(ConformanceError, match="there are no vectors"):
        vectors.vectors_hold(replace(chair, vectors=None))
    with pytest.raises(ConformanceError, match="no vector of a frame with 2 parts"):
        vectors.vectors_hold(replace(chair, vectors={"frames": [], "states": [], "capabilities": []}))


# Devices that are wrong in one thing each.


def lenient_check(self: Session, setpoint, can) -> None: ...


def without_a_lease(self: Session, setpoint, now_s, **_watchdog) -> None:
    self.seq, self.lease_ends_s = setpoint.seq, now_s + 1e6


def without_a_watchdog(self: Session, setpoint, now_s, **_watchdog) -> None:
    self.seq, self.lease_ends_s = setpoint.seq, now_s + setpoint.lease_ms / 1000


def without_a_deadline(begin, _can, now_s) -> Session:
    return Session(begin.epoch, begin.ceilings, now_s + 600)


def stops_without_ending(self: Firmware, cause) -> None:
    self._plant.stop()
    self._latched = cause


def begins_again(self: Firmware, begin) -> None:
    self._session = firmware_session.open_session(begin, self._capabilities, self._now_s)
    self._epoch, self._seq, self._latched, self._end_owed = begin.epoch, 0, None, True
    self._stale_through = -1


def ends_nothing(self: Firmware, _end) -> None:
    self._plant.stop()


def reads_what_is_cut(frame, capabilities):
    whole = (frame + bytes(14))[:14] if frame[:1] == b"\2" else frame
    return wire_decode(whole, capabilities)


wire_decode = wire.decode_command


@pytest.mark.parametrize(
    ("check", "owner", "method", "wrong", "says"),
    [
        (behaviour.begin_lease_and_stop, Firmware, "_stop", stops_without_ending, "the session is open"),
        (behaviour.nothing_moves_after_a_stop, Firmware, "_stop", stops_without_ending, "is accepted"),
        (behaviour.nothing_moves_after_a_stop, Firmware, "_begin", begins_again, "BEGIN of the stopped"),
        (behaviour.nothing_goes_above_the_ceiling, Session, "check", lenient_check, "level 2 is accepted"),
        (behaviour.sequence_rises, Session, "check", lenient_check, "sequence 5 after 5 is accepted"),
        (behaviour.epoch_rises, Session, "check", lenient_check, "lease of another epoch is accepted"),
        (behaviour.epoch_rises, Firmware, "_begin", begins_again, "after"),
        (behaviour.lease_ends_by_itself, Session, "renew", without_a_lease, "tells level 0"),
        (behaviour.watchdog_ends_a_longer_lease, Session, "renew", without_a_watchdog, "tells level 0"),
        (behaviour.end_lets_go, Firmware, "_end", ends_nothing, "after END is accepted"),
    ],
)
def test_a_device_that_is_wrong_in_one_thing_fails_the_check_of_it(
    monkeypatch, check, owner, method, wrong, says
):
    monkeypatch.setattr(owner, method, wrong)
    with pytest.raises(ConformanceError, match=says):
        on_the_air(candidates()["chair"], check)


@pytest.mark.parametrize(
    ("check", "name", "wrong", "says"),
    [
        (behaviour.deadline_ends_the_session, "open_session", without_a_deadline, "leases were accepted"),
        (behaviour.odd_frames_are_refused, "decode_command", reads_what_is_cut, "is accepted"),
    ],
)
def test_a_device_without_a_deadline_or_with_open_ears_fails(monkeypatch, check, name, wrong, says):
    monkeypatch.setattr(f"firmware_sim.firmware.{name}", wrong)
    with pytest.raises(ConformanceError, match=says):
        on_the_air(candidates()["chair"], check)


@pytest.mark.parametrize(
    ("check", "fault", "says"),
    [
        (behaviour.begin_lease_and_stop, "refuse_stop:0", "STOP is"),
        (behaviour.begin_lease_and_stop, "ignored_writes:0", "tells level 1"),
        (behaviour.begin_lease_and_stop, "refuse_writes:0", "a lease at level 1 is refused"),
        (behaviour.begin_lease_and_stop, "silent:0", "tells an open session"),
        (behaviour.begin_lease_and_stop, "nonsense:0", "a report cannot be read"),
        (behaviour.lease_ends_by_itself, "local_button:0.2", "it rests because of local_button"),
    ],
)
def test_a_device_with_a_fault_fails(check, fault, says):
    with pytest.raises(ConformanceError, match=says):
        on_the_air(candidates()["chair"], check, fault)


def test_a_stop_that_a_resting_device_refuses_fails(monkeypatch):
    def refuse(self, now_s):
        if self._plant.at_rest and self._latched is not None:
            raise wire.CommandError(wire.Refusal.NO_SESSION, "nothing to stop")
        self.stop_itself(wire.Cause.STOP, now_s)

    monkeypatch.setattr(Firmware, "write_stop", refuse)
    with pytest.raises(ConformanceError, match="STOP is"):
        on_the_air(candidates()["chair"], behaviour.stop_is_harmless)


def test_another_device_than_that_of_the_profile_fails():
    chair = candidates()["chair"]
    other = Candidate(chair.codec, replace(load_device("chair"), watchdog_ms=999), chair.vectors)
    with pytest.raises(ConformanceError, match="watchdog is 1000"):
        on_the_air(other, behaviour.identity_is_the_profiles)


def test_a_codec_that_takes_a_report_with_bytes_too_many_fails_on_the_air():
    chair = replace(candidates()["chair"], codec=ReadsTooMuch())
    with pytest.raises(ConformanceError, match="bytes are taken for a report"):
        on_the_air(chair, behaviour.report_is_whole_or_refused)


def test_a_setpoint_for_another_number_of_actuators_does_not_pass_for_this_device():
    data = ReferenceCodec().set(seq=1, epoch=5, lease_ms=1000, setpoint=Setpoint((1,), None, None, 1))
    frame = frames.SetFrame(1, 5, 1000, Setpoint((1, 1), None, None, 1))
    assert frames.check_bytes(data, frame, codec="reference") is not None
