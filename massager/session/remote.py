"""A start that is asked for from elsewhere: who may have one, and the request that it makes.

Only people whose record switches remote control on take part. Whoever asks hears nothing about anybody: not
whether a name is on record, and of what is in the way only what a clock says, too.
"""

from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from types import MappingProxyType
from typing import Final

from massager.model.decisions import Refusal
from massager.model.errors import MassagerError, NotFoundError
from massager.model.programs import Program
from massager.session.doing import Doing
from massager.session.massage import Basis, MassageService, Wish
from massager.session.offers import Known, Massager, OfferService
from massager.session.outlook import PASSING, WELL
from massager.session.requests import Request
from massager.store import People, Store
from massager.texts import reason_text


class WhyNot(StrEnum):
    """Why nobody is asked."""

    BUSY = "busy"
    NOBODY = "nobody"
    SEVERAL = "several"
    NO_PROGRAM = "no-program"
    NOT_NOW = "not-now"
    FAILED = "failed"


_TEXTS: Final = MappingProxyType(
    {
        WhyNot.BUSY: "A session runs on this massager already.",
        WhyNot.NOBODY: "Remote control is not switched on for them. A caregiver can do that.",
        WhyNot.SEVERAL: "Say who it is for: remote control is switched on for several people.",
        WhyNot.NO_PROGRAM: "There is no such program for this massager.",
        WhyNot.NOT_NOW: "This may not start now. The page at the massager says why.",
        WhyNot.FAILED: "What is on record cannot be read now.",
    }
)


@dataclass(frozen=True, slots=True)
class NotAsked:
    """Nobody was asked; the text names nobody."""

    why: WhyNot
    text: str


class RemoteService:
    """Requests from elsewhere.

    Args:
        store: Of the core.
        offers: Tells what may start.
        massage: Whose sessions run, and where requests wait.
        do: For what uses the store.
        think: For what takes longer than a blink.
    """

    def __init__(
        self, store: Store, offers: OfferService, massage: MassageService, *, do: Doing, think: Doing
    ) -> None:
        self._store = store
        self._offers = offers
        self._massage = massage
        self._do = do
        self._think = think

    async def may_start(self, device: Massager) -> bool:
        """Whether somebody with remote control may start something there now, if all is answered well.

        Takes some ten milliseconds of `think` where the first one may, else up to some hundred for each.

        Raises:
            MassagerError: The store or a file cannot be read.
        """
        people = await self._do(self._people)
        return await self._think(lambda: any(self._may_start(known, device) for known in people))

    async def ask(self, device: Massager, program: str, person: str | None) -> Request | NotAsked:
        """Ask the person at the massager to start a program; what they are shown, or why they are not asked.

        Args:
            device: Where.
            program: Its name.
            person: None for the only one with remote control.
        """
        try:
            people = [one for one in await self._do(self._people) if person in {None, one.person.name}]
            if len(people) != 1:
                return _not_asked(WhyNot.SEVERAL if people else WhyNot.NOBODY)
            found = await self._think(partial(self._admitted, people[0], device, program))
        except MassagerError:
            return _not_asked(WhyNot.FAILED)
        if isinstance(found, NotAsked):
            return found
        if self._massage.on_device(device.name) is not None:
            return _not_asked(WhyNot.BUSY)
        self._massage.requests.put(found)
        return found

    def _people(self) -> tuple[Known, ...]:
        """Those with remote control."""
        people = People(self._store)
        names = [name for name in people.names() if people.get(name).remote]
        return tuple(self._offers.known(name) for name in names)

    def _may_start(self, known: Known, device: Massager) -> bool:
        if device.profile.name not in known.person.calibrations or self._offers.bars(known) is not None:
            return False
        with suppress(NotFoundError):
            # Nothing starts for whoever no safety profile fits.
            return any(
                isinstance(self._offers.admit(known, self._wish(known, device, one.name)), Basis)
                for one in self._fitting(device)
            )
        return False

    def _admitted(self, known: Known, device: Massager, program: str) -> Request | NotAsked:
        if program not in {one.name for one in self._fitting(device)}:
            return _not_asked(WhyNot.NO_PROGRAM)
        try:
            basis = self._offers.admit(known, self._wish(known, device, program))
        except NotFoundError:
            return _not_asked(WhyNot.NOT_NOW)
        if not isinstance(basis, Refusal):
            return Request(known.person.name, program, device.name)
        if basis.reason in PASSING:
            return NotAsked(WhyNot.NOT_NOW, reason_text(basis.reason, basis.detail))
        return _not_asked(WhyNot.NOT_NOW)

    def _fitting(self, device: Massager) -> tuple[Program, ...]:
        return tuple(one for one in self._offers.programs() if device.profile.suits(one.modality))

    def _wish(self, known: Known, device: Massager, program: str) -> Wish:
        wish = Wish(
            program=program,
            person=known.person.name,
            device=device.name,
            seconds=None,
            caller_percent=None,
            interactive=True,
            screening=WELL,
        )
        host = self._massage.host
        return wish if host is None else host.bounds.on(wish)


def _not_asked(why: WhyNot) -> NotAsked:
    return NotAsked(why, _TEXTS[why])
