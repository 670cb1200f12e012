"""The control channel: what a line does to which device, what it answers, and who can reach it."""

import asyncio
import contextlib
import json
import stat
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from bleak import BleakClient

from firmware_sim import cli, control
from firmware_sim.control import Control, listening, parse_place
from firmware_sim.feed import Feed
from firmware_sim.simulator import Simulator
from firmware_sim.virtual_time import run
from sim.room import BEGIN, Link
from sim.test_main import PROGRAM, place_in, running


def line(**request: object) -> bytes:
    return json.dumps(request).encode()


def nowhere(_row: object) -> None: ...


def answered(*requests: bytes, models: dict[str, int] | None = None) -> list[dict[str, Any]]:
    async def story() -> list[dict[str, Any]]:
        feed = Feed()
        async with Simulator(models=models or {"chair": 2, "cushion": 1}, on_row=feed) as simulator:
            return [Control(simulator.devices, feed).answer(request, nowhere) for request in requests]

    return run(story())


def test_each_device_is_listed_with_its_address_and_its_faults() -> None:
    _, listed = answered(line(do="inject", device="chair-2", fault="silent:2"), line(do="list"))
    assert listed == {
        "ok": True,
        "devices": [
            {"device": "chair-1", "address": "C0:DE:00:00:00:01", "faults": []},
            {"device": "chair-2", "address": "C0:DE:00:00:00:02", "faults": ["silent"]},
            {"device": "cushion-1", "address": "C0:DE:00:00:01:01", "faults": []},
        ],
    }


