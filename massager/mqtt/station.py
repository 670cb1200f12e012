"""What the bridge may ask of a core, and which massagers it speaks for."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from massager.model.devices import DeviceProfile
from massager.model.programs import Program
from massager.session.massage import MassageService
from massager.session.remote import RemoteService


@dataclass(frozen=True, slots=True)
class Massager:
    """One that this core was introduced to, on its own radio.

    Attributes:
        id: Stable, from its address: the same after it was renamed.
        name: What people call it.
    """

    id: str
    name: str
    profile: DeviceProfile
    address: str
    serial: str
    firmware: str


@dataclass(frozen=True, slots=True)
class Station:
    """The services behind the bridge. None of them waits for the broker.

    Attributes:
        remote: Asks for a start, which moves nothing.
        massagers: Those of this core's radio; reads the store. Raises MassagerError.
        programs: Those that a massager has, whoever may have them.
    """

    massage: MassageService
    remote: RemoteService
    massagers: Callable[[], Awaitable[tuple[Massager, ...]]]
    programs: Callable[[Massager], tuple[Program, ...]]
