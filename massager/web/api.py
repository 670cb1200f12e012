"""The control API: sessions are started, watched and steered; a stop is open to everyone."""

from collections.abc import Callable
from importlib.metadata import version
from typing import Annotated, Final

from fastapi import Body, FastAPI, Path, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from massager.model.errors import MassagerError
from massager.model.questions import CheckIn
from massager.session.loop import ControlLoop
from massager.session.massage import MassageService
from massager.session.snapshot import Stage
from massager.texts import SWITCH_OFF_BY_HAND
from massager.web import examples
from massager.web.document import changes, documented, reads, stops
from massager.web.door import Door
from massager.web.errors import ErrorName, problem, tell_failed, tell_odd, tell_turned_away
from massager.web.shapes import (
    FirstVisit,
    Health,
    SessionState,
    Status,
    StopResult,
    Told,
    session_state,
)
from massager.web.start_api import serve_start, state_of

_STEERS: Final[dict[str, tuple[Callable[[ControlLoop], None], str]]] = {
    "pause": (ControlLoop.pause, "Stop the device and keep the session open."),
    "resume": (ControlLoop.resume, "Go on after a pause or a lost link, from first contact."),
    "weaker": (ControlLoop.weaker, "One level less than the program asks for."),
    "stronger": (ControlLoop.stronger, "Take one `weaker` back; never above the program and the limits."),
}
_NAMES: Final = (ErrorName.INVALID, ErrorName.NOT_FOUND)

# A session's number is 64 bits wide in the store.
Number = Annotated[
    int,
    Path(
        ge=1, lt=2**63, description="of a session, as its start told it", examples=[examples.SESSION.number]
    ),
]


def control_api(massage: MassageService) -> FastAPI:
    """The application for a core's unix socket; the socket's folder keeps other users out."""
    api = documented()
    api.add_exception_handler(MassagerError, tell_failed)
    api.add_exception_handler(RequestValidationError, tell_odd)
    api.add_exception_handler(HTTPException, tell_turned_away)
    api.add_exception_handler(Exception, tell_turned_away)
    add_api(api, massage, Door())
    return api


def add_api(api: FastAPI, massage: MassageService, door: Door) -> None:
    """Put the routes of the control API into an application; `door` says what a start takes."""
    _serve_all(api, massage)
    serve_start(api, massage, door)
    _serve_sessions(api, massage)
    _serve_answers(api, massage)


def _serve_all(api: FastAPI, massage: MassageService) -> None:
    @api.get(
        "/healthz",
        operation_id="health",
        summary="Whether the core answers",
        tags=["state"],
        responses=reads("It does.", examples.HEALTH),
    )
    async def health() -> Health:
        """Says nothing of massagers and sessions."""
        return Health(version=version("massager"))

    @api.get(
        "/api/v1/status",
        operation_id="status",
        summary="Every session of this core",
        tags=["state"],
        responses=reads("What is known now.", examples.STATUS),
    )
    async def status() -> Status:
        """What runs, where, how strongly and why; and what ended a while ago."""
        host = massage.host
        return Status(
            sessions=[session_state(*known) for known in massage.snapshots()],
            radio=host.radio if host else None,
            data=host.data if host else None,
            profiles=host.profiles if host else None,
        )

    @api.post("/stop", operation_id="stop_all", summary="Stop everything", tags=["stop"], responses=stops())
    async def stop(response: Response) -> StopResult:
        """Answers once every device rests, or has not confirmed it; the page answers a browser with HTML."""
        running = len(massage.running())
        return _stopped(response, running, confirmed=await massage.stop())


def _serve_sessions(api: FastAPI, massage: MassageService) -> None:
    @api.get(
        "/api/v1/sessions/{number}",
        operation_id="session",
        summary="One session",
        tags=["state"],
        responses=reads("What is known now.", examples.SESSION, *_NAMES),
    )
    async def session(number: Number) -> SessionState:
        """Running, or one of the last that ended."""
        return state_of(massage, number)

    @api.post(
        "/api/v1/sessions/{number}/stop",
        operation_id="stop_session",
        summary="Stop one session",
        tags=["stop"],
        responses=stops(*_NAMES),
    )
    async def stop_one(number: Number, response: Response) -> StopResult:
        """Answers once its device rests, or has not confirmed it."""
        running = int(massage.ending(number) is None)
        return _stopped(response, running, confirmed=await massage.stop_session(number))

    def serve_steer(name: str, act: Callable[[ControlLoop], None], about: str) -> None:
        @api.post(
            f"/api/v1/sessions/{{number}}/{name}",
            operation_id=f"{name}_session",
            summary=f"{name.title()}",
            description=about,
            tags=["session"],
            responses=changes("The state after it.", examples.SESSION, *_NAMES),
        )
        async def steer(number: Number) -> SessionState:
            act(massage.session(number))
            return state_of(massage, number)

    for name, (act, about) in _STEERS.items():
        serve_steer(name, act, about)


def _serve_answers(api: FastAPI, massage: MassageService) -> None:
    @api.post(
        "/api/v1/sessions/{number}/answer",
        operation_id="answer",
        summary="Say how it is",
        tags=["answers"],
        response_model=SessionState,
        responses=changes("The state after it.", examples.SESSION, *_NAMES, ErrorName.OVER),
    )
    async def answer(
        number: Number,
        told: Annotated[
            Told, Body(openapi_examples={"usual": {"value": examples.TOLD.model_dump(mode="json")}})
        ],
    ) -> SessionState | JSONResponse:
        """Asked or not; what the limits make of it shows in the state. A warning has stopped it by then."""
        if told.check_in == CheckIn():
            return problem(ErrorName.INVALID, "Nothing is said: send pain, comfort or feeling.")
        loop = massage.session(number)
        if loop.snapshot().stage is Stage.ENDED:
            text = "This session is over. Say how it went: massager answer --worse ..."
            return problem(ErrorName.OVER, text)
        loop.answer(told.check_in)
        return state_of(massage, number)

    @api.post(
        "/api/v1/sessions/{number}/zone",
        operation_id="answer_zone",
        summary="Whether a zone may be visited for the first time",
        tags=["answers"],
        responses=changes("The state after it.", examples.SESSION, *_NAMES),
    )
    async def answer_zone(
        number: Number,
        visit: Annotated[
            FirstVisit,
            Body(openapi_examples={"usual": {"value": examples.FIRST_VISIT.model_dump(mode="json")}}),
        ],
    ) -> SessionState:
        """Nothing but the zone that is asked about counts."""
        massage.session(number).answer_zone(visit.zone, yes=visit.yes)
        return state_of(massage, number)


def _stopped(response: Response, running: int, *, confirmed: bool) -> StopResult:
    if not confirmed:
        response.status_code = 503
    advice = None if confirmed else SWITCH_OFF_BY_HAND
    return StopResult(confirmed=confirmed, sessions=running, advice=advice)
