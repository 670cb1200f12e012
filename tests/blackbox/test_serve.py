"""A core that serves two chairs: sessions beside each other, stopped apart and together, killed, ended."""

import contextlib
import signal
import socket

import pytest

from blackbox_rig import is_alive, kill, until
from serve_rig import chairs, say_how_it_went, serve, served


def run_two(room):
    """Both through `massager run`; the first ends by Ctrl-C, the second 2 s later by `massager stop`."""
    core = served(room)
    runs = [
        room.massager(
            "run", "gentle-lumbar", "--person", person, "--device", device, "--radio", core.place, "--yes"
        )
        for person, device in (("anna", "left"), ("ben", "right"))
    ]
    core.wait_pressing(0, 1)
    asked = runs[0].send(signal.SIGINT)
    runs[0].wait()
    core.wait_pressing(1, after=runs[0].ended_at + 2)
    stopping = room.finished("stop")
    runs[1].wait()
    return core, runs, asked, stopping


@pytest.mark.ahead(begin=run_two)
def test_two_people_are_in_session_at_once_and_one_goes_on_when_the_other_stops(begun):
    core, runs, asked, stopping = begun
    assert [run.wait() for run in runs] == [130, 0], [run.said for run in runs]
    assert all("Stopped. The device is at rest." in run.said for run in runs)
    assert core.traces[0].rest_after(asked) <= 1.0
    assert core.traces[0].last_active < runs[0].ended_at
    assert stopping.wait() == 0, stopping.said
    assert "core: stopped, at rest" in stopping.said
    assert core.traces[1].rest_after(stopping.ended_at) == 0
    core.assert_limits()
    core.alive()


def stop_both(room):
    """anna says how it went, and ben does not."""
    core = served(room, pressing=(0, 1))
    stopping = room.finished("stop")
    for number in (1, 2):
        core.api.wait(number, lambda state: state["over"], "the end")
    until(lambda: say_how_it_went(room, "anna").wait() == 0, lambda: "the question how it went")
    return core, stopping


@pytest.mark.ahead(begin=stop_both)
def test_stop_stops_both_chairs_and_the_core_serves_on(begun):
    core, stopping = begun
    assert stopping.wait() == 0, stopping.said
    assert [trace.rest_after(stopping.ended_at) for trace in core.traces] == [0, 0]
    # The stop answered once both rested; a session is over, and its use settled, when its guardian has left.
    states = [core.api.wait(number, lambda state: state["over"], "its end") for number in (1, 2)]
    assert [(state["reason"], state["confirmed"]) for state in states] == [("stopped-by-person", True)] * 2
    core.assert_limits()
    status, told = core.api.start_settled("anna", "left")
    assert (status, told["reason"]) == (409, "cool-down-hours"), told
    status, told = core.api.start_settled("ben", "right")
    assert (status, told["reason"]) == (409, "follow-up-due"), told
    core.alive()


def kill_the_core(room):
    core = served(room, pressing=(0, 1))
    killed = core.program.send(signal.SIGKILL)
    rests = [trace.rest_after(killed) for trace in core.traces]
    room.wait_alone()
    again, api = serve(room, core.place)
    sessions = api.sessions()
    listed = room.finished("devices")
    again.send(signal.SIGTERM)
    again.wait()
    return core, rests, again, sessions, listed


@pytest.mark.ahead(begin=kill_the_core)
def test_a_killed_core_leaves_both_chairs_at_rest_and_a_new_one_resumes_nothing(begun):
    core, rests, again, sessions, listed = begun
    assert max(rests) <= 1.0
    assert not sessions
    assert [trace.events.count("session_start") for trace in core.traces] == [1, 1]
    assert max(trace.last_active for trace in core.traces) < again.ended_at
    assert "no core has it in session" in listed.stdout.text
    assert again.wait() == 0, again.said
    core.assert_limits()


def end_the_core(room, number):
    """Somebody follows a session meanwhile."""
    core = served(room, pressing=(0,))
    follower = room.massager(
        "run", "gentle-lumbar", "--person", "ben", "--radio", core.place, "--device", "right", "--yes"
    )
    core.wait_pressing(1)
    core.program.send(number)
    core.program.wait()
    follower.wait()
    return core, follower


