"""Who answers while a session is shown: a script, the keys of this terminal, or somebody elsewhere."""

import shlex
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Protocol

from massager.model.questions import PAIN_WORST, Ask, CheckIn, Comfort, Feeling, Prompt
from massager.session.scripted import Answered, Answers
from massager.session.snapshot import Snapshot
from massager.texts import comfort_text, feeling_text, phrase_text, prompt_text
from massager.texts.language import Phrase

if TYPE_CHECKING:
    from massager.model.body import Zone


class Respondent(Protocol):
    """Whoever answers."""

    def look(self, snapshot: Snapshot) -> None:
        """See what is known now, and say what there is to say."""

    def lines(self, snapshot: Snapshot) -> tuple[str, ...]:
        """What waits for an answer, in words, and how to answer."""


class Elsewhere:
    """Nobody here answers; another program may."""

    def look(self, snapshot: Snapshot) -> None:
        """There is nothing to say."""

    def lines(self, snapshot: Snapshot) -> tuple[str, ...]:
        """Each open question with the command that answers it."""
        return tuple(_with_command(snapshot.person, one) for one in snapshot.prompts)


def _with_command(person: str, prompt: Prompt) -> str:
    return f"{prompt_text(prompt)} {how_to_answer(person, prompt)}"


def how_to_answer(person: str, prompt: Prompt) -> str:
    """The command that answers a question."""
    command = f"massager answer {shlex.quote(person)}"
    if prompt.zone is not None:
        return f"Answer with: {command} --zone {prompt.zone} --yes (or --no)"
    comforts, feelings = "|".join(Comfort), "|".join(Feeling)
    return f"Answer with: {command} --pain 0..{PAIN_WORST} --comfort {comforts} --feeling {feelings}"


class Scripted(Answers):
    """Answers from a file, shown."""

    def lines(self, snapshot: Snapshot) -> tuple[str, ...]:
        """Each open question, and how to answer those that the script does not."""
        return tuple(
            prompt_text(one) if self.answers(one) else _with_command(snapshot.person, one)
            for one in snapshot.prompts
        )


_DIGITS: Final = frozenset("0123456789")
_FEELINGS: Final[Mapping[str, Feeling]] = MappingProxyType(
    {
        "n": Feeling.NONE,
        "i": Feeling.TINGLING,
        "w": Feeling.WEAKNESS,
        "g": Feeling.BOTH_LEGS,
        "b": Feeling.BLADDER_BOWEL_SADDLE,
        "u": Feeling.CLUMSY_OR_UNSTEADY,
        "k": Feeling.STROKE_SIGNS,
        "c": Feeling.CHEST,
        "e": Feeling.SHOOTING,
        "d": Feeling.DIZZINESS,
        "h": Feeling.BURNING,
        "o": Feeling.OTHER,
    }
)
_COMFORTS: Final[Mapping[str, Comfort]] = MappingProxyType(
    {"s": Comfort.TOO_SOFT, "f": Comfort.FINE, "x": Comfort.TOO_STRONG}
)
# Away from every letter above, so that no key means two things.
_ZONES: Final[Mapping[str, bool]] = MappingProxyType({"y": True, "l": False})
_SPEAK: Final = "a"


class Taps:
    """Answers by single keys: pain, then anything new, then the strength.

    What is a warning is said with its first key and in any order. The strength comes last, because whoever
    says before that it is too strong is asked again once it has been lowered. Answering keys do nothing
    while no question is open and nobody pressed `a`: a cat is no symptom.
    """

    def __init__(self, session: Answered) -> None:
        self._session = session
        self._asked: int | None = None
        self._zone: Zone | None = None
        self._speaking = False
        self._said = CheckIn()
        self._one = False

    def look(self, snapshot: Snapshot) -> None:
        """Begin anew with each question."""
        zones = [prompt.zone for prompt in snapshot.prompts if prompt.zone is not None]
        asked = [prompt.number for prompt in snapshot.prompts if prompt.ask is Ask.CHECK_IN]
        self._zone = zones[0] if zones else None
        number = asked[0] if asked else None
        if number != self._asked:
            self._asked = number
            self._begin()

    def _begin(self) -> None:
        self._said, self._one = CheckIn(), False

    def press(self, key: str) -> None:
        """Take a key; one that means nothing now does nothing."""
        if key == _SPEAK:
            self._speaking = not self._speaking
            self._begin()
        elif self._zone is not None and key in _ZONES:
            self._session.answer_zone(self._zone, yes=_ZONES[key])
        elif self._speaking or self._asked is not None:
            self._take(key)

    def _take(self, key: str) -> None:
        ten, self._one = self._one and key == "0", key == "1"
        if key in _DIGITS:
            # Ten is typed as it is written.
            self._said = CheckIn(PAIN_WORST if ten else int(key), None, self._said.feeling)
            self._session.answer(CheckIn(pain=self._said.pain))
        elif key in _FEELINGS:
            self._feels(_FEELINGS[key])
        elif key in _COMFORTS:
            self._finds(_COMFORTS[key])

    def _feels(self, feeling: Feeling) -> None:
        if feeling is not Feeling.NONE:
            self._session.answer(CheckIn(feeling=feeling))
        elif self._said.pain is not None:
            self._said = CheckIn(self._said.pain, None, feeling)

    def _finds(self, comfort: Comfort) -> None:
        whole = CheckIn(self._said.pain, comfort, self._said.feeling)
        if whole.whole:
            self._session.answer(whole)
            self._speaking = False
            self._begin()
        elif comfort is Comfort.TOO_STRONG:
            self._session.answer(CheckIn(comfort=comfort))

    def lines(self, snapshot: Snapshot) -> tuple[str, ...]:
        """The next step of a check-in and its keys, then the question about a zone."""
        step = self._step() if self._speaking or self._asked is not None else ()
        zones = [prompt for prompt in snapshot.prompts if prompt.zone is not None]
        return (*step, *(f"{prompt_text(prompt)} y yes  l leave it out" for prompt in zones))

    def _step(self) -> tuple[str, ...]:
        if self._said.pain is None:
            return (f"{phrase_text(Phrase.PAIN_NOW)} Press 0 to 9; for ten press 1, then 0.",)
        if self._said.feeling is None:
            words = [f"{key} {feeling_text(feeling)}" for key, feeling in _FEELINGS.items()]
            return (f"Pain {self._said.pain}. {phrase_text(Phrase.FEELING)}", *words)
        comforts = "  ".join(f"{key} {comfort_text(comfort)}" for key, comfort in _COMFORTS.items())
        return (f"{phrase_text(Phrase.COMFORT)} {comforts}",)
