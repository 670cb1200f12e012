"""What many devices in one process cost: CPU while all are driven, memory, and the start."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import bare_devices
from bare import STATE_LENGTH, bare_session_s
from bare_devices import bare_device
from bleak import BleakClient, BleakScanner
from bleak.backends.device import BLEDevice
from bumble import att
from bumble.controller import Controller
from bumble.hci import Address
from bumble.link import LocalLink

from firmware_sim import data_path
from firmware_sim.radio import radio_on
from firmware_sim.simulator import Simulator
from firmware_sim.stack import Device as SimulatedStack
from firmware_sim.virtual_time import run
from sim.device_bench import begin, set_

COUNT = 200
HZ = 10
SECONDS = 10
COMMAND = "5a1e0002-7d3b-4c52-9f0e-6d6173736167"
STATE = "5a1e0004-7d3b-4c52-9f0e-6d6173736167"
LEVELS = (5, 5)
BARE = Path(bare_devices.__file__)
PAGE_KIB = os.sysconf("SC_PAGE_SIZE") / 1024


class Client:
    """One controller's side, once it is connected: it writes finished bytes and counts what comes back."""

    def __init__(self, controller: Controller, link: int, command: int) -> None:
        self.answers = self.notifications = 0
        self._controller, self._link, self._command = controller, link, command
        controller.set_packet_sink(self)

    def write(self, frame: bytes) -> None:
        request = att.ATT_Write_Request(self._command, frame)
        payload = data_path.att_bytes(request)
        self._controller.on_packet(data_path.packet_to_controller(self._link, att.ATT_CID, payload))

    def on_packet(self, packet: bytes) -> None:
        if packet[0] == 2:
            self.answers += packet[9] == 0x13
            self.notifications += packet[9] == 0x1B and len(packet) == 12 + STATE_LENGTH


async def _client(simulator: Simulator, number: int, address: str) -> Client:
    """Connect, pair and begin as a program with bleak does, then leave only its link."""
    own = f"F0:00:00:00:01:{number:02X}"
    controller = simulator.air.controller(own, own)
    central = SimulatedStack(name=own, address=Address(own), host=simulator.air.host(controller))
    await central.power_on()
    known = BLEDevice(address, None, Address(address))
    client = BleakClient(known, pair=True, backend=radio_on(central).client)
    await client.connect()
    await client.write_gatt_char(COMMAND, begin(1, 900, LEVELS), response=True)
    await client.start_notify(STATE, lambda *_: None)
    command = client.services.get_characteristic(COMMAND)
    (link,) = central.connections
    return Client(controller, link, command.handle)


async def _drive() -> float:
    """CPU seconds of the cheapest of ten seconds in which all are driven ten times a second."""
    async with Simulator(count=COUNT) as simulator:
        clients = [
            await _client(simulator, number, device.address)
            for number, device in enumerate(simulator.devices, 1)
        ]
        took = []
        for second in range(SECONDS):
            began = time.process_time()
            for seq in range(HZ * second + 1, HZ * (second + 1) + 1):
                for client in clients:
                    client.write(set_(seq, *LEVELS, epoch=1))
                await asyncio.sleep(1 / HZ)
            took.append(time.process_time() - began)
        assert all(client.answers == HZ * SECONDS for client in clients)
        assert all(client.notifications >= HZ * SECONDS - 1 for client in clients)
    return min(took)


async def session_of_one(seconds: int) -> None:
    """Ten writes with response a second for a bleak client of one chair, which notifies as often."""
    async with Simulator() as simulator:
        radio = await simulator.radio()
        async with BleakClient(simulator.devices[0].address, pair=True, backend=radio.client) as client:
            await client.write_gatt_char(COMMAND, begin(1, seconds, LEVELS), response=True)
            await client.start_notify(STATE, lambda *_: None)
            for seq in range(1, HZ * seconds + 1):
                await client.write_gatt_char(COMMAND, set_(seq, *LEVELS, epoch=1), response=True)
                await asyncio.sleep(1 / HZ)


def driven_percent() -> float:
    """Per cent of a core for the devices and the air, on virtual time; their clients cost next to nothing."""
    return 100 * run(_drive())


def bare_percent(seconds: int = 60) -> float:
    """Per cent of a core for the same traffic between bare Bumble devices, both ends of it."""

    def once() -> float:
        began = time.process_time()
        run(bare_session_s(seconds))
        return time.process_time() - began

    return 100 * min(once() for _ in range(3)) / seconds * COUNT


def _resident_kib(*command: str) -> float:
    """Of a process that has said its first line."""
    with subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE) as process:
        assert process.stdout.readline()
        try:
            return int(Path(f"/proc/{process.pid}/statm").read_text().split()[1]) * PAGE_KIB
        finally:
            process.terminate()


def device_kib() -> tuple[float, float]:
    """Memory in KiB that each further device takes, and each further bare Bumble device."""
    with tempfile.TemporaryDirectory() as folder:
        listen = ("--listen", f"unix:{folder}/air.sock")
        ours = [
            _resident_kib("-m", "firmware_sim", "--model", f"chair:{count}", *listen)
            for count in (1, 1 + COUNT)
        ]
    bare = [_resident_kib(str(BARE), str(count)) for count in (1, 1 + COUNT)]
    return (ours[1] - ours[0]) / COUNT, (bare[1] - bare[0]) / COUNT


async def _start_s(count: int) -> float:
    """From nothing but imports until the last of so many devices has been heard."""
    began = time.perf_counter()
    async with Simulator(count=count) as there:
        radio = await there.radio()
        wanted = {device.address for device in there.devices}
        heard = asyncio.Event()

        def saw(device: BLEDevice, _advertisement: object) -> None:
            wanted.discard(device.address)
            if not wanted:
                heard.set()

        async with BleakScanner(saw, backend=radio.scanner):
            await heard.wait()
        return time.perf_counter() - began


async def _bare_start_s() -> float:
    """From nothing but imports until a bare Bumble device advertises."""
    began = time.perf_counter()
    device = bare_device(LocalLink(), "F0:00:00:00:00:01")
    await device.power_on()
    await device.start_advertising()
    return time.perf_counter() - began


def start_s(count: int) -> tuple[float, float]:
    """Seconds until the last of so many devices is heard, and until a bare one advertises."""
    ours = min(asyncio.run(_start_s(count)) for _ in range(5))
    return ours, min(asyncio.run(_bare_start_s()) for _ in range(5))
