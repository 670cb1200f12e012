"""The overview: whoever needs attention, what runs, and the way to everything else."""

from contextlib import suppress
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import Response

from massager.model.errors import NotFoundError
from massager.session.offers import Known
from massager.texts.caregiver_labels import CaregiverLabel
from massager.texts.language import Language
from massager.web.caregiver.logins import HOME
from massager.web.caregiver.screens import CaregiverScreens


def serve_home(router: APIRouter, screens: CaregiverScreens) -> None:
    """Its one address."""
    pages, desk = screens.pages, screens.desk

    @router.get(HOME)
    async def home(request: Request) -> Response:
        caregiver, words = await screens.signed_in(request), pages.language(request)
        people = [(one.person.name, attention(words, one)) for one in await everybody(screens)]
        return screens.page(
            request,
            "home",
            caregiver,
            attention=[(name, lines) for name, lines in people if lines],
            people=bool(people),
            running=[
                {"number": number, "person": one.person} for number, one in desk.massage.running().items()
            ],
        )


async def everybody(screens: CaregiverScreens) -> list[Known]:
    """All people, with what the store knows of them now."""
    desk, found = screens.desk, []
    for name in await desk.do(desk.people.names):
        # One job each, so that whatever runs comes in between; somebody may be forgotten meanwhile.
        with suppress(NotFoundError):
            found.append(await desk.do(partial(desk.offers.known, name)))
    return found


def attention(words: Language, known: Known) -> list[str]:
    """What a caregiver should look at, most pressing first."""
    person, history, of = known.person, known.history, words.caregiver
    lines = [
        of[CaregiverLabel.IS_LOCKED_OUT].format(cause=words.lock_causes[one.cause])
        for one in history.lockouts
    ]
    open_points = {
        CaregiverLabel.HAS_TO_ANSWER: bool(history.follow_ups),
        CaregiverLabel.NO_DIAGNOSIS: not person.conditions,
        CaregiverLabel.NOT_CONSULTED: not person.attested,
        CaregiverLabel.NOT_SCREENED: not person.screened,
        CaregiverLabel.NOT_MEASURED: not person.calibrations,
    }
    return lines + [of[label] for label, is_open in open_points.items() if is_open]
