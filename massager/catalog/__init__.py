"""The files people write: safety profiles, programs and device families, read strictly.

May import model, pydantic and ruamel.yaml; never the safety core. pydantic stays inside: what leaves this
room are frozen dataclasses of the model. A file is right in every part, or is refused with the problems found
in it, each as `path:line:column: key: what is wrong (got X). What to do`; nothing is guessed, converted or
left out, and no file can raise a built-in ceiling. `extra` names one more folder with the sub-folders safety,
programs and devices, whose files add to the built-in ones and never replace one. A person's file belongs to
no folder: people.py reads it, person_writing.py writes it.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from massager.catalog.devices import list_devices, load_device, read_device
from massager.catalog.document import Document, shown
from massager.catalog.programs import list_programs, load_program, read_program
from massager.catalog.safety_profiles import (
    list_safety_profiles,
    load_safety_profile,
    read_safety_profile,
    safety_profile_for,
)
from massager.catalog.shelf import Kind
from massager.catalog.yaml_source import read
from massager.model.devices import DeviceProfile
from massager.model.programs import Program, SafetyProfile

__all__ = [
    "Kind",
    "list_devices",
    "list_programs",
    "list_safety_profiles",
    "load_device",
    "load_program",
    "load_safety_profile",
    "safety_profile_for",
    "validate",
]

_READERS: Final[dict[Kind, Callable[[Document], SafetyProfile | Program | DeviceProfile]]] = {
    Kind.SAFETY: read_safety_profile,
    Kind.PROGRAM: read_program,
    Kind.DEVICE: read_device,
}


def validate(path: Path) -> tuple[Kind, str]:
    """What a file describes, as its key `kind` says, and its name, once nothing in it is wrong.

    Raises:
        InvalidProfileError: It is wrong; the text lists what and where.
        NotFoundError: The file cannot be opened.
    """
    document = read(path)
    asked = document.value.get("kind") if isinstance(document.value, dict) else None
    if asked not in list(Kind):
        what = f"the key 'kind' must say what the file describes (got {shown(asked)})"
        document.complain_at(("kind",), what, f"Write one of: {', '.join(Kind)}.")
        raise document.error()
    kind = Kind(asked)
    return kind, _READERS[kind](document).name
