"""Who may sign in, who has signed in, and which massagers are paired."""

from functools import partial
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from massager.model.errors import AuthError, BusyError, NotAllowedError
from massager.session.caregivers import SignedIn
from massager.texts.caregiver_labels import CaregiverLabel
from massager.web.caregiver.logins import HOME
from massager.web.caregiver.screens import CaregiverScreens
from massager.web.forms import Form, form_of, from_address, go_to

ACCESS: Final = f"{HOME}/access"
_DONE: Final = MappingProxyType(
    {
        "added": CaregiverLabel.CAREGIVER_ADDED,
        "revoked": CaregiverLabel.REVOKED,
        "ended": CaregiverLabel.LOGIN_ENDED,
        "forgotten": CaregiverLabel.MASSAGER_FORGOTTEN,
    }
)


def serve_access(router: APIRouter, screens: CaregiverScreens) -> None:
    """The list, and what is asked before something ends for good."""
    desk, logins = screens.desk, screens.logins

    @router.get(ACCESS)
    async def access(request: Request, done: str = "") -> Response:
        caregiver = await screens.signed_in(request)
        return await _page(screens, request, caregiver, done=_DONE.get(done))

    @router.post(ACCESS)
    async def act(request: Request) -> Response:
        caregiver, form = await screens.signed_in(request), await form_of(request)
        number = form.one("login")
        if number:
            if number.isascii() and number.isdigit():
                logins.revoke(int(number))
            return go_to(f"{ACCESS}?done=ended")
        wrong = await _added(screens, request, caregiver, form)
        if wrong:
            return await _page(screens, request, caregiver, form=form, wrong=wrong)
        return go_to(f"{ACCESS}?done=added")

    @router.get(f"{ACCESS}/caregivers/{{part}}")
    async def ask_revoke(request: Request, part: str) -> Response:
        caregiver = await screens.signed_in(request)
        return screens.page(request, "revoke", caregiver, name=from_address(part), wrong={})

    @router.post(f"{ACCESS}/caregivers/{{part}}")
    async def revoke(request: Request, part: str) -> Response:
        caregiver, name = await screens.signed_in(request), from_address(part)
        try:
            await desk.do(partial(desk.people.caregivers.revoke, name, caregiver=caregiver))
        except NotAllowedError as error:
            return screens.page(
                request, "revoke", caregiver, status=HTTPStatus.CONFLICT, name=name, wrong={"all": str(error)}
            )
        logins.revoke_all(name)
        return go_to(f"{ACCESS}?done=revoked")

    _serve_massagers(router, screens)


def _serve_massagers(router: APIRouter, screens: CaregiverScreens) -> None:
    desk, address = screens.desk, f"{ACCESS}/massagers/{{part}}"

    @router.get(address)
    async def ask(request: Request, part: str) -> Response:
        caregiver = await screens.signed_in(request)
        return screens.page(request, "forget_massager", caregiver, name=from_address(part), wrong={})

    @router.post(address)
    async def forget(request: Request, part: str) -> Response:
        caregiver, name = await screens.signed_in(request), from_address(part)
        try:
            await desk.do(partial(desk.forget_device, name, caregiver))
        except BusyError as error:
            return screens.page(
                request,
                "forget_massager",
                caregiver,
                status=HTTPStatus.CONFLICT,
                name=name,
                wrong={"all": str(error)},
            )
        return go_to(f"{ACCESS}?done=forgotten")


async def _added(
    screens: CaregiverScreens, request: Request, caregiver: SignedIn, form: Form
) -> dict[str, str]:
    """Add a caregiver; what is wrong, by the field that it stands beside."""
    if form.one("passphrase") != form.one("again"):
        words = screens.pages.language(request).caregiver
        return {"again": words[CaregiverLabel.NOT_THE_SAME]}
    add = screens.desk.people.caregivers.add
    name, alone = form.one("name").strip(), form.one("alone") == "yes"
    try:
        await screens.desk.do(partial(add, name, form.one("passphrase"), alone=alone, caregiver=caregiver))
    except NotAllowedError as error:
        return {"name": str(error)}
    except AuthError as error:
        return {"passphrase": str(error)}
    return {}


async def _page(
    screens: CaregiverScreens,
    request: Request,
    caregiver: SignedIn,
    *,
    done: CaregiverLabel | None = None,
    form: Form | None = None,
    wrong: dict[str, str] | None = None,
) -> Response:
    desk, words = screens.desk, screens.pages.language(request)
    this = screens.logins.of(request)
    return screens.page(
        request,
        "access",
        caregiver,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        done="" if done is None else words.caregiver[done],
        names=await desk.do(desk.people.caregivers.names),
        logins=[(one, one is this) for one in screens.logins.all()],
        massagers=[one.name for one in await desk.do(desk.paired)],
        typed=form or Form(()),
        wrong=wrong or {},
    )
