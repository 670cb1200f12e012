"""Where a core works: its radio, its memory, and its places on this machine."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from massager.app.folders import runtime_folder, state_folder, stop_file
from massager.app.moments import moment
from massager.app.store_place import data_place, open_store, shown_place
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
        self, *, store: Store, device: str, profile: str, address: str | None, bonds: bool = False
    ) -> ChildGuardian:
        """Start a guardian for a device, which people call `device`; with `bonds` it may be paired anew."""
        return await ChildGuardian.start(
            radio=self.radio,
            device=profile,
            address=address,
            stop_file=self.stop_file(self.radio, device),
            profiles=self.profiles,
            locks=self.locks,
            store=store.id,
            bonds=bonds,
        )


def surroundings(
    *, radio: str, data: str | None, profiles: Path | None, locks: Path | None = None
) -> Surroundings:
    """The surroundings of a core of this user.

    Args:
        radio: As the caller wrote it.
        data: As the caller wrote it; None for the user's own folder.
        profiles: Folder with own profile files.
        locks: Folder of the devices' locks; None for the one that all cores of this user share.

    Raises:
        ControlSocketError: The runtime folder is open to others.
        NotFoundError: `data` names no store.
    """
    place = data_place(data)
    return Surroundings(
        radio=radio,
        profiles=profiles,
        open_store=partial(open_store, place),
        data=shown_place(data),
        stop_file=stop_file,
        locks=locks or state_folder() / "locks",
        runtime=runtime_folder(),
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
