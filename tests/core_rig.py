"""Where a core of a test's own lives: a folder with its store, and the people and chairs on record there."""

from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from massager.app.moments import moment
from massager.app.place import Surroundings
from massager.model.devices import PairedDevice
from massager.model.history import By, Role
from massager.store import Devices, People, Store, demo_person

BY = By("test", Role.CAREGIVER)
RADIO = "unix:nowhere"

_Kind = TypeVar("_Kind", bound=Surroundings)


def surroundings_in(kind: type[_Kind], folder: Path, **changes: Any) -> _Kind:
    """Surroundings of a kind, with everything in one folder but what is given otherwise."""
    usual = {
        "radio": RADIO,
        "profiles": None,
        "open_store": lambda: Store.open(folder),
        "data": str(folder),
        "stop_file": lambda _radio, device: folder / f"{device}.json",
        "locks": folder / "locks",
        "runtime": folder,
    }
    return kind(**usual | changes)


def record(
    store: Store,
    people: tuple[str, ...],
    chairs: tuple[str, ...] = ("left", "right"),
    *,
    remote: tuple[str, ...] = (),
) -> None:
    """Put on record people like the demo's, some with remote control, and chairs that are paired."""
    for name in people:
        People(store).add(replace(demo_person(), name=name, remote=name in remote), by=BY, now=moment())
    for number, name in enumerate(chairs, 1):
        paired = PairedDevice(name, "chair", RADIO, f"C0:{number}", "REF-CHAIR", "1.0", str(number))
        Devices(store).add(paired, by=BY, now=moment())
