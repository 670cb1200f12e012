"""The commands about people: what they write, what they refuse, and with which code."""

import json
import stat

import pytest
import typer

from massager.app.moments import moment
from massager.catalog.people import load_person
from massager.catalog.person_words import second_text
from massager.cli import app, signing
from massager.cli.exits import Exit
from massager.cli.lockouts import lockout_words
from massager.model.history import Authority, LockCause, Lockout
from people_desk import KEEP_OUT, MEASURE, PERSON, RECORD, SCREEN
from people_rig import hold_session


def leaves(group, *words):
    """Every command below a group, by its words."""
    for name, command in getattr(group, "commands", {}).items():
        yield from leaves(command, *words, name)
    if not hasattr(group, "commands"):
        yield words


OURS = {"person", "caregiver", "clearance", "lockout", "answer"}


@pytest.mark.parametrize(
    "words", [words for words in leaves(typer.main.get_command(app)) if words[0] in OURS], ids=" ".join
)
def test_every_command_explains_itself(desk, words):
    assert desk.run(*words, "--help").code is Exit.OK
    assert "Usage: massager " + " ".join(words) in " ".join(desk.out.split())
    assert desk.err == ""


def test_an_empty_store_says_where_to_begin(desk):
    assert desk.run("person", "list").code is Exit.OK
    assert "person add NAME" in desk.err
    assert desk.run("caregiver", "list").code is Exit.OK
    assert "caregiver add NAME" in desk.err
    assert desk.run(*PERSON).code is Exit.AUTH
    assert "there is none yet. Begin with: massager caregiver add NAME" in desk.err


def test_a_person_is_set_up_and_may_start(staffed):
    staffed.ok(*MEASURE, "--error-mm", 10, "--yes")
    assert {one["refused"] for one in staffed.shown()["starts"]} == {"not-screened"}
    staffed.ok(*SCREEN)
    shown = staffed.shown()
    assert shown["calibrations"] == {"chair": {"c7_mm": 40, "psis_mm": 549, "error_mm": 10}}
    assert shown["week_minutes"] == 45
    assert {"gentle-lumbar", "paraspinal-sweep"} <= {
        one["program"] for one in shown["starts"] if one["session_seconds"]
    }
    staffed.run("person", "show", "anna")
    assert "gentle-lumbar on chair: may start now" in staffed.out


def test_what_is_still_missing_is_said_when_a_person_is_added(desk):
    desk.run("caregiver", "add", "carla", "--new-passphrase-file", desk.passphrase)
    desk.ok("person", "add", "bert")
    for missing in ("provider consulted", "stenosis", "screened", "measured on"):
        assert any(missing in line and "nothing starts" in line for line in desk.out.splitlines())


def test_anyone_tightens_and_loosening_asks_for_the_passphrase(staffed):
    set_ = ("person", "set", "anna", "--why", "sore", "--yes")
    assert staffed.run(*set_, "--minutes", 5, "--max", "L1-L3=20", "--hours", "09:00-20:30").code is Exit.OK
    assert "minutes: no limit of the caregiver -> 5 at most" in staffed.err
    assert staffed.run(*set_, "--minutes", 6).code is Exit.AUTH
    assert "nobody to ask" in staffed.err
    assert staffed.shown()["session_minutes"] == 5
    staffed.ok(*set_, "--minutes", 6, "--max", "L1-L3=none", "--any-time")
    shown = staffed.shown()
    assert (shown["session_minutes"], shown["max_strength_percent"], shown["hours"]) == (6, {}, None)


def test_every_setting_is_set_and_unset(staffed):
    set_ = ("person", "set", "anna", "--why", "x", "--yes")
    staffed.ok(
        *set_, "--region", "thoracic=moderate", "--not-attested", "--born-unknown", "--modifier", "diabetes",
        "--program", "gentle-lumbar", "--minutes", 7,
    )  # fmt: skip
    shown = staffed.shown()
    assert shown["conditions"] == {"lumbar": "mild", "thoracic": "moderate"}
    assert (shown["attested"], shown["born"], shown["modifiers"]) == (False, None, ["diabetes"])
    assert (shown["programs"], shown["session_minutes"]) == (["gentle-lumbar"], 7)
    staffed.ok(
        *set_, "--region", "thoracic=none", "--attested", "--born", 1955, "--no-modifier", "diabetes",
        "--all-programs", "--any-minutes",
    )  # fmt: skip
    shown = staffed.shown()
    assert shown["conditions"] == {"lumbar": "mild"}
    assert (shown["attested"], shown["born"], shown["modifiers"]) == (True, 1955, [])
    assert (shown["programs"], shown["session_minutes"]) == (None, None)


def test_a_change_that_changes_nothing_says_so(staffed):
    assert staffed.run("person", "set", "anna", "--born", 1980, "--why", "x").code is Exit.OK
    assert "changes nothing about anna" in staffed.err


