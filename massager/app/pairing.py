"""Getting to know a massager: found by a scan, connected once, stopped, and remembered."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from massager.app.introduction import introduced
from massager.app.moments import moment
from massager.app.place import Surroundings
from massager.app.target import free_name
from massager.catalog import load_device
from massager.guardian.client import GuardianClient
from massager.guardian.messages import Failed, Failure, Ready
from massager.guardian.nearby import nearby
from massager.model.devices import PairedDevice
from massager.model.errors import (
    BusyError,
    LinkError,
    MassagerError,
    NotFoundError,
    NotPairedError,
    UnknownDeviceError,
)
from massager.model.history import By
from massager.session.doing import Doing
from massager.store import Devices, Store

_T = TypeVar("_T")

# Chosen: a device advertises about once a second at the least, and a scan loses some.
LOOK_S = 5.0

_FAILURES: dict[Failure, type[MassagerError]] = {
    Failure.UNKNOWN_DEVICE: UnknownDeviceError,
    Failure.NOT_PAIRED: NotPairedError,
    Failure.BUSY: BusyError,
}


async def _at_once(job: Callable[[], _T], /) -> _T:
    """In this thread, for whoever has a store alone."""
    return job()


async def pair(
    address: str,
    *,
    name: str | None,
    profile: str | None,
    where: Surroundings,
    store: Store,
    by: By,
    do: Doing = _at_once,
) -> PairedDevice:
    """Connect a device once, see it at rest after a confirmed stop, write its stop file, and remember it.

    Args:
        address: On the radio, in capitals or not.
        name: What people will call it; None for its profile's name, with a number if that is taken.
        profile: Of the device; None for the one that its advertisement fits.
        where: On which radio.
        store: To remember it in.
        by: Who does it.
        do: How the store is used.

    Raises:
        MassagerError: It cannot be reached, or is not what its profile says; it is not remembered.
    """
    devices = Devices(store)
    paired = await do(devices.all)
    for known in paired:
        if (known.radio, known.address.upper()) == (where.radio, address.upper()):
            raise BusyError(f"{known.address} is paired already, as {known.name!r}.")
    if name is not None and name in {known.name for known in paired}:
        raise BusyError(f"There is a paired device {name!r} already. Choose another name.")
    found = load_device(profile or await _advertised(address, where), where.profiles)
    chosen = name or free_name(found.name, paired)
    guardian = await where.guardian(
        store=store, device=chosen, profile=found.name, address=address, bonds=True
    )
    try:
        device = introduced(await _ready(guardian), name=chosen, radio=where.radio)
        await do(partial(devices.add, device, by=by, now=moment()))
    finally:
        await guardian.close()
    return device


async def _advertised(address: str, where: Surroundings) -> str:
    """The profile of the device with that address."""
    heard = await nearby(where.radio, LOOK_S, where.profiles)
    it = next((each for each in heard if each.address.upper() == address.upper()), None)
    if it is None:
        there = ", ".join(f"{each.address} {each.name}".strip() for each in heard) or "none"
        raise LinkError(f"{address} is not within reach. Massagers within reach: {there}.")
    if it.profile is None:
        raise NotFoundError(f"{address} {it.name} fits no device profile by its name. Say --device-profile.")
    return it.profile


async def _ready(guardian: GuardianClient) -> Ready:
    while (message := await guardian.receive()) is not None:
        if isinstance(message, Ready):
            return message
        if isinstance(message, Failed):
            raise _FAILURES.get(message.failure, LinkError)(message.detail)
    raise LinkError(f"the process that owns the radio ended. {guardian.complaints}".strip())


def forget(name: str, *, where: Surroundings, store: Store, by: By) -> PairedDevice:
    """Remember a device no longer, and how to stop it without a core neither.

    Raises:
        NotFoundError: None has that name.
        StoreError: It is in a session.
    """
    device = Devices(store).get(name)
    Devices(store).forget(name, by=by, now=moment())
    where.stop_file(device.radio, name).unlink(missing_ok=True)
    return device
