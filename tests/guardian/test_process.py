"""The guardian as a process, with a driver and a simulator as processes too."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ENVIRONMENT = os.environ | {"PYTHONPATH": os.pathsep.join([str(HERE.parent), str(HERE.parent.parent)])}


class Stage:
    """A simulated chair as a process, its trace, and whoever is started on it."""

    def __init__(self, folder: Path, leave: contextlib.ExitStack, *faults: str) -> None:
        self.radio = f"unix:{folder / 'air'}"
        self.trace = folder / "trace"
        self.stop_file = folder / "stop.json"
        self._leave = leave
        options = [part for fault in faults for part in ("--fault", fault)]
        simulator = self.start(
            *("firmware_sim", "--model", "chair", "--listen", self.radio),
            *("--trace", str(self.trace), *options),
            module=True,
        )
        assert b"listening" in simulator.stdout.readline()

    def start(self, *arguments: str, module: bool = False, **options) -> subprocess.Popen:
        command = [sys.executable, *(["-m"] if module else []), *arguments]
        process = subprocess.Popen(command, env=ENVIRONMENT, **({"stdout": subprocess.PIPE} | options))
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                self._leave.callback(pipe.close)
        self._leave.callback(process.wait)
        self._leave.callback(process.kill)
        return process

    def guarding(self, device: str = "chair", **options) -> subprocess.Popen:
        """A guardian."""
        lock = ("--locks", str(self.stop_file.parent), "--store", "S")
        arguments = ("massager.guardian", "--radio", self.radio, "--device", device, *lock)
        return self.start(*arguments, module=True, **options)

    def pressing(self, fence: int = 1) -> tuple[subprocess.Popen, int]:
        """A driver whose guardian presses, and that guardian's process id."""
        driver = self.start(str(HERE / "driver.py"), self.radio, str(self.stop_file), str(fence))
        words = driver.stdout.readline().split()
        assert words[:1] == [b"pressing"]
        return driver, int(words[1])

    def rows(self) -> list[dict]:
        return [json.loads(line) for line in self.trace.read_text().splitlines()]

    def events(self) -> list[str]:
        return [row["event"] for row in self.rows() if row.get("event") not in {None, "device"}]

    def pressed_until(self) -> float:
        """When in simulator seconds the last force was seen."""
        return max(row["t"] for row in self.rows() if row.get("force_n"))

    def now(self) -> float:
        """The simulator's time, by its last row; rows come at least every 100 ms while it is driven."""
        return max(row["t"] for row in self.rows() if "t" in row)

    def until(self, holds, seconds: float = 15) -> None:
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, self.events()
            time.sleep(0.02)

    def resting(self) -> bool:
        last = [row for row in self.rows() if "level" in row][-2:]
        return all(row["cause"] == "rest" and not row["force_n"] for row in last)


@pytest.fixture
def stage(tmp_path):
    with contextlib.ExitStack() as leave:
        yield lambda *faults: Stage(tmp_path, leave, *faults)


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


def test_a_killed_core_is_a_stop_and_then_the_guardian_leaves(stage):
    here = stage()
    driver, guardian = here.pressing()
    stops = here.events().count("stop")
    killed = here.now()
    driver.kill()
    here.until(lambda: gone(guardian))
    here.until(lambda: here.events()[-2:] == ["session_end", "disconnect"])
    assert here.events().count("stop") > stops
    assert here.resting()
    assert here.pressed_until() < killed + 1


def test_a_frozen_core_does_not_freeze_the_guardian(stage):
    here = stage()
    driver, guardian = here.pressing()
    stops = here.events().count("stop")
    frozen = here.now()
    os.kill(driver.pid, signal.SIGSTOP)
    here.until(lambda: here.events().count("stop") > stops)
    here.until(here.resting)
    assert here.pressed_until() < frozen + 1.5  # a lease of 500 ms, a period, and the way back
    end = time.monotonic() + 2  # the upward pipe fills meanwhile or not: the guardian is there
    here.until(lambda: gone(guardian) or time.monotonic() > end)
    assert not gone(guardian)
    os.kill(driver.pid, signal.SIGCONT)
    driver.kill()
    here.until(lambda: gone(guardian))


def test_signals_do_not_end_the_guardian(stage):
    here = stage()
    driver, guardian = here.pressing()
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGTSTP):
        os.kill(guardian, each)
    pressed = here.now()
    here.until(lambda: here.now() > pressed + 0.5)
    assert here.pressed_until() > pressed
    assert os.getsid(guardian) == guardian  # no terminal, no group of ours
    driver.kill()
    here.until(lambda: gone(guardian))


def test_a_killed_guardian_is_seen_by_the_core_and_the_next_one_stops_first(stage):
    here = stage()
    driver, guardian = here.pressing()
    os.kill(guardian, signal.SIGKILL)
    assert driver.wait(timeout=5) == 1
    before = len(here.events())
    second, _ = here.pressing(fence=2)
    after = [event for event in here.events()[before:] if event != "disconnect"]
    assert after[:2] == ["connect", "stop"]
    second.kill()


def test_nonsense_on_the_pipe_stops_the_device(stage):
    here = stage()
    guardian = here.guarding(stdin=subprocess.PIPE)
    assert any(b'"ready"' in line for line in iter(guardian.stdout.readline, b""))
    stops = here.events().count("stop")
    guardian.stdin.write(b'{"kind":"lease","lease":"now"}\n')
    guardian.stdin.flush()
    here.until(lambda: here.events().count("stop") > stops)
    guardian.stdin.close()
    assert guardian.wait(timeout=15) == 0


