"""The live view: every massage of this core, as it runs now, and how the last ones ended."""

from datetime import datetime
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from massager.session.snapshot import Ending, Snapshot
from massager.texts import reason_on_page
from massager.texts.language import Language, Phrase
from massager.texts.oversight_labels import OversightLabel
from massager.web.caregiver.logins import HOME
from massager.web.caregiver.screens import CaregiverScreens

LIVE: Final = f"{HOME}/live"


def serve_live_view(router: APIRouter, screens: CaregiverScreens) -> None:
    """Its one address."""
    massage, showing = screens.desk.massage, screens.massages.showing

    @router.get(LIVE)
    async def live(request: Request) -> Response:
        caregiver = await screens.signed_in(request)
        words = screens.pages.language(request)
        snapshots = massage.snapshots()
        running = [
            {
                "number": number,
                "person": one.person,
                "device": one.device,
                "program": massage.basis(number).order.program.title,
                "shown": showing.shown(words, number),
                "alarm": one.alarm,
            }
            for number, one, ending in snapshots
            if ending is None
        ]
        over = [_ended(words, number, one, ending) for number, one, ending in snapshots if ending is not None]
        return screens.page(
            request,
            "live",
            caregiver,
            running=running,
            over=list(reversed(over)),
            time=f"{datetime.now().astimezone():%H:%M:%S}",
            by_hand=words.phrases[Phrase.SWITCH_OFF_BY_HAND],
        )


def _ended(words: Language, number: int, last: Snapshot, ending: Ending) -> dict[str, object]:
    return {
        "number": number,
        "person": last.person,
        "device": last.device,
        "reason": reason_on_page(words, ending.reason, ending.detail),
        "rest": "" if ending.confirmed is None else words.oversight[_rest(ending)],
        "confirmed": ending.confirmed is not False,
        "alarm": ending.alarm,
    }


def _rest(ending: Ending) -> OversightLabel:
    return OversightLabel.TOLD_REST if ending.confirmed else OversightLabel.TOLD_NO_REST
