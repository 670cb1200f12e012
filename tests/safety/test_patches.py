"""Where patches are said to be: each kind of mount in its own way, to the millimetre."""

import pytest

from massager.model.body import Side, Zone
from massager.model.commands import Intent, Placement
from massager.model.programs import Leg
from massager.safety.patches import Way, ahead, moves, on_leg, reported, standing
from samples import chair, cushion, handheld, reading

ROLLER, MOTOR, HEAD = chair().actuators[0], cushion().actuators[0], handheld().actuators[0]
HERE = Placement(480, 60, Side.LEFT)
AT = reading(carriage_mm=470, half_width_mm=50)


def test_only_what_a_carriage_takes_along_moves():
    assert [moves(one) for one in (ROLLER, MOTOR, HEAD)] == [True, False, False]


def test_each_is_reported_in_its_own_way():
    assert reported(ROLLER, AT, HERE) == Way(ROLLER, 470, 470, 50, 50)
    assert reported(MOTOR, AT, HERE) == Way(MOTOR, 282, 282, 70, 70)
    assert reported(HEAD, AT, HERE) == Way(HEAD, 480, 480, 60, 60)
    assert reported(HEAD, AT, None) is None


@pytest.mark.parametrize("unknown", ["carriage_mm", "half_width_mm"])
def test_a_roller_is_nowhere_while_either_of_its_places_is_not_known(unknown):
    told = reading(**{"carriage_mm": 470, "half_width_mm": 50, unknown: None})
    assert reported(ROLLER, told, HERE) is None
    assert reported(MOTOR, told, HERE) == Way(MOTOR, 282, 282, 70, 70)


def test_a_margin_is_for_what_moves():
    wish = Intent(5, 480, None, 10)
    assert ahead(ROLLER, AT, HERE, wish, 3) == Way(ROLLER, 467, 480, 50, 50)
    assert ahead(MOTOR, AT, HERE, wish, 3) == Way(MOTOR, 282, 282, 70, 70)
    assert ahead(HEAD, AT, HERE, wish, 3) == Way(HEAD, 480, 480, 60, 60)


def test_a_step_is_where_the_patch_is_fixed_or_where_the_timeline_says():
    leg = Leg(Zone.L4_S1, 60, 460, 500, 10, 5)
    assert on_leg(ROLLER, leg, 50) == Way(ROLLER, 460, 500, 50, 50)
    assert on_leg(MOTOR, leg, None) == Way(MOTOR, 282, 282, 70, 70)
    assert on_leg(ROLLER, leg, None) is None


def test_what_stays_in_its_place_and_works_stands_there():
    assert standing(cushion(), (0, 0, 1, 0, 0, 10)) == {383, 485}
    assert standing(chair(), (5, 5)) == set()
    with pytest.raises(ValueError, match="shorter"):
        standing(cushion(), (1,))
