"""People on record: the list, one person's record in words, adding and forgetting."""

from collections.abc import Mapping
from functools import partial
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from massager.model.carried import Carried
from massager.model.errors import BusyError, NotAllowedError
from massager.model.people import Person
from massager.session.caregivers import SignedIn
from massager.session.changes import pieces
from massager.texts.caregiver_labels import CaregiverLabel
from massager.texts.language import Language
from massager.web.caregiver.changing import OF_CAREGIVER
from massager.web.caregiver.home import attention, everybody
from massager.web.caregiver.logins import HOME
from massager.web.caregiver.screens import CaregiverScreens
from massager.web.caregiver.words import called, told
from massager.web.forms import Form, about_record, form_of, from_address, go_to

PEOPLE: Final = f"{HOME}/people"


def serve_people(router: APIRouter, screens: CaregiverScreens) -> None:
    """The list, and one person."""
    pages, desk = screens.pages, screens.desk

    @router.get(PEOPLE)
    async def people(request: Request, forgotten: str = "") -> Response:
        caregiver = await screens.signed_in(request)
        return await _list(screens, request, caregiver, forgotten=bool(forgotten))

    @router.post(PEOPLE)
    async def add(request: Request) -> Response:
        caregiver, name = await screens.signed_in(request), (await form_of(request)).one("name").strip()
        person = Person(
            name=name, conditions=MappingProxyType({}), attested=False, calibrations=MappingProxyType({})
        )
        try:
            await desk.do(partial(desk.people.add, person, Carried(), caregiver=caregiver))
        except NotAllowedError as error:
            typed, wrong = Form((("name", name),)), {"name": str(error)}
            return await _list(screens, request, caregiver, typed, wrong)
        return go_to(f"{about_record(name)}?added=1")

    @router.get(f"{PEOPLE}/{{part}}")
    async def record(request: Request, part: str, added: str = "") -> Response:
        caregiver, words = await screens.signed_in(request), pages.language(request)
        known = await desk.do(partial(desk.offers.known, from_address(part)))
        titles = {one.name: one.title for one in await desk.think(desk.offers.programs)}
        return screens.page(
            request,
            "person",
            caregiver,
            person=known.person.name,
            added=bool(added),
            lines=attention(words, known),
            facts=_facts(words, known.person, titles),
            editors=[(one.name, words.caregiver[one.title]) for one in OF_CAREGIVER],
        )

    _serve_forgetting(router, screens)


def _serve_forgetting(router: APIRouter, screens: CaregiverScreens) -> None:
    desk, address = screens.desk, f"{PEOPLE}/{{part}}/forget"

    @router.get(address)
    async def ask(request: Request, part: str) -> Response:
        caregiver = await screens.signed_in(request)
        person = await desk.do(partial(desk.people.get, from_address(part)))
        return screens.page(request, "forget", caregiver, person=person.name, wrong={})

    @router.post(address)
    async def forget(request: Request, part: str) -> Response:
        caregiver, name = await screens.signed_in(request), from_address(part)
        try:
            await desk.do(partial(desk.people.forget, name, caregiver=caregiver))
        except (BusyError, NotAllowedError) as error:
            status, wrong = HTTPStatus.CONFLICT, {"all": str(error)}
            return screens.page(request, "forget", caregiver, status=status, person=name, wrong=wrong)
        return go_to(f"{PEOPLE}?forgotten=1")


async def _list(
    screens: CaregiverScreens,
    request: Request,
    caregiver: SignedIn,
    typed: Form | None = None,
    wrong: dict[str, str] | None = None,
    *,
    forgotten: bool = False,
) -> Response:
    words = screens.pages.language(request)
    return screens.page(
        request,
        "people",
        caregiver,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        people=[(one.person.name, attention(words, one)) for one in await everybody(screens)],
        typed=typed or Form(()),
        wrong=wrong or {},
        forgotten=forgotten,
    )


def _facts(words: Language, person: Person, titles: Mapping[str, str]) -> list[tuple[str, str]]:
    """What is on record; conditions and places that there are none of on one line each."""
    many = {
        "modifiers": (person.modifiers, CaregiverLabel.FIELD_CONDITIONS),
        "keep_outs": (person.keep_outs, CaregiverLabel.FIELD_KEEP_OUTS),
    }
    found = [
        (called(words, piece), told(words, piece, titles))
        for piece in pieces(person)
        if piece.field != "modifiers" or piece.value
    ]
    none = words.caregiver[CaregiverLabel.NONE]
    return found + [(words.caregiver[label], none) for values, label in many.values() if not values]
