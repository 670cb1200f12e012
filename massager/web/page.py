"""The page of a core: screens, JSON API, live socket and STOP behind one door.

The rooms: `person` has the screens of whoever has a massage, `caregiver` those of whoever looks after them;
each adds its routes to one router. What stands
before all of them is in `security`, what they ask of in `desk`, how they are drawn in `rendering`.
"""

import mimetypes
import time
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Scope

from massager.model.errors import (
    AuthError,
    MassagerError,
    NotFoundError,
    NotSignedInError,
    StoreError,
    VisitOverError,
)
from massager.texts.labels import Label
from massager.web.api import add_api
from massager.web.caregiver import serve_caregiver
from massager.web.caregiver.logins import Logins
from massager.web.caregiver.screens import CaregiverScreens, way_to_sign_in
from massager.web.desk import Desk
from massager.web.document import documented
from massager.web.door import Door
from massager.web.errors import tell_failed, tell_odd, tell_turned_away, turned_away
from massager.web.forms import go_to
from massager.web.live import Live, serve_live
from massager.web.person import serve_person
from massager.web.person.screens import Screens
from massager.web.person.showing import Showing
from massager.web.person.visits import Visits
from massager.web.rendering import STATIC, Pages
from massager.web.security import Guarded
from massager.web.stopping import Stopping, serve_stop

_FOREVER: Final = "public, max-age=31536000, immutable"
_FOR_PROGRAMS: Final = frozenset({"/healthz", "/openapi.json", "/asyncapi.json"})
# What the answer to a request says that went wrong.
_SAID: Final = {
    HTTPStatus.NOT_FOUND: (Label.NOT_FOUND_TITLE, Label.NOT_FOUND),
    HTTPStatus.FORBIDDEN: (Label.REFUSED_SITE_TITLE, Label.REFUSED_SITE),
    HTTPStatus.MISDIRECTED_REQUEST: (Label.UNKNOWN_HOST_TITLE, Label.UNKNOWN_HOST),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (Label.TOO_LONG_TITLE, Label.TOO_LONG),
}


def page_app(desk: Desk, door: Door) -> ASGIApp:
    """The whole application."""
    pages, stopping = Pages(), Stopping(desk.massage)
    app = documented()
    _tell_errors(app, pages)
    router = APIRouter(include_in_schema=False)
    showing = Showing(desk)
    serve_stop(router, pages, stopping)
    massages = Screens(pages, desk, door, showing, Visits(time.monotonic))
    serve_person(router, massages)
    serve_caregiver(router, CaregiverScreens(pages, desk, Logins(time.monotonic, time.time), massages))
    _serve_static(router)
    app.include_router(router)
    serve_live(app, Live(desk.massage, stopping, showing))
    add_api(app, desk.massage, door)

    def refuse(scope: Scope, status: HTTPStatus) -> ASGIApp:
        request = Request(scope)
        return turned_away(status) if _for_programs(request) else _error_page(request, pages, status)

    return Guarded(app, door, refuse)


def _error_page(request: Request, pages: Pages, status: HTTPStatus, text: str | None = None) -> Response:
    title, usual = _SAID.get(status, (Label.FAILED_TITLE, Label.FAILED))
    page = pages.language(request).page
    return pages.page(request, "error", status=status, title=page[title], text=text or page[usual])


def _for_programs(request: Request) -> bool:
    return request.url.path.startswith("/api/") or request.url.path in _FOR_PROGRAMS


def _tell_errors(app: FastAPI, pages: Pages) -> None:
    """Programs are told in JSON, people on a page."""

    @app.exception_handler(NotSignedInError)
    async def unknown(request: Request, _error: NotSignedInError) -> Response:
        return go_to(way_to_sign_in(request))

    @app.exception_handler(MassagerError)
    async def failed(request: Request, error: MassagerError) -> Response:
        if _for_programs(request):
            return await tell_failed(request, error)
        is_visit = isinstance(error, VisitOverError)
        text = pages.language(request).page[Label.VISIT_OVER] if is_visit else str(error)
        return _error_page(request, pages, _status(error), text)

    @app.exception_handler(RequestValidationError)
    async def odd(request: Request, error: RequestValidationError) -> Response:
        if _for_programs(request):
            return await tell_odd(request, error)
        return _error_page(request, pages, HTTPStatus.NOT_FOUND)

    @app.exception_handler(HTTPException)
    async def wrong(request: Request, error: HTTPException) -> Response:
        if _for_programs(request):
            return await tell_turned_away(request, error)
        return _error_page(request, pages, HTTPStatus(error.status_code))

    @app.exception_handler(Exception)
    async def broken(request: Request, error: Exception) -> Response:
        if _for_programs(request):
            return await tell_turned_away(request, error)
        return _error_page(request, pages, HTTPStatus.INTERNAL_SERVER_ERROR)


def _status(error: MassagerError) -> HTTPStatus:
    if isinstance(error, NotFoundError):
        return HTTPStatus.NOT_FOUND
    if isinstance(error, AuthError):
        return HTTPStatus.FORBIDDEN
    is_store = isinstance(error, StoreError)
    return HTTPStatus.SERVICE_UNAVAILABLE if is_store else HTTPStatus.INTERNAL_SERVER_ERROR


def _serve_static(router: APIRouter) -> None:
    """The few files there are, kept in memory; each address has the content's mark, so it never changes."""
    files = {path.name: path.read_bytes() for path in STATIC.iterdir() if path.is_file()}
    kinds = {"page.mjs": "text/javascript", "page.webmanifest": "application/manifest+json"}

    @router.get("/static/{name}")
    async def static(name: str) -> Response:
        if name not in files:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        kind = kinds.get(name) or mimetypes.guess_type(name)[0] or "application/octet-stream"
        return Response(files[name], media_type=kind, headers={"Cache-Control": _FOREVER})
