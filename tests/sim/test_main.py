"""The program as a process: what it says, how it ends, and a chair on somebody else's air."""

import asyncio
import contextlib
import json
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from bleak import BleakClient, BleakScanner

from firmware_sim import cli
from firmware_sim.faults import KINDS
from firmware_sim.radio import open_radio
from firmware_sim.wire import COMMAND_UUID, SERVICE_UUID, STATE_UUID, STOP_UUID
from sim.device_bench import begin, set_

PROGRAM = [sys.executable, "-m", "firmware_sim"]
BEGIN = bytes.fromhex("01 05 00 84 03 02 0A 0A")
CUSHION = (10,) * 8 + (5,) * 2
SWEEP = bytes.fromhex("02 01 00 05 00 D0 07 F4 01 32 0A 02 02 02")


def finished(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*PROGRAM, *arguments], capture_output=True, text=True, timeout=30, check=False)


@contextlib.contextmanager
def running(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A simulator that has said its first line; whatever it says later has to be asked for."""
    with subprocess.Popen(
        [*PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout
            yield process, process.stdout.readline()
        finally:
            process.kill()


def place_in(line: str) -> str:
    found = re.search(r"(tcp|unix):\S+", line)
    assert found, line
    return found.group()


@contextlib.asynccontextmanager
async def met(place: str, address: str) -> AsyncIterator[BleakClient]:
    async with open_radio(place) as radio:
        device = await BleakScanner.find_device_by_address(address, timeout=5, backend=radio.scanner)
        assert device
        async with BleakClient(device, pair=True, backend=radio.client) as client:
            yield client


def test_it_says_where_it_listens_with_the_real_port_and_which_devices_there_are() -> None:
    with running("--model", "chair", "--count", "2", "--listen", "tcp:127.0.0.1:0") as (process, line):
        said = re.fullmatch(
            r"listening on tcp:127\.0\.0\.1:(\d+) \(chair-1 C0:DE:00:00:00:01, chair-2 C0:DE:00:00:00:02\)\n",
            line,
        )
        assert said
        assert int(said.group(1)) > 0
        process.send_signal(signal.SIGTERM)
        assert process.communicate(timeout=10) == ("", "")
        assert process.returncode == 0


@pytest.mark.parametrize(("sent", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_a_signal_ends_it_without_a_word_even_with_a_client_and_a_running_session(
    tmp_path: Path, sent: signal.Signals, status: int
) -> None:
    async def press(place: str, process: subprocess.Popen[str]) -> None:
        async with met(place, "C0:DE:00:00:00:01") as client:
            await client.write_gatt_char(COMMAND_UUID, BEGIN, response=True)
            await client.write_gatt_char(COMMAND_UUID, SWEEP, response=True)
            process.send_signal(sent)
            await asyncio.to_thread(process.wait, 10)

    with running("--model", "chair", "--listen", f"unix:{tmp_path}/air") as (process, line):
        asyncio.run(press(place_in(line), process))
        assert process.communicate(timeout=10) == ("", "")
        assert process.returncode == status
        assert not (tmp_path / "air").exists()


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_during_the_start_leaves_no_traceback(sent: signal.Signals) -> None:
    for wait_s in (0, 0.1, 0.2):
        with subprocess.Popen(
            [*PROGRAM, "--model", "chair", "--listen", "tcp:127.0.0.1:0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            _wait_for_imports(process.pid)
            time.sleep(wait_s)
            process.send_signal(sent)
            _, errors = process.communicate(timeout=10)
            assert "firmware_sim" not in errors


def _wait_for_imports(pid: int) -> None:
    """Until the program is importing the Bluetooth stack, which begins with asyncio."""
    deadline_s = time.monotonic() + 10
    while "_asyncio" not in Path(f"/proc/{pid}/maps").read_text():
        assert time.monotonic() < deadline_s
        time.sleep(0.005)


def test_a_session_over_tcp_is_traced_in_real_time(tmp_path: Path) -> None:
    async def session(place: str) -> None:
        async with met(place, "C0:DE:00:00:00:01") as client:
            await client.write_gatt_char(COMMAND_UUID, BEGIN, response=True)
            await client.write_gatt_char(COMMAND_UUID, SWEEP, response=True)
            await asyncio.sleep(0.5)
            await client.write_gatt_char(STOP_UUID, b"\0", response=False)
            await asyncio.sleep(0.5)

    trace = tmp_path / "trace.jsonl"
    before = time.time()
    with running("--model", "chair", "--listen", "tcp:127.0.0.1:0", "--trace", str(trace)) as (_, line):
        asyncio.run(session(place_in(line)))
        lines = [json.loads(text) for text in trace.read_text().splitlines()]
    assert before <= lines[0]["unix"] <= time.time()
    assert lines[0]["boot"] == pytest.approx(time.clock_gettime(time.CLOCK_BOOTTIME), abs=60)
    times = [row["t"] for row in lines if row.get("cause") == "lease" and row["actuator"] == "roller_left"]
    assert len(times) >= 5
    assert lines[-1].get("cause", "rest") == "rest"


def test_a_chair_attached_to_the_air_of_another_simulator_is_seen_there_and_leaves_with_its_process() -> None:
    async def heard(place: str) -> dict[str, str | None]:
        async with open_radio(place) as radio:
            found = await BleakScanner.discover(0.5, backend=radio.scanner)
            return {device.address: device.name for device in found}

    async def drive(place: str) -> None:
        async with met(place, "C1:DE:00:00:00:01") as client:
            assert client.services.get_service(SERVICE_UUID)
            await client.write_gatt_char(COMMAND_UUID, BEGIN, response=True)
            await client.write_gatt_char(COMMAND_UUID, SWEEP, response=True)

    with running("--model", "chair", "--listen", "tcp:127.0.0.1:0") as (_, line):
        place = place_in(line)
        transport = f"tcp-client:{place.removeprefix('tcp:')}"
        with running("--model", "chair", "--attach", transport) as (attached, said):
            assert said == f"attached to {transport} (chair-1 C1:DE:00:00:00:01)\n"
            asyncio.run(drive(place))
            assert asyncio.run(heard(place)) == {
                "C0:DE:00:00:00:01": "REF-CHAIR 01",
                "C1:DE:00:00:00:01": "REF-CHAIR 01",
            }
            attached.send_signal(signal.SIGTERM)
            assert attached.communicate(timeout=10) == ("", "")
            assert attached.returncode == 0
        assert asyncio.run(heard(place)) == {"C0:DE:00:00:00:01": "REF-CHAIR 01"}


def test_two_hundred_devices_of_mixed_models_are_on_one_air_and_the_last_can_be_driven() -> None:
    async def drive(place: str) -> dict[str, str | None]:
        async with open_radio(place) as radio:
            found = await BleakScanner.discover(2, backend=radio.scanner)
            async with BleakClient("C0:DE:00:00:01:50", pair=True, backend=radio.client) as client:
                await client.write_gatt_char(COMMAND_UUID, begin(5, 900, CUSHION), response=True)
        return {device.address: device.name for device in found}

    with running("--model", "chair:120", "--model", "cushion:80", "--listen", "tcp:127.0.0.1:0") as (_, line):
        assert "(chair-1 C0:DE:00:00:00:01 to chair-120 C0:DE:00:00:00:78, cushion-1 " in line
        found = asyncio.run(drive(place_in(line)))
    assert len(found) == 200
    assert (found["C0:DE:00:00:00:63"], found["C0:DE:00:00:00:64"]) == ("REF-CHAIR 99", "REF-CHAIR 100")
    assert found["C0:DE:00:00:01:50"] == "REF-CUSHION 80"


def test_a_cushion_and_a_hand_held_massager_join_the_air_of_a_chair_and_can_be_driven_there(
    tmp_path: Path,
) -> None:
    async def drive(place: str) -> dict[str, str | None]:
        async with open_radio(place) as radio:
            found = await BleakScanner.discover(0.5, backend=radio.scanner)
            async with BleakClient("C1:DE:00:00:01:01", pair=True, backend=radio.client) as client:
                await client.write_gatt_char(COMMAND_UUID, begin(5, 900, CUSHION), response=True)
                await client.write_gatt_char(COMMAND_UUID, set_(1, *CUSHION, epoch=5), response=True)
                assert len(await client.read_gatt_char(STATE_UUID)) == 43
            async with BleakClient("C1:DE:00:00:02:01", backend=radio.client) as client:
                assert await client.read_gatt_char("2A24") == b"REF-HANDHELD"
        return {device.address: device.name for device in found}

    trace = tmp_path / "trace.jsonl"
    with running("--model", "chair", "--listen", "tcp:127.0.0.1:0") as (_, line):
        place = place_in(line)
        transport = f"tcp-client:{place.removeprefix('tcp:')}"
        with (
            running("--model", "cushion", "--attach", transport, "--trace", str(trace)) as (_, cushion),
            running("--model", "handheld", "--attach", transport) as (_, handheld),
        ):
            assert cushion == f"attached to {transport} (cushion-1 C1:DE:00:00:01:01)\n"
            assert handheld == f"attached to {transport} (handheld-1 C1:DE:00:00:02:01)\n"
            assert asyncio.run(drive(place)) == {
                "C0:DE:00:00:00:01": "REF-CHAIR 01",
                "C1:DE:00:00:01:01": "REF-CUSHION 01",
                "C1:DE:00:00:02:01": "REF-HANDHELD 01",
            }
            rows = [json.loads(text) for text in trace.read_text().splitlines()]
    assert rows[0]["model"] == "cushion"
    assert {row["level"] for row in rows if row.get("actuator") == "heat_left"} >= {0, 5}


def test_an_attached_chair_ends_when_its_transport_does() -> None:
    with running("--model", "chair", "--listen", "tcp:127.0.0.1:0") as (listening, line):
        transport = f"tcp-client:{place_in(line).removeprefix('tcp:')}"
        with running("--model", "chair", "--attach", transport) as (attached, _):
            listening.kill()
            _, errors = attached.communicate(timeout=10)
            assert errors == f"firmware_sim: the transport {transport} has ended\n"
            assert attached.returncode == 1


LISTEN = ("--listen", "tcp:127.0.0.1:0")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "--model"),
        (("--model", "sofa", *LISTEN), "'chair', 'cushion', 'handheld'"),
        (("--model", "chair"), "--listen --attach"),
        (("--model", "chair", "--listen", "9101"), "tcp:HOST:PORT"),
        (("--model", "chair", "--listen", "tcp:127.0.0.1:99999"), "tcp:HOST:PORT"),
        (("--model", "chair", *LISTEN, "--count", "0"), "from 1 to 255"),
        (("--model", "chair", *LISTEN, "--count", "many"), "from 1 to 255"),
        (("--model", "chair:256", *LISTEN), "from 1 to 255"),
        (("--model", "chair:", *LISTEN), "from 1 to 255"),
        (
            ("--model", "chair:2", "--model", "cushion", *LISTEN, "--count", "2"),
            "chair:120 --model cushion:80",
        ),
        (("--model", "chair:2", *LISTEN, "--count", "2"), "--count is for one model"),
        (("--model", "chair", "--model", "chair", *LISTEN), "each --model once"),
        (("--model", "chair", "--model", "cushion", "--attach", "vhci"), "--attach carries one device"),
        (("--model", "chair", *LISTEN, "--control", "tcp:0.0.0.0:9102"), "only this computer may control"),
        (
            ("--model", "chair", *LISTEN, "--control", "tcp:example.org:9102"),
            "only this computer may control",
        ),
        (("--model", "chair", *LISTEN, "--control", "stdin"), "unix:PATH"),
        (("--model", "chair", *LISTEN, "--view"), "standard output is none"),
        (("control", "unix:/nowhere", "press"), "press needs button"),
        (("control", "unix:/nowhere", "list", "chair-1"), "list takes nothing more"),
        (("control", "unix:/nowhere", "kick"), "kick"),
        (("--model", "chair", *LISTEN, "--seed", "x"), "--seed"),
        (("--model", "chair", *LISTEN, "--fault", "smoke"), ", ".join(KINDS)),
        (("--model", "chair", *LISTEN, "--fault", "silent:soon"), "silent:AFTER_S"),
        (("--model", "chair", "--attach", "tcp-client:127.0.0.1:1", "--count", "2"), "--attach"),
        (("--model", "chair", *LISTEN, "--attach", "vhci"), "not allowed"),
    ],
)
def test_bad_arguments_leave_with_2_and_say_what_is_wrong(
    arguments: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main(arguments)
    assert left.value.code == 2
    assert says in capsys.readouterr().err


def test_what_cannot_be_used_leaves_with_1_and_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        results = [
            finished("--model", "chair", "--listen", f"tcp:127.0.0.1:{port}"),
            finished("--model", "chair", *LISTEN, "--trace", str(tmp_path)),
            finished("--model", "chair", *LISTEN, "--trace", str(tmp_path / "no" / "trace")),
            finished("--model", "chair", *LISTEN, "--trace", "/dev/full"),
            finished("--model", "chair", "--attach", "tcp-client:127.0.0.1:1"),
            finished("--model", "chair", "--attach", "carrier-pigeon"),
            finished("--model", "chair", "--attach", "tcp-client:nowhere"),
            finished("--model", "chair", "--attach", "hci-socket:banana"),
        ]
    for result in results:
        assert result.returncode == 1
        assert re.fullmatch(r"firmware_sim: cannot .*\n", result.stderr), result.stderr
        assert result.stdout == ""


def test_it_lists_each_fault_with_its_argument_and_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main(["--list-faults"])
    assert left.value.code == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0].partition(":")[0].rstrip("[") for line in lines] == list(KINDS)
    assert all(line.endswith(".") for line in lines)


def test_the_first_line_comes_although_nobody_reads_it_any_more() -> None:
    with subprocess.Popen(
        [*PROGRAM, "--model", "chair", *LISTEN], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout
        process.stdout.close()
        time.sleep(1.5)  # where the start takes longer, a signal in its midst must be as quiet
        process.send_signal(signal.SIGTERM)
        assert process.stderr
        assert process.stderr.read() == b""
        assert process.wait(10) == 0
