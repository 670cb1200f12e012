"""What the commands hand to the composition root: radio, store, and this user's folders."""

from functools import partial
from pathlib import Path

from massager.app import Surroundings
from massager.cli.cores import runtime_folder
from massager.cli.places import data_place, open_store, without_password
from massager.cli.stop import state_folder, stop_file


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


def shown_place(data: str | None) -> str:
    """A store's place as one core tells it to another: whole, and without a password.

    Raises:
        NotFoundError: `data` names no store.
    """
    place = data_place(data)
    return without_password(place) if isinstance(place, str) else str(place.resolve())
