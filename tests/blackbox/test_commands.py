"""The commands as a newcomer meets them: help, version, lists, and the demo."""

import http.client
import json
import re
import signal
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from blackbox_rig import FINE, PATIENCE_S, Trace

COMMANDS = (
    (),
    ("demo",),
    ("run",),
    ("stop",),
    ("status",),
    ("serve",),
    ("scan",),
    ("pair",),
    ("devices",),
    ("forget",),
    ("version",),
    ("programs",),
    ("programs", "show"),
    ("profile",),
    ("profile", "validate"),
    ("profile", "schema"),
)
HEAVY = {"bumble", "fastapi", "sqlalchemy", "bleak", "uvicorn"}


@pytest.mark.ahead(begin=lambda room, command: room.finished(*command, "--help"))
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: "_".join(command) or "massager")
def test_every_command_explains_itself(begun, command):
    assert begun.wait() == 0, begun.said
    assert "Usage:" in begun.stdout.plain
    assert " ".join(command) in begun.stdout.plain
    assert not begun.stderr.text


def import_for_help(room):
    """What the interpreter says it imported."""
    return room.start(sys.executable, "-X", "importtime", "-m", "massager", "--help")


@pytest.mark.ahead(begin=import_for_help)
def test_help_imports_nothing_heavy(begun):
    assert begun.wait() == 0
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in begun.stderr.text.splitlines()}
    assert "typer" in imported
    assert not imported & HEAVY


@pytest.mark.ahead(begin=lambda room: (room.finished("programs"), room.finished("programs", "--json")))
def test_programs_lists_what_can_be_run(begun):
    plain, as_json = begun
    assert plain.wait() == as_json.wait() == 0
    names = [json.loads(line)["name"] for line in as_json.stdout.text.splitlines()]
    shipped = Path(__file__).parents[2] / "profiles" / "programs"
    assert names == sorted(path.stem for path in shipped.glob("*.yaml"))
    assert all(name in plain.stdout.text for name in names)


def demonstrate(room):
    """As `make demo ARGS='--headless --seconds 20 --trace F'`."""
    program = room.massager("demo", "--headless", "--seconds", 20, "--trace", room.folder / "demo.jsonl")
    program.wait()
    return program, Trace(room.folder / "demo.jsonl")


@pytest.mark.ahead(begin=demonstrate, longest=True)
def test_the_demo_runs_for_the_seconds_asked_and_keeps_the_limits(begun, room):
    program, trace = begun
    assert program.wait() == 0, program.said
    assert "The program is finished. The device is at rest." in program.stdout.text
    assert "not a medical device" in program.stderr.text
    trace.assert_limits()
    pressed = [row["at"] for row in trace.rows if row["level"] > 0]
    assert 18 <= pressed[-1] - pressed[0] <= 21
    assert {"L4", "L5", "S1"} & {row["pos"]["level"] for row in trace.rows if row["force_n"] > 0}
    assert trace.events[-2:] == ["session_end", "disconnect"]
    assert trace.events[:3] == ["connect", "stop", "session_start"]
    assert not room.processes
    assert not list((room.folder / "tmp").iterdir())


def rise_above_first_contact(room):
    """Long enough for the third level, 30 s after the touch; so all of it is done ahead."""
    massage = room.massage("--max", "20")
    massage.wait_level(3)
    massage.program.send(signal.SIGINT)
    massage.program.wait()
    return massage


@pytest.mark.ahead(begin=rise_above_first_contact, longest=True)
def test_strength_rises_a_level_at_a_time_and_above_first_contact_only_after_30_s(begun):
    begun.assert_ended(130)
    assert begun.trace.levels == [0, 1, 2, 3, 0]


def hold_by_max(room):
    """Long enough for the second level, were it not for `--max`."""
    massage = room.massage("--max", 5)
    touched = massage.wait_level(1)["at"]
    massage.wait_level(1, after=touched + 12)
    massage.program.send(signal.SIGINT)
    massage.program.wait()
    return massage


@pytest.mark.ahead(begin=hold_by_max, longest=True)
def test_max_holds_the_strength_below_what_the_program_asks_for(begun):
    begun.assert_ended(130)
    assert begun.trace.levels == [0, 1, 0]


def interrupt_the_demo(room):
    """Ctrl-C in a demo on a terminal that answers from a file, under contact."""
    file = room.folder / "demo.jsonl"
    program = room.massager("demo", "--answers", FINE, "--trace", file, terminal=(24, 80))
    Trace(file).wait_level(1)
    asked = time.time()
    program.terminal.type("\x03")
    program.wait()
    return program, Trace(file), asked


@pytest.mark.ahead(begin=interrupt_the_demo)
def test_ctrl_c_ends_the_demo_at_rest_with_130_and_leaves_nothing_behind(begun, room):
    program, trace, asked = begun
    assert program.wait() == 130, program.said
    assert "The device is at rest." in program.said
    assert trace.rest_after(asked) <= 1.5
    trace.assert_limits()
    assert not room.processes
    assert not list((room.folder / "tmp").iterdir())


def open_the_page(room):
    """A demo as `make demo` has it, its page asked for, then Ctrl-C."""
    file = room.folder / "demo.jsonl"
    program = room.massager("demo", "--trace", file)
    program.wait_said("Ctrl-C ends the demo.")
    address = urlsplit(re.search(r"Open (\S+) in a browser", program.said)[1])
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=PATIENCE_S)
    connection.request("GET", "/")
    page = connection.getresponse().read().decode()
    connection.close()
    program.send(signal.SIGINT)
    program.wait()
    return program, Trace(file), address.hostname, page


@pytest.mark.ahead(begin=open_the_page)
def test_the_demo_opens_a_page_for_this_computer_alone_and_starts_nothing_by_itself(begun, room):
    program, trace, host, page = begun
    assert program.wait() == 130, program.said
    assert host == "127.0.0.1"
    assert "not a medical device" in page
    assert ">demo</a>" in page
    assert 'action="/stop"' in page
    assert trace.events == []
    assert "Traceback" not in program.said
    assert not room.processes
    assert not list((room.folder / "tmp").iterdir())
    assert not [path for path in (room.folder / "run").rglob("*") if path.is_file()]


def kill_the_demo(room):
    """kill -9 of the demo's controller: its simulator must not run for ever."""
    file = room.folder / "demo.jsonl"
    program = room.massager("demo", "--headless", "--trace", file)
    Trace(file).wait_level(1)
    return program, Trace(file), program.send(signal.SIGKILL)


@pytest.mark.ahead(begin=kill_the_demo)
def test_a_killed_demo_leaves_its_chair_at_rest(begun, room):
    _, trace, killed = begun
    assert trace.rest_after(killed) <= 1.0
    trace.assert_limits()
    room.wait_alone()


def write_the_trace_where_it_cannot_be(room):
    """A folder that is not there."""
    return room.finished("demo", "--headless", "--seconds", "1", "--trace", room.folder / "no" / "t.jsonl")


@pytest.mark.ahead(begin=write_the_trace_where_it_cannot_be)
def test_a_demo_whose_trace_cannot_be_written_says_so(begun, room):
    assert begun.wait() == 1, begun.said
    assert "cannot write the trace" in begun.stderr.text
    assert "Traceback" not in begun.said
    assert not room.processes
