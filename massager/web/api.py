"""The control API: sessions are started, watched and steered; a stop is open to everyone."""

from collections.abc import Callable
from importlib.metadata import version
from typing import Annotated

from fastapi import FastAPI, Path, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from massager.model.decisions import Reason, Refusal
from massager.model.errors import BusyError, InvalidProfileError, MassagerError, NotFoundError, StoreError
from massager.model.questions import CheckIn
from massager.session.advising import advice_on
from massager.session.loop import ControlLoop
from massager.session.massage import MassageService, Wish
from massager.session.snapshot import Stage
from massager.texts import SWITCH_OFF_BY_HAND, reason_text
from massager.web.shapes import (
    FirstVisit,
    Health,
    Problem,
    RefusalText,
    SessionState,
    Start,
    Status,
    StopResult,
    Told,
    screening,
    session_state,
)

# What an error is told as: a name, and the status of the answer.
_ERRORS: dict[type[MassagerError], tuple[str, int]] = {
    NotFoundError: ("not-found", 404),
    InvalidProfileError: ("invalid-file", 422),
    StoreError: ("store-failed", 503),
}

_STEERS: dict[str, Callable[[ControlLoop], None]] = {
    "pause": ControlLoop.pause,
    "resume": ControlLoop.resume,
    "weaker": ControlLoop.weaker,
    "stronger": ControlLoop.stronger,
}

# A session's number is 64 bits wide in the store.
Number = Annotated[int, Path(ge=1, lt=2**63)]


def control_api(massage: MassageService) -> FastAPI:
    """The application for a core's unix socket; the socket's folder keeps other users out."""
    # The documentation pages would load scripts from elsewhere.
    api = FastAPI(
        title="massager",
        version=version("massager"),
        docs_url=None,
        redoc_url=None,
        responses={404: {"model": Problem}, 422: {"model": Problem}, 503: {"model": Problem}},
    )
    _tell_errors(api)
    _serve_all(api, massage)
    _serve_start(api, massage)
    _serve_sessions(api, massage)
    _serve_answers(api, massage)
    return api


def _tell_errors(api: FastAPI) -> None:
    @api.exception_handler(MassagerError)
    async def failed(_request: Request, error: MassagerError) -> JSONResponse:
        name, status = next((_ERRORS[kind] for kind in _ERRORS if isinstance(error, kind)), ("failed", 500))
        return _problem(status, name, str(error))

    @api.exception_handler(RequestValidationError)
    async def odd(_request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"] if part != "body")
        return _problem(422, "invalid", f"{where}: {first['msg']}" if where else first["msg"])


def _refusal(refusal: Refusal, text: str, advice: str | None = None) -> JSONResponse:
    told = RefusalText(reason=refusal.reason, detail=refusal.detail, text=text, advice=advice)
    return JSONResponse(told.model_dump(), 409)


def _problem(status: int, error: str, text: str) -> JSONResponse:
    return JSONResponse(Problem(error=error, text=text).model_dump(), status)


def _serve_all(api: FastAPI, massage: MassageService) -> None:
    @api.get("/healthz")
    async def health() -> Health:
        """Whether the core answers."""
        return Health(version=version("massager"))

    @api.get("/api/v1/status")
    async def status() -> Status:
        """What runs, where, how strongly and why; and what ended a while ago."""
        host = massage.host
        return Status(
            sessions=[session_state(*known) for known in massage.snapshots()],
            radio=host.radio if host else None,
            data=host.data if host else None,
            profiles=host.profiles if host else None,
        )

    @api.post("/stop", responses={503: {"model": StopResult}})
    async def stop(response: Response) -> StopResult:
        """Stop everything; answers once every device rests or has not confirmed it."""
        running = len(massage.running())
        return _stopped(response, running, confirmed=await massage.stop())


def _serve_start(api: FastAPI, massage: MassageService) -> None:
    @api.post(
        "/api/v1/sessions",
        status_code=201,
        response_model=SessionState,
        responses={409: {"model": RefusalText}},
    )
    async def start(wanted: Start) -> SessionState | JSONResponse:
        """Start a session; 409 with the reason where the limits refuse it."""
        if massage.host is None:
            return _problem(404, "not-here", "This core runs a session of its own and starts no other.")
        if not wanted.confirmed:
            return _problem(422, "not-confirmed", "Nobody has confirmed this start: confirmed must be true.")
        wish = Wish(
            program=wanted.program,
            person=wanted.person,
            device=wanted.device,
            seconds=wanted.seconds,
            caller_percent=wanted.max_percent,
            interactive=False,
            screening=screening(wanted.answers),
        )
        try:
            begun = await massage.host.begin(wish)
        except BusyError as error:
            return _refusal(Refusal(Reason.DEVICE_BUSY), str(error))
        if isinstance(begun, Refusal):
            advice = advice_on(begun, wish.screening)
            return _refusal(begun, reason_text(begun.reason, begun.detail), advice)
        return _state(massage, begun)


def _serve_sessions(api: FastAPI, massage: MassageService) -> None:
    @api.get("/api/v1/sessions/{number}")
    async def session(number: Number) -> SessionState:
        """One session, running or ended."""
        return _state(massage, number)

    @api.post("/api/v1/sessions/{number}/stop", responses={503: {"model": StopResult}})
    async def stop_one(number: Number, response: Response) -> StopResult:
        """Stop one session; answers once its device rests or has not confirmed it."""
        running = int(massage.ending(number) is None)
        return _stopped(response, running, confirmed=await massage.stop_session(number))

    def serve_steer(name: str, act: Callable[[ControlLoop], None]) -> None:
        @api.post(f"/api/v1/sessions/{{number}}/{name}", name=name, description=f"{name.title()} a session.")
        async def steer(number: Number) -> SessionState:
            act(massage.session(number))
            return _state(massage, number)

    for name, act in _STEERS.items():
        serve_steer(name, act)


def _serve_answers(api: FastAPI, massage: MassageService) -> None:
    @api.post(
        "/api/v1/sessions/{number}/answer", response_model=SessionState, responses={409: {"model": Problem}}
    )
    async def answer(number: Number, told: Told) -> SessionState | JSONResponse:
        """Say how it is, asked or not; what the limits make of it shows in the state."""
        if told.check_in == CheckIn():
            return _problem(422, "invalid", "Nothing is said: send pain, comfort or feeling.")
        loop = massage.session(number)
        if loop.snapshot().stage is Stage.ENDED:
            return _problem(409, "over", "This session is over. Say how it went: massager answer --worse ...")
        loop.answer(told.check_in)
        return _state(massage, number)

    @api.post("/api/v1/sessions/{number}/zone")
    async def answer_zone(number: Number, visit: FirstVisit) -> SessionState:
        """Say whether a zone may be visited for the first time."""
        massage.session(number).answer_zone(visit.zone, yes=visit.yes)
        return _state(massage, number)


def _state(massage: MassageService, number: int) -> SessionState:
    return session_state(number, massage.session(number).snapshot(), massage.ending(number))


def _stopped(response: Response, running: int, *, confirmed: bool) -> StopResult:
    if not confirmed:
        response.status_code = 503
    advice = None if confirmed else SWITCH_OFF_BY_HAND
    return StopResult(confirmed=confirmed, sessions=running, advice=advice)
