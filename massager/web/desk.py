"""What the page may ask of a core, and in which thread."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from massager.model.devices import PairedDevice
from massager.session.caregivers import SignedIn
from massager.session.doing import Doing
from massager.session.history import HistoryService
from massager.session.massage import MassageService
from massager.session.offers import Massager, OfferService
from massager.session.past import PastService
from massager.session.people import PeopleService
from massager.session.set_up import SetUpService


@dataclass(frozen=True, slots=True)
class Heard:
    """A massager within reach.

    Attributes:
        rssi: How strong it is heard, dBm.
        profile: Name of the device profile that fits; None where none does.
    """

    address: str
    name: str
    rssi: int
    profile: str | None


@dataclass(frozen=True, slots=True)
class Desk:
    """The services behind the page.

    Attributes:
        massagers: What there is to choose on this core's radio; raises MassagerError.
        paired: Devices that are remembered; a job for `do`.
        forget_device: Remember one no longer, which takes a caregiver; a job for `do`. Raises NotFoundError,
            AuthError, and BusyError where it is in a session.
        look_around: Listens for some seconds, the nearest first. Raises LinkError.
        pair: Connects to an address once, sees it at rest and remembers it, which takes a caregiver; the name
            it has then. Raises MassagerError, and it is not remembered.
        do: For jobs of `people`, `history`, `past`, `set_up` and `offers.known`, which use the store.
        think: For all other jobs that take longer than a blink.
    """

    massage: MassageService
    people: PeopleService
    history: HistoryService
    offers: OfferService
    past: PastService
    set_up: SetUpService
    massagers: Callable[[], Awaitable[tuple[Massager, ...]]]
    paired: Callable[[], tuple[PairedDevice, ...]]
    forget_device: Callable[[str, SignedIn], None]
    look_around: Callable[[], Awaitable[tuple[Heard, ...]]]
    pair: Callable[[str, SignedIn], Awaitable[str]]
    do: Doing
    think: Doing
