"""Lockouts: what bars a person, ending one, and locking out by hand."""

from functools import partial
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from massager.model.errors import NotAllowedError, NotFoundError
from massager.model.history import Authority, Lockout
from massager.session.caregivers import SignedIn
from massager.texts import lock_advice_in
from massager.texts.language import Language
from massager.texts.oversight_labels import OversightLabel
from massager.web.api import Number
from massager.web.caregiver.logins import HOME
from massager.web.caregiver.screens import CaregiverScreens, status_of
from massager.web.forms import Form, about_record, form_of, from_address, go_to
from massager.web.rendering import capital, teller

_ADDRESS: Final = f"{HOME}/people/{{part}}/lockouts"
_DONE: Final = MappingProxyType(
    {"cleared": OversightLabel.LOCKOUT_CLEARED, "set": OversightLabel.LOCKOUT_WAS_SET}
)


def serve_lockouts(router: APIRouter, screens: CaregiverScreens) -> None:
    """All of a person on one address, each on its own."""
    desk = screens.desk
    lockouts = desk.people.lockouts

    @router.get(_ADDRESS)
    async def show(request: Request, part: str) -> Response:
        caregiver = await screens.signed_in(request)
        return await _list(screens, request, caregiver, from_address(part), {})

    @router.post(_ADDRESS)
    async def add(request: Request, part: str) -> Response:
        caregiver, name = await screens.signed_in(request), from_address(part)
        note = (await form_of(request)).one("note")
        try:
            await desk.do(partial(lockouts.add, name, note, caregiver=caregiver))
        except NotAllowedError as error:
            return await _list(screens, request, caregiver, name, {"note": str(error)})
        return go_to(f"{about_record(name)}/lockouts?done=set")

    @router.get(f"{_ADDRESS}/{{number}}")
    async def ask(request: Request, part: str, number: Number) -> Response:
        caregiver, name = await screens.signed_in(request), from_address(part)
        return await _one(screens, request, caregiver, name, await _open(screens, name, number), wrong={})

    @router.post(f"{_ADDRESS}/{{number}}")
    async def clear(request: Request, part: str, number: Number) -> Response:
        caregiver, name = await screens.signed_in(request), from_address(part)
        form, lockout = await form_of(request), await _open(screens, name, number)
        wrong = _missing(screens.pages.language(request), lockout, form)
        why, provider = form.one("why"), form.one("provider").strip() or None
        if not wrong:
            job = partial(lockouts.clear, name, number, why=why, provider=provider, caregiver=caregiver)
            try:
                await desk.do(job)
            except NotAllowedError as error:
                wrong = {"all": str(error)}
        if wrong:
            return await _one(screens, request, caregiver, name, lockout, wrong=wrong)
        return go_to(f"{about_record(name)}/lockouts?done=cleared")


def _missing(words: Language, lockout: Lockout, form: Form) -> dict[str, str]:
    """Fields that are needed and empty, with what is said of them."""
    needed = ["why", *(["provider"] if lockout.authority is Authority.PROVIDER else [])]
    return {field: words.oversight[OversightLabel.NEEDED] for field in needed if not form.one(field).strip()}


async def _open(screens: CaregiverScreens, name: str, number: int) -> Lockout:
    lockouts = screens.desk.people.lockouts
    found = {one.number: one for one in await screens.desk.do(partial(lockouts.of, name))}
    if number not in found:
        raise NotFoundError(f"{name} has no open lockout {number}.")
    return found[number]


async def _list(
    screens: CaregiverScreens, request: Request, caregiver: SignedIn, name: str, wrong: dict[str, str]
) -> Response:
    words = screens.pages.language(request)
    found = await screens.desk.do(partial(screens.desk.people.lockouts.of, name))
    done = _DONE.get(request.query_params.get("done", ""))
    return screens.page(
        request,
        "lockouts",
        caregiver,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        person=name,
        here=f"{about_record(name)}/lockouts",
        found=[_shown(words, one) for one in found],
        done="" if done is None else words.oversight[done],
        typed=await form_of(request),
        wrong=wrong,
    )


async def _one(
    screens: CaregiverScreens,
    request: Request,
    caregiver: SignedIn,
    name: str,
    lockout: Lockout,
    *,
    wrong: dict[str, str],
) -> Response:
    return screens.page(
        request,
        "lockout",
        caregiver,
        status=status_of(wrong),
        person=name,
        here=f"{about_record(name)}/lockouts/{lockout.number}",
        back=f"{about_record(name)}/lockouts",
        one=_shown(screens.pages.language(request), lockout),
        typed=await form_of(request),
        wrong=wrong,
    )


def _shown(words: Language, one: Lockout) -> dict[str, object]:
    label, when = words.oversight, teller(words)
    needs_provider = one.authority is Authority.PROVIDER
    lines = [
        label[OversightLabel.LOCKOUT_SINCE].format(when=when(one.since_s)),
        label[OversightLabel.LOCKOUT_NOTE].format(note=one.note) if one.note else "",
        lock_advice_in(words, one.cause) or "",
        label[OversightLabel.LOCKOUT_BY_PROVIDER if needs_provider else OversightLabel.LOCKOUT_BY_CAREGIVER],
        label[OversightLabel.LOCKOUT_FROM].format(when=when(one.not_before_s))
        if one.not_before_s > one.since_s
        else "",
    ]
    return {
        "number": one.number,
        "cause": capital(words.lock_causes[one.cause]),
        "lines": [line for line in lines if line],
        "needs_provider": needs_provider,
    }
