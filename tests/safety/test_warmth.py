"""Warm pads: how warm they may be, where, and when everything stops."""

from dataclasses import replace

import pytest

from governor_rig import StillRig, envelope, today
from massager.model.body import ZONE_SPANS_PPM, Region, Side, Zone
from massager.model.ceilings import Clearance, Modality, Severity
from massager.model.decisions import Reason, Trip
from massager.model.people import KeepOut, Modifier
from massager.model.telemetry import HeaterReading
from samples import BY_HAND, cushion, demo, handheld, heater, held_pad, mild_lumbar

CLEARED = frozenset((region, Modality.VIBRATION, code) for region in Region for code in Clearance)
SEAT = ("seat_left", "seat_right")


def found(**changes):
    return envelope(**({"device": cushion(), "calibration": BY_HAND, "cleared": CLEARED} | changes))


def narrow(severity, region=Region.LUMBAR):
    return demo(conditions={region: severity})


# Pads that are far from the midline even for severe stenosis; level n is 36 °C and n.
FAR = cushion(heaters=tuple(heater(f"heat_{side}", side, aside_mm=85) for side in Side))


@pytest.mark.parametrize(
    ("severity", "oldest", "level"),
    [
        (Severity.MILD, False, 5),
        (Severity.MODERATE, False, 4),
        (Severity.SEVERE, False, 3),
        (Severity.MILD, True, 3),
        (Severity.SEVERE, True, 3),
    ],
)
def test_a_pad_is_no_warmer_than_its_row_and_than_39_degrees_from_75_on(severity, oldest, level):
    person = narrow(severity)
    day = today(person, cleared=CLEARED, oldest=oldest)
    assert found(person=person, device=FAR, today=day).warmth == (level, level)


def test_a_pad_has_no_level_above_its_own_highest_and_none_below_its_lowest_temperature():
    few = cushion(heaters=(heater("few", Side.LEFT, levels=2), heater("hot", Side.LEFT, base_c=41)))
    assert found(device=few).warmth == (2, 0)
    assert found(device=cushion(heaters=(heater("hotter", Side.LEFT, base_c=45),))).warmth == (0,)


def test_a_pad_that_touches_two_regions_takes_the_cooler_row():
    # From 285 to 385 mm, over the border of T12 and L1.
    between = cushion(heaters=(heater("between", Side.LEFT, along_mm=335),))
    assert found(device=between).warmth == (5,)
    assert found(device=between, person=narrow(Severity.MODERATE, Region.THORACIC)).warmth == (4,)


@pytest.mark.parametrize("condition", [Modifier.REDUCED_FEELING, Modifier.PREGNANT])
def test_a_condition_keeps_warmth_off(condition):
    assert found(person=demo(modifiers=frozenset({condition}))).warmth == (0, 0)


def test_a_pad_over_a_scar_stays_off_and_the_other_warms():
    scar = KeepOut("scar", ZONE_SPANS_PPM[Zone.L4_S1], left_mm=-90, right_mm=-40)
    assert found(person=demo(keep_outs=(scar,))).warmth == (0, 5)
    # The pad at 80 mm reaches 50 mm to either side.
    for edge_mm, level in ((-130, 0), (-131, 5)):
        aside = replace(scar, left_mm=-200, right_mm=edge_mm)
        assert found(person=demo(keep_outs=(aside,))).warmth == (level, 5)


def test_a_pad_near_the_midline_stays_off():
    for aside_mm, level in ((74, 0), (75, 5)):
        device = cushion(heaters=(heater("near", Side.LEFT, aside_mm=aside_mm),))
        assert found(device=device).warmth == (level,)


def test_a_pad_off_the_spine_or_where_nobody_may_be_massaged_stays_off():
    gone = cushion(heaters=(heater("gone", Side.LEFT, along_mm=700),))
    assert found(device=gone).warmth == (0,)
    assert found(person=demo(attested=False)).warmth == (0, 0)
    chest = tuple(row for row in mild_lumbar().rows if row.region is Region.THORACIC)
    assert found(profile=mild_lumbar(rows=chest)).warmth == (0, 0)


def test_a_pad_whose_middle_lies_in_no_zone_stays_off():
    for along_mm, level in ((535, 5), (536, 0)):
        device = cushion(heaters=(heater("low", Side.LEFT, along_mm=along_mm),))
        assert found(device=device).warmth == (level,)


