"""Finds the shipped files in a wheel, an sdist and an editable install alike."""

from pathlib import Path

from massager.model.errors import NotFoundError


def profiles_folder(package: Path = Path(__file__).parent) -> Path:
    """The folder of the built-in profiles: inside the package in a wheel, beside it in a source tree.

    Raises:
        NotFoundError: There is neither; the installation is incomplete.
    """
    # A neighbour in site-packages may be called `profiles` as well; ours has this sub-folder.
    return _found("profiles", (package / "_profiles", package.parent / "profiles"), has="safety")


def answers_folder(package: Path = Path(__file__).parent) -> Path:
    """The folder of the example answers, found as `profiles_folder`.

    Raises:
        NotFoundError: There is neither; the installation is incomplete.
    """
    places = (package / "_answers", package.parent / "examples" / "answers")
    return _found("answers", places, has="fine.yaml")


def _found(what: str, places: tuple[Path, Path], *, has: str) -> Path:
    for place in places:
        if (place / has).exists():
            return place
    raise NotFoundError(
        f"the built-in {what} are missing: looked in {places[0]} and {places[1]}. Install massager again."
    )
