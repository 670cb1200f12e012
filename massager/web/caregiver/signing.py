"""Signing in and out."""

import asyncio
import math
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import Response

from massager.model.errors import AuthError, NotFoundError
from massager.texts.caregiver_labels import CaregiverLabel
from massager.web.caregiver.logins import HOME
from massager.web.caregiver.screens import SIGN_IN, CaregiverScreens, is_ours
from massager.web.forms import form_of, go_to
from massager.web.throttle import Throttle


def serve_signing(router: APIRouter, screens: CaregiverScreens) -> None:
    """Both addresses."""
    pages, desk, logins = screens.pages, screens.desk, screens.logins
    caregivers, throttle, one_at_a_time = desk.people.caregivers, Throttle(), asyncio.Lock()

    async def shown(
        request: Request, back: str, *, name: str = "", wrong: str = "", out: bool = False
    ) -> Response:
        return pages.page(
            request,
            "caregiver/sign_in",
            caregiver=None,
            names=await desk.do(caregivers.names),
            chosen=name,
            back=back if is_ours(back) else HOME,
            wrong=wrong,
            out=out,
        )

    @router.get(SIGN_IN)
    async def ask(request: Request, next: str = HOME, out: str = "") -> Response:  # noqa: A002 - its name
        return await shown(request, next, out=bool(out))

    @router.post(SIGN_IN)
    async def sign_in(request: Request) -> Response:
        form = await form_of(request)
        name, back = form.one("name"), form.one("next")
        words = pages.language(request).caregiver
        client = request.client.host if request.client else ""
        # The passphrase is looked at in the store's thread, which sessions need too: never two at once.
        async with one_at_a_time:
            now_s = logins.now_s()
            wait_s = math.ceil(throttle.wait_s(client, now_s))
            if wait_s:
                wrong = words[CaregiverLabel.SIGN_IN_WAIT].format(seconds=wait_s)
                return await shown(request, back, name=name, wrong=wrong)
            try:
                caregiver = await desk.do(partial(caregivers.sign_in, name, form.one("passphrase")))
            except (AuthError, NotFoundError) as error:
                throttle.failed(client, now_s)
                return await shown(request, back, name=name, wrong=str(error))
        throttle.succeeded(client)
        response = go_to(back if is_ours(back) else HOME)
        logins.begin(request, response, caregiver)
        return response

    @router.post(f"{HOME}/sign-out")
    async def sign_out(request: Request) -> Response:
        response = go_to(f"{SIGN_IN}?out=1")
        logins.end(request, response)
        return response
