"""What the guardian needs of a radio link; `transport.py` gives it over bleak, tests by hand."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from massager.guardian.messages import Outcome


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a write; `detail` names the refusal or what is not known."""

    outcome: Outcome
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A device that advertises the right service."""

    address: str
    name: str


@dataclass(frozen=True, slots=True)
class Identity:
    """What a connected device says of itself; `capabilities` are its raw bytes."""

    address: str
    model_number: str
    firmware: str
    serial: str
    capabilities: bytes


class Link(Protocol):
    """One connection to one device, used once: after it is lost or let go a new one is made.

    Every method returns within a bound of its own; a write never raises for what the link did to it.
    """

    async def scan(self, address: str | None) -> tuple[Sighting, ...]:
        """Devices within reach that advertise the service, or the one with that address.

        Raises:
            LinkError: The radio does not work.
        """

    async def connect(self, sighting: Sighting) -> None:
        """Connect, and write nothing.

        Raises:
            NotPairedError: The device does not prove that it is the one that was paired.
            LinkError: No connection came about.
        """

    async def subscribe(self, on_state: Callable[[bytes, int], None]) -> None:
        """Have state notifications handed over: bytes, and their arrival on the clock in ms.

        Raises:
            LinkError: The device does not notify, or the link is lost.
        """

    async def identify(self) -> Identity:
        """Read identity and capabilities, and make the link fit for commands.

        Raises:
            NotPairedError: The device will not pair, or does not prove that it is the one that was paired.
            LinkError: They cannot be read, or the link is lost.
        """

    async def write_command(self, data: bytes) -> Written:
        """Write to the command characteristic, with response."""

    async def write_stop(self) -> Written:
        """Write STOP; overtakes a request that has been in flight for too long.

        CONFIRMED means that the device answered, UNCERTAIN that it may not have got it.
        """

    async def disconnect(self) -> None:
        """Let go; harmless when repeated."""


# Called once with a sentence when the link is lost; not after `disconnect`.
OnLost = Callable[[str], None]

LinkFactory = Callable[[OnLost], Link]
