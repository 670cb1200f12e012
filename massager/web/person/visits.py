"""Visits: who wants what on which massager, and the answers of the day, until the start or for a while.

They are kept in memory alone. A restart forgets them, and the questions are asked anew.
"""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from massager.model.body import Zone
from massager.model.decisions import Refusal
from massager.model.errors import VisitOverError
from massager.model.questions import PAIN_WORST, Answer, Question, Reaction
from massager.session.massage import Wish
from massager.session.offers import Known
from massager.web.person.sketching import Sketch

# Chosen: the answers are about now; a person who is called away begins them anew.
LASTS_S: Final = 20 * 60.0
# Chosen: more than a home has people, and few enough that nobody fills the memory.
MOST: Final = 50

REACTION: Final = "reaction"
PAIN: Final = "pain"
SKIN: Final = "skin"
# In the order in which the answers are looked at, so that what bars is the last one asked.
QUESTIONS: Final = (*Question, REACTION, PAIN, SKIN)

_Given = Answer | Reaction | int | frozenset[Zone]


@dataclass(slots=True)
class Visit:
    """One person on the way to a start.

    Attributes:
        id: Unguessable; part of its addresses.
        wish: What is wanted; its screening is what was answered so far.
        known: What the store knew when it began.
        until_s: On the monotonic clock.
        seated: They sit or lie well.
        doubt: The question whose answer bars, and why, until they have looked at it once more.
        over: Why nothing starts, and the question whose answer says so, if one does.
        sketch: What the session would be if all is answered well, and its picture.
        session: Its number, once it has begun.
        starting: Held while it begins, so that two taps start once.
    """

    id: str
    wish: Wish
    known: Known
    until_s: float
    seated: bool = False
    doubt: tuple[str, Refusal] | None = None
    over: tuple[str | None, Refusal] | None = None
    sketch: Sketch | None = None
    session: int | None = None
    starting: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def address(self) -> str:
        """Of its next screen."""
        return f"/visits/{self.id}"

    def value(self, question: str) -> object:
        """What was answered; None for nothing yet."""
        said = self.wish.screening
        others = {REACTION: said.reaction, PAIN: said.pain, SKIN: said.skin}
        return others[question] if question in others else said.answers.get(Question(question))

    @property
    def open_question(self) -> str | None:
        """The first that was not answered."""
        return next((one for one in QUESTIONS if self.value(one) is None), None)

    def answer(self, question: str, values: tuple[str, ...]) -> bool:
        """Take an answer as a form sends it; whether it is one."""
        found = _read(question, values)
        if found is None:
            return False
        self._put(question, found)
        self.doubt = self.over = None
        return True

    def unanswer(self, question: str) -> None:
        """Take an answer back."""
        self._put(question, None)
        self.doubt = self.over = None

    def _put(self, question: str, value: _Given | None) -> None:
        said = self.wish.screening
        if question == PAIN:
            said = replace(said, pain=value if isinstance(value, int) else None)
        elif question == SKIN:
            said = replace(said, skin=value if isinstance(value, frozenset) else None)
        elif question == REACTION:
            said = replace(said, reaction=value if isinstance(value, Reaction) else None)
        else:
            answers = {one: given for one, given in said.answers.items() if one != question}
            if isinstance(value, Answer):
                answers[Question(question)] = value
            said = replace(said, answers=answers)
        self.wish = replace(self.wish, screening=said)


def _read(question: str, values: tuple[str, ...]) -> _Given | None:
    last = values[-1] if values else ""
    if question == SKIN:
        return frozenset(Zone(value) for value in values if value in set(Zone))
    if question == PAIN:
        return int(last) if last in {str(pain) for pain in range(PAIN_WORST + 1)} else None
    if question == REACTION:
        return Reaction(last) if last in set(Reaction) else None
    return Answer(last) if last in set(Answer) else None


class Visits:
    """Those that are not over.

    Args:
        now_s: The monotonic clock.
    """

    def __init__(self, now_s: Callable[[], float]) -> None:
        self._now_s = now_s
        self._visits: dict[str, Visit] = {}

    def begin(self, wish: Wish, known: Known) -> Visit:
        """A new one; where there are too many the oldest is forgotten."""
        self._forget()
        visit = Visit(secrets.token_urlsafe(12), wish, known, self._now_s() + LASTS_S)
        self._visits[visit.id] = visit
        return visit

    def get(self, visit_id: str) -> Visit:
        """One by its id.

        Raises:
            VisitOverError: It is over, or never was.
        """
        self._forget()
        found = self._visits.get(visit_id)
        if found is None:
            raise VisitOverError("These questions are over. Begin them again.")
        return found

    def _forget(self) -> None:
        now_s = self._now_s()
        over = [key for key, visit in self._visits.items() if visit.until_s <= now_s]
        for key in [*over, *list(self._visits)[: max(0, len(self._visits) - MOST)]]:
            gone = self._visits.pop(key, None)
            # One that has begun shares its picture with the session.
            if gone is not None and gone.sketch is not None and gone.session is None:
                gone.sketch.preview.cancel()
