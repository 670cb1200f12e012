"""Now, on the clocks of this machine."""

import time
from pathlib import Path
from typing import Final

from massager.guardian.clock import BootClock
from massager.model.errors import StoreError
from massager.model.history import Moment

_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")


def moment() -> Moment:
    """The present moment.

    Raises:
        StoreError: The system does not say which boot this is.
    """
    try:
        boot_id = _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError as error:
        raise StoreError(f"One boot cannot be told from another: {_BOOT_ID}: {error.strerror}.") from error
    return Moment(wall_s=int(time.time()), boot_ms=BootClock().now_ms(), boot_id=boot_id)
