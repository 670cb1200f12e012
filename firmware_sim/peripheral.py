"""The Bluetooth face of a device on Bumble: advertising, links and the GATT server of docs/protocol.md 1.

Bytes come in, bytes go out; what they mean is decided behind it.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Protocol

from bumble import att, core, data_types, hci
from bumble.device import Connection
from bumble.gatt import Characteristic, CharacteristicValue, Service
from bumble.keys import KeyStore

from firmware_sim import data_path, wire
from firmware_sim.bonding import Bonding, BondingSession
from firmware_sim.stack import Device, Host

_LOG: Final = logging.getLogger(__name__)
ADVERTISING_MS: Final = 100.0  # docs/protocol.md 1
_LEAVING_S: Final = 2.0  # chosen, because a controller that lives answers in milliseconds
_Properties = Characteristic.Properties


@dataclass(frozen=True, slots=True)
class Identity:
    """What the device tells about itself; `address` is a static random one."""

    name: str
    address: str
    manufacturer: str
    model_number: str
    serial_number: str
    firmware_revision: str
    capabilities: bytes


class Inside(Protocol):
    """The device behind the radio. A link is known by its connection handle while it lasts."""

    async def write_command(self, link: int, frame: bytes) -> None:
        """Take a write to Command; raises `wire.CommandError` to refuse it."""

    async def write_stop(self) -> None:
        """Take a write to Stop; raises `wire.CommandError` to refuse it."""

    def read_state(self) -> bytes:
        """Return the State characteristic."""

    def read_battery(self) -> bytes:
        """Return the battery's level in percent."""

    def advertising_ms(self) -> float | None:
        """Tell how often it advertises now; None for not at all."""

    def largest_mtu(self) -> int | None:
        """Tell the largest MTU that it grants; None for any."""

    def connected(self, link: int) -> None:
        """Learn of a new link."""

    def disconnected(self, link: int) -> None:
        """Learn that a link is gone."""

    def subscribed(self, *, anybody: bool) -> None:
        """Learn whether somebody wants state notifications."""

    def may_pair(self) -> bool:
        """Tell whether it takes a new bond now."""


