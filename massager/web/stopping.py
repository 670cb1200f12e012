"""STOP: without login, script or token, for a form and for a program alike; answered after rest."""

import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from massager.session.massage import MassageService
from massager.session.snapshot import Snapshot
from massager.texts import SWITCH_OFF_BY_HAND
from massager.texts.language import Phrase
from massager.web.rendering import Pages
from massager.web.shapes import StopResult

# Chosen: for so long somebody who looks at /stop wants to know what became of the last one.
_TOLD_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Stopped:
    """What became of a stop.

    Attributes:
        running: The sessions that ran, by their number.
        at_s: When it was answered, on the monotonic clock.
    """

    confirmed: bool
    running: dict[int, Snapshot]
    at_s: float

    @property
    def result(self) -> StopResult:
        """As the API tells it."""
        return StopResult(
            confirmed=self.confirmed,
            sessions=len(self.running),
            advice=None if self.confirmed else SWITCH_OFF_BY_HAND,
        )


class Stopping:
    """Stops everything, from whichever door, and remembers for a while what became of it."""

    def __init__(self, massage: MassageService) -> None:
        self._massage = massage
        self.last: Stopped | None = None

    async def stop(self) -> Stopped:
        """Stop everything; returns once every device rests or has not confirmed it."""
        running = self._massage.running()
        confirmed = await self._massage.stop()
        self.last = Stopped(confirmed, running, time.monotonic())
        return self.last


def serve_stop(router: APIRouter, pages: Pages, stopping: Stopping) -> None:
    """The two addresses of STOP: the form's, and a page that has nothing but the button."""

    def told(request: Request, stopped: Stopped) -> Response:
        return pages.page(
            request,
            "stopped",
            status=HTTPStatus.OK if stopped.confirmed else HTTPStatus.SERVICE_UNAVAILABLE,
            confirmed=stopped.confirmed,
            sessions=len(stopped.running),
            ended=[{"number": number, "person": one.person} for number, one in stopped.running.items()],
            by_hand=pages.language(request).phrases[Phrase.SWITCH_OFF_BY_HAND],
        )

    @router.post("/stop")
    async def stop(request: Request) -> Response:
        stopped = await stopping.stop()
        if "text/html" in request.headers.get("accept", ""):
            return told(request, stopped)
        return JSONResponse(stopped.result.model_dump(), 200 if stopped.confirmed else 503)

    @router.get("/stop")
    async def look(request: Request) -> Response:
        last = stopping.last
        if last is not None and time.monotonic() - last.at_s < _TOLD_S:
            return told(request, last)
        by_hand = pages.language(request).phrases[Phrase.SWITCH_OFF_BY_HAND]
        return pages.page(request, "stop", by_hand=by_hand)
