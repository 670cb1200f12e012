"""The floor of a bridge: a bare subscriber and a bare bleak client in one process, with nothing in between.

`python bare_bridge.py RADIO PORT TOPIC`: each message at the topic is a write to the Stop characteristic.
"""

import asyncio
import socket
import sys

import aiomqtt
from bare import SERVICE, STOP
from bleak import BleakClient, BleakScanner

from firmware_sim.radio import open_radio


def client(port: int) -> aiomqtt.Client:
    """A client as aiomqtt has it, with answers that do not wait for more."""
    return aiomqtt.Client(
        "127.0.0.1",
        port,
        protocol=aiomqtt.ProtocolVersion.V5,
        clean_start=True,
        socket_options=[(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)],
    )


async def _serve(place: str, port: int, topic: str) -> None:
    async with open_radio(place) as radio, client(port) as hearing:
        found = await BleakScanner.find_device_by_filter(
            lambda _, seen: SERVICE in seen.service_uuids, backend=radio.scanner
        )
        async with BleakClient(found, backend=radio.client) as device:
            await hearing.subscribe(topic, qos=1)
            print("ready", flush=True)
            async for _message in hearing.messages:
                await device.write_gatt_char(STOP, b"\x00", response=True)


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
