"""Which radio: the system's own, or one that an installed package offers in the group `massager.radios`."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Any, Protocol

from massager.model.errors import LinkError


class Radio(Protocol):
    """bleak's backends for one radio; None means the system's own."""

    @property
    def client(self) -> type[Any] | None:
        """For connections."""

    @property
    def scanner(self) -> type[Any] | None:
        """For scans."""


@dataclass(frozen=True, slots=True)
class _SystemRadio:
    client: None = None
    scanner: None = None


@contextlib.asynccontextmanager
async def open_radio(name: str) -> AsyncIterator[Radio]:
    """The radio of that name: `system`, or what the entry-point group `massager.radios` has for its scheme.

    Raises:
        LinkError: There is no such radio, or it does not answer.
    """
    if name == "system":
        yield _SystemRadio()
        return
    scheme = name.partition(":")[0]
    openers = {point.name: point for point in entry_points(group="massager.radios")}
    if scheme not in openers:
        known = ", ".join(["system", *sorted(f"{known}:…" for known in openers)])
        raise LinkError(f"no radio {name!r}; there are {known}")
    async with contextlib.AsyncExitStack() as leave:
        try:
            radio: Radio = await leave.enter_async_context(openers[scheme].load()(name))
        except (OSError, ValueError, ImportError) as error:
            raise LinkError(f"radio {name}: {error}") from error
        yield radio
