"""An application on a socket that already listens, as long as a block runs."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from typing import Literal

import uvicorn
from starlette.types import ASGIApp

# Chosen: what is on its way when a core ends has this long to arrive.
_LEAVE_S = 3


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        # The session decides what a signal means.
        yield


@contextlib.asynccontextmanager
async def serving(
    app: ASGIApp,
    listener: socket.socket,
    *,
    sockets: Literal["none", "websockets-sansio"] = "none",
    proxied: bool = False,
) -> AsyncIterator[None]:
    """Serve an application while the block runs; the listener stays the caller's to close.

    Args:
        app: What is served.
        listener: Where.
        sockets: What speaks WebSocket.
        proxied: Whether a proxy on this computer says who asks, and whether by https. Otherwise whoever asks
            could give themselves any address, and with it another try at the PIN.
    """
    server = _Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="off",
            loop="none",
            server_header=False,
            proxy_headers=proxied,
            forwarded_allow_ips=["127.0.0.1", "::1"],
            timeout_graceful_shutdown=_LEAVE_S,
            ws=sockets,
            # A frame is a few hundred bytes ten times a second: to compress it costs more than it saves.
            ws_per_message_deflate=False,
            ws_max_size=4096,
        )
    )
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield
    finally:
        server.should_exit = True
        await running