def test_an_upward_pipe_that_nobody_reads_does_not_hold_the_guardian_up(stage):
    here = stage()
    theirs, ours = os.pipe()
    guardian = here.guarding(stdin=subprocess.PIPE, stdout=ours, stderr=ours)
    os.set_blocking(ours, False)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(ours, b"x" * 512)
    os.close(ours)
    here.until(lambda: "stop" in here.events())

    def stopped_again():
        guardian.stdin.write(b"nonsense\n")
        guardian.stdin.flush()
        return here.events().count("stop") > 1

    here.until(stopped_again)
    guardian.stdin.close()
    assert guardian.wait(timeout=15) == 0
    here.until(lambda: here.events()[-1] == "disconnect")
    os.close(theirs)


def test_the_stop_file_is_enough_to_stop_a_device_whose_core_is_frozen(stage):
    here = stage()
    driver, guardian = here.pressing()
    here.until(here.stop_file.exists)
    os.kill(driver.pid, signal.SIGSTOP)
    os.kill(guardian, signal.SIGSTOP)
    answer = here.start("massager.guardian", "--stop-only", "--stop-file", str(here.stop_file), module=True)
    line = json.loads(answer.stdout.readline())
    assert line == {"stopped": True, "address": "C0:DE:00:00:00:01", "detail": ""}
    assert answer.wait(timeout=5) == 0
    assert here.resting()
    os.kill(guardian, signal.SIGKILL)


def test_stop_only_without_a_radio_says_so(stage, tmp_path):
    here = stage()
    answer = here.start(
        *("massager.guardian", "--stop-only", "--radio", f"unix:{tmp_path / 'none'}", "--device", "chair"),
        module=True,
    )
    line = json.loads(answer.stdout.readline())
    assert line["stopped"] is False
    assert "no simulator" in line["detail"]
    assert answer.wait(timeout=5) == 4


def test_an_unknown_device_profile_is_told_upward(stage):
    here = stage()
    guardian = here.guarding("sofa")
    line = json.loads(guardian.stdout.readline())
    assert line["kind"] == "failed"
    assert "sofa" in line["detail"]
    assert guardian.wait(timeout=5) == 4


def test_a_second_controller_is_told_that_the_device_is_held_and_never_connects(stage):
    here = stage()
    driver, guardian = here.pressing()
    second = here.guarding(stdin=subprocess.PIPE)
    line = json.loads(second.stdout.readline())
    assert (line["kind"], line["failure"]) == ("failed", "busy")
    assert second.wait(timeout=5) == 4
    assert here.events().count("connect") == 1
    now = here.now()
    here.until(lambda: here.pressed_until() > now)
    driver.kill()
    here.until(lambda: gone(guardian))


def test_a_session_older_than_the_last_one_on_the_device_never_moves_it(stage):
    here = stage()
    driver, guardian = here.pressing(fence=7)
    os.kill(guardian, signal.SIGKILL)  # frees the lock by itself
    driver.wait(timeout=5)
    sessions = here.events().count("session_start")
    late = here.start(str(HERE / "driver.py"), here.radio, str(here.stop_file), "7")
    stops = here.events().count("stop")
    here.until(lambda: here.events().count("stop") > stops + 1)  # at the connection, and at the refusal
    assert here.events().count("session_start") == sessions
    late.kill()


def test_a_guardian_that_drives_without_a_lock_does_not_start(stage):
    here = stage()
    guardian = here.start(
        *("massager.guardian", "--radio", here.radio, "--device", "chair"),
        module=True,
        stderr=subprocess.PIPE,
    )
    assert guardian.wait(timeout=5) == 2
    assert b"--locks" in guardian.stderr.read()
    guardian.stderr.close()


def test_a_scan_lists_what_advertises_and_connects_to_nothing(stage):
    here = stage()
    scan = here.start("massager.guardian", "--scan", "1", "--radio", here.radio, module=True)
    lines = [json.loads(line) for line in scan.stdout]
    assert scan.wait(timeout=5) == 0
    assert [(line["address"], line["profile"]) for line in lines] == [("C0:DE:00:00:00:01", "chair")]
    assert lines[0]["name"].startswith("REF-CHAIR")
    assert lines[0]["rssi"] < 0
    assert not here.events()


def test_a_scan_of_a_radio_that_is_not_there_says_so(stage, tmp_path):
    here = stage()
    radio = f"unix:{tmp_path / 'none'}"
    scan = here.start("massager.guardian", "--scan", "1", "--radio", radio, module=True)
    assert "no simulator" in json.loads(scan.stdout.readline())["error"]
    assert scan.wait(timeout=5) == 4


def test_a_chair_that_refuses_to_pair_is_stopped_and_refused_by_a_guardian_that_leaves(stage):
    here = stage("pairing_refused")
    guardian = here.guarding(stdin=subprocess.PIPE)
    told = [json.loads(line) for line in guardian.stdout]
    assert (told[-1]["kind"], told[-1]["failure"]) == ("failed", "not-paired")
    assert "refuses to pair" in told[-1]["detail"]
    assert guardian.wait() == 4
    here.until(lambda: here.events() == ["connect", "stop", "disconnect"])


def test_a_second_guardian_at_the_controller_of_a_vanished_one_pairs_anew_and_may_drive(stage):
    here = stage()
    driver, guardian = here.pressing()
    os.kill(guardian, signal.SIGKILL)
    driver.kill()
    here.until(lambda: gone(guardian))
    here.until(here.resting)
    _, second = here.pressing(2)
    here.until(lambda: here.events().count("session_start") == 2)
    assert not gone(second)
