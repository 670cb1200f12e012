"""People and devices of the sessions that the state machine runs, and the figures that hold in them."""

from dataclasses import replace
from types import MappingProxyType

from massager.model.body import Region, Side, Zone
from massager.model.ceilings import CEILINGS, Clearance, Modality, Severity
from massager.model.people import KeepOut, ProviderClearance
from massager.model.programs import ProfileRow
from properties.tables import World
from properties.worlds import NOW_S
from samples import CALIBRATION, chair, demo, history, mild_lumbar, roller, well

DAY_S = 24 * 3600


def _world(severity=Severity.MILD, levels=20, force_dn=40, depth_dmm=10, **person):
    conditions = MappingProxyType({Region.LUMBAR: severity})
    cleared = tuple(
        ProviderClearance(Clearance.C, "Dr. A", region, Modality.ROLLER, NOW_S - DAY_S, NOW_S + DAY_S)
        for region in Region
    )
    rows = [CEILINGS[region, conditions.get(region, Severity.MILD), Modality.ROLLER] for region in Region]
    profile = tuple(
        ProfileRow(row.region, row.modality, row.intensity_permille, row.force_n, row.zone_s, row.spot_s)
        for row in rows
    )
    shape = {"levels": levels, "force_dn_per_level": force_dn, "depth_dmm_per_level": depth_dmm}
    return World(
        demo(conditions=conditions, clearances=cleared, **person),
        chair(actuators=(roller("left", Side.LEFT, **shape), roller("right", Side.RIGHT, **shape))),
        mild_lumbar(conditions=conditions, rows=profile),
        CALIBRATION,
        None,
        well(),
        history(now_s=NOW_S, sessions_ever=3),
    )


SCAR = KeepOut("scar", (740_000, 760_000), 20, 60)
WORLDS = {
    "mild": _world(),
    "held by a caregiver": _world(
        zone_permille=MappingProxyType({Zone.L1_L3: 150, Zone.T9_T12: 300}),
        keep_outs=(SCAR,),
        session_min=12,
    ),
    "fine device": replace(_world(levels=100, force_dn=8, depth_dmm=2), caller_permille=430),
    "moderate": _world(Severity.MODERATE, levels=40, force_dn=20, depth_dmm=5),
    "severe": _world(Severity.SEVERE, levels=9, force_dn=60, depth_dmm=11),
    "coarse device": _world(levels=6, force_dn=120, depth_dmm=20, born=1955),
}

# docs/limits.md 3, by severity: first contact in per mille; and docs/questions.md 3: half after, stop after.
FIRST_CONTACT_PERMILLE = {Severity.MILD: 100, Severity.MODERATE: 80, Severity.SEVERE: 50}
HALF_S = {Severity.MILD: 20, Severity.MODERATE: 15, Severity.SEVERE: 10}
STOP_S = {Severity.MILD: 40, Severity.MODERATE: 30, Severity.SEVERE: 20}
RAMP_PERMILLE = {Severity.MILD: 50, Severity.MODERATE: 30, Severity.SEVERE: 20}
ZONE_S = {Severity.MILD: 240, Severity.MODERATE: 120, Severity.SEVERE: 60}


def first_level(world):
    """What first contact allows; a device too coarse for it takes its lowest level, for twice the time."""
    levels = world.device.actuators[0].levels
    return max(1, levels * FIRST_CONTACT_PERMILLE[world.person.worst] // 1000)


def first_contact_ms(world):
    """How long."""
    levels = world.device.actuators[0].levels
    return 30_000 if levels * FIRST_CONTACT_PERMILLE[world.person.worst] >= 1000 else 60_000


def rise_ms(world):
    """The least time between two rises of a level: (step / ramp) x 10 s, at the strictest ramp there is."""
    levels, ramp = world.device.actuators[0].levels, RAMP_PERMILLE[world.person.worst]
    return -(-10_000 * 1000 // (levels * ramp))
