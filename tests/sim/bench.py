"""A tiny peripheral for tests of the radio, and a recorder of trouble."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from bumble import att, core, data_types
from bumble.device import Connection
from bumble.gatt import Characteristic, CharacteristicValue, Service

from firmware_sim.stack import Device

SERVICE = "6e9b0001-3a4f-4b1c-8f55-1e2d3c4b5a69"
PLAIN = "6e9b0002-3a4f-4b1c-8f55-1e2d3c4b5a69"
BELL = "6e9b0003-3a4f-4b1c-8f55-1e2d3c4b5a69"
REFUSES = "6e9b0004-3a4f-4b1c-8f55-1e2d3c4b5a69"
BROKEN = "6e9b0005-3a4f-4b1c-8f55-1e2d3c4b5a69"
SLOW = "6e9b0006-3a4f-4b1c-8f55-1e2d3c4b5a69"
LOCKED = "6e9b0007-3a4f-4b1c-8f55-1e2d3c4b5a69"

_P = Characteristic.Properties
_MAY = Characteristic.Permissions


@dataclass
class Tiny:
    """A device that writes down what it is told."""

    device: Device
    name: str = "Tiny with a name"
    written: list[tuple[str, bytes]] = field(default_factory=list)
    links: list[Connection] = field(default_factory=list)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    value: bytes = b"\x07"

    async def start(self) -> None:
        self.bell: Characteristic[bytes] = Characteristic(BELL, _P.NOTIFY, _MAY.READABLE)
        both = _MAY.READABLE | _MAY.WRITEABLE
        self.device.add_service(
            Service(
                SERVICE,
                [
                    Characteristic(
                        PLAIN,
                        _P.READ | _P.WRITE | _P.WRITE_WITHOUT_RESPONSE,
                        both,
                        CharacteristicValue(read=lambda _link: self.value, write=self._plain),
                    ),
                    self.bell,
                    Characteristic(REFUSES, _P.WRITE, both, CharacteristicValue(write=self._refuse)),
                    Characteristic(BROKEN, _P.WRITE, both, CharacteristicValue(write=self._break)),
                    Characteristic(SLOW, _P.WRITE, both, CharacteristicValue(write=self._slowly)),
                    Characteristic(
                        LOCKED,
                        _P.WRITE,
                        both | _MAY.WRITE_REQUIRES_ENCRYPTION,
                        CharacteristicValue(write=self._plain),
                    ),
                ],
            )
        )
        await self.device.power_on()
        self.device.on(Device.EVENT_CONNECTION, self._on_connection)
        await self.advertise()

    async def advertise(self) -> None:
        await self.device.start_advertising(
            advertising_data=bytes(
                core.AdvertisingData(
                    [
                        data_types.Flags(core.AdvertisingData.Flags.LE_GENERAL_DISCOVERABLE_MODE),
                        data_types.CompleteListOf128BitServiceUUIDs([core.UUID(SERVICE)]),
                    ]
                )
            ),
            scan_response_data=bytes(core.AdvertisingData([data_types.CompleteLocalName(self.name)])),
            advertising_interval_min=100,
            advertising_interval_max=100,
        )

    async def until(self, happened: Callable[[], object]) -> None:
        """Wait for what Bumble has no event for."""
        async with asyncio.timeout(10):
            while not happened():  # noqa: ASYNC110
                await asyncio.sleep(0.001)

    async def ring(self, value: bytes) -> None:
        await self.device.notify_subscribers(self.bell, value)

    async def _on_connection(self, link: Connection) -> None:
        self.links.append(link)
        link.on(link.EVENT_DISCONNECTION, lambda _reason: self.links.remove(link))
        await self.advertise()

    def _plain(self, _link: Connection, value: bytes) -> None:
        self.written.append(("plain", value))

    def _refuse(self, _link: Connection, _value: bytes) -> None:
        raise att.ATT_Error(0x81)

    def _break(self, _link: Connection, _value: bytes) -> None:
        raise ZeroDivisionError

    async def _slowly(self, _link: Connection, value: bytes) -> None:
        self.written.append(("slow begun", value))
        await self.go_on.wait()
        self.written.append(("slow done", value))
