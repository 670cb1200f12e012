"""Measuring somebody on a massager: the landmarks typed, read back, and saved."""

from functools import partial
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from massager.model.body import ERROR_BY_HAND_MM, Calibration
from massager.model.devices import Mount
from massager.model.errors import BusyError, NotAllowedError
from massager.session.caregivers import SignedIn
from massager.session.set_up import measured
from massager.texts.language import Language
from massager.texts.oversight_labels import OversightLabel
from massager.web.caregiver.screens import CaregiverScreens
from massager.web.caregiver.setting import ADDRESS, Setting, setting_of
from massager.web.forms import Form, form_of, go_to
from massager.web.rendering import capital

_HOW: Final = MappingProxyType(
    {
        Mount.CARRIAGE: OversightLabel.MEASURE_CARRIAGE,
        Mount.FIXED: OversightLabel.MEASURE_FIXED,
        Mount.HELD: OversightLabel.MEASURE_HELD,
    }
)
_MM: Final = ("c7", "psis", "error")


def serve_measuring(router: APIRouter, screens: CaregiverScreens) -> None:
    """The landmarks: typed, read back, and saved."""
    desk = screens.desk

    @router.get(f"{ADDRESS}/measure")
    async def ask(request: Request, part: str, on: str = "") -> Response:
        caregiver = await screens.signed_in(request)
        setting = await setting_of(screens, part, on)
        return _measure(screens, request, caregiver, setting, Form(()))

    @router.post(f"{ADDRESS}/measure")
    async def take(request: Request, part: str) -> Response:
        caregiver, form = await screens.signed_in(request), await form_of(request)
        setting = await setting_of(screens, part, form.one("on"))
        if setting.on is None:
            return go_to(setting.address())
        try:
            landmarks = _landmarks(screens.pages.language(request), form)
            new = measured(setting.known.person, setting.on.profile, landmarks)
            if form.one("sure"):
                why = form.one("why")
                change = partial(desk.people.change, setting.known.person, new, why=why, caregiver=caregiver)
                await desk.do(change)
                return go_to(setting.address())
        except (ValueError, NotAllowedError, BusyError) as error:
            return _measure(screens, request, caregiver, setting, form, wrong=capital(str(error)))
        return _measure(screens, request, caregiver, setting, form, landmarks=landmarks)


def _landmarks(words: Language, form: Form) -> Calibration:
    values = [form.one(name).strip() for name in _MM]
    if not all(value.removeprefix("-").isascii() and value.removeprefix("-").isdigit() for value in values):
        raise ValueError(words.oversight[OversightLabel.MEASURE_NUMBERS])
    c7_mm, psis_mm, error_mm = (int(value) for value in values)
    return Calibration(c7_mm, psis_mm, error_mm)


def _measure(
    screens: CaregiverScreens,
    request: Request,
    caregiver: SignedIn,
    setting: Setting,
    form: Form,
    *,
    wrong: str = "",
    landmarks: Calibration | None = None,
) -> Response:
    """The form; with landmarks, what they say read back."""
    if setting.on is None:
        return go_to(setting.address())
    label, profile = screens.pages.language(request).oversight, setting.on.profile
    old = setting.known.person.calibrations.get(profile.name)
    before = ("", "", str(ERROR_BY_HAND_MM))
    if old is not None:
        before = (str(old.c7_mm), str(old.psis_mm), str(old.error_mm))
    typed = {name: form.one(name) or value for name, value in zip(_MM, before, strict=True)}
    typed["why"] = form.one("why") or label[OversightLabel.MEASURE_WHY_USUAL]
    return screens.page(
        request,
        "measure",
        caregiver,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        person=setting.name,
        on=setting.on,
        here=setting.address("/measure").partition("?")[0],
        back=setting.address(),
        how=label[_HOW[profile.mount]],
        travel_mm=None if profile.carriage is None else profile.carriage.travel_mm,
        typed=Form(tuple(typed.items())),
        wrong={"all": wrong} if wrong else {},
        landmarks=landmarks,
        old=old,
    )
