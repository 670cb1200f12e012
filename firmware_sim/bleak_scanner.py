"""bleak's scanner over a Bumble device."""

from typing import Any, ClassVar, Literal
from uuid import UUID

from bleak.backends.scanner import AdvertisementData, AdvertisementDataCallback, BaseBleakScanner
from bumble import core, device

from firmware_sim.adapter import Adapter

_Type = core.AdvertisingData.Type


def uuid_text(uuid: core.UUID) -> str:
    """Write a UUID as bleak does: whole and in lower case."""
    return str(UUID(bytes=bytes(reversed(uuid.to_bytes(force_128=True)))))


class BumbleScanner(BaseBleakScanner):
    """Scans with the adapter that a subclass is bound to."""

    adapter: ClassVar[Adapter]

    def __init__(
        self,
        detection_callback: AdvertisementDataCallback | None,
        service_uuids: list[str] | None,
        scanning_mode: Literal["active", "passive"],
        **_others: Any,
    ) -> None:
        super().__init__(detection_callback, service_uuids)
        self._active = scanning_mode != "passive"

    async def start(self) -> None:
        """Start scanning."""
        self.seen_devices = {}
        await self.adapter.listen(self._on_advertisement, active=self._active)

    async def stop(self) -> None:
        """Stop scanning."""
        await self.adapter.stop_listening(self._on_advertisement)

    def _on_advertisement(self, advertisement: device.Advertisement) -> None:
        data = _to_bleak(advertisement)
        if not self.is_allowed_uuid(data.service_uuids):
            return
        address = advertisement.address.to_string(with_type_qualifier=False)
        found = self.create_or_update_device(address, address, data.local_name, advertisement.address, data)
        self.call_detection_callbacks(found, data)


def _to_bleak(advertisement: device.Advertisement) -> AdvertisementData:
    data = advertisement.data
    services = [
        uuid
        for kind in (
            _Type.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
            _Type.INCOMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
            _Type.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
            _Type.INCOMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
        )
        for listed in data.get_all(kind)
        for uuid in listed
    ]
    makers = dict(data.get_all(_Type.MANUFACTURER_SPECIFIC_DATA))
    names = [*data.get_all(_Type.COMPLETE_LOCAL_NAME), *data.get_all(_Type.SHORTENED_LOCAL_NAME)]
    return AdvertisementData(
        local_name=names[0] if names else None,
        manufacturer_data=makers,
        service_data={
            uuid_text(uuid): value
            for kind in (_Type.SERVICE_DATA_16_BIT_UUID, _Type.SERVICE_DATA_128_BIT_UUID)
            for uuid, value in data.get_all(kind)
        },
        service_uuids=[uuid_text(uuid) for uuid in services],
        tx_power=data.get(_Type.TX_POWER_LEVEL),
        rssi=advertisement.rssi,
        platform_data=(advertisement,),
    )
