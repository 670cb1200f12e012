"""Somebody is asked, answers, or says nothing: what the chair does then, and what stays barred afterwards."""

import json
import signal
import time
from itertools import pairwise

import pytest

from blackbox_rig import ANSWERS, FINE, until
from serve_rig import FINE as FINE_BODY
from serve_rig import Api, add_people, chairs, served

# docs/questions.md, during a session, for a person with mild stenosis.
FIRST_S, HOLD_S, STOP_S = 60, 20, 40
# The answer comes a quarter of a second after the question, the next lease 0.1 s later; the rest is for a
# loaded machine.
PROMPTLY_S = 1.5
# Until the rollers touch, the first check-in, and nobody who answers it; the rest is for a loaded machine.
LONG_S = 240

SHORT = """\
kind: program
title: Two zones
purpose: A test.
modality: roller
severities: [mild]
steps:
  - {zone: L4-S1, zone_seconds: 40, strength_percent: 10, pace_mm_per_s: 8}
  - {zone: L1-L3, zone_seconds: 20, strength_percent: 10, pace_mm_per_s: 8}
"""


class Session:
    """anna on a chair, with a store of her own."""

    def __init__(self, room, *options, program="gentle-lumbar", yes=True, **how):
        self.room = room
        self.place, (self.trace,) = chairs(room, count=1)
        add_people(room, "anna")
        self._program = program
        confirmed = ("--yes",) if yes else ()
        self.program = self.run(*confirmed, *options, **how)

    def run(self, *options, **how):
        words = ("run", self._program, "--person", "anna", "--radio", self.place)
        return self.room.massager(*words, *options, **how)

    def wait_level(self, level=1, after=0.0):
        return self.trace.wait_level(level, after=after, alive=self.alive)

    def alive(self):
        assert self.program.runs, self.program.said

    @property
    def api(self):
        """Of the core that this program is."""
        return Api(self.room, self.program)

    def locks(self):
        """Causes of anna's open lockouts."""
        listed = self.room.finished("lockout", "list", "anna", "--json")
        return [json.loads(line)["cause"] for line in listed.stdout.text.splitlines()]

    @property
    def touched(self):
        return next(row["at"] for row in self.trace.rows if row["force_n"] > 0)

    def changes(self):
        """When the left roller took which level."""
        taken = [(row["at"], row["level"]) for row in self.trace.rows if row["actuator"] == "roller_left"]
        return [one for before, one in pairwise(taken) if one[1] != before[1]]


def answers_of(room, text):
    """A file: `text` after the fine answers before a session."""
    path = room.folder / "answers.yaml"
    path.write_text(FINE.read_text().partition("during:")[0] + text)
    return path


def find_it_too_strong(room):
    session = Session(room, answers=ANSWERS / "too-strong.yaml")
    session.program.wait_said("held lower after an answer", seconds=LONG_S)
    lowered = time.time()
    session.wait_level(1, after=lowered + 15)
    session.program.send(signal.SIGINT)
    session.program.wait()
    return session, session.room.finished("person", "show", "anna", "--json")


@pytest.mark.ahead(begin=find_it_too_strong, longest=True)
def test_too_strong_lowers_the_level_by_30_percent_at_once_and_for_good(begun):
    session, shown = begun
    assert session.program.wait() == 130, session.program.said
    assert "How is it?" in session.program.stdout.text
    changes = session.changes()
    n = next(n for n, (at, level) in enumerate(changes) if n and level < changes[n - 1][1])
    at, lowered = changes[n]
    before = changes[n - 1][1]
    assert lowered == before * 7 // 10
    assert FIRST_S - 1 <= at - session.touched <= FIRST_S + PROMPTLY_S
    assert [level for _, level in changes[n + 1 :]] == [0], "it rose again, or fell before the end"
    assert json.loads(shown.stdout.text)["strength_limits"], shown.stdout.text
    assert session.locks() == []
    session.trace.assert_limits()


