"""What the control API takes and gives, as JSON."""

from dataclasses import asdict
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from massager.model.body import Zone
from massager.model.decisions import Reason, Source
from massager.model.questions import (
    PAIN_WORST,
    Answer,
    Ask,
    CheckIn,
    Comfort,
    Feeling,
    Prompt,
    Question,
    Reaction,
    Screening,
    Spot,
)
from massager.session.snapshot import Ending, Snapshot, Stage
from massager.texts import advice, prompt_text, reason_text, source_text
from massager.web.errors import ErrorName, Problem

# Enums come as words, which strict models take only where told to.
_Answer = Annotated[Answer | None, Field(strict=False)]
_Pain = Annotated[int | None, Field(ge=0, le=PAIN_WORST, description="0 none, 10 the worst")]
_Zone = Annotated[Zone, Field(strict=False)]


class Health(BaseModel):
    """That the core answers."""

    status: Literal["ok"] = "ok"
    version: str


class PromptState(BaseModel):
    """A question that waits for an answer."""

    number: Annotated[int, Field(description="rises with each question of a session")]
    ask: Ask
    zone: Annotated[Zone | None, Field(description="which one is about to be visited")]
    asked_ms: Annotated[int, Field(description="when, on the boot-time clock")]
    spot: Annotated[Spot | None, Field(description="where in it a hand shall hold the massager")]
    text: str


class PatchState(BaseModel):
    """One actuator on the back."""

    name: str
    level: Annotated[int, Field(description="reported; 0 touches nothing")]
    along_ppm: Annotated[int, Field(description="of its centre, along the column, parts per million from C1")]
    lateral_mm: Annotated[int, Field(description="of its centre, from the midline; left is negative")]


class SessionState(BaseModel):
    """One session: asked, sent and reported apart; null is not known."""

    model_config = ConfigDict(frozen=True)

    number: Annotated[int, Field(description="of the session in its store")]
    stage: Stage
    person: str
    device: str
    radio: str
    program: str
    zone: Annotated[Zone | None, Field(description="where it is; null where nobody knows")]
    wanted: Annotated[int | None, Field(description="level the program asks for")]
    asked: Annotated[int | None, Field(description="the same, less what somebody took away")]
    sent: Annotated[int | None, Field(description="level of the last lease handed to the radio")]
    limited_by: Annotated[Source | None, Field(description="the bound that made `sent` what it is")]
    limited_by_text: str | None
    reported: Annotated[int | None, Field(description="level the device reports")]
    levels: Annotated[int, Field(description="the device's highest level")]
    place_ppm: Annotated[int | None, Field(description="along the column, parts per million from C1")]
    lateral_mm: Annotated[int | None, Field(description="of the rollers' centres, from the midline")]
    patches: Annotated[list[PatchState], Field(description="where each actuator touches, or would")]
    load_n: Annotated[int | None, Field(description="reported, of the most loaded actuator")]
    left_s: Annotated[int, Field(description="of the session, rounded up")]
    session_s: int
    reason: Annotated[Reason | None, Field(description="why it stopped, pauses or ended")]
    detail: str
    reason_text: str | None
    advice: Annotated[str | None, Field(description="what to do now, after an answer that is a warning")]
    alarm: Annotated[str | None, Field(description="a stop that is not confirmed: what to do by hand")]
    prompts: list[PromptState]
    over: Annotated[bool, Field(description="it has ended, and its guardian has left")]
    confirmed: Annotated[
        bool | None, Field(description="of one that is over: the device reported rest; null: never reached")
    ]


class Status(BaseModel):
    """Every session of this core, and what it starts others with; null where it starts none."""

    sessions: list[SessionState]
    radio: str | None
    data: str | None
    profiles: str | None


class Answers(BaseModel):
    """The answers before a session; what is left out or null counts as the worst answer."""

    model_config = ConfigDict(extra="forbid", strict=True)

    saddle: _Answer = None
    bladder: _Answer = None
    both_legs: _Answer = None
    cord: _Answer = None
    stroke: _Answer = None
    chest: _Answer = None
    calf: _Answer = None
    injury: _Answer = None
    limb: _Answer = None
    fever: _Answer = None
    sedated: _Answer = None
    loose: _Answer = None
    stop_reachable: _Answer = None
    pain: _Pain = None
    skin: Annotated[list[_Zone] | None, Field(description="zones where it is broken or sore")] = None
    reaction: Annotated[Reaction | None, Field(strict=False)] = None


