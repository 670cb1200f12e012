"""The guardian's link over bleak; the one file that knows bleak.

A request (write with response, or read) is never taken back: cancelling one leaves ATT waiting for its
answer. So each runs as a task of its own, waiting for it is bounded, and one left unanswered is in flight.
"""

import asyncio
import contextlib
from collections.abc import Callable, Collection, Coroutine
from typing import Any, Final

from bleak import BleakClient, BleakScanner
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import BleakDBusError, BleakError, BleakGATTProtocolError

from massager.guardian.bonds import agent_for, bonded
from massager.guardian.clock import Clock
from massager.guardian.link import Identity, LinkFactory, OnLost, Sighting, Written
from massager.guardian.messages import Outcome
from massager.guardian.radio import Radio
from massager.model.errors import LinkError, NotPairedError
from massager.protocol.codec import Codec

SCAN_LONGEST_S: Final = 10.0  # chosen, because a device that advertises once a second shows within a few s
SCAN_OTHERS_S: Final = 0.5  # chosen, because every 100 ms advertiser shows several times in it
CONNECT_LONGEST_S: Final = 10.0  # chosen, because BlueZ needs two advertisements, at most about 2 s
READ_LONGEST_S: Final = 5.0  # chosen, because pairing asks nobody and takes about 1 s
COMMAND_LONGEST_S: Final = 1.0  # chosen, because the chair's own watchdog gives no lease longer than this
OVERTAKE_AFTER_S: Final = 0.2  # docs/architecture.md

_MODEL_NUMBER = "00002a24-0000-1000-8000-00805f9b34fb"
_SERIAL_NUMBER = "00002a25-0000-1000-8000-00805f9b34fb"
_FIRMWARE = "00002a26-0000-1000-8000-00805f9b34fb"

# What bleak lets through: its own error, timeouts, and what D-Bus and sockets raise below it.
_RADIO_ERRORS = (BleakError, TimeoutError, OSError, EOFError, AssertionError)

# Answers of a device that knows no bond, docs/protocol.md 1; and how BlueZ begins its own.
_NO_BOND = frozenset({0x05, 0x0F})
_NO_BOND_IN_BLUEZ = "org.bluez.Error.Authentication"

_ANEW = "`massager forget` it, then `massager pair {}`"
_CANNOT_SCAN = "the radio cannot scan; check that Bluetooth runs and its adapter is switched on"


def gatt_links(radio: Radio, codec: Codec, clock: Clock, *, new_bonds: bool = True) -> LinkFactory:
    """Links over that radio; without `new_bonds` only to devices that the system has a bond with."""
    return lambda on_lost: GattTransport(
        radio=radio, codec=codec, clock=clock, on_lost=on_lost, new_bonds=new_bonds
    )


async def look_around(
    radio: Radio, services: Collection[str], seconds: float
) -> tuple[tuple[Sighting, frozenset[str], int], ...]:
    """Devices that advertise one of these services, which of them, and how strong in dBm; the nearest first.

    Raises:
        LinkError: The radio does not work.
    """
    try:
        async with BleakScanner(service_uuids=list(services), backend=radio.scanner) as scanner:
            await asyncio.sleep(seconds)
            found = scanner.discovered_devices_and_advertisement_data.values()
    except _RADIO_ERRORS as error:
        raise _link_error(_CANNOT_SCAN, error) from error
    heard = [
        (
            Sighting(device.address, seen.local_name or device.name or ""),
            frozenset(seen.service_uuids),
            seen.rssi,
        )
        for device, seen in found
    ]
    return tuple(sorted(heard, key=lambda each: -each[2]))


