"""No leg of a timeline and no moment of a dry run has a patch inside a keep-out (INV-04, INV-23)."""

from dataclasses import replace

from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from geometry.rides import (
    PAST,
    calibrated,
    compiled,
    judge_of,
    no_instant_touches,
    no_leg_touches,
    orders,
)
from massager.catalog import load_device, load_program, safety_profile_for
from massager.model.body import VERTEBRA_SPANS_PPM, Calibration
from massager.model.decisions import Refusal
from massager.model.people import KeepOut
from massager.session.preparation import Order, Prepared, prepare
from massager.store.demo import demo_person
from preview_rig import whose
from samples import well

# Much of what is drawn is refused, which is as it should be.
USUAL = settings(
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)


def demo_order(program="gentle-lumbar", device="chair", **person):
    """The demo person on a device."""
    someone = whose(**person)
    return Order(
        program=load_program(program),
        person=someone,
        device=load_device(device),
        profile=safety_profile_for(someone.conditions),
        seconds=None,
        caller_permille=None,
        screening=well(),
    )


@settings(USUAL, max_examples=200)
@given(orders(), st.none() | st.integers(30, 100))
def test_whatever_compiles_stays_outside_every_keep_out_to_the_millimetre(order, half_width_mm):
    timeline = compiled(order, half_width_mm)
    assume(not isinstance(timeline, Refusal))
    assert no_leg_touches(order, timeline) > 0


@settings(USUAL, max_examples=45)
@given(orders())
def test_whatever_is_admitted_stays_outside_at_every_moment_of_its_dry_run(order):
    prepared = prepare(order, PAST)
    assume(isinstance(prepared, Prepared) and prepared.session_ms <= 100_000)
    assert prepared.envelope.calibration == calibrated(order)
    assert no_leg_touches(order, prepared.timeline) > 0
    assert no_instant_touches(order, prepared) > 0


def test_a_pad_that_lies_below_s1_stays_cold():
    # A short back: S1 ends at 475 mm of the cushion, and the pads lie at 485.
    order = demo_order("gentle-cushion", "cushion", calibrations={"cushion": Calibration(66, 486, 20)})
    upper = replace(order.program, steps=order.program.steps[2:])
    warm = replace(upper, steps=tuple(replace(step, warm=True) for step in upper.steps))
    prepared = prepare(replace(order, program=warm), PAST)
    assert isinstance(prepared, Prepared)
    assert prepared.envelope.warmth == (0, 0)
    assert no_instant_touches(order, prepared) > 0


# The second geometry itself, on the back of docs/limits.md.


def test_the_second_geometry_knows_the_page_s_own_example():
    judge, roller = judge_of(demo_order()), load_device("chair").actuators[0]
    assert judge.touched(roller, 470, -50) is None
    assert judge.touched(roller, 470, -49) == "lumbar strip"
    assert judge.touched(roller, 470, -85) is None
    assert judge.touched(roller, 470, -86) == "rim of the pelvis"


def test_the_second_geometry_has_the_kidneys_ribs_neck_and_ends():
    head, judge = load_device("handheld").actuators[0], judge_of(demo_order("slow-percussion", "handheld"))
    mm_of = judge.backs["head"].mm_of
    seen = {
        round(fraction * 1000): judge.touched(head, mm_of(fraction), 65)
        for fraction in (0.02, 0.10, 0.17, 0.26, 0.35, 0.5, 0.6, 0.79, 0.87)
    }
    assert list(seen.values()) == [
        "above C3",
        "top of the neck",
        "side of the neck",
        "ridge of the shoulder blade",
        None,
        "kidneys",
        "kidneys",
        "lumbar strip",
        "below S1",
    ]
    assert judge.touched(head, mm_of(0.35), 66) == "ribs"


def test_a_scar_on_one_side_closes_both_to_what_a_hand_holds():
    scar = KeepOut("scar", VERTEBRA_SPANS_PPM["L5"], -90, -60)
    head, judge = (
        load_device("handheld").actuators[0],
        judge_of(demo_order("slow-percussion", "handheld", keep_outs=(scar,))),
    )
    along_mm = judge.backs["head"].mm_of(0.81)
    assert {judge.touched(head, along_mm, lateral) for lateral in (-75, 75)} == {"scar"}
    roller, pair = load_device("chair").actuators[0], judge_of(demo_order(keep_outs=(scar,)))
    along_mm = pair.backs["roller_left"].mm_of(0.81)
    assert [pair.touched(roller, along_mm, lateral) for lateral in (-55, 55)] == ["scar", None]


def test_the_demo_person_runs_every_kind_of_program_outside_of_everything():
    assert demo_person().keep_outs == ()
    for program, device in (
        ("kneading-lumbar", "chair"),
        ("held-lumbar", "chair"),
        ("paraspinal-sweep", "chair"),
        ("gentle-cushion", "cushion"),
        ("slow-percussion-upper", "handheld"),
    ):
        order = demo_order(program, device)
        prepared = prepare(order, PAST)
        assert isinstance(prepared, Prepared), program
        assert no_leg_touches(order, prepared.timeline) > 0