@pytest.mark.ahead(begin=end_the_core)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_core_that_is_asked_to_end_stops_both_waits_for_rest_and_tells_who_follows(begun, room, number):
    core, follower = begun
    assert core.program.wait() == (0 if number == signal.SIGTERM else 130), core.program.said
    assert [trace.rest_after(core.program.ended_at) for trace in core.traces] == [0, 0]
    assert follower.wait() == 0, follower.said
    assert "Stopped. The device is at rest." in follower.said
    assert "Traceback" not in core.program.said
    core.assert_limits()
    assert not room.processes or all("firmware_sim" in line for line in room.processes.values())


def kill_one_guardian(room):
    core = served(room, pressing=(0,))
    guardian = core.guardian
    status, _ = core.api.start("ben", "right")
    assert status == 201
    core.wait_pressing(1)
    killed = kill(guardian)
    state = core.api.wait(1, lambda state: state["over"], "the end of the first session")
    core.wait_pressing(1, after=killed + 3)
    core.api.ask("POST", "/stop")
    return core, killed, state


@pytest.mark.ahead(begin=kill_one_guardian)
def test_a_session_whose_guardian_dies_ends_alone(begun):
    core, killed, state = begun
    assert (state["reason"], state["confirmed"]) == ("guardian-lost", True)
    assert core.traces[0].rest_after(killed) <= 2.0
    assert "session 1 ended: guardian-lost" in core.program.stderr.text
    core.assert_limits()
    core.alive()


def serve_twice(room):
    place, _ = chairs(room, 1)
    first, _ = serve(room, place)
    return first, room.finished("serve", "--radio", place)


@pytest.mark.ahead(begin=serve_twice)
def test_a_second_core_on_the_same_radio_is_refused(begun):
    first, second = begun
    assert second.wait() == 5, second.said
    assert "serves the radio" in second.stderr.text
    assert not second.stdout.text
    assert first.runs


@pytest.mark.ahead(
    begin=lambda room, radio: room.finished("serve", "--radio", radio.format(room=room.folder))
)
@pytest.mark.parametrize("radio", ["smoke:signals", "tcp:", "unix:{room}/nobody", ""], ids=str)
def test_a_core_on_a_radio_that_leads_nowhere_does_not_begin(begun, radio):
    assert begun.wait() == 4, begun.said
    assert radio.partition("{")[0] in begun.stderr.text
    assert "Traceback" not in begun.said
    assert not begun.stdout.text


WRONG = {
    "unknown person": ("gentle-lumbar", "--person", "zoe", "--device", "left"),
    "unknown program": ("no-such", "--person", "ben", "--device", "right"),
    "unknown device": ("gentle-lumbar", "--person", "ben", "--device", "middle"),
    "which device": ("gentle-lumbar", "--person", "ben"),
    "the demo person": ("gentle-lumbar", "--person", "demo", "--device", "right"),
    "device in session": ("gentle-lumbar", "--person", "ben", "--device", "left"),
    "person in session": ("gentle-lumbar", "--person", "anna", "--device", "right"),
    "another store": ("gentle-lumbar", "--person", "ben", "--device", "right", "--data", "elsewhere"),
    "other profiles": ("gentle-lumbar", "--person", "ben", "--device", "right", "--profiles", "."),
}
TOLD = {
    "unknown person": (2, "zoe"),
    "unknown program": (2, "no-such"),
    "unknown device": (2, "left (chair"),
    "which device": (2, "left (chair, C0:DE:00:00:00:01), right (chair, C0:DE:00:00:00:02)"),
    "the demo person": (2, "demo"),
    "device in session": (5, "anna is in session 1 on left already"),
    "person in session": (5, "anna is in session 1 on left already"),
    "another store": (1, "Leave out --data"),
    "other profiles": (1, "Leave out --profiles"),
}


def ask_for_what_cannot_be(room):
    core = served(room, pressing=(0,))
    wrong = {
        name: room.massager("run", *words, "--radio", core.place, "--yes") for name, words in WRONG.items()
    }
    for program in wrong.values():
        program.wait()
    core.wait_pressing(0, after=max(program.ended_at for program in wrong.values()))
    return core, wrong


