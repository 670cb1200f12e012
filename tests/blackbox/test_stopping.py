"""`massager stop` and `status` from another process, and a second controller."""

import json
import signal
import time

import pytest

from blackbox_rig import Room, kill


def stop(room, *arguments):
    """Run `massager stop`; what it said and when it returned."""
    asked = time.time()
    program = room.finished("stop", *arguments)
    return program, asked


@pytest.mark.ahead(begin=Room.massage)
def test_stop_from_another_process_returns_once_the_chair_rests_and_the_run_ends_well(begun, room):
    stopping, asked = stop(room)
    assert stopping.wait() == 0, stopping.said
    assert "stopped, at rest" in stopping.stdout.text
    assert begun.trace.rest_after(stopping.ended_at) == 0
    assert begun.trace.last_active - asked < 3
    begun.assert_ended(0, "Stopped. The device is at rest.")
    room.wait_alone()
    assert not list((room.folder / "run").rglob("*.sock"))


@pytest.mark.ahead(begin=Room.massage)
def test_status_tells_what_runs_where_how_strongly_and_why(begun, room):
    asking = room.finished("status", "--json")
    assert asking.wait() == 0, asking.said
    (state,) = map(json.loads, asking.stdout.text.splitlines())
    expected = {
        "stage": "running",
        "person": "demo",
        "device": "chair",
        "program": "gentle-lumbar",
        "radio": begun.simulator.place,
        "zone": "L4-S1",
        "levels": 20,
        "lateral_mm": 50,
        "session_s": 480,
        "reason": None,
        "alarm": None,
    }
    assert {key: state[key] for key in expected} == expected
    assert state["asked"] == 8
    assert 1 <= state["sent"] == state["reported"] <= 2
    assert state["limited_by"] in {"first-contact", "ramp"}
    assert state["limited_by_text"]
    assert 300 < state["left_s"] <= 480
    line = room.finished("status").stdout.text
    assert all(word in line for word in ("demo on chair", "gentle-lumbar", "L4-S1", " of 20 ", "s left"))
    stopping, _ = stop(room, "--json")
    reports = [json.loads(line) for line in stopping.stdout.text.splitlines()]
    assert [(report["what"], report["confirmed"]) for report in reports] == [("core", True)]
    begun.assert_ended(0)


@pytest.mark.ahead(begin=Room.massage)
def test_stop_direct_beside_a_running_core_stops_the_chair_and_ends_the_run(begun, room):
    stopping, _ = stop(room, "--direct")
    assert stopping.wait() == 0, stopping.said
    assert "chair: stopped, at rest" in stopping.stdout.text
    assert begun.trace.rest_after(stopping.ended_at) == 0
    begun.assert_ended(6)
    assert begun.trace.last_active < stopping.ended_at
    room.wait_alone()


@pytest.mark.ahead(begin=Room.massage)
def test_stop_direct_works_after_core_and_guardian_were_killed(begun, room):
    kill(begun.guardian)
    killed = begun.program.send(signal.SIGKILL)
    stopping, _ = stop(room, "--direct")
    assert stopping.wait() == 0, stopping.said
    assert "chair: stopped, at rest" in stopping.stdout.text
    assert begun.trace.wait(lambda line: line.get("event") == "stop", "a stop", after=killed)
    begun.trace.assert_limits()


@pytest.mark.ahead(begin=Room.massage)
def test_stop_finds_a_killed_cores_socket_dead_and_reaches_the_chair_directly(begun, room):
    kill(begun.guardian)
    begun.program.send(signal.SIGKILL)
    stopping, _ = stop(room)
    assert stopping.wait() == 0, stopping.said
    assert "chair: stopped, at rest" in stopping.stdout.text
    begun.trace.assert_limits()
    assert not list((room.folder / "run").rglob("*.sock")), "a dead core's socket is left behind"


@pytest.mark.ahead(begin=Room.massage)
def test_stop_with_a_frozen_core_reaches_the_chair_directly_within_seconds(begun, room):
    begun.program.send(signal.SIGSTOP)
    stopping, asked = stop(room)
    assert stopping.wait() == 0, stopping.said
    assert "chair: stopped, at rest" in stopping.stdout.text
    assert stopping.ended_at - asked < 8
    assert begun.trace.rest_after(asked) <= 2
    thawed = begun.program.send(signal.SIGCONT)
    begun.assert_ended(6)
    assert begun.trace.last_active < thawed
    room.wait_alone()