class GattTransport:
    """A `Link` over bleak."""

    def __init__(
        self, *, radio: Radio, codec: Codec, clock: Clock, on_lost: OnLost, new_bonds: bool = True
    ) -> None:
        self._radio = radio
        self._new_bonds = new_bonds
        self._details: Any = None
        self._codec = codec
        self._clock = clock
        self._on_lost = on_lost
        self._seen: dict[str, BLEDevice] = {}
        self._client: BleakClient | None = None
        self._in_flight: asyncio.Task[Any] | None = None
        self._since_s = 0.0
        self._commands: set[asyncio.Task[Any]] = set()

    async def scan(self, address: str | None) -> tuple[Sighting, ...]:
        """See `Link.scan`; ends early once the address, or half a second of company, was seen."""
        self._seen = {}
        first = asyncio.Event()

        def saw(device: BLEDevice, _advertisement: AdvertisementData) -> None:
            if address is None or device.address.upper() == address.upper():
                self._seen[device.address] = device
                first.set()

        service = self._codec.service_uuid
        try:
            async with BleakScanner(saw, service_uuids=[service], backend=self._radio.scanner):
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(SCAN_LONGEST_S):
                        await first.wait()
                        await asyncio.sleep(0 if address else SCAN_OTHERS_S)
        except _RADIO_ERRORS as error:
            raise _link_error(_CANNOT_SCAN, error) from error
        return tuple(Sighting(device.address, device.name or "") for device in self._seen.values())

    async def connect(self, sighting: Sighting) -> None:
        """See `Link.connect`."""
        self._details = self._seen[sighting.address].details
        client = BleakClient(
            self._seen[sighting.address],
            disconnected_callback=self._disconnected,
            timeout=CONNECT_LONGEST_S,
            backend=self._radio.client,
        )
        try:
            async with asyncio.timeout(CONNECT_LONGEST_S):
                await client.connect()
        except _RADIO_ERRORS as error:
            raise await self._unconnected(client, error) from error
        self._client = client

    async def _unconnected(self, client: BleakClient, error: BaseException) -> LinkError:
        """What a failed connection is; a bond that may be why goes where the device is paired anew."""
        address = client.address
        if bonded(self._details) and self._new_bonds:
            with contextlib.suppress(*_RADIO_ERRORS):
                async with asyncio.timeout(READ_LONGEST_S):
                    await client.unpair()
            return LinkError(f"no connection to {address} with its old bond, which is removed: once more")
        if _knows_no_bond(error):
            return _unproven(address, error)
        # BlueZ connects to a device that has forgotten the bond until the time is up, and says no more.
        perhaps = (
            f", or it has forgotten its bond; then {_ANEW.format(address)}" if bonded(self._details) else ""
        )
        return _link_error(f"no connection to {address}{perhaps}", error)

    def _disconnected(self, client: BleakClient) -> None:
        if client is self._client:
            self._client = None
            self._on_lost(f"the link to {client.address} is lost")

    async def subscribe(self, on_state: Callable[[bytes, int], None]) -> None:
        """See `Link.subscribe`; bytes are stamped where they come in."""

        def arrived(_source: BleakGATTCharacteristic, data: bytearray) -> None:
            on_state(bytes(data), self._clock.now_ms())

        await self._request(lambda client: client.start_notify(self._codec.state_uuid, arrived))

    async def identify(self) -> Identity:
        """See `Link.identify`; encrypts the link with the device's bond, and makes one where it may."""
        await self._pair()
        texts = {}
        for uuid in (_MODEL_NUMBER, _FIRMWARE, _SERIAL_NUMBER):
            texts[uuid] = (await self._read(uuid)).rstrip(b"\0").decode("utf-8", "replace")
        capabilities = await self._read(self._codec.capabilities_uuid)
        return Identity(
            address=self._client.address if self._client else "",
            model_number=texts[_MODEL_NUMBER],
            firmware=texts[_FIRMWARE],
            serial=texts[_SERIAL_NUMBER],
            capabilities=capabilities,
        )

    async def _pair(self) -> None:
        client, details = self._client, self._details
        if client is None:
            raise LinkError("the link is lost")
        address = client.address
        if bonded(details) is False and not self._new_bonds:
            raise NotPairedError(f"{address} is not paired with this computer: {_ANEW.format(address)}.")

        async def pair(client: BleakClient) -> None:
            async with agent_for(details, address):
                with contextlib.suppress(NotImplementedError):  # macOS pairs by itself when it must
                    await client.pair()

        try:
            await self._request(pair)
        except LinkError as error:
            match error.__cause__:
                case BleakGATTProtocolError() as cause if _knows_no_bond(cause):
                    raise _unproven(address, cause) from error
                case BleakError() as cause if _knows_no_bond(cause) or self._client is client:
                    raise NotPairedError(
                        f"{address} refuses to pair ({cause}). Switch it off and on, and try again."
                    ) from error
            raise

    async def _read(self, uuid: str) -> bytes:
        return bytes(await self._request(lambda client: client.read_gatt_char(uuid)))

    async def _request(self, ask: Callable[[BleakClient], Coroutine[Any, Any, Any]]) -> Any:
        await self._free(READ_LONGEST_S)
        client = self._client
        if client is None:
            raise LinkError("the link is lost")
        task = self._send(ask(client))
        done, _ = await asyncio.wait({task}, timeout=READ_LONGEST_S)
        if not done:
            raise LinkError(f"{client.address} does not answer within {READ_LONGEST_S} s")
        try:
            return task.result()
        except asyncio.CancelledError:
            raise LinkError("the link is lost") from None
        except _RADIO_ERRORS as error:
            raise _link_error(f"{client.address} refuses", error) from error

    async def write_command(self, data: bytes) -> Written:
        """See `Link.write_command`."""
        client = self._client
        if client is None:
            return Written(Outcome.FAILED, "the link is lost")
        if self._in_flight is not None and not self._in_flight.done():
            # Waiting here could let it out after a STOP that overtakes (INV-14).
            return Written(Outcome.FAILED, "an earlier request is still unanswered")
        return await self._write(client, self._codec.command_uuid, data, longest_s=COMMAND_LONGEST_S)

    async def write_stop(self) -> Written:
        """See `Link.write_stop`; returns within 400 ms."""
        client = self._client
        if client is None:
            return Written(Outcome.FAILED, "the link is lost")
        waited_s = asyncio.get_running_loop().time() - self._since_s
        free = await self._free(max(0.0, OVERTAKE_AFTER_S - waited_s))
        if client is not self._client:
            return Written(Outcome.FAILED, "the link is lost")
        if free:
            return await self._write(
                client, self._codec.stop_uuid, self._codec.stop_bytes, longest_s=OVERTAKE_AFTER_S
            )
        task = asyncio.create_task(
            client.write_gatt_char(self._codec.stop_uuid, self._codec.stop_bytes, response=False)
        )
        self._keep(task)
        done, _ = await asyncio.wait({task}, timeout=OVERTAKE_AFTER_S)
        written = _outcome(task) if done else Written(Outcome.UNCERTAIN, "not even sent in time")
        if written.outcome is Outcome.CONFIRMED:  # nobody answers a write without response
            return Written(Outcome.UNCERTAIN, "sent without response, overtaking a request")
        return written

    async def _write(self, client: BleakClient, uuid: str, data: bytes, *, longest_s: float) -> Written:
        task = self._send(client.write_gatt_char(uuid, data, response=True))
        done, _ = await asyncio.wait({task}, timeout=longest_s)
        return _outcome(task) if done else Written(Outcome.UNCERTAIN, f"no answer within {longest_s} s")

    def _send(self, request: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.create_task(request)
        self._in_flight, self._since_s = task, asyncio.get_running_loop().time()
        self._keep(task)
        return task

    def _keep(self, task: asyncio.Task[Any]) -> None:
        self._commands.add(task)
        task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Task[Any]) -> None:
        self._commands.discard(task)
        if not task.cancelled():
            task.exception()  # whoever waited may have given up; asyncio would complain of an unseen error

    async def _free(self, longest_s: float) -> bool:
        """Wait until no request is in flight; false where one still is."""
        if self._in_flight is not None and not self._in_flight.done():
            await asyncio.wait({self._in_flight}, timeout=longest_s)
        return self._in_flight is None or self._in_flight.done()

    async def disconnect(self) -> None:
        """See `Link.disconnect`; an error here is the end of a link that was to end."""
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(*_RADIO_ERRORS):
                async with asyncio.timeout(CONNECT_LONGEST_S):
                    await client.disconnect()
        for task in self._commands:
            task.cancel()