def test_a_change_is_not_made_without_somebody_who_agrees(staffed):
    assert staffed.run("person", "set", "anna", "--minutes", 5, "--why", "x").code is Exit.USAGE
    assert "confirm with --yes" in staffed.err
    assert staffed.shown()["session_minutes"] is None


def test_a_keep_out_is_added_by_anyone_and_removed_by_a_caregiver(staffed):
    assert staffed.run(*KEEP_OUT, "--left-mm", -20, "--right-mm", 60, "--yes").code is Exit.OK
    remove = ("person", "keep-out", "remove", "anna", "--name", "scar", "--why", "healed", "--yes")
    assert staffed.run(*remove).code is Exit.AUTH
    assert len(staffed.shown()["keep_outs"]) == 1
    staffed.ok(*remove)
    assert staffed.shown()["keep_outs"] == []


def test_a_clearance_is_recorded_and_listed(staffed):
    code = ("--code", "B", "--given", "2026-11-01", "--expires", "2027-05-01")
    assert staffed.run(*RECORD, *code).code is Exit.AUTH
    staffed.ok(*RECORD, *code)
    staffed.run("clearance", "list", "anna", "--json")
    listed = json.loads(staffed.out)
    assert listed["provider"] == "Dr Ames"
    assert (listed["given"], listed["expires"]) == ("2026-11-01", "2027-05-01")
    staffed.run("clearance", "list", "anna")
    assert "B for lumbar roller by Dr Ames" in staffed.out


def test_a_lockout_bars_until_a_caregiver_clears_it(staffed):
    assert staffed.run("lockout", "set", "anna", "--note", "a bruise").code is Exit.OK
    staffed.run("lockout", "list", "--json")
    number = json.loads(staffed.out)["number"]
    staffed.run("lockout", "list", "anna")
    assert "a bruise" in staffed.out
    clear = ("lockout", "clear", "anna", number, "--why", "gone")
    assert staffed.run(*clear).code is Exit.AUTH
    staffed.ok(*clear)
    assert staffed.run("lockout", "list").out == ""
    assert "nobody is locked out" in staffed.err


@pytest.mark.parametrize("cause", LockCause)
@pytest.mark.parametrize("authority", Authority)
def test_every_lockout_has_words(cause, authority):
    words = lockout_words(Lockout(3, cause, authority, 0, 3600, ""))
    assert words.startswith("3: ")
    assert "caregiver" in words


def test_an_answer_of_worse_locks_out_and_says_whom_to_see(staffed):
    assert (
        staffed.run("answer", "anna", "--pain", 6, "--worse", "not-sure", "--feeling", "none").code is Exit.OK
    )
    assert "See your healthcare provider" in staffed.out
    assert "call your emergency number" in staffed.out
    number = staffed.shown()["lockouts"][0]["number"]
    clear = ("lockout", "clear", "anna", number, "--why", "seen")
    assert staffed.signed(*clear).code is Exit.REFUSED
    assert "Name the provider" in staffed.err
    assert staffed.signed(*clear, "--provider", "Dr Ames").code is Exit.REFUSED
    assert "cannot be cleared before" in staffed.err


def test_a_due_question_is_answered(staffed, clock, monkeypatch):
    clock.wall_s = moment().wall_s
    with signing.open_store(signing.data_place(None)) as store:
        hold_session(store, clock)
    assert not staffed.shown()["follow_ups"][0]["is_due"]
    assert staffed.run("answer", "anna", "--pain", 2, "--worse", "no", "--feeling", "none").code is Exit.USAGE
    assert "The next one is due at" in staffed.err
    clock.wall_s += 24 * 3600
    monkeypatch.setattr(signing, "moment", clock)
    assert staffed.shown()["follow_ups"][0]["is_due"]
    staffed.run("person", "show", "anna")
    assert "due now" in staffed.out
    assert staffed.run("answer", "anna", "--pain", 2, "--worse", "no", "--feeling", "none").code is Exit.OK
    assert "Answered for 1 question" in staffed.out
    assert staffed.shown()["follow_ups"] == []


def test_what_the_past_leaves_is_shown(staffed, clock, monkeypatch):
    staffed.ok(*MEASURE, "--error-mm", 10, "--yes")
    staffed.ok(*SCREEN)
    clock.wall_s = moment().wall_s
    with signing.open_store(signing.data_place(None)) as store:
        hold_session(store, clock, seconds=240, follow_up_s=())
    monkeypatch.setattr(signing, "moment", clock)
    shown = staffed.shown()
    assert shown["week_used_seconds"] == 240
    start = next(one for one in shown["starts"] if one["program"] == "gentle-lumbar")
    assert start["refused"] == "cool-down-hours"
    assert start["from"] == second_text(clock.wall_s + 48 * 3600)
    staffed.run("person", "show", "anna")
    assert "seven days: 41 of 45 minutes left" in staffed.out


