import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_sim.chair import Chair
from firmware_sim.defects import Defects
from firmware_sim.drives import Glide
from firmware_sim.sitter import column_fraction, vertebra_at
from firmware_sim.wire import Set


def setpoint(*levels: int, carriage: int | None = None, width: int | None = None, pace: int = 40) -> Set:
    return Set(1, 1, 1000, carriage, width, pace, levels)


def glide_at(position_mm: float) -> Glide:
    return Glide(position_mm, speeding_mm_s2=50, braking_mm_s2=200)


def depths(chair: Chair) -> list[float]:
    return [reading.depth_mm for reading in chair.readings()]


def test_depth_moves_at_20_mm_a_second_and_arrives_exactly() -> None:
    chair = Chair()
    chair.apply(setpoint(10, 3))
    chair.step(0.1)
    assert depths(chair) == pytest.approx([2, 2])
    chair.step(0.1)
    assert depths(chair) == [pytest.approx(4), 3]
    chair.step(0.3)
    assert depths(chair) == [10, 3]
    chair.step(5)
    assert depths(chair) == [10, 3]


def test_each_roller_presses_4_newton_a_millimetre_of_its_own_depth() -> None:
    chair = Chair()
    chair.apply(setpoint(20, 5))
    chair.step(1)
    left, right = chair.readings()
    assert (left.force_n, left.intensity, left.level) == (80, 1, 20)
    assert (right.force_n, right.intensity, right.level) == (20, 0.25, 5)


def test_width_moves_at_20_mm_a_second_and_both_rollers_share_it() -> None:
    chair = Chair()
    chair.apply(setpoint(0, 0, width=80))
    chair.step(1)
    assert chair.half_width_mm == pytest.approx(50)
    places = [reading.place for reading in chair.readings()]
    assert [place.lateral_mm for place in places if place] == pytest.approx([-50, 50])
    chair.step(1.5)
    assert chair.half_width_mm == 80
    assert chair.at_rest


def test_the_carriage_speeds_up_at_50_cruises_at_its_pace_and_brakes_at_200() -> None:
    carriage = glide_at(580)
    carriage.head_for(480, pace_mm_s=20)
    carriage.step(0.2)
    assert carriage.velocity_mm_s == pytest.approx(-10)
    assert carriage.position_mm == pytest.approx(579)
    carriage.step(0.2)
    carriage.step(1)
    assert carriage.velocity_mm_s == pytest.approx(-20)
    # 4 mm of speeding up in 0.4 s, 95 mm of cruise in 4.75 s, 1 mm of braking in 0.1 s
    assert carriage.settles_in_s() == pytest.approx(0.4 + 4.75 + 0.1 - 1.4)
    carriage.step(0.4 + 4.75 - 1.4 + 0.05)
    assert carriage.velocity_mm_s == pytest.approx(-10)
    carriage.step(0.05)
    assert (carriage.position_mm, carriage.velocity_mm_s, carriage.arrived) == (480, 0, True)


def test_a_halted_carriage_rests_after_its_braking_distance() -> None:
    carriage = glide_at(580)
    carriage.head_for(0, pace_mm_s=40)
    carriage.step(3)
    before = carriage.position_mm
    carriage.halt()
    assert carriage.settles_in_s() == pytest.approx(0.2)
    carriage.step(1)
    assert before - carriage.position_mm == pytest.approx(40 * 40 / 2 / 200)
    assert carriage.arrived


@given(
    start=st.integers(0, 580),
    targets=st.lists(st.tuples(st.integers(0, 580), st.integers(1, 40), st.floats(0.001, 3)), min_size=1),
)
def test_a_carriage_ends_exactly_on_its_last_target_however_often_it_is_sent_elsewhere(
    start: int, targets: list[tuple[int, int, float]]
) -> None:
    carriage = glide_at(start)
    for target, pace, time_s in targets:
        carriage.head_for(target, pace_mm_s=pace)
        carriage.step(time_s)
    time_s = carriage.settles_in_s()
    carriage.step(time_s)
    assert (carriage.position_mm, carriage.arrived) == (targets[-1][0], True)


