"""Examples of what the API takes and gives, for its document; each has the shape that it shows."""

from typing import Any, Final

from massager.model.body import Zone
from massager.model.decisions import Reason, Source
from massager.model.questions import Answer, Comfort, Feeling, Question, Reaction
from massager.session.snapshot import Stage
from massager.texts import SWITCH_OFF_BY_HAND, reason_text, source_text
from massager.web.errors import ErrorName, Problem
from massager.web.shapes import (
    Answers,
    FirstVisit,
    Health,
    PatchState,
    RefusalText,
    SessionState,
    Start,
    Status,
    StopResult,
    Told,
)

_LEVEL: Final = 2
SESSION: Final = SessionState(
    number=7,
    stage=Stage.RUNNING,
    person="anna",
    device="chair",
    radio="system",
    program="gentle-lumbar",
    zone=Zone.L1_L3,
    wanted=6,
    asked=6,
    sent=_LEVEL,
    limited_by=Source.FIRST_CONTACT,
    limited_by_text=source_text(Source.FIRST_CONTACT),
    reported=_LEVEL,
    levels=20,
    place_ppm=815_000,
    lateral_mm=50,
    patches=[
        PatchState(name="roller_left", level=_LEVEL, along_ppm=815_000, lateral_mm=-50),
        PatchState(name="roller_right", level=_LEVEL, along_ppm=815_000, lateral_mm=50),
    ],
    load_n=8,
    left_s=581,
    session_s=600,
    reason=None,
    detail="",
    reason_text=None,
    advice=None,
    alarm=None,
    prompts=[],
    over=False,
    confirmed=None,
)
ENDED: Final = SESSION.model_copy(
    update={
        "stage": Stage.ENDED,
        "sent": 0,
        "reported": 0,
        "patches": [],
        "reason": Reason.STOPPED_BY_PERSON,
        "reason_text": reason_text(Reason.STOPPED_BY_PERSON),
        "over": True,
        "confirmed": True,
    }
)
STATUS: Final = Status(sessions=[SESSION], radio="system", data="massager.db", profiles=None)
HEALTH: Final = Health(version="0.1.0")
STOPPED: Final = StopResult(confirmed=True, sessions=1, advice=None)
NOT_STOPPED: Final = StopResult(
    confirmed=False,
    sessions=1,
    advice=SWITCH_OFF_BY_HAND,
)

_WELL: Final = dict.fromkeys((question.replace("-", "_") for question in Question), Answer.NO)
START: Final = Start(
    program="gentle-lumbar",
    person="anna",
    seconds=300,
    confirmed=True,
    answers=Answers.model_validate(
        _WELL | {"stop_reachable": Answer.YES, "pain": 2, "skin": [], "reaction": Reaction.NONE}
    ),
)
TOLD: Final = Told(pain=2, comfort=Comfort.FINE, feeling=Feeling.NONE)
FIRST_VISIT: Final = FirstVisit(zone=Zone.L4_S1, yes=True)

REFUSED: Final = RefusalText(
    reason=Reason.COOL_DOWN,
    detail="tomorrow 07:30",
    text=reason_text(Reason.COOL_DOWN, "tomorrow 07:30"),
    advice=None,
)
_TEXTS: Final = {
    ErrorName.INVALID: "answers.pain: Input should be less than or equal to 10",
    ErrorName.INVALID_FILE: "programs/mine.yaml:4:3: there is no such zone.",
    ErrorName.NOT_CONFIRMED: "Nobody has confirmed this start: confirmed must be true.",
    ErrorName.NOT_FOUND: "There is no session 8 in this core. There are: 7.",
    ErrorName.NOT_HERE: "This core runs a session of its own and starts no other.",
    ErrorName.PIN: "A start takes the PIN here, in the header Massager-Pin.",
    ErrorName.WAIT: "Too many wrong PINs. Wait 8 seconds.",
    ErrorName.OVER: "This session is over. Say how it went: massager answer --worse ...",
    ErrorName.OTHER_SITE: "It comes from a page of another site: such a request changes nothing here.",
    ErrorName.UNKNOWN_HOST: "The header Host has a name that is not one of this computer's.",
    ErrorName.TOO_LONG: "The body is too long.",
    ErrorName.STORE_FAILED: "The store cannot be written: no space left on device.",
    ErrorName.FAILED: "Something failed inside. If anything runs and you are in doubt, stop it.",
}


def example_of(error: ErrorName) -> dict[str, Any]:
    """What an error looks like."""
    if error is ErrorName.REFUSED:
        return REFUSED.model_dump(mode="json")
    return Problem(error=error, text=_TEXTS[error]).model_dump(mode="json")
