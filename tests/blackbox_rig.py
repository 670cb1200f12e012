"""Programs as a user starts them: simulator, controller, terminal, in a room of their own; and the trace.

Nothing here imports the product or the simulator. What a plant really did is read off the trace of
docs/protocol.md 9, and every wait is for something to be seen there, on an output, or for a program's end.

Over 400 lines: programs, rooms and traces need each other, and every black-box test needs all three.
"""

import fcntl
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

# Generous, because a loaded machine is no failure; what is a bound of the product is asserted as a number.
PATIENCE_S = 120
# Chosen: many tests wait at once, and no figure is taken from when something was noticed.
_LOOK_AGAIN_S = 0.04
MASSAGER = (sys.executable, "-m", "massager")
SIMULATOR = (sys.executable, "-m", "firmware_sim")
ANSWERS = Path(__file__).parents[1] / "examples" / "answers"
FINE = ANSWERS / "fine.yaml"
# Not `pty.fork`, nor pexpect, which is built on it: forking beside threads is deprecated from Python 3.12 on.
_ON_ITS_TERMINAL = """\
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execvp(sys.argv[1], sys.argv[1:])
"""
_ESCAPES = re.compile(r"\x1b(\[[0-9;?]*[ -/]*[@-~]|[=>78]|\][^\x07]*\x07)")

# The limits of a person with mild lumbar stenosis, by the first letter of the vertebra under the roller:
# share of the device's range, N, and mm from the midline that the patch's inner edge keeps, error included.
_LIMITS = {"T": (0.40, 32, 30), "L": (0.50, 40, 35), "S": (0.50, 40, 35)}
_FIRST_CONTACT_S, _FIRST_CONTACT_SHARE = 30, 0.10
_RAMP_S, _RAMP_SHARE = 10, 0.05
# A lease that waits for the processor arrives late, and the next one in time: chosen.
_JITTER_S = 0.5
_CRUMB = 1e-6


def until(answer: Callable[[], object], what: Callable[[], str], seconds: float = PATIENCE_S) -> object:
    """Wait until `answer` is true and hand it back."""
    end_s = time.monotonic() + seconds
    while not (found := answer()):
        assert time.monotonic() < end_s, f"not within {seconds} s: {what()}"
        time.sleep(_LOOK_AGAIN_S)
    return found


