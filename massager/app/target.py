"""Which device a session is for: a paired one by its name, else the only one that fits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from massager.catalog import list_devices, load_device
from massager.model.devices import SYSTEM_RADIO, DeviceProfile, PairedDevice
from massager.model.errors import NotFoundError
from massager.model.programs import Program


@dataclass(frozen=True, slots=True)
class Target:
    """The device of one session.

    Attributes:
        name: What people call it; one that is not paired yet gets this name at its first connection.
        address: None until the first connection, which is to whatever of the profile is within reach.
    """

    name: str
    profile: DeviceProfile
    address: str | None


def choose_device(
    wanted: str | None, program: Program, *, radio: str, paired: Sequence[PairedDevice], profiles: Path | None
) -> Target:
    """The device asked for, or the only one that the program runs on.

    Raises:
        NotFoundError: There is none of that name, several to choose from, or it was never paired.
    """
    here = [device for device in paired if device.radio == radio]
    named = next((device for device in paired if device.name == wanted), None)
    if named is not None:
        if named.radio != radio:
            raise NotFoundError(
                f"{named.name!r} is paired on the radio {named.radio}. Say --radio {named.radio}."
            )
        return _known(named, profiles)
    if wanted is not None:
        fitting = [_device(wanted, paired, profiles)]
    else:
        fitting = [
            device
            for device in list_devices(profiles)
            if all(actuator.modality is program.modality for actuator in device.actuators)
        ]
    candidates = [device for device in here if device.profile in {each.name for each in fitting}]
    if len(candidates) == 1:
        return _known(candidates[0], profiles)
    if candidates:
        raise NotFoundError(f"Which device? Say --device NAME. Paired on {radio}: {_list(candidates)}.")
    return _first(fitting, radio, paired)


def _known(device: PairedDevice, profiles: Path | None) -> Target:
    return Target(device.name, load_device(device.profile, profiles), device.address)


def _device(wanted: str, paired: Iterable[PairedDevice], profiles: Path | None) -> DeviceProfile:
    try:
        return load_device(wanted, profiles)
    except NotFoundError as error:
        raise NotFoundError(f"{error} Paired devices: {_list(paired)}.") from error


def _first(fitting: Sequence[DeviceProfile], radio: str, paired: Iterable[PairedDevice]) -> Target:
    """A device that was never connected; on a simulator's port that pairs it."""
    if len(fitting) != 1:
        names = ", ".join(device.name for device in fitting) or "none"
        raise NotFoundError(f"Which device? Say --device NAME. This program runs on: {names}.")
    if radio == SYSTEM_RADIO:
        raise NotFoundError(
            f"No {fitting[0].title} is paired. Find it with `massager scan`, then `massager pair ADDRESS`."
        )
    return Target(free_name(fitting[0].name, paired), fitting[0], None)


def free_name(wanted: str, paired: Iterable[PairedDevice]) -> str:
    """That name, or with the first number from 2 on that makes it a new one."""
    taken = {device.name for device in paired}
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    return name


def _list(devices: Iterable[PairedDevice]) -> str:
    return ", ".join(f"{device.name} ({device.profile}, {device.address})" for device in devices) or "none"
