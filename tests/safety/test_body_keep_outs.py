"""Places of everybody's back that a kind of massage may not touch: docs/limits.md, keep-outs."""

from dataclasses import replace

import pytest

from governor_rig import StillRig, envelope
from massager.model.body import Side, Zone
from massager.model.ceilings import Modality
from massager.model.commands import Placement
from massager.model.decisions import Reason, Refusal
from samples import BY_HAND, cushion, handheld, held_pad, motor

ALL, STRIKES = frozenset(Modality), frozenset({Modality.PERCUSSION})
PRESSES = frozenset({Modality.ROLLER, Modality.PERCUSSION})

# A patch of 10 mm with an error of 20 mm reaches 30 mm: the last place, along and aside, that touches, and
# the first that does not. C7 is at 40 mm and the PSIS line at 549 mm.
PLACES = [
    ("top of the neck", (-3, 40), (-2, 40), ALL),
    ("side of the neck", (10, 55), (10, 54), ALL),
    ("kidneys", (240, 60), (239, 60), STRIKES),
    ("kidneys", (468, 60), (469, 60), STRIKES),
    ("kidneys", (300, 500), (239, 60), STRIKES),
    ("ribs", (200, 71), (200, 70), STRIKES),
    ("ridge of the shoulder blade", (100, 55), (100, 54), PRESSES),
    ("ridge of the shoulder blade", (150, 55), (151, 55), PRESSES),
    ("rim of the pelvis", (480, 80), (480, 79), PRESSES),
    ("rim of the pelvis", (540, 80), (541, 80), PRESSES),
    ("tail bone", (586, 60), (585, 60), ALL),
]


def cap(side, modality, place):
    along_mm, aside_mm = place
    patch = motor("patch", side, along_mm, modality=modality, radius_mm=10, stroke_dmm=80)
    at = {"first_mm": along_mm, "last_mm": along_mm, "nearest_mm": aside_mm, "farthest_mm": aside_mm}
    return envelope(calibration=BY_HAND).cap(patch, **at)


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("modality", Modality)
@pytest.mark.parametrize(("name", "touches", "clear", "modalities"), PLACES, ids=lambda each: str(each)[:20])
def test_each_place_is_closed_for_what_it_is_closed_for_and_no_farther(
    side, modality, name, touches, clear, modalities
):
    closed = Refusal(Reason.KEEP_OUT_BODY, name)
    assert (cap(side, modality, touches) == closed) is (modality in modalities)
    assert cap(side, modality, clear) != closed


def test_no_permit_has_a_row_over_the_kidneys_for_percussion():
    def covered(device):
        found = envelope(device=device, calibration=BY_HAND)
        return {mm for row in found.rows(65) for mm in range(row.first_mm, row.last_mm + 1)}

    kidneys = set(range(270, 439))
    small = {"radius_mm": 10}
    assert covered(handheld(**small)).isdisjoint(kidneys)
    assert {269, 439} <= covered(handheld(**small))
    assert kidneys <= covered(held_pad(**small))


def test_percussion_over_a_kidney_is_refused_though_the_hand_holds_it_there():
    rig = StillRig.start(device=handheld(), calibration=BY_HAND)
    rig.hold(Placement(383, 70, Side.LEFT), Zone.L1_L3)
    assert rig.ask() == Refusal(Reason.KEEP_OUT_BODY, "kidneys")


def test_a_row_ends_where_a_patch_farther_out_would_touch_a_closed_place():
    # From 52 mm the patch reaches 84 mm; from the edge of the band, 55 mm, the ridge of the shoulder blade.
    roller = motor("roller", Side.LEFT, 200, modality=Modality.ROLLER, depth_dmm_per_level=1, radius_mm=12)
    moved = replace(roller, along_mm=None, aside_mm=None)
    for actuator, farthest in ((moved, 52), (replace(moved, radius_mm=9), 55)):
        found = envelope(device=cushion(actuators=(actuator,), heaters=()), calibration=BY_HAND)
        chest = [row for row in found.rows(52) if row.region == "thoracic"]
        assert {row.half_width_max_mm for row in chest} == {farthest}