@pytest.mark.ahead(begin=ask_for_what_cannot_be)
def test_what_cannot_be_started_is_told_in_words_and_the_session_beside_it_goes_on(begun):
    core, wrong = begun
    for name, program in wrong.items():
        code, words = TOLD[name]
        assert program.wait() == code, (name, program.said)
        assert words in program.stderr.text, (name, program.said)
        assert "Traceback" not in program.said
    assert "session_start" not in core.traces[1].events
    core.alive()


def speak_to_the_socket(room):
    core = served(room)
    ask = core.api.ask
    good = {"program": "gentle-lumbar", "person": "anna", "device": "left"}
    answers = {
        "not confirmed": ask("POST", "/api/v1/sessions", good),
        "not a yes": ask("POST", "/api/v1/sessions", good | {"confirmed": "true"}),
        "no program": ask("POST", "/api/v1/sessions", {"person": "anna", "confirmed": True}),
        "unknown field": ask("POST", "/api/v1/sessions", good | {"confirmed": True, "level": 20}),
        "no time": ask("POST", "/api/v1/sessions", good | {"confirmed": True, "seconds": 0}),
        "half a second": ask("POST", "/api/v1/sessions", good | {"confirmed": True, "seconds": 0.5}),
        "above all": ask("POST", "/api/v1/sessions", good | {"confirmed": True, "max_percent": 101}),
        "no object": ask("POST", "/api/v1/sessions", []),
        "no JSON": ask("POST", "/api/v1/sessions", raw="{"),
        "no person": ask("POST", "/api/v1/sessions", good | {"person": "zoe", "confirmed": True}),
        "no session": ask("GET", "/api/v1/sessions/99"),
        "no number": ask("POST", "/api/v1/sessions/x/stop"),
        "too large": ask("POST", f"/api/v1/sessions/{2**63}/stop"),
    }
    return core, answers


@pytest.mark.ahead(begin=speak_to_the_socket)
def test_a_request_of_a_wrong_shape_moves_nothing_and_says_what_is_wrong(begun):
    core, answers = begun
    told = {name: (status, answer["error"]) for name, (status, answer) in answers.items()}
    assert told.pop("not confirmed") == (422, "not-confirmed")
    assert told.pop("no person") == told.pop("no session") == (404, "not-found")
    assert set(told.values()) == {(422, "invalid")}, told
    assert all(set(answer) == {"error", "text"} and answer["text"] for _, answer in answers.values())
    assert all("session_start" not in trace.events for trace in core.traces)
    assert not core.api.sessions()


def steer(room):
    core = served(room, pressing=(0,))
    paused = core.api.ask("POST", "/api/v1/sessions/1/pause")
    core.api.wait(1, lambda state: state["stage"] == "paused" and state["reported"] == 0, "a pause")
    rest = core.traces[0].rest_after(0)
    core.api.ask("POST", "/api/v1/sessions/1/resume")
    core.wait_pressing(0, after=core.traces[0].last_active)
    weaker = core.api.ask("POST", "/api/v1/sessions/1/weaker")
    stronger = core.api.ask("POST", "/api/v1/sessions/1/stronger")
    stopped = core.api.ask("POST", "/api/v1/sessions/1/stop")
    over = core.api.wait(1, lambda state: state["over"], "the end")
    late = core.api.ask("POST", "/api/v1/sessions/1/resume")
    again = core.api.ask("POST", "/api/v1/sessions/1/stop")
    return core, paused, rest, weaker, stronger, stopped, over, late, again


@pytest.mark.ahead(begin=steer)
def test_a_session_is_paused_resumed_steered_and_stopped_through_the_socket(begun):
    core, paused, rest, weaker, stronger, stopped, over, late, again = begun
    assert (paused[0], paused[1]["stage"]) == (200, "paused")
    assert rest
    assert weaker[0] == stronger[0] == 200
    assert stopped == (200, {"confirmed": True, "sessions": 1, "advice": None})
    assert (over["stage"], over["reason"], over["confirmed"]) == ("ended", "stopped-by-person", True)
    assert late[1]["stage"] == "ended"
    assert again == (200, {"confirmed": True, "sessions": 0, "advice": None})
    assert core.traces[0].events.count("session_start") == 2
    core.assert_limits()


