"""Scan, pair, list, forget; and which device a session is for."""

import json
import signal

import pytest

from blackbox_rig import free_port, until
from serve_rig import ADDRESSES, add_people, chairs


def look_around(room):
    place, traces = chairs(room)
    return (
        traces,
        room.finished("scan", "--radio", place, "--timeout", 1),
        room.finished("scan", "--radio", place, "--timeout", 1, "--json"),
    )


@pytest.mark.ahead(begin=look_around)
def test_a_scan_lists_both_chairs_and_connects_to_none(begun):
    traces, plain, as_json = begun
    assert plain.wait() == as_json.wait() == 0, plain.said + as_json.said
    assert all(address in plain.stdout.text for address in ADDRESSES)
    heard = [json.loads(line) for line in as_json.stdout.text.splitlines()]
    assert sorted((each["address"], each["profile"]) for each in heard) == [
        (one, "chair") for one in ADDRESSES
    ]
    assert not any(trace.events for trace in traces)


@pytest.mark.ahead(begin=lambda room: room.finished("scan", "--radio", f"tcp:127.0.0.1:{free_port()}"))
def test_a_scan_of_a_radio_that_leads_nowhere_ends_with_4(begun):
    assert begun.wait() == 4, begun.said
    assert "no simulator" in begun.stderr.text
    assert "Traceback" not in begun.said


@pytest.mark.ahead(begin=lambda room, seconds: room.finished("scan", "--timeout", seconds))
@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "61", "long"])
def test_a_scan_of_no_length_is_a_usage_error(begun, seconds):
    assert begun.wait() == 2, begun.said
    assert begun.command[-1] == seconds
    assert "--timeout" in begun.stderr.text


def pair_and_forget(room):
    place, traces = chairs(room)
    one, two = ADDRESSES
    said = {
        "first": room.finished("pair", one, "--radio", place),
        "again": room.finished("pair", one, "--radio", place, "--name", "other"),
        "name taken": room.finished("pair", two, "--radio", place, "--name", "chair"),
        "small letters": room.finished("pair", two.lower(), "--radio", place, "--device-profile", "chair"),
        "not there": room.finished("pair", "C0:DE:00:00:00:09", "--radio", place),
        "no address": room.finished("pair", "x" * 300, "--radio", place),
        "no profile": room.finished(
            "pair", "C0:DE:00:00:00:09", "--radio", place, "--device-profile", "sofa"
        ),
        "list": room.finished("devices"),
        "objects": room.finished("devices", "--json"),
    }
    files = sorted(
        path.name.rpartition("-")[0] for path in (room.folder / "state").glob("massager/stop/*.json")
    )
    said |= {
        "stop": room.finished("stop"),
        "forget": room.finished("forget", "chair-2"),
        "forget again": room.finished("forget", "chair-2"),
        "list after": room.finished("devices"),
    }
    left = [path.name for path in (room.folder / "state").glob("massager/stop/*.json")]
    return traces, said, files, left


@pytest.mark.ahead(begin=pair_and_forget)
def test_a_chair_is_paired_listed_stopped_directly_and_forgotten(begun):
    traces, said, files, left = begun
    codes = {name: program.wait() for name, program in said.items()}
    assert codes == {
        "first": 0,
        "again": 5,
        "name taken": 5,
        "small letters": 0,
        "not there": 4,
        "no address": 4,
        "no profile": 2,
        "list": 0,
        "objects": 0,
        "stop": 0,
        "forget": 0,
        "forget again": 2,
        "list after": 0,
    }, {name: program.said for name, program in said.items()}
    assert "at rest" in said["first"].stdout.text
    assert ADDRESSES[0] in said["not there"].stderr.text, "it does not say what is there"
    listed = [json.loads(line) for line in said["objects"].stdout.text.splitlines()]
    assert [(each["name"], each["address"], each["serial"], each["state"]) for each in listed] == [
        ("chair", ADDRESSES[0], "SIM-0001", None),
        ("chair-2", ADDRESSES[1], "SIM-0002", None),
    ]
    assert files == ["chair", "chair-2"]
    assert "chair-2: stopped, at rest" in said["stop"].stdout.text
    assert "chair-2" not in said["list after"].stdout.text
    assert len(left) == 1
    assert all(trace.events[:2] == ["connect", "stop"] for trace in traces)
    assert all("session_start" not in trace.events for trace in traces)
    assert not any("Traceback" in program.said for program in said.values())


def refuse_to_pair(room):
    place, (trace,) = chairs(room, 1, "--fault", "pairing_refused")
    return (
        trace,
        room.finished("pair", ADDRESSES[0], "--radio", place),
        room.finished("run", "gentle-lumbar", "--person", "demo", "--yes", "--radio", place),
        room.finished("devices"),
    )


