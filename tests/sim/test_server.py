"""The simulator's open port, on real sockets and real time."""

import asyncio
import contextlib
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from bleak import BleakClient, BleakScanner
from bleak.exc import BleakError

from firmware_sim import server
from firmware_sim.air import Air
from firmware_sim.radio import Radio, open_radio
from firmware_sim.server import serve
from sim.bench import PLAIN, SLOW, Tiny

CHAIR = "F0:00:00:00:00:01"

PATIENCE_S = 10

# Another program: connects, writes once, says so and waits to be killed.
RUDE = f"""
import asyncio, sys
from bleak import BleakClient
from firmware_sim.radio import open_radio

async def main():
    async with open_radio(sys.argv[1]) as radio:
        client = BleakClient({CHAIR!r}, backend=radio.client)
        await client.connect()
        await client.write_gatt_char({PLAIN!r}, sys.argv[2].encode(), response=True)
        print("connected", flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


class Simulator:
    """An air with one peripheral, and its open port."""

    where: str
    tiny: Tiny
    air: Air

    def peers(self) -> list[str]:
        return [str(link.peer_address) for link in self.tiny.links]

    async def until_links(self, count: int) -> None:
        await self.tiny.until(lambda: len(self.tiny.links) == count)


@contextlib.asynccontextmanager
async def simulator(where: str = "tcp:127.0.0.1:0") -> AsyncIterator[Simulator]:
    made = Simulator()
    made.air = Air()
    made.tiny = Tiny(made.air.device("tiny", CHAIR))
    await made.tiny.start()
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(serve(made.air, where, on_ready=ready.set_result))
    await asyncio.wait([ready, serving], return_when=asyncio.FIRST_COMPLETED)
    if serving.done():
        ready.cancel()
        await serving
    made.where = ready.result()
    try:
        yield made
    finally:
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving


@contextlib.asynccontextmanager
async def connected(radio: Radio) -> AsyncIterator[BleakClient]:
    async with BleakClient(CHAIR, timeout=PATIENCE_S, backend=radio.client) as client:
        yield client


@pytest.mark.parametrize("kind", ["tcp", "unix"])
async def test_a_client_finds_and_uses_a_device_through_the_port(kind: str, tmp_path: Path) -> None:
    async with simulator("tcp:127.0.0.1:0" if kind == "tcp" else f"unix:{tmp_path}/air") as there:
        async with open_radio(there.where) as radio:
            found = await BleakScanner.find_device_by_name(there.tiny.name, backend=radio.scanner)
            assert found is not None
            async with BleakClient(found, backend=radio.client) as client:
                await client.write_gatt_char(PLAIN, bytes(500), response=True)
        assert there.tiny.written == [("plain", bytes(500))]


async def test_a_polite_client_leaves_nothing() -> None:
    async with simulator() as there:
        for _ in range(3):
            async with open_radio(there.where) as radio, connected(radio):
                await there.until_links(1)
            await there.until_links(0)
        async with open_radio(there.where) as radio, connected(radio):
            await there.until_links(1)
            assert there.peers() == ["F2:00:00:00:00:04"]


async def test_two_clients_are_two_centrals_at_once() -> None:
    async with (
        simulator() as there,
        open_radio(there.where) as one,
        open_radio(there.where) as two,
        connected(one) as first,
        connected(two) as second,
    ):
        await first.write_gatt_char(PLAIN, b"1", response=True)
        await second.write_gatt_char(PLAIN, b"2", response=True)
        assert there.tiny.written == [("plain", b"1"), ("plain", b"2")]
        assert there.peers() == ["F2:00:00:00:00:01", "F2:00:00:00:00:02"]


async def test_the_link_of_a_killed_program_is_ended_by_the_next_client() -> None:
    async with simulator() as there:
        rude = await asyncio.create_subprocess_exec(
            sys.executable, "-c", RUDE, there.where, "here", stdout=subprocess.PIPE
        )
        assert rude.stdout is not None
        async with asyncio.timeout(PATIENCE_S):
            assert await rude.stdout.readline() == b"connected\n"
        rude.kill()
        await rude.wait()
        async with asyncio.timeout(PATIENCE_S):
            while there.tiny.links:  # the first try may come before the end of the dead client is seen
                async with open_radio(there.where):
                    pass
        async with open_radio(there.where) as radio, connected(radio) as client:
            await client.write_gatt_char(PLAIN, b"next", response=True)
        assert there.tiny.written == [("plain", b"here"), ("plain", b"next")]


async def test_a_vanished_clients_link_stays_up_and_its_controller_goes_to_the_next_client() -> None:
    async with simulator() as there:
        async with open_radio(there.where) as radio:
            client = BleakClient(CHAIR, backend=radio.client)
            await client.connect()
            await client.write_gatt_char(PLAIN, b"1", response=True)
        link = there.tiny.links[0]
        await there.tiny.ring(b"to nobody")
        await asyncio.sleep(0.3)  # longer than a client takes to vanish; the link must outlive it
        assert there.tiny.links == [link]

        async with open_radio(there.where) as radio:
            await there.until_links(0)
            async with connected(radio):
                await there.until_links(1)
                assert there.peers() == ["F2:00:00:00:00:01"]
                assert there.tiny.links != [link]


async def test_of_several_orphans_the_oldest_is_taken_over_first() -> None:
    async with simulator() as there:
        async with contextlib.AsyncExitStack() as radios:
            for number in (1, 2):
                one = await radios.enter_async_context(open_radio(there.where))
                await BleakClient(CHAIR, backend=one.client).connect()
                await there.until_links(number)
        assert there.peers() == ["F2:00:00:00:00:01", "F2:00:00:00:00:02"]
        # The stack closed the second first, so that one is the older orphan.
        async with open_radio(there.where):
            await there.until_links(1)
            assert there.peers() == ["F2:00:00:00:00:01"]
            async with open_radio(there.where):
                await there.until_links(0)


async def test_an_orphan_whose_links_have_ended_is_not_taken_over() -> None:
    async with simulator() as there:
        async with open_radio(there.where) as radio:
            await BleakClient(CHAIR, backend=radio.client).connect()
            await there.until_links(1)
        await there.tiny.links[0].disconnect()
        async with open_radio(there.where) as radio, connected(radio):
            await there.until_links(1)
            assert there.peers() == ["F2:00:00:00:00:02"]


async def test_a_client_that_vanishes_while_connecting_makes_no_link_afterwards() -> None:
    async with simulator() as there:
        await there.tiny.device.stop_advertising()
        async with open_radio(there.where) as radio:
            connecting = asyncio.create_task(BleakClient(CHAIR, backend=radio.client).connect())
            await asyncio.sleep(0.05)
        with pytest.raises(BleakError, match="radio is gone"):
            await connecting
        await there.tiny.advertise()
        async with open_radio(there.where) as radio:
            assert await BleakScanner.find_device_by_address(CHAIR, backend=radio.scanner)
            assert there.tiny.links == []


@pytest.mark.parametrize(
    "garbage", [b"GET / HTTP/1.1\r\n\r\n", b"\x01\x03\x0c\x00\xff", b"\x04\x0e\x01\x00\x99"]
)
async def test_garbage_ends_that_client_only(garbage: bytes) -> None:
    async with simulator() as there, open_radio(there.where) as radio, connected(radio) as client:
        _, host, port = there.where.split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(garbage)
        async with asyncio.timeout(PATIENCE_S):
            with contextlib.suppress(ConnectionResetError):
                await reader.read()
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
        await client.write_gatt_char(PLAIN, b"still here", response=True)
        assert there.tiny.written == [("plain", b"still here")]


async def test_a_client_too_many_is_refused_and_the_others_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "MAX_CLIENTS", 1)
    async with simulator() as there, open_radio(there.where) as radio, connected(radio) as client:
        with pytest.raises(OSError, match="does not answer"):
            async with open_radio(there.where):
                pass
        await client.write_gatt_char(PLAIN, b"x", response=True)


async def test_the_end_of_the_simulator_ends_its_clients_links() -> None:
    lost = asyncio.Event()
    async with contextlib.AsyncExitStack() as ending:
        there = await ending.enter_async_context(simulator())
        async with open_radio(there.where) as radio:
            client = BleakClient(CHAIR, lambda _client: lost.set(), backend=radio.client)
            await client.connect()
            writing = asyncio.create_task(client.write_gatt_char(SLOW, b"x", response=True))
            async with asyncio.timeout(PATIENCE_S):
                await there.tiny.until(lambda: there.tiny.written)
                await ending.aclose()
                with pytest.raises(BleakError, match="radio is gone"):
                    await writing
                await lost.wait()
            assert not client.is_connected


async def test_an_address_in_use_is_a_clear_error() -> None:
    async with simulator() as there:
        with pytest.raises(OSError, match=f"cannot listen on {there.where}: .*in use"):
            async with simulator(there.where):
                pass


async def test_a_unix_socket_is_for_its_owner_alone_and_goes_with_the_simulator(tmp_path: Path) -> None:
    path = tmp_path / "air"
    async with simulator(f"unix:{path}"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        with pytest.raises(OSError, match="another simulator listens there"):
            async with simulator(f"unix:{path}"):
                pass
        async with open_radio(f"unix:{path}"):
            pass
    assert not path.exists()


async def test_a_stale_unix_socket_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "air"
    subprocess.run(  # noqa: ASYNC221  # over in a moment
        [
            sys.executable,
            "-c",
            "import socket,sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])",
            str(path),
        ],
        check=True,
    )
    assert path.is_socket()
    async with simulator(f"unix:{path}"), open_radio(f"unix:{path}"):
        pass


async def test_a_file_that_is_no_socket_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "precious"
    path.write_text("diary")
    with pytest.raises(FileExistsError, match="not a socket"):
        async with simulator(f"unix:{path}"):
            pass
    assert path.read_text() == "diary"


@pytest.mark.parametrize("where", ["tcp:127.0.0.1", "serial:/dev/ttyS0"])
async def test_a_malformed_place_is_an_error(where: str) -> None:
    with pytest.raises(ValueError, match="is not a place"):
        await serve(Air(), where, on_ready=lambda _where: None)
