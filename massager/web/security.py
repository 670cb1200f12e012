"""What stands before every page: known names only, no requests sent by other sites, a few headers.

A stop passes whatever it looks like: nothing may stand between a person and it.
"""

import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from massager.web.door import Door

# Of everything, or of one session.
_STOPS: Final = re.compile(r"/stop|/api/v1/sessions/[0-9]+/stop")
# Chosen: the longest form has a name, some words and a dozen choices.
BODY_LONGEST: Final = 64 * 1024
_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
# What browsers say of a form of our own page, and of an address that was typed.
_OURS: Final = frozenset({"same-origin", "none"})

HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

Refuse = Callable[[Scope, HTTPStatus], ASGIApp]


class Guarded:
    """An application behind these checks.

    Args:
        app: The application.
        door: Knows our names.
        refuse: Makes the answer to whoever is turned away; it has a stop button as every page.
    """

    def __init__(self, app: ASGIApp, door: Door, refuse: Refuse) -> None:
        self._app = app
        self._door = door
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer it here."""
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        elif scope["type"] == "http":
            await self._request(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        if self._door.knows(headers.get("host", "")) and _is_ours(headers):
            await self._app(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008, "reason": "another site"})

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused = None if _STOPS.fullmatch(scope["path"]) else self._refused(scope)
        app = self._app if refused is None else self._refuse(scope, refused)
        await app(scope, _bounded(receive), _with_headers(send))

    def _refused(self, scope: Scope) -> HTTPStatus | None:
        headers = Headers(scope=scope)
        if not self._door.knows(headers.get("host", "")):
            return HTTPStatus.MISDIRECTED_REQUEST
        if scope["method"] not in _READING and not _is_ours(headers):
            return HTTPStatus.FORBIDDEN
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > BODY_LONGEST:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        return None


def _is_ours(headers: Headers) -> bool:
    """Whether no other site sent it; what is no browser at all says nothing, and is no other site."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in _OURS
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc.lower() == headers.get("host", "").lower()


def _bounded(receive: Receive) -> Receive:
    """The body no longer than may be, also where nobody said how long it is."""
    read = 0

    async def bounded() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > BODY_LONGEST:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return message

    return bounded


def _with_headers(send: Send) -> Callable[[Message], Awaitable[None]]:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            # What is of now must not be shown again later; files have their version in their address.
            headers.setdefault("Cache-Control", "no-store")
        await send(message)

    return sending
