"""The control API: status of the running sessions, and a stop that is open to everyone."""

from importlib.metadata import version
from typing import Annotated

from fastapi import FastAPI, Response
from pydantic import BaseModel, ConfigDict, Field

from massager.session.massage import MassageService
from massager.session.snapshot import Snapshot
from massager.texts import SWITCH_OFF_BY_HAND, reason_text, source_text


class Health(BaseModel):
    """That the core answers."""

    status: str = "ok"
    version: str


class SessionState(BaseModel):
    """One session: asked, sent and reported apart; null is not known."""

    model_config = ConfigDict(frozen=True)

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
    lateral_mm: int | None
    load_n: int | None
    left_s: int
    session_s: int
    reason: str | None
    reason_text: str | None
    alarm: str | None


class Status(BaseModel):
    """Every session of this core."""

    sessions: list[SessionState]


class StopResult(BaseModel):
    """What became of a stop; `confirmed` only after every device reported rest."""

    confirmed: bool
    advice: str | None


def session_state(snapshot: Snapshot) -> SessionState:
    """A snapshot in the words of the API."""
    sent, reason = snapshot.sent, snapshot.reason
    return SessionState(
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
        lateral_mm=snapshot.lateral_mm,
        load_n=snapshot.load_n,
        left_s=snapshot.left_s,
        session_s=snapshot.session_s,
        reason=reason,
        reason_text=reason_text(reason, snapshot.detail) if reason else None,
        alarm=snapshot.alarm,
    )


def control_api(massage: MassageService) -> FastAPI:
    """The application for a core's unix socket; the socket's folder keeps other users out."""
    # The documentation pages would load scripts from elsewhere.
    api = FastAPI(title="massager", version=version("massager"), docs_url=None, redoc_url=None)

    @api.get("/healthz")
    async def health() -> Health:
        """Whether the core answers."""
        return Health(version=version("massager"))

    @api.get("/api/v1/status")
    async def status() -> Status:
        """What runs, where, how strongly and why."""
        return Status(sessions=[session_state(snapshot) for snapshot in massage.snapshots()])

    @api.post("/stop", responses={503: {"model": StopResult}})
    async def stop(response: Response) -> StopResult:
        """Stop everything; answers once every device rests or has not confirmed it."""
        confirmed = await massage.stop()
        if not confirmed:
            response.status_code = 503
        return StopResult(confirmed=confirmed, advice=None if confirmed else SWITCH_OFF_BY_HAND)

    return api