def _outcome(task: asyncio.Task[Any]) -> Written:
    """What a finished write says: an answer from the device is FAILED, anything else may have got through."""
    if task.cancelled():
        return Written(Outcome.UNCERTAIN, "the link was lost in flight")
    match task.exception():
        case None:
            return Written(Outcome.CONFIRMED)
        case BleakGATTProtocolError() as error:
            return Written(Outcome.FAILED, f"the device refused with ATT error {int(error.code):02X} hex")
        case BleakDBusError() as error:
            return Written(Outcome.UNCERTAIN, str(error))
        case error:
            return Written(Outcome.UNCERTAIN, f"{type(error).__name__}: {error}")


def _link_error(what: str, error: BaseException) -> LinkError:
    return LinkError(f"{what}: {error or type(error).__name__}")


def _knows_no_bond(error: BaseException) -> bool:
    if isinstance(error, BleakGATTProtocolError):
        return int(error.code) in _NO_BOND
    return isinstance(error, BleakDBusError) and error.dbus_error.startswith(_NO_BOND_IN_BLUEZ)


def _unproven(address: str, error: BaseException) -> NotPairedError:
    return NotPairedError(
        f"{address} does not prove its bond ({error.args[-1]}): it has forgotten it, or is another device. "
        f"If it is the right one, {_ANEW.format(address)}."
    )
