"""HCI packets over a byte stream (H4), and how the place of such a stream is written."""

import asyncio
import logging
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol, Self

_log = logging.getLogger(__name__)

_LENGTH_AT: Final = {1: (3, "<B"), 2: (3, "<H"), 3: (3, "<B"), 4: (2, "<B"), 5: (3, "<H")}
"""Where each kind of packet keeps its length, from the Core Specification, volume 4 part A."""

_MAX_UNSENT_BYTES: Final = 4_000_000
"""Chosen: hours of notifications; a reader that far behind is gone."""


class PacketSink(Protocol):
    """Takes HCI packets."""

    def on_packet(self, packet: bytes) -> None:
        """Take one whole packet, its kind in the first byte."""


@dataclass(frozen=True, slots=True)
class Place:
    """`tcp:HOST:PORT` or `unix:PATH`."""

    text: str
    host: str = ""
    port: int = 0
    path: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a place as written on the command line.

        Raises:
            ValueError: it is neither of the two forms.
        """
        kind, _, rest = text.partition(":")
        if kind == "unix" and rest:
            return cls(text, path=rest)
        host, _, port = rest.rpartition(":")
        if kind == "tcp" and host and port.isascii() and port.isdigit() and int(port) <= 0xFFFF:  # noqa: PLR2004
            return cls(text, host=host.strip("[]"), port=int(port))
        raise ValueError(f"{text!r} is not a place: write tcp:HOST:PORT or unix:PATH")


class HciStream(asyncio.Protocol):
    """Frames packets in both directions. The first byte that is not HCI ends the stream."""

    def __init__(self, on_begin: Callable[["HciStream"], None]) -> None:
        self._on_begin = on_begin
        self._transport: asyncio.Transport | None = None
        self._sink: PacketSink | None = None
        self._received = bytearray()
        self.on_lost: Callable[[], None] | None = None
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def set_packet_sink(self, sink: PacketSink) -> None:
        """Say who takes the packets that arrive."""
        self._sink = sink

    def on_packet(self, packet: bytes) -> None:
        """Send one packet; a stream that has ended swallows it."""
        if self._transport is None or self._transport.is_closing():
            return
        self._transport.write(packet)
        if self._transport.get_write_buffer_size() > _MAX_UNSENT_BYTES:
            _log.warning("ended a stream whose other side does not read")
            self.abort()

    def abort(self) -> None:
        """End the stream at once."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin, as asyncio's protocols do."""
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("an HCI stream needs a byte stream")
        self._transport = transport
        self._on_begin(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """End, as asyncio's protocols do."""
        if not self.ended.done():
            self.ended.set_result(None)
        if self.on_lost is not None:
            self.on_lost()

    def data_received(self, data: bytes) -> None:
        """Take bytes and pass on each packet that is whole."""
        self._received += data
        try:
            while packet := self._take():
                if self._sink is not None:
                    self._sink.on_packet(packet)
        except Exception as error:  # noqa: BLE001  # whatever the bytes broke, it ends this stream alone
            _log.warning("ended a stream that is not HCI: %r", error)
            self._received.clear()
            self.abort()

    def _take(self) -> bytes | None:
        if not self._received:
            return None
        if (known := _LENGTH_AT.get(self._received[0])) is None:
            raise ValueError(f"no HCI packet begins with 0x{self._received[0]:02X}")
        offset, form = known
        body = offset + struct.calcsize(form)
        if len(self._received) < body:
            return None
        end = body + struct.unpack_from(form, self._received, offset)[0]
        if len(self._received) < end:
            return None
        packet = bytes(self._received[:end])
        del self._received[:end]
        return packet
