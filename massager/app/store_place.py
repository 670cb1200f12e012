"""Where this user's things are: the store, and the file beside it that remembers how far it had come."""

import hashlib
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import platformdirs

from massager.app.folders import state_folder
from massager.model.errors import NotFoundError, StoreError
from massager.store import Store

_URL = "://"
_DATABASE = "postgresql"


def data_place(data: str | None) -> Path | str:
    """The store that `--data` names: a folder, or the URL of a database; left out, the user's own folder.

    Raises:
        NotFoundError: It is empty, or a URL of another kind.
    """
    if data is None:
        return state_folder()
    if not data.strip():
        raise NotFoundError("--data is empty. Name a folder, or a database as postgresql://...")
    if _URL not in data:
        return Path(data)
    if urlsplit(data).scheme != _DATABASE:
        kind = data.partition(_URL)[0]
        raise NotFoundError(
            f"--data {kind}://... is not known. Name a folder, or a database as postgresql://..."
        )
    return data


def witness_path(place: Path | str) -> Path:
    """Where the store's witness is: one for each place, and for one place the same however it is written.

    It lies outside the store and outside the folder that holds the user's own store, so that an old copy of
    either that is put back shows.
    """
    name = place if isinstance(place, str) else str(place.resolve())
    mark = hashlib.sha256(without_password(name).encode()).hexdigest()[:16]
    return Path(platformdirs.user_data_dir("massager")) / "witness" / f"{mark}.json"


def without_password(name: str) -> str:
    """A place as it may be shown: a URL without the password in it, anything else as it is."""
    # A new password is no new store.
    if _URL not in name:
        return name
    url = urlsplit(name)
    account, at, server = url.netloc.rpartition("@")
    query = urlencode([(key, value) for key, value in parse_qsl(url.query) if key != "password"])
    return url._replace(netloc=account.partition(":")[0] + at + server, query=query).geturl()


def open_store(place: Path | str) -> Store:
    """Open the store at a place, with its witness.

    Raises:
        StoreError: It cannot be opened, or is not the one that this user's controllers wrote last.
    """
    witness = witness_path(place)
    try:
        witness.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"The folder {witness.parent} cannot be made: {error.strerror}. Set XDG_DATA_HOME to a folder "
            "that you may write to."
        ) from error
    return Store.open(place, witness=witness)


def shown_place(data: str | None) -> str:
    """A store's place as one core tells it to another: whole, and without a password.

    Raises:
        NotFoundError: `data` names no store.
    """
    place = data_place(data)
    return without_password(place) if isinstance(place, str) else str(place.resolve())
