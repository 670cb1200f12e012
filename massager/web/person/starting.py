"""The last look before a start, and the start."""

import time
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import Response

from massager.drawing import back, heads, key
from massager.model.decisions import Refusal
from massager.model.errors import NotFoundError
from massager.model.preview import Preview
from massager.session.massage import Basis
from massager.texts.labels import Label
from massager.web.forms import form_of, go_to
from massager.web.person.screens import Screens
from massager.web.person.sketching import sketch
from massager.web.person.visits import Visit


def serve_starting(router: APIRouter, screens: Screens) -> None:
    """Both on one address."""
    pages, desk = screens.pages, screens.desk

    @router.get("/visits/{visit_id}/confirm")
    async def confirm(request: Request, visit_id: str) -> Response:
        return await shown(request, screens.visits.get(visit_id), "")

    async def shown(request: Request, visit: Visit, wrong_pin: str) -> Response:
        if _is_elsewhere(visit):
            return go_to(visit.address)
        known = await screens.known(visit.wish.person)
        basis = await desk.think(partial(desk.offers.admit, known, visit.wish))
        if isinstance(basis, Refusal):
            visit.over = (None, basis)
            return go_to(visit.address)
        preview, words = await _picture(screens, visit, basis), pages.language(request)
        return pages.page(
            request,
            "confirm",
            person=visit.wish.person,
            here=f"{visit.address}/confirm",
            preview=preview,
            heads=heads(preview, words),
            picture=back(preview, words),
            told=key(preview, words),
            pin=screens.door.pin is not None,
            wrong_pin=wrong_pin,
        )

    @router.post("/visits/{visit_id}/confirm")
    async def start(request: Request, visit_id: str) -> Response:
        visit, form = screens.visits.get(visit_id), await form_of(request)
        async with visit.starting:
            if _is_elsewhere(visit):
                return go_to(visit.address)
            wrong_pin = _pin(screens, request, form.one("pin"))
            if wrong_pin:
                return await shown(request, visit, wrong_pin)
            await _begin(screens, visit)
        return go_to(visit.address)


async def _begin(screens: Screens, visit: Visit) -> None:
    """Start it, or write down why not."""
    massage = screens.desk.massage
    if massage.host is None:
        raise NotFoundError("This core starts no other session.")
    begun = await massage.host.begin(visit.wish)
    if isinstance(begun, Refusal):
        visit.over = (None, begun)
        return
    visit.session = begun
    if visit.sketch is not None and visit.sketch.shows(massage.basis(begun)):
        screens.showing.keep(begun, visit.sketch.preview)


def _is_elsewhere(visit: Visit) -> bool:
    """Whether another screen is due: it has begun, it is over, or something is not answered."""
    return (
        visit.session is not None
        or visit.over is not None
        or visit.doubt is not None
        or not visit.seated
        or visit.open_question is not None
    )


async def _picture(screens: Screens, visit: Visit, basis: Basis) -> Preview:
    """The picture of what would start now: the one that was begun early, if the answers left it as it is."""
    if visit.sketch is None or not visit.sketch.shows(basis):
        visit.sketch = sketch(screens.desk, basis)
    return await visit.sketch.preview


def _pin(screens: Screens, request: Request, given: str) -> str:
    """Why a PIN opens nothing; empty where it does, or none is asked for."""
    client, now_s = request.client.host if request.client else "", time.monotonic()
    page = screens.pages.language(request).page
    wait_s = screens.door.wait_s(client, now_s)
    if wait_s > 0:
        return page[Label.PIN_WAIT].format(seconds=int(wait_s) + 1)
    return "" if screens.door.opens(client, given, now_s) else page[Label.PIN_WRONG]
