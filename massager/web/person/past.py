"""What a person has had: minutes of seven days, strength and pain of the last massages, and where."""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from massager.web.forms import from_address
from massager.web.looking_back import look_back
from massager.web.person.screens import Screens

_DAYS: Final = 7


def serve_past(router: APIRouter, screens: Screens) -> None:
    """Its one address."""
    pages = screens.pages

    @router.get("/people/{part}/history")
    async def history(request: Request, part: str) -> Response:
        name, words = from_address(part), pages.language(request)
        week = (await screens.known(name)).week
        plots = await look_back(screens.desk, words, name, limit=week.most, count=_DAYS, detailed=False)
        return pages.page(request, "history", person=name, week=week, plots=plots)
