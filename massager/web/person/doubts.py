"""An answer that bars: read back first, because a slip of the finger would lock somebody out; then why."""

from functools import partial
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from massager.model.body import Zone
from massager.model.decisions import Reason
from massager.session.advising import advice_on
from massager.texts import advice_in, reason_on_page
from massager.texts.language import Language
from massager.web.forms import form_of, go_to
from massager.web.person.questions import choices, question_text
from massager.web.person.screens import Screens
from massager.web.person.visits import Visit

# What can be put right at once, and then be answered anew.
_MENDED: Final = frozenset({Reason.LOOSE_CLOTHING, Reason.STOP_OUT_OF_REACH})


def serve_doubts(router: APIRouter, screens: Screens) -> None:
    """Both screens of a visit that they are."""
    pages, desk = screens.pages, screens.desk

    @router.get("/visits/{visit_id}/sure")
    async def sure(request: Request, visit_id: str) -> Response:
        visit, words = screens.visits.get(visit_id), pages.language(request)
        if visit.doubt is None:
            return go_to(visit.address)
        question, refusal = visit.doubt
        return pages.page(
            request,
            "sure",
            person=visit.wish.person,
            here=f"{visit.address}/sure",
            question=question_text(words, question),
            answer=_answered(words, visit, question),
            why=reason_on_page(words, refusal.reason, refusal.detail),
        )

    @router.post("/visits/{visit_id}/sure")
    async def decide(request: Request, visit_id: str) -> Response:
        visit, form = screens.visits.get(visit_id), await form_of(request)
        if visit.doubt is None:
            return go_to(visit.address)
        question, refusal = visit.doubt
        if form.one("sure") != "yes":
            visit.unanswer(question)
            return go_to(f"{visit.address}/questions/{question}")
        lockouts, said = desk.people.lockouts, visit.wish
        await desk.do(partial(lockouts.warned, said.person, said.screening))
        visit.doubt, visit.over = None, (question, refusal)
        return go_to(visit.address)

    @router.get("/visits/{visit_id}/refused")
    async def refused(request: Request, visit_id: str) -> Response:
        visit, words = screens.visits.get(visit_id), pages.language(request)
        if visit.over is None:
            return go_to(visit.address)
        question, refusal = visit.over
        mended = refusal.reason in _MENDED and question is not None
        return pages.page(
            request,
            "refused",
            person=visit.wish.person,
            why=reason_on_page(words, refusal.reason, refusal.detail),
            advice=advice_on(refusal, visit.wish.screening) and advice_in(words, refusal.reason),
            again=f"{visit.address}/questions/{question}" if mended else None,
        )


def _answered(words: Language, visit: Visit, question: str) -> str:
    """An answer, read back."""
    value = visit.value(question)
    if isinstance(value, frozenset):
        return "; ".join(words.zones[zone] for zone in Zone if zone in value)
    found = dict(choices(words, question))
    return found[str(value)]
