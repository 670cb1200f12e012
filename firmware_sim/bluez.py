"""A bleak backend with the oddities of the Linux Bluetooth stack, each of them a fault of the host's radio.

They were seen with BlueZ 5.66 and bleak 3.1.
"""

import asyncio
from collections.abc import Iterable
from typing import Any, ClassVar, Final

from bleak.args import SizedBuffer
from bleak.exc import BleakDBusError, BleakDeviceNotFoundError, BleakError
from bumble import device

from firmware_sim.adapter import UnprovenError
from firmware_sim.bleak_client import BumbleClient
from firmware_sim.bleak_scanner import BumbleScanner
from firmware_sim.drives import TIME_SLACK_S

DISCONNECT_TAKES_S: Final = 2.0  # as was seen
SETTLES_S: Final = 0.5  # after it a connect succeeded in 60 of 60 tries
_SMALLEST_MTU: Final = 23


class Quirks:
    """What is odd about one radio, and what it remembers of its peers."""

    def __init__(self, faults: Iterable[str]) -> None:
        self._faults = frozenset(faults)
        self._ended_s: dict[str, float] = {}
        self._forgotten: set[str] = set()
        self._paired: set[str] = set()

    def __contains__(self, fault: str) -> bool:
        return fault in self._faults

    def ended(self, address: str) -> None:
        """Learn that a link has ended."""
        self._ended_s[address] = asyncio.get_running_loop().time()

    def seen(self, address: str) -> None:
        """Learn that a peer advertises."""
        self._forgotten.discard(address)

    def first_pairing(self, address: str) -> bool:
        """Learn that a peer was paired; tell whether the next request to it is to fail for that."""
        first = "bluez_after_pairing" in self and address not in self._paired
        self._paired.add(address)
        return first

    def check(self, address: str) -> None:
        """Let a connect begin.

        Raises:
            BleakError: too soon after the last link, or since then the peer was not seen.
        """
        if "bluez_reconnect" not in self:
            return
        if address in self._forgotten:
            raise BleakDeviceNotFoundError(address, f"device {address} not found")
        since_s = asyncio.get_running_loop().time() - self._ended_s.get(address, -SETTLES_S)
        if since_s < SETTLES_S - TIME_SLACK_S:
            self._forgotten.add(address)
            raise BleakDBusError("org.bluez.Error.Failed", ["Input/output error"])


class BluezClient(BumbleClient):
    """Connects with the adapter and the oddities that a subclass is bound to."""

    quirks: ClassVar[Quirks]

    def __init__(self, *where: Any, **how: Any) -> None:
        super().__init__(*where, **how)
        self._writing: list[int] = []
        self._not_connected_once = False
        self._unpaired = False

    @property
    def mtu_size(self) -> int:
        """The ATT MTU of the link, or 23 whatever it is."""
        return _SMALLEST_MTU if "bluez_mtu" in self.quirks else super().mtu_size

    async def connect(self, pair: bool, **others: Any) -> None:  # noqa: FBT001  # bleak's signature
        """See `BumbleClient.connect`."""
        self.quirks.check(self.address.upper())
        if "bluez_two_advertisements" in self.quirks:
            await self._hear_once()
        await super().connect(pair, **others)

    async def _connect(self, *, pair: bool) -> None:
        try:
            await super()._connect(pair=pair)
        except UnprovenError:
            if "bluez_bond_lost" not in self.quirks:
                raise
            await self._try_until_the_time_is_up()
        link = self._link()
        if "bluez_bond_lost" in self.quirks and not link.is_encrypted and await self._is_bonded(link):
            await self.adapter.hang_up(link)
            await self._try_until_the_time_is_up()

    async def _try_until_the_time_is_up(self) -> None:
        await asyncio.Event().wait()

    async def _encrypt(self, connection: device.Connection) -> None:
        if "bluez_no_agent" in self.quirks and not connection.is_encrypted:
            raise BleakDBusError("org.bluez.Error.AuthenticationFailed", ["Authentication Failed"])
        await super()._encrypt(connection)

    async def disconnect(self) -> None:
        """See `BumbleClient.disconnect`."""
        linked = self.is_connected
        await super().disconnect()
        if linked and "bluez_reconnect" in self.quirks:
            await asyncio.sleep(DISCONNECT_TAKES_S)
            self.quirks.ended(self.address.upper())
        if self._unpaired and "bluez_unpair" in self.quirks:
            raise AssertionError

    def _on_disconnection(self, reason: int) -> None:
        self.quirks.ended(self.address.upper())
        super()._on_disconnection(reason)

    async def pair(self, *how: Any, **others: Any) -> None:
        """See `BumbleClient.pair`."""
        await super().pair(*how, **others)
        self._not_connected_once = self.quirks.first_pairing(self.address.upper())

    async def unpair(self) -> None:
        """See `BumbleClient.unpair`."""
        await super().unpair()
        self._unpaired = True

    async def _read(self, handle: int) -> bytearray:
        self._fail_once()
        return await super()._read(handle)

    async def _write(self, handle: int, data: SizedBuffer) -> None:
        self._fail_once()
        if handle in self._writing and "bluez_in_progress" in self.quirks:
            raise BleakDBusError("org.bluez.Error.InProgress", ["In Progress"])
        self._writing.append(handle)
        try:
            await super()._write(handle, data)
        finally:
            self._writing.remove(handle)

    def _fail_once(self) -> None:
        if self._not_connected_once:
            self._not_connected_once = False
            raise BleakError("Not connected")

    async def _hear_once(self) -> None:
        heard: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def hear(advertisement: device.Advertisement) -> None:
            address = advertisement.address.to_string(with_type_qualifier=False)
            if address == self.address.upper() and not heard.done():
                heard.set_result(None)

        await self.adapter.listen(hear, active=False)
        try:
            async with asyncio.timeout(self._timeout):
                await self.adapter.outcome(heard)
        finally:
            await self.adapter.stop_listening(hear)


class BluezScanner(BumbleScanner):
    """Scans with the adapter that a subclass is bound to."""

    quirks: ClassVar[Quirks]

    def _on_advertisement(self, advertisement: device.Advertisement) -> None:
        self.quirks.seen(advertisement.address.to_string(with_type_qualifier=False))
        super()._on_advertisement(advertisement)
