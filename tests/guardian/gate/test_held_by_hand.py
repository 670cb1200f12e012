"""The gate for what a hand holds: the place that a lease names, and no other while it may press."""

from dataclasses import replace

import pytest

from guardian.gate_rig import (
    CUSHION,
    HANDHELD,
    HERE,
    facts,
    permits,
    still_facts,
    still_lease,
    still_permit,
    still_reading,
    still_setpoint,
)
from guardian.rig import lease
from massager.guardian.gate import check_lease
from massager.guardian.reported import check_reading
from massager.guardian.told import OpenSession
from massager.model.body import Side
from massager.model.decisions import Reason
from massager.model.telemetry import ActuatorReading

PERMIT = still_permit(HANDHELD)
THERE = replace(HERE, along_mm=500)
PRESSES = still_reading(HANDHELD, 1)
TOLD = (still_setpoint(1),)


def refusal(level=1, placement=HERE, **changes):
    return check_lease(still_lease(level, placement=placement), still_facts(HANDHELD, **changes))


def test_a_permit_for_what_is_held_passes_without_a_row_over_the_kidneys():
    assert permits(PERMIT, profile=HANDHELD) is None
    over = replace(PERMIT, rows=(replace(PERMIT.rows[0], first_mm=437),))
    assert "kidneys" in permits(over, profile=HANDHELD)


@pytest.mark.parametrize("side", Side)
def test_a_lease_for_a_place_that_a_row_covers_passes(side):
    assert refusal(placement=replace(HERE, side=side)) is None


def test_nothing_presses_without_a_place_and_letting_go_needs_none():
    assert refusal(placement=None) == "position unknown"
    assert refusal(placement=None, placed=HERE, reading=PRESSES) == "position unknown"
    assert refusal(0, placement=None) is None
    assert refusal(0, reading=None) is None
    assert refusal(0, placement=None, placed=HERE, reading=PRESSES, recent=TOLD) is None


@pytest.mark.parametrize(
    ("changes", "passes"),
    [
        # The head and its error reach 35 mm.
        ({"along_mm": 473}, True),
        ({"along_mm": 472}, False),
        ({"along_mm": 598}, True),
        ({"along_mm": 599}, False),
        ({"aside_mm": 69}, False),
        ({"aside_mm": 71}, False),
        ({"aside_mm": -70}, False),
    ],
)
def test_a_place_that_no_row_covers_is_refused(changes, passes):
    assert (refusal(placement=replace(HERE, **changes)) is None) is passes


@pytest.mark.parametrize(
    "odd", [{"along_mm": 480.0}, {"along_mm": True}, {"aside_mm": None}, {"aside_mm": "70"}]
)
@pytest.mark.parametrize("level", [0, 1])
def test_an_odd_place_is_refused(odd, level):
    assert "odd" in refusal(level, placement=replace(HERE, **odd))


@pytest.mark.parametrize("level", [0, 1])
def test_a_place_for_what_no_hand_holds_is_refused(level):
    chair = replace(lease(1, 1, 0, level), placement=HERE)
    assert "no hand" in check_lease(chair, facts())
    still = still_lease(0, 0, level, 0, 0, 0, warmth=(0, 0), placement=HERE)
    assert "no hand" in check_lease(still, still_facts(CUSHION))


def test_a_place_for_what_a_hand_holds_in_part_is_refused():
    mixed = replace(HANDHELD, actuators=(*HANDHELD.actuators, CUSHION.actuators[-1]))
    found = still_facts(mixed)
    assert "no hand" in check_lease(still_lease(1, 0, placement=HERE), found)


def test_the_place_stays_the_same_while_it_presses():
    assert refusal(placement=HERE, placed=HERE, reading=PRESSES) is None
    assert "moved" in refusal(placement=THERE, placed=HERE, reading=PRESSES)
    assert refusal(placed=HERE, reading=PRESSES, recent=TOLD) is None
    assert "moved" in refusal(placement=THERE, placed=HERE, reading=PRESSES, recent=TOLD)
    assert "moved" in refusal(0, placement=THERE, placed=HERE, reading=PRESSES, recent=TOLD)
    other_hand = replace(HERE, side=Side.RIGHT)
    assert "moved" in refusal(placement=other_hand, placed=HERE, reading=PRESSES, recent=TOLD)


def test_the_place_stays_the_same_while_it_may_be_about_to_press():
    assert "moved" in refusal(placement=THERE, placed=HERE, recent=TOLD)
    assert refusal(placement=THERE, placed=HERE, recent=(still_setpoint(0),)) is None
    twin = replace(HANDHELD, actuators=HANDHELD.actuators * 2)
    one_works = still_facts(twin, placed=HERE, recent=(still_setpoint(0, 1),))
    assert "moved" in check_lease(still_lease(1, 0, placement=THERE), one_works)


def test_a_place_that_was_left_out_in_between_is_not_forgotten_while_it_presses():
    session = OpenSession(PERMIT, epoch=1)
    for number, level, placement in ((1, 1, HERE), (2, 0, None)):
        session.take(replace(still_lease(level, placement=placement), number=number), 100 * number)
    known = session.facts(replace(PRESSES, at_ms=150), HANDHELD, after=2, now_ms=250)
    again = replace(still_lease(1, placement=THERE), number=3)
    assert "moved" in check_lease(again, known)


def test_a_new_place_is_named_once_everything_was_reported_off():
    assert refusal(placement=THERE, placed=None) is None
    assert refusal(placement=THERE, placed=HERE) is None


def trip(level, placed, **changes):
    found = check_reading(
        replace(still_reading(HANDHELD, level), **changes),
        permit=PERMIT,
        profile=HANDHELD,
        epoch=1,
        seq=4,
        highest=(1,),
        placed=placed,
    )
    return found and found.reason


def test_a_head_that_presses_and_was_placed_nowhere_trips():
    assert trip(1, None) is Reason.POSITION_UNKNOWN
    assert trip(0, None) is None
    assert trip(0, None, actuators=(ActuatorReading(0, 0, 1),)) is Reason.POSITION_UNKNOWN


def test_a_head_that_presses_where_it_was_placed_does_not_trip_unless_no_row_is_there():
    assert trip(1, HERE) is None
    assert trip(1, replace(HERE, along_mm=472)) is Reason.OUT_OF_PLACE
    assert trip(1, replace(HERE, aside_mm=71)) is Reason.OUT_OF_PLACE


def test_the_last_lease_says_where_it_is_held():
    session = OpenSession(PERMIT, epoch=1)
    assert session.facts(None, HANDHELD, after=0, now_ms=0).placed is None
    session.take(still_lease(1, placement=HERE), 0)
    assert session.facts(None, HANDHELD, after=0, now_ms=0).placed == HERE
