"""The control channel: what hands and mishaps do to simulated devices while they run, as JSON lines.

A request is a line with one object, its answer a line with `ok` and, where that is false, `error`. Requests
are carried out in their order. After `subscribe` lines with `row` come in between.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final, get_args

from firmware_sim.device import Button, SimulatedDevice
from firmware_sim.faults import FaultError, parse
from firmware_sim.feed import Feed
from firmware_sim.hci_stream import Place
from firmware_sim.server import bind_unix, remove_unix
from firmware_sim.trace import Row

BUTTONS: Final[tuple[Button, ...]] = get_args(Button)
DEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "list": (),
    "press": ("button",),
    "inject": ("fault",),
    "clear": ("fault",),
    "stand_up": (),
    "sit_down": (),
    "subscribe": (),
}
"""What can be asked for, and what each takes besides the device."""

_NAMED: Final = 8  # chosen: as many names as a person reads in an error
_LONGEST_LINE: Final = 4096  # chosen: a request has less than a hundred bytes
_MAX_UNSENT_BYTES: Final = 4_000_000  # chosen: minutes of rows; whoever is that far behind is gone

Answer = dict[str, Any]


class ControlError(Exception):
    """A request that cannot be carried out; the text says why, and nothing was done."""


def parse_place(text: str) -> Place:
    """Read where to listen: a socket file, or a port that only this computer reaches.

    Raises:
        ValueError: it is malformed, or others would reach it.
    """
    place = Place.parse(text)
    if not place.path and place.host != "localhost":
        try:
            is_here = ip_address(place.host).is_loopback
        except ValueError:
            is_here = False
        if not is_here:
            raise ValueError(
                f"{text!r}: only this computer may control: 127.0.0.1, ::1, localhost or unix:PATH"
            )
    return place


class Control:
    """What can be done to the devices of one simulator.

    Args:
        devices: By their ids.
        feed: Of their trace.
    """

    def __init__(self, devices: Sequence[SimulatedDevice], feed: Feed) -> None:
        self._devices = {device.device_id: device for device in devices}
        self._feed = feed

    def answer(self, line: bytes, on_row: Callable[[Row], None]) -> Answer:
        """Carry out the request of one line; `on_row` is what a subscription is for."""
        try:
            return {"ok": True, **self._carry_out(_request(line), on_row)}
        except (ControlError, FaultError) as error:
            return {"ok": False, "error": str(error)}

    def leave(self, on_row: Callable[[Row], None]) -> None:
        """Send no more rows."""
        self._feed.remove(on_row)

    def _carry_out(self, request: dict[str, str], on_row: Callable[[Row], None]) -> Answer:
        match request:
            case {"do": "list"}:
                return {"devices": [_told(device) for device in self._devices.values()]}
            case {"do": "subscribe"}:
                self._feed.add(on_row)
                return {}
        device = self._device(request.get("device"))
        match request:
            case {"do": "press", "button": "stop" | "plus" | "minus" as button}:
                device.press(button)
            case {"do": "press", "button": button}:
                raise ControlError(f"no button {button!r}; there are {', '.join(BUTTONS)}")
            case {"do": "inject", "fault": fault}:
                device.inject(parse(fault))
            case {"do": "clear", "fault": fault}:
                device.clear(fault)
            case {"do": "stand_up"}:
                device.stand_up()
            case {"do": "sit_down"}:
                device.sit_down()
        return {"device": device.device_id}

    def _device(self, name: str | None) -> SimulatedDevice:
        if name is None and len(self._devices) == 1:
            return next(iter(self._devices.values()))
        if name is None:
            raise ControlError(f"which device? There are {self._names}")
        if name not in self._devices:
            raise ControlError(f"no device {name!r}; there are {self._names}")
        return self._devices[name]

    @property
    def _names(self) -> str:
        names = list(self._devices)
        if len(names) <= _NAMED:
            return ", ".join(names)
        return f"{len(names)}, from {names[0]} to {names[-1]}; list names them"


def _request(line: bytes) -> dict[str, str]:
    try:
        found = json.loads(line)
    except ValueError as error:
        raise ControlError(f"not JSON: {error}") from error
    if not isinstance(found, dict):
        raise ControlError('a request is an object, as in {"do": "press", "button": "stop"}')
    deed = found.get("do")
    if not isinstance(deed, str) or deed not in DEEDS:
        raise ControlError(f"do {deed!r}? There are {', '.join(DEEDS)}")
    needed = DEEDS[deed]
    allowed = {"do", *needed, *(() if deed in {"list", "subscribe"} else ("device",))}
    for name in needed:
        if name not in found:
            raise ControlError(f"{deed} needs {name}")
    for name, value in found.items():
        if name not in allowed:
            raise ControlError(f"{deed} takes no {name}")
        if not isinstance(value, str):
            raise ControlError(f"{name} is text, not {value!r}")
    return found


def _told(device: SimulatedDevice) -> Answer:
    return {
        "device": device.device_id,
        "address": device.address,
        "faults": [fault.name for fault in device.faults],
    }


class _Client(asyncio.Protocol):
    """One who controls."""

    def __init__(self, control: Control, everybody: "set[_Client]") -> None:
        self._control = control
        self._everybody = everybody
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin, as asyncio's protocols do."""
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("a control channel needs a byte stream")
        self._transport = transport
        self._everybody.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """End, as asyncio's protocols do."""
        self._everybody.discard(self)
        self._control.leave(self._on_row)

    def close(self) -> None:
        """End once all that was said is on its way."""
        if self._transport is not None:
            self._transport.close()

    def data_received(self, data: bytes) -> None:
        """Take bytes and answer each line that is whole."""
        self._received += data
        while (end := self._received.find(b"\n")) >= 0:
            line = bytes(self._received[:end])
            del self._received[: end + 1]
            if line.strip():
                self._send(self._control.answer(line, self._on_row))
        if len(self._received) > _LONGEST_LINE:
            self._send(
                {"ok": False, "error": f"a request has at most {_LONGEST_LINE} bytes and ends its line"}
            )
            self._received.clear()
            self.close()

    def _on_row(self, row: Row) -> None:
        self._send({"row": row})

    def _send(self, line: Answer) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        self._transport.write(json.dumps(line, separators=(",", ":")).encode() + b"\n")
        if self._transport.get_write_buffer_size() > _MAX_UNSENT_BYTES:
            self._transport.abort()


@contextlib.asynccontextmanager
async def listening(control: Control, where: str) -> AsyncIterator[str]:
    """Take requests at a place; yields it as a client has to write it.

    Raises:
        ValueError: `where` is malformed, or others would reach it.
        OSError: it cannot be listened on; nothing is left behind.
    """
    place, loop = parse_place(where), asyncio.get_running_loop()
    clients: set[_Client] = set()

    def accept() -> _Client:
        return _Client(control, clients)

    if place.path:
        server = await loop.create_unix_server(accept, sock=bind_unix(Path(place.path)))
        actual = where
    else:
        try:
            server = await loop.create_server(accept, place.host, place.port)
        except OSError as error:
            raise OSError(error.errno, f"cannot listen on {where}: {error.strerror}") from error
        actual = f"{where.rpartition(':')[0]}:{server.sockets[0].getsockname()[1]}"
    try:
        yield actual
    finally:
        server.close()
        for client in tuple(clients):
            client.close()
        if place.path:
            remove_unix(Path(place.path))
