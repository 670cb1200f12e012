"""The permitted region to the last unit: what is rounded, where a row begins and ends, which figure binds."""

from dataclasses import replace

import pytest

from governor_rig import envelope
from massager.model.body import Region, Zone
from massager.model.ceilings import Clearance, Modality, Severity
from massager.model.decisions import Cap, Reason, Refusal, Source
from massager.model.people import KeepOut
from massager.safety.conditions import Share
from massager.safety.envelope import share_of
from samples import chair, demo, mild_lumbar

SCAR = KeepOut("scar", (650_000, 700_000), left_mm=20, right_mm=60)
BACK = KeepOut("scar", (560_000, 600_000), left_mm=-500, right_mm=500)


@pytest.mark.parametrize(
    ("permille", "level"),
    [(0, 0), (49, 0), (50, 1), (999, 19), (1000, 20), (1001, 0), (-1, 0), (-1000, 0), (True, 0), (500.0, 0)],
)
def test_a_share_is_rounded_down_and_one_that_is_none_leaves_nothing(permille, level):
    found = share_of(20, permille)
    assert (found, type(found)) == (level, int)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"zone_s": 100, "spot_s": 10, "force_n": 20}, (100_000, 10_000, 20)),
        ({"zone_s": 1000, "spot_s": 100, "force_n": 200}, (240_000, 30_000, 40)),
    ],
)
def test_of_ceiling_and_safety_profile_the_shorter_time_and_the_lower_force_hold(changes, expected):
    profile = mild_lumbar(rows=tuple(replace(row, **changes) for row in mild_lumbar().rows))
    limits = envelope(profile=profile).limits(Region.LUMBAR, chair().actuators[0])
    assert (limits.zone_ms, limits.spot_ms, limits.force_n) == expected


def test_what_is_left_of_a_force_is_rounded_down():
    limits = envelope(share=Share(999, 1000)).limits(Region.LUMBAR, chair().actuators[0])
    assert limits.force_n == 39


@pytest.mark.parametrize(("permille", "refused"), [(555, True), (556, False)])
def test_a_share_that_leaves_just_less_than_a_twentieth_is_blocked(permille, refused):
    found = envelope(
        person=demo(conditions={Region.THORACIC: Severity.SEVERE}),
        cleared=frozenset({(Region.THORACIC, Modality.ROLLER, Clearance.C)}),
        share=Share(permille, 1000),  # of 90 per mille: 49.95 and 50.04
    )
    limits = found.limits(Region.THORACIC, chair().actuators[0])
    assert (limits == Refusal(Reason.MODIFIERS, Region.THORACIC)) is refused


@pytest.mark.parametrize(
    ("first_mm", "last_mm", "expected"),
    # The lumbar spine begins at 329 mm and the coccyx ends at 635; radius and error are 25 mm.
    [
        (303, 303, (Region.THORACIC,)),
        (304, 304, (Region.THORACIC, Region.LUMBAR)),
        (353, 353, (Region.THORACIC, Region.LUMBAR)),
        (354, 354, (Region.LUMBAR,)),
        (303, 354, (Region.THORACIC, Region.LUMBAR)),
        (609, 609, (Region.LUMBAR,)),
        (611, 611, None),
        (-50, -50, (Region.CERVICAL,)),
        (-52, -52, None),
    ],
)
def test_a_patch_touches_what_lies_within_its_radius_and_the_error(first_mm, last_mm, expected):
    assert envelope().touched(chair().actuators[0], first_mm, last_mm) == expected


@pytest.mark.parametrize(
    ("centre_mm", "force_n"),
    [
        (470, 40),
        (340, 32),
        (200, 32),
        (60, 0),
        (20, 0),
        (-90, 0),
    ],  # both regions at 340 mm; the neck above 75
)
def test_the_highest_force_is_that_of_the_strictest_region_and_none_where_nothing_may_press(
    centre_mm, force_n
):
    assert envelope().force_n(chair().actuators[0], centre_mm) == force_n