# Files.


def test_an_exported_person_is_for_the_owner_alone_and_comes_back_elsewhere(staffed):
    file = staffed.folder / "anna.yaml"
    staffed.ok(*MEASURE, "--yes")
    assert staffed.run("person", "export", "anna", "--output", file).code is Exit.OK
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert staffed.run("person", "export", "anna", "--output", file).code is Exit.USAGE
    assert "nothing is overwritten" in staffed.err
    staffed.run("person", "export", "anna")
    assert staffed.out == file.read_text()
    assert load_person(file)[0].name == "anna"
    assert staffed.signed("person", "import", file).code is Exit.REFUSED
    assert "already" in staffed.err
    other = ("--data", staffed.folder / "other")
    staffed.run("caregiver", "add", "dora", "--new-passphrase-file", staffed.passphrase, *other)
    assert staffed.run("person", "import", file, *other).code is Exit.AUTH
    staffed.ok("person", "import", file, *other)
    assert staffed.run("person", "export", "anna", *other).out == file.read_text()


def test_a_wrong_file_is_refused_with_its_places_before_anybody_signs_in(staffed):
    file = staffed.file("bert.yaml", "kind: person\nname: bert\natested: true\nconditions: {}\n")
    assert staffed.run("person", "import", file).code is Exit.INVALID
    assert f"{file}:3:1: atested: this key is not known. Did you mean 'attested'?" in staffed.err


def test_forgetting_takes_everything_out(staffed):
    assert staffed.run("person", "forget", "anna").code is Exit.USAGE
    assert staffed.run("person", "forget", "anna", "--yes").code is Exit.AUTH
    staffed.ok("person", "forget", "anna", "--yes")
    assert staffed.run("person", "list", "--json").out == ""


# Caregivers.


def test_whoever_lives_alone_is_told_that_the_journal_says_so(desk):
    desk.run("caregiver", "add", "anna", "--alone", "--new-passphrase-file", desk.passphrase)
    assert desk.code is Exit.OK
    assert "journal says that the person whose limits it guards holds the passphrase" in desk.out


def test_with_two_caregivers_one_is_named_and_may_revoke_the_other(staffed):
    second = staffed.file("second", "another good passphrase")
    add = ("caregiver", "add", "dora", "--new-passphrase-file", second)
    assert staffed.run(*add).code is Exit.AUTH
    staffed.ok(*add)
    assert staffed.signed("person", "add", "bert").code is Exit.USAGE
    assert "Say --caregiver NAME. Caregivers on record: carla, dora." in staffed.err
    revoke = ("caregiver", "revoke", "carla", "--caregiver", "dora", "--yes")
    assert staffed.signed(*revoke).code is Exit.AUTH
    assert staffed.run(*revoke, "--passphrase-file", second).code is Exit.OK
    assert [json.loads(line) for line in staffed.run("caregiver", "list", "--json").out.splitlines()] == [
        {"name": "dora"}
    ]
    again = ("caregiver", "revoke", "dora", "--yes", "--passphrase-file", second)
    assert staffed.run(*again).code is Exit.REFUSED


def test_the_clock_is_confirmed_by_a_caregiver_who_has_seen_it(staffed):
    assert staffed.run("caregiver", "confirm-time").code is Exit.USAGE
    assert staffed.run("caregiver", "confirm-time", "--yes").code is Exit.AUTH
    staffed.ok("caregiver", "confirm-time", "--yes")


def test_a_restored_backup_is_accepted_by_a_caregiver_and_locks_everybody_out(staffed):
    database = staffed.folder / "state" / "massager" / "massager.db"
    backup = database.read_bytes()
    staffed.run("lockout", "set", "anna", "--note", "a bruise")
    for leftover in database.parent.glob("massager.db-*"):
        leftover.unlink()
    database.write_bytes(backup)
    assert staffed.run("person", "list").code is Exit.ERROR
    assert "massager caregiver accept-backup" in staffed.err
    assert staffed.run("caregiver", "accept-backup", "--yes").code is Exit.AUTH
    staffed.ok("caregiver", "accept-backup", "--yes")
    assert [one["cause"] for one in staffed.shown()["lockouts"]] == ["old-backup"]


def test_three_wrong_passphrases_make_the_right_one_wait(staffed):
    wrong = staffed.file("wrong", "not the passphrase")
    for _ in range(3):
        assert staffed.run("person", "add", "bert", "--passphrase-file", wrong).code is Exit.AUTH
    assert staffed.signed("person", "add", "bert").code is Exit.AUTH
    assert "Too many wrong passphrases. Wait" in staffed.err
