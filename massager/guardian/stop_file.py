"""The small file that lets `stop --direct` find the device without profile, database or running core."""

import json
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from massager.model.errors import NotFoundError, StoreError


@dataclass(frozen=True, slots=True)
class StopFile:
    """Where the device is and how its STOP is written.

    Attributes:
        device: Name of the device profile; for people.
        codec: Name of the codec that knows the UUIDs and the bytes.
        actuators: How many, so that the state can be read without the profile.
        heaters: How many, after those; a file that was written before there were any names none.
    """

    radio: str
    device: str
    address: str
    codec: str
    actuators: int
    heaters: int = 0


def write_stop_file(path: Path, content: StopFile) -> None:
    """Replace the file in one step, readable by its owner alone.

    Raises:
        StoreError: It cannot be written; an earlier file is as it was.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fd, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # mkstemp makes it 0600
        try:
            with os.fdopen(fd, "w", encoding="utf-8") as stream:
                json.dump(asdict(content), stream)
                stream.flush()
                os.fsync(stream.fileno())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise StoreError(f"the stop file {path} cannot be written: {error}") from error


def read_stop_file(path: Path) -> StopFile:
    """Read it back.

    Raises:
        NotFoundError: There is none.
        StoreError: It cannot be read or is damaged; the text says what to do.
    """
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(fields, dict):
            fields.setdefault("heaters", 0)
    except FileNotFoundError as error:
        raise NotFoundError(f"no stop file {path}: no device was connected yet.") from error
    except (OSError, ValueError) as error:
        raise StoreError(_damaged(path, str(error))) from error
    kinds = {"radio": str, "device": str, "address": str, "codec": str, "actuators": int, "heaters": int}
    if not isinstance(fields, dict) or {name: type(value) for name, value in fields.items()} != kinds:
        raise StoreError(_damaged(path, "it has other fields than it should"))
    return StopFile(**fields)


def _damaged(path: Path, why: str) -> str:
    return (
        f"the stop file {path} cannot be used: {why}. If the massager moves, switch it off at its own button "
        "or pull its mains plug; the file is written anew at the next connection."
    )
