"""The hand-held massager's mechanics and what its firmware makes of them, without a loop."""

import pytest

from firmware_sim.handheld import Handheld
from firmware_sim.plant import Reading
from firmware_sim.wire import Refusal, Set
from sim.device_bench import Bench, begin, set_


def after(seconds: float, level: int, *, step_s: float | None = None) -> Reading:
    handheld = Handheld()
    handheld.apply(Set(1, 1, 1000, None, None, 0, (level,)))
    for _ in range(round(seconds / (step_s or seconds))):
        handheld.step(step_s or seconds)
    (head,) = handheld.readings()
    return head


@pytest.mark.parametrize("level", range(1, 11))
def test_a_level_is_three_blows_a_second_more_and_4_newton(level: int) -> None:
    head = after(1, level)
    assert head.freq_hz == pytest.approx(15 + 3 * (level - 1))
    assert (head.force_n, head.intensity) == pytest.approx((4 * level, level / 10))


def test_the_head_has_no_depth_no_temperature_and_does_not_know_where_it_is() -> None:
    head = after(1, 10)
    assert (head.depth_mm, head.temp_c, head.place) == (0, None, None)


def test_the_head_stands_300_ms_after_a_stop_at_the_highest_level() -> None:
    handheld = Handheld()
    handheld.apply(Set(1, 1, 1000, None, None, 0, (10,)))
    handheld.step(0.3)
    assert handheld.readings()[0].intensity == 1
    handheld.stop()
    handheld.step(0.29)
    assert not handheld.at_rest
    assert handheld.readings()[0].freq_hz == 15
    handheld.step(0.01)
    assert handheld.at_rest
    assert (handheld.readings()[0].freq_hz, handheld.readings()[0].force_n) == (None, 0)


@pytest.mark.parametrize("level", [1, 4, 10])
def test_one_step_of_a_second_is_a_hundred_of_10_ms(level: int) -> None:
    assert after(1, level) == after(1, level, step_s=0.01)
    assert after(0.2, level).intensity == pytest.approx(after(0.2, level, step_s=0.01).intensity)


def test_a_session_is_600_seconds_at_the_most() -> None:
    bench = Bench(Handheld())
    assert bench.command(begin(deadline_s=601, ceilings=(10,))) is Refusal.MALFORMED
    assert bench.command(begin(deadline_s=600, ceilings=(10,))) is None


def test_the_state_tells_the_force_and_no_place() -> None:
    bench = Bench(Handheld())
    bench.command(begin(deadline_s=600, ceilings=(10,)))
    bench.command(set_(1, 10))
    (head,) = bench.wait(0.02).actuators
    assert (head.level, head.depth_dmm, head.load_n) == (10, 0, 3)  # 2.7 N
    (head,) = bench.wait(0.5).actuators
    assert head.load_n == 40
    assert (bench.state.carriage_mm, bench.state.half_width_mm, bench.state.moving) == (None, None, False)
    assert bench.command(set_(2, 1, width=0)) is Refusal.OUTSIDE_TRAVEL
