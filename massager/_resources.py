"""Finds the shipped profiles in a wheel, an sdist and an editable install alike."""

from pathlib import Path

from massager.model.errors import NotFoundError


def profiles_folder(package: Path = Path(__file__).parent) -> Path:
    """The folder of the built-in profiles: inside the package in a wheel, beside it in a source tree.

    Raises:
        NotFoundError: There is neither; the installation is incomplete.
    """
    places = (package / "_profiles", package.parent / "profiles")
    for place in places:
        # A neighbour in site-packages may be called `profiles` as well; ours has this sub-folder.
        if (place / "safety").is_dir():
            return place
    raise NotFoundError(
        f"the built-in profiles are missing: looked in {places[0]} and {places[1]}. Install massager again."
    )
