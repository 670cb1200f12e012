"""Who it is, and what is for them now."""

from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import Response

from massager.texts import reason_on_page
from massager.texts.language import Phrase
from massager.web.forms import about_person, form_of, from_address, go_to
from massager.web.person.screens import Screens, lockout_words


def serve_who(router: APIRouter, screens: Screens) -> None:
    """The first page, and a person's own."""
    pages, desk, requests = screens.pages, screens.desk, screens.desk.massage.requests

    @router.get("/")
    async def who(request: Request) -> Response:
        return pages.page(
            request,
            "who",
            names=await desk.do(desk.people.names),
            running=screens.running(),
            requests=requests.waiting(),
            disclaimer=pages.language(request).phrases[Phrase.DISCLAIMER],
        )

    @router.get("/people/{part}")
    async def now(request: Request, part: str) -> Response:
        name, words = from_address(part), pages.language(request)
        known = await screens.known(name)
        refusal = await desk.think(partial(desk.offers.bars, known))
        past = known.history.past
        return pages.page(
            request,
            "now",
            person=name,
            running=screens.running(name),
            requests=requests.waiting(),
            titles={one.name: one.title for one in await desk.think(desk.offers.programs)},
            unread=screens.unread(name),
            bars=refusal and {"text": reason_on_page(words, refusal.reason, refusal.detail)},
            lockouts=lockout_words(words, known.history.lockouts),
            due=bool(known.history.follow_ups),
            week=known.week,
            last_s=past[-1].ended_s if past else None,
        )

    @router.post("/people/{part}/decline")
    async def decline(request: Request, part: str) -> Response:
        name, form = from_address(part), await form_of(request)
        requests.answered(name, form.one("on"))
        return go_to(about_person(name))
