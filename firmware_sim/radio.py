"""A backend for bleak over a Bumble host: in this process, or in a simulator's through a port."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from typing import Final

from bleak.backends.client import BaseBleakClient
from bleak.backends.scanner import BaseBleakScanner
from bumble import core, device, hci

from firmware_sim.adapter import Adapter
from firmware_sim.bleak_client import BumbleClient
from firmware_sim.bleak_scanner import BumbleScanner
from firmware_sim.bluez import BluezClient, BluezScanner, Quirks
from firmware_sim.hci_stream import HciStream, Place
from firmware_sim.stack import Device, Host

_ANSWER_WITHIN_S: Final = 5
"""Chosen: a simulator answers in milliseconds; more than this is another program."""


@dataclass(frozen=True, slots=True)
class Radio:
    """What a controller needs to use bleak on this air."""

    client: type[BaseBleakClient]
    scanner: type[BaseBleakScanner]


def radio_on(device: device.Device, *, faults: Collection[str] = ()) -> Radio:
    """Make the backends that use this Bumble device, which is or will be powered on.

    Args:
        device: On which they connect and scan.
        faults: Names of faults of the host's radio; each radio has its own memory of its peers.
    """
    if faults:
        return _odd_radio_on(device, Quirks(faults))
    bound = Adapter(device)

    class Client(BumbleClient):
        adapter = bound

    class Scanner(BumbleScanner):
        adapter = bound

    return Radio(client=Client, scanner=Scanner)


def _odd_radio_on(device: device.Device, odd: Quirks) -> Radio:
    bound = Adapter(device)

    class Client(BluezClient):
        adapter = bound
        quirks = odd

    class Scanner(BluezScanner):
        adapter = bound
        quirks = odd

    return Radio(client=Client, scanner=Scanner)


@contextlib.asynccontextmanager
async def open_radio(where: str) -> AsyncIterator[Radio]:
    """Use a controller of a simulator process; at the end the stream is closed, links stay as they are.

    Args:
        where: `tcp:HOST:PORT` or `unix:PATH`, where the simulator listens.

    Raises:
        ValueError: `where` is malformed.
        OSError: nobody listens there, or no simulator does.
    """
    stream = await _connect(Place.parse(where))
    try:
        try:
            async with asyncio.timeout(_ANSWER_WITHIN_S):
                powered = await _power_on(stream)
        except (OSError, core.BaseBumbleError) as error:
            raise OSError(f"{where} does not answer as a simulator does") from error
        yield radio_on(powered)
    finally:
        stream.abort()
        await stream.ended


async def _connect(place: Place) -> HciStream:
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(_ANSWER_WITHIN_S):
            if place.path:
                _, stream = await loop.create_unix_connection(_stream, place.path)
            else:
                _, stream = await loop.create_connection(_stream, place.host, place.port)
    except OSError as error:
        raise OSError(error.errno, f"no simulator at {place.text}: {error.strerror or error}") from error
    return stream


def _stream() -> HciStream:
    return HciStream(on_begin=lambda _stream: None)


async def _power_on(stream: HciStream) -> Device:
    host = Host(stream, stream)  # type: ignore[arg-type]  # what Bumble calls a source is wider than its use
    stream.on_lost = host.on_transport_lost
    if stream.ended.done():
        raise ConnectionResetError("the stream ended at once")
    await host.reset()
    own = await host.send_sync_command(hci.HCI_Read_BD_ADDR_Command())
    # One static random address for links and for bonds, or else the bond is not found on the next link.
    config = device.DeviceConfiguration(
        name="bleak",
        address=hci.Address(own.bd_addr.to_string(with_type_qualifier=False)),
        identity_address_type=hci.Address.RANDOM_DEVICE_ADDRESS,
    )
    powered = Device(config=config, host=host)
    await powered.power_on()
    return powered
