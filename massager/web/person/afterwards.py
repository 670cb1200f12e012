"""How it went: pain, anything new, worse or not; after a session, and whenever somebody has something to say.

What was said is read back before it goes on record: much of it locks out, and a finger slips.
"""

import time
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from massager.model.errors import NotFoundError
from massager.model.questions import PAIN_WORST, Answer, Feeling
from massager.session.lockouts import Answered
from massager.texts.labels import Label
from massager.texts.language import Language, Phrase
from massager.web.forms import about_person, form_of, from_address, go_to
from massager.web.person.screens import Screens, lockout_words

# Chosen: as long as the answers before a start.
_KEPT_S: Final = 20 * 60.0


class _Step(StrEnum):
    PAIN = "pain"
    FEELING = "feeling"
    WORSE = "worse"


@dataclass(slots=True)
class _Said:
    """What somebody has said so far, until it goes on record or is too old."""

    until_s: float
    pain: int | None = None
    feeling: Feeling | None = None
    worse: Answer | None = None

    @property
    def step(self) -> _Step | None:
        """What is asked next; None where all is said."""
        said = {_Step.PAIN: self.pain, _Step.FEELING: self.feeling, _Step.WORSE: self.worse}
        return next((step for step, value in said.items() if value is None), None)

    def take(self, step: str, value: str) -> None:
        """Take an answer; what is none is asked again."""
        if step == _Step.PAIN and value in {str(pain) for pain in range(PAIN_WORST + 1)}:
            self.pain = int(value)
        elif step == _Step.FEELING and value in set(Feeling):
            self.feeling = Feeling(value)
        elif step == _Step.WORSE and value in set(Answer):
            self.worse = Answer(value)


class _Diary:
    """What each person is about to say, and what became of what they said last."""

    def __init__(self) -> None:
        self._said: dict[str, _Said] = {}
        self.outcomes: dict[str, Answered] = {}

    def of(self, name: str) -> _Said:
        now_s = time.monotonic()
        said = self._said.get(name)
        if said is None or said.until_s <= now_s:
            said = self._said[name] = _Said(now_s + _KEPT_S)
        return said

    def anew(self, name: str) -> None:
        self._said.pop(name, None)


def serve_afterwards(router: APIRouter, screens: Screens) -> None:
    """Three questions on one address, what was said read back, and thanks."""
    pages, desk, diary = screens.pages, screens.desk, _Diary()

    @router.get("/people/{part}/afterwards")
    async def ask(request: Request, part: str) -> Response:
        name, words = from_address(part), pages.language(request)
        await screens.known(name)
        said = diary.of(name)
        here, step = f"{about_person(name)}/afterwards", said.step
        if step is None:
            return pages.page(request, "readback", person=name, here=here, lines=_read_back(words, said))
        texts = {_Step.PAIN: Phrase.PAIN_NOW, _Step.FEELING: Phrase.FEELING, _Step.WORSE: Phrase.WORSE}
        return pages.page(
            request,
            "afterwards",
            person=name,
            here=here,
            step=step,
            number=list(_Step).index(step) + 1,
            count=len(_Step),
            text=words.phrases[texts[step]],
            kind={_Step.PAIN: "scale", _Step.FEELING: "plain"}.get(step, "short"),
            choices=_choices(words, step),
        )

    @router.post("/people/{part}/afterwards")
    async def take(request: Request, part: str) -> Response:
        name, form = from_address(part), await form_of(request)
        await screens.known(name)
        if form.one("step") == "anew":
            diary.anew(name)
        else:
            diary.of(name).take(form.one("step"), form.one("answer"))
        return go_to(f"{about_person(name)}/afterwards")

    @router.post("/people/{part}/afterwards/record")
    async def record(part: str) -> Response:
        name = from_address(part)
        said = diary.of(name)
        if said.step is not None:
            return go_to(f"{about_person(name)}/afterwards")
        diary.anew(name)
        answer = partial(
            desk.people.lockouts.answer, name, pain=said.pain, worse=said.worse, feeling=said.feeling
        )
        try:
            diary.outcomes[name] = await desk.do(answer)
        except NotFoundError:
            # All is well and no question was due: there is nothing to put on record.
            await screens.known(name)
            diary.outcomes[name] = Answered((), ())
        return go_to(f"{about_person(name)}/afterwards/thanks")

    @router.get("/people/{part}/afterwards/thanks")
    async def thanks(request: Request, part: str) -> Response:
        name = from_address(part)
        outcome = diary.outcomes.get(name)
        if outcome is None:
            return go_to(about_person(name))
        told = lockout_words(pages.language(request), outcome.lockouts)
        return pages.page(request, "thanks", person=name, lockouts=told)


def _choices(words: Language, step: _Step) -> list[tuple[str, str]]:
    if step is _Step.PAIN:
        return [(str(pain), str(pain)) for pain in range(PAIN_WORST + 1)]
    if step is _Step.FEELING:
        return [(one, words.feelings[one]) for one in Feeling]
    return [(one, words.answers[one]) for one in Answer]


def _read_back(words: Language, said: _Said) -> list[tuple[str, str]]:
    feeling = "" if said.feeling is None else words.feelings[said.feeling]
    worse = "" if said.worse is None else words.answers[said.worse]
    return [
        (words.page[Label.PAIN], str(said.pain)),
        (words.phrases[Phrase.FEELING], feeling),
        (words.phrases[Phrase.WORSE], worse),
    ]
