"""Recording what a program and a device say to each other, through any backend of bleak.

    recorder = Recorder()
    async with BleakClient(device, backend=recorder.client()) as client:
        ...
    recorder.recording().write(Path("device.jsonl"))

It adds three reads of its own at each connection, of what has to be blotted out; nothing else is sent, and
nothing is held back. Descriptors, pairing and the generic services 1800 and 1801 are not recorded.
"""

# mypy: disable-error-code="safe-super"
# What `_Recorded` calls is the real backend after it, which `Recorder.client` puts there.

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Final, TypeVar

from bleak.args import SizedBuffer
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback, get_platform_client_backend_type
from bleak.backends.device import BLEDevice
from bleak.exc import BleakError, BleakGATTProtocolError

from firmware_sim.recording import Described, Happened, Head, Op, Recording
from firmware_sim.scrubbing import MODEL_NUMBER, PRIVATE, Secrets, scrubbed

_T = TypeVar("_T")

_GENERIC: Final = ("00001800-", "00001801-")  # each host has its own
_SMALLEST_MTU: Final = 23
_INSTANT_S: Final = 1e-6
"""Chosen: what happens at the same time is noted this far apart, so that the order is told."""


class Recorder:
    """What one program and one device said, in one connection after the other.

    Args:
        model: What a replay is called on the air; None for the model number that the device tells.
        secrets: What else must not be in the file, for instance the name of an account.
    """

    def __init__(self, *, model: str | None = None, secrets: Iterable[str | bytes] = ()) -> None:
        self._model = model
        self._secrets = Secrets()
        for secret in secrets:
            self._secrets.add(secret)
        self._mtu = _SMALLEST_MTU
        self._characteristics: tuple[Described, ...] = ()
        self._places: dict[int, int] = {}
        self._happened: list[Happened] = []
        self._start_s = 0.0
        self._last_s = 0.0

    def client(self, backend: type[BaseBleakClient] | None = None) -> type[BaseBleakClient]:
        """A backend for `BleakClient` that does what another one does, and is recorded.

        Args:
            backend: The other one; None for what bleak uses on this system.
        """
        bases = (_Recorded, backend or get_platform_client_backend_type()[0])
        return type("Recorded", bases, {"recorder": self})

    def recording(self) -> Recording:
        """What happened so far, scrubbed.

        Raises:
            ValueError: no client of this recorder was ever connected.
        """
        if not self._happened:
            raise ValueError("nothing is recorded: no client of this recorder was connected")
        head = Head(self._model or "unknown", self._mtu, self._characteristics)
        return scrubbed(Recording(head, tuple(self._happened)), self._secrets)

    # What its clients tell.

    def connected(self, client: BaseBleakClient, read: Mapping[str, bytes]) -> None:
        """Take note of a link, and of what is secret: what `read` has by its UUID, name and address.

        Raises:
            BleakError: it is another device than before.
        """
        found = [each for each in _characteristics(client) if not each.service_uuid.startswith(_GENERIC)]
        described = tuple(
            Described(each.service_uuid, each.uuid, tuple(sorted(each.properties))) for each in found
        )
        if self._happened and described != self._characteristics:
            raise BleakError("this is another device than before: each needs a recorder of its own")
        if not self._happened:
            self._characteristics = described
            self._mtu = max((each.max_write_without_response_size + 3 for each in found), default=self._mtu)
            self._start_s = self._last_s = asyncio.get_running_loop().time()
        self._places = {each.handle: place for place, each in enumerate(found)}
        model = _text(read.get(MODEL_NUMBER, b""))
        self._model = self._model or model or None
        self._learn_secrets(client, [value for uuid, value in read.items() if uuid in PRIVATE], model)
        self.note("connect")

    def _learn_secrets(self, client: BaseBleakClient, private: Sequence[bytes], model: str) -> None:
        self._secrets.add_address(client.address)
        found: list[str | bytes] = [*private, *map(_text, private)]
        with contextlib.suppress(NotImplementedError):  # a backend that knows no name
            found.append(client.name)
        for secret in found:
            if secret not in {model, model.encode()}:  # to be called like its model tells of no owner
                self._secrets.add(secret)

    def note(
        self,
        op: Op,
        at: BleakGATTCharacteristic | None = None,
        *,
        value: bytes = b"",
        response: bool = True,
    ) -> int | None:
        """Take note of what happens now; the index of its line, None for what is not recorded."""
        place = None if at is None else self._places.get(at.handle)
        if at is not None and place is None:
            return None
        self._happened.append(Happened(self._now_s(), op, place, value, response=response))
        return len(self._happened) - 1

    async def answer(self, index: int | None, work: Awaitable[_T]) -> _T:
        """Wait for an answer and take note of it; what ends in another way stays unanswered."""
        try:
            result = await work
        except BleakGATTProtocolError as error:
            self._answered(index, error=int(error.code))
            raise
        self._answered(index, value=bytes(result) if isinstance(result, bytearray) else None)
        return result

    def _answered(self, index: int | None, *, value: bytes | None = None, error: int | None = None) -> None:
        if index is None:
            return
        asked = self._happened[index]
        took_s = self._now_s() - asked.t_s
        value = asked.value if value is None else value
        self._happened[index] = replace(asked, took_s=took_s, value=value, error=error)

    def _now_s(self) -> float:
        """Seconds since the first link, never twice the same."""
        self._last_s = max(asyncio.get_running_loop().time(), self._last_s + _INSTANT_S)
        return self._last_s - self._start_s


