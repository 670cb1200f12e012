"""The API's OpenAPI document: what stands in it beside what each route says of itself."""

from collections.abc import Mapping
from importlib.metadata import version
from types import MappingProxyType
from typing import Any, Final

from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel

from massager.web import examples
from massager.web.errors import STATUS, ErrorName, Problem
from massager.web.shapes import RefusalText, StopResult

Answers = dict[int | str, dict[str, Any]]

_ABOUT: Final = """\
Starts, watches, steers and stops the sessions of one core. Whatever a request asks for, the limits hold: it
may shorten and weaken, and nothing here loosens a limit, lifts a lockout or changes a record; that takes a
caregiver who has signed in on the page, or at the computer itself.

No request needs a log-in. Where the page is open to others in the network a start takes the PIN, in the
header `Massager-Pin`. A stop takes nothing, is never throttled, and is answered once every device has
reported rest.

Every error has the same shape, `Problem`; the words of `error` are in docs/http.md. The live socket,
`/api/v1/live`, has a document of its own: `/asyncapi.json`.
"""
_TAGS: Final = (
    {"name": "stop", "description": "Open to everyone, at any moment."},
    {"name": "state", "description": "What runs, and what ended a while ago. Changes nothing."},
    {"name": "session", "description": "Begins one, and steers one within its limits."},
    {"name": "answers", "description": "What somebody says during a session, asked or not."},
)
_MEANINGS: Final[Mapping[int, str]] = MappingProxyType(
    {
        401: "The PIN is missing or wrong. Nothing has moved.",
        403: "A page of another site sent it. Nothing was done.",
        404: "There is none of that name or number here.",
        409: "Not now. Nothing has moved.",
        413: "The body is longer than 64 KiB.",
        421: "`Host` is not one of this computer's names.",
        422: "The request has not the shape it should have. Nothing was done.",
        429: "Too many wrong PINs; `Retry-After` says how many seconds to wait.",
        500: "A fault inside.",
        503: "The store failed: nothing starts, and what runs stops.",
    }
)
_HEADERS: Final[Mapping[ErrorName, dict[str, Any]]] = MappingProxyType(
    {ErrorName.WAIT: {"Retry-After": {"description": "seconds", "schema": {"type": "integer"}}}}
)
# Whatever reads may meet these, and whatever changes something those too.
_READING: Final = (ErrorName.UNKNOWN_HOST, ErrorName.FAILED)
_CHANGING: Final = (*_READING, ErrorName.OTHER_SITE, ErrorName.TOO_LONG)


class _Documented(FastAPI):
    def openapi(self) -> dict[str, Any]:
        """The document, with its examples as they are: the framework leaves out whatever is null in them."""
        if self.openapi_schema is None:
            document = super().openapi()
            for route in self.routes:
                if isinstance(route, APIRoute) and route.include_in_schema:
                    (method,) = route.methods or {"GET"}
                    answers = document["paths"][route.path_format][method.lower()]["responses"]
                    for status, told in route.responses.items():
                        content = answers[str(status)]["content"]["application/json"]
                        content["examples"] = told["content"]["application/json"]["examples"]
        return super().openapi()


def documented() -> FastAPI:
    """An application without routes; its own documentation pages would load scripts from elsewhere."""
    return _Documented(
        title="massager",
        summary="Holds a Bluetooth massager inside limits.",
        description=_ABOUT,
        version=version("massager"),
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        openapi_tags=[dict(tag) for tag in _TAGS],
        servers=[{"url": "/", "description": "This core."}],
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )


def _answer(text: str, *shown: tuple[str, BaseModel | dict[str, Any]]) -> dict[str, Any]:
    """One status of an operation, with its examples by name."""
    values = {
        name: {"value": one.model_dump(mode="json") if isinstance(one, BaseModel) else one}
        for name, one in shown
    }
    return {"description": text, "content": {"application/json": {"examples": values}}}


def _errors(names: tuple[ErrorName, ...]) -> Answers:
    found: Answers = {}
    for status in sorted({int(STATUS[name]) for name in names}):
        here = [name for name in names if STATUS[name] == status]
        shown = [(name.value, examples.example_of(name)) for name in here]
        model = RefusalText if here == [ErrorName.REFUSED] else Problem
        found[status] = _answer(_MEANINGS[status], *shown) | {"model": model}
        if name := next((name for name in here if name in _HEADERS), None):
            found[status]["headers"] = _HEADERS[name]
    return found


def reads(text: str, example: BaseModel, *errors: ErrorName) -> Answers:
    """The answers of an operation that changes nothing."""
    return {200: _answer(text, ("usual", example))} | _errors((*errors, *_READING))


def changes(text: str, example: BaseModel, *errors: ErrorName, status: int = 200) -> Answers:
    """The answers of one that does."""
    return {status: _answer(text, ("usual", example))} | _errors((*errors, *_CHANGING))


def stops(*errors: ErrorName) -> Answers:
    """The answers of a stop: nothing turns one away but a number that there is not."""
    held = _answer("Not confirmed within its time: switch off by hand.", ("by-hand", examples.NOT_STOPPED))
    return {
        200: _answer("Every device that is meant has reported rest.", ("usual", examples.STOPPED)),
        503: held | {"model": StopResult},
    } | _errors(errors)