@given(start=st.integers(0, 580), target=st.integers(0, 580), pace=st.integers(1, 40))
def test_a_carriage_from_rest_never_overshoots_and_never_exceeds_its_pace(
    start: int, target: int, pace: int
) -> None:
    carriage = glide_at(start)
    carriage.head_for(target, pace_mm_s=pace)
    low, high = min(start, target), max(start, target)
    for _ in range(200):
        carriage.step(carriage.settles_in_s() / 7 + 0.01)
        assert low <= carriage.position_mm <= high
        assert abs(carriage.velocity_mm_s) <= pace + 1e-9


@given(steps=st.lists(st.floats(0.0001, 0.5), min_size=1, max_size=60))
def test_time_in_many_steps_leaves_what_the_same_time_in_one_step_leaves(steps: list[float]) -> None:
    one, many = Chair(), Chair()
    for chair in (one, many):
        chair.apply(setpoint(17, 4, carriage=523, width=61, pace=33))
    one.step(sum(steps))
    for dt_s in steps:
        many.step(dt_s)
    assert depths(many) == pytest.approx(depths(one), abs=1e-3)
    assert many.carriage_mm == pytest.approx(one.carriage_mm, abs=1e-3)
    assert many.half_width_mm == pytest.approx(one.half_width_mm, abs=1e-3)


def test_a_stop_halts_width_and_carriage_and_retracts_from_full_depth_in_a_second() -> None:
    chair = Chair()
    chair.apply(setpoint(20, 20, carriage=100, width=80))
    chair.step(1)
    carriage, width = chair.carriage_mm, chair.half_width_mm
    chair.stop()
    assert chair.settles_in_s() == pytest.approx(1)
    chair.step(1)
    assert chair.at_rest
    assert chair.half_width_mm == width
    assert 0 <= carriage - chair.carriage_mm <= 4
    assert depths(chair) == [0, 0]


def test_a_chair_told_to_stay_does_not_move() -> None:
    chair = Chair()
    chair.apply(setpoint(5, 5))
    chair.step(3)
    assert (chair.carriage_mm, chair.half_width_mm, chair.moving) == (580, 30, False)
    assert not chair.at_rest


def test_a_creeping_carriage_moves_up_while_it_presses_and_stands_once_retracted() -> None:
    chair = Chair()
    chair.suffer(Defects(creeping=True))
    chair.apply(setpoint(0, 0, carriage=400))
    chair.step(20)
    assert chair.carriage_mm == 400
    chair.apply(setpoint(2, 2, carriage=400))
    for _ in range(100):
        chair.step(0.1)
    assert chair.carriage_mm == pytest.approx(400 - 5 * 9.9)
    chair.stop()
    chair.step(0.1)
    place = chair.carriage_mm
    chair.step(5)
    assert chair.carriage_mm == place


@pytest.mark.parametrize(
    ("fraction", "level", "level_frac"),
    [
        (0.0, "C1", 0.0),
        (0.175999, "C7", 1.0),
        (0.176, "T1", 0.0),
        (0.570, "L1", 0.0),
        (0.824, "S1", 0.0),
        (0.861, "S2", 0.0),
        (0.899, "S3", 0.0),
        (0.97475, "coccyx", 0.0),
        (1.0, "coccyx", 1.0),
        (1.2, "coccyx", 1.0),
        (-0.2, "C1", 0.0),
        (0.5954, "L1", 0.5),
    ],
)
def test_a_fraction_of_the_column_has_its_vertebra(fraction: float, level: str, level_frac: float) -> None:
    name, share = vertebra_at(fraction)
    assert name == level
    assert share == pytest.approx(level_frac, abs=1e-3)


def test_the_landmarks_of_the_default_sitter_lie_where_the_page_says() -> None:
    assert vertebra_at(column_fraction(40))[0] == "C7"
    assert vertebra_at(column_fraction(549))[0] == "S2"
    assert column_fraction(549) - column_fraction(40) == pytest.approx(509 / 710, abs=1e-3)
