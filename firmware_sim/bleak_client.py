"""bleak's client over a Bumble device."""

import asyncio
from collections.abc import Callable
from typing import Any, ClassVar, Final, cast

from bleak.args import SizedBuffer
from bleak.assigned_numbers import gatt_char_props_to_strs
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakError
from bumble import device, gatt_client, hci

from firmware_sim.adapter import Adapter
from firmware_sim.bleak_scanner import uuid_text

_MTU: Final = 517
"""The largest that carries an attribute of 512 bytes, as other hosts ask for."""

_COMMAND_OVERHEAD: Final = 3


class BumbleClient(BaseBleakClient):
    """Connects with the adapter that a subclass is bound to."""

    adapter: ClassVar[Adapter]

    def __init__(
        self,
        address_or_ble_device: BLEDevice | str,
        *,
        disconnected_callback: Callable[[], None] | None,
        timeout: float,
        **others: Any,
    ) -> None:
        super().__init__(
            address_or_ble_device, disconnected_callback=disconnected_callback, timeout=timeout, **others
        )
        self._target = address_or_ble_device
        self._connection: device.Connection | None = None
        self._notifying: dict[int, NotifyCallback] = {}

    @property
    def name(self) -> str:
        """The advertised name, or the address written with dashes."""
        known = self._target.name if isinstance(self._target, BLEDevice) else None
        return known or self.address.replace(":", "-")

    @property
    def mtu_size(self) -> int:
        """The ATT MTU of the link, 23 without one."""
        return self._connection.att_mtu if self._connection is not None else 23

    @property
    def is_connected(self) -> bool:
        """Whether the link is up and the radio there."""
        return self._connection is not None and self.adapter.is_up(self._connection)

    async def connect(self, pair: bool, **_others: Any) -> None:  # noqa: FBT001  # bleak's signature
        """Connect, encrypt if bonded, negotiate the MTU and discover everything, within the timeout.

        A peer that has forgotten the bond gives a link that is not encrypted; to pair then is an error.

        Raises:
            TimeoutError: it took longer; no link is left behind.
            UnprovenError: the peer has another key than the bond; no link is left behind.
            BleakError: it failed in another way; no link is left behind.
        """
        if self.is_connected:
            raise BleakError("connected already")
        try:
            async with asyncio.timeout(self._timeout):
                await self._connect(pair=pair)
        except TimeoutError:
            raise TimeoutError(f"no link to {self.address} within {self._timeout} s") from None

    async def _connect(self, *, pair: bool) -> None:
        connection = await self.adapter.dial(await self._find())
        try:
            gatt = connection.gatt_client
            await self.adapter.finish(gatt.request_mtu(_MTU))
            if pair:
                await self._encrypt(connection)
            self.services = await self.adapter.finish(self._discover(gatt))
        except BaseException:
            await self.adapter.hang_up(connection)
            raise
        if not self.adapter.is_up(connection):
            raise BleakError("the link was lost while connecting")
        self._notifying = {}
        self._connection = connection
        connection.on(connection.EVENT_DISCONNECTION, self._on_disconnection)

    async def _find(self) -> hci.Address:
        if isinstance(self._target, BLEDevice):
            return cast("hci.Address", self._target.details)
        found: asyncio.Future[hci.Address] = asyncio.get_running_loop().create_future()

        def compare(advertisement: device.Advertisement) -> None:
            text = advertisement.address.to_string(with_type_qualifier=False)
            if text == self.address.upper() and not found.done():
                found.set_result(advertisement.address)

        await self.adapter.listen(compare, active=False)
        try:
            return await self.adapter.outcome(found)
        finally:
            await self.adapter.stop_listening(compare)

    def _on_disconnection(self, _reason: int) -> None:
        self._connection = None
        if self._disconnected_callback is not None:
            asyncio.get_running_loop().call_soon(self._disconnected_callback)

    async def disconnect(self) -> None:
        """Disconnect; does nothing without a link."""
        if self._connection is not None:
            await self.adapter.hang_up(self._connection)

    # Keys -------------------------------------------------------------------------------------------------

    async def pair(self, *_args: Any, **_others: Any) -> None:
        """Encrypt the link, with the key of the bond or by making one without asking anybody.

        Raises:
            UnprovenError: the peer has no key of the bond any more, or another one.
            BleakError: it failed in another way.
        """
        await self._encrypt(self._link())

    async def unpair(self) -> None:
        """Forget the bond and disconnect."""
        keystore = self.adapter.device.keystore
        if keystore is not None:
            for name, _ in await keystore.get_all():
                if name.partition("/")[0] == self.address.upper():
                    await keystore.delete(name)
        await self.disconnect()

    async def _encrypt(self, connection: device.Connection) -> None:
        if not connection.is_encrypted:
            bonded = await self._is_bonded(connection)
            await self.adapter.finish(connection.encrypt() if bonded else connection.pair())

    async def _is_bonded(self, connection: device.Connection) -> bool:
        keystore = self.adapter.device.keystore
        return keystore is not None and await keystore.get(str(connection.peer_address)) is not None

    # Attributes -------------------------------------------------------------------------------------------

    def _link(self) -> device.Connection:
        self.adapter.check()
        if self._connection is None:
            raise BleakError("not connected")
        return self._connection

    async def _discover(self, gatt: gatt_client.Client) -> BleakGATTServiceCollection:
        found = BleakGATTServiceCollection()
        for service in await gatt.discover_services():
            known = BleakGATTService(service, service.handle, uuid_text(service.uuid))
            found.add_service(known)
            for each in await service.discover_characteristics():
                names = sorted(gatt_char_props_to_strs(int(each.properties)))
                uuid = uuid_text(each.uuid)
                characteristic = BleakGATTCharacteristic(
                    each, each.handle, uuid, names, lambda: gatt.mtu - _COMMAND_OVERHEAD, known
                )
                found.add_characteristic(characteristic)
                for descriptor in await each.discover_descriptors():
                    kind = uuid_text(descriptor.type)
                    found.add_descriptor(
                        BleakGATTDescriptor(descriptor, descriptor.handle, kind, characteristic)
                    )
                each.descriptors_discovered = True
        return found

    async def _read(self, handle: int) -> bytearray:
        return bytearray(await self.adapter.finish(self._link().gatt_client.read_value(handle)))

    async def _write(self, handle: int, data: SizedBuffer) -> None:
        gatt = self._link().gatt_client
        await self.adapter.finish(gatt.write_value(handle, bytes(data), with_response=True))

    async def read_gatt_char(self, characteristic: BleakGATTCharacteristic, **_others: Any) -> bytearray:
        """Read from the peer."""
        return await self._read(characteristic.handle)

    async def read_gatt_descriptor(self, descriptor: BleakGATTDescriptor, **_others: Any) -> bytearray:
        """Read from the peer."""
        return await self._read(descriptor.handle)

    async def write_gatt_descriptor(self, descriptor: BleakGATTDescriptor, data: SizedBuffer) -> None:
        """Write and wait for the answer."""
        await self._write(descriptor.handle, data)

    async def write_gatt_char(
        self,
        characteristic: BleakGATTCharacteristic,
        data: SizedBuffer,
        response: bool,  # noqa: FBT001  # bleak's signature
    ) -> None:
        """Write; without response it is on its way at once, past any request that waits for its answer."""
        if response:
            await self._write(characteristic.handle, data)
            return
        if len(data) > characteristic.max_write_without_response_size:
            raise BleakError(f"{len(data)} bytes do not fit into one write without response")
        gatt = self._link().gatt_client
        await gatt.write_value(characteristic.handle, bytes(data), with_response=False)

    async def start_notify(
        self, characteristic: BleakGATTCharacteristic, callback: NotifyCallback, **_others: Any
    ) -> None:
        """Subscribe; the callback sees also what the peer sends before it answers."""
        gatt = self._link().gatt_client
        if characteristic.handle in self._notifying:
            raise BleakError(f"notifications of {characteristic.uuid} are on already")

        def notified(value: bytes) -> None:
            callback(bytearray(value))

        self._notifying[characteristic.handle] = callback
        try:
            await self.adapter.finish(gatt.subscribe(characteristic.obj, notified))
        except BaseException:
            self._notifying.pop(characteristic.handle, None)
            raise

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        """Unsubscribe."""
        gatt = self._link().gatt_client
        self._notifying.pop(characteristic.handle, None)
        await self.adapter.finish(gatt.unsubscribe(characteristic.obj))
