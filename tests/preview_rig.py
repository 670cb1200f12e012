"""Previews of the demo person on the shipped devices and programs, with what a test changes."""

from dataclasses import replace
from functools import cache

from massager.catalog import load_device, load_program, load_safety_profile
from massager.model.body import VERTEBRA_SPANS_PPM, Zone
from massager.model.people import KeepOut
from massager.model.preview import Preview
from massager.session.preparation import Order, prepare
from massager.session.preview import preview
from massager.store.demo import demo_person
from samples import history, well

SCAR = KeepOut("scar", (VERTEBRA_SPANS_PPM["T10"][0], VERTEBRA_SPANS_PPM["T11"][1]), -120, -30)


def whose(**changes):
    """The demo person with some of it changed."""
    return replace(demo_person(), **changes)


def prepared_for(
    program="gentle-lumbar",
    *,
    device="chair",
    person=None,
    screening=None,
    seconds=None,
    caller_permille=None,
    past=None,
):
    """A session that was admitted, or why not; and the history it was admitted with."""
    order = Order(
        program=load_program(program),
        person=person or demo_person(),
        device=load_device(device),
        profile=load_safety_profile("mild-lumbar"),
        seconds=seconds,
        caller_permille=caller_permille,
        screening=screening or well(),
    )
    known = past or history()
    return prepare(order, known), known


def shown(program="gentle-lumbar", **changes) -> Preview:
    prepared, known = prepared_for(program, **changes)
    return preview(prepared, known)


@cache
def plain() -> Preview:
    """Eight minutes of the chair's program, with nothing changed."""
    return shown()


@cache
def cushion() -> Preview:
    """Motors that stand, and warmth."""
    return shown("gentle-cushion", device="cushion")


@cache
def held() -> Preview:
    """A hand holds it, on the left and on the right."""
    return shown("slow-percussion", device="handheld")


@cache
def crowded() -> Preview:
    """One with all that makes a picture hard: a scar, sore skin, a caregiver's limit, first sessions."""
    person = whose(keep_outs=(SCAR,), zone_permille={Zone.L1_L3: 150})
    return shown(person=person, screening=well(skin=frozenset({Zone.T1_T4})), past=history(sessions_ever=1))
