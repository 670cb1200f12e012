"""Nothing but listening: which massagers advertise within reach. Connects to none and writes nothing."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path

from massager.catalog import list_devices
from massager.guardian.leaving import Leaving
from massager.guardian.radio import open_radio
from massager.guardian.transport import look_around
from massager.model.devices import DeviceProfile
from massager.model.errors import MassagerError
from massager.protocol import codec_for


async def print_scan(radio: str, seconds: float, profiles: Path | None) -> int:
    """Print a JSON line a device: address, name, rssi, profile (null where none fits); or one error line."""
    try:
        known = [(device, codec_for(device.codec).service_uuid) for device in list_devices(profiles)]
        async with open_radio(radio) as air:
            heard = await look_around(air, {service for _, service in known}, seconds)
    except MassagerError as error:
        sys.stdout.write(json.dumps({"error": str(error)}) + "\n")
        return Leaving.NO_LINK
    for sighting, services, rssi in heard:
        fitting = (device for device, service in known if service in services)
        line = {
            "address": sighting.address,
            "name": sighting.name,
            "rssi": rssi,
            "profile": _profile_of(sighting.name, fitting),
        }
        sys.stdout.write(json.dumps(line) + "\n")
    return Leaving.STOPPED


def _profile_of(name: str, fitting: Iterable[DeviceProfile]) -> str | None:
    """The profile whose model number begins the advertised name; models of one family share a service."""
    named = [device.name for device in fitting if name.startswith(device.model_number)]
    return named[0] if len(named) == 1 else None
