"""Where the files stand: the built-in folder, and one more that may add to it and replace nothing."""

from enum import StrEnum
from pathlib import Path

from massager._resources import profiles_folder
from massager.catalog.document import shown
from massager.catalog.schema import hint, name_of
from massager.model.errors import InvalidProfileError, NotFoundError


class Kind(StrEnum):
    """What a file describes, as its key `kind` says."""

    SAFETY = "safety"
    PROGRAM = "program"
    DEVICE = "device"

    @property
    def pattern(self) -> str:
        """Where files of this kind stand inside a folder of profiles."""
        match self:
            case Kind.SAFETY:
                return "safety/*.yaml"
            case Kind.PROGRAM:
                return "programs/*.yaml"
            case Kind.DEVICE:
                return "devices/*/device.yaml"


def shelf(kind: Kind, extra: Path | None) -> dict[str, Path]:
    """The files of a kind by name, sorted.

    Raises:
        InvalidProfileError: A file of the extra folder has the name of a built-in one.
        NotFoundError: The extra folder does not exist.
    """
    found = {name_of(path): path for path in profiles_folder().glob(kind.pattern)}
    if extra is not None:
        if not extra.is_dir():
            raise NotFoundError(
                f"there is no folder {extra}; name one that holds safety, programs or devices."
            )
        for path in extra.glob(kind.pattern):
            name = name_of(path)
            if name in found:
                what = f"the name is taken by a built-in {kind} file (got {shown(name)})"
                raise InvalidProfileError(
                    f"{path}:1:1: {what}. Rename the file; nothing built in is replaced."
                )
            found[name] = path
    return dict(sorted(found.items()))


def pick(kind: Kind, name: str, extra: Path | None) -> Path:
    """The file of that name.

    Names are only ever compared with those on the shelf, so none can lead elsewhere.

    Raises:
        InvalidProfileError: As `shelf`.
        NotFoundError: There is none; the text names what there is.
    """
    found = shelf(kind, extra)
    if name not in found:
        raise NotFoundError(f"there is no {kind} file {shown(name)}. {hint(name, list(found))}")
    return found[name]
