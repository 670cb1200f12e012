"""A record that changes while its session runs: tighter holds at once, anything else stops (INV-07)."""

import asyncio
from dataclasses import replace

import pytest

from massager.model.body import Zone
from massager.model.decisions import Reason
from massager.model.history import Authority, By, LockCause, Moment, Role
from massager.model.people import KeepOut, Modifier
from massager.session.replay import replay
from system_rig import WALL_S, run, stack

ANYONE = By("test", Role.ANYONE)
NOW = Moment(WALL_S, 10**6, "virtual")


async def changed(folder, change):
    async with stack(folder) as s:
        running = asyncio.create_task(s.loop.run())
        await s.until(lambda: bool(s.plant) and s.plant[-1]["level"] >= 6)
        s.told_t = s.rows[-1]["t"]
        await asyncio.to_thread(change, s)
        await asyncio.sleep(20)
        s.loop.stop()
        ending = await running
        await s.recorder.close(s.governor.usage)
        s.entries = s.journal.records()
        return ending, s


def on_record(**fields):
    def change(s):
        old = s.people.get("demo")
        s.people.change(old, replace(old, **fields), by=ANYONE, why="", now=NOW, between_sessions=False)

    return change


def test_a_lower_strength_of_a_zone_holds_within_a_second(tmp_path):
    ending, s = run(changed(tmp_path, on_record(zone_permille={Zone.L4_S1: 150})))
    assert ending.reason is Reason.STOPPED_BY_PERSON
    after = [row["level"] for row in s.plant if row["t"] > s.told_t + 1.2]
    assert max(after) == 3
    assert [entry.record.kind for entry in s.entries].count("tightened") == 1
    assert all(again.same for again in replay(s.entries))


def test_a_keep_out_under_the_rollers_lifts_them(tmp_path):
    scar = KeepOut("scar", (722_400, 861_000), -500, 500)
    ending, s = run(changed(tmp_path, on_record(keep_outs=(scar,))))
    assert ending.reason is Reason.KEEP_OUT_PERSON
    assert max(row["t"] for row in s.plant if row["level"] > 0) <= s.told_t + 1.2


@pytest.mark.parametrize("fields", [{"modifiers": frozenset({Modifier.OSTEOPENIA})}, {"attested": False}])
def test_what_cannot_be_taken_over_in_a_session_stops_it(tmp_path, fields):
    ending, s = run(changed(tmp_path, on_record(**fields)))
    assert ending.reason is Reason.LIMITS_CHANGED
    assert max(row["t"] for row in s.plant if row["level"] > 0) <= s.told_t + 1.2


def test_a_lockout_in_mid_session_stops_it(tmp_path):
    def lock(s):
        s.lockouts.add(
            "demo",
            cause=LockCause.SET_BY_HAND,
            authority=Authority.CAREGIVER,
            wait_s=0,
            note="a bruise",
            by=ANYONE,
            now=NOW,
        )

    ending, s = run(changed(tmp_path, lock))
    assert ending.reason is Reason.LOCKED_OUT
    assert max(row["t"] for row in s.plant if row["level"] > 0) <= s.told_t + 1.2
