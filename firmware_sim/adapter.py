"""A Bumble device as bleak's backends share it: one attempt to connect at a time, one scan for all."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from bleak.exc import BleakError, BleakGATTProtocolError, BleakGATTProtocolErrorCode
from bumble import att, core, device, hci

from firmware_sim.stack import GattClient, KeyMismatchError, KeyMissingError

_T = TypeVar("_T")

_TRANSPORT_LOST = "the radio is gone"

_ANEW = "unpair it, then pair it anew"


class UnprovenError(BleakGATTProtocolError):
    """The peer does not prove the bond; the code is that of insufficient authentication."""

    def __init__(self, why: str) -> None:
        code = BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHENTICATION
        super().__init__(code)
        self.args = (int(code), f"{why}: {_ANEW}")


AdvertisementListener = Callable[[device.Advertisement], None]


class Adapter:
    """One Bumble device. Its errors are bleak's."""

    def __init__(self, device: device.Device) -> None:
        self.device = device
        self._dialling = asyncio.Lock()
        self._scanning = asyncio.Lock()
        self._listeners: list[AdvertisementListener] = []
        self._waiting: set[asyncio.Future[Any]] = set()
        self.lost = False
        device.on(device.EVENT_FLUSH, self._on_flush)
        device.on(device.EVENT_ADVERTISEMENT, self._on_advertisement)

    def check(self) -> None:
        """Raise `BleakError` once the transport to the controller has ended."""
        if self.lost:
            raise BleakError(_TRANSPORT_LOST)

    async def finish(self, work: Coroutine[Any, Any, _T]) -> _T:
        """Wait for work on the radio, which goes on to its end even when the waiting is cancelled.

        An ATT request cannot be taken back: a second one sent before the answer would get that answer.

        Raises:
            UnprovenError: the peer does not have the key of the bond.
            BleakGATTProtocolError: the peer refused.
            BleakError: anything else went wrong.
        """
        task = asyncio.create_task(work)
        task.add_done_callback(_retrieve)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.cancelled():  # Bumble cancels where it means: the link is lost
                raise BleakError(_TRANSPORT_LOST if self.lost else "the link was lost") from None
            raise
        except att.ATT_Error as error:
            raise BleakGATTProtocolError(int(error.error_code)) from error
        except (KeyMissingError, KeyMismatchError) as error:
            raise UnprovenError(str(error)) from error
        except (core.BaseBumbleError, TimeoutError) as error:
            raise BleakError(_TRANSPORT_LOST if self.lost else str(error) or repr(error)) from error

    async def outcome(self, future: asyncio.Future[_T]) -> _T:
        """Wait for what the radio brings, or raise `BleakError` when the radio is lost."""
        self.check()
        self._waiting.add(future)
        try:
            return await future
        finally:
            self._waiting.discard(future)

    async def dial(self, address: hci.Address) -> device.Connection:
        """Connect as central; a cancelled attempt leaves neither a pending one nor a link behind.

        Raises:
            BleakError: it failed, or a client of this radio is connected there already.
        """
        async with self._dialling:
            self.check()
            if self.device.find_connection_by_bd_addr(address) is not None:
                raise BleakError(f"{address.to_string(with_type_qualifier=False)} is connected already")
            attempt = asyncio.create_task(self.device.connect_le(address, timeout=None))
            try:
                connection = await self.finish(_result(attempt))
            except asyncio.CancelledError:
                await self._call_off(attempt, address)
                raise
        if not self.is_up(connection):
            raise BleakError("the link was lost as soon as it was made")
        connection.gatt_client = GattClient(connection)
        return connection

    async def _call_off(self, attempt: asyncio.Task[device.Connection], address: hci.Address) -> None:
        if not attempt.done():
            await self._cancel_in_controller()
        if (connection := self.device.find_connection_by_bd_addr(address)) is not None:
            await self.hang_up(connection)  # it is up, and perhaps about to be encrypted
        await asyncio.wait([attempt])
        if not attempt.cancelled() and attempt.exception() is None:
            await self.hang_up(attempt.result())

    async def _cancel_in_controller(self) -> None:
        with contextlib.suppress(core.BaseBumbleError):  # refused: the link is up, or the attempt has failed
            await self.device.send_sync_command(hci.HCI_LE_Create_Connection_Cancel_Command())

    async def hang_up(self, connection: device.Connection) -> None:
        """End a link, if it is not gone already."""
        if self.is_up(connection):
            with contextlib.suppress(BleakError):  # it went while we were asking
                await self.finish(connection.disconnect())

    def is_up(self, connection: device.Connection) -> bool:
        """Whether this very link is up."""
        return not self.lost and self.device.connections.get(connection.handle) is connection

    async def listen(self, listener: AdvertisementListener, *, active: bool) -> None:
        """Report advertisements; the first listener starts the scan and says whether it is active."""
        async with self._scanning:
            self.check()
            self._listeners.append(listener)
            if len(self._listeners) == 1:
                await self.finish(self.device.start_scanning(active=active))

    async def stop_listening(self, listener: AdvertisementListener) -> None:
        """Report no more; the last listener stops the scan."""
        async with self._scanning:
            if listener not in self._listeners:
                return
            self._listeners.remove(listener)
            if not self._listeners and not self.lost:
                await self.finish(self.device.stop_scanning())

    def _on_advertisement(self, advertisement: device.Advertisement) -> None:
        for listener in list(self._listeners):
            listener(advertisement)

    def _on_flush(self) -> None:
        self.lost = True
        for future in self._waiting:
            if not future.done():
                future.set_exception(BleakError(_TRANSPORT_LOST))


async def _result(task: asyncio.Task[_T]) -> _T:
    return await asyncio.shield(task)


def _retrieve(task: asyncio.Task[Any]) -> None:
    if not task.cancelled():
        task.exception()  # whoever waited may be gone; asyncio would complain about an error nobody saw
