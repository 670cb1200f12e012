"""What nobody should type, and files that nobody should write: a clear message, the right code, no motion."""

import json
import socket
import threading

import pytest

from blackbox_rig import free_port

PROGRAM = """\
kind: program
title: Own
purpose: A test.
modality: roller
severities: [mild]
steps:
  - {zone: L4-S1, zone_seconds: 240, strength_percent: 40, pace_mm_per_s: 8}
"""
CAP = "{value: %s, source: a test}"
SAFETY = f"""\
kind: safety
title: Own
region: lumbar
severity: mild
session_minutes: {CAP % 15}
rows:
  - region: lumbar
    modality: roller
    max_intensity_percent: {CAP % 50}
    max_force_n: {CAP % 40}
    zone_seconds: {CAP % 240}
    spot_seconds: {CAP % 30}
"""

# name: folder, content, line, column, words of the message
FILES = {
    "empty": ("programs", "", 1, 1, "the file is empty"),
    "only a comment": ("programs", "# nothing\n", 1, 1, "the file is empty"),
    "no steps": ("programs", PROGRAM.partition("steps:")[0] + "steps: []\n", 6, 8, "must have at least 1"),
    "alias": ("programs", PROGRAM.replace("Own", "&t Own").replace("A test.", "*t"), 3, 10, "alias"),
    "merge key": ("programs", PROGRAM.replace("{zone", "{<<: {}, zone"), 7, 6, "this is no key"),
    "tag": ("programs", PROGRAM.replace("Own", "!!python/object:os.system Own"), 2, 8, "tags are not used"),
    "duplicate key": ("programs", PROGRAM + "title: Twice\n", 8, 1, "this key stands here twice"),
    "not a number": ("programs", PROGRAM.replace("240", ".nan"), 7, 33, "not a plain whole number"),
    "infinite": ("programs", PROGRAM.replace("240", ".inf"), 7, 33, "not a plain whole number"),
    "fraction": ("programs", PROGRAM.replace("240", "1.5"), 7, 33, "not a plain whole number"),
    "boolean": ("programs", PROGRAM.replace("240", "true"), 7, 33, "must be a whole number"),
    "negative": ("programs", PROGRAM.replace("240", "-1"), 7, 33, "must be at least 1"),
    "unknown zone": ("programs", PROGRAM.replace("L4-S1", "L9"), 7, 12, "must be "),
    "unknown key": ("programs", PROGRAM.replace("purpose", "purpouse"), 3, 1, "Did you mean 'purpose'?"),
    "not UTF-8": ("programs", PROGRAM.encode().replace(b"Own", b"\xffwn"), 2, 8, "this is not UTF-8"),
    "no YAML": ("programs", PROGRAM + "  ] [\n", 8, 3, "this is not YAML"),
    "two documents": ("programs", PROGRAM + "---\n" + PROGRAM, 8, 1, "a second document begins here"),
    "a control character": ("programs", PROGRAM.replace("Own", "O\x1b[2Jn"), 2, 9, "cannot be seen"),
    "too deep": ("programs", "a: " + "[" * 200, 1, None, "nests more than"),
    "too large": ("programs", PROGRAM + "#" * 300_000, 1, 1, "larger than"),
    "negative cap": ("safety", SAFETY.replace("value: 50", "value: -50"), 9, 36, "must be at least 1"),
    "cap above the ceiling": ("safety", SAFETY.replace("value: 50", "value: 60"), 9, 36, "50"),
    "force above the ceiling": ("safety", SAFETY.replace("value: 40", "value: 41"), 10, 26, "40"),
    "cap not a number": ("safety", SAFETY.replace("value: 50", "value: .NaN"), 9, 36, "whole number"),
    "cap as text": ("safety", SAFETY.replace("value: 50", 'value: "50"'), 9, 36, "must be a whole number"),
    "unknown kind": ("programs", PROGRAM.replace("kind: program", "kind: poem"), 1, 7, "program"),
}


def write(room, folder, content):
    """A file of one's own."""
    path = room.folder / "own" / folder / "mine.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def validate(room):
    """All bad files at once, one of them alone, and all again with `--json`."""
    paths = {
        name: write(room, f"{number}/{FILES[name][0]}", FILES[name][1]) for number, name in enumerate(FILES)
    }
    check = ("profile", "validate")
    as_lines, as_json = (
        room.finished(*check, *paths.values()),
        room.finished(*check, "--json", *paths.values()),
    )
    return paths, as_lines, as_json, room.finished(*check, paths["alias"])


