"""What a replay tells before anybody connects."""

from typing import Final

from bumble import core, data_types

_BASE_UUID: Final = "-0000-1000-8000-00805f9b34fb"
_WELL_KNOWN: Final = ("00001800", "00001801", "0000180a", "0000180f")
_SHORT_ONES: Final = 4  # as many as fit beside the flags and a whole UUID into 31 bytes


def uuid_of(text: str) -> core.UUID:
    """Short where the Bluetooth SIG gave a short one, as it is on the air."""
    short = text.startswith("0000") and text.endswith(_BASE_UUID)
    return core.UUID(text[4:8] if short else text)


def advertised(services: set[str]) -> list[core.DataType]:
    """What is the device's own, as far as an advertisement has room."""
    own = sorted(uuid for uuid in services if not uuid.startswith(_WELL_KNOWN)) or sorted(services)
    short = [uuid for uuid in map(uuid_of, own) if len(uuid.to_bytes()) == 2]  # noqa: PLR2004 - bytes
    whole = [uuid for uuid in map(uuid_of, own) if uuid not in short]
    lists: list[core.DataType] = []
    if whole:
        lists.append(data_types.CompleteListOf128BitServiceUUIDs(whole[:1]))
    if short:
        lists.append(data_types.CompleteListOf16BitServiceUUIDs(short[:_SHORT_ONES]))
    return lists
