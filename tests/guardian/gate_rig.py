"""Permits and leases for tests of the guardian's gate, each ready to be made wrong in one respect."""

from dataclasses import replace

import samples
from guardian.rig import CHAIR, permit, reading, row
from massager.guardian.gate import Facts
from massager.guardian.permits import check_permit
from massager.model.body import Region, Side
from massager.model.ceilings import Modality, Severity
from massager.model.commands import Lease, Permit, PermitRow, Placement, Setpoint
from massager.model.telemetry import ActuatorReading, HeaterReading


def permits(changed, *, now_ms=0, previous=None, firmware="1.0", profile=CHAIR):
    return check_permit(changed, profile=profile, firmware=firmware, now_ms=now_ms, previous=previous)


def with_rows(*stretches, **changes):
    """A permit that gives every actuator the same rows."""
    return permit(
        rows=tuple(
            row(actuator.name, **(changes | stretch))
            for actuator in CHAIR.actuators
            for stretch in stretches or ({},)
        )
    )


def facts(**changes):
    whole = Facts(
        permit=permit(), profile=CHAIR, epoch=1, reading=reading(), after_number=0, recent=(), now_ms=0
    )
    return replace(whole, **changes)


def chair(**changes):
    """The chair with both actuators changed alike."""
    return replace(CHAIR, actuators=tuple(replace(one, **changes) for one in CHAIR.actuators))


HAMMER = chair(modality=Modality.PERCUSSION)
PULSE = chair(modality=Modality.VIBRATION)

# What moves nothing along the back: a cushion, and a head that a hand holds.

CUSHION = samples.cushion()
HANDHELD = samples.handheld()
HERE = Placement(480, 70, Side.LEFT)


def still_permit(profile, **changes):
    """Rows beside the lower back for every actuator, with as much warmth as there is."""
    rows = tuple(
        PermitRow(one.name, one.modality, Region.LUMBAR, Severity.MILD, 438, 633, 70, 70, 3)
        if one.along_mm is None
        else PermitRow(one.name, one.modality, Region.LUMBAR, Severity.MILD, 329, 633, 70, 70, 5)
        for one in profile.actuators
    )
    warmth = tuple(one.levels for one in profile.heaters)
    whole = Permit(profile.name, profile.model_number, "1.0", 600_000, samples.BY_HAND, rows, 1, warmth)
    return replace(whole, **changes)


def still_reading(profile, *levels, warmth=None, surface_dc=360, **changes):
    levels = levels or (0,) * len(profile.actuators)
    warmth = warmth or (0,) * len(profile.heaters)
    return reading(
        carriage_mm=None,
        half_width_mm=None,
        actuators=tuple(ActuatorReading(level, 0, 0) for level in levels),
        heaters=tuple(HeaterReading(level, surface_dc) for level in warmth),
        **changes,
    )


def still_facts(profile, **changes):
    whole = facts(permit=still_permit(profile), profile=profile, reading=still_reading(profile))
    return replace(whole, **changes)


def still_setpoint(*levels, warmth=(), **changes):
    return replace(Setpoint(levels, None, None, 0, warmth), **changes)


def still_lease(*levels, warmth=(), placement=None, **changes):
    return Lease(1, 1, 500, still_setpoint(*levels, warmth=warmth, **changes), placement)
