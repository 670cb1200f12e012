"""Who has signed in on which screen.

In memory alone, so that a restart signs everybody out (chosen: nothing that opens this side lies on a disk).
The browser keeps an opaque random word, and nothing can be read from it.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from massager.model.errors import NotSignedInError
from massager.session.caregivers import SignedIn

COOKIE: Final = "massager_caregiver"
HOME: Final = "/caregiver"
# Chosen: as long as somebody thinks about a limit, and not so long that a tablet left lying stays open.
QUIET_S: Final = 15 * 60.0
# Chosen: a day's work.
LONGEST_S: Final = 8 * 3600.0


@dataclass(slots=True)
class Login:
    """One browser of one caregiver.

    Attributes:
        number: What it is called on a page; opens nothing.
        address: Where it came from.
        begun_s: On the monotonic clock, as `used_s`, its last request.
        begun_unix_s: For people.
    """

    number: int
    caregiver: SignedIn
    address: str
    begun_s: float
    used_s: float
    begun_unix_s: int


@dataclass(slots=True)
class Logins:
    """All that are open. `now_s` is a monotonic clock, `unix_s` the wall's."""

    now_s: Callable[[], float]
    unix_s: Callable[[], float]
    _open: dict[str, Login] = field(default_factory=dict)
    _count: int = 0

    def begin(self, request: Request, response: Response, caregiver: SignedIn) -> None:
        """Open one, and have the browser keep its word; the one that it had before ends."""
        self._open.pop(request.cookies.get(COOKIE, ""), None)
        word, now_s = secrets.token_urlsafe(32), self.now_s()
        self._count += 1
        address = request.client.host if request.client else ""
        self._open[word] = Login(self._count, caregiver, address, now_s, now_s, int(self.unix_s()))
        response.set_cookie(
            COOKIE,
            word,
            path=HOME,
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )

    def of(self, request: Request) -> Login:
        """The one that asks; that is a use of it.

        Raises:
            NotSignedInError: There is none, or it has ended.
        """
        found = self._living().get(request.cookies.get(COOKIE, ""))
        if found is None:
            raise NotSignedInError("Sign in as a caregiver.")
        found.used_s = self.now_s()
        return found

    def end(self, request: Request, response: Response) -> None:
        """Sign out whoever asks, if they are signed in."""
        self._open.pop(request.cookies.get(COOKIE, ""), None)
        response.delete_cookie(COOKIE, path=HOME, httponly=True, samesite="strict")

    def all(self) -> tuple[Login, ...]:
        """Those that are open, the oldest first."""
        return tuple(self._living().values())

    def revoke(self, number: int) -> None:
        """End one, whosever it is; done again it changes nothing."""
        self._keep(lambda login: login.number != number)

    def revoke_all(self, name: str) -> None:
        """End every one of a caregiver."""
        self._keep(lambda login: login.caregiver.name != name)

    def _living(self) -> dict[str, Login]:
        now_s = self.now_s()
        self._keep(lambda one: now_s - one.used_s < QUIET_S and now_s - one.begun_s < LONGEST_S)
        return self._open

    def _keep(self, stays: Callable[[Login], bool]) -> None:
        self._open = {word: login for word, login in self._open.items() if stays(login)}
