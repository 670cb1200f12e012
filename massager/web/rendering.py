"""Pages from templates: every word from the texts, every value escaped, no page without its stop button."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import cache, partial
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from massager.model.questions import PAIN_WORST
from massager.texts import LANGUAGES
from massager.texts.labels import Label
from massager.texts.language import Language
from massager.web.forms import about_person, about_record, about_session, below
from massager.web.look import Look

_DAYS: Final = {-1: Label.YESTERDAY_AT, 0: Label.TODAY_AT, 1: Label.TOMORROW_AT}
_MINUTE_S: Final = 60
STATIC: Final = Path(__file__).parent / "static"


@cache
def version_of(file: str) -> str:
    """A mark of a static file's content, for its address."""
    return hashlib.sha256((STATIC / file).read_bytes()).hexdigest()[:12]


def _address_of(file: str) -> str:
    return f"/static/{file}?v={version_of(file)}"


def speaker(language: Language) -> Callable[..., str]:
    """Says what a label stands for, its gaps filled."""
    labels = language.labels

    def say(label: str, **gaps: object) -> str:
        return labels[label].format(**gaps)

    return say


def clock(seconds: int) -> str:
    """Minutes and seconds."""
    return f"{seconds // 60}:{seconds % 60:02}"


def length(language: Language, seconds: int) -> str:
    """How long, in minutes; with seconds where they are not whole, and in these alone below one."""
    if 0 < seconds < _MINUTE_S:
        return language.page[Label.SECONDS].format(seconds=seconds)
    if seconds == _MINUTE_S:
        return language.page[Label.ONE_MINUTE]
    minutes = str(seconds // _MINUTE_S) if seconds % _MINUTE_S == 0 else clock(seconds)
    return language.page[Label.MANY_MINUTES].format(minutes=minutes)


def capital(text: str) -> str:
    """With its first letter as at the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def teller(language: Language) -> Callable[[int], str]:
    """Says when something was or will be, as people say it."""

    def when(unix_s: int) -> str:
        then, now, page = (
            datetime.fromtimestamp(unix_s).astimezone(),
            datetime.now().astimezone(),
            language.page,
        )
        label = _DAYS.get((then.date() - now.date()).days, Label.DAY_AT)
        month = page[Label.MONTHS].split()[then.month - 1]
        return page[label].format(time=f"{then:%H:%M}", day=then.day, month=month)

    return when


class Pages:
    """Renders templates; one for the whole application."""

    def __init__(self) -> None:
        self._templates = Environment(
            loader=PackageLoader("massager.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals |= {
            "asset": _address_of,
            "about_person": about_person,
            "about_record": about_record,
            "below": below,
            "about_session": about_session,
        }
        self._templates.globals["pains"] = [(pain, pain) for pain in range(PAIN_WORST + 1)]
        self._templates.filters["capital"] = capital

    def look(self, request: Request) -> Look:
        """What was chosen on this screen."""
        return Look.of(request, frozenset(LANGUAGES))

    def language(self, request: Request) -> Language:
        """The words for this screen."""
        return LANGUAGES[self.look(request).language]

    def page(
        self,
        request: Request,
        template: str,
        *,
        status: HTTPStatus = HTTPStatus.OK,
        person: str | None = None,
        **shown: Any,
    ) -> HTMLResponse:
        """A page.

        Args:
            request: What asks for it.
            template: Below `templates`, without its ending.
            status: Of the answer.
            person: Whose page it is; the name stands at its top.
            shown: What the template shows.
        """
        look = self.look(request)
        text = self._templates.get_template(f"{template}.html").render(
            look=look,
            lang=look.language,
            say=speaker(LANGUAGES[look.language]),
            when=teller(LANGUAGES[look.language]),
            length=partial(length, LANGUAGES[look.language]),
            person=person,
            path=request.url.path,
            **shown,
        )
        return HTMLResponse(text, status_code=status)
