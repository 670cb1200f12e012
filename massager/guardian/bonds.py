"""What BlueZ says of a device's bond, and the agent it needs to make one.

It goes by what bleak's scanner found: only BlueZ names its devices by an object path. Other systems keep
their bonds to themselves and ask the person before the screen.
"""

import contextlib
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any


def bonded(details: Any) -> bool | None:
    """Whether BlueZ has a bond with the device; None on another system."""
    if _path(details) is None:
        return None
    return bool(details.get("props", {}).get("Paired", False))


def agent_for(details: Any, address: str) -> AbstractAsyncContextManager[None]:
    """What has to be there while the device is paired: an agent on BlueZ, unless there is a bond already.

    Raises:
        NotPairedError: On entering, where BlueZ takes no agent.
    """
    path = _path(details)
    if path is None or bonded(details):
        return contextlib.nullcontext()
    from massager.guardian.agent import pairing_agent  # noqa: PLC0415 - dbus-fast is on Linux only

    return pairing_agent(path, address)


def _path(details: Any) -> str | None:
    path = details.get("path") if isinstance(details, Mapping) else None
    return path if isinstance(path, str) else None