def feel_a_red_flag(room):
    session = Session(room, "--json", answers=ANSWERS / "red-flag.yaml")
    session.program.wait(seconds=LONG_S)
    again = session.run("--yes")
    again.wait()
    return session, again


@pytest.mark.ahead(begin=feel_a_red_flag)
def test_a_red_flag_stops_tells_what_to_do_and_bars_the_next_start(begun):
    session, again = begun
    assert session.program.wait() == 6, session.program.said
    end = json.loads(session.program.stdout.text.splitlines()[-1])
    assert (end["event"], end["reason"], end["confirmed"]) == ("end", "red-flag-spine", True)
    assert "emergency" in end["advice"]
    assert end["advice"] in " ".join(session.program.stderr.text.split())
    pressed = [row["at"] for row in session.trace.rows if row["level"] > 0]
    # The script counts from when it first sees the rollers at work, a look before or after they touch.
    assert 39 <= pressed[-1] - pressed[0] <= 40 + PROMPTLY_S + 1
    assert session.locks() == ["red-flag-spine"]
    assert again.wait() == 5, again.said
    assert "locked out" in again.said
    assert session.trace.events.count("session_start") == 1
    session.trace.assert_limits()


def say_it_elsewhere(room):
    session = Session(room)
    session.wait_level()
    fine = room.finished("answer", "--pain", 2, "--comfort", "fine", "--feeling", "none")
    session.wait_level(1, after=fine.ended_at + 1)
    chest = room.finished("answer", "anna", "--feeling", "chest")
    session.program.wait()
    late = room.finished("answer", "anna", "--pain", 2)
    return session, fine, chest, late


@pytest.mark.ahead(begin=say_it_elsewhere)
def test_what_is_said_from_another_terminal_is_taken_and_a_warning_stops(begun):
    session, fine, chest, late = begun
    assert fine.wait() == 0, fine.said
    assert "anna on chair: taken." in fine.stdout.text
    assert chest.wait() == 6, chest.said
    assert "Chest pain" in chest.stdout.text
    assert "emergency" in chest.stderr.text
    # It stops before it says so.
    assert session.trace.rest_after(chest.ended_at) <= PROMPTLY_S
    assert session.program.wait() == 6, session.program.said
    assert session.locks() == ["red-flag-chest"]
    assert late.wait() == 2, late.said
    assert "--worse" in late.stderr.text
    session.trace.assert_limits()


def say_nothing(room):
    session = Session(room, answers=answers_of(room, ""))
    session.program.wait(seconds=LONG_S)
    return session


@pytest.mark.ahead(begin=say_nothing, longest=True)
def test_a_check_in_that_nobody_answers_halves_the_strength_then_stops_and_locks_nobody_out(begun):
    session = begun
    assert session.program.wait() == 6, session.program.said
    asked = next(line for line in session.program.stdout.text.splitlines() if "How is it?" in line)
    assert "massager answer anna --pain" in asked
    assert session.program.stdout.text.count("How is it?") == 1
    assert "a question was not answered" in session.program.stdout.text
    changes = [(at - session.touched, level) for at, level in session.changes()]
    asked_level = [level for at, level in changes if at < FIRST_S][-1]
    held = [(at, level) for at, level in changes if FIRST_S + HOLD_S - 1 <= at < FIRST_S + STOP_S - 1]
    assert held, changes
    assert held[-1][1] <= asked_level // 2
    assert held[-1][0] <= FIRST_S + HOLD_S + PROMPTLY_S
    assert FIRST_S + STOP_S - 1 <= changes[-1][0] <= FIRST_S + STOP_S + PROMPTLY_S
    assert session.locks() == []
    session.trace.assert_limits()


def ask_nobody(room):
    """Without a terminal and without a file; then with a red flag, and again with nothing wrong."""
    session = Session(room, answers=None)
    session.program.wait()
    silent = session.locks()
    flag = answers_of(room, "")
    flag.write_text(flag.read_text().replace("bladder: no", "bladder: not-sure"))
    flagged = session.run("--yes", answers=flag)
    flagged.wait()
    again = session.run("--yes")
    again.wait()
    return session, silent, flagged, again


