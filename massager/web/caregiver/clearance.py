"""Clearances: what a healthcare provider has agreed to, recording one, and ending one."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from types import MappingProxyType
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from massager.model.body import Region
from massager.model.ceilings import Clearance, Modality
from massager.model.errors import BusyError, NotAllowedError, NotFoundError
from massager.model.people import Person, ProviderClearance
from massager.session.caregivers import SignedIn
from massager.session.clearances import needed
from massager.texts.language import Language
from massager.texts.oversight_labels import OversightLabel
from massager.web.caregiver.logins import HOME
from massager.web.caregiver.screens import CaregiverScreens, status_of
from massager.web.caregiver.words import MODALITIES, REGIONS, day
from massager.web.forms import Form, about_record, form_of, from_address, go_to
from massager.web.rendering import capital

_ADDRESS: Final = f"{HOME}/people/{{part}}/clearance"
_CODES: Final = MappingProxyType(
    {Clearance.B: OversightLabel.CLEARANCE_CODE_B, Clearance.C: OversightLabel.CLEARANCE_CODE_C}
)
_NEEDS: Final = MappingProxyType(
    {
        Clearance.A: OversightLabel.CLEARANCE_NEEDS_A,
        Clearance.B: OversightLabel.CLEARANCE_NEEDS_B,
        Clearance.C: OversightLabel.CLEARANCE_NEEDS_C,
        Clearance.X: OversightLabel.CLEARANCE_NEVER,
    }
)
_DONE: Final = MappingProxyType(
    {"recorded": OversightLabel.CLEARANCE_RECORDED, "ended": OversightLabel.CLEARANCE_ENDED}
)
_FIELDS: Final = ("provider", "code", "region", "modality", "given", "expires", "why")


def serve_clearance(router: APIRouter, screens: CaregiverScreens) -> None:
    """All of a person on one address, each on its own."""
    pages, desk = screens.pages, screens.desk

    @router.get(_ADDRESS)
    async def show(request: Request, part: str) -> Response:
        caregiver = await screens.signed_in(request)
        return await _list(screens, request, caregiver, from_address(part), {})

    @router.post(_ADDRESS)
    async def record(request: Request, part: str) -> Response:
        caregiver, name = await screens.signed_in(request), from_address(part)
        form = await form_of(request)
        found = _read(pages.language(request), form)
        if isinstance(found, dict):
            return await _list(screens, request, caregiver, name, found)
        job = partial(desk.people.record_clearance, name, found, why=form.one("why"), caregiver=caregiver)
        try:
            await desk.do(job)
        except (NotAllowedError, BusyError) as error:
            return await _list(screens, request, caregiver, name, {"all": str(error)})
        return go_to(f"{about_record(name)}/clearance?done=recorded")

    @router.get(f"{_ADDRESS}/{{mark}}")
    async def ask(request: Request, part: str, mark: str) -> Response:
        caregiver, name = await screens.signed_in(request), from_address(part)
        person = await desk.do(partial(desk.people.get, name))
        return await _one(screens, request, caregiver, name, _marked(person, mark), wrong={})

    @router.post(f"{_ADDRESS}/{{mark}}")
    async def end(request: Request, part: str, mark: str) -> Response:
        caregiver, name = await screens.signed_in(request), from_address(part)
        why = (await form_of(request)).one("why")
        old = await desk.do(partial(desk.people.get, name))
        clearance = _marked(old, mark)
        if not why.strip():
            wrong = {"why": pages.language(request).oversight[OversightLabel.NEEDED]}
            return await _one(screens, request, caregiver, name, clearance, wrong=wrong)
        new = replace(old, clearances=tuple(each for each in old.clearances if each != clearance))
        try:
            await desk.do(partial(desk.people.change, old, new, why=why, caregiver=caregiver))
        except (NotAllowedError, BusyError) as error:
            return await _one(screens, request, caregiver, name, clearance, wrong={"all": str(error)})
        return go_to(f"{about_record(name)}/clearance?done=ended")


async def _now_s(screens: CaregiverScreens, name: str) -> int:
    """By the clock that the limits look at, since a clearance ends by it."""
    return (await screens.desk.do(partial(screens.desk.people.lockouts.history, name))).now_s


async def _list(
    screens: CaregiverScreens, request: Request, caregiver: SignedIn, name: str, wrong: dict[str, str]
) -> Response:
    words, desk, form = screens.pages.language(request), screens.desk, await form_of(request)
    person, now_s = await desk.do(partial(desk.people.get, name)), await _now_s(screens, name)
    done = _DONE.get(request.query_params.get("done", ""))
    return screens.page(
        request,
        "clearance",
        caregiver,
        status=status_of(wrong),
        person=name,
        here=f"{about_record(name)}/clearance",
        found=[_shown(words, one, now_s) for one in person.clearances],
        done="" if done is None else words.oversight[done],
        table=_table(words, person),
        heads=[capital(words.caregiver[label]) for label in MODALITIES.values()],
        codes=[(code, words.oversight[label]) for code, label in _CODES.items()],
        regions=[(region, capital(words.caregiver[label])) for region, label in REGIONS.items()],
        modalities=[(modality, capital(words.caregiver[label])) for modality, label in MODALITIES.items()],
        typed=form,
        wrong={field: wrong[field] for field in ("all", *_FIELDS) if field in wrong},
    )


async def _one(
    screens: CaregiverScreens,
    request: Request,
    caregiver: SignedIn,
    name: str,
    clearance: ProviderClearance,
    *,
    wrong: dict[str, str],
) -> Response:
    return screens.page(
        request,
        "clearance_end",
        caregiver,
        status=status_of(wrong),
        person=name,
        here=f"{about_record(name)}/clearance/{mark_of(clearance)}",
        back=f"{about_record(name)}/clearance",
        one=_shown(screens.pages.language(request), clearance, await _now_s(screens, name)),
        typed=await form_of(request),
        wrong=wrong,
    )


def mark_of(one: ProviderClearance) -> str:
    """What a clearance is called in an address."""
    parts = (one.code, one.provider, one.region, one.modality, one.given_s, one.expires_s)
    return hashlib.sha256(repr(tuple(map(str, parts))).encode()).hexdigest()[:16]


def _marked(person: Person, mark: str) -> ProviderClearance:
    found = next((one for one in person.clearances if mark_of(one) == mark), None)
    if found is None:
        raise NotFoundError(f"{person.name} has no such clearance any more.")
    return found


def _shown(words: Language, one: ProviderClearance, now_s: int) -> dict[str, object]:
    label = words.oversight
    text = label[OversightLabel.CLEARANCE_ONE].format(
        modality=capital(words.caregiver[MODALITIES[one.modality]]),
        region=words.caregiver[REGIONS[one.region]],
        provider=one.provider,
        given=day(one.given_s),
        code=label[OversightLabel.CLEARANCE_B if one.code is Clearance.B else OversightLabel.CLEARANCE_C],
    )
    until = OversightLabel.CLEARANCE_HOLDS if now_s < one.expires_s else OversightLabel.CLEARANCE_EXPIRED
    return {"mark": mark_of(one), "text": text, "until": label[until].format(when=day(one.expires_s))}


def _table(words: Language, person: Person) -> list[tuple[str, list[str]]]:
    """What each kind of massage needs in each part of this person's back."""
    codes = needed(person)
    return [
        (
            capital(words.caregiver[label]),
            [words.oversight[_NEEDS[codes[region, modality]]] for modality in MODALITIES],
        )
        for region, label in REGIONS.items()
    ]


