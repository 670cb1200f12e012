"""Kneading, held pressure and waves on the simulated chair, whole sessions judged by what the plant did."""

from dataclasses import replace
from itertools import groupby, pairwise

import pytest

from massager.catalog import load_program
from massager.model.body import VERTEBRA_SPANS_PPM, Zone
from massager.model.decisions import Reason
from massager.model.programs import Step, Technique
from system_rig import run, stack

# The default sitter's landmarks, as docs/protocol.md has them.
C7_MM, UNIT_MM = 40, 509 / 717_000


def place_mm(row):
    """Where along the travel a row was."""
    first, end = VERTEBRA_SPANS_PPM[row["pos"]["level"]]
    return C7_MM + (first + row["pos"]["level_frac"] * (end - first) - 163_000) * UNIT_MM


def zone_of(row):
    number = int(row["pos"]["level"][1:])
    match row["pos"]["level"][0], number:
        case ("L", 1 | 2 | 3):
            return Zone.L1_L3
        case ("L" | "S", _):
            return Zone.L4_S1
        case ("T", _):
            return Zone.T9_T12 if number >= 9 else Zone.T5_T8
    raise AssertionError(row)


def session(place, program):
    """A whole session: how it ended, and the rows of each roller while it pressed."""

    async def whole():
        async with stack(place, program=program) as s:
            ending = await s.loop.run()
            return ending, s.rows

    ending, rows = run(whole())
    assert (ending.reason, ending.confirmed, ending.alarm) == (Reason.FINISHED, True, None)
    rollers = {
        name: [row for row in rows if row.get("actuator") == name] for name in ("roller_left", "roller_right")
    }
    for found in rollers.values():
        assert found[-1]["force_n"] == 0
        assert longest_on_a_spot_s(found) <= 30
    return [row for row in rollers["roller_left"] if row["force_n"] > 0]


def longest_on_a_spot_s(rows):
    """The longest contact before the patch has moved by its diameter; rests in between do not count."""
    began_mm, longest_s, here_s = None, 0.0, 0.0
    for was, now in pairwise(rows):
        if was["force_n"] > 0:
            if began_mm is None or abs(place_mm(was) - began_mm) >= 2 * was["pos"]["radius_mm"]:
                began_mm, here_s = place_mm(was), 0.0
            here_s += now["t"] - was["t"]
            longest_s = max(longest_s, here_s)
    return longest_s


def seconds_by_zone(rows):
    return {
        zone: round(sum(later["t"] - one["t"] for one, later in pairwise(rows) if zone_of(one) is zone))
        for zone in {zone_of(row) for row in rows}
    }


@pytest.fixture(scope="module")
def kneading(tmp_path_factory):
    return session(tmp_path_factory.mktemp("kneading"), "kneading-lumbar")


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    return session(tmp_path_factory.mktemp("held"), "held-lumbar")


@pytest.fixture(scope="module")
def waves(tmp_path_factory):
    return session(tmp_path_factory.mktemp("waves"), "evening-waves")


def test_kneading_swings_out_and_back_every_four_seconds_and_no_farther(kneading):
    widths = [(row["t"], -row["pos"]["lateral_mm"]) for row in kneading]
    assert min(width for _t, width in widths) == 50
    assert max(width for _t, width in widths) == 55
    outward = [later for (_t, was), (later, width) in pairwise(widths) if was < 52.5 <= width]
    assert 50 <= len(outward) <= 62
    usual = [later - earlier for earlier, later in pairwise(outward)]
    assert sum(3.7 <= length_s <= 4.3 for length_s in usual) >= 0.9 * len(usual)


def test_kneading_sweeps_both_zones_for_their_minutes(kneading):
    places = [place_mm(row) for row in kneading]
    assert min(places) < 340
    assert max(places) > 525
    found = seconds_by_zone(kneading)
    assert set(found) == {Zone.L4_S1, Zone.L1_L3}
    # What the way out of the first zone left of its seconds, the last one gets.
    assert all(115 <= seconds <= 125 for seconds in found.values()), found


def stands(rows):
    """Where the roller stood for five seconds and more, in its order, with the seconds."""
    found = []
    for mm, some in groupby(rows, key=lambda row: round(place_mm(row))):
        times = [row["t"] for row in some]
        if times[-1] - times[0] >= 5:
            found.append((mm, times[-1] - times[0]))
    return found


def test_held_pressure_stands_on_spots_a_diameter_apart_for_nine_seconds(held):
    found = stands(held)
    for zone_mm in ((436, 536), (328, 438)):
        spots = [(mm, held_s) for mm, held_s in found if zone_mm[0] < mm < zone_mm[1]]
        assert len({mm for mm, _held_s in spots}) >= 3
        assert len(spots) >= 7
        assert all(abs(later[0] - earlier[0]) >= 30 for earlier, later in pairwise(spots))
    assert sum(8.5 <= held_s <= 10 for _mm, held_s in found) >= len(found) - 2
    assert max(held_s for _mm, held_s in found) <= 10


def test_held_pressure_keeps_its_width_and_stays_nine_seconds_of_ten_on_a_spot(held):
    assert {row["pos"]["lateral_mm"] for row in held} == {-50}
    stood_s = sum(held_s for _mm, held_s in stands(held))
    assert stood_s >= 0.6 * (held[-1]["t"] - held[0]["t"])


def test_waves_begin_at_half_rise_to_the_whole_and_fall_to_three_quarters_in_each_zone(waves):
    # 35 % of 20 levels is 7, and 30 % is 6; the first zone begins with first contact and its slow rise.
    parts = {
        Zone.L4_S1: (3, 7, 5),
        Zone.L1_L3: (3, 7, 5),
        Zone.T9_T12: (3, 6, 4),
        Zone.T5_T8: (3, 6, 4),
    }
    for zone, wanted in parts.items():
        rows = [row for row in waves if zone_of(row) is zone]
        # A third of the zone's 120 s each, and a few seconds for the way in and the radio.
        highest = [
            max(row["level"] for row in rows if 8 <= row["t"] - rows[0]["t"] - 40 * n <= 35) for n in range(3)
        ]
        assert highest == list(wanted), zone


def test_waves_go_up_the_back_for_eight_minutes(waves):
    order = [zone for zone, _rows in groupby(zone_of(row) for row in waves)]
    assert order == [Zone.L4_S1, Zone.L1_L3, Zone.T9_T12, Zone.T5_T8]
    assert 465 <= waves[-1]["t"] - waves[0]["t"] <= 480


def test_a_zone_that_is_given_up_for_a_spots_seconds_is_followed_by_the_next(tmp_path, monkeypatch):
    # At 3 mm/s the way back from the last spot takes so long that the spot's 30 s run out.
    steps = (
        Step(Zone.L1_L3, 120, 300, 3, technique=Technique.HOLD),
        Step(Zone.L4_S1, 60, 300, 20),
    )
    slow = replace(load_program("held-lumbar"), steps=steps)
    monkeypatch.setattr("system_rig.load_program", lambda _name: slow)
    rows = session(tmp_path, "held-lumbar")
    found = seconds_by_zone(rows)
    assert found[Zone.L1_L3] < 100
    assert found[Zone.L4_S1] >= 40
