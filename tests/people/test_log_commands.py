"""`massager log`: what happened, whether it is whole, and whether it would be decided again."""

import json
import sqlite3
from contextlib import closing

import pytest

from massager.app.folders import state_folder
from massager.cli.exits import Exit
from people_desk import KEEP_OUT
from system_rig import run, stack


def test_the_log_tells_who_did_what_about_whom(staffed):
    staffed.ok(*KEEP_OUT, "--left-mm", -20, "--right-mm", 60, "--yes")
    assert staffed.run("log").code is Exit.OK
    lines = staffed.out.splitlines()
    assert [int(line.split()[0]) for line in lines] == list(range(1, len(lines) + 1))
    assert any("- caregiver-added" in line and "carla" in line for line in lines)
    assert any("anna person-added" in line for line in lines)
    assert "anna person-change" in lines[-1]
    assert staffed.run("log", "--person", "anna", "--json").code is Exit.OK
    entries = [json.loads(line) for line in staffed.out.splitlines()]
    assert {entry["record"]["person"] for entry in entries} == {"anna"}
    assert entries[-1]["record"]["facts"]["changes"]["keep_outs"]


def test_of_a_long_journal_the_last_hundred_are_shown(staffed):
    for number in range(101):
        staffed.run("lockout", "set", "anna", "--note", f"note {number}")
    assert staffed.run("log").code is Exit.OK
    assert len(staffed.out.splitlines()) == 100
    assert "note 100" in staffed.out.splitlines()[-1]
    assert "earlier entries; ask with --since, --session or --person" in staffed.err
    assert staffed.run("log", "--since", "1h").code is Exit.OK
    assert len(staffed.out.splitlines()) > 101


@pytest.mark.parametrize("since", ["1h", "90m", "7d", "2020-01-01", "2020-01-01T10:00"])
def test_a_time_is_a_span_or_a_date(staffed, since):
    assert staffed.run("log", "--since", since).code is Exit.OK
    assert staffed.out


@pytest.mark.parametrize("since", ["", "yesterday", "5", "-1h", "1w", "2026-13-01", "99999999d"])
def test_a_time_that_is_none_is_told(staffed, since):
    assert staffed.run("log", "--since", since).code is Exit.USAGE
    assert "is no time. Write 90m, 12h, 7d" in " ".join(staffed.err.split())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("log", "--person", "nobody"), "There is no person 'nobody'"),
        (("log", "--session", "0"), "'--session'"),
        (("log", "--verify", "--follow"), "leave the other options out"),
        (("log", "replay", "--person", "nobody"), "There is no person 'nobody'"),
    ],
)
def test_what_is_not_there_is_a_usage_error(staffed, words, said):
    assert staffed.run(*words).code is Exit.USAGE
    assert said in " ".join(staffed.err.replace("│", " ").split())


def test_nothing_on_record_is_said(staffed):
    assert staffed.run("log", "--session", "7").code is Exit.OK
    assert "nothing of that kind is on record" in staffed.err
    assert staffed.run("log", "replay").code is Exit.OK
    assert "no decision of that kind is on record" in staffed.err


def test_a_chain_that_was_altered_is_told_with_its_row(staffed):
    assert staffed.run("log", "--verify").code is Exit.OK
    assert "entries are as they were written" in staffed.out
    with closing(sqlite3.connect(state_folder() / "massager.db")) as raw, raw:
        raw.execute("DROP TRIGGER journal_keeps")
        raw.execute("UPDATE journal SET facts = replace(facts, 'carla', 'harry') WHERE seq = 1")
    assert staffed.run("log", "--verify").code is Exit.ERROR
    assert "the content of row 1 was altered" in staffed.err
    assert staffed.run("log", "--verify", "--json").code is Exit.ERROR
    assert json.loads(staffed.out)["first_bad"] == 1


def test_a_whole_session_is_decided_again_and_a_change_in_it_is_found(desk, tmp_path):
    async def session():
        async with stack(tmp_path / "store", seconds=30) as s:
            await s.loop.run()

    run(session())
    here = ("--data", tmp_path / "store")
    assert desk.run("log", "replay", *here).code is Exit.OK
    made = int(desk.out.split()[0])
    assert made > 4
    assert desk.out == f"{made} decisions made again, {made} as recorded.\n"
    assert desk.run("log", *here).code is Exit.OK
    assert "telemetry" not in desk.out
    assert "gentle first contact" in desk.out
    number = next(line.split("#")[1].split()[0] for line in desk.out.splitlines() if " decision" in line)
    assert desk.run("log", "--session", number, *here).code is Exit.OK
    assert "telemetry" in desk.out
    with closing(sqlite3.connect(tmp_path / "store" / "massager.db")) as raw, raw:
        raw.execute("DROP TRIGGER journal_keeps")
        raw.execute(
            """UPDATE journal SET facts = replace(facts, '"source":"first-contact"', '"source":"ramp"')"""
        )
    assert desk.run("log", "replay", "--session", number, "--json", *here).code is Exit.ERROR
    lines = [json.loads(line) for line in desk.out.splitlines()]
    assert lines[-1]["other"] == len(lines) - 1 > 0
    assert lines[0]["recorded"]["source"] == "ramp"
    assert lines[0]["again"]["source"] == "first-contact"
