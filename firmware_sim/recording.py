"""A recording of GATT traffic as a file: JSON lines, a head and then one line for each thing that happened.

What is in a line, and what a replay makes of it, is in docs/simulator.md, chapter "Replay".
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final, Literal, Self, TypeVar, get_args

VERSION: Final = 1

_T = TypeVar("_T")

Op = Literal["connect", "subscribe", "unsubscribe", "read", "write", "notify", "disconnect"]
_OPS: Final = frozenset(get_args(Op))
_OF_THE_LINK: Final = frozenset({"connect", "disconnect"})


class RecordingError(ValueError):
    """A file that is no recording; the text begins with file and line."""


@dataclass(frozen=True, slots=True)
class Described:
    """A characteristic that the device has.

    Attributes:
        properties: In bleak's words, as `write-without-response`.
    """

    service: str
    uuid: str
    properties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """What the device is.

    Attributes:
        model: What a replay is called on the air; the device's own name is not recorded.
        mtu: Of the first link.
        characteristics: In the device's order; a line names one by its place here, from 0.
    """

    model: str
    mtu: int
    characteristics: tuple[Described, ...]


@dataclass(frozen=True, slots=True)
class Happened:
    """One line.

    Attributes:
        t_s: Since the first one; no two are at the same time, so that their order is told, too.
        characteristic: Its place in the head; None for the link itself.
        value: What was written, notified, or read.
        took_s: How long the answer took; None where none came, or none was due.
        error: The ATT error that was the answer.
        response: Whether a write asked for an answer.
        scrubbed: Whether bytes of the value were blotted out, each with an X.
    """

    t_s: float
    op: Op
    characteristic: int | None = None
    value: bytes = b""
    took_s: float | None = None
    error: int | None = None
    response: bool = True
    scrubbed: bool = False


@dataclass(frozen=True, slots=True)
class Recording:
    """A head and what happened, in order."""

    head: Head
    happened: tuple[Happened, ...]

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file.

        Raises:
            OSError: it cannot be read.
            RecordingError: it is no recording.
        """
        head, *lines = path.read_text(encoding="utf-8").splitlines() or [""]
        described = _parsed(path, 1, head, _head)
        known = len(described.characteristics)
        happened = [_parsed(path, number, line, _happened) for number, line in enumerate(lines, 2)]
        for number, each in enumerate(happened, 2):
            if each.characteristic is not None and not 0 <= each.characteristic < known:
                raise RecordingError(f"{path}:{number}: no characteristic {each.characteristic} in the head")
        return cls(described, tuple(happened))

    def write(self, path: Path) -> None:
        """Write the file, whole or not at all.

        Raises:
            OSError: it cannot be written.
        """
        lines = [_head_line(self.head), *map(_line, self.happened)]
        part = path.with_name(f"{path.name}.part")
        part.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        part.replace(path)


def line_number(index: int) -> int:
    """The line of the file where `happened[index]` stands."""
    return index + 2


def _parsed(path: Path, number: int, line: str, parse: Callable[[Any], _T]) -> _T:
    try:
        return parse(json.loads(line))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        what = f"not a line of a recording of version {VERSION}: {error!r}"
        raise RecordingError(f"{path}:{number}: {what}") from error


def _head(found: Mapping[str, Any]) -> Head:
    if found["recording"] != VERSION:
        raise ValueError(f"version {found['recording']!r}")
    characteristics = tuple(
        Described(service["uuid"], each["uuid"], tuple(each["properties"]))
        for service in found["services"]
        for each in service["characteristics"]
    )
    return Head(str(found["model"]), int(found["mtu"]), characteristics)


def _happened(found: Mapping[str, Any]) -> Happened:
    op, characteristic = found["op"], found.get("characteristic")
    if op not in _OPS:
        raise ValueError(f"no op {op!r}")
    if (characteristic is None) != (op in _OF_THE_LINK):
        raise ValueError(f"{op} with the characteristic {characteristic}")
    return Happened(
        t_s=float(found["t"]),
        op=op,
        characteristic=characteristic,
        value=bytes.fromhex(found.get("value", "")),
        took_s=found.get("took"),
        error=found.get("error"),
        response=found.get("response", True),
        scrubbed=found.get("scrubbed", False),
    )


def _head_line(head: Head) -> dict[str, Any]:
    services = [
        {
            "uuid": uuid,
            "characteristics": [{"uuid": each.uuid, "properties": list(each.properties)} for each in group],
        }
        for uuid, group in groupby(head.characteristics, key=lambda each: each.service)
    ]
    return {
        "recording": VERSION,
        "model": head.model,
        "mtu": head.mtu,
        "services": services,
    }


def _line(happened: Happened) -> dict[str, Any]:
    line: dict[str, Any] = {"t": round(happened.t_s, 6), "op": happened.op}
    if happened.characteristic is not None:
        line["characteristic"] = happened.characteristic
    if happened.value:
        line["value"] = happened.value.hex()
    if not happened.response:
        line["response"] = False
    if happened.scrubbed:
        line["scrubbed"] = True
    if happened.took_s is not None:
        line["took"] = round(happened.took_s, 6)
    if happened.error is not None:
        line["error"] = happened.error
    return line
