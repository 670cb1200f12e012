"""The cushion and the hand-held massager, whole sessions on virtual time, judged by what the plant did."""

import asyncio
from itertools import groupby

import pytest

from massager.model.body import ZONE_SPANS_PPM, Zone
from massager.model.decisions import Reason
from massager.model.people import KeepOut
from massager.model.questions import Ask
from system_rig import run, stack

# Of mild stenosis beside the lower back: motors of 10 levels, held at six tenths of half beyond the band.
MOST = 3
SCAR = KeepOut("scar", ZONE_SPANS_PPM[Zone.L4_S1], -90, -40)


def session(place, **options):
    """A whole session: how it ended, its trace rows, and what was asked."""

    async def whole():
        asked = {}
        async with stack(place, **options) as found:
            task = asyncio.create_task(found.loop.run())
            while not task.done():
                for prompt in found.loop.snapshot().prompts:
                    asked[prompt.number] = prompt
                await asyncio.sleep(0.1)
            return await task, found.rows, list(asked.values())

    return run(whole())


def driven(rows):
    """Rows of actuators that do something, by the time of the row."""
    return [row for row in rows if row.get("level", 0) > 0]


@pytest.fixture(scope="module")
def cushion(tmp_path_factory):
    return session(tmp_path_factory.mktemp("cushion"), model="cushion", program="gentle-cushion")


def test_a_session_on_the_cushion_goes_from_row_to_row_and_rests_between(cushion):
    ending, rows, _asked = cushion
    assert (ending.reason, ending.confirmed) == (Reason.FINISHED, True)
    motors = [row for row in driven(rows) if row["modality"] == "vibration"]
    order = [name for name, _rows in groupby(row["actuator"].split("_")[0] for row in motors)]
    assert order == ["seat", "lower", "middle", "upper"]
    for place in order:
        times = [row["t"] for row in motors if row["actuator"].startswith(place)]
        assert 55 < times[-1] - times[0] <= 60
    assert max(row["level"] for row in motors) == MOST
    assert max(row["level"] for row in motors if row["actuator"].startswith("middle")) == MOST - 1
    firsts = [next(row for row in motors if row["actuator"] == f"{place}_left") for place in order]
    assert [row["level"] for row in firsts] == [1, 1, 1, 1]


def test_the_pads_warm_only_while_the_lower_back_is_massaged(cushion):
    _ending, rows, _asked = cushion
    warm = {row["t"] for row in driven(rows) if row["modality"] == "heat"}
    shaken = [row for row in driven(rows) if row["modality"] == "vibration"]
    low = [row["t"] for row in shaken if row["actuator"].startswith(("seat", "lower"))]
    assert min(low) <= min(warm)
    assert max(warm) <= max(low) + 0.5
    assert max(row["temp_c"] for row in rows if row.get("modality") == "heat") <= 41


def test_a_motor_or_pad_over_a_scar_stays_off_and_its_partner_works(tmp_path):
    scarred = {"keep_outs": (SCAR,)}
    ending, rows, _asked = session(tmp_path, model="cushion", program="gentle-cushion", limits=scarred)
    assert ending.reason is Reason.FINISHED
    names = {row["actuator"] for row in driven(rows)}
    assert {"seat_left", "heat_left"}.isdisjoint(names)
    assert {"seat_right", "heat_right", "lower_left", "lower_right"} <= names


def test_a_stop_rests_motors_and_pads_at_once(tmp_path):
    async def stopped():
        async with stack(tmp_path, model="cushion", program="gentle-cushion") as found:
            task = asyncio.create_task(found.loop.run())
            await found.until(lambda: bool(driven(found.rows)))
            found.loop.stop()
            await task
            return found.rows

    rows = run(stopped())
    stop_t = next(row["t"] for row in rows if row.get("event") == "stop" and row["t"] > driven(rows)[0]["t"])
    assert driven(rows)[-1]["t"] <= stop_t + 0.1
    last = {row["actuator"]: row for row in rows if "actuator" in row}
    assert {(row["level"], row["intensity"]) for row in last.values()} == {(0, 0)}


def test_the_hand_is_asked_for_each_spot_and_works_there_for_its_seconds(tmp_path):
    ending, rows, asked = session(tmp_path, model="handheld", program="slow-percussion")
    assert (ending.reason, ending.confirmed) == (Reason.FINISHED, True)
    placed = [prompt.spot for prompt in asked if prompt.ask is Ask.PLACEMENT]
    assert [(spot.side, spot.part_permille) for spot in placed] == [
        ("left", 0),
        ("left", 1000),
        ("right", 0),
        ("right", 1000),
    ]
    assert {spot.aside_mm for spot in placed} == {70}
    hits = [row for row in rows if row.get("actuator") == "head"]
    stretches = [list(some) for on, some in groupby(hits, key=lambda row: row["level"] > 0) if on]
    assert len(stretches) == len(placed)
    assert all(some[-1]["t"] - some[0]["t"] <= 15 for some in stretches)


def test_nothing_works_while_nobody_says_that_the_massager_is_in_its_place(tmp_path):
    ending, rows, asked = session(tmp_path, model="handheld", program="slow-percussion", answers=None)
    assert ending.reason is Reason.OUT_OF_PLACE
    assert [prompt.ask for prompt in asked] == [Ask.PLACEMENT]
    assert not driven(rows)