@pytest.mark.ahead(begin=validate)
def test_every_bad_file_is_told_with_line_and_column_and_exit_3(begun):
    paths, as_lines, as_json, alone = begun
    assert [program.wait() for program in (as_lines, as_json, alone)] == [3, 3, 3], as_lines.said
    assert "Traceback" not in as_lines.said + as_json.said
    assert "\x1b" not in as_lines.said + as_json.said
    reports = {report["file"]: report for report in map(json.loads, as_json.stdout.text.splitlines())}
    missed = {}
    for name, (_, _, line, column, words) in FILES.items():
        place = f"{paths[name]}:{line}:" + (f"{column}: " if column else "")
        told = [said for said in as_lines.stderr.text.splitlines() if said.startswith(f"{paths[name]}:")]
        problems = reports[str(paths[name])]["problems"]
        if not any(said.startswith(place) and words in said for said in told) or told != problems:
            missed[name] = (line, column, words, told, problems)
    assert not missed
    assert all(report["valid"] is False for report in reports.values())


def validate_good(room):
    """The untouched files, and one that is not there."""
    files = write(room, "programs", PROGRAM), write(room, "safety", SAFETY)
    return room.finished("profile", "validate", *files), room.finished("profile", "validate", "nowhere.yaml")


@pytest.mark.ahead(begin=validate_good)
def test_the_same_files_without_the_mistake_are_valid_and_a_file_that_is_not_there_is_named(begun):
    good, missing = begun
    assert good.wait() == 0, good.said
    assert good.stdout.text.count(": ok") == 2
    assert missing.wait() in {2, 3}, missing.said
    assert "nowhere.yaml cannot be read" in missing.stderr.text


def run_own(room, name):
    """A session with a bad file of one's own, on a chair that listens."""
    write(room, *FILES[name][:2])
    massage = room.run("--profiles", room.folder / "own", program="mine")
    massage.program.wait()
    return massage


@pytest.mark.ahead(begin=run_own)
@pytest.mark.parametrize("name", ["empty", "alias", "not a number", "not UTF-8"])
def test_a_run_with_a_bad_file_of_ones_own_ends_with_3_and_nothing_moves(begun, name):
    _, _, line, column, words = FILES[name]
    begun.assert_ended(3, f"mine.yaml:{line}:{column}: ", words)
    assert not begun.trace.events


def use(*arguments):
    """A run of the built-in program with these words in place of the usual ones."""
    usual = {"--person": "demo", "--radio": "unix:nowhere", "program": "gentle-lumbar"}
    given = dict(zip(arguments[::2], arguments[1::2], strict=True))
    chosen = usual | given
    program = chosen.pop("program")
    return ("run", program, *(word for pair in chosen.items() for word in pair), "--yes")


USAGE = {
    "unknown program": (use("program", "gentle-lumbr"), "Did you mean 'gentle-lumbar'?"),
    "quite unknown program": (use("program", "zzz"), "gentle-lumbar"),
    "program with a way out": (use("program", "../mild-lumbar"), "there is no program"),
    "program as a path": (use("program", "/etc/passwd"), "there is no program"),
    "program with a control character": (use("program", "\x1b[2J"), "there is no program"),
    "empty program": (use("program", ""), "there is no program"),
    "unknown person": (use("--person", "nobody"), "nobody"),
    "person with a way out": (use("--person", "../demo"), "../demo"),
    "unknown device": (use("--device", "chairs"), "Did you mean 'chair'?"),
    "device with a way out": (use("--device", "../chair"), "there is no device"),
    "demo on a real radio": (use("--radio", "system"), "exists only with the simulator"),
    "max above all": (use("--max", "101"), "'--max'"),
    "max below all": (use("--max", "-1"), "'--max'"),
    "max no number": (use("--max", "x"), "'--max'"),
    "max a fraction": (use("--max", "1.5"), "'--max'"),
    "folder of profiles that is not there": (use("--profiles", "nowhere"), "there is no folder nowhere"),
    "unknown option": (use("--strength", "9"), "--strength"),
    "no person": (("run", "gentle-lumbar", "--yes"), "--person"),
    "no program": (("run", "--person", "demo", "--yes"), "program"),
    "unknown command": (("massage",), "massage"),
    "unknown program to show": (("programs", "show", "../chair"), "there is no program"),
    **{
        f"seconds {value}": (("demo", "--headless", "--seconds", value), "'--seconds'")
        for value in ("0", "nan", "-1", "inf", "abc", "")
    },
    **{f"minutes {value}": (use("--minutes", value), "'--minutes'") for value in ("0", "nan", "x")},
}


