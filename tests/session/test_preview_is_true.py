"""What a preview says is what the simulated chair does: the same program for the same person, on both."""

from bisect import bisect_right

import pytest

from massager.model.body import VERTEBRA_SPANS_PPM
from massager.model.decisions import Reason
from preview_rig import plain
from system_rig import run, stack

# Radio, motor lag and the second that an answer takes.
LATE_S = 2.0
NEAR_PPM = 6_000


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    """Rows of the left roller from first contact on, as (seconds, level, place, distance)."""

    async def whole():
        async with stack(tmp_path_factory.mktemp("store")) as s:
            ending = await s.loop.run()
            return ending, s.plant

    ending, rows = run(whole())
    assert ending.reason is Reason.FINISHED
    begins = next(row["t"] for row in rows if row["level"])
    return [
        (row["t"] - begins, row["level"], place_ppm(row["pos"]), row["pos"]["lateral_mm"])
        for row in rows
        if row["t"] >= begins
    ]


def place_ppm(pos):
    first, end = VERTEBRA_SPANS_PPM[pos["level"]]
    return first + pos["level_frac"] * (end - first)


def test_every_level_is_reached_when_the_preview_says(session):
    times = [row[0] for row in session]
    for instant in plain().instants:
        t = instant.t_ms / 1000
        around = session[max(0, bisect_right(times, t - LATE_S) - 1) : bisect_right(times, t + LATE_S)]
        assert instant.patches[0].level in {level for _t, level, _place, _aside in around}, instant


def test_the_session_is_as_long(session):
    ends = max(t for t, level, _place, _aside in session if level)
    assert abs(ends - plain().visits[-1].to_ms / 1000) <= LATE_S


def test_the_rollers_work_where_the_preview_says_and_nowhere_else(session):
    told = [patch for one in plain().instants for patch in one.patches if patch.name == "roller_left"]
    done = [(place, aside) for _t, level, place, aside in session if level]
    assert {aside for _place, aside in done} == {patch.lateral_mm for patch in told} == {-50}
    places = [place for place, _aside in done]
    assert abs(min(places) - min(patch.along_ppm for patch in told)) <= NEAR_PPM
    assert abs(max(places) - max(patch.along_ppm for patch in told)) <= NEAR_PPM
