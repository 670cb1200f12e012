"""What the control API takes and gives, as JSON."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from massager.session.snapshot import Ending, Snapshot
from massager.texts import reason_text, source_text


class Health(BaseModel):
    """That the core answers."""

    status: str = "ok"
    version: str


class SessionState(BaseModel):
    """One session: asked, sent and reported apart; null is not known."""

    model_config = ConfigDict(frozen=True)

    number: Annotated[int, Field(description="of the session in its store")]
    stage: str
    person: str
    device: str
    radio: str
    program: str
    zone: str | None
    asked: Annotated[int | None, Field(description="level the program asks for")]
    sent: Annotated[int | None, Field(description="level of the last lease handed to the radio")]
    limited_by: str | None
    limited_by_text: str | None
    reported: Annotated[int | None, Field(description="level the device reports")]
    levels: Annotated[int, Field(description="the device's highest level")]
    place_ppm: Annotated[int | None, Field(description="along the column, parts per million from C1")]
    lateral_mm: int | None
    load_n: int | None
    left_s: int
    session_s: int
    reason: str | None
    detail: str
    reason_text: str | None
    alarm: str | None
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


class StopResult(BaseModel):
    """What became of a stop; `confirmed` only after every device reported rest."""

    confirmed: bool
    sessions: Annotated[int, Field(description="how many of them ran")]
    advice: str | None


class Problem(BaseModel):
    """Why a request came to nothing."""

    error: str
    text: str


class RefusalText(BaseModel):
    """This wish, not now; `detail` is the figure in the text."""

    reason: str
    detail: str
    text: str


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
        asked=snapshot.asked,
        sent=sent.level if sent else None,
        limited_by=sent.source if sent else None,
        limited_by_text=source_text(sent.source) if sent else None,
        reported=snapshot.reported,
        levels=snapshot.levels,
        place_ppm=snapshot.place_ppm,
        lateral_mm=snapshot.lateral_mm,
        load_n=snapshot.load_n,
        left_s=snapshot.left_s,
        session_s=snapshot.session_s,
        reason=reason,
        detail=snapshot.detail,
        reason_text=reason_text(reason, snapshot.detail) if reason else None,
        alarm=snapshot.alarm,
        over=ending is not None,
        confirmed=ending.confirmed if ending else None,
    )
