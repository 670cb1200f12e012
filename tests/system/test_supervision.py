"""What systemd is told, over a real socket; and the shipped unit."""

import asyncio
import contextlib
import shutil
import socket
import subprocess
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from firmware_sim.virtual_time import run
from massager.app.supervision import FEED_S, feed_watchdog, tell_systemd
from massager.guardian.clock import LoopClock
from massager.model.decisions import Reason
from massager.session.massage import MassageService
from massager.session.snapshot import Ending, Snapshot, Stage

UNIT = Path(__file__).parents[2] / "examples" / "massager.service"

RUNNING = Snapshot(
    stage=Stage.RUNNING,
    person="anna",
    device="chair",
    radio="here",
    program="sweep",
    zone=None,
    wanted=None,
    asked=None,
    sent=None,
    reported=None,
    levels=20,
    place_ppm=None,
    lateral_mm=None,
    patches=(),
    load_n=None,
    left_s=60,
    session_s=60,
    reason=None,
    detail="",
    alarm=None,
    prompts=(),
)


class Ticking:
    """A control loop that ticks ten times a second until it is stuck."""

    def __init__(self):
        self.plan = SimpleNamespace(device="chair")
        self.stage = Stage.RUNNING
        self.stuck = False
        self._last_ms = 0

    @property
    def ticked_ms(self):
        if not self.stuck:
            self._last_ms = LoopClock().now_ms() // 100 * 100
        return self._last_ms

    def snapshot(self):
        return replace(RUNNING, stage=self.stage)


class Systemd:
    """The socket of NOTIFY_SOCKET."""

    def __init__(self, address):
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(address)
        self._socket.setblocking(False)

    def told(self):
        """All that came since the last time."""
        lines = []
        with contextlib.suppress(BlockingIOError):
            while True:
                lines.append(self._socket.recv(4096).decode())
        return lines

    def close(self):
        self._socket.close()


@pytest.fixture
def systemd(tmp_path, monkeypatch):
    heard = Systemd(str(tmp_path / "notify"))
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    yield heard
    heard.close()


@contextlib.asynccontextmanager
async def fed(*loops):
    massage = MassageService()
    for number, loop in enumerate(loops, 1):
        massage.add(number, loop, None)
    feeding = asyncio.create_task(feed_watchdog(massage, LoopClock()))
    yield massage
    feeding.cancel()
    await asyncio.gather(feeding, return_exceptions=True)


def test_a_session_whose_loop_is_stuck_starves_the_watchdog_and_one_that_ticks_again_feeds_it(systemd):
    async def main():
        one, other = Ticking(), Ticking()
        async with fed(one, other):
            await asyncio.sleep(5.5 * FEED_S)
            assert systemd.told() == ["WATCHDOG=1"] * 6
            other.stuck = True
            await asyncio.sleep(1.5)
            systemd.told()
            await asyncio.sleep(20)
            assert systemd.told() == []
            other.stuck = False
            await asyncio.sleep(2 * FEED_S)
            assert systemd.told()

    run(main())


@pytest.mark.parametrize("stage", [Stage.CONNECTING, Stage.STOPPING, Stage.ENDED])
def test_a_loop_that_need_not_tick_starves_nobody(systemd, stage):
    async def main():
        loop = Ticking()
        loop.stage, loop.stuck = stage, True
        async with fed(loop):
            await asyncio.sleep(10.5)
            assert len(systemd.told()) == 11

    run(main())


def test_an_ended_session_starves_nobody(systemd):
    async def main():
        loop = Ticking()
        loop.stuck = True
        async with fed(loop) as massage:
            await asyncio.sleep(5)
            systemd.told()
            massage.ended(1, Ending(Reason.INTERNAL, "", confirmed=True, alarm=None))
            await asyncio.sleep(3)
            assert systemd.told()

    run(main())


def test_without_a_supervisor_or_with_one_that_is_gone_nothing_happens(monkeypatch, tmp_path):
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    tell_systemd("READY=1")
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nobody"))
    tell_systemd("READY=1")


def test_an_abstract_socket_is_spoken_to_by_its_name(monkeypatch, tmp_path):
    name = f"massager-{tmp_path.name}-{id(tmp_path)}"
    heard = Systemd(f"\0{name}")
    monkeypatch.setenv("NOTIFY_SOCKET", f"@{name}")
    tell_systemd("READY=1")
    assert heard.told() == ["READY=1"]
    heard.close()


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is missing: apt install systemd"
)
def test_systemd_understands_every_line_of_the_unit(tmp_path):
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text().replace("/opt/massager/bin/massager", shutil.which("true")))
    verdict = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    assert (verdict.returncode, verdict.stderr) == (0, "")


def test_the_unit_feeds_its_watchdog_far_more_often_than_it_bites():
    settings = dict(
        line.split("=", 1) for line in UNIT.read_text().splitlines() if "=" in line and line[0] != "#"
    )
    assert settings["Type"] == "notify"
    assert int(settings["WatchdogSec"]) >= 5 * FEED_S
    assert settings["ExecStopPost"].endswith("massager stop --direct")
    assert settings["KillMode"] == "mixed"
