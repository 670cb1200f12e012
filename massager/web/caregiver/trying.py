"""Trying places out: a massage like any other, at the lowest strength at which it may start."""

from dataclasses import replace
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import Response

from massager.model.decisions import Refusal
from massager.model.questions import Screening
from massager.session.offers import Massager
from massager.session.outlook import WELL
from massager.session.set_up import Trial, trials
from massager.texts import reason_on_page
from massager.web.caregiver.screens import CaregiverScreens
from massager.web.caregiver.setting import ADDRESS, Setting, setting_of
from massager.web.forms import form_of, go_to
from massager.web.person.sketching import sketch


def serve_trying(router: APIRouter, screens: CaregiverScreens) -> None:
    """Its one address."""

    @router.get(f"{ADDRESS}/test")
    async def choose(request: Request, part: str, on: str = "") -> Response:
        caregiver, words = await screens.signed_in(request), screens.pages.language(request)
        setting = await setting_of(screens, part, on)
        if setting.on is None:
            return go_to(setting.address())
        found = [one.offer for one in await _trials(screens, setting, setting.on)]
        offered = [
            {
                "name": one.program.name,
                "title": one.program.title,
                "seconds": one.now,
                "zones": "; ".join(
                    words.zones[zone] for zone in dict.fromkeys(step.zone for step in one.program.steps)
                ),
            }
            for one in sorted(found, key=lambda one: one.program.seconds)
            if isinstance(one.now, int)
        ]
        refused = [one.now for one in found if isinstance(one.now, Refusal)]
        why = dict.fromkeys(reason_on_page(words, one.reason, one.detail) for one in refused)
        return screens.page(
            request,
            "try_out",
            caregiver,
            person=setting.name,
            on=setting.on,
            here=setting.address("/test").partition("?")[0],
            back=setting.address(),
            offered=offered,
            why=[] if offered else list(why),
        )

    @router.post(f"{ADDRESS}/test")
    async def begin(request: Request, part: str) -> Response:
        await screens.signed_in(request)
        form, desk, massages = await form_of(request), screens.desk, screens.massages
        setting = await setting_of(screens, part, form.one("on"))
        if setting.on is None:
            return go_to(setting.address())
        found = {one.offer.program.name: one.wish for one in await _trials(screens, setting, setting.on)}
        wish = found.get(form.one("program"))
        if wish is None:
            return go_to(setting.address("/test"))
        basis = await desk.think(partial(desk.offers.admit, setting.known, replace(wish, screening=WELL)))
        if isinstance(basis, Refusal):
            return go_to(setting.address("/test"))
        visit = massages.visits.begin(replace(wish, screening=Screening()), setting.known)
        visit.sketch = sketch(desk, basis)
        return go_to(visit.address)


async def _trials(screens: CaregiverScreens, setting: Setting, on: Massager) -> tuple[Trial, ...]:
    wish = screens.massages.wish(setting.name, on.name)
    return await screens.desk.think(partial(trials, screens.desk.offers, setting.known, wish))
