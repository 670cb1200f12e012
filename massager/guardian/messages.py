"""What passes between core and guardian: one JSON message a line, the same objects in process.

Times are milliseconds on the boot-time clock, which both processes share. A line that is not one of these
messages is a `PipeError`, and for the guardian a reason to stop.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from massager.model.commands import Lease, Permit
from massager.model.decisions import Reason
from massager.model.errors import PipeError
from massager.model.telemetry import Reading


class Outcome(StrEnum):
    """What became of a write; UNCERTAIN means that it may or may not have reached the device."""

    CONFIRMED = "confirmed"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


class Failure(StrEnum):
    """Why the guardian gave up before a session."""

    NOT_FOUND = "not-found"
    SEVERAL = "several"
    UNKNOWN_DEVICE = "unknown-device"
    NOT_PAIRED = "not-paired"
    BUSY = "busy"
    RADIO = "radio"


# Down: from the core.


@dataclass(frozen=True, slots=True)
class GivePermit:
    """What may be let through; at rest any, in a session only a tighter one."""

    permit: Permit
    kind: Literal["permit"] = "permit"


@dataclass(frozen=True, slots=True)
class GiveLease:
    """A motion with its end; a newer one replaces one that was not yet sent."""

    lease: Lease
    kind: Literal["lease"] = "lease"


@dataclass(frozen=True, slots=True)
class Stop:
    """Stop now; acts when read."""

    cause: Reason
    kind: Literal["stop"] = "stop"


@dataclass(frozen=True, slots=True)
class End:
    """Stop, close the device's session, let go of the link and leave."""

    kind: Literal["end"] = "end"


# Up: from the guardian.


@dataclass(frozen=True, slots=True)
class Ready:
    """Connected, identified, and at rest after a confirmed stop."""

    device: str
    address: str
    model_number: str
    firmware: str
    serial: str
    kind: Literal["ready"] = "ready"


@dataclass(frozen=True, slots=True)
class Permitted:
    """The permit holds and the device's session is open; leases carry this epoch."""

    epoch: int
    kind: Literal["permitted"] = "permitted"


@dataclass(frozen=True, slots=True)
class Refused:
    """The guardian's own check refused a permit or a lease; it has stopped the device."""

    what: Literal["permit", "lease", "bytes"]
    number: int
    detail: str
    kind: Literal["refused"] = "refused"


@dataclass(frozen=True, slots=True)
class State:
    """A state notification, decoded."""

    reading: Reading
    kind: Literal["state"] = "state"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a lease's write."""

    number: int
    outcome: Outcome
    detail: str = ""
    kind: Literal["delivery"] = "delivery"


@dataclass(frozen=True, slots=True)
class Stopping:
    """A stop has begun, by the core's wish or the guardian's own; leases are refused until a new permit."""

    cause: Reason
    detail: str = ""
    kind: Literal["stopping"] = "stopping"


@dataclass(frozen=True, slots=True)
class Stopped:
    """The stop is over; `confirmed` is false where the device never reported rest."""

    cause: Reason
    confirmed: bool
    kind: Literal["stopped"] = "stopped"


@dataclass(frozen=True, slots=True)
class LinkLost:
    """The link is gone; the guardian tries to connect again and says Ready when it has."""

    detail: str
    kind: Literal["link-lost"] = "link-lost"


@dataclass(frozen=True, slots=True)
class Alarm:
    """The danger that software could not remove, in a sentence for a person."""

    text: str
    kind: Literal["alarm"] = "alarm"


@dataclass(frozen=True, slots=True)
class Failed:
    """The guardian could not get to the device and leaves."""

    failure: Failure
    detail: str
    kind: Literal["failed"] = "failed"


Down = GivePermit | GiveLease | Stop | End
Up = Ready | Permitted | Refused | State | Delivery | Stopping | Stopped | LinkLost | Alarm | Failed

_T = TypeVar("_T")

_DOWN: TypeAdapter[Down] = TypeAdapter(Annotated[Down, Field(discriminator="kind")])
_UP: TypeAdapter[Up] = TypeAdapter(Annotated[Up, Field(discriminator="kind")])


def to_line(message: Down | Up) -> bytes:
    """A message as one JSON line, newline included."""
    adapter: TypeAdapter[Down] | TypeAdapter[Up] = _DOWN if isinstance(message, Down) else _UP
    return adapter.dump_json(message) + b"\n"  # type: ignore[arg-type]  # picked by the line above


def down_from_line(line: bytes) -> Down:
    """Read a line from the core.

    Raises:
        PipeError: It is not one of the core's messages.
    """
    return _read(_DOWN, line)


def up_from_line(line: bytes) -> Up:
    """Read a line from the guardian.

    Raises:
        PipeError: It is not one of the guardian's messages.
    """
    return _read(_UP, line)


def _read(adapter: TypeAdapter[_T], line: bytes) -> _T:
    try:
        return adapter.validate_json(line, strict=True)
    except ValidationError as error:
        raise PipeError(f"not a message: {line[:80]!r}: {error.errors()[0]['msg']}") from error
