"""Clients of the live socket that read and forget: `python lookers.py HOST PORT COUNT`, until its input ends.

With none of a WebSocket library on the way, so that a hundred of them cost next to nothing. Prints "ready",
and at the end how many frames the one that got the fewest has got a second.
"""

import asyncio
import sys
import time

_SHORT, _LONG = 126, 127


class Looker(asyncio.Protocol):
    """One of them."""

    def __init__(self) -> None:
        self.frames = 0
        self._data = bytearray()
        self._is_open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        host = transport.get_extra_info("peername")[0].encode()
        transport.write(
            b"GET /api/v1/live HTTP/1.1\r\nHost: %b\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n" % host
        )

    def data_received(self, data: bytes) -> None:
        self._data += data
        if not self._is_open:
            head, self._is_open, rest = self._data.partition(b"\r\n\r\n")
            if not self._is_open:
                return
            assert b" 101 " in head, head
            self._data = rest
        while (length := self._first()) is not None:
            del self._data[:length]
            self.frames += 1

    def _first(self) -> int | None:
        """How long the first whole frame is."""
        data = self._data
        if len(data) < 4:
            return None
        length, head = data[1], 2
        if length == _SHORT:
            length, head = int.from_bytes(data[2:4]), 4
        elif length == _LONG:
            length, head = int.from_bytes(data[2:10]), 10
        return head + length if len(data) >= head + length else None


async def look(host: str, port: int, count: int) -> None:
    loop = asyncio.get_running_loop()
    them = []
    for _ in range(count):
        _transport, looker = await loop.create_connection(Looker, host, port)
        them.append(looker)
    while not all(looker.frames for looker in them):  # noqa: ASYNC110 - a hundred, and once
        await asyncio.sleep(0.05)
    print("ready", flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        before, began = [looker.frames for looker in them], time.monotonic()
        await asyncio.sleep(float(line))
        took_s = time.monotonic() - began
        got = (looker.frames - earlier for looker, earlier in zip(them, before, strict=True))
        print(min(got) / took_s, flush=True)


if __name__ == "__main__":
    asyncio.run(look(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
