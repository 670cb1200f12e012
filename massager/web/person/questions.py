"""Before the start: sitting well, then one question a screen, one tap an answer.

Whether an answer bars is asked of the real admission.
"""

from functools import partial
from types import MappingProxyType
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from massager.model.body import Zone
from massager.model.decisions import Refusal
from massager.model.devices import Mount
from massager.model.errors import NotFoundError
from massager.model.questions import PAIN_WORST, Answer, Question, Reaction
from massager.texts.labels import Label
from massager.texts.language import Language, Phrase
from massager.web.forms import about_session, form_of, go_to
from massager.web.person.screens import Screens
from massager.web.person.sketching import sketch
from massager.web.person.visits import PAIN, QUESTIONS, REACTION, SKIN, Visit

_POSTURES: Final = MappingProxyType(
    {
        Mount.CARRIAGE: Label.POSTURE_CHAIR,
        Mount.FIXED: Label.POSTURE_CUSHION,
        Mount.HELD: Label.POSTURE_HELD,
    }
)
_AROUND: Final = (Label.POSTURE_PILLOWS, Label.POSTURE_LOOSE, Label.POSTURE_SWITCH)


def serve_questions(router: APIRouter, screens: Screens) -> None:
    """The screens of a visit up to its confirmation."""
    pages, desk = screens.pages, screens.desk

    @router.get("/visits/{visit_id}")
    async def following(visit_id: str) -> Response:
        return go_to(_next(screens.visits.get(visit_id)))

    @router.get("/visits/{visit_id}/posture")
    async def posture(request: Request, visit_id: str) -> Response:
        visit, page = screens.visits.get(visit_id), pages.language(request).page
        device = await desk.think(partial(desk.offers.device, visit.known, visit.wish))
        lines = [page[label] for label in (_POSTURES[device.mount], *_AROUND)]
        here = f"{visit.address}/posture"
        return pages.page(request, "posture", person=visit.wish.person, here=here, lines=lines)

    @router.post("/visits/{visit_id}/posture")
    async def sits(visit_id: str) -> Response:
        visit = screens.visits.get(visit_id)
        visit.seated = True
        return go_to(visit.address)

    @router.get("/visits/{visit_id}/questions/{question}")
    async def ask(request: Request, visit_id: str, question: str) -> Response:
        visit, words = _visit(screens, visit_id, question), pages.language(request)
        number = QUESTIONS.index(question)
        before = "posture" if number == 0 else f"questions/{QUESTIONS[number - 1]}"
        return pages.page(
            request,
            "question",
            person=visit.wish.person,
            here=f"{visit.address}/questions/{question}",
            before=f"{visit.address}/{before}",
            number=number + 1,
            count=len(QUESTIONS),
            text=question_text(words, question),
            kind={PAIN: "scale", SKIN: "skin", REACTION: "plain"}.get(question, "short"),
            choices=choices(words, question),
        )

    @router.post("/visits/{visit_id}/questions/{question}")
    async def take(request: Request, visit_id: str, question: str) -> Response:
        visit, form = _visit(screens, visit_id, question), await form_of(request)
        given = form.every("zone" if question == SKIN else "answer")
        # Places ticked and "nowhere", or none ticked and "these places", is neither this nor that.
        unclear = question == SKIN and bool(given) == (form.one("done") != "ticked")
        if unclear or not visit.answer(question, given):
            return go_to(f"{visit.address}/questions/{question}")
        basis = await desk.think(partial(desk.offers.so_far, visit.known, visit.wish))
        if isinstance(basis, Refusal):
            visit.doubt = (question, basis)
            return go_to(visit.address)
        visit.doubt = None
        if visit.sketch is None or not visit.sketch.shows(basis):
            visit.sketch = sketch(desk, basis)
        return go_to(visit.address)


def _next(visit: Visit) -> str:
    """Where somebody on the way to a start looks next."""
    if visit.session is not None:
        return about_session(visit.session)
    if visit.over is not None:
        return f"{visit.address}/refused"
    if visit.doubt is not None:
        return f"{visit.address}/sure"
    if not visit.seated:
        return f"{visit.address}/posture"
    question = visit.open_question
    return f"{visit.address}/confirm" if question is None else f"{visit.address}/questions/{question}"


def _visit(screens: Screens, visit_id: str, question: str) -> Visit:
    visit = screens.visits.get(visit_id)
    if question not in QUESTIONS:
        raise NotFoundError(f"There is no question {question!r}.")
    return visit


def question_text(words: Language, question: str) -> str:
    """A question of a visit."""
    phrases = {PAIN: Phrase.PAIN_NOW, SKIN: Phrase.SKIN, REACTION: Phrase.REACTION}
    phrase = phrases.get(question)
    return words.questions[Question(question)] if phrase is None else words.phrases[phrase]


def choices(words: Language, question: str) -> list[tuple[str, str]]:
    """What it can be answered with: value and words."""
    if question == PAIN:
        return [(str(pain), str(pain)) for pain in range(PAIN_WORST + 1)]
    if question == SKIN:
        return [(zone, words.zones[zone]) for zone in Zone]
    if question == REACTION:
        return [(one, words.reactions[one]) for one in Reaction]
    return [(one, words.answers[one]) for one in Answer]
