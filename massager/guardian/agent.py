"""BlueZ asks an agent before it pairs, and on a computer without a desktop there is none: this is one.

It is there for one device and for the time of one pairing. The massager has neither display nor keys, so
that there is nothing to compare; that it is this one is what the person said who named its address.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any, Final

from dbus_fast import BusType, DBusError, DBusFastError, Message, MessageType
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusObjectPath
from dbus_fast.service import ServiceInterface, dbus_method

from massager.model.errors import NotPairedError

REGISTER_LONGEST_S: Final = 2.0  # chosen, because a bus and a daemon that live answer in milliseconds

_PATH: Final = "/massager/agent"


class _Agent(ServiceInterface):
    """Says yes to one device; it knows no question that needs a person, which BlueZ takes for no."""

    def __init__(self, device: str) -> None:
        super().__init__("org.bluez.Agent1")
        self._device = device

    @dbus_method(name="RequestAuthorization")
    def request_authorization(self, device: DBusObjectPath) -> None:
        if device != self._device:
            raise DBusError("org.bluez.Error.Rejected", "this agent is here for another device")

    @dbus_method(name="Cancel")
    def cancel(self) -> None:
        pass

    @dbus_method(name="Release")
    def release(self) -> None:
        pass


@contextlib.asynccontextmanager
async def pairing_agent(device: str, address: str) -> AsyncIterator[None]:
    """Let BlueZ pair one device for as long as the block runs; it knows the device by this object path.

    Raises:
        NotPairedError: BlueZ takes no agent; the text says how to pair by hand.
    """
    bus = MessageBus(bus_type=BusType.SYSTEM)
    try:
        try:
            async with asyncio.timeout(REGISTER_LONGEST_S):
                await bus.connect()
                bus.export(_PATH, _Agent(device))
                await _tell(bus, "RegisterAgent", "os", [_PATH, "NoInputNoOutput"])
                # bleak pairs over a connection of its own, and BlueZ then asks only the default agent.
                await _tell(bus, "RequestDefaultAgent", "o", [_PATH])
        except (DBusFastError, OSError, EOFError, TimeoutError) as error:
            raise NotPairedError(
                f"{address} cannot be paired: BlueZ takes no pairing agent from this program "
                f"({error or type(error).__name__}). Pair it by hand with `bluetoothctl`: "
                f"`agent NoInputNoOutput`, `default-agent`, `pair {address}`; then say this command again."
            ) from error
        yield
    finally:
        bus.disconnect()  # and BlueZ goes back to the agent that was there before


async def _tell(bus: MessageBus, member: str, signature: str, body: list[Any]) -> None:
    call = Message(
        destination="org.bluez",
        path="/org/bluez",
        interface="org.bluez.AgentManager1",
        member=member,
        signature=signature,
        body=body,
    )
    answer = await bus.call(call)
    if answer is not None and answer.message_type is MessageType.ERROR:
        raise DBusError(answer.error_name or "an error without a name", " ".join(map(str, answer.body)))
