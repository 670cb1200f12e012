"""A recording of the simulated chair stands in for the chair."""

from dataclasses import replace

import pytest

from firmware_sim.playback import Playback
from firmware_sim.recording import Recording
from firmware_sim.scrubbing import PRIVATE
from massager.guardian.messages import State
from massager.protocol import codec_for
from replay.chair_session import FILE, apart, recorded, session


@pytest.mark.usefixtures("virtual_clock")
async def test_a_replay_is_the_chair_again_to_the_guardian():
    told, recording = await recorded()
    async with Playback(recording) as playback:
        again = await session(await playback.radio())
    (said, times), (said_before, times_before) = apart(again), apart(told)
    assert said == said_before
    assert times == pytest.approx(times_before, abs=1)
    assert playback.problems == []
    assert playback.devices[0].left == []


@pytest.mark.recording("../data/chair.jsonl")
async def test_the_recording_that_is_kept_gives_the_guardian_every_report_in_it(massager_replay):
    told = await session(massager_replay.radio)
    codec, recording = codec_for("reference"), Recording.read(FILE)
    in_the_file = [
        codec.reading(each.value, at_ms=0, actuators=2) for each in recording.happened if each.op == "notify"
    ]
    heard = [message.reading for message in told if isinstance(message, State)]
    assert [replace(reading, at_ms=0) for reading in heard] == in_the_file
    assert max(reading.actuators[0].load_n for reading in heard) == 20
    assert massager_replay.left == []


def test_the_recording_that_is_kept_says_whose_chair_it_was_nowhere():
    text = FILE.read_text()
    assert "SIM-" not in text
    assert b"SIM-".hex() not in text
    assert "REF-CHAIR 01" not in text
    assert b"REF-CHAIR 01".hex() not in text
    recording = Recording.read(FILE)
    serial = next(n for n, each in enumerate(recording.head.characteristics) if each.uuid in PRIVATE)
    assert {each.value for each in recording.happened if each.characteristic == serial} == {b"XXXXXXXX"}
