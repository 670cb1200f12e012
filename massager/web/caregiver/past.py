"""What a person has had, as their caregiver sees it: four weeks, and what held each strength."""

from functools import partial
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from massager.web.caregiver.logins import HOME
from massager.web.caregiver.screens import CaregiverScreens
from massager.web.forms import from_address
from massager.web.looking_back import look_back

# Chosen: four times the seven days that the limits look back.
_DAYS: Final = 28


def serve_past(router: APIRouter, screens: CaregiverScreens) -> None:
    """Its one address."""
    pages, desk = screens.pages, screens.desk

    @router.get(f"{HOME}/people/{{part}}/history")
    async def history(request: Request, part: str) -> Response:
        caregiver = await screens.signed_in(request)
        name, words = from_address(part), pages.language(request)
        week = (await desk.do(partial(desk.offers.known, name))).week
        plots = await look_back(desk, words, name, limit=week.most, count=_DAYS, detailed=True)
        return screens.page(request, "history", caregiver, person=name, week=week, plots=plots)
