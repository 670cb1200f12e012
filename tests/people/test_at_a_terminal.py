"""Signing in as somebody at a keyboard: nothing of a passphrase is seen, and every answer counts."""

import pytest

from blackbox_rig import Room
from people_rig import PASSPHRASE

SIZE = (24, 100)


@pytest.fixture
def room(tmp_path):
    made = Room(tmp_path)
    yield made
    made.close()


def typed(program, *dialogue):
    """Wait for each question and type its answer; the exit code."""
    for question, answer in dialogue:
        program.wait_said(question)
        program.terminal.type(f"{answer}\n")
    return program.wait()


def test_a_caregiver_is_set_up_and_loosens_at_a_terminal(room):
    added = room.massager("caregiver", "add", "carla", terminal=SIZE)
    asked = [("New passphrase of carla", PASSPHRASE), ("The same again", PASSPHRASE)]
    assert typed(added, *asked) == 0, added.said
    person = room.massager("person", "add", "anna", "--region", "lumbar=mild", terminal=SIZE)
    assert typed(person, ("Passphrase of carla", PASSPHRASE)) == 0, person.said
    tight = room.massager("person", "set", "anna", "--minutes", 5, "--why", "sore", terminal=SIZE)
    assert typed(tight, ("Change that? [y/N]", "y")) == 0, tight.said
    assert "Passphrase" not in tight.said
    loose = room.massager("person", "set", "anna", "--any-minutes", "--why", "better", terminal=SIZE)
    dialogue = [("Loosen that? It needs a caregiver. [y/N]", "y"), ("Passphrase of carla", PASSPHRASE)]
    assert typed(loose, *dialogue) == 0, loose.said
    assert "minutes: 5 at most -> no limit of the caregiver" in loose.said
    declined = room.massager("person", "set", "anna", "--minutes", 5, "--why", "sore", terminal=SIZE)
    assert typed(declined, ("Change that? [y/N]", "")) == 2, declined.said
    assert "nothing was changed" in declined.said
    for program in (added, person, tight, loose, declined):
        assert PASSPHRASE not in program.said
        assert "Traceback" not in program.said


def test_two_new_passphrases_that_differ_add_nobody(room):
    program = room.massager("caregiver", "add", "carla", terminal=SIZE)
    asked = [("New passphrase of carla", PASSPHRASE), ("The same again", PASSPHRASE + "!")]
    assert typed(program, *asked) == 8
    assert "The two passphrases differ" in program.said
    assert room.finished("caregiver", "list").stdout.text == ""


def test_a_terminal_that_ends_its_input_signs_nobody_in(room):
    program = room.massager("caregiver", "add", "carla", terminal=SIZE)
    program.wait_said("New passphrase of carla")
    program.terminal.type("\x04")
    assert program.wait() == 8
    assert "No passphrase was given" in program.said
    assert "Traceback" not in program.said