@pytest.mark.parametrize(
    ("request_line", "says"),
    [
        (b"press stop", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[1]", "a request is an object"),
        (line(device="chair-1"), "There are list, press, inject, clear, stand_up, sit_down, subscribe"),
        (line(do="kick", device="chair-1"), "There are list, press"),
        (line(do=["list"]), "There are list, press"),
        (line(do="press", device="chair-1"), "press needs button"),
        (line(do="press", device="chair-1", button="off"), "there are stop, plus, minus"),
        (line(do="press", device="chair-1", button=1), "button is text, not 1"),
        (line(do="press", device="chair-9", button="stop"), "there are chair-1, chair-2, cushion-1"),
        (line(do="press", button="stop"), "which device? There are chair-1, chair-2, cushion-1"),
        (line(do="stand_up", device="chair-1", button="stop"), "stand_up takes no button"),
        (line(do="list", device="chair-1"), "list takes no device"),
        (line(do="inject", device="chair-1", fault="smoke"), "no fault 'smoke'"),
        (line(do="inject", device="chair-1", fault="silent:soon"), "silent:AFTER_S"),
        (line(do="clear", device="chair-1", fault="silent"), "silent"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_done(request_line: bytes, says: str) -> None:
    refused, after = answered(request_line, line(do="list"))
    assert refused.keys() == {"ok", "error"}
    assert refused["ok"] is False
    assert says in refused["error"]
    assert all(device["faults"] == [] for device in after["devices"])


def test_a_fault_twice_is_refused_and_the_first_stays() -> None:
    once = line(do="inject", device="chair-1", fault="silent:2")
    first, second, listed = answered(once, once, line(do="list"))
    assert (first["ok"], second["ok"]) == (True, False)
    assert listed["devices"][0]["faults"] == ["silent"]


def test_of_many_devices_an_error_names_the_first_and_the_last() -> None:
    (refused,) = answered(line(do="stand_up"), models={"chair": 9})
    assert refused["error"] == "which device? There are 9, from chair-1 to chair-9; list names them"


def test_where_there_is_one_device_it_need_not_be_named() -> None:
    assert answered(line(do="stand_up"), models={"handheld": 1}) == [{"ok": True, "device": "handheld-1"}]


def test_buttons_faults_and_the_person_act_on_that_device_alone_while_it_is_driven() -> None:
    rows: list[dict[str, Any]] = []

    async def story() -> None:
        feed = Feed()
        async with Simulator(count=2, on_row=feed) as simulator:
            channel = Control(simulator.devices, feed)

            def ask(**request: str) -> None:
                assert channel.answer(line(**request), rows.append)["ok"]

            async with contextlib.AsyncExitStack() as links:
                chairs = []
                for device in simulator.devices:
                    radio = await simulator.radio()
                    client = BleakClient(device.address, pair=True, backend=radio.client)
                    await links.enter_async_context(client)
                    chairs.append(Link(client))
                    assert await chairs[-1].command(BEGIN) == 0
                    assert await chairs[-1].press(1, level=5) == 0
                ask(do="subscribe")
                await asyncio.sleep(0.5)
                ask(do="stand_up", device="chair-1")
                ask(do="press", device="chair-2", button="stop")
                await asyncio.sleep(0.2)
                ask(do="sit_down", device="chair-1")
                await asyncio.sleep(0.1)

    run(story())

    def forces(device: str, cause: str) -> set[float]:
        return {row["force_n"] for row in rows if row["device"] == device and row.get("cause") == cause}

    assert {0.0, 20.0} <= forces("chair-1", "lease")
    assert forces("chair-1", "local_button") == set()
    assert forces("chair-2", "local_button")
    assert 0.0 not in forces("chair-2", "lease")


@pytest.mark.parametrize(
    "place", ["unix:/tmp/x", "tcp:127.0.0.1:1", "tcp:localhost:1", "tcp:[::1]:1", "tcp:127.9.9.9:1"]
)
def test_places_on_this_computer_are_taken(place: str) -> None:
    assert parse_place(place).text == place


@pytest.mark.parametrize(
    "place", ["tcp:0.0.0.0:1", "tcp:192.168.1.2:1", "tcp:[::]:1", "tcp:example.org:1", "stdin", "unix:"]
)
def test_places_that_others_reach_are_refused(place: str) -> None:
    with pytest.raises(ValueError, match=r"place|only this computer"):
        parse_place(place)


@contextlib.asynccontextmanager
async def channel(where: str) -> AsyncIterator[tuple[Feed, str]]:
    feed = Feed()
    async with (
        Simulator(on_row=feed) as simulator,
        listening(Control(simulator.devices, feed), where) as place,
    ):
        yield feed, place


class Talk:
    """One client's side."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def heard(self) -> dict[str, Any]:
        async with asyncio.timeout(10):
            return dict(json.loads(await self.reader.readline()))


@contextlib.asynccontextmanager
async def talk(place: str) -> AsyncIterator[Talk]:
    _, host, port = place.split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        yield Talk(reader, writer)
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


async def test_a_socket_file_is_for_its_owner_alone_and_goes_with_the_simulator(tmp_path: Path) -> None:
    path = tmp_path / "control"
    async with channel(f"unix:{path}"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        with pytest.raises(OSError, match="another simulator listens there"):
            async with channel(f"unix:{path}"):
                pass
    assert not path.exists()


async def test_requests_in_pieces_or_together_are_answered_line_by_line_to_whoever_asked() -> None:
    async with channel("tcp:127.0.0.1:0") as (_, place), talk(place) as one, talk(place) as other:
        for piece in (b'{"do": "li', b'st"}\n\n{"do": "kick"}\n{"do": "stand_up"}\n'):
            one.writer.write(piece)
            await one.writer.drain()
        assert [(await one.heard())["ok"] for _ in range(3)] == [True, False, True]
        other.writer.write(b'{"do": "sit_down"}\n')
        assert await other.heard() == {"ok": True, "device": "chair-1"}


async def test_whoever_subscribed_gets_each_row_once_and_nobody_else_does() -> None:
    row = {"t": 1.5, "device": "chair-1", "event": "stop"}
    async with channel("tcp:127.0.0.1:0") as (feed, place), talk(place) as one, talk(place) as other:
        one.writer.write(b'{"do": "subscribe"}\n{"do": "subscribe"}\n')
        other.writer.write(b'{"do": "list"}\n')
        assert [(await one.heard())["ok"], (await one.heard())["ok"], (await other.heard())["ok"]] == [
            True
        ] * 3
        feed(row)
        feed(row | {"t": 1.6})
        other.writer.write(b'{"do": "stand_up"}\n')
        assert [await one.heard(), await one.heard()] == [{"row": row}, {"row": row | {"t": 1.6}}]
        assert "ok" in await other.heard()


async def test_a_line_without_an_end_ends_its_client_alone() -> None:
    async with channel("tcp:127.0.0.1:0") as (_, place), talk(place) as one, talk(place) as other:
        one.writer.write(b"x" * 5000)
        assert "4096 bytes" in (await one.heard())["error"]
        assert await one.reader.read() == b""
        other.writer.write(b'{"do": "list"}\n')
        assert (await other.heard())["ok"]


async def test_a_subscriber_that_does_not_read_is_let_go_and_the_others_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(control, "_MAX_UNSENT_BYTES", 10_000)
    async with channel("tcp:127.0.0.1:0") as (feed, place), talk(place) as deaf, talk(place) as other:
        deaf.writer.write(b'{"do": "subscribe"}\n')
        assert (await deaf.heard())["ok"]
        deadline_s = time.monotonic() + 30
        deaf.writer.transport.pause_reading()
        while feed._listeners:
            feed({"t": 1.0, "device": "chair-1", "event": "stop", "padding": "x" * 1000})
            await asyncio.sleep(0)
            assert time.monotonic() < deadline_s
        other.writer.write(b'{"do": "list"}\n')
        assert (await other.heard())["ok"]


@contextlib.contextmanager
def controlled(*more: str) -> Iterator[tuple[str, str]]:
    with running(
        "--model", "chair:2", "--listen", "tcp:127.0.0.1:0", "--control", "tcp:localhost:0", *more
    ) as (process, first):
        assert process.stdout
        yield place_in(first), place_in(process.stdout.readline())


def control_cli(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, "control", *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_from_a_shell_a_button_is_pressed_and_what_went_wrong_is_one_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with controlled() as (_, place):
        assert place.startswith("tcp:localhost:")
        done = control_cli(place, "press", "stop", "--device", "chair-2")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert cli.main(["control", place, "inject", "silent:3", "--device", "chair-1"]) == 0
        assert cli.main(["control", place, "list"]) == 0
        listed = [json.loads(text) for text in capsys.readouterr().out.splitlines()]
        assert [device["faults"] for device in listed] == [["silent"], []]
        assert cli.main(["control", place, "press", "stop"]) == 1
        assert capsys.readouterr().err == "firmware_sim: which device? There are chair-1, chair-2\n"
    assert cli.main(["control", place, "list"]) == 1
    assert "no simulator takes control at tcp:localhost" in capsys.readouterr().err


def test_where_control_cannot_be_had_nothing_runs(tmp_path: Path) -> None:
    taken = tmp_path / "diary"
    taken.write_text("dear diary")
    done = subprocess.run(
        [*PROGRAM, "--model", "chair", "--listen", "tcp:127.0.0.1:0", "--control", f"unix:{taken}"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"firmware_sim: cannot listen on unix:{taken}: it exists and is not a socket\n"
    assert taken.read_text() == "dear diary"
