"""How the page looks on this screen: kept in a cookie of the browser, and nowhere else."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from starlette.requests import HTTPConnection
from starlette.responses import Response

_COOKIE: Final = "look"
_YEAR_S: Final = 365 * 24 * 3600


class Size(StrEnum):
    """Of all text."""

    USUAL = "usual"
    LARGE = "large"
    LARGEST = "largest"


class Theme(StrEnum):
    """Colours."""

    DEVICE = "device"
    LIGHT = "light"
    DARK = "dark"


class Signal(StrEnum):
    """What happens beside the text when a session asks something."""

    NONE = "none"
    SOUND = "sound"


@dataclass(frozen=True, slots=True)
class Look:
    """What somebody has chosen on this screen."""

    size: Size = Size.USUAL
    theme: Theme = Theme.DEVICE
    signal: Signal = Signal.SOUND
    language: str = "en"

    @classmethod
    def of(cls, request: HTTPConnection, languages: frozenset[str]) -> Self:
        """From the cookie; what does not fit is as if nobody had chosen."""
        words = request.cookies.get(_COOKIE, "").split(".")
        usual = cls()
        if len(words) != 4:  # noqa: PLR2004 - the four choices
            return usual
        size, theme, signal, language = words
        return cls(
            size=Size(size) if size in set(Size) else usual.size,
            theme=Theme(theme) if theme in set(Theme) else usual.theme,
            signal=Signal(signal) if signal in set(Signal) else usual.signal,
            language=language if language in languages else usual.language,
        )

    def keep(self, response: Response) -> None:
        """Have the browser keep it."""
        value = f"{self.size}.{self.theme}.{self.signal}.{self.language}"
        response.set_cookie(_COOKIE, value, max_age=_YEAR_S, httponly=True, samesite="strict")
