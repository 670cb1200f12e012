"""Memory as users meet it: the store fails, is killed, restored or talked round, and gives nothing back."""

import shutil
import signal
import sqlite3
import time
from contextlib import closing

import pytest

from blackbox_rig import guardian_of, kill
from serve_rig import Api, add_people, chairs, say_how_it_went, served

# docs/architecture.md 4 and 6: a report is written each second, half a second after it was made, a store
# may keep one waiting for 2 s, a stop takes 0.7 s.
GONE_S = 1.0 + 0.5 + 0.7
SILENT_S = 1.0 + 0.5 + 2.0 + 0.7
# What a busy machine adds to either.
NOISE_S = 1.0


class Session:
    """anna, on a chair, pressing."""

    def __init__(self, room):
        self.room = room
        self.place, (self.trace,) = chairs(room, count=1)
        add_people(room, "anna")
        self.store = room.folder / "state" / "massager" / "massager.db"
        self.backup = room.folder / "backup"
        shutil.copytree(self.store.parent, self.backup)
        self.program = self.run()
        self.trace.wait_level(1, alive=self.alive)

    def run(self, *options):
        words = ("--person", "anna", "--radio", self.place, "--yes")
        return self.room.massager("run", "gentle-lumbar", *words, *options)

    def again(self):
        program = self.run()
        program.wait()
        return program

    def alive(self):
        assert self.program.runs, self.program.said


def lose_the_file(room):
    session = Session(room)
    gone = time.time()
    session.store.rename(session.store.with_suffix(".away"))
    session.program.wait()
    return session, gone


@pytest.mark.ahead(begin=lose_the_file)
def test_a_store_that_is_moved_away_stops_the_session_and_nothing_begins_without_it(begun):
    session, gone = begun
    assert session.program.wait() == 6
    assert "moved away while in use" in session.program.said
    assert session.trace.rest_after(gone) <= GONE_S + NOISE_S
    again = session.again()
    assert again.wait() == 1
    assert "is gone" in again.said
    session.store.with_suffix(".away").rename(session.store)
    assert session.again().wait() == 5
    say_how_it_went(session.room, "anna")
    back = session.again()
    assert back.wait() == 5
    assert "The back rests after a session" in back.said
    session.trace.assert_limits()


def lock_the_file(room):
    session = Session(room)
    other = sqlite3.connect(session.store, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    locked = time.time()
    session.program.wait()
    while_locked = session.again()
    other.rollback()
    other.close()
    return session, locked, while_locked


@pytest.mark.ahead(begin=lock_the_file)
def test_a_store_that_another_program_holds_stops_the_session(begun):
    session, locked, while_locked = begun
    assert session.program.wait() == 6
    assert session.trace.rest_after(locked) <= SILENT_S + NOISE_S
    assert while_locked.wait() == 1
    assert "another program is writing to it" in while_locked.said
    assert session.again().wait() == 5
    session.trace.assert_limits()


def stop_while_locked(room):
    session = Session(room)
    core = Api(room, session.program)
    with closing(sqlite3.connect(session.store, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        asked = time.time()
        answer = core.ask("POST", "/stop")
        other.rollback()
    session.program.wait()
    return session, asked, answer


@pytest.mark.ahead(begin=stop_while_locked)
def test_a_stop_does_not_wait_for_the_store(begun):
    session, asked, (status, told) = begun
    assert status == 200, told
    assert session.trace.rest_after(asked) <= 0.7 + NOISE_S
    session.trace.assert_limits()


def kill_all(room):
    session = Session(room)
    guardian = guardian_of(session.program.pid)
    kill(session.program.pid)
    kill(guardian)
    killed = time.time()
    session.trace.rest_after(killed)
    return session, [
        room.finished(*words.split()) for words in ("log --verify", "log replay", "person show anna")
    ]


@pytest.mark.ahead(begin=kill_all)
def test_killed_outright_it_keeps_its_debit_its_chain_and_resumes_nothing(begun):
    session, (verified, replayed, shown) = begun
    assert verified.wait() == 0, verified.said
    assert "are as they were written" in verified.said
    assert replayed.wait() == 0, replayed.said
    assert "decisions made again" in replayed.said
    assert "The back rests after a session. Wait before the next one. (48 hours)" in shown.said
    last = session.trace.last_active
    asked = session.again()
    assert asked.wait() == 5
    assert "First say how it went after the last session" in asked.said
    say_how_it_went(session.room, "anna")
    again = session.again()
    assert again.wait() == 5
    assert "48 hours" in again.said
    assert session.trace.last_active == last
    session.trace.assert_limits()


def restore_a_backup(room):
    secret = room.folder / "secret"
    secret.write_text("a horse of another colour")
    secret.chmod(0o600)
    room.finished("caregiver", "add", "carla", "--new-passphrase-file", secret)
    session = Session(room)
    stopping = room.finished("stop")
    session.program.wait()
    shutil.rmtree(session.store.parent)
    shutil.copytree(session.backup, session.store.parent)
    refused = session.again()
    accepted = room.finished("caregiver", "accept-backup", "--passphrase-file", secret, "--yes")
    return session, stopping, refused, accepted


@pytest.mark.ahead(begin=restore_a_backup)
def test_an_older_backup_that_is_put_back_starts_nothing_and_once_accepted_locks_out(begun):
    session, stopping, refused, accepted = begun
    assert stopping.wait() == 0
    assert refused.wait() == 1
    assert "An older backup of the store was restored" in refused.said
    assert accepted.wait() == 0, accepted.said
    again = session.again()
    assert again.wait() == 5
    assert "locked out until a caregiver clears it" in again.said
    session.trace.assert_limits()


def follow(room):
    add_people(room, "anna")
    following = room.massager("log", "--follow")
    following.wait_said("anna person-added")
    room.finished("lockout", "set", "anna", "--note", "a bruise")
    following.wait_said("a bruise")
    following.send(signal.SIGINT)
    return following


@pytest.mark.ahead(begin=follow)
def test_who_follows_the_log_sees_what_comes_until_ctrl_c(begun):
    assert begun.wait() == 130
    assert "Traceback" not in begun.said


def serve_and_lose_the_file(room):
    core = served(room, pressing=(0, 1))
    store = room.folder / "state" / "massager" / "massager.db"
    gone = time.time()
    store.rename(store.with_suffix(".away"))
    core.program.wait()
    return core, gone


@pytest.mark.ahead(begin=serve_and_lose_the_file)
def test_a_core_whose_store_is_lost_stops_all_its_chairs_and_ends_so_that_another_may_begin(begun):
    core, gone = begun
    assert core.program.wait() == 1, core.program.said
    assert "this core ends, and the next one opens it anew" in core.program.said
    assert [trace.rest_after(gone) <= GONE_S + NOISE_S for trace in core.traces] == [True, True]
    core.assert_limits()
