"""Which massager, and which program on it: what may start now, and why the rest may not."""

from dataclasses import replace
from functools import partial
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from massager.model.decisions import Refusal
from massager.model.programs import Program
from massager.model.questions import Screening
from massager.session.offers import Known, Massager, Offer
from massager.texts import reason_on_page
from massager.texts.labels import Label
from massager.texts.language import Language
from massager.web.forms import about_person, form_of, from_address, go_to
from massager.web.person.screens import Screens
from massager.web.person.sketching import sketch
from massager.web.rendering import capital, length

# Chosen: as many as one looks at without getting lost.
_MOST_CARDS: Final = 6
_FEW_ZONES: Final = 2


def serve_choosing(router: APIRouter, screens: Screens) -> None:
    """Two screens on one address: massagers where there are several, then programs."""
    pages, desk, offers = screens.pages, screens.desk, screens.desk.offers

    @router.get("/people/{part}/choose")
    async def choose(request: Request, part: str, on: str | None = None) -> Response:
        name = from_address(part)
        known = await screens.known(name)
        barred = await desk.think(partial(offers.bars, known))
        if barred is not None or screens.unread(name) is not None:
            return go_to(about_person(name))
        massagers = await desk.massagers()
        taken = next((one for one in massagers if on == one.name or len(massagers) == 1), None)
        if taken is None:
            return pages.page(request, "choose", person=name, massagers=massagers)
        return await programs(request, known, taken)

    async def programs(request: Request, known: Known, taken: Massager) -> Response:
        name, words = known.person.name, pages.language(request)
        wish = screens.wish(name, taken.name)
        found = await desk.think(partial(offers.offers, known, wish))
        startable = [(one, one.now) for one in found if isinstance(one.now, int)]
        # The gentlest first, then the shortest.
        startable.sort(key=lambda pair: (pair[0].highest or 0, pair[1]))
        offered = [_offered(words, one, seconds) for one, seconds in startable]
        refused = [(one.program, one.now) for one in found if isinstance(one.now, Refusal)]
        from_s = None
        if refused and not offered:
            later = replace(wish, program=refused[0][0].name)
            from_s = await desk.think(partial(offers.earliest_s, known, later))
        return pages.page(
            request,
            "choose",
            person=name,
            on=taken.name,
            title=taken.profile.title,
            from_s=from_s,
            offered=offered,
            refused=_refused(words, refused),
            most=_MOST_CARDS,
        )

    @router.post("/people/{part}/choose")
    async def take(request: Request, part: str) -> Response:
        name, form = from_address(part), await form_of(request)
        known = await screens.known(name)
        screens.desk.massage.requests.answered(name, form.one("on"))
        wish = screens.wish(name, form.one("on"), form.one("program"))
        basis = await desk.think(partial(offers.admit, known, wish))
        if isinstance(basis, Refusal):
            return go_to(f"{about_person(name)}/choose")
        visit = screens.visits.begin(replace(wish, screening=Screening()), known)
        # The picture takes some seconds, which the questions give.
        visit.sketch = sketch(desk, basis)
        return go_to(visit.address)


def _refused(words: Language, refused: list[tuple[Program, Refusal]]) -> list[dict[str, str]]:
    """What may not start, together where the reason is the same."""
    titles: dict[str, list[str]] = {}
    for program, why in refused:
        titles.setdefault(reason_on_page(words, why.reason, why.detail), []).append(program.title)
    return [{"titles": "; ".join(of), "why": why} for why, of in titles.items()]


def _where(words: Language, program: Program) -> str:
    """The zones in a few words."""
    zones = [words.zones[zone] for zone in dict.fromkeys(step.zone for step in program.steps)]
    if len(zones) <= _FEW_ZONES:
        return capital("; ".join(zones))
    return words.page[Label.WHERE_FROM_TO].format(first=zones[0], last=zones[-1])


def _offered(words: Language, one: Offer, seconds: int) -> dict[str, object]:
    less = ""
    if seconds < one.program.seconds:
        less = words.page[Label.LESS_THAN_PROGRAM].format(length=length(words, one.program.seconds))
    return {
        "name": one.program.name,
        "title": one.program.title,
        "where": _where(words, one.program),
        "length": length(words, seconds),
        "highest": one.highest,
        "levels": one.levels,
        "less": less,
    }
