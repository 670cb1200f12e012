"""A D-Bus of the tests' own, and on it a BlueZ that does nothing but pair."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus

DEVICE = "/org/bluez/hci0/dev_C0_DE_00_00_00_01"
OTHER = "/org/bluez/hci0/dev_C0_DE_00_00_00_02"


def require() -> None:
    """Leave the test out where there is no D-Bus, and say so; where CI is set it fails."""
    if shutil.which("dbus-daemon") is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no D-Bus here: apt install dbus-daemon")


@contextlib.contextmanager
def private_bus(folder: Path):
    """Run a bus; where it listens."""
    require()
    command = ["dbus-daemon", "--session", "--nofork", "--print-address=1", f"--address=unix:dir={folder}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as daemon:
        try:
            yield daemon.stdout.readline().strip()
        finally:
            daemon.kill()


class FakeBluez:
    """Pairs as BlueZ 5.66 does: it asks the default agent, and without one it refuses."""

    def __init__(self, bus: MessageBus) -> None:
        self._bus = bus
        self.refuses = ""
        self.calls: list[tuple[str, list]] = []
        self.agents: dict[str, str] = {}
        self.default: str | None = None
        self.questions: list[str] = []

    async def begin(self) -> None:
        await self._bus.connect()
        self._bus.add_message_handler(self._take)
        await self._bus.request_name("org.bluez")
        rule = "type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged'"
        await self._call("org.freedesktop.DBus", "/org/freedesktop/DBus", "AddMatch", "s", [rule])

    def _take(self, message: Message) -> Message | None:
        if message.member == "NameOwnerChanged" and message.body[2] == "":
            self.agents.pop(message.body[0], None)
            if self.default == message.body[0]:
                self.default = None
        if message.interface != "org.bluez.AgentManager1":
            return None
        self.calls.append((message.member, message.body))
        if message.member == self.refuses:
            return Message.new_error(message, "org.bluez.Error.NotPermitted", "Not permitted")
        if message.member == "RegisterAgent":
            self.agents[message.sender] = message.body[0]
        else:
            self.default = message.sender
        return Message.new_method_return(message)

    async def pair(self, device: str, question: str = "RequestAuthorization", *more: object) -> str:
        """Pair a device; the error's name, or nothing."""
        if self.default is None:
            return "org.bluez.Error.AuthenticationFailed"
        body, signature = [device, *more], "o" + "u" * len(more)
        path = self.agents[self.default]
        answer = await self._call(self.default, path, question, signature, body, "org.bluez.Agent1")
        return answer.error_name or "" if answer.message_type is MessageType.ERROR else ""

    async def _call(self, to, path, member, signature, body, interface="org.freedesktop.DBus") -> Message:
        call = Message(
            destination=to, path=path, interface=interface, member=member, signature=signature, body=body
        )
        answer = await self._bus.call(call)
        assert answer is not None
        return answer


@contextlib.asynccontextmanager
async def fake_bluez(address: str) -> AsyncIterator[FakeBluez]:
    bus = MessageBus(bus_address=address)
    bluez = FakeBluez(bus)
    await bluez.begin()
    try:
        yield bluez
    finally:
        bus.disconnect()
