"""Whole sessions with a scar on the simulated devices: nothing works inside a keep-out (INV-09).

Judged by the trace, patch and error against the second geometry. Where the head of what a hand holds is, the
trace does not know: it is where the person was asked to hold it.
"""

import asyncio
from dataclasses import replace

import pytest

from geometry.back import vertebra
from geometry.rides import PAST, judge_of, no_leg_touches, pads_of
from geometry.test_on_the_back import demo_order
from massager.model.body import Side
from massager.model.decisions import Reason
from massager.model.people import KeepOut
from massager.session.preparation import prepare
from system_rig import run, stack

# Below the last zone and on one side of it: a leg ends above it, a motor near it stays off, a spot moves up.
SCARS = {
    "chair": KeepOut("scar", (861_000, 890_000), 30, 110),
    "cushion": KeepOut("scar", (840_000, 890_000), 30, 110),
    "handheld": KeepOut("scar", (861_000, 890_000), 30, 110),
}
# What a report may be late and rounded by; a calibration's error has room for it.
LATE_MM = 2


def session(folder, *, model, program):
    """A whole session: its ending, and each row in which something worked, with where a hand held it."""

    async def whole():
        async with stack(
            folder, model=model, program=program, limits={"keep_outs": (SCARS[model],)}
        ) as found:
            task, placed, held = asyncio.create_task(found.loop.run()), None, []
            while not task.done():
                await asyncio.sleep(0.05)
                # It is held where it was asked for until it is asked for elsewhere.
                placed = found.governor.state.placed or placed
                held += [placed] * (len(found.rows) - len(held))
            return await task, list(zip(found.rows, held, strict=False))

    ending, rows = run(whole())
    return ending, [one for one in rows if one[0].get("level", 0) > 0 or one[0].get("force_n", 0) > 0]


def place_of(row, placed, back):
    """Where a row's patch was, along the device and from the midline."""
    if "pos" in row:
        fraction = vertebra(row["pos"]["level"], row["pos"]["level_frac"])
        return back.mm_of(fraction), row["pos"]["lateral_mm"]
    return placed.along_mm, -placed.aside_mm if placed.side is Side.LEFT else placed.aside_mm


@pytest.mark.parametrize(
    ("model", "program", "parts"),
    [
        ("chair", "first-time", {"roller_left", "roller_right"}),
        ("cushion", "moderate-cushion", {"seat_left", "lower_left", "lower_right"}),
        ("handheld", "slow-percussion", {"head"}),
    ],
)
def test_nothing_works_inside_a_keep_out(tmp_path, model, program, parts):
    ending, rows = session(tmp_path, model=model, program=program)
    assert (ending.reason, ending.confirmed) == (Reason.FINISHED, True)
    order = demo_order(program, model, keep_outs=(SCARS[model],))
    judge, actuators = judge_of(order), (*order.device.actuators, *pads_of(order.device))
    judge = replace(judge, error_mm=judge.error_mm - LATE_MM)
    for row, placed in rows:
        actuator = next(one for one in actuators if one.name == row["actuator"])
        along_mm, lateral_mm = place_of(row, placed, judge.backs[actuator.name])
        assert judge.touched(actuator, along_mm, lateral_mm) is None, (row, placed)
    assert {row["actuator"] for row, _placed in rows} == parts


@pytest.mark.parametrize(
    ("model", "program"),
    [("chair", "first-time"), ("cushion", "moderate-cushion"), ("handheld", "slow-percussion")],
)
def test_the_scar_of_these_sessions_was_in_the_way(model, program):
    with_scar, without = demo_order(program, model, keep_outs=(SCARS[model],)), demo_order(program, model)
    with pytest.raises(AssertionError, match="scar"):
        no_leg_touches(with_scar, prepare(without, PAST).timeline)
