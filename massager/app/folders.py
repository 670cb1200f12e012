"""This user's folders on this machine: what must be found quickly, and by a core that imports little else."""

import hashlib
import os
import stat
import warnings
from pathlib import Path

import platformdirs

from massager.model.errors import ControlSocketError


def state_folder() -> Path:
    """The user's folder for the store and the stop files."""
    return Path(platformdirs.user_state_dir("massager"))


def stop_file(radio: str, device: str) -> Path:
    """Where a device's stop file is: one for each device profile and radio."""
    mark = hashlib.sha256(radio.encode()).hexdigest()[:12]
    return state_folder() / "stop" / f"{device}-{mark}.json"


def runtime_folder() -> Path:
    """The folder for sockets, made with rights for this user alone.

    Raises:
        ControlSocketError: It belongs to somebody else or others may enter it.
    """
    with warnings.catch_warnings():
        # Without XDG_RUNTIME_DIR there is a fallback, whose owner and rights are checked below.
        warnings.simplefilter("ignore", UserWarning)
        folder = Path(platformdirs.user_runtime_dir("massager"))
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.stat()
    except OSError as error:
        raise ControlSocketError(f"The runtime folder {folder} cannot be used: {error.strerror}.") from error
    if found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) & 0o077:
        raise ControlSocketError(
            f"The runtime folder {folder} is open to others. Set XDG_RUNTIME_DIR to a folder of your own, "
            f"or run: chmod 700 {folder}"
        )
    return folder
