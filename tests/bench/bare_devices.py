"""Plain Bumble devices that advertise on one air: `python bare_devices.py 200`, until killed."""

import asyncio
import sys

from bumble.controller import Controller
from bumble.device import Device
from bumble.gatt import Characteristic, Service
from bumble.hci import Address
from bumble.host import Host
from bumble.link import LocalLink

# As many as a simulated device has.
CHARACTERISTICS = 9


class _Sink:
    def __init__(self, controller: Controller) -> None:
        self._controller = controller

    def on_packet(self, packet: bytes) -> None:
        self._controller.on_packet(packet)


def bare_device(link: LocalLink, address: str) -> Device:
    controller = Controller(address, link=link)
    controller.random_address = Address(address)
    return Device(name=address, address=Address(address), host=Host(controller, _Sink(controller)))


async def devices(count: int) -> None:
    link, there = LocalLink(), []
    names = [f"5a1e{number:04x}-7d3b-4c52-9f0e-6d6173736167" for number in range(1 + CHARACTERISTICS)]
    properties, readable = Characteristic.Properties.READ, Characteristic.READABLE
    for number in range(1, count + 1):
        device = bare_device(link, f"F0:00:00:00:00:{number:02X}")
        values = [Characteristic(name, properties, readable, b"") for name in names[1:]]
        device.add_service(Service(names[0], values))
        await device.power_on()
        there.append(device)
    print(len(there), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(devices(int(sys.argv[1])))
