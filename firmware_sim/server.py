"""The simulator's open port: each client gets a virtual controller of its own, HCI over a stream.

A client that vanishes leaves its controller and its links up, as the Bluetooth daemon of Linux does when a
program dies. The next client takes the oldest such controller over, and its reset ends those links.
"""

import asyncio
import errno
import logging
import os
import socket
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Final

from firmware_sim.air import Air
from firmware_sim.hci_stream import HciStream, Place
from firmware_sim.virtual_controller import Controller

_log = logging.getLogger(__name__)

MAX_CLIENTS: Final = 1024
"""Chosen: more than a simulator can have devices, few enough to stop a client that connects in a loop."""


class _Clients:
    """Who has which controller."""

    def __init__(self, air: Air) -> None:
        self._air = air
        self._made = 0
        self._orphans: list[Controller] = []
        self._streams: set[HciStream] = set()

    def accept(self) -> HciStream:
        """Make the protocol of one incoming stream."""
        return HciStream(on_begin=self._begin)

    async def end_all(self) -> None:
        """End all streams and take their controllers off the air."""
        ending = list(self._streams)
        for stream in ending:
            stream.abort()
        for stream in ending:
            await stream.ended
        for orphan in self._orphans:
            self._air.remove(orphan)

    def _begin(self, stream: HciStream) -> None:
        if len(self._streams) >= MAX_CLIENTS:
            _log.warning("refused a client: %s are connected", MAX_CLIENTS)
            stream.abort()
            return
        controller = self._orphan() or self._fresh()
        self._streams.add(stream)
        controller.set_packet_sink(stream)
        stream.set_packet_sink(controller)
        stream.on_lost = lambda: self._end(stream, controller)

    def _orphan(self) -> Controller | None:
        while self._orphans:
            oldest = self._orphans.pop(0)
            if oldest.le_connections:
                return oldest
            self._air.remove(oldest)  # its links have ended since
        return None

    def _fresh(self) -> Controller:
        self._made += 1
        low = self._made.to_bytes(4, "big").hex(":").upper()
        return self._air.controller(f"client {self._made}", f"F2:00:{low}", public=True)

    def _end(self, stream: HciStream, controller: Controller) -> None:
        self._streams.discard(stream)
        controller.set_packet_sink(None)
        controller.fall_silent()
        if controller.le_connections:
            self._orphans.append(controller)
        else:
            self._air.remove(controller)


async def serve(air: Air, where: str, *, on_ready: Callable[[str], None]) -> None:
    """Serve controllers on an air until cancelled; then end all clients and remove a unix socket.

    Args:
        air: Where the controllers appear.
        where: `tcp:HOST:PORT` (port 0: any) or `unix:PATH`.
        on_ready: Called once clients can connect, with the place as a client has to write it.

    Raises:
        ValueError: `where` is malformed.
        OSError: the place cannot be listened on; nothing is left behind.
    """
    place = Place.parse(where)
    clients = _Clients(air)
    loop = asyncio.get_running_loop()
    if place.path:
        listening = bind_unix(Path(place.path))
        server = await loop.create_unix_server(clients.accept, sock=listening)
        actual = where
    else:
        try:
            server = await loop.create_server(clients.accept, place.host, place.port)
        except OSError as error:
            raise OSError(error.errno, f"cannot listen on {where}: {error.strerror}") from error
        actual = f"tcp:{where.split(':', 1)[1].rpartition(':')[0]}:{server.sockets[0].getsockname()[1]}"
    try:
        on_ready(actual)
        await server.serve_forever()
    finally:
        server.close()
        await clients.end_all()
        if place.path:
            remove_unix(Path(place.path))


def remove_unix(path: Path) -> None:
    """Remove a socket file, if it is there."""
    path.unlink(missing_ok=True)


def bind_unix(path: Path) -> socket.socket:
    """Make a socket file, for its owner alone, in place of one on which nobody listens any more.

    Raises:
        OSError: somebody listens there, it is no socket, or it cannot be made.
    """
    if path.is_socket():
        _remove_if_stale(path)
    elif path.exists():
        raise FileExistsError(errno.EEXIST, f"cannot listen on unix:{path}: it exists and is not a socket")
    bound = socket.socket(socket.AF_UNIX)
    old_mask = os.umask(stat.S_IXUSR | stat.S_IRWXG | stat.S_IRWXO)
    try:
        bound.bind(str(path))
    except OSError as error:
        bound.close()
        raise OSError(error.errno, f"cannot listen on unix:{path}: {error.strerror or error}") from error
    finally:
        os.umask(old_mask)
    return bound


def _remove_if_stale(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as probe:
        probe.setblocking(False)  # whether anybody listens is known at once
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            path.unlink()
            return
        except OSError as error:
            raise OSError(error.errno, f"cannot listen on unix:{path}: {error.strerror}") from error
    raise OSError(errno.EADDRINUSE, f"cannot listen on unix:{path}: another simulator listens there")
