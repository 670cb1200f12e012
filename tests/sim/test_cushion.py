"""The cushion's mechanics and what its firmware makes of them, without a loop."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_sim.cushion import Cushion
from firmware_sim.defects import Defects
from firmware_sim.plant import Reading
from firmware_sim.readout import actuator_state
from firmware_sim.wire import Cause, Refusal, Set
from sim.device_bench import Bench, begin, end, set_

CEILINGS = (10,) * 8 + (5,) * 2
MOTORS, PADS = range(8), (8, 9)


def setpoint(*levels: int) -> Set:
    return Set(1, 1, 1000, None, None, 0, levels)


def shaking(level: int) -> tuple[int, ...]:
    return (level,) * 8 + (0, 0)


def warming(level: int) -> tuple[int, ...]:
    return (0,) * 8 + (level, level)


def after(seconds: float, levels: tuple[int, ...]) -> tuple[Reading, ...]:
    cushion = Cushion()
    cushion.apply(setpoint(*levels))
    cushion.step(seconds)
    return cushion.readings()


def bench() -> Bench:
    made = Bench(Cushion())
    assert made.command(begin(ceilings=CEILINGS)) is None
    return made


@pytest.mark.parametrize(("level", "hz"), [(1, 20.0), (4, 20 + 25 / 3), (10, 45.0)])
def test_the_frequency_rises_evenly_from_20_hz_at_level_1_to_45_at_level_10(level: int, hz: float) -> None:
    readings = after(1, shaking(level))
    assert [readings[i].freq_hz for i in MOTORS] == pytest.approx([hz] * 8)
    assert all(readings[i].freq_hz is None for i in PADS)


def test_a_motor_presses_half_a_newton_a_level_and_has_no_depth() -> None:
    readings = after(1, (1, 2, 3, 4, 5, 6, 7, 10, 0, 0))
    assert [readings[i].force_n for i in MOTORS] == pytest.approx([0.5, 1, 1.5, 2, 2.5, 3, 3.5, 5])
    assert [readings[i].intensity for i in MOTORS] == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 1])
    assert {reading.depth_mm for reading in readings} == {0}


def test_a_motor_needs_300_ms_over_its_whole_range_and_as_long_back() -> None:
    cushion = Cushion()
    cushion.apply(setpoint(*shaking(10)))
    cushion.step(0.15)
    assert cushion.readings()[0].intensity == pytest.approx(0.5)
    cushion.step(0.15)
    assert cushion.readings()[0].intensity == 1
    cushion.stop()
    assert not cushion.at_rest
    assert cushion.settles_in_s() == pytest.approx(0.3)
    cushion.step(0.3)
    assert cushion.at_rest
    assert (cushion.readings()[0].intensity, cushion.readings()[0].freq_hz) == (0, None)


@given(steps=st.lists(st.tuples(st.integers(0, 10), st.floats(0.001, 0.2)), min_size=1, max_size=20))
def test_no_motor_ever_turns_slower_than_at_level_1_nor_faster_than_at_level_10(
    steps: list[tuple[int, float]],
) -> None:
    cushion = Cushion()
    for level, dt_s in steps:
        cushion.apply(setpoint(*shaking(level)))
        cushion.step(dt_s)
        for reading in cushion.readings()[:8]:
            assert reading.freq_hz is None or 20 <= reading.freq_hz <= 45 + 1e-9
            assert (reading.freq_hz is None) == (reading.intensity == 0)


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_a_pad_warms_by_a_twentieth_of_a_degree_a_second_to_36_and_its_level_and_no_further(
    level: int,
) -> None:
    assert after(10, warming(level))[8].temp_c == pytest.approx(33.5)
    assert [after(1200, warming(level))[i].temp_c for i in PADS] == [36 + level, 36 + level]


def test_a_pad_cools_as_fast_to_its_lower_level_and_to_skin_when_it_is_off() -> None:
    cushion = Cushion()
    cushion.apply(setpoint(*warming(5)))
    cushion.step(300)
    cushion.apply(setpoint(*warming(2)))
    cushion.step(20)
    assert cushion.readings()[9].temp_c == pytest.approx(40)
    cushion.stop()
    cushion.step(40)
    assert cushion.readings()[9].temp_c == pytest.approx(38)
    cushion.step(1000)
    assert cushion.readings()[9].temp_c == 33


def test_a_pad_presses_nothing_and_its_intensity_is_its_level_however_warm_it_is() -> None:
    for seconds in (0.01, 1000):
        pad = after(seconds, (0,) * 8 + (2, 5))[8]
        assert (pad.intensity, pad.force_n, pad.level) == (0.4, 0, 2)


def test_a_pad_that_is_switched_off_is_at_rest_at_once_and_one_that_may_heat_is_not() -> None:
    cushion = Cushion()
    cushion.apply(setpoint(*warming(1)))
    cushion.step(1000)
    assert not cushion.at_rest
    cushion.stop()
    assert (cushion.at_rest, cushion.settles_in_s()) == (True, 0)
    assert cushion.readings()[8].intensity == 0


@given(
    levels=st.tuples(*[st.integers(0, 10)] * 8, *[st.integers(0, 5)] * 2),
    steps=st.lists(st.floats(0.0001, 40), min_size=1, max_size=100),
)
def test_time_in_many_steps_leaves_what_the_same_time_in_one_step_leaves(
    levels: tuple[int, ...], steps: list[float]
) -> None:
    one, many = Cushion(), Cushion()
    for cushion in (one, many):
        cushion.apply(setpoint(*levels))
    one.step(sum(steps))
    for dt_s in steps:
        many.step(dt_s)
    for left, right in zip(one.readings(), many.readings(), strict=True):
        assert left.intensity == pytest.approx(right.intensity, abs=1e-4)
        assert left.force_n == pytest.approx(right.force_n, abs=1e-4)
        assert left.temp_c == pytest.approx(right.temp_c, abs=1e-4)


def test_one_step_of_a_second_is_a_hundred_of_10_ms() -> None:
    cushion = Cushion()
    cushion.apply(setpoint(1, 2, 3, 4, 5, 6, 7, 10, 3, 5))
    for _ in range(100):
        cushion.step(0.01)
    for left, right in zip(cushion.readings(), after(1, (1, 2, 3, 4, 5, 6, 7, 10, 3, 5)), strict=True):
        assert (left.intensity, left.freq_hz) == (right.intensity, right.freq_hz)
        assert left.temp_c == pytest.approx(right.temp_c)


def test_each_actuator_lies_where_the_page_says() -> None:
    cushion = Cushion()
    where = {  # by hand: C7 at 40 mm is 0.163 of the column, the PSIS line at 549 mm is 0.880
        "upper": ("T6", 0.997, 70),
        "middle": ("T10", 0.986, 70),
        "lower": ("L2", 0.499, 70),
        "seat": ("L5", 0.328, 70),
        "heat": ("L5", 0.328, 80),
    }
    assert list(cushion.names) == [f"{row}_{side}" for row in where for side in ("left", "right")]
    for name, reading in zip(cushion.names, cushion.readings(), strict=True):
        row, _, side = name.partition("_")
        level, level_frac, beside_mm = where[row]
        assert reading.place
        assert (reading.place.level, reading.place.lateral_mm) == (
            level,
            -beside_mm if side == "left" else beside_mm,
        )
        assert reading.place.level_frac == pytest.approx(level_frac, abs=0.005)


def test_a_fault_of_the_carriage_changes_nothing_on_a_model_without_one() -> None:
    cushion = Cushion()
    cushion.suffer(Defects(creeping=True))
    cushion.apply(setpoint(*shaking(10)))
    cushion.step(10)
    assert (cushion.moving, cushion.carriage_mm, cushion.half_width_mm) == (False, None, None)
    assert cushion.readings() == after(10, shaking(10))


# What the firmware accepts and tells.


@pytest.mark.parametrize(
    "field", [{"carriage": 0}, {"carriage": 300}, {"width": 0}, {"width": 70}, {"carriage": 0, "width": 0}]
)
def test_a_set_that_names_a_place_is_refused_and_nothing_starts(field: dict[str, int]) -> None:
    cushion = bench()
    assert cushion.command(set_(1, *CEILINGS, **field)) is Refusal.OUTSIDE_TRAVEL
    assert cushion.state.at_rest


def test_the_pace_is_ignored() -> None:
    cushion = bench()
    for seq, pace in enumerate((0, 255), start=1):
        assert cushion.command(set_(seq, *CEILINGS, pace=pace)) is None


def test_the_state_tells_force_of_motors_and_temperature_of_pads_rounded_up_and_no_place() -> None:
    cushion = bench()
    cushion.hold(1, 0.5, 1, 2, 3, 4, 5, 6, 7, 10, 5, 0)
    told = cushion.state.actuators
    assert [told[i].load_n for i in MOTORS] == [1, 1, 2, 2, 3, 3, 4, 5]
    assert [told[i].depth_dmm for i in MOTORS] == [0] * 8
    assert [(told[i].depth_dmm, told[i].load_n) for i in PADS] == [(166, 0), (165, 0)]
    assert (cushion.state.carriage_mm, cushion.state.half_width_mm) == (None, None)
    assert not cushion.state.moving


def test_a_pad_at_its_hottest_is_told_as_205() -> None:
    cushion = bench()
    cushion.hold(1, 170, *warming(5))
    assert cushion.state.actuators[8].depth_dmm == 205


@pytest.mark.parametrize(
    ("temp_c", "told"), [(33.0, 165), (40.99, 205), (41.01, 206), (51.0, 255), (80.0, 255)]
)
def test_a_temperature_is_rounded_up_to_a_fifth_of_a_degree_and_never_wraps(temp_c: float, told: int) -> None:
    reading = Reading(level=0, intensity=0, force_n=0, depth_mm=0, place=None, temp_c=temp_c)
    assert actuator_state(reading).depth_dmm == told


def test_heat_alone_keeps_a_device_from_rest_and_a_stop_switches_it_off_at_once() -> None:
    cushion = bench()
    cushion.hold(1, 100, *warming(3))
    assert (cushion.state.at_rest, cushion.state.cause) == (False, Cause.LEASE)
    warm = cushion.state.actuators[8].depth_dmm
    cushion.stop()
    state = cushion.state
    assert (state.at_rest, state.cause, state.actuators[8].level) == (True, Cause.STOP, 0)
    assert state.actuators[8].depth_dmm == warm
    assert cushion.wait(20).actuators[8].depth_dmm == warm - 5
    assert cushion.command(begin(2, ceilings=CEILINGS)) is None  # a warm surface is at rest


def test_an_end_lets_the_motors_run_down_and_then_rests() -> None:
    cushion = bench()
    cushion.hold(1, 1, *CEILINGS)
    assert cushion.command(end()) is None
    assert (cushion.state.at_rest, cushion.state.cause) == (False, Cause.RETRACT)
    assert cushion.wait(0.299).cause is Cause.RETRACT
    assert (cushion.wait(0.001).at_rest, cushion.state.cause) == (True, Cause.REST)


def test_a_level_above_the_ceiling_of_one_pad_is_refused_whole() -> None:
    cushion = bench()
    assert cushion.command(set_(1, *(1,) * 8, 0, 6)) is Refusal.ABOVE_CEILING
    assert cushion.state.at_rest
    assert cushion.command(set_(1, *(0,) * 10)) is None
