"""Every fault of the simulator in a whole session on virtual time: what massager does, read off the plant."""

import asyncio

import pytest

from fault_answers import CASES, Answer
from firmware_sim.faults import KINDS
from massager.model.decisions import Reason
from system_rig import run, stack

T_STOP_S = 3.55  # docs/architecture.md 4, where a test computes it
PROGRAMS = {"chair": "gentle-lumbar", "cushion": "gentle-cushion", "handheld": "slow-percussion"}


def session(place, case):
    """A session with the case's faults: its ending and the rows of the trace."""

    async def whole():
        options = {"model": case.model, "program": PROGRAMS[case.model], "faults": case.faults}
        async with stack(place, seconds=case.session_s, **options) as s:
            running = asyncio.create_task(s.loop.run())
            if case.stopped_s is not None:
                await s.until(lambda: "session_start" in s.events)
                await asyncio.sleep(case.stopped_s)
                s.loop.stop()
            return await running, s.rows

    return run(whole())


def driven(rows):
    return [row for row in rows if row.get("intensity", 0) > 0]


def rests(rows):
    """Whether each actuator's last row says so."""
    last = {(row["device"], row["actuator"]): row for row in rows if "actuator" in row}
    return all(row["level"] == row["intensity"] == 0 for row in last.values())


def held(rows):
    """First contact, ceiling, strip and warmth of mild stenosis beside the lower back, on every row."""
    first_t = driven(rows)[0]["t"]
    for row in driven(rows):
        if row["modality"] == "heat":
            assert row["temp_c"] <= 41
            continue
        assert row["intensity"] <= (0.1 if row["t"] < first_t + 29.9 else 0.5)
        assert row["force_n"] <= 40
        if "pos" in row:
            assert abs(row["pos"]["lateral_mm"]) - row["pos"]["radius_mm"] >= 35


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.model}-{'+'.join(case.faults)}")
def test_what_a_fault_does_is_answered(case, tmp_path):
    ending, rows = session(tmp_path, case)
    assert ending.reason is case.reason, ending
    assert {row["device"] for row in driven(rows)} <= {f"{case.model}-1"}
    if case.answer is Answer.STARTS_NOTHING:
        assert not driven(rows)
        return
    began_t = next(row["t"] for row in rows if row.get("event") == "session_start")
    late = [row for row in driven(rows) if row["t"] > began_t + case.sets_in_s + T_STOP_S]
    match case.answer:
        case Answer.STOPS:
            assert not late
            assert rests(rows)
            assert (ending.confirmed, bool(ending.alarm)) == (True, case.alarm)
        case Answer.ALARMS:
            assert rests(rows)
            assert (ending.confirmed, bool(ending.alarm)) == (False, True)
            assert ending.reason is Reason.FINISHED or not late
        case Answer.BY_HAND:
            assert not rests(rows)
            assert (ending.confirmed, bool(ending.alarm)) == (False, True)
        case Answer.CARRIES_ON:
            assert (ending.confirmed, ending.alarm) == (True, None)
            assert late
            assert rests(rows)
            held(rows)


def test_no_fault_is_without_an_answer():
    assert list(dict.fromkeys(case.name for case in CASES)) == list(KINDS)
