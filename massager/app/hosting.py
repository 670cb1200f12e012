"""How a core serves: from which store, within which bounds, with a page or a broker or without."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from massager.app.place import Surroundings, store_for
from massager.mqtt.broker import Broker
from massager.session.massage import NO_BOUNDS, Bounds
from massager.store import DEMO_NAME, Store
from massager.web.door import Address, Door


@dataclass(frozen=True, slots=True)
class Page:
    """Where the page of a core is, and who comes in.

    Attributes:
        proxied: Whether others reach it through a proxy on this computer, whose word on who they are counts.
    """

    address: Address
    door: Door
    proxied: bool = False


@dataclass(frozen=True, slots=True)
class Hosting:
    """What one core's caller wants of it.

    Attributes:
        page: None for no page.
        mqtt: The broker that it has a bridge to; None for none.
        is_demo: The store is a throw-away one that knows the person `demo`.
        bounds: Of every session that it starts.
    """

    page: Page | None = None
    mqtt: Broker | None = None
    is_demo: bool = False
    bounds: Bounds = NO_BOUNDS

    @contextmanager
    def open_store(self, where: Surroundings) -> Iterator[Store]:
        """The store of the core. Raises as `store_for`."""
        if self.is_demo:
            with store_for(DEMO_NAME, where) as store:
                yield store
        else:
            with where.open_store() as store:
                yield store


USUAL: Final = Hosting()
