"""What is held to the suite, and how it says that something does not hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from massager.model.devices import DeviceProfile
from massager.model.errors import InvalidProfileError, MassagerError
from massager.protocol.codec import Codec


class ConformanceError(MassagerError):
    """A codec or a device does not do what every one of them must; the text says what it did instead."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A codec with a device that speaks it.

    Attributes:
        vectors: Golden frames as in docs/vectors/reference.yaml; None where nobody wrote any.
    """

    codec: Codec
    device: DeviceProfile
    vectors: Mapping[str, Any] | None = None


def read_vectors(path: Path) -> Mapping[str, Any]:
    """Read a file of golden frames.

    Raises:
        InvalidProfileError: It cannot be read, or is no mapping.
    """
    try:
        found = YAML(typ="safe").load(path)
    except (OSError, YAMLError) as error:
        raise InvalidProfileError(f"{path}: {error}") from error
    if not isinstance(found, Mapping):
        raise InvalidProfileError(f"{path}: frames, states and capabilities are expected")
    return found


def expect(truth: object, otherwise: str) -> None:
    """Go on only where something holds.

    Raises:
        ConformanceError: It does not.
    """
    if not truth:
        raise ConformanceError(otherwise)
