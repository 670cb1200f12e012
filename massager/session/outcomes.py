"""What the control loop makes of a failure, a delivery and a refusal."""

from types import MappingProxyType
from typing import Final

from massager.guardian.messages import Failure, Outcome
from massager.model.decisions import Reason

FAILURES: Final = MappingProxyType(
    {
        Failure.NOT_FOUND: Reason.DEVICE_NOT_FOUND,
        Failure.SEVERAL: Reason.DEVICE_NOT_FOUND,
        Failure.UNKNOWN_DEVICE: Reason.UNKNOWN_DEVICE,
        Failure.NOT_PAIRED: Reason.NOT_PAIRED,
        Failure.BUSY: Reason.DEVICE_BUSY,
        Failure.RADIO: Reason.RADIO_UNUSABLE,
    }
)

LOST: Final = MappingProxyType({Outcome.FAILED: Reason.WRITE_REFUSED, Outcome.UNCERTAIN: Reason.LINK_LOST})

# Refused here, and perhaps not in the next zone.
ASIDE: Final = frozenset({Reason.ZONE_TIME, Reason.SPOT_TIME})