def _text(value: bytes) -> str:
    return value.rstrip(b"\0").decode("utf-8", "ignore")


def _characteristics(client: BaseBleakClient) -> list[BleakGATTCharacteristic]:
    return [] if client.services is None else list(client.services.characteristics.values())


class _Recorded(BaseBleakClient):
    """Does what the backend after it does, and tells the recorder."""

    recorder: ClassVar[Recorder]

    def __init__(
        self,
        address_or_ble_device: BLEDevice | str,
        *,
        disconnected_callback: Callable[[], None] | None,
        **others: Any,
    ) -> None:
        super().__init__(address_or_ble_device, disconnected_callback=self._on_lost, **others)
        self._on_lost_too = disconnected_callback
        self._leaves = False

    def set_disconnected_callback(self, callback: Callable[[], None] | None, **_others: Any) -> None:
        self._on_lost_too = callback

    def _on_lost(self) -> None:
        if not self._leaves:
            self.recorder.note("disconnect")
        if self._on_lost_too is not None:
            self._on_lost_too()

    async def connect(self, pair: bool, **others: Any) -> None:  # noqa: FBT001  # bleak's signature
        self._leaves = False
        await super().connect(pair, **others)
        read = {}
        for each in _characteristics(self):
            if each.uuid in {*PRIVATE, MODEL_NUMBER} and "read" in each.properties:
                with contextlib.suppress(BleakError):  # it may want a bond; then it is blotted out whole
                    read[each.uuid] = bytes(await super().read_gatt_char(each))
        try:
            self.recorder.connected(self, read)
        except BleakError:
            await super().disconnect()
            raise

    async def disconnect(self) -> None:
        self._leaves = True
        await super().disconnect()

    async def read_gatt_char(self, characteristic: BleakGATTCharacteristic, **others: Any) -> bytearray:
        index = self.recorder.note("read", characteristic)
        work: Awaitable[bytearray] = super().read_gatt_char(characteristic, **others)
        return await self.recorder.answer(index, work)

    async def write_gatt_char(
        self,
        characteristic: BleakGATTCharacteristic,
        data: SizedBuffer,
        response: bool,  # noqa: FBT001  # bleak's signature
    ) -> None:
        index = self.recorder.note("write", characteristic, value=bytes(data), response=response)
        work: Awaitable[None] = super().write_gatt_char(characteristic, data, response)
        await (self.recorder.answer(index, work) if response else work)

    async def start_notify(
        self, characteristic: BleakGATTCharacteristic, callback: NotifyCallback, **others: Any
    ) -> None:
        def notified(value: bytearray) -> None:
            self.recorder.note("notify", characteristic, value=bytes(value))
            callback(value)

        index = self.recorder.note("subscribe", characteristic)
        await self.recorder.answer(index, super().start_notify(characteristic, notified, **others))

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        index = self.recorder.note("unsubscribe", characteristic)
        await self.recorder.answer(index, super().stop_notify(characteristic))
