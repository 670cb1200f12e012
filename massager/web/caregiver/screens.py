"""What every screen of a caregiver needs: who has signed in, and a page that says so."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import Response

from massager.model.errors import AuthError, NotSignedInError
from massager.session.caregivers import SignedIn
from massager.web.caregiver.logins import HOME, Logins
from massager.web.desk import Desk
from massager.web.person.screens import Screens
from massager.web.rendering import Pages

SIGN_IN: Final = f"{HOME}/sign-in"
_OURS: Final = re.compile(rf"{HOME}(/[A-Za-z0-9._~%-]+)*")


@dataclass(frozen=True, slots=True)
class CaregiverScreens:
    """Of one application.

    Attributes:
        massages: The screens of whoever has one, which some of these look at, or begin.
    """

    pages: Pages
    desk: Desk
    logins: Logins
    massages: Screens

    async def signed_in(self, request: Request) -> SignedIn:
        """Who asks; to be called first by every address of this side.

        Raises:
            NotSignedInError: Nobody has signed in on this screen, or not any more; the page answers with the
                way to sign in.
        """
        caregiver = self.logins.of(request).caregiver
        try:
            await self.desk.do(partial(self.desk.people.caregivers.required, caregiver, "look at this"))
        except AuthError as error:
            self.logins.revoke_all(caregiver.name)
            raise NotSignedInError(str(error)) from error
        return caregiver

    def page(
        self,
        request: Request,
        template: str,
        caregiver: SignedIn | None,
        *,
        status: HTTPStatus = HTTPStatus.OK,
        person: str | None = None,
        **shown: Any,
    ) -> Response:
        """A page of this side: a template below `templates/caregiver`, which extends `caregiver/base.html`.

        Args:
            request: What asks for it.
            template: Without folder and ending.
            caregiver: Who has signed in; the name stands at the top. None where nobody needs to.
            status: Of the answer.
            person: Whose record it is about; the name stands at the top.
            shown: What the template shows.
        """
        return self.pages.page(
            request,
            f"caregiver/{template}",
            status=status,
            person=person,
            caregiver=None if caregiver is None else caregiver.name,
            **shown,
        )


def way_to_sign_in(request: Request) -> str:
    """Where to sign in, to come back to what was asked for."""
    path = request.scope["raw_path"].decode("ascii", "replace")
    return f"{SIGN_IN}?next={quote(path, safe='/')}" if is_ours(path) else SIGN_IN


def is_ours(path: str) -> bool:
    """Whether a path is one of this side, and leads nowhere else."""
    return _OURS.fullmatch(path) is not None


def status_of(wrong: Mapping[str, str]) -> HTTPStatus:
    """Of the answer to a form, by what is wrong with it: fields by name, `all` where a rule refuses it."""
    if not wrong:
        return HTTPStatus.OK
    return HTTPStatus.CONFLICT if "all" in wrong else HTTPStatus.UNPROCESSABLE_ENTITY
