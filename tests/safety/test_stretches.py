"""Stretches of the back of which one allows less than the next: the Governor on an ideal chair."""

import pytest

from governor_rig import Rig
from massager.model.body import Zone
from samples import demo


def standing(at_mm, **changes):
    """At its full strength, at a place, with a report of now."""
    rig = Rig.start(**changes)
    assert rig.run(150) is None
    assert rig.run(18, first_mm=at_mm, last_mm=at_mm) is None
    rig.now_ms += 100
    rig.report()
    return rig


def test_a_patch_that_touches_two_regions_takes_the_stricter_row():
    rig = Rig.start()
    rig.run(150)
    assert rig.level == 10
    assert rig.ask(carriage_mm=340).setpoint.levels == (8, 8)  # from 315 mm on it meets T12


def test_a_roller_that_is_too_deep_for_a_stricter_stretch_comes_up_before_it_is_carried_there():
    rig = Rig.start()
    rig.run(150)
    assert rig.ask(carriage_mm=440).setpoint.carriage_mm == 440, "as deep as may be there"
    told = []
    for _ in range(12):
        rig.now_ms += 100
        rig.report()
        told.append(rig.drive(carriage_mm=340).setpoint)
    assert [setpoint.levels for setpoint in told] == [(8, 8)] * 12
    assert [setpoint.carriage_mm for setpoint in told] == [None] * 10 + [340] * 2


def test_a_roller_that_is_less_deep_than_a_stretch_allows_is_carried_there_at_once():
    rig = Rig.start()
    rig.run(150, level=8)
    assert rig.ask(level=5, carriage_mm=340).setpoint.carriage_mm == 340


# The patch and its error reach 25 mm; the guardian looks 300 ms after the report, at 10 mm/s, and knows whole
# millimetres.
@pytest.mark.parametrize(("at_mm", "age_ms", "level"), [(359, 0, 10), (358, 0, 8), (359, 1, 8), (360, 1, 10)])
def test_beside_a_stricter_stretch_its_level_holds_where_the_guardian_may_see_the_patch_on_it(
    at_mm, age_ms, level
):
    rig = standing(at_mm)
    rig.now_ms += age_ms
    assert rig.ask(carriage_mm=at_mm).setpoint.levels == (level, level)


def test_beside_a_stretch_without_any_level_it_presses_as_long_as_it_does_not_touch_it():
    low = demo(zone_permille={Zone.T9_T12: 30})
    assert standing(356, person=low).ask(carriage_mm=356).setpoint.levels == (10, 10)
    assert standing(358, person=low).ask(carriage_mm=358).setpoint.levels == (10, 10)


def test_what_was_told_is_forgotten_once_it_has_settled():
    rig = Rig.start()
    rig.run(60)
    assert len(rig.governor.state.watch.told) <= 12