@pytest.mark.ahead(begin=refuse_to_pair)
def test_a_chair_that_refuses_to_pair_is_stopped_and_neither_remembered_nor_driven(begun):
    trace, paired, ran, listed = begun
    assert (paired.wait(), ran.wait(), listed.wait()) == (5, 5, 0), paired.said + ran.said
    assert "refuses to pair" in paired.stderr.text
    assert "Switch it off and on" in ran.said
    assert "no device is paired" in listed.stderr.text
    until(lambda: trace.events == ["connect", "stop", "disconnect"] * 2, lambda: trace.events)
    assert not any("Traceback" in program.said for program in (paired, ran))


def run_unpaired(room):
    """The first connection pairs; then `--device chair` means that chair, also beside another."""
    place, traces = chairs(room, 1)
    add_people(room, "anna", "ben")
    options = ("gentle-lumbar", "--radio", place, "--yes")
    first = room.massager("run", *options, "--person", "anna")
    traces[0].wait(lambda line: line.get("event") == "session_start", "a session")
    listed = room.finished("devices", "--json")
    elsewhere = room.finished(
        "run", "gentle-lumbar", "--yes", "--person", "ben", "--device", "chair", "--radio", "unix:nobody"
    )
    first.send(signal.SIGINT)
    first.wait()
    return traces[0], first, listed, elsewhere


@pytest.mark.ahead(begin=run_unpaired)
def test_a_simulated_chair_counts_as_paired_once_it_was_connected(begun):
    trace, first, listed, elsewhere = begun
    assert first.wait() == 130, first.said
    (device,) = [json.loads(line) for line in listed.stdout.text.splitlines()]
    assert (device["name"], device["address"], device["profile"]) == ("chair", ADDRESSES[0], "chair")
    assert device["state"] in {"placing", "running"}
    assert elsewhere.wait() == 2, elsewhere.said
    assert "is paired on the radio" in elsewhere.stderr.text
    trace.assert_limits()


def run_beside_each_other(room):
    """Two chairs that nobody paired cannot be told apart; paired, each has its core and its session."""
    place, traces = chairs(room)
    add_people(room, "anna", "ben", "cleo")
    options = ("gentle-lumbar", "--radio", place, "--yes")
    unpaired = room.finished("run", *options, "--person", "cleo")
    for address, name in zip(ADDRESSES, ("left", "right"), strict=True):
        room.finished("pair", address, "--name", name, "--radio", place)
    which = room.finished("run", *options, "--person", "anna", "--device", "chair")
    both = [
        room.massager("run", *options, "--person", person, "--device", device)
        for person, device in (("anna", "left"), ("ben", "right"))
    ]
    for trace in traces:
        trace.wait_level(1)
    held = room.finished("pair", ADDRESSES[0], "--name", "third", "--radio", place)
    forgetting = room.finished("forget", "left")
    stopping = room.finished("stop")
    for program in both:
        program.wait()
    return traces, unpaired, which, both, held, forgetting, stopping


@pytest.mark.ahead(begin=run_beside_each_other)
def test_two_chairs_on_one_air_are_told_apart_by_their_names(begun):
    traces, unpaired, which, both, held, forgetting, stopping = begun
    assert unpaired.wait() == 4, unpaired.said
    assert all(address in unpaired.said for address in ADDRESSES)
    assert which.wait() == 2, which.said
    assert "left (chair, C0:DE:00:00:00:01), right (chair, C0:DE:00:00:00:02)" in which.stderr.text
    assert [program.wait() for program in both] == [0, 0], [program.said for program in both]
    assert held.wait() == 5, held.said
    assert forgetting.wait() == 5, forgetting.said
    assert "in session" in forgetting.stderr.text
    assert stopping.wait() == 0, stopping.said
    for trace in traces:
        trace.assert_limits()
        assert trace.rest_after(stopping.ended_at) == 0


def hold_a_chair(room):
    """Two stores, one user: the ledgers know nothing of each other, the device's lock does."""
    place, traces = chairs(room, 1)
    add_people(room, "anna")
    options = ("gentle-lumbar", "--radio", place, "--yes")
    first = room.massager("run", *options, "--person", "anna")
    traces[0].wait_level(1)
    elsewhere = {"XDG_RUNTIME_DIR": str(room.folder / "other")}
    (room.folder / "other").mkdir(mode=0o700)
    second = room.finished("run", *options, "--person", "demo", env=elsewhere)
    traces[0].wait_level(1, after=second.ended_at + 1)
    first.send(signal.SIGINT)
    first.wait()
    return traces[0], first, second


@pytest.mark.ahead(begin=hold_a_chair)
def test_a_controller_of_another_store_is_refused_by_the_devices_lock_and_never_connects(begun):
    trace, first, second = begun
    assert second.wait() == 5, second.said
    assert "Another controller drives this device." in second.said
    assert "Nothing was moved." in second.said
    assert first.wait() == 130, first.said
    assert trace.events.count("connect") == 1
    trace.assert_limits()


def run_on_the_systems_radio(room):
    add_people(room, "anna")
    return room.finished("run", "gentle-lumbar", "--person", "anna", "--radio", "system", "--yes")


@pytest.mark.ahead(begin=run_on_the_systems_radio)
def test_on_the_systems_radio_only_a_paired_device_is_used(begun):
    assert begun.wait() == 2, begun.said
    assert "massager pair" in begun.stderr.text
