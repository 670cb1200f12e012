"""The picture of the mechanics, and what can be read off it."""

from itertools import pairwise

import pytest

from firmware_sim.handheld import Handheld
from sim import step_responses
from sim.step_responses import PICTURE, Curve, panels, picture, told


def named(beginning: str) -> list[Curve]:
    return next(curves for title, _, _, curves in panels() if title.startswith(beginning))


def steepest(curve: Curve) -> float:
    """Units for each second, between two samples."""
    pairs = pairwise(curve)
    return max(abs(now - was) / (then - at) for (at, was), (then, now) in pairs)


def test_the_picture_on_the_page_is_the_one_that_the_mechanics_give() -> None:
    assert PICTURE.read_text(encoding="utf-8") == picture()


def test_a_roller_goes_out_and_back_at_its_rate_and_no_faster() -> None:
    [chair] = named("Chair: levels")
    assert max(value for _, value in chair) == 40
    assert steepest(chair) == pytest.approx(80)  # 20 mm/s and 4 N/mm


def test_the_carriage_turns_without_a_jump_and_passes_no_end() -> None:
    [place] = named("Chair: carriage")
    assert min(value for _, value in place) > 500  # it was called back before it arrived
    assert place[-1][1] == 560
    assert steepest(place) <= 40.001
    speeds = [(then - now) / 0.025 for (_, now), (_, then) in pairwise(place)]
    assert max(abs(now - was) for was, now in pairwise(speeds)) <= 200 * 0.025 + 0.01


def test_a_pad_warms_and_cools_at_its_rate_to_its_level() -> None:
    for level, warm in zip((1, 3, 5), named("Cushion: pad"), strict=True):
        assert max(value for _, value in warm) == 36 + level
        assert steepest(warm) == pytest.approx(0.05)
        assert warm[0][1] == 33


def test_a_charge_lasts_two_hours_at_the_highest_level_and_longer_below() -> None:
    full, half, least = named("Hand-held: charge")
    assert next(at for at, value in full if value == 0) == pytest.approx(7060, abs=80)
    assert half[-1][1] == pytest.approx(35, abs=2)
    assert least[-1][1] == pytest.approx(85, abs=2)


def test_each_panel_is_drawn_inside_its_frame() -> None:
    for _, _, _, curves in panels():
        assert all(len(curve) == step_responses.SAMPLES + 1 for curve in curves)
    massager = Handheld()
    massager.apply(told(10))
    massager.step(0.3)
    assert f"{massager.readings()[0].freq_hz:.0f}" in picture()