@pytest.mark.ahead(begin=lambda room, name: room.finished(*USAGE[name][0]))
@pytest.mark.parametrize("name", USAGE, ids=[name.replace(" ", "_") for name in USAGE])
def test_what_does_not_exist_is_a_usage_error_that_names_it(begun, name):
    assert begun.wait() == 2, begun.said
    assert USAGE[name][1] in begun.stderr.text, begun.said
    assert "Traceback" not in begun.said
    assert "\x1b" not in begun.said
    assert not begun.stdout.text


RADIOS = {
    "nobody on the socket": "unix:{room}/nobody",
    "closed port": "tcp:127.0.0.1:{port}",
    "no radio of that name": "smoke:signals",
    "no place": "tcp:",
    "no port": "tcp:127.0.0.1",
    "port out of range": "tcp:127.0.0.1:99999",
    "port no number": "tcp:127.0.0.1:x",
    "nothing": "",
    "only a colon": ":",
    "folder as a socket": "unix:{room}",
    "path too long": "unix:/" + "x" * 200,
    "host that does not exist": "tcp:host.invalid:9101",
}


def reach(room, name):
    """A run over a radio on which no chair is."""
    radio = RADIOS[name].format(room=room.folder, port=free_port())
    return room.finished("run", "gentle-lumbar", "--person", "demo", "--radio", radio, "--yes")


@pytest.mark.ahead(begin=reach)
@pytest.mark.parametrize("name", RADIOS, ids=[name.replace(" ", "_") for name in RADIOS])
def test_a_radio_that_leads_nowhere_is_told_with_exit_4_or_2(begun, name):
    assert begun.wait() in {2, 4}, begun.said
    shown = RADIOS[name].partition("{")[0][:30]
    assert shown in begun.said, begun.said
    assert "Traceback" not in begun.said
    assert "may still press" not in begun.said, "an alarm for a device that was never reached"


def reach_rubbish(room):
    """Somebody listens who knows no Bluetooth, and answers everything with rubbish."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        ended = threading.Event()

        def answer():
            while not ended.is_set():
                connection, _ = listener.accept()
                with connection:
                    connection.settimeout(1)
                    try:
                        connection.sendall(b"HTTP/1.0 400 Bad Request\r\n\r\n" * 50)
                        while connection.recv(1024):
                            connection.sendall(b"\xff" * 64)
                    except OSError:
                        pass

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        port = listener.getsockname()[1]
        options = ("--person", "demo", "--radio", f"tcp:127.0.0.1:{port}", "--yes")
        program = room.massager("run", "gentle-lumbar", *options)
        program.wait()
        ended.set()
        socket.create_connection(("127.0.0.1", port)).close()
        thread.join()
    return program


@pytest.mark.ahead(begin=reach_rubbish, longest=True)
def test_a_port_that_answers_rubbish_is_no_radio_and_ends_with_4(begun):
    assert begun.wait() == 4, begun.said
    assert "Traceback" not in begun.said


def with_data(room, place):
    """A run with the store in an odd place, as somebody whose store is not thrown away."""
    (room.folder / "file").write_text("no folder")
    massage = room.run("--person", "anna", "--data", room.folder / place)
    massage.program.wait()
    return massage


@pytest.mark.ahead(begin=with_data)
@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_store_that_cannot_be_made_is_told_and_nothing_moves(begun, place):
    assert begun.program.wait() not in {0, 130}, begun.program.said
    assert place in begun.program.stderr.text
    assert "Traceback" not in begun.program.said
    assert not begun.trace.events


def start_without_yes(room):
    """Nobody sits at a terminal to be asked, and nobody said `--yes`."""
    chair = room.simulator()
    program = room.finished("run", "gentle-lumbar", "--person", "demo", "--radio", chair.place)
    return chair, program


@pytest.mark.ahead(begin=start_without_yes)
def test_without_a_terminal_the_start_needs_yes(begun):
    chair, program = begun
    assert program.wait() == 2
    assert "--yes" in program.stderr.text
    assert not chair.trace.events


def answer_no(room):
    """Somebody is asked, and presses Enter alone."""
    chair = room.simulator()
    options = ("--person", "demo", "--radio", chair.place)
    program = room.massager("run", "gentle-lumbar", *options, terminal=(24, 80))
    program.wait_said("[y/N]")
    program.terminal.type("\n")
    program.wait()
    return chair, program


@pytest.mark.ahead(begin=answer_no)
def test_whoever_does_not_say_yes_at_the_terminal_starts_nothing(begun):
    chair, program = begun
    assert program.wait() == 2
    assert "not a medical device" in " ".join(program.said.split())
    assert not chair.trace.events