class Trace:
    """What the plant really did; times are wall-clock seconds."""

    def __init__(self, path):
        self._path = path
        self._read_to = 0
        self._lines = []
        self._latest = {}

    @property
    def lines(self):
        """Every line so far."""
        if self._path.exists():
            with self._path.open("rb") as file:
                file.seek(self._read_to)
                whole, newline, _ = file.read().rpartition(b"\n")
            self._read_to += len(whole) + len(newline)
            new = [json.loads(line) for line in whole.splitlines()]
            start_s = (self._lines or new)[0]["unix"] if self._lines or new else 0
            self._lines += [line | {"at": start_s + line["t"]} for line in new]
            self._latest |= {line["actuator"]: line["cause"] for line in new if "actuator" in line}
        return self._lines

    @property
    def rows(self):
        """What the actuators did."""
        return [line for line in self.lines if "actuator" in line]

    @property
    def events(self):
        """Names of what happened between device and controllers, without the line that comes first."""
        return [line["event"] for line in self.lines[1:] if "event" in line]

    @property
    def levels(self):
        """Levels in the order in which the left roller took them."""
        taken = [row["level"] for row in self.rows if row["actuator"] == "roller_left"]
        return [taken[0], *(after for before, after in pairwise(taken) if after != before)]

    def wait(self, seen, what, *, after=0.0, seconds=PATIENCE_S, alive=lambda: None):
        """Wait for a line later than `after` that satisfies `seen`."""

        looked_at = 0

        def look():
            nonlocal looked_at
            alive()
            # Once: each look at `lines` may bring more.
            lines, begin = self.lines, looked_at
            looked_at = len(lines)
            return next((line for line in lines[begin:] if line["at"] > after and seen(line)), None)

        return until(look, lambda: f"{what}; last: {self.lines[-1:]}", seconds)

    def wait_level(self, level, *, after=0.0, alive=lambda: None):
        """Wait until the rollers press with at least this level."""
        return self.wait(
            lambda line: line.get("level", 0) >= level and line["force_n"] > 0,
            f"level {level}",
            after=after,
            alive=alive,
        )

    @property
    def last_active(self):
        """When anything last pressed, moved or was driven; 0 for never."""
        return max((row["at"] for row in self.rows if row["cause"] != "rest"), default=0.0)

    @property
    def rests(self):
        """Whether every actuator rests, as far as was written."""
        return bool(self.lines) and set(self._latest.values()) == {"rest"}

    def rest_after(self, instant, *, seconds=PATIENCE_S):
        """Wait for rest; how long after an instant it began, 0 if it was before."""
        until(lambda: self.rests, lambda: f"rest; last: {self.rows[-2:]}", seconds)
        active = self.last_active
        return max(0.0, min(row["at"] for row in self.rows if row["at"] > active) - instant)

    # What must hold in every trace, whatever happened to the programs.

    def assert_limits(self):
        """Everything below, and rest at the end."""
        self.assert_place_and_force()
        self.assert_first_contact_and_ramp()
        self.assert_stops_hold()
        assert self.rests, f"it does not rest at the end: {self.rows[-2:]}"

    def assert_place_and_force(self):
        """Share of the range, force, and distance from the midline, by the vertebra under each roller."""
        for row in self.rows:
            if row["level"] == 0 and row["depth_mm"] == 0:
                continue
            place = row["pos"]
            limits = _LIMITS.get(place["level"][0])
            assert limits, f"a roller is out beside {place['level']}: {row}"
            share, force_n, inner_mm = limits
            assert row["intensity"] <= share + _CRUMB, f"intensity above {share}: {row}"
            assert row["level"] / self._range(row) <= share, f"level above {share} of the range: {row}"
            assert row["force_n"] <= force_n, f"more than {force_n} N: {row}"
            reach_mm = abs(place["lateral_mm"]) - place["radius_mm"]
            assert reach_mm >= inner_mm, f"the patch comes within {reach_mm} mm of the midline: {row}"

    def _range(self, row):
        return next(each["levels"] for each in self.lines[0]["actuators"] if each["name"] == row["actuator"])

    def assert_first_contact_and_ramp(self):
        """From each touch on: 30 s gently, and no rise by more than a level's share in 10 s."""
        for name in {row["actuator"] for row in self.rows}:
            rises: list = []
            before = 0
            for row in (row for row in self.rows if row["actuator"] == name):
                if row["level"] == 0:
                    rises.clear()
                elif row["level"] > before:
                    rises.append(row)
                    self._assert_gentle_rise(rises, row["level"] - before)
                before = row["level"]
                if rises and row["at"] < rises[0]["at"] + _FIRST_CONTACT_S - _JITTER_S:
                    assert row["level"] / self._range(row) <= _FIRST_CONTACT_SHARE, f"no first contact: {row}"

    def _assert_gentle_rise(self, rises, steps):
        row = rises[-1]
        assert steps / self._range(row) <= _RAMP_SHARE, f"it rises by {steps} levels at once: {row}"
        if len(rises) > 1:
            apart_s = row["at"] - rises[-2]["at"]
            assert apart_s >= _RAMP_S - _JITTER_S, f"it rises again after {apart_s:.2f} s: {row}"

    def assert_stops_hold(self):
        """After each stop, until the next session: no rise, intensity 0 within 1 s, retracted within 5 s."""
        stopped_at = None
        before: dict = {}
        for line in self.lines[1:]:
            if line.get("event") == "session_start":
                stopped_at = None
                before.clear()
            elif line.get("event") == "stop":
                stopped_at = stopped_at or line["at"]
            elif "actuator" in line and stopped_at is not None:
                self._assert_falls(line, before.get(line["actuator"], line), line["at"] - stopped_at)
                before[line["actuator"]] = line

    @staticmethod
    def _assert_falls(row, before, after_s):
        for figure in ("level", "intensity", "depth_mm", "force_n"):
            assert row[figure] <= before[figure] + _CRUMB, f"{figure} rises after a stop: {before} {row}"
        assert after_s < 1 or row["intensity"] == 0, f"driven {after_s:.2f} s after a stop: {row}"
        assert after_s < 5 or row["depth_mm"] == 0, f"out {after_s:.2f} s after a stop: {row}"


class Output:
    """Everything that is written to a descriptor, collected as it comes."""

    def __init__(self, descriptor):
        self._descriptor = descriptor
        self._wake = os.pipe()
        self._data = bytearray()
        self._reading = threading.Event()
        self._reading.set()
        self._thread = threading.Thread(target=self._collect, daemon=True)
        self._thread.start()

    def _collect(self):
        poll = select.poll()
        poll.register(self._descriptor, select.POLLIN)
        poll.register(self._wake[0], select.POLLIN)
        while True:
            ready = [descriptor for descriptor, _ in poll.poll()]
            try:
                data = b"" if self._wake[0] in ready else os.read(self._descriptor, 65536)
            except OSError:  # a terminal that nobody holds any more
                data = b""
            if not data:
                return
            self._data += data

    @property
    def text(self):
        """All of it so far."""
        return bytes(self._data).decode(errors="replace")

    @property
    def plain(self):
        """Without what only moves the cursor or colours."""
        return _ESCAPES.sub("", self.text)

    def close(self):
        """Read no more; the writer finds nobody at the other end."""
        if self._wake is not None:
            os.write(self._wake[1], b"!")
            self._thread.join()
            for descriptor in (self._descriptor, *self._wake):
                os.close(descriptor)
            self._wake = None


