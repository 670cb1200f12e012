"""What somebody takes away in a session, as the plant has it: at once, and never back above the program."""

import asyncio
from itertools import pairwise

import pytest

from massager.guardian.messages import GiveLease
from massager.model.decisions import Reason
from massager.session.loop import PERIOD_MS
from massager.session.replay import replay
from system_rig import run, stack


def levels(s, since_t):
    """Of the left roller since then."""
    return [row["level"] for row in s.plant if row["t"] > since_t]


async def pressing(s, level):
    """A running session whose left roller presses so hard."""
    running = asyncio.create_task(s.loop.run())
    await s.until(lambda: bool(s.plant) and s.plant[-1]["level"] >= level)
    s.told_t = s.rows[-1]["t"]
    return running


async def ended(s, running):
    s.loop.stop()
    ending = await running
    assert (ending.reason, ending.confirmed) == (Reason.STOPPED_BY_PERSON, True)
    await s.recorder.close(s.governor.usage)
    s.entries = s.journal.records()
    return s


def test_a_level_falls_to_what_was_asked_at_one_go_and_rises_by_single_steps(tmp_path):
    async def lowered():
        async with stack(tmp_path) as s:
            running = await pressing(s, 6)
            s.loop.restraint.lower_to(2)
            await asyncio.sleep(15)
            assert s.loop.snapshot().at_most == 2
            s.asked_t = s.rows[-1]["t"]
            s.loop.stronger()
            await asyncio.sleep(40)
            return await ended(s, running)

    s = run(lowered())
    before = levels(s, s.told_t + 0.3)
    assert max(before) == 3
    assert max(row["level"] for row in s.plant if s.told_t + 0.3 < row["t"] < s.asked_t) == 2
    assert all(again.same for again in replay(s.entries))
    assert [entry.record.code for entry in s.entries if entry.record.kind == "intent"] == [
        "lower",
        "stronger",
    ]


def test_less_goes_out_with_a_lease_of_its_own_and_the_ticks_go_on_as_before(tmp_path):
    async def lowered():
        sent = []
        async with stack(tmp_path) as s:
            running = await pressing(s, 3)
            guardian, plain = s.guardians[-1], s.guardians[-1].send

            def send(message):
                if isinstance(message, GiveLease):
                    sent.append((asyncio.get_running_loop().time(), max(message.lease.setpoint.levels)))
                plain(message)

            guardian.send = send
            now_s = asyncio.get_running_loop().time
            await asyncio.sleep(0.05)
            began_s = now_s()
            for level in range(20, 0, -1):
                s.loop.restraint.lower_to(level)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            first = [at_s - began_s for at_s, level in sent if level == 1]
            await asyncio.sleep(2)
            await ended(s, running)
            return first, [at_s for at_s, _level in sent if began_s <= at_s < began_s + 2]

    first, ticks = run(lowered())
    assert first, "it waited for the next tick"
    assert first[0] < 0.01
    gaps = [later - earlier for earlier, later in pairwise(ticks)]
    assert max(gaps) <= PERIOD_MS / 1000 + 0.02, "an early tick delays none after it"
    assert 18 <= len(ticks) <= 24


@pytest.mark.parametrize("switched", ["cool", "left alone"])
def test_warmth_that_is_switched_off_stays_off_while_the_massage_goes_on(tmp_path, switched):
    def heats(rows):
        return [row for row in rows if row.get("modality") == "heat" and row["level"] > 0]

    async def cooled():
        async with stack(tmp_path, model="cushion", program="gentle-cushion") as s:
            assert s.loop.snapshot().warm is None
            running = asyncio.create_task(s.loop.run())
            await s.until(lambda: bool(heats(s.rows)))
            await asyncio.sleep(1)
            assert s.loop.snapshot().warm is True
            s.told_t = s.rows[-1]["t"]
            if switched == "cool":
                s.loop.restraint.cool()
            await asyncio.sleep(10)
            found = s.loop.snapshot()
            s.asked_t = s.rows[-1]["t"]
            s.loop.restraint.warm()
            await asyncio.sleep(3)
            assert s.loop.snapshot().warm is True
            return await ended(s, running), found

    s, found = run(cooled())
    warm = [row["t"] for row in heats(s.rows) if s.told_t + 0.5 < row["t"] < s.asked_t]
    shaken = [row for row in s.rows if row.get("modality") == "vibration" and row["level"] > 0]
    assert any(s.told_t + 0.5 < row["t"] < s.asked_t for row in shaken), "the massage goes on"
    assert (found.is_cool, found.warm, bool(warm)) == (
        (True, False, False) if switched == "cool" else (False, True, True)
    )


def test_a_device_without_heaters_has_no_warmth_to_tell_of(tmp_path):
    async def plain():
        async with stack(tmp_path) as s:
            running = await pressing(s, 1)
            s.loop.restraint.cool()
            found = s.loop.snapshot()
            await ended(s, running)
            return found

    assert run(plain()).warm is None
