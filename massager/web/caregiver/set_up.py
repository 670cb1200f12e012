"""Set-up: which massagers there are, finding more of them, and for whom to set one up."""

import asyncio
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from massager.model.devices import PairedDevice
from massager.model.errors import MassagerError
from massager.session.caregivers import SignedIn
from massager.texts.language import Language
from massager.texts.oversight_labels import OversightLabel
from massager.web.caregiver.logins import HOME
from massager.web.caregiver.screens import CaregiverScreens
from massager.web.desk import Heard
from massager.web.forms import form_of, go_to, in_address

SET_UP: Final = f"{HOME}/set-up"
_FIND: Final = f"{SET_UP}/find"
# Chosen: what is weaker than this is heard and often lost (some metres, or a wall).
_WEAK_DBM: Final = -80


@dataclass(slots=True)
class _Search:
    """What was heard last, and what became of adding one; of this core, whoever looks.

    Attributes:
        heard: None before the first look.
        told: What went wrong, or well; said once.
        one_at_a_time: A radio listens for one.
    """

    heard: tuple[Heard, ...] | None
    told: tuple[str, bool] | None
    one_at_a_time: asyncio.Lock


def serve_set_up(router: APIRouter, screens: CaregiverScreens) -> None:
    """The beginning, and the search."""
    desk, search = screens.desk, _Search(None, None, asyncio.Lock())

    @router.get(SET_UP)
    async def begin(request: Request) -> Response:
        caregiver = await screens.signed_in(request)
        try:
            massagers, wrong = await desk.massagers(), ""
        except MassagerError as error:
            massagers, wrong = (), str(error)
        names = await desk.do(desk.people.names)
        people = [(name, f"{SET_UP}/people/{in_address(name)}") for name in names]
        return screens.page(request, "set_up", caregiver, massagers=massagers, wrong=wrong, people=people)

    @router.get(_FIND)
    async def found(request: Request) -> Response:
        caregiver = await screens.signed_in(request)
        paired = await desk.do(desk.paired)
        told, search.told = search.told, None
        heard = None
        if search.heard is not None:
            heard = [_shown(screens.pages.language(request), one, paired) for one in search.heard]
        return screens.page(request, "find", caregiver, heard=heard, told=told)

    @router.post(_FIND)
    async def find(request: Request) -> Response:
        caregiver = await screens.signed_in(request)
        address = (await form_of(request)).one("address")
        async with search.one_at_a_time:
            try:
                if address:
                    await _pair(screens, request, search, caregiver, address)
                else:
                    search.heard = await desk.look_around()
            except MassagerError as error:
                search.told = (str(error), False)
        return go_to(_FIND)


async def _pair(
    screens: CaregiverScreens, request: Request, search: _Search, caregiver: SignedIn, address: str
) -> None:
    name = await screens.desk.pair(address, caregiver)
    words = screens.pages.language(request).oversight
    search.told = (words[OversightLabel.FIND_ADDED].format(name=name), True)


def _shown(words: Language, one: Heard, paired: tuple[PairedDevice, ...]) -> dict[str, object]:
    label = words.oversight
    known = next((device.name for device in paired if device.address.upper() == one.address.upper()), None)
    near = OversightLabel.FIND_WEAK if one.rssi < _WEAK_DBM else OversightLabel.FIND_NEAR
    return {
        "address": one.address,
        "name": one.name or one.address,
        "near": label[near],
        "fits": one.profile is not None,
        "known": known,
    }
