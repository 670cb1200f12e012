"""Where a core works: its radio, its memory, and its places on this machine."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from massager.app.moments import moment
from massager.guardian.client import ChildGuardian
from massager.model.devices import SYSTEM_RADIO
from massager.model.errors import NotFoundError
from massager.store import DEMO_NAME, Store, seed_demo


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every session of a core shares.

    Attributes:
        profiles: Folder with own profile files.
        open_store: Opens the store; the person `demo` never uses it.
        data: Where that store is, for people: without a password.
        stop_file: Where, by radio and device, the guardian notes how to stop it without a core.
        locks: Folder of the devices' locks, the same for all cores of this user.
        runtime: Folder for the control socket, which belongs to this user alone.
    """

    radio: str
    profiles: Path | None
    open_store: Callable[[], Store]
    data: str
    stop_file: Callable[[str, str], Path]
    locks: Path
    runtime: Path

    async def guardian(
        self, *, store: Store, device: str, profile: str, address: str | None
    ) -> ChildGuardian:
        """Start a guardian for a device; `device` is what people call it."""
        return await ChildGuardian.start(
            radio=self.radio,
            device=profile,
            address=address,
            stop_file=self.stop_file(self.radio, device),
            profiles=self.profiles,
            locks=self.locks,
            store=store.id,
        )


@contextmanager
def store_for(person: str, where: Surroundings) -> Iterator[Store]:
    """The store of one session; the person `demo` gets a throw-away one with a fresh history.

    Raises:
        StoreError: It cannot be opened.
        NotFoundError: The person `demo` was asked for on a real radio.
    """
    if person != DEMO_NAME:
        with where.open_store() as store:
            yield store
        return
    if where.radio == SYSTEM_RADIO:
        raise NotFoundError(
            f"The person {DEMO_NAME!r} exists only with the simulator (--radio tcp:HOST:PORT or unix:PATH)."
        )
    with tempfile.TemporaryDirectory(prefix="massager-demo-") as folder, Store.open(Path(folder)) as store:
        seed_demo(store, moment())
        yield store