def _read(words: Language, form: Form) -> ProviderClearance | dict[str, str]:
    """What a form says, or what is wrong with it, by field."""
    label, wrong = words.oversight, dict[str, str]()
    for field in ("provider", "why"):
        if not form.one(field).strip():
            wrong[field] = label[OversightLabel.NEEDED]
    code, region, modality = form.one("code"), form.one("region"), form.one("modality")
    for field, value, known in (
        ("code", code, set[str](_CODES)),
        ("region", region, set[str](Region)),
        ("modality", modality, set[str](Modality)),
    ):
        if value not in known:
            wrong[field] = label[OversightLabel.CLEARANCE_CHOOSE]
    given_s, expires_s = _day_s(form.one("given")), _day_s(form.one("expires"))
    for field, found in (("given", given_s), ("expires", expires_s)):
        if found is None:
            wrong[field] = label[OversightLabel.CLEARANCE_NO_DAY]
    if wrong or given_s is None or expires_s is None:
        return wrong
    provider = form.one("provider").strip()
    try:
        return ProviderClearance(
            Clearance(code), provider, Region(region), Modality(modality), given_s, expires_s
        )
    except ValueError as error:
        return {"expires": f"{capital(str(error))}."}


def _day_s(text: str) -> int | None:
    """Midnight UTC of a day as a form sends it; None where it is none."""
    try:
        at = date.fromisoformat(text)
    except ValueError:
        return None
    return int(datetime(at.year, at.month, at.day, tzinfo=UTC).timestamp())
