"""`python -m firmware_sim record` and `replay`, as programs."""

import asyncio

import pytest
from bleak import BleakClient
from bleak.exc import BleakGATTProtocolError

from blackbox_rig import SIMULATOR, Room, until
from firmware_sim.radio import open_radio
from firmware_sim.recording import Recording
from replay.chair_session import FILE
from replay.made import COMMAND, LINK, LISTEN, STATE, of, told, write


@pytest.fixture
def room(tmp_path_factory):
    room = Room(tmp_path_factory.mktemp("replay"))
    yield room
    room.close()


def test_a_device_is_recorded_by_reading_and_listening_alone(room):
    chair, file = room.simulator(), room.folder / "chair.jsonl"
    words = ("record", "C0:DE:00:00:00:01", "--radio", chair.place, "--out", str(file), "--seconds", "2.5")
    recording = room.start(*SIMULATOR, *words)
    assert recording.wait() == 0, recording.said
    assert "read it through before you give it away" in recording.said
    happened = Recording.read(file).happened
    assert "write" not in {each.op for each in happened}
    assert sum(each.op == "notify" for each in happened) >= 3
    assert b"REF-CHAIR" in {each.value for each in happened}
    assert b"SIM-0001".hex() not in file.read_text()
    until(lambda: chair.trace.events == ["connect", "disconnect"], lambda: chair.trace.events)


async def test_a_recording_is_a_device_on_a_port_and_its_problems_are_told(room):
    place, file = f"unix:{room.folder}/air", room.folder / "thing.jsonl"
    of(LINK, LISTEN, write(1.0, "01"), told(1.1, "a1")).write(file)
    replay = room.start(*SIMULATOR, "replay", str(file), "--listen", place)
    await asyncio.to_thread(replay.wait_said, f"listening on {place} (replay-1 C2:DE:00:00:00:01)")
    heard = asyncio.Queue()
    async with open_radio(place) as radio, BleakClient("C2:DE:00:00:00:01", backend=radio.client) as thing:
        await thing.start_notify(STATE, lambda _, value: heard.put_nowait(bytes(value)))
        await thing.write_gatt_char(COMMAND, b"\1", response=True)
        assert await heard.get() == b"\xa1"
        with pytest.raises(BleakGATTProtocolError):
            await thing.write_gatt_char(COMMAND, b"\2", response=True)
    await asyncio.to_thread(
        until,
        lambda: f"{file}: no further write to {COMMAND} is recorded" in replay.said,
        lambda: replay.said,
    )


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (("replay", "no-such-file", "--listen", "unix:x"), 1, "no-such-file"),
        (("replay", str(FILE)), 2, "--listen"),
        (("record", "C0:DE:00:00:00:01", "--radio", "unix:nobody", "--out", "x"), 1, "no simulator at"),
        (("record", "C0:DE:00:00:00:01", "--radio", "carrier-pigeon", "--out", "x"), 1, "carrier-pigeon"),
    ],
)
def test_what_cannot_be_is_told_in_a_line(room, words, code, why):
    program = room.start(*SIMULATOR, *words)
    assert program.wait() == code
    assert why in program.said
    assert "Traceback" not in program.said