class Terminal(Output):
    """The near side of a pseudo-terminal."""

    def __init__(self, master, size):
        self.size = size
        self._master = master
        self.resize(size)
        self.settings = termios.tcgetattr(master)
        super().__init__(master)

    def resize(self, size):
        """As when somebody drags the window's corner."""
        termios.tcsetwinsize(self._master, size)

    def type(self, keys):
        """As from the keyboard."""
        os.write(self._master, keys.encode())

    @property
    def settings_now(self):
        """Echo and friends."""
        return termios.tcgetattr(self._master)


class Program:
    """A started program."""

    def __init__(self, command, *, env, terminal=None, into=None):
        self.command = command
        self.stderr = None
        if terminal is None:
            self._process = subprocess.Popen(
                command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
            self.stderr = Output(_taken(self._process.stderr))
            if into is not None:
                # As in a shell's pipeline: the end that is read is the other program's alone.
                with self._process.stdout as shared:
                    self.reader = subprocess.Popen(into, stdin=shared, stdout=subprocess.PIPE)
                self.stdout = Output(_taken(self.reader.stdout))
            else:
                self.stdout = Output(_taken(self._process.stdout))
        else:
            master, slave = os.openpty()
            self.stdout = Terminal(master, terminal)
            self._process = subprocess.Popen(
                (sys.executable, "-ISc", _ON_ITS_TERMINAL, *command),
                env=env | {"TERM": "xterm-256color"},
                stdin=slave,
                stdout=slave,
                stderr=slave,
                start_new_session=True,
            )
            os.close(slave)
        self.pid = self._process.pid
        self.ended_at = None
        self._waiter = threading.Thread(target=self._wait, daemon=True)
        self._waiter.start()

    def _wait(self):
        self._process.wait()
        self.ended_at = time.time()

    @property
    def terminal(self):
        """Where it shows itself and is typed at."""
        return self.stdout

    @property
    def said(self):
        """All that it wrote, for messages."""
        return self.stdout.plain + (self.stderr.text if self.stderr else "")

    @property
    def runs(self):
        """Whether it has not ended."""
        return self.ended_at is None

    def wait_said(self, text, *, seconds=PATIENCE_S):
        """Wait for a text on its outputs."""
        until(
            lambda: text in self.said or not self.runs, lambda: f"{text!r} in {self.said[-2000:]!r}", seconds
        )
        assert text in self.said, f"it ended without {text!r}: {self.said[-2000:]!r}"

    def wait(self, *, seconds=PATIENCE_S):
        """Wait for its end; its exit code, which is -9 for one that was killed."""
        self._waiter.join(seconds)
        assert not self.runs, f"{self.command} does not end; it said: {self.said[-2000:]!r}"
        for output in (self.stdout, self.stderr):
            if output is not None and not isinstance(output, Terminal):
                output._thread.join(1)  # whoever inherited the pipe may hold it open for longer
        return self._process.returncode

    def send(self, number):
        """A signal; the instant."""
        os.kill(self.pid, number)
        return time.time()

    def close(self):
        """End it, whatever it does."""
        if self.runs:
            with suppress(ProcessLookupError):
                self.send(signal.SIGKILL)
            self._waiter.join()
        if hasattr(self, "reader"):
            self.reader.kill()
            self.reader.wait()
        for output in (self.stdout, self.stderr):
            if output is not None:
                output.close()


def _taken(stream):
    """The descriptor of a stream, which is closed."""
    descriptor = os.dup(stream.fileno())
    stream.close()
    fcntl.fcntl(descriptor, fcntl.F_SETFD, fcntl.FD_CLOEXEC)
    return descriptor


@dataclass(frozen=True)
class Simulator:
    """A simulated chair that listens."""

    program: Program
    place: str
    trace: Trace


@dataclass
class Massage:
    """A controller in session on a simulated chair."""

    simulator: Simulator
    program: Program

    @property
    def trace(self):
        """Of the chair."""
        return self.simulator.trace

    @cached_property
    def guardian(self):
        """Process of the guardian."""
        return guardian_of(self.program.pid)

    def alive(self):
        """Fail, with what it said, if it has ended."""
        assert self.program.runs, f"it ended with {self.program.wait()}: {self.program.said!r}"

    def wait_level(self, level, *, after=0.0):
        """Wait until the rollers press with a level."""
        return self.trace.wait_level(level, after=after, alive=self.alive)

    def assert_ended(self, code, *words):
        """It has ended with this code, says these words and no traceback, and the chair rested before."""
        ended = self.program.wait()
        said = " ".join(self.program.said[-3000:].split())
        assert ended == code, f"it ended with {ended}: {said}"
        for word in words:
            assert word in said, said
        assert "Traceback" not in said, said
        self.trace.assert_limits()
        assert self.trace.rest_after(self.program.ended_at) == 0, "it returned before the chair rested"


class Room:
    """A folder for one test with its own runtime, state and home, and all that was started in it."""

    def __init__(self, folder):
        self.folder = folder
        self._leave = ExitStack()
        self._count = 0
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("MASSAGER_", "XDG_"))}
        folders = {
            "HOME": "home",
            "TMPDIR": "tmp",
            "XDG_RUNTIME_DIR": "run",
            "XDG_STATE_HOME": "state",
            "XDG_DATA_HOME": "share",
        }
        self.env = kept | {name: str(folder / each) for name, each in folders.items()}
        for each in folders.values():
            (folder / each).mkdir(mode=0o700)

    def start(self, *arguments, terminal=None, env=(), into=None):
        """Start any program here."""
        program = Program(arguments, env=self.env | dict(env), terminal=terminal, into=into)
        self._leave.callback(program.close)
        return program

    def entered(self, manager):
        """What a context manager gives; it is left with the room."""
        return self._leave.enter_context(manager)

    def massager(self, *arguments, answers=FINE, **how):
        """Start `massager`; sessions with these answers, None for nobody to ask. `demo` brings its own."""
        words = tuple(map(str, arguments))
        if words[:1] == ("run",) and "demo" not in words and answers is not None:
            words += ("--answers", str(answers))
        return self.start(*MASSAGER, *words, **how)

    def finished(self, *arguments, **how):
        """Run `massager` to its end."""
        program = self.massager(*arguments, **how)
        program.wait()
        return program

    def simulator(self, *faults):
        """Start a chair with these faults, and wait until it listens."""
        self._count += 1
        place, file = f"unix:{self.folder}/air{self._count}", self.folder / f"trace{self._count}.jsonl"
        options = [word for fault in faults for word in ("--fault", fault)]
        command = (*SIMULATOR, "--model", "chair", "--listen", place, "--trace", str(file), *options)
        program = self.start(*command)
        program.wait_said(f"listening on {place}")
        return Simulator(program, place, Trace(file))

    def run(self, *arguments, faults=(), program="gentle-lumbar", **how):
        """Start a session on a new chair."""
        chair = self.simulator(*faults)
        options = ("--person", "demo", "--radio", chair.place, "--yes", *arguments)
        return Massage(chair, self.massager("run", program, *options, **how))

    def massage(self, *arguments, level=1, **how):
        """Start a session on a new chair, and wait until the rollers press."""
        massage = self.run(*arguments, **how)
        massage.wait_level(level)
        return massage

    @property
    def processes(self):
        """Everything that runs here, whoever started it, with its command line."""
        mark = f"XDG_RUNTIME_DIR={self.env['XDG_RUNTIME_DIR']}".encode()
        return {pid: line for pid, line in _processes() if mark in _read(pid, "environ").split(b"\0")}

    def wait_alone(self, *, seconds=PATIENCE_S):
        """Wait until nothing of the product runs here any more, so that nothing can move a device."""
        until(
            lambda: not [line for line in self.processes.values() if "massager" in line.split()],
            lambda: f"the end of {self.processes}",
            seconds,
        )

    def close(self):
        """End everything that was started here, by its process number."""
        self._leave.close()
        for pid in self.processes:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def guardian_of(pid):
    """Process number of a core's guardian."""

    def look():
        return [
            child
            for child, line in _processes()
            if "massager.guardian" in line.split() and _parent(child) == pid
        ]

    return until(look, lambda: f"a guardian of {pid}")[0]


def _processes():
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            line = _read(entry.name, "cmdline").replace(b"\0", b" ").decode(errors="replace")
            if line:
                yield int(entry.name), line


def _parent(pid):
    found = re.search(rb"^PPid:\s+(\d+)", _read(pid, "status"), re.MULTILINE)
    return int(found.group(1)) if found else None


def is_alive(pid):
    """Whether a process is there and no zombie."""
    state = re.search(rb"^State:\s+(\S)", _read(pid, "status"), re.MULTILINE)
    return state is not None and state.group(1) not in {b"Z", b"X"}


def _read(pid, name):
    with suppress(OSError):
        return Path(f"/proc/{pid}/{name}").read_bytes()
    return b""


def kill(pid, number=signal.SIGKILL):
    """Send a signal; the instant."""
    os.kill(pid, number)
    return time.time()


def free_port():
    """A port on which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
