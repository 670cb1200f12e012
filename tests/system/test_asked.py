"""A session that asks and is answered, over the real ATT stack on virtual time, read off the plant."""

import asyncio

import pytest

from massager.model.body import Zone
from massager.model.decisions import Reason
from massager.model.history import LockCause
from massager.model.questions import Ask, CheckIn, Comfort, Feeling
from massager.session.replay import replay
from massager.session.snapshot import Stage
from system_rig import FINE, run, stack


async def answered(folder, *, steps, **options):
    """Run a session; `steps` answers and looks meanwhile."""
    async with stack(folder, **options) as s:
        running = asyncio.create_task(s.loop.run())
        await steps(s)
        ending = await running
        await s.recorder.close(s.governor.usage)
        s.entries = s.journal.records()
        return ending, s


def pressing_at(s, level):
    return lambda: s.plant and s.plant[-1]["level"] >= level


def zones_touched(s):
    """Vertebrae under the centre of a pressing roller, by their first letter and number."""
    return {row["pos"]["level"] for row in s.plant if row["force_n"] > 0}


def test_too_strong_backs_off_on_the_plant_and_stays_below(tmp_path):
    async def steps(s):
        await s.until(pressing_at(s, 8))
        s.loop.answer(CheckIn(2, Comfort.TOO_STRONG, Feeling.NONE))
        s.told_t = s.rows[-1]["t"]

    ending, s = run(answered(tmp_path, steps=steps))
    assert ending.reason is Reason.FINISHED
    after = [row["level"] for row in s.plant if row["t"] > s.told_t + 0.5]
    assert max(after) == 5
    ((consequence, said),) = s.kept
    assert said.comfort is Comfort.TOO_STRONG
    assert (consequence.cause, consequence.limit.permille) == (None, 252)


@pytest.mark.parametrize(
    ("feeling", "reason", "cause"),
    [
        (Feeling.BLADDER_BOWEL_SADDLE, Reason.RED_FLAG_SPINE, LockCause.RED_FLAG_SPINE),
        (Feeling.SHOOTING, Reason.SHOOTING_PAIN, LockCause.SHOOTING_PAIN),
        (Feeling.OTHER, Reason.UNCLEAR_SYMPTOM, LockCause.UNCLEAR_SYMPTOM),
    ],
)
def test_a_symptom_rests_the_plant_within_a_second_and_is_put_on_record(tmp_path, feeling, reason, cause):
    async def steps(s):
        await s.until(pressing_at(s, 2))
        s.told_t = s.rows[-1]["t"]
        s.loop.answer(CheckIn(feeling=feeling))

    ending, s = run(answered(tmp_path, steps=steps))
    assert (ending.reason, ending.confirmed) == (reason, True)
    assert max(row["t"] for row in s.plant if row["level"] > 0) <= s.told_t + 0.5
    assert max(row["t"] for row in s.plant if row["force_n"] > 0) <= s.told_t + 5
    assert [consequence.cause for consequence, _said in s.kept] == [cause]
    assert [entry.record.kind for entry in s.entries].count("answer") == 1
    assert all(again.same for again in replay(s.entries)), "decided otherwise"


def test_without_an_answer_the_plant_is_held_at_half_and_then_rests(tmp_path):
    async def steps(s):
        await s.until(lambda: bool(s.loop.snapshot().prompts))
        s.asked_t = s.rows[-1]["t"]

    ending, s = run(answered(tmp_path, steps=steps, answers=None))
    assert ending.reason is Reason.NO_ANSWER
    assert s.kept == []
    at = {round(row["t"] - s.asked_t, 1): row["level"] for row in s.plant}
    before = at[min(at, key=abs)]
    held = [level for t, level in at.items() if 21 <= t <= 39]
    assert before >= 3
    assert max(held) <= before // 2
    assert all(level == 0 for t, level in at.items() if t > 41.5)


def test_a_zone_that_is_declined_is_never_touched_and_the_session_is_shorter(tmp_path):
    async def steps(s):
        while s.loop.snapshot().stage is not Stage.ENDED:
            await asyncio.sleep(1)
            for prompt in s.loop.snapshot().prompts:
                if prompt.ask is Ask.ZONE:
                    s.loop.answer_zone(prompt.zone, yes=False)
                else:
                    s.loop.answer(FINE)

    ending, s = run(answered(tmp_path, steps=steps, answers=None))
    assert ending.reason is Reason.FINISHED
    assert zones_touched(s) <= {"L4", "L5", "S1"}
    driven = [row["t"] for row in s.plant if row["force_n"] > 0]
    assert 230 <= driven[-1] - driven[0] <= 242
    last = [row["level"] for row in s.plant if row["t"] > driven[-1] - 15 and row["cause"] == "lease"]
    assert last == sorted(last, reverse=True)


def test_a_zone_that_nobody_answers_for_is_not_entered(tmp_path):
    async def steps(s):
        while s.loop.snapshot().stage is not Stage.ENDED:
            await asyncio.sleep(1)
            if any(prompt.ask is Ask.CHECK_IN for prompt in s.loop.snapshot().prompts):
                s.loop.answer(FINE)

    ending, s = run(answered(tmp_path, steps=steps, answers=None))
    assert ending.reason is Reason.FINISHED
    assert zones_touched(s) <= {"L4", "L5", "S1"}


def test_a_zone_is_asked_about_twenty_seconds_before_it_is_left_for(tmp_path):
    asked = []

    async def steps(s):
        while s.loop.snapshot().stage is not Stage.ENDED:
            await asyncio.sleep(0.5)
            for prompt in s.loop.snapshot().prompts:
                if prompt.ask is Ask.ZONE and prompt.number not in {p.number for p, _t in asked}:
                    asked.append((prompt, s.rows[-1]["t"]))

    ending, s = run(answered(tmp_path, steps=steps, answers=FINE))
    assert ending.reason is Reason.FINISHED
    ((prompt, asked_t),) = asked
    assert prompt.zone is Zone.L1_L3
    entered_t = min(row["t"] for row in s.plant if row["force_n"] > 0 and row["pos"]["level"] == "L3")
    assert entered_t - asked_t >= 20
    before = {row["pos"]["level"] for row in s.plant if row["force_n"] > 0 and row["t"] < asked_t}
    assert before <= {"L4", "L5", "S1"}


def test_after_a_declined_zone_in_the_middle_the_next_is_reached_with_everything_retracted(tmp_path):
    async def steps(s):
        while s.loop.snapshot().stage is not Stage.ENDED:
            await asyncio.sleep(1)
            for prompt in s.loop.snapshot().prompts:
                if prompt.ask is Ask.ZONE:
                    s.loop.answer_zone(prompt.zone, yes=prompt.zone is not Zone.L1_L3)
                else:
                    s.loop.answer(FINE)

    ending, s = run(answered(tmp_path, steps=steps, answers=None, program="paraspinal-sweep"))
    assert ending.reason is Reason.FINISHED
    touched = zones_touched(s)
    assert not touched & {"L1", "L2", "L3"}
    assert {"L5", "T11", "T7", "T3"} <= touched


def test_nothing_said_after_the_end_is_taken(tmp_path):
    async def steps(s):
        await s.until(pressing_at(s, 1))
        s.loop.stop()
        await s.until(lambda: s.loop.snapshot().stage is Stage.ENDED)
        s.loop.answer(CheckIn(feeling=Feeling.SHOOTING))

    _ending, s = run(answered(tmp_path, steps=steps))
    assert s.kept == []
