"""Each bound holds by itself: in its case it is the lowest, and without it there would be more (INV-01)."""

from dataclasses import replace

import pytest

from governor_rig import envelope
from massager.model.body import Region, Zone
from massager.model.ceilings import Clearance, Modality
from massager.model.decisions import Cap, Source
from massager.safety.conditions import HALF
from motion_samples import steady
from samples import chair, demo, mild_lumbar, roller

# Weak, shallow and wide, so that neither force nor pressure nor depth is in the way of the others.
WEAK = roller("roller_left", chair().actuators[0].side, force_dn_per_level=1, depth_dmm_per_level=1)
B = frozenset({(Region.LUMBAR, Modality.ROLLER, Clearance.B)})


def shaped(**changes):
    return replace(WEAK, **changes)


def profile(**changes):
    """A safety profile that limits nothing, but for the changes."""
    fields = {"intensity_permille": 1000, "force_n": 1000} | changes
    return mild_lumbar(rows=tuple(replace(row, **fields) for row in mild_lumbar().rows))


# What the Governor adds with the moment, and the device's own range, above which nothing can be said at all.
MOMENT = {
    Source.ASKED,
    Source.FIRST_CONTACT,
    Source.RAMP,
    Source.COOL_DOWN,
    Source.ANSWER,
    Source.NO_ANSWER,
    Source.DEVICE,
}
# 20 levels, of which the ceiling leaves 10; the pads have 100.
CASES = {
    Source.CEILING: (WEAK, {}, 10),
    Source.FORCE: (shaped(force_dn_per_level=80, radius_mm=20), {}, 5),
    Source.PRESSURE: (shaped(force_dn_per_level=40, radius_mm=5), {}, 2),
    Source.DEPTH: (shaped(depth_dmm_per_level=25), {}, 4),
    Source.UNKNOWN_FORCE: (shaped(force_dn_per_level=None), {"cleared": B}, 5),
    Source.SAFETY_PROFILE: (WEAK, {"profile": profile(intensity_permille=300)}, 6),
    Source.CAREGIVER: (WEAK, {"person": demo(zone_permille={Zone.L4_S1: 200})}, 4),
    Source.MODIFIERS: (WEAK, {"share": HALF}, 5),
    Source.PERSONAL: (WEAK, {"permille": 100}, 2),
    Source.CALLER: (WEAK, {"caller_permille": 150}, 3),
    Source.FREQUENCY: (steady(100, 1, radius_mm=15), {}, 25),
    Source.DOSE: (steady(450, 2000, radius_mm=15), {}, 24),
    Source.BAND_EDGE: (WEAK, {}, 6),
}


@pytest.mark.parametrize("source", CASES)
def test_every_bound_holds_by_itself(source):
    actuator, changes, level = CASES[source]
    found = envelope(**({"profile": profile()} | changes))
    farthest_mm = 61 if source is Source.BAND_EDGE else 55
    cap = found.cap(actuator, first_mm=490, last_mm=490, nearest_mm=55, farthest_mm=farthest_mm)
    assert cap == Cap(level, source)


def test_every_bound_has_its_case_here():
    assert set(CASES) == set(Source) - MOMENT
