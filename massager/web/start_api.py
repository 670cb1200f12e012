"""A start over the control API: who may ask for one, and what becomes of it."""

import math
import time
from typing import Annotated

from fastapi import Body, FastAPI, Header, Request
from fastapi.responses import JSONResponse

from massager.model.decisions import Reason, Refusal
from massager.model.errors import BusyError
from massager.session.advising import advice_on
from massager.session.massage import MassageService, Wish
from massager.texts import reason_text
from massager.web import examples
from massager.web.document import changes
from massager.web.door import Door
from massager.web.errors import STATUS, ErrorName, problem
from massager.web.shapes import RefusalText, SessionState, Start, screening, session_state


def state_of(massage: MassageService, number: int) -> SessionState:
    """A session as the API tells it. Raises NotFoundError where there is none of that number."""
    return session_state(number, massage.snapshot(number), massage.ending(number))


def _refusal(refusal: Refusal, text: str, advice: str | None = None) -> JSONResponse:
    told = RefusalText(reason=refusal.reason, detail=refusal.detail, text=text, advice=advice)
    return JSONResponse(told.model_dump(), STATUS[ErrorName.REFUSED])


def serve_start(api: FastAPI, massage: MassageService, door: Door) -> None:
    """The one address; `door` says what it takes."""

    @api.post(
        "/api/v1/sessions",
        operation_id="start_session",
        summary="Start a session",
        tags=["session"],
        status_code=201,
        response_model=SessionState,
        responses=changes(
            "It has begun, and looks for its device.",
            examples.SESSION,
            *(ErrorName.PIN, ErrorName.WAIT, ErrorName.REFUSED, ErrorName.NOT_FOUND, ErrorName.NOT_HERE),
            *(ErrorName.INVALID, ErrorName.INVALID_FILE, ErrorName.NOT_CONFIRMED, ErrorName.STORE_FAILED),
            status=201,
        ),
    )
    async def start(
        request: Request,
        wanted: Annotated[
            Start, Body(openapi_examples={"usual": {"value": examples.START.model_dump(mode="json")}})
        ],
        massager_pin: Annotated[str, Header(description="where the page is open to others")] = "",
    ) -> SessionState | JSONResponse:
        """409 with the reason where the limits refuse it. What is left out of `answers` counts as worst."""
        client, now_s = request.client.host if request.client else "", time.monotonic()
        wait_s = math.ceil(door.wait_s(client, now_s))
        if wait_s:
            return problem(
                ErrorName.WAIT, f"Too many wrong PINs. Wait {wait_s} seconds.", {"Retry-After": str(wait_s)}
            )
        if not door.opens(client, massager_pin, now_s):
            return problem(ErrorName.PIN, "A start takes the PIN here, in the header Massager-Pin.")
        if massage.host is None:
            return problem(ErrorName.NOT_HERE, "This core runs a session of its own and starts no other.")
        if not wanted.confirmed:
            text = "Nobody has confirmed this start: confirmed must be true."
            return problem(ErrorName.NOT_CONFIRMED, text)
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
        return state_of(massage, begun)
