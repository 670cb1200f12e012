"""Setting one person up on one massager: what is done, what is missing, what is said of places tried out."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from massager.model.body import Zone
from massager.model.decisions import Refusal
from massager.model.errors import BusyError, NotAllowedError
from massager.session.caregivers import SignedIn
from massager.session.offers import Massager
from massager.session.set_up import Missing, Tried, missing
from massager.texts import reason_on_page
from massager.texts.language import Language
from massager.texts.oversight_labels import OversightLabel
from massager.web.caregiver.conditions import CONDITIONS
from massager.web.caregiver.screens import CaregiverScreens
from massager.web.caregiver.setting import ADDRESS, Setting, setting_of
from massager.web.forms import about_record, form_of, go_to
from massager.web.rendering import capital

_MISSING: Final[Mapping[Missing, OversightLabel]] = MappingProxyType(
    {
        Missing.DIAGNOSIS: OversightLabel.MISSING_DIAGNOSIS,
        Missing.ATTESTED: OversightLabel.MISSING_ATTESTED,
        Missing.SCREENED: OversightLabel.MISSING_SCREENED,
    }
)
_TRIED: Final = MappingProxyType(
    {
        Tried.NOT_YET: OversightLabel.TRIED_NOT_YET,
        Tried.TO_SAY: OversightLabel.TRIED_TO_SAY,
        Tried.RIGHT: OversightLabel.TRIED_RIGHT,
    }
)


def serve_setting_up(router: APIRouter, screens: CaregiverScreens) -> None:
    """What is done and what is missing; and what somebody says of a place that was tried out."""
    desk, pages = screens.desk, screens.pages

    @router.get(ADDRESS)
    async def steps(request: Request, part: str, on: str = "") -> Response:
        caregiver = await screens.signed_in(request)
        return await _steps(screens, request, caregiver, await setting_of(screens, part, on))

    @router.post(ADDRESS)
    async def say(request: Request, part: str) -> Response:
        caregiver, form = await screens.signed_in(request), await form_of(request)
        setting = await setting_of(screens, part, form.one("on"))
        zone, answer = form.one("zone"), form.one("right")
        if setting.on is not None and zone in set(Zone) and answer in {"yes", "no"}:
            why = pages.language(request).oversight[OversightLabel.TRIED_WRONG_WHY]
            job = partial(
                desk.set_up.say,
                setting.name,
                setting.on,
                Zone(zone),
                right=answer == "yes",
                why=why.format(zone=zone, massager=setting.on.name),
                caregiver=caregiver,
            )
            try:
                await desk.do(job)
            except (NotAllowedError, BusyError) as error:
                return await _steps(screens, request, caregiver, replace(setting, wrong=str(error)))
        return go_to(setting.address(said=answer))


async def _steps(
    screens: CaregiverScreens, request: Request, caregiver: SignedIn, setting: Setting
) -> Response:
    desk, words, on = screens.desk, screens.pages.language(request), setting.on
    label, said = words.oversight, request.query_params.get("said", "")
    shown: dict[str, Any] = {}
    if on is not None:
        places = await desk.do(partial(desk.set_up.places, setting.name, on))
        open_steps = missing(setting.known.person, on.profile)
        shown = {
            "missing": [
                (label[text], f"{about_record(setting.name)}/{CONDITIONS.name}")
                for one, text in _MISSING.items()
                if one in open_steps
            ],
            "measured": Missing.MEASURED not in open_steps,
            "places": [
                {"zone": one.zone, "name": capital(words.zones[one.zone]), "tried": label[_TRIED[one.tried]]}
                | {"asks": one.tried is Tried.TO_SAY}
                for one in places
            ],
            "starts": None if open_steps else await _starts(screens, words, setting, on),
        }
    return screens.page(
        request,
        "set_up_person",
        caregiver,
        person=setting.name,
        setting=setting,
        here=setting.address().partition("?")[0],
        wrong_place=said == "no",
        **shown,
    )


async def _starts(
    screens: CaregiverScreens, words: Language, setting: Setting, on: Massager
) -> dict[str, object]:
    """What may start now, and why the rest may not, by the real admission."""
    offers = screens.desk.offers
    barred = await screens.desk.think(partial(offers.bars, setting.known))
    if barred is not None:
        return {"count": 0, "why": [reason_on_page(words, barred.reason, barred.detail)]}
    wish = screens.massages.wish(setting.name, on.name)
    found = await screens.desk.think(partial(offers.offers, setting.known, wish))
    refused = [one.now for one in found if isinstance(one.now, Refusal)]
    why = dict.fromkeys(reason_on_page(words, one.reason, one.detail) for one in refused)
    return {"count": len(found) - len(refused), "why": [] if len(found) > len(refused) else list(why)}
