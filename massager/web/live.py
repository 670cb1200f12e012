"""The live socket: what every session does, some ten times a second, to all who look.

One frame is made for all who speak a language; whoever is slow misses frames, and the newest wins. A client
may send a stop, and nothing else.
"""

import asyncio
import json
from contextlib import suppress
from dataclasses import asdict
from typing import Final

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from massager.session.massage import MassageService
from massager.session.snapshot import Ending, Snapshot
from massager.texts import LANGUAGES
from massager.web.live_document import live_document
from massager.web.look import Look
from massager.web.person.showing import Showing
from massager.web.shapes import session_state
from massager.web.stopping import Stopping

# docs/architecture.md: ten ticks a second, so there is nothing newer in between.
PERIOD_S: Final = 0.1
# Chosen: a page that hears nothing for two seconds says so; half of that leaves room for one lost frame.
QUIET_S: Final = 1.0
# Chosen: a home has some screens, a ward has more; each costs memory.
MOST: Final = 500


class _Client:
    def __init__(self, language: str) -> None:
        self.language = language
        self._frame: str | None = None
        self._arrived = asyncio.Event()

    def offer(self, frame: str) -> None:
        """Put a frame in the place of one that waits."""
        self._frame = frame
        self._arrived.set()

    async def take(self) -> str:
        """The newest frame, once there is one."""
        await self._arrived.wait()
        self._arrived.clear()
        frame, self._frame = self._frame, None
        return frame or ""


class Live:
    """Makes frames as long as anybody looks."""

    def __init__(self, massage: MassageService, stopping: Stopping, showing: Showing) -> None:
        self._massage = massage
        self._stopping = stopping
        self._showing = showing
        self._clients: set[_Client] = set()
        # Nothing of a session that is over changes any more.
        self._over: dict[tuple[str, int], str] = {}
        self._making: asyncio.Task[None] | None = None
        self._stops: set[asyncio.Task[None]] = set()

    async def serve(self, socket: WebSocket) -> None:
        """One client, until it leaves."""
        if len(self._clients) >= MOST:
            await socket.accept()
            await socket.close(1013, "too many look already")
            return
        await socket.accept()
        client = _Client(Look.of(socket, frozenset(LANGUAGES)).language)
        self._clients.add(client)
        client.offer(self._frame(client.language))
        if self._making is None or self._making.done():
            self._making = asyncio.create_task(self._make())
        sending = asyncio.create_task(self._send(socket, client))
        try:
            await self._hear(socket, client)
        finally:
            self._clients.discard(client)
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    async def _send(self, socket: WebSocket, client: _Client) -> None:
        with suppress(WebSocketDisconnect, RuntimeError):  # it has just left
            while socket.client_state is WebSocketState.CONNECTED:
                await socket.send_text(await client.take())

    async def _hear(self, socket: WebSocket, client: _Client) -> None:
        with suppress(WebSocketDisconnect):
            while True:
                said = await socket.receive()
                if said["type"] == "websocket.disconnect":
                    return
                if _is_stop(said.get("text")):
                    # Beside the hearing: a second stop is heard while the first waits for rest.
                    task = asyncio.create_task(self._stop(client))
                    self._stops.add(task)
                    task.add_done_callback(self._stops.discard)

    async def _stop(self, client: _Client) -> None:
        stopped = await self._stopping.stop()
        client.offer(json.dumps({"stopped": stopped.result.model_dump()}))

    async def _make(self) -> None:
        """Frames for all; one that says nothing new goes out once a second."""
        last: dict[str, str] = {}
        quiet_s = 0.0
        now_s = asyncio.get_running_loop().time
        due_s = now_s()
        while self._clients:
            # What making them takes is no part of the pause; what was missed is not made up for.
            due_s = max(due_s + PERIOD_S, now_s())
            await asyncio.sleep(due_s - now_s())
            quiet_s += PERIOD_S
            frames = {language: self._frame(language) for language in {one.language for one in self._clients}}
            if frames == last and quiet_s < QUIET_S:
                continue
            last, quiet_s = frames, 0.0
            for client in self._clients:
                client.offer(frames[client.language])

    def _frame(self, language: str) -> str:
        parts = []
        for number, snapshot, ending in self._massage.snapshots():
            part = self._over.get((language, number))
            if part is None:
                part = self._part(language, number, snapshot, ending)
            if ending is not None:
                self._over[language, number] = part
            parts.append(part)
        asked = [asdict(one) for one in self._massage.requests.waiting()]
        return f'{{"sessions": [{", ".join(parts)}], "requests": {json.dumps(asked)}}}'

    def _part(self, language: str, number: int, snapshot: Snapshot, ending: Ending | None) -> str:
        state = session_state(number, snapshot, ending).model_dump()
        screen = asdict(self._showing.shown(LANGUAGES[language], number))
        # The clock of the day alone makes no news.
        screen.pop("time")
        return json.dumps(state | {"screen": screen})


def _is_stop(text: str | None) -> bool:
    try:
        said = json.loads(text or "")
    except ValueError:
        return False
    return isinstance(said, dict) and said.get("stop") is True


def serve_live(app: FastAPI, live: Live) -> None:
    """Its address, and its document's."""

    @app.get("/asyncapi.json", include_in_schema=False)
    async def document() -> JSONResponse:
        return JSONResponse(live_document())

    @app.websocket("/api/v1/live")
    async def look(socket: WebSocket) -> None:
        await live.serve(socket)
