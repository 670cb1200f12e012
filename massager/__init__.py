"""Controller that holds a Bluetooth LE back massager inside limits for people with spinal stenosis.

For scripts there is `massager.open` (docs/api.md). It is imported when it is asked for, because every command
imports this package first.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from massager.app.opening import open_massager as open  # noqa: A004 - read as massager.open

__all__ = ["open"]


def __getattr__(name: str) -> object:
    if name != "open":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from massager.app.opening import open_massager  # noqa: PLC0415 - as said above

    return open_massager