class Peripheral:
    """One advertising device with its GATT server, on the controller behind `host`.

    Args:
        bonds: The keys of those it is paired with; they outlive it.
    """

    def __init__(self, host: Host, identity: Identity, inside: Inside, bonds: KeyStore) -> None:
        self._inside = inside
        self._bonds = bonds
        self._subscribers: set[Connection] = set()
        self._advertising = asyncio.Lock()
        self._closing = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._device = Device(name=identity.name, address=hci.Address(identity.address), host=host)
        self._device.keystore = bonds
        self._device.smp_session_proxy = BondingSession
        self._device.pairing_config_factory = lambda _link: Bonding(inside.may_pair)
        self._device.advertising_data = bytes(
            core.AdvertisingData(
                [
                    data_types.Flags(
                        core.AdvertisingData.Flags.LE_GENERAL_DISCOVERABLE_MODE
                        | core.AdvertisingData.Flags.BR_EDR_NOT_SUPPORTED
                    ),
                    data_types.CompleteListOf128BitServiceUUIDs([core.UUID(wire.SERVICE_UUID)]),
                ]
            )
        )
        self._device.scan_response_data = bytes(
            core.AdvertisingData([data_types.CompleteLocalName(identity.name)])
        )
        self._mtu = self._device.gatt_server.max_mtu
        self._state = _characteristic(
            wire.STATE_UUID, _Properties.READ | _Properties.NOTIFY, read=inside.read_state
        )
        self._battery = _characteristic(
            "2A19", _Properties.READ | _Properties.NOTIFY, read=inside.read_battery
        )
        self._state.on(Characteristic.EVENT_SUBSCRIPTION, self._on_subscription)
        self._device.gatt_server.add_services(self._services(identity))
        self._device.on(Device.EVENT_CONNECTION, self._on_connection)

    async def start(self) -> None:
        """Power up the radio and advertise."""
        await self._device.power_on()
        await self._advertise()

    async def close(self) -> None:
        """Leave the air: whoever is connected loses the link."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._closing = True
        with contextlib.suppress(core.BaseBumbleError, TimeoutError):  # the transport may be gone
            async with asyncio.timeout(_LEAVING_S):
                await self._stop_advertising()
                await self.drop_links()
                await self._device.power_off()

    async def drop_links(self) -> None:
        """Disconnect everybody."""
        for connection in list(self._device.connections.values()):
            with contextlib.suppress(core.BaseBumbleError):  # it went by itself
                await connection.disconnect()

    async def fall_silent(self) -> None:
        """Neither hear nor say anything; links stay up."""
        self._device.gatt_server.deaf = True
        await self._stop_advertising()

    async def be_heard(self) -> None:
        """Hear and say everything again."""
        self._device.gatt_server.deaf = False
        await self._advertise()

    async def advertise_anew(self) -> None:
        """Advertise as it should by now."""
        await self._stop_advertising()
        await self._readvertise()

    async def notify_battery(self) -> None:
        """Send the battery's level to each link that subscribed to it."""
        await self._device.gatt_server.notify_subscribers(self._battery)

    async def forget_bonds(self) -> None:
        """Forget with whom it is paired; links stay as they are."""
        await self._bonds.delete_all()

    def notify(self, value: bytes) -> None:
        """Send a state notification to each link that subscribed, cut to its MTU as ATT has it."""
        for connection in self._subscribers:
            notification = att.ATT_Handle_Value_Notification(
                attribute_handle=self._state.handle, attribute_value=value[: connection.att_mtu - 3]
            )
            self._device.gatt_server.send_gatt_pdu(connection, data_path.att_bytes(notification))

    def _services(self, identity: Identity) -> list[Service]:
        texts = {
            "2A29": identity.manufacturer,
            "2A24": identity.model_number,
            "2A25": identity.serial_number,
            "2A26": identity.firmware_revision,
        }
        return [
            Service(
                wire.SERVICE_UUID,
                [
                    _characteristic(wire.COMMAND_UUID, _Properties.WRITE, write=self._on_command),
                    _characteristic(
                        wire.STOP_UUID,
                        _Properties.WRITE | _Properties.WRITE_WITHOUT_RESPONSE,
                        write=self._on_stop,
                    ),
                    self._state,
                    _characteristic(
                        wire.CAPABILITIES_UUID, _Properties.READ, read=lambda: identity.capabilities
                    ),
                ],
            ),
            Service(
                core.UUID("180A"),
                [_characteristic(uuid, _Properties.READ, read=text.encode) for uuid, text in texts.items()],
            ),
            Service(
                core.UUID("180F"),
                [self._battery],
            ),
        ]

    async def _on_command(self, connection: Connection, frame: bytes) -> None:
        if not connection.is_encrypted:
            # Core Specification, volume 3 part C 10.3.1: which error depends on whether there is a key.
            bonded = await self._bonds.get(str(connection.peer_address)) is not None
            raise att.ATT_Error(
                att.ATT_INSUFFICIENT_ENCRYPTION_ERROR if bonded else att.ATT_INSUFFICIENT_AUTHENTICATION_ERROR
            )
        await self._inside.write_command(connection.handle, frame)

    async def _on_stop(self, connection: Connection, frame: bytes) -> None:
        await self._inside.write_stop()

    def _on_subscription(self, connection: Connection, notify: bool, indicate: bool) -> None:  # noqa: FBT001
        (self._subscribers.add if notify else self._subscribers.discard)(connection)
        self._inside.subscribed(anybody=bool(self._subscribers))

    def _on_connection(self, connection: Connection) -> None:
        link = connection.handle
        self._device.gatt_server.max_mtu = self._inside.largest_mtu() or self._mtu
        connection.on(Connection.EVENT_DISCONNECTION, lambda _: self._on_disconnection(connection, link))
        self._inside.connected(link)
        self._soon_advertise()  # a connection has ended the advertising, and a second link is welcome

    def _on_disconnection(self, connection: Connection, link: int) -> None:
        if connection in self._subscribers:
            self._subscribers.discard(connection)
            self._inside.subscribed(anybody=bool(self._subscribers))
        self._inside.disconnected(link)
        if not self._device.is_advertising:  # a controller may have refused to advertise beside a link
            self._soon_advertise()

    def _soon_advertise(self) -> None:
        if self._closing:
            return
        task = asyncio.ensure_future(self._readvertise())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _readvertise(self) -> None:
        try:
            await self._advertise()
        except core.BaseBumbleError as error:
            _LOG.warning("the controller does not advertise now: %s", error)

    async def _stop_advertising(self) -> None:
        async with self._advertising:  # Bumble forgets its advertising once for each stop under way
            await self._device.stop_advertising()

    async def _advertise(self) -> None:
        async with self._advertising:
            every_ms = self._inside.advertising_ms()
            if every_ms is not None:
                await self._device.start_advertising(
                    advertising_interval_min=every_ms, advertising_interval_max=every_ms
                )


def _characteristic(
    uuid: str,
    properties: _Properties,
    *,
    read: Callable[[], bytes] | None = None,
    write: Callable[[Connection, bytes], Awaitable[None]] | None = None,
) -> Characteristic[bytes]:
    """Make a characteristic that refuses what it is not for; Bumble's server checks no permissions."""

    def on_read(_connection: Connection) -> bytes:
        if read is None:
            raise att.ATT_Error(att.ATT_READ_NOT_PERMITTED_ERROR)
        return read()

    async def on_write(connection: Connection, value: bytes) -> None:
        if write is None:
            raise att.ATT_Error(att.ATT_WRITE_NOT_PERMITTED_ERROR)
        try:
            await write(connection, value)
        except wire.CommandError as error:
            raise att.ATT_Error(error.refusal) from error

    permissions = Characteristic.Permissions(0)
    if read is not None:
        permissions |= Characteristic.READABLE
    if write is not None:
        permissions |= Characteristic.WRITEABLE
    value = CharacteristicValue(read=on_read, write=on_write)
    return Characteristic(core.UUID(uuid), properties, permissions, value)
