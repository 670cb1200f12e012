"""What a form sends, and names in addresses."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, quote, unquote

from starlette.requests import Request
from starlette.responses import RedirectResponse

_MOST_FIELDS: Final = 100


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form, in their order."""

    fields: tuple[tuple[str, str], ...]

    def one(self, name: str) -> str:
        """The last value of that name, empty where there is none."""
        return next((value for key, value in reversed(self.fields) if key == name), "")

    def every(self, name: str) -> tuple[str, ...]:
        """All values of that name."""
        return tuple(value for key, value in self.fields if key == name)


async def form_of(request: Request) -> Form:
    """The form that a request brings; what is none has no fields."""
    try:
        text = (await request.body()).decode("ascii")
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return Form(())
    return Form(tuple(pairs))


def go_to(address: str) -> RedirectResponse:
    """The answer to a form: look there."""
    return RedirectResponse(address, status_code=303)


def in_address(name: str) -> str:
    """A person's name as a part of an address; twice quoted, so that a slash stays within its part."""
    return quote(quote(name, safe=""), safe="")


def from_address(part: str) -> str:
    """The name that `in_address` put there, once the server has unquoted the address."""
    return unquote(part)


def about_person(name: str) -> str:
    """Address of a person's own screen."""
    return f"/people/{in_address(name)}"


def about_record(name: str) -> str:
    """Address of what a caregiver sees of a person."""
    return f"/caregiver/people/{in_address(name)}"


def below(address: str, name: str) -> str:
    """Address of what has a name, below another address."""
    return f"{address}/{in_address(name)}"


def about_session(number: int) -> str:
    """Address of a session's screen."""
    return f"/sessions/{number}"