def test_there_is_no_warmth_beside_percussion():
    striking = replace(handheld().actuators[0], along_mm=485, aside_mm=70, side=Side.LEFT)
    low = heater("low", Side.LEFT, along_mm=500, aside_mm=90)
    assert found(device=cushion(actuators=(striking,), heaters=(low,))).warmth == (0,)
    shaking = replace(held_pad().actuators[0], along_mm=485, aside_mm=70, side=Side.LEFT)
    assert found(device=cushion(actuators=(shaking,), heaters=(low,))).warmth == (5,)


# In a session


def rig(**changes):
    return StillRig.start(**({"device": cushion(), "calibration": BY_HAND} | changes))


def test_a_pad_warms_only_while_it_was_asked_for_and_something_works():
    fresh = rig()
    assert fresh.ask(works=SEAT).setpoint.warmth == (0, 0)
    assert fresh.ask(works=SEAT, warm=True).setpoint.warmth == (5, 5)
    assert fresh.ask(level=0, warm=True).setpoint.warmth == (0, 0)


def test_the_permit_says_how_warm_a_pad_may_be():
    governor = rig().governor
    permit = governor.permit(half_width_mm=None, model="M", firmware="1", ends_ms=9, fence=3)
    assert permit.warmth == governor.envelope.warmth == (5, 5)


def test_a_warm_pad_is_not_at_rest_and_nothing_begins_anew():
    worked = rig()
    assert worked.run(5, works=SEAT, warm=True) is None
    worked.drive(level=0)
    worked.now_ms += 100
    worked.report(heaters=(HeaterReading(1, 370), HeaterReading(0, 360)))
    assert worked.governor.state.pressing
    worked.report()
    assert not worked.governor.state.pressing


@pytest.mark.parametrize("level", [0, 3])
@pytest.mark.parametrize("which", [0, 1])
def test_a_pad_that_is_too_hot_stops_everything(level, which):
    def pads(surface_dc):
        return tuple(HeaterReading(level, surface_dc if each == which else 380) for each in (0, 1))

    worked = rig()
    assert worked.run(5, works=SEAT, warm=True) is None
    worked.now_ms += 100
    assert worked.report(heaters=pads(429)) is None
    worked.now_ms += 100
    assert worked.report(heaters=pads(430)) == Trip(Reason.TOO_HOT)
    worked.level = 0
    worked.now_ms += 100
    worked.report()
    worked.permit()
    assert worked.ask(works=SEAT).reason is Reason.TRIPPED


def test_a_pad_that_is_too_hot_trips_before_anything_was_switched_on():
    assert rig().report(heaters=(HeaterReading(0, 300), HeaterReading(0, 430))) == Trip(Reason.TOO_HOT)


def test_a_pad_that_warms_and_was_not_told_to_trips():
    worked = rig()
    assert worked.run(5, works=SEAT) is None
    pads = (HeaterReading(0, 360), HeaterReading(1, 370))
    assert worked.report(heaters=pads) == Trip(Reason.ABOVE_COMMANDED)
    resting = rig()
    assert resting.report(heaters=pads) == Trip(Reason.ABOVE_COMMANDED)


def test_a_pad_warmer_than_it_was_told_trips():
    worked = rig()
    assert worked.run(5, works=SEAT, warm=True, level=1) is None
    few = rig(today=today(demo(), oldest=True))
    assert few.run(5, works=SEAT, warm=True) is None
    assert few.report(heaters=(HeaterReading(3, 390), HeaterReading(4, 400))) == Trip(Reason.ABOVE_COMMANDED)


def test_a_pad_stays_cold_while_nothing_works_in_its_zone():
    upper = heater("heat_upper", Side.LEFT, along_mm=383)
    fresh = rig(device=cushion(heaters=(upper, *cushion().heaters)))
    assert fresh.ask(works=SEAT, warm=True).setpoint.warmth == (0, 5, 5)
    assert fresh.ask(works=("lower_left",), warm=True).setpoint.warmth == (5, 0, 0)


def test_a_pad_has_the_row_of_the_first_actuator():
    strikes = replace(cushion().actuators[0], name="strikes", modality=Modality.PERCUSSION)
    assert found(device=cushion(actuators=(*cushion().actuators, strikes))).warmth == (5, 5)
    assert found(device=cushion(actuators=(strikes, *cushion().actuators))).warmth == (0, 0)
