"""The buttons and answers of a running session: one tap each, taken from any page however old."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from massager.model.body import Zone
from massager.session.loop import ControlLoop
from massager.web.api import Number
from massager.web.forms import about_session, form_of, go_to
from massager.web.person.checkins import Step
from massager.web.person.screens import Screens

_STEERS: Final[Mapping[str, Callable[[ControlLoop], None]]] = MappingProxyType(
    {
        "weaker": ControlLoop.weaker,
        "stronger": ControlLoop.stronger,
        "pause": ControlLoop.pause,
        "resume": ControlLoop.resume,
    }
)


def serve_steering(router: APIRouter, screens: Screens) -> None:
    """All of them."""
    massage, showing = screens.desk.massage, screens.showing

    def serve_steer(name: str, act: Callable[[ControlLoop], None]) -> None:
        @router.post(f"/sessions/{{number}}/{name}")
        async def steer(request: Request, number: Number) -> Response:
            act(massage.session(number))
            if request.headers.get("accept") == "application/json":
                # A script sent the form; it shows what follows by itself.
                return Response(status_code=HTTPStatus.NO_CONTENT)
            return go_to(about_session(number))

    for name, act in _STEERS.items():
        serve_steer(name, act)

    @router.post("/sessions/{number}/say")
    async def say(request: Request, number: Number) -> Response:
        form, loop = await form_of(request), massage.session(number)
        goes_on = False
        for step in Step:
            if form.one(step):
                goes_on = showing.check_ins.tap(number, loop, step, form.one(step))
        unasked = "?say=1" if goes_on and form.one("unasked") else ""
        return go_to(f"{about_session(number)}{unasked}")

    @router.post("/sessions/{number}/zone")
    async def zone(request: Request, number: Number) -> Response:
        form, loop = await form_of(request), massage.session(number)
        with suppress(ValueError):  # a page of another version
            loop.answer_zone(Zone(form.one("zone")), yes=form.one("answer") == "yes")
        return go_to(about_session(number))

    @router.post("/sessions/{number}/read")
    async def read(number: Number) -> Response:
        massage.session(number)
        showing.read.add(number)
        return go_to(about_session(number))