@pytest.mark.ahead(begin=ask_nobody)
def test_what_nobody_answers_refuses_and_a_red_flag_also_locks_out(begun):
    session, silent, flagged, again = begun
    assert session.program.wait() == 5, session.program.said
    assert "16 question(s) about today are not answered" in session.program.stderr.text
    assert "Not started." in session.program.stdout.text
    assert "emergency department" not in session.program.said, "nobody named a symptom"
    assert silent == []
    assert flagged.wait() == 5, flagged.said
    assert "emergency" in flagged.stderr.text
    assert session.locks() == ["red-flag-spine"]
    assert again.wait() == 5
    assert "locked out" in again.stdout.text
    assert "session_start" not in session.trace.events


@pytest.mark.ahead(begin=lambda room: Session(room, answers=room.folder / "none.yaml"))
def test_a_file_of_answers_that_is_not_there_starts_nothing(begun):
    assert begun.program.wait() == 2, begun.program.said
    assert "none.yaml cannot be read" in begun.program.stderr.text
    assert "session_start" not in begun.trace.events


def sit_at_a_terminal(room):
    """Every question in turn, the confirmation, a check-in by keys, and how it went."""
    session = Session(room, "--max", 10, yes=False, answers=None, terminal=(24, 80))
    program = session.program
    program.terminal.type("n\n" * 12 + "\ny\n" + "2\nnone\n1\n")
    program.wait_said("Start Gentle lumbar")
    program.terminal.type("y\n")
    session.wait_level()
    until(lambda: session.api.sessions()[0]["prompts"], lambda: "a check-in", LONG_S)
    program.wait_said("for ten press 1, then 0")
    program.terminal.type("2")
    program.wait_said("n Nothing new")
    program.terminal.type("n")
    program.wait_said("x Too strong")
    program.terminal.type("f")
    until(lambda: not session.api.sessions()[0]["prompts"], lambda: "the answer")
    program.terminal.type(" ")
    program.wait_said("The device is at rest.")
    program.terminal.type("2\nn\n1\n")
    program.wait()
    return session


@pytest.mark.ahead(begin=sit_at_a_terminal, longest=True)
def test_at_a_terminal_everything_is_asked_and_answered(begun):
    assert begun.program.wait() == 0, begun.program.said
    for words in ("Can you reach the stop button", "Did the last session leave", "Is anything worse"):
        assert words in begun.program.said
    assert "Answered for 1 question(s) of anna." in begun.program.said
    assert begun.locks() == []
    begun.trace.assert_limits()


def name_a_red_flag_at_a_terminal(room):
    session = Session(room, yes=False, answers=None, terminal=(24, 80))
    session.program.terminal.type("n\nwhat\n?\n")
    session.program.wait()
    return session


@pytest.mark.ahead(begin=name_a_red_flag_at_a_terminal)
def test_a_red_flag_at_a_terminal_ends_the_questions_and_locks_out(begun):
    assert begun.program.wait() == 5, begun.program.said
    assert "Please answer with y, n, or ? for not sure." in begun.program.said
    assert "both legs" not in begun.program.said.partition("Not started")[0]
    assert "emergency" in begun.program.said
    assert begun.locks() == ["red-flag-spine"]
    assert "session_start" not in begun.trace.events


def come_to_a_zone(room, *, yes):
    """The second of two short zones; a yes has 20 s to arrive, and a no as long as it likes."""
    own = room.folder / "own" / "programs"
    own.mkdir(parents=True)
    (own / "two-zones.yaml").write_text(SHORT)
    session = Session(room, "--profiles", own.parent, program="two-zones", answers=answers_of(room, ""))
    session.program.wait_said("--zone L1-L3 --yes (or --no)")
    said = None
    if yes:
        (state,) = session.api.sessions()
        visit = {"zone": "L1-L3", "yes": True}
        status, told = session.api.ask("POST", f"/api/v1/sessions/{state['number']}/zone", visit)
        assert (status, told["prompts"]) == (200, [])
    else:
        said = room.finished("answer", "anna", "--zone", "L1-L3", "--no")
    session.program.wait()
    vertebrae = {row["pos"]["level"] for row in session.trace.rows if row["level"] > 0}
    return session, said, vertebrae & {"L1", "L2"}