@pytest.mark.parametrize(
    ("region", "modality", "of_the_row", "strip_mm"),
    [
        (Region.LUMBAR, Modality.ROLLER, None, 25),
        (Region.LUMBAR, Modality.ROLLER, 24, 25),
        (Region.LUMBAR, Modality.ROLLER, 26, 26),
        (Region.CERVICAL, Modality.PERCUSSION, None, 0),
        (Region.CERVICAL, Modality.PERCUSSION, 26, 26),
    ],
)
def test_the_wider_strip_of_the_row_that_binds_and_of_the_regions_own_is_left_out(
    region, modality, of_the_row, strip_mm
):
    actuator = replace(chair().actuators[0], modality=modality)
    limits = envelope().limits(Region.LUMBAR, chair().actuators[0])
    binding = replace(limits, ceiling=replace(limits.ceiling, keepout_half_mm=of_the_row))
    assert envelope().keepout_mm(region, binding, actuator) == strip_mm + 15 + 10


# 90 per mille of these levels are 9.99.
FINE = replace(chair().actuators[0], levels=111, force_dn_per_level=1, depth_dmm_per_level=1)
CHEST = frozenset({(Region.THORACIC, Modality.ROLLER, Clearance.C)})


@pytest.mark.parametrize(
    ("changes", "place_mm", "source"),
    [
        (
            {"person": demo(conditions={Region.THORACIC: Severity.SEVERE}), "cleared": CHEST},
            200,
            Source.CEILING,
        ),
        (
            {
                "profile": mild_lumbar(
                    rows=tuple(replace(row, intensity_permille=90) for row in mild_lumbar().rows)
                )
            },
            470,
            Source.SAFETY_PROFILE,
        ),
        ({"permille": 90}, 470, Source.PERSONAL),
        ({"caller_permille": 90}, 470, Source.CALLER),
        ({"person": demo(zone_permille={Zone.L4_S1: 90})}, 470, Source.CAREGIVER),
    ],
)
def test_every_share_of_the_levels_is_rounded_down(changes, place_mm, source):
    found = envelope(device=chair(actuators=(FINE,)), **changes)
    at = {"first_mm": place_mm, "last_mm": place_mm, "nearest_mm": 55, "farthest_mm": 55}
    assert found.cap(FINE, **at) == Cap(9, source)
    here = [row for row in found.rows(55) if row.first_mm <= place_mm <= row.last_mm]
    assert [row.level_max for row in here] == [9]


def test_what_a_share_leaves_of_the_lowest_cap_is_rounded_down():
    at = {"first_mm": 470, "last_mm": 470, "nearest_mm": 50, "farthest_mm": 50}
    assert envelope(share=Share(999, 1000)).cap(chair().actuators[0], **at) == Cap(9, Source.MODIFIERS)


def test_the_widest_that_the_device_has_is_wide_enough_and_a_patch_beyond_the_spine_has_no_room():
    narrow = replace(chair().carriage, half_width_max_mm=50)
    assert envelope(device=chair(carriage=narrow)).half_width_mm([Zone.L1_L3]) == 50
    large = chair(actuators=(replace(chair().actuators[0], radius_mm=30),))
    assert envelope(device=large).half_width_mm([Zone.C3_C7]) == Refusal(Reason.NO_ROOM, Zone.C3_C7)


def rows(found, half_width_mm, name):
    return [
        (row.region, row.first_mm, row.last_mm, row.half_width_max_mm, row.level_max)
        for row in found.rows(half_width_mm)
        if row.actuator == name
    ]


def test_a_row_reaches_over_its_whole_region_and_out_to_the_edge_of_the_band():
    chest, low = Region.THORACIC, Region.LUMBAR
    assert rows(envelope(), 50, "roller_left") == [(chest, 50, 329, 55, 8), (low, 328, 615, 60, 10)]
    assert rows(envelope(), 55, "roller_left") == [(chest, 50, 329, 55, 8), (low, 328, 615, 60, 10)]
    assert rows(envelope(), 56, "roller_left") == [(chest, 50, 329, 56, 4), (low, 328, 615, 60, 10)]
    assert rows(envelope(), 45, "roller_left") == [(chest, 50, 328, 55, 8)]


@pytest.mark.parametrize(
    ("span_ppm", "chest_mm", "low_mm"),
    [
        ((500_000, 569_999), 50, 60),
        ((500_000, 570_000), 50, 50),
        ((570_000, 600_000), 50, 50),
        ((570_001, 600_000), 55, 50),
        ((400_000, 700_000), 50, 50),
    ],
)
def test_a_place_on_the_border_of_two_regions_keeps_the_rows_of_both_narrow(span_ppm, chest_mm, low_mm):
    found = envelope(person=demo(keep_outs=(replace(BACK, span_ppm=span_ppm, left_mm=77),)))
    widths = {row[0]: row[3] for row in rows(found, 50, "roller_right")}
    assert widths == {Region.THORACIC: chest_mm, Region.LUMBAR: low_mm}


