"""`massager answer` where nobody is in session: a warning is not lost, and nothing else is taken for one."""

import socket

import pytest

from massager.cli.exits import Exit
from massager.model.questions import Feeling

CAUSES = {
    "tingling": "limb-symptom",
    "bladder-bowel-saddle": "red-flag-spine",
    "stroke-signs": "red-flag-stroke",
    "other": "unclear-symptom",
}


def causes(staffed):
    return {lockout["cause"] for lockout in staffed.shown()["lockouts"]}


@pytest.mark.parametrize("feeling", CAUSES)
def test_a_warning_locks_out_although_no_session_runs(staffed, feeling):
    assert staffed.run("answer", "anna", "--feeling", feeling).code is Exit.REFUSED
    assert "anna is locked out." in staffed.out
    assert causes(staffed) == {CAUSES[feeling], "worse-afterwards"}


@pytest.mark.parametrize("words", [("--pain", 9), ("--comfort", "too-strong"), ("--feeling", "none")])
def test_what_is_no_warning_says_how_to_answer_afterwards_and_locks_nobody_out(staffed, words):
    assert staffed.run("answer", "anna", *words).code is Exit.USAGE
    assert "anna is not in session here" in staffed.err
    assert causes(staffed) == set()


@pytest.mark.parametrize("feeling", [feeling for feeling in Feeling if feeling is not Feeling.NONE])
def test_a_feeling_afterwards_locks_out_though_nothing_is_worse(staffed, feeling):
    said = ("--pain", 0, "--worse", "no", "--feeling", feeling)
    assert staffed.run("answer", "anna", *said).code is Exit.OK
    assert "anna is locked out." in staffed.out
    assert len(causes(staffed)) == 1


def test_a_core_that_does_not_answer_is_told_and_a_warning_locks_out_all_the_same(staffed, tmp_path):
    folder = tmp_path / "run" / "massager"
    for each in (folder.parent, folder):
        each.mkdir(mode=0o700)
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(folder / "core-1.sock"))
        silent.listen()
        assert staffed.run("answer", "anna", "--pain", 2).code is Exit.NO_CORE
        assert "massager stop" in staffed.err
        assert staffed.run("answer", "anna", "--feeling", "chest").code is Exit.NO_CORE
        assert "massager stop" in staffed.err
    assert causes(staffed) == {"red-flag-chest", "worse-afterwards"}
