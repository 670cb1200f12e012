"""What a program is told that asks in vain: one shape, a word for each cause, a status for each word."""

from collections.abc import Mapping
from enum import StrEnum
from http import HTTPStatus
from types import MappingProxyType
from typing import Annotated, Final

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from massager.model.errors import InvalidProfileError, MassagerError, NotFoundError, StoreError


class ErrorName(StrEnum):
    """Why a request came to nothing; docs/http.md says of each what to do."""

    INVALID = "invalid"
    INVALID_FILE = "invalid-file"
    NOT_CONFIRMED = "not-confirmed"
    NO_SUCH_ADDRESS = "no-such-address"
    NOT_FOUND = "not-found"
    NOT_HERE = "not-here"
    WRONG_METHOD = "wrong-method"
    PIN = "pin"
    WAIT = "wait"
    REFUSED = "refused"
    OVER = "over"
    OTHER_SITE = "other-site"
    UNKNOWN_HOST = "unknown-host"
    TOO_LONG = "too-long"
    STORE_FAILED = "store-failed"
    FAILED = "failed"


STATUS: Final[Mapping[ErrorName, HTTPStatus]] = MappingProxyType(
    {
        ErrorName.INVALID: HTTPStatus.UNPROCESSABLE_ENTITY,
        ErrorName.INVALID_FILE: HTTPStatus.UNPROCESSABLE_ENTITY,
        ErrorName.NOT_CONFIRMED: HTTPStatus.UNPROCESSABLE_ENTITY,
        ErrorName.NO_SUCH_ADDRESS: HTTPStatus.NOT_FOUND,
        ErrorName.NOT_FOUND: HTTPStatus.NOT_FOUND,
        ErrorName.NOT_HERE: HTTPStatus.NOT_FOUND,
        ErrorName.WRONG_METHOD: HTTPStatus.METHOD_NOT_ALLOWED,
        ErrorName.PIN: HTTPStatus.UNAUTHORIZED,
        ErrorName.WAIT: HTTPStatus.TOO_MANY_REQUESTS,
        ErrorName.REFUSED: HTTPStatus.CONFLICT,
        ErrorName.OVER: HTTPStatus.CONFLICT,
        ErrorName.OTHER_SITE: HTTPStatus.FORBIDDEN,
        ErrorName.UNKNOWN_HOST: HTTPStatus.MISDIRECTED_REQUEST,
        ErrorName.TOO_LONG: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        ErrorName.STORE_FAILED: HTTPStatus.SERVICE_UNAVAILABLE,
        ErrorName.FAILED: HTTPStatus.INTERNAL_SERVER_ERROR,
    }
)

_KINDS: Final[Mapping[type[MassagerError], ErrorName]] = MappingProxyType(
    {
        NotFoundError: ErrorName.NOT_FOUND,
        InvalidProfileError: ErrorName.INVALID_FILE,
        StoreError: ErrorName.STORE_FAILED,
    }
)
# What the framework turns away by itself, and what stands before it. It answers 400 to a body that is none.
_TURNED_AWAY: Final[Mapping[int, ErrorName]] = MappingProxyType(
    {
        HTTPStatus.BAD_REQUEST: ErrorName.INVALID,
        HTTPStatus.FORBIDDEN: ErrorName.OTHER_SITE,
        HTTPStatus.NOT_FOUND: ErrorName.NO_SUCH_ADDRESS,
        HTTPStatus.METHOD_NOT_ALLOWED: ErrorName.WRONG_METHOD,
        HTTPStatus.MISDIRECTED_REQUEST: ErrorName.UNKNOWN_HOST,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ErrorName.TOO_LONG,
    }
)
_TEXTS: Final[Mapping[ErrorName, str]] = MappingProxyType(
    {
        ErrorName.INVALID: "The body cannot be read: it must be JSON.",
        ErrorName.OTHER_SITE: "It comes from a page of another site: such a request changes nothing here.",
        ErrorName.NO_SUCH_ADDRESS: "There is nothing at this address. See /openapi.json.",
        ErrorName.WRONG_METHOD: "This address takes another method: see the header Allow.",
        ErrorName.UNKNOWN_HOST: "The header Host has a name that is not one of this computer's.",
        ErrorName.TOO_LONG: "The body is too long.",
        ErrorName.FAILED: "Something failed inside. If anything runs and you are in doubt, stop it.",
    }
)


class Problem(BaseModel):
    """Why a request came to nothing."""

    error: Annotated[ErrorName, Field(description="for programs; a new one may come with a new version")]
    text: Annotated[str, Field(description="for people: what, where, what to do")]


def problem(error: ErrorName, text: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The answer to a request that comes to nothing."""
    return JSONResponse(Problem(error=error, text=text).model_dump(), STATUS[error], headers=headers)


def turned_away(status: int, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The answer to what came to no route of ours."""
    error = _TURNED_AWAY.get(status, ErrorName.FAILED)
    return problem(error, _TEXTS[error], headers)


async def tell_failed(_request: Request, error: Exception) -> JSONResponse:
    """What an error of ours is told as."""
    name = next((_KINDS[kind] for kind in _KINDS if isinstance(error, kind)), ErrorName.FAILED)
    return problem(name, str(error))


async def tell_odd(_request: Request, error: Exception) -> JSONResponse:
    """What a request is told that has not the shape it should have."""
    if not isinstance(error, RequestValidationError):
        return problem(ErrorName.INVALID, str(error))
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"] if part != "body")
    return problem(ErrorName.INVALID, f"{where}: {first['msg']}" if where else first["msg"])


async def tell_turned_away(_request: Request, error: Exception) -> JSONResponse:
    """What a request is told that the framework turned away."""
    if not isinstance(error, HTTPException):
        return turned_away(HTTPStatus.INTERNAL_SERVER_ERROR)
    # Allow is among them, of a wrong method.
    return turned_away(error.status_code, error.headers)
