"""Permits and leases for tests of the guardian's gate, each ready to be made wrong in one respect."""

from dataclasses import replace

from guardian.rig import CHAIR, permit, reading, row
from massager.guardian.gate import Facts
from massager.guardian.permits import check_permit
from massager.model.ceilings import Modality


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
