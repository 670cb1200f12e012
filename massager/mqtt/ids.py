"""Names that stay: of a massager on the broker, and of its entities in Home Assistant."""

import hashlib
import re
from typing import Final

# Chosen: eight hex digits; two of a thousand massagers share one in one of eight thousand homes.
_DIGITS: Final = 8
_ID: Final = re.compile(r"mr-[0-9a-f]{8}")


def device_id(identity: str) -> str:
    """The id of a massager, from its address alone: the same after a renaming and at every gateway.

    Args:
        identity: Of a `PairedDevice`.
    """
    return f"mr-{hashlib.sha256(identity.encode()).hexdigest()[:_DIGITS]}"


def is_device_id(word: str) -> bool:
    """Whether it can be one."""
    return _ID.fullmatch(word) is not None


def entity_stem(device: str) -> str:
    """What the ids of all entities of a device begin with."""
    return f"massager_{device.replace('-', '_')}"
