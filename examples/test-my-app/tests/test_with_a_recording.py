"""The chair as it was recorded once; the program has to write what it wrote then."""

import pytest
from bleak import BleakError

from my_app import press


@pytest.mark.recording("chair.jsonl")
async def test_it_says_what_it_said_and_hears_what_it_heard(massager_replay):
    assert await press(level=3, seconds=2) == 12
    assert massager_replay.left == []


@pytest.mark.recording("chair.jsonl")
async def test_another_level_is_not_what_was_recorded(massager_replay):
    with pytest.raises(BleakError, match="Rejected"):
        await press(level=4, seconds=2)
    assert "line 6 writes 01" in massager_replay.problems.pop()