def test_a_patch_that_a_row_lets_through_touches_no_region_that_is_closed():
    found = envelope(person=demo(conditions={Region.THORACIC: Severity.SEVERE}))
    ((region, first_mm, *_others),) = rows(found, 50, "roller_left")
    assert (region, first_mm) == (Region.LUMBAR, 329)
    at = found.calibration
    assert at.regions_touched(first_mm, first_mm) == {Region.LUMBAR}
    assert at.regions_touched(first_mm - 1, first_mm) == {Region.THORACIC, Region.LUMBAR}


def test_rows_leave_out_what_is_closed_and_are_cut_where_the_caregivers_strength_changes():
    scars = (
        replace(SCAR, span_ppm=(560_000, 600_000), left_mm=-60, right_mm=-20),  # 321 to 351 mm
        SCAR,  # 385 to 422 mm
    )
    found = envelope(person=demo(keep_outs=scars, zone_permille={Zone.L4_S1: 200}))
    chest, low = Region.THORACIC, Region.LUMBAR
    assert rows(found, 50, "roller_left") == [
        (chest, 50, 320, 55, 8),
        (low, 352, 437, 60, 10),
        (low, 438, 535, 60, 4),
        (low, 536, 615, 60, 10),
    ]
    assert rows(found, 50, "roller_right") == [
        (chest, 50, 329, 55, 8),
        (low, 328, 384, 60, 10),
        (low, 423, 437, 60, 10),
        (low, 438, 535, 60, 4),
        (low, 536, 615, 60, 10),
    ]


@pytest.mark.parametrize(
    ("left_mm", "right_mm", "chest_mm", "low_mm"),
    [(85, 90, 55, 50), (86, 90, 55, 60), (75, 90, 55, 60), (76, 90, 55, 50), (-90, -76, 55, 60)],
)
def test_a_row_stays_narrow_where_a_place_of_its_region_lies_farther_out(left_mm, right_mm, chest_mm, low_mm):
    beside = replace(BACK, span_ppm=(700_000, 750_000), left_mm=left_mm, right_mm=right_mm)
    found = envelope(person=demo(keep_outs=(beside,)))
    widths = {row[0]: row[3] for row in rows(found, 50, "roller_right")}
    assert widths == {Region.THORACIC: chest_mm, Region.LUMBAR: low_mm}


def test_a_row_says_for_what_it_was_made():
    moderate = demo(conditions={Region.LUMBAR: Severity.MODERATE})
    cleared = frozenset({(Region.LUMBAR, Modality.ROLLER, Clearance.B)})
    assert [
        (row.actuator, row.modality, row.region, row.severity, row.half_width_min_mm)
        for row in envelope(person=moderate, cleared=cleared).rows(55)
    ] == [
        (side, Modality.ROLLER, region, severity, 55)
        for side in ("roller_left", "roller_right")
        for region, severity in ((Region.THORACIC, Severity.MILD), (Region.LUMBAR, Severity.MODERATE))
    ]


@pytest.mark.parametrize(
    ("span_ppm", "chest", "low"),
    [
        # 321 to 328 mm, where the lumbar region begins; 329 to 352 mm, where the thoracic one ends.
        ((560_000, 568_000), [(50, 320), (329, 329)], [(329, 615)]),
        ((570_200, 600_000), [(50, 328)], [(328, 328), (352, 615)]),
    ],
)
def test_a_row_ends_with_the_last_millimetre_that_is_open(span_ppm, chest, low):
    found = envelope(person=demo(keep_outs=(replace(BACK, span_ppm=span_ppm),)))
    assert [row[:3] for row in rows(found, 50, "roller_left")] == [
        *((Region.THORACIC, *span) for span in chest),
        *((Region.LUMBAR, *span) for span in low),
    ]


def test_the_caregivers_strength_holds_up_to_the_last_millimetre_of_its_zone():
    scar = replace(BACK, span_ppm=(820_000, 858_500))  # to 534 mm
    found = envelope(person=demo(keep_outs=(scar,), zone_permille={Zone.L4_S1: 200}))
    assert [(row[1], row[2], row[4]) for row in rows(found, 50, "roller_left")][-2:] == [
        (535, 535, 4),
        (536, 615, 10),
    ]