class Start(BaseModel):
    """A session that somebody wants and has confirmed."""

    model_config = ConfigDict(extra="forbid", strict=True)

    program: str
    person: str
    device: Annotated[str | None, Field(description="a paired device's name; the only one if left out")] = (
        None
    )
    seconds: Annotated[int | None, Field(ge=1, le=24 * 3600, description="shorter than the program")] = None
    max_percent: Annotated[int | None, Field(ge=0, le=100, description="the caller's own lower limit")] = None
    confirmed: Annotated[bool, Field(description="somebody said yes to exactly this")] = False
    answers: Answers = Field(default_factory=Answers)


class Told(BaseModel):
    """What somebody says during a session, asked or not; at least one part."""

    model_config = ConfigDict(extra="forbid", strict=True)

    pain: _Pain = None
    comfort: Annotated[Comfort | None, Field(strict=False)] = None
    feeling: Annotated[Feeling | None, Field(strict=False)] = None

    @property
    def check_in(self) -> CheckIn:
        """In the words of the model."""
        return CheckIn(self.pain, self.comfort, self.feeling)


class FirstVisit(BaseModel):
    """Whether a zone may be visited for the first time."""

    model_config = ConfigDict(extra="forbid", strict=True)

    zone: _Zone
    yes: bool


class StopResult(BaseModel):
    """What became of a stop; `confirmed` only after every device reported rest."""

    confirmed: bool
    sessions: Annotated[int, Field(description="how many of them ran")]
    advice: str | None


class RefusalText(Problem):
    """This wish, not now; nothing has moved."""

    error: Literal[ErrorName.REFUSED] = ErrorName.REFUSED
    reason: Reason
    detail: Annotated[str, Field(description="the figure in the text: a zone, minutes, a time")]
    advice: Annotated[str | None, Field(description="what to do now, where the answers are a warning")]


def screening(answers: Answers) -> Screening:
    """The answers before a session in the words of the model."""
    given = {question: getattr(answers, question.replace("-", "_")) for question in Question}
    return Screening(
        answers=MappingProxyType({question: answer for question, answer in given.items() if answer}),
        pain=answers.pain,
        skin=None if answers.skin is None else frozenset(answers.skin),
        reaction=answers.reaction,
    )


def _prompt_state(prompt: Prompt) -> PromptState:
    return PromptState(
        number=prompt.number,
        ask=prompt.ask,
        zone=prompt.zone,
        asked_ms=prompt.asked_ms,
        spot=prompt.spot,
        text=prompt_text(prompt),
    )


def session_state(number: int, snapshot: Snapshot, ending: Ending | None) -> SessionState:
    """A snapshot in the words of the API."""
    sent, reason = snapshot.sent, snapshot.reason
    return SessionState(
        number=number,
        stage=snapshot.stage,
        person=snapshot.person,
        device=snapshot.device,
        radio=snapshot.radio,
        program=snapshot.program,
        zone=snapshot.zone,
        wanted=snapshot.wanted,
        asked=snapshot.asked,
        sent=sent.level if sent else None,
        limited_by=sent.source if sent else None,
        limited_by_text=source_text(sent.source) if sent else None,
        reported=snapshot.reported,
        levels=snapshot.levels,
        place_ppm=snapshot.place_ppm,
        lateral_mm=snapshot.lateral_mm,
        patches=[PatchState(**asdict(patch)) for patch in snapshot.patches],
        load_n=snapshot.load_n,
        left_s=snapshot.left_s,
        session_s=snapshot.session_s,
        reason=reason,
        detail=snapshot.detail,
        reason_text=reason_text(reason, snapshot.detail) if reason else None,
        advice=advice(reason) if reason else None,
        alarm=snapshot.alarm,
        prompts=[_prompt_state(prompt) for prompt in snapshot.prompts],
        over=ending is not None,
        confirmed=ending.confirmed if ending else None,
    )
