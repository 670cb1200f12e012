"""What standing conditions forbid, close, and ask for; the table of docs/questions.md, row by row."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governor_rig import envelope, today
from massager.model.body import COLUMN_PPM, REGION_SPANS_PPM, VERTEBRA_SPANS_PPM, Region
from massager.model.ceilings import Clearance, Modality, Severity
from massager.model.decisions import Reason, Refusal
from massager.model.people import KeepOut, Modifier
from massager.safety.conditions import EFFECTS, closed, forbidding, forbids_heat, needs_c
from massager.safety.envelope import Envelope, RegionLimits
from massager.safety.today import places
from samples import CALIBRATION, chair, demo, mild_lumbar, well

ROLLER, VIBRATION, PERCUSSION = Modality.ROLLER, Modality.VIBRATION, Modality.PERCUSSION
ALL = {ROLLER, VIBRATION, PERCUSSION}
NECK, CHEST, LOW = (REGION_SPANS_PPM[region] for region in Region)
TO_T3 = (0, VERTEBRA_SPANS_PPM["T3"][1])
SPINE = (0, COLUMN_PPM)

# forbidden modalities, closed spans without a keep-out of its name, C needed, share, no heat
TABLE = {
    Modifier.OSTEOPENIA: ({PERCUSSION}, set(), False, 500, False),
    Modifier.HYPERTENSION: (set(), set(), False, 800, False),
    Modifier.DIABETES: (set(), set(), False, 800, False),
    Modifier.REGION_UNKNOWN: (set(), set(), True, 1000, False),
    Modifier.MYELOPATHY: (set(), {TO_T3}, True, 1000, False),
    Modifier.SEVERE_DEFICIT: (ALL, set(), False, 1000, False),
    Modifier.SURGERY_UNDER_6_WEEKS: (ALL, set(), False, 1000, False),
    Modifier.SURGERY_6_TO_12_WEEKS: (set(), {SPINE}, True, 1000, False),
    Modifier.SURGERY_OLDER: ({PERCUSSION}, {SPINE}, True, 1000, False),
    Modifier.SPINAL_HARDWARE: ({PERCUSSION}, set(), True, 1000, False),
    Modifier.STIMULATOR_OR_PUMP: (set(), {SPINE}, False, 1000, False),
    Modifier.FRACTURE_RECENT: (set(), {SPINE}, False, 1000, False),
    Modifier.VERTEBRAL_FRACTURE: ({PERCUSSION}, set(), True, 1000, False),
    Modifier.OSTEOPOROSIS: ({PERCUSSION, ROLLER}, set(), True, 500, False),
    Modifier.BLOOD_THINNER: ({PERCUSSION, ROLLER}, set(), True, 500, False),
    Modifier.BLOOD_CLOT: (ALL, set(), False, 1000, False),
    Modifier.PREGNANT: (set(), {LOW}, True, 1000, True),
    Modifier.PACEMAKER: ({PERCUSSION}, {NECK, CHEST}, True, 1000, False),
    Modifier.REDUCED_FEELING: ({PERCUSSION}, set(), True, 500, True),
    Modifier.CANCER: (set(), {SPINE}, True, 1000, False),
    Modifier.UNSTABLE_HEART: (ALL, set(), False, 1000, False),
    Modifier.ACUTE_DISC_OR_SLIP: (ALL, set(), False, 1000, False),
    Modifier.STABLE_SLIP_OR_SCOLIOSIS: ({PERCUSSION}, set(), True, 500, False),
    Modifier.RHEUMATOID_NECK: (set(), {NECK}, False, 1000, False),
    Modifier.AFTER_SYMPTOMS: (set(), set(), False, 500, False),
}


def with_condition(modifier, **changes):
    return demo(modifiers=frozenset({modifier}), **changes)


def test_every_condition_has_a_row():
    assert set(TABLE) == set(EFFECTS) == set(Modifier)


@pytest.mark.parametrize("modifier", Modifier)
def test_a_condition_does_what_its_row_says(modifier):
    forbids, spans, asks_c, permille, no_heat = TABLE[modifier]
    person = with_condition(modifier)
    assert {modality for modality in Modality if forbidding(person, modality)} == forbids
    assert {place.span_ppm for place in closed(person)} == spans
    assert all((place.left_mm, place.right_mm) == (-500, 500) for place in closed(person))
    assert needs_c(person) is asks_c
    assert forbids_heat(person) is no_heat
    share = EFFECTS[modifier].share
    assert (share.strength_permille, share.time_permille) == (permille, permille)


@pytest.mark.parametrize("modifier", [one for one in Modifier if EFFECTS[one].has_place])
def test_a_placed_condition_with_a_keep_out_of_its_name_closes_that_alone(modifier):
    place = KeepOut(modifier.value, VERTEBRA_SPANS_PPM["L4"], -500, 500)
    assert not list(closed(with_condition(modifier, keep_outs=(place,))))
    other = replace(place, name="scar")
    assert [one.span_ppm for one in closed(with_condition(modifier, keep_outs=(other,)))] == [SPINE]


def test_one_condition_of_several_keeps_warmth_off():
    assert not forbids_heat(demo())
    assert not forbids_heat(with_condition(Modifier.DIABETES))
    assert forbids_heat(demo(modifiers=frozenset({Modifier.DIABETES, Modifier.PREGNANT})))


def test_a_severe_neck_closes_t1_to_t3():
    person = demo(conditions={Region.CERVICAL: Severity.SEVERE})
    assert [place.span_ppm for place in closed(person)] == [TO_T3]
    assert not list(closed(demo(conditions={Region.CERVICAL: Severity.MODERATE})))


def at(found, centre_mm):
    return found.cap(
        chair().actuators[0], first_mm=centre_mm, last_mm=centre_mm, nearest_mm=50, farthest_mm=50
    )


def test_what_a_condition_closes_is_not_touched_and_no_row_of_the_permit_covers_it():
    person = with_condition(Modifier.STIMULATOR_OR_PUMP)
    assert at(envelope(person=person), 470) == Refusal(Reason.CONDITION, "stimulator-or-pump")
    assert envelope(person=person).rows(50) == ()
    place = KeepOut("stimulator-or-pump", VERTEBRA_SPANS_PPM["L1"], -500, 500)
    placed = envelope(person=with_condition(Modifier.STIMULATOR_OR_PUMP, keep_outs=(place,)))
    assert at(placed, 510).level == 10
    first_mm, last_mm = CALIBRATION.span_outside_mm(place.span_ppm)
    rows = [row for row in placed.rows(50) if row.actuator == "roller_left"]
    covered = {mm for row in rows for mm in range(row.first_mm, row.last_mm + 1)}
    assert not covered & set(range(first_mm, last_mm + 1))
    assert {first_mm - 1, last_mm + 1} <= covered


@pytest.mark.parametrize("modifier", [one for one in Modifier if TABLE[one][2]])
def test_what_asks_for_a_written_clearance_needs_it_for_the_region_and_modality(modifier):
    forbidden = TABLE[modifier][0]
    for modality in sorted(ALL - forbidden):
        if modifier is Modifier.REGION_UNKNOWN and modality is PERCUSSION:
            continue
        actuator = replace(chair().actuators[0], modality=modality, force_dn_per_level=1)
        found = envelope(person=with_condition(modifier), cleared=frozenset())
        assert found.limits(Region.LUMBAR, actuator).reason is Reason.CLEARANCE_C
        ok = frozenset({(Region.LUMBAR, modality, Clearance.C)})
        opened = envelope(person=with_condition(modifier), cleared=ok)
        assert isinstance(opened.limits(Region.LUMBAR, actuator), RegionLimits)


def test_where_nobody_knows_which_part_is_narrow_the_necks_row_holds_everywhere_at_the_worst_severity():
    person = demo(modifiers=frozenset({Modifier.REGION_UNKNOWN}))
    ok = frozenset((region, ROLLER, Clearance.C) for region in Region)
    found = envelope(person=person, cleared=ok)
    roller = chair().actuators[0]
    limits = found.limits(Region.LUMBAR, roller)
    assert limits.ceiling.region is Region.CERVICAL
    assert limits.ceiling.intensity_permille == 250
    # The strip never becomes narrower than the region's own.
    assert found.keepout_mm(Region.LUMBAR, limits, roller) == 25 + 15 + 10
    worse = replace(person, conditions={Region.CERVICAL: Severity.MODERATE})
    blocked = envelope(person=worse, profile=mild_lumbar(), cleared=ok)
    assert blocked.limits(Region.LUMBAR, roller) == Refusal(Reason.BLOCKED, Region.LUMBAR)


@given(st.frozensets(st.sampled_from(Modifier), max_size=6), st.sampled_from(Modifier), st.integers(60, 540))
def test_a_condition_more_never_allows_more(modifiers, more, centre_mm):
    ok = frozenset((region, ROLLER, Clearance.C) for region in Region)

    def level(found):
        person = demo(modifiers=found)
        fields = {"share": envelope().today.share, "cleared": ok, "places": places(person, well())}
        day = today(person, **fields)
        cap = at(
            Envelope(
                person=person,
                device=chair(),
                profile=mild_lumbar(),
                calibration=CALIBRATION,
                caller_permille=None,
                today=day,
            ),
            centre_mm,
        )
        return 0 if isinstance(cap, Refusal) else cap.level

    assert level(modifiers | {more}) <= level(modifiers)