def begin_two(room):
    """Two cores of one user, each with a chair of its own."""
    return room.massage(), room.massage()


@pytest.mark.ahead(begin=begin_two)
def test_stop_tells_every_core_of_the_user(begun, room):
    stopping, _ = stop(room)
    assert stopping.wait() == 0, stopping.said
    assert stopping.stdout.text.count("stopped, at rest") == 2
    for massage in begun:
        massage.assert_ended(0)


def stop_nothing(room):
    """Nothing was ever started here."""
    return stop(room)[0], room.finished("stop", "--direct"), room.finished("status")


@pytest.mark.ahead(begin=stop_nothing)
def test_with_nothing_to_stop_or_show_it_says_so_with_exit_7(begun):
    for program in begun:
        assert program.wait() == 7, program.said
        assert program.stderr.text.startswith("massager: no")
        assert not program.stdout.text


def stop_what_has_gone(room):
    """The chair was driven once; then its simulator ended."""
    massage = room.run("--minutes", "0.05")
    massage.program.wait()
    massage.simulator.program.send(signal.SIGTERM)
    massage.simulator.program.wait()
    return massage, stop(room)[0]


@pytest.mark.ahead(begin=stop_what_has_gone)
def test_a_known_chair_that_is_out_of_reach_is_told_as_not_reached_with_exit_4(begun):
    massage, stopping = begun
    massage.assert_ended(0, "The program is finished. The device is at rest.")
    assert stopping.wait() == 4, stopping.said
    assert "chair: not reached" in stopping.said
    assert "Traceback" not in stopping.said


def begin_a_second(room):
    """Beside the first, which is stopped 2 s later."""
    massage = room.massage()
    place = massage.simulator.place
    second = room.finished("run", "gentle-lumbar", "--person", "demo", "--radio", place, "--yes")
    massage.wait_level(1, after=second.ended_at + 2)
    massage.program.send(signal.SIGINT)
    massage.program.wait()
    return massage, second


@pytest.mark.ahead(begin=begin_a_second)
def test_a_second_run_on_the_same_radio_is_refused_and_the_first_goes_on(begun):
    massage, second = begun
    assert second.wait() == 5, second.said
    assert f"demo is in session on chair over {massage.simulator.place} already" in second.stderr.text
    assert "massager stop" in second.stderr.text
    massage.assert_ended(130)
    assert massage.trace.events.count("connect") == 1


def meet_a_stranger(room):
    """A controller of another user, which sees no socket of the first, reaches for the same chair."""
    massage = room.massage()
    (room.folder / "other").mkdir(mode=0o700)
    elsewhere = {"XDG_RUNTIME_DIR": str(room.folder / "other"), "XDG_STATE_HOME": str(room.folder / "other")}
    options = ("--person", "demo", "--radio", massage.simulator.place, "--yes", "--minutes", "0.05")
    second = room.massager("run", "gentle-lumbar", *options, env=elsewhere)
    massage.program.wait()
    second.wait()
    return massage, second


@pytest.mark.ahead(begin=meet_a_stranger, longest=True)
def test_another_users_controller_stops_the_first_session_and_never_drives_beside_it(begun):
    massage, second = begun
    assert massage.program.wait() == 6, massage.program.said
    assert second.wait() in {0, 6}, second.said
    assert "Traceback" not in massage.program.said + second.said
    massage.trace.assert_limits()
    assert massage.trace.rest_after(second.ended_at) == 0
    events = [event for event in massage.trace.events if event.startswith("session")]
    assert events[:2] == ["session_start", "session_end"]


def open_the_runtime_folder(room):
    """Others may enter it."""
    folder = room.folder / "run" / "massager"
    folder.mkdir()
    folder.chmod(0o755)
    session = ("run", "gentle-lumbar", "--person", "demo", "--radio", "unix:nowhere", "--yes")
    return folder, [room.finished(*arguments) for arguments in (("status",), ("stop",), session)]


@pytest.mark.ahead(begin=open_the_runtime_folder)
def test_a_runtime_folder_that_others_may_enter_is_refused_with_the_command_that_mends_it(begun):
    folder, programs = begun
    for program in programs:
        assert program.wait() == 7, program.said
        assert f"chmod 700 {folder}" in program.stderr.text
