"""Stretches of the back of which one allows less than the next: the Governor on an ideal chair."""

from governor_rig import Rig


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
