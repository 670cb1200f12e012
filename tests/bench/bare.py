"""The floors: plain Bumble and plain bleak doing the same traffic, with none of our code on the way."""

import asyncio
import sqlite3
import statistics
import time
from pathlib import Path

from bleak import BleakClient, BleakScanner
from bumble.controller import Controller
from bumble.device import Device, Peer
from bumble.gatt import Characteristic, Service
from bumble.hci import Address
from bumble.host import Host
from bumble.link import LocalLink

from firmware_sim.radio import open_radio
from firmware_sim.simulator import Simulator

COMMAND = "5a1e0002-7d3b-4c52-9f0e-6d6173736167"
SERVICE = "5a1e0001-7d3b-4c52-9f0e-6d6173736167"
STOP = "5a1e0003-7d3b-4c52-9f0e-6d6173736167"
STATE = "5a1e0004-7d3b-4c52-9f0e-6d6173736167"
# A frame that every chair refuses costs the stack what an accepted one costs, and moves nothing.
SET_LENGTH, STATE_LENGTH = 14, 19


async def bare_session_s(seconds: int) -> None:
    """Ten writes with response and ten notifications a second between two plain Bumble devices."""
    link = LocalLink()
    devices = []
    for name, address in (("peripheral", "F0:00:00:00:00:01"), ("central", "F0:00:00:00:00:02")):
        controller = Controller(name, link=link)
        host = Host(controller, _Sink(controller))
        controller.random_address = Address(address)
        devices.append(Device(name=name, address=Address(address), host=host))
    peripheral, central = devices
    command = Characteristic(COMMAND, Characteristic.Properties.WRITE, Characteristic.WRITEABLE, b"")
    state = Characteristic(STATE, Characteristic.Properties.NOTIFY, Characteristic.READABLE, b"")
    peripheral.add_service(Service(SERVICE, [command, state]))
    for device in devices:
        await device.power_on()
    await peripheral.start_advertising()
    connection = await central.connect(Address("F0:00:00:00:00:01"))
    peer = Peer(connection)
    await peer.request_mtu(247)
    await peer.discover_services()
    await peer.discover_characteristics()
    found = {str(c.uuid).lower(): c for service in peer.services for c in service.characteristics}
    there = next(c for u, c in found.items() if c.uuid == command.uuid)
    told = next(c for u, c in found.items() if c.uuid == state.uuid)
    await peer.subscribe(told, lambda _: None)
    for _ in range(10 * seconds):
        await there.write_value(bytes(SET_LENGTH), with_response=True)
        await peripheral.notify_subscribers(state, bytes(STATE_LENGTH))
        await asyncio.sleep(0.1)


class _Sink:
    def __init__(self, controller: Controller) -> None:
        self._controller = controller

    def on_packet(self, packet: bytes) -> None:
        self._controller.on_packet(packet)


async def bare_writes_ms(count: int, radio: str | None = None) -> float:
    """Median of a bare bleak write with response to the simulated chair's stop characteristic, in ms."""
    if radio is None:
        async with Simulator() as simulator:
            return await _writes(count, await simulator.radio())
    async with open_radio(radio) as opened:
        return await _writes(count, opened)


async def _writes(count: int, radio: object) -> float:
    found = await BleakScanner.find_device_by_filter(
        lambda _, seen: SERVICE in seen.service_uuids, backend=radio.scanner
    )
    async with BleakClient(found, backend=radio.client) as client:
        await client.start_notify(STATE, lambda *_: None)
        times = []
        for _ in range(count):
            began = time.perf_counter()
            await client.write_gatt_char(STOP, b"\x00", response=True)
            times.append(1000 * (time.perf_counter() - began))
        return statistics.median(times)


def bare_commit_ms(folder: Path, times: int) -> float:
    """Median of a one-row transaction in a bare SQLite file, WAL and fully synchronous."""
    raw = sqlite3.connect(folder / "bare.db", isolation_level=None)
    try:
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute("PRAGMA synchronous = FULL")
        raw.execute("CREATE TABLE debit (id INTEGER PRIMARY KEY, ms INTEGER)")
        took = []
        for n in range(times):
            began = time.perf_counter()
            raw.execute("INSERT INTO debit (ms) VALUES (?)", (n,))
            took.append(1000 * (time.perf_counter() - began))
    finally:
        raw.close()
    return statistics.median(took)