def watch_status(room):
    core = served(room)
    lines = room.massager("status", "--watch")
    objects = room.massager("status", "--watch", "--json")
    picture = room.massager("status", "--watch", terminal=(24, 100))
    lines.wait_said("nothing is in session")
    core.api.start("anna", "left")
    for program in (lines, picture):
        program.wait_said("anna on left: gentle-lumbar, running")
    objects.wait_said('"stage": "running"')
    for program in (lines, objects, picture):
        program.send(signal.SIGINT)
        program.wait()
    return core, lines, objects, picture


@pytest.mark.ahead(begin=watch_status)
def test_status_is_watched_as_lines_as_objects_and_on_a_terminal_until_ctrl_c(begun):
    core, lines, objects, picture = begun
    assert [program.wait() for program in (lines, objects, picture)] == [130] * 3
    said = lines.stdout.text.splitlines()
    assert len(said) == len({*said})
    assert all(line.startswith("{") for line in objects.stdout.text.splitlines())
    assert "Traceback" not in lines.said + objects.said + picture.said
    core.alive()


def lose_the_core(room):
    core = served(room)
    options = ("--person", "anna", "--device", "left", "--radio", core.place, "--yes")
    run = room.massager("run", "gentle-lumbar", *options)
    core.wait_pressing(0)
    killed = core.program.send(signal.SIGKILL)
    run.wait()
    return core, run, killed


@pytest.mark.ahead(begin=lose_the_core)
def test_who_follows_a_session_is_told_when_its_core_dies(begun, room):
    core, run, killed = begun
    assert run.wait() == 7, run.said
    assert "massager stop" in run.stderr.text
    assert core.traces[0].rest_after(killed) <= 1.0
    room.wait_alone()


def freeze_the_core(room):
    """Whatever the core was about to do, the chairs rest before it can do it."""
    core = served(room, pressing=(0, 1))
    frozen = core.program.send(signal.SIGSTOP)
    rests = [trace.rest_after(frozen) for trace in core.traces]
    stopping = room.finished("stop")
    thawed = core.program.send(signal.SIGCONT)
    until(lambda: all(state["over"] for state in core.api.sessions()), lambda: "the end of both")
    return core, rests, stopping, thawed


@pytest.mark.ahead(begin=freeze_the_core, longest=True)
def test_a_frozen_core_leaves_both_chairs_at_rest_and_thawed_moves_nothing(begun):
    core, rests, stopping, thawed = begun
    assert max(rests) <= 2.0
    assert stopping.wait() in {0, 6}, stopping.said
    assert max(trace.last_active for trace in core.traces) < thawed
    assert is_alive(core.program.pid)
    core.assert_limits()


def supervise(room):
    """As systemd does: READY, then a sign of life a second, also while somebody is in session."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(room.folder / "notify"))
        systemd.settimeout(10)
        core = served(room, env={"NOTIFY_SOCKET": str(room.folder / "notify")})
        first = [systemd.recv(99), systemd.recv(99)]
        core.api.start("anna", "left")
        core.wait_pressing(0)
        systemd.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while True:
                systemd.recv(99)
        systemd.settimeout(10)
        alive = [systemd.recv(99) for _ in range(3)]
        core.program.send(signal.SIGSTOP)
        systemd.settimeout(2.5)
        frozen = []
        with contextlib.suppress(TimeoutError):
            while len(frozen) < 3:
                frozen.append(systemd.recv(99))
        core.program.send(signal.SIGCONT)
        core.program.send(signal.SIGTERM)
        core.program.wait()
        systemd.setblocking(False)
        last = []
        with contextlib.suppress(BlockingIOError):
            while True:
                last.append(systemd.recv(99))
    return core, first, alive, frozen, last


@pytest.mark.ahead(begin=supervise)
def test_a_supervisor_hears_ready_a_sign_of_life_each_second_nothing_of_a_frozen_core_and_the_end(begun):
    core, first, alive, frozen, last = begun
    assert sorted(first) == [b"READY=1", b"WATCHDOG=1"]
    assert alive == [b"WATCHDOG=1"] * 3
    assert len(frozen) < 2  # one may have been under way
    assert last[-1] == b"STOPPING=1"
    assert core.program.wait() == 0, core.program.said
    core.assert_limits()
