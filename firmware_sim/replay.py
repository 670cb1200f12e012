"""A recording as a device: it answers and notifies as recorded, and says where it is used otherwise.

The rules are in docs/simulator.md, chapter "Replay".
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Coroutine, Iterator
from itertools import groupby
from typing import Any, Final

from bumble import att, core, data_types, hci
from bumble.device import Connection
from bumble.gatt import Characteristic, CharacteristicValue, Service

from firmware_sim.recording import Described, Happened, Recording
from firmware_sim.replay_head import advertised, uuid_of
from firmware_sim.replay_part import Line, Part, UnexpectedError, parts
from firmware_sim.stack import Device, Host

ADDRESS: Final = "C2:DE:00:00:00:01"
REJECTED: Final = 0xFC  # Core Specification, supplement, part B 1.2: Write Request Rejected
_ADVERTISING_MS: Final = 100.0  # as docs/protocol.md 1
_LEAVING_S: Final = 2.0  # chosen, because a controller that lives answers in milliseconds

_Flags = core.AdvertisingData.Flags
_Properties = Characteristic.Properties


class ReplayedDevice:
    """A peripheral with one link at a time; each plays the next connection of the recording, over and over.

    Args:
        on_problem: Told where it is used otherwise than recorded.
    """

    def __init__(self, recording: Recording, *, on_problem: Callable[[str], None]) -> None:
        self.address: Final = ADDRESS
        self.device_id: Final = "replay-1"
        self._recording = recording
        self._on_problem = on_problem
        self._device: Device | None = None
        self._characteristics: list[Characteristic[bytes]] = []
        self._coming: list[Part] = []
        self._part: Part | None = None
        self._link: Connection | None = None
        self._subscribed: dict[int, bool] = {}
        self._long: dict[int, tuple[bytes, int]] = {}
        self._due: deque[tuple[float, Happened]] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._advertising: asyncio.Task[None] | None = None

    async def power_on(self, host: Host) -> None:
        """Appear on the air behind this host's controller."""
        head = self._recording.head
        name = f"{head.model} 01"
        device = Device(name=name, address=hci.Address(self.address), host=host)
        device.gatt_server.max_mtu = head.mtu
        device.advertising_data = bytes(
            core.AdvertisingData(
                [
                    data_types.Flags(_Flags.LE_GENERAL_DISCOVERABLE_MODE | _Flags.BR_EDR_NOT_SUPPORTED),
                    *advertised({each.service for each in head.characteristics}),
                ]
            )
        )
        device.scan_response_data = bytes(core.AdvertisingData([data_types.CompleteLocalName(name)]))
        self._characteristics = [self._made(place, each) for place, each in enumerate(head.characteristics)]
        pairs = zip(head.characteristics, self._characteristics, strict=True)
        for uuid, group in groupby(pairs, key=lambda pair: pair[0].service):
            device.gatt_server.add_service(Service(core.UUID(uuid), [made for _, made in group]))
        device.on(Device.EVENT_CONNECTION, self._on_connection)
        self._device = device
        await device.power_on()
        await self._advertise()

    async def power_off(self) -> None:
        """Leave the air."""
        device, self._device = self._device, None
        self._be_quiet()
        for task in self._tasks:
            task.cancel()
        if device is None:
            return
        if self._advertising is not None:
            await asyncio.wait({self._advertising})  # a command to the controller cannot be taken back
        with contextlib.suppress(core.BaseBumbleError, TimeoutError):  # the transport may be gone
            async with asyncio.timeout(_LEAVING_S):
                await device.stop_advertising()
                for connection in list(device.connections.values()):
                    await connection.disconnect()
                await device.power_off()

    @property
    def left(self) -> list[Line]:
        """What was recorded of this link and of those to come, and has not happened yet."""
        playing = [] if self._part is None else [self._part]
        return [line for part in [*playing, *self._coming] for line in part.left]

    def _made(self, place: int, described: Described) -> Characteristic[bytes]:
        properties = _Properties(0)
        for word in described.properties:
            properties |= _Properties.__members__.get(word.replace("-", "_").upper(), _Properties(0))
        value = CharacteristicValue(
            read=lambda connection: self._read(connection, place),
            write=lambda connection, value: self._write(connection, place, value),
        )
        both = Characteristic.READABLE | Characteristic.WRITEABLE
        made: Characteristic[bytes] = Characteristic(uuid_of(described.uuid), properties, both, value)
        made.on(made.EVENT_SUBSCRIPTION, lambda *told: self._on_subscription(place, *told))
        return made

    # What the other side does.

    def _on_connection(self, connection: Connection) -> None:
        if not self._coming:
            self._coming = parts(self._recording)
        self._link, self._part = connection, self._coming.pop(0)
        connection.on(connection.EVENT_DISCONNECTION, lambda _: self._on_disconnection(connection))
        self._play(self._part.connected)

    def _on_disconnection(self, connection: Connection) -> None:
        if connection is self._link:
            self._be_quiet()
            self._link = None
            self._subscribed.clear()
            self._long.clear()
            self._advertising = asyncio.ensure_future(self._advertise())
            self._advertising.add_done_callback(self._done)

    def _on_subscription(self, place: int, _connection: Connection, notify: bool, indicate: bool) -> None:  # noqa: FBT001 - Bumble's signature
        self._subscribed.pop(place, None)
        if (notify or indicate) and self._part is not None:
            self._subscribed[place] = notify
            if (line := self._part.subscribe(place)) is not None:
                self._play(line)

    async def _read(self, connection: Connection, place: int) -> bytes:
        value, pieces = self._long.get(place, (b"", 0))
        if pieces:
            self._long[place] = value, pieces - 1
            return value
        with self._as_recorded(att.ATT_UNLIKELY_ERROR_ERROR):
            happened = self._playing(connection).read(place)
        # What does not fit into one answer is fetched in pieces, and each asks for the value anew.
        self._long[place] = happened.value, len(happened.value) // (connection.att_mtu - 1)
        await _answer(happened)
        return happened.value

    async def _write(self, connection: Connection, place: int, value: bytes) -> None:
        with self._as_recorded(REJECTED):
            line = self._playing(connection).write(place, value)
        self._play(line)
        if line.happened.response:
            await _answer(line.happened)

    def _playing(self, connection: Connection) -> Part:
        if self._part is None or connection is not self._link:
            raise UnexpectedError("a second link is up; a recording is of one at a time")
        return self._part

    @contextlib.contextmanager
    def _as_recorded(self, refusal: int) -> Iterator[None]:
        try:
            yield
        except UnexpectedError as error:
            self._on_problem(str(error))
            raise att.ATT_Error(refusal) from error

    # What the device does by itself.

    def _play(self, cue: Line) -> None:
        """Do at once what was recorded before this and has not happened yet, and schedule what came after."""
        if self._part is None:
            return
        while self._due:
            self._do(self._due.popleft()[1])
        now_s = asyncio.get_running_loop().time()
        self._due.extend((now_s + after_s, happened) for after_s, happened in self._part.effects(cue))
        self._set_timer()

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None
        if self._due:
            self._timer = asyncio.get_running_loop().call_at(self._due[0][0], self._on_timer)

    def _on_timer(self) -> None:
        self._timer = None
        self._do(self._due.popleft()[1])
        self._set_timer()

    def _do(self, happened: Happened) -> None:
        link, device, place = self._link, self._device, happened.characteristic
        if link is None or device is None:
            return
        if place is None:
            self._spawn(_hang_up(link))
        elif self._subscribed.get(place) is True:
            notification = att.ATT_Handle_Value_Notification(
                attribute_handle=self._characteristics[place].handle, attribute_value=happened.value
            )
            device.gatt_server.send_gatt_pdu(link, bytes(notification))
        elif place in self._subscribed:
            self._spawn(device.indicate_subscriber(link, self._characteristics[place], happened.value))

    def _be_quiet(self) -> None:
        self._due.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._on_problem(f"{error!r}")

    async def _advertise(self) -> None:
        if self._device is not None:
            await self._device.start_advertising(
                advertising_interval_min=_ADVERTISING_MS, advertising_interval_max=_ADVERTISING_MS
            )


async def _answer(happened: Happened) -> None:
    """Let as much time pass as the answer took; raise the ATT error that it was."""
    if happened.took_s is None:
        await asyncio.get_running_loop().create_future()  # none came: the link ends it
    await asyncio.sleep(happened.took_s or 0)
    if happened.error is not None:
        raise att.ATT_Error(happened.error)


async def _hang_up(link: Connection) -> None:
    with contextlib.suppress(core.BaseBumbleError):  # it went by itself
        await link.disconnect()
