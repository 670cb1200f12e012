"""`massager explain`: what it prints, what it writes, and what it says where nothing would start."""

import json
from xml.etree import ElementTree as ET

import pytest
from argon2 import PasswordHasher

from massager.cli import signing
from massager.cli.exits import Exit
from massager.model.decisions import Reason
from people_desk import KEEP_OUT, MEASURE, PERSON, SCREEN, Desk

DEMO = ("explain", "gentle-lumbar", "--person", "demo", "--device", "chair", "--seconds", 90)


@pytest.fixture
def desk(tmp_path, monkeypatch, capsys):
    for name, folder in (("STATE_HOME", "state"), ("DATA_HOME", "share"), ("RUNTIME_DIR", "run")):
        monkeypatch.setenv(f"XDG_{name}", str(tmp_path / folder))
    monkeypatch.delenv("MASSAGER_DATA", raising=False)
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(signing, "usual_hasher", lambda: hasher)
    return Desk(tmp_path, monkeypatch, capsys)


@pytest.fixture
def anna(desk):
    desk.run("caregiver", "add", "carla", "--new-passphrase-file", desk.passphrase)
    desk.ok(*PERSON)
    desk.ok(*MEASURE, "--error-mm", 10, "--yes")
    desk.ok(*SCREEN)
    return desk


def test_it_tells_the_whole_session_in_words(desk):
    assert desk.run(*DEMO).code is Exit.OK
    for words in (
        "Gentle lumbar for demo",
        "1:30 minutes on the Reference roller chair, strength",
        "The whole program would take 8 minutes.",
        "nothing has moved",
        "A L4-S1, lower back, just above the pelvis",
        "gentle first contact",
        "rising slowly",
        "The neck. This needs a written clearance",
        "Pain, strength, anything new",
    ):
        assert words in desk.out, words
    assert desk.err == ""


def test_json_is_one_object_whose_keys_stay(desk):
    assert desk.run(*DEMO, "--json").code is Exit.OK
    (line,) = desk.out.splitlines()
    told = json.loads(line)
    assert told["event"] == "preview"
    assert set(told) == {
        "event",
        "program",
        "title",
        "person",
        "device",
        "levels",
        "highest",
        "unmeasured",
        "program_seconds",
        "today_seconds",
        "session_seconds",
        "visits",
        "clamps",
        "warm",
        "closed",
        "questions",
        "left_out",
        "timeline",
        "ending",
        "text",
    }
    assert (told["program_seconds"], told["session_seconds"], told["ending"]) == (480, 90, "finished")
    assert {clamp["source"] for clamp in told["clamps"]} >= {"first-contact", "ramp", "cool-down"}
    assert all(clamp["text"] for clamp in told["clamps"])
    assert told["timeline"][0]["patches"][0].keys() == {"actuator", "level", "place_ppm", "lateral_mm"}


def test_the_picture_is_written_and_said_to_be(desk, tmp_path):
    file = tmp_path / "back.svg"
    assert desk.run(*DEMO, "--svg", file).code is Exit.OK
    assert ET.parse(file).getroot().get("role") == "img"  # noqa: S314 - our own file
    assert desk.err == f"{file} holds the picture.\n"


@pytest.mark.parametrize(
    ("place", "why"), [(".", "Is a directory"), ("no/such/folder.svg", "No such file or directory")]
)
def test_a_place_where_no_picture_can_be_is_told(desk, tmp_path, place, why):
    assert desk.run(*DEMO, "--svg", tmp_path / place).code is Exit.ERROR
    assert f"The picture cannot be written to {tmp_path / place}: {why}." in desk.err
    assert desk.out == ""


def test_a_session_that_would_not_start_is_refused_like_one_that_was_asked_for(desk, tmp_path):
    answers = desk.file("ill.yaml", "kind: answers\nbefore: {fever: yes}\n")
    file = tmp_path / "back.svg"
    assert desk.run(*DEMO, "--answers", answers, "--svg", file).code is Exit.REFUSED
    assert desk.out.startswith("It would not start. ")
    assert not file.exists()
    assert desk.run(*DEMO, "--answers", answers, "--json").code is Exit.REFUSED
    told = json.loads(desk.out)
    assert told["event"] == "refused"
    assert told["reason"] in set(Reason)
    assert told["exit"] == Exit.REFUSED


def test_a_warning_sign_in_an_explanation_locks_nobody_out(anna):
    answers = anna.file("flag.yaml", "kind: answers\nbefore: {saddle: yes}\n")
    words = ("explain", "gentle-lumbar", "--person", "anna", "--seconds", 60)
    assert anna.run(*words, "--answers", answers).code is Exit.REFUSED
    assert "emergency" in anna.out + anna.err
    assert anna.run(*words).code is Exit.OK


def test_a_person_on_record_is_explained_with_their_own_places(anna):
    words = ("explain", "gentle-lumbar", "--person", "anna", "--device", "chair", "--seconds", 60, "--json")
    assert anna.run(*words).code is Exit.OK
    before = json.loads(anna.out)
    assert anna.run(*KEEP_OUT, "--left-mm", -200, "--right-mm", -90, "--yes").code is Exit.OK
    assert anna.run(*words).code is Exit.OK
    after = json.loads(anna.out)
    assert [one["name"] for one in after["closed"] if one not in before["closed"]] == ["scar"]
    assert before["session_seconds"] == 60


def test_it_keeps_nothing_and_uses_nothing_up(anna):
    words = ("explain", "gentle-lumbar", "--person", "anna", "--seconds", 60, "--json")
    assert anna.run(*words).code is Exit.OK
    first = anna.out
    shown = anna.shown()
    assert anna.run(*words).code is Exit.OK
    assert anna.out == first
    assert anna.shown() == shown


@pytest.mark.parametrize(
    ("words", "known"),
    [
        (("explain", "nosuch", "--person", "demo"), "gentle-lumbar"),
        (("explain", "gentle-lumbar", "--person", "demo", "--device", "nosuch"), "chair"),
        (("explain", "gentle-lumbar", "--person", "nobody"), "nobody"),
    ],
)
def test_a_name_that_is_not_known_is_told_with_those_that_are(desk, words, known):
    assert desk.run(*words).code is Exit.USAGE
    assert known in desk.err


def test_without_a_device_it_is_the_only_one_that_fits(desk):
    assert desk.run("explain", "gentle-lumbar", "--person", "demo", "--seconds", 20).code is Exit.OK
    assert "on the Reference roller chair" in desk.out