@pytest.mark.ahead(begin=lambda room: come_to_a_zone(room, yes=True))
def test_a_zone_is_visited_once_somebody_agreed(begun):
    session, _, visited = begun
    assert session.program.wait() == 0, session.program.said
    assert visited
    session.trace.assert_limits()


@pytest.mark.ahead(begin=lambda room: come_to_a_zone(room, yes=False))
def test_a_zone_that_was_declined_is_left_out(begun):
    session, said, visited = begun
    assert said.wait() == 0, said.said
    assert session.program.wait() == 0, session.program.said
    assert not visited
    session.trace.assert_limits()


def speak_over_the_socket(room):
    core = served(room)
    ask = core.api.ask
    silent = core.api.start("anna", "left", answers={})
    missing = {
        name: core.api.start_settled(
            "anna", "left", answers={k: v for k, v in FINE_BODY.items() if k != name}
        )
        for name in FINE_BODY
    }
    flagged = core.api.start("ben", "right", answers=FINE_BODY | {"stroke": "not-sure"})
    started = core.api.start_settled("anna", "left")
    assert started[0] == 201, started
    session = f"/api/v1/sessions/{started[1]['number']}"
    core.wait_pressing(0)
    wrong = [
        ask("POST", f"{session}/answer", body)
        for body in ({}, {"pain": 11}, {"pain": "2"}, {"feeling": "odd"}, {"level": 3}, {"comfort": None})
    ]
    wrong += [
        ask("POST", f"{session}/zone", body)
        for body in ({}, {"zone": "L1-L3"}, {"zone": "L9", "yes": True}, {"zone": "L1-L3", "yes": "no"})
    ]
    taken = ask("POST", f"{session}/answer", {"pain": 2, "comfort": "fine", "feeling": "none"})
    zone = ask("POST", f"{session}/zone", {"zone": "L1-L3", "yes": False})
    said = time.time()
    stopped = ask("POST", f"{session}/answer", {"feeling": "weakness"})
    rest = core.traces[0].rest_after(said)
    over = core.api.wait(started[1]["number"], lambda state: state["over"], "the end")
    late = ask("POST", f"{session}/answer", {"pain": 1})
    listed = room.finished("lockout", "list", "--json")
    return core, silent, missing, flagged, started, wrong, taken, zone, stopped, rest, over, late, listed


@pytest.mark.ahead(begin=speak_over_the_socket)
def test_the_socket_takes_answers_before_and_during_and_tells_what_follows(begun):
    core, silent, missing, flagged, started, wrong, taken, zone, stopped, rest, over, late, listed = begun
    assert silent[0] == 409
    assert (silent[1]["reason"], silent[1]["advice"]) == ("red-flag-spine", None)
    assert [status for status, _ in missing.values()] == [409] * 16, missing
    assert {told["advice"] for _, told in missing.values()} == {None}
    assert (flagged[0], flagged[1]["reason"]) == (409, "red-flag-stroke")
    assert "emergency" in flagged[1]["advice"]
    assert started[0] == 201, started
    assert {(status, answer["error"]) for status, answer in wrong} == {(422, "invalid")}, wrong
    assert (taken[0], taken[1]["stage"], taken[1]["advice"]) == (200, "running", None)
    assert zone[0] == 200
    assert (stopped[0], stopped[1]["reason"]) == (200, "limb-symptom")
    assert "healthcare provider" in stopped[1]["advice"]
    assert rest <= PROMPTLY_S
    assert (over["reason"], over["confirmed"]) == ("limb-symptom", True)
    assert (late[0], late[1]["error"]) == (409, "over")
    locks = {line["person"]: line["cause"] for line in map(json.loads, listed.stdout.text.splitlines())}
    assert locks == {"anna": "limb-symptom", "ben": "red-flag-stroke"}
    core.assert_limits()
    core.alive()
