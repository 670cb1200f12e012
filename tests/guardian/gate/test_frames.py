"""Finished bytes, read back by hand."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardian.rig import setpoint
from massager.guardian.frames import BeginFrame, EndFrame, SetFrame, check_bytes
from massager.protocol import codec_for

CODEC = codec_for("reference")
SET = SetFrame(seq=3, epoch=9, left_ms=800, setpoint=setpoint(5, carriage_mm=450, half_width_mm=55))
BEGIN = BeginFrame(epoch=9, deadline_s=600, ceilings=(10, 8))


def encoded(frame):
    if isinstance(frame, BeginFrame):
        return CODEC.begin(epoch=frame.epoch, deadline_s=frame.deadline_s, ceilings=frame.ceilings)
    if isinstance(frame, EndFrame):
        return CODEC.end(epoch=frame.epoch)
    return CODEC.set(seq=frame.seq, epoch=frame.epoch, lease_ms=frame.left_ms, setpoint=frame.setpoint)


@pytest.mark.parametrize("frame", [BEGIN, SET, EndFrame(9), replace(SET, setpoint=setpoint(0))])
def test_what_the_codec_makes_of_what_is_permitted_passes(frame):
    assert check_bytes(encoded(frame), frame, codec="reference") is None


@pytest.mark.parametrize("frame", [BEGIN, SET, EndFrame(9)])
def test_a_codec_nobody_can_read_back_may_write_nothing(frame):
    assert check_bytes(encoded(frame), frame, codec="other") is not None


@pytest.mark.parametrize("frame", [BEGIN, SET, EndFrame(9)])
@given(data=st.binary(max_size=20))
def test_other_bytes_pass_only_as_the_same_frame_with_less(frame, data):
    if check_bytes(data, frame, codec="reference") is None:
        permitted = encoded(frame)
        assert len(data) == len(permitted)
        assert data[0] == permitted[0]


@pytest.mark.parametrize("frame", [BEGIN, SET, EndFrame(9)])
def test_each_byte_that_rises_or_is_of_another_kind_is_refused(frame):
    whole = encoded(frame)
    for index in range(len(whole)):
        for value in range(whole[index] + 1, 256):
            assert check_bytes(whole[:index] + bytes([value]) + whole[index + 1 :], frame, codec="reference")
    assert check_bytes(whole[:-1], frame, codec="reference")
    assert check_bytes(whole + b"\0", frame, codec="reference")
    assert check_bytes(b"", frame, codec="reference")


def test_levels_and_lease_may_be_lower_but_not_the_rest():
    whole = bytearray(encoded(SET))
    for index in range(len(whole)):
        lower = bytearray(whole)
        if not lower[index]:
            continue
        lower[index] -= 1
        answer = check_bytes(bytes(lower), SET, codec="reference")
        assert (answer is None) == (index in {5, 6, 12, 13})


def test_a_lease_longer_than_two_seconds_is_refused_whatever_is_left():
    long = replace(SET, left_ms=5000)
    assert check_bytes(encoded(replace(SET, left_ms=2001)), long, codec="reference") is not None
    assert check_bytes(encoded(replace(SET, left_ms=2000)), long, codec="reference") is None
    assert check_bytes(encoded(replace(SET, left_ms=1)), long, codec="reference") is None
    assert check_bytes(encoded(replace(SET, left_ms=0)), long, codec="reference") is not None


def test_a_deadline_is_a_second_at_least_and_no_longer_than_permitted():
    for deadline_s, passes in ((0, False), (1, True), (600, True), (601, False)):
        frame = encoded(replace(BEGIN, deadline_s=deadline_s))
        assert (check_bytes(frame, BEGIN, codec="reference") is None) == passes


def test_ceilings_may_be_lower():
    for ceilings, passes in (
        ((10, 8), True),
        ((0, 0), True),
        ((9, 8), True),
        ((10, 9), False),
        ((11, 8), False),
    ):
        frame = encoded(replace(BEGIN, ceilings=ceilings))
        assert (check_bytes(frame, BEGIN, codec="reference") is None) == passes
