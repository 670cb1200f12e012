"""A session whose memory is a PostgreSQL server that hangs: the stop does not wait for it."""

import time
from dataclasses import replace

import pytest

import postgresql_server
from massager.app.moments import moment
from massager.store import People, Store, demo_person
from postgresql_server import run
from serve_rig import chairs, say_how_it_went
from store_rig import ANNA

# docs/architecture.md 4 and 6: it is asked within 1.5 s and may keep one waiting for 2 s, a stop takes 0.7 s.
SILENT_S = 1.5 + 2.0 + 0.7
# What a busy machine adds.
NOISE_S = 1.0


class Session:
    """anna, on a chair, pressing; all that is known of her is on a server of her own."""

    def __init__(self, room):
        self.server = room._leave.enter_context(postgresql_server.server())
        self.url = self.server.database()
        with Store.open(self.url) as store:
            People(store).add(replace(demo_person(), name="anna"), by=ANNA, now=moment())
        self.room = room
        self.place, (self.trace,) = chairs(room, count=1)
        self.program = self.run()
        self.trace.wait_level(1, alive=lambda: None)

    def run(self):
        words = ("--person", "anna", "--radio", self.place, "--data", self.url, "--yes")
        return self.room.massager("run", "gentle-lumbar", *words)


def freeze_the_server(room):
    if postgresql_server.missing():
        return None
    session = Session(room)
    session.server.freeze()
    frozen = time.time()
    session.program.wait()
    while_frozen = session.run()
    while_frozen.wait()
    session.server.thaw()
    run(session.url, "UPDATE controller SET seen = seen - interval '15 seconds'")
    session.run().wait()
    say_how_it_went(room, "anna", "--data", session.url)
    later = session.run()
    later.wait()
    return session, frozen, while_frozen, later


@pytest.mark.ahead(begin=freeze_the_server)
def test_a_database_that_hangs_stops_the_session_and_gives_nothing_back(begun):
    postgresql_server.require()
    session, frozen, while_frozen, later = begun
    assert session.program.wait() == 6, session.program.said
    assert session.trace.rest_after(frozen) <= SILENT_S + NOISE_S
    assert while_frozen.wait() == 1
    assert "Check that the server runs and can be reached" in while_frozen.said
    assert later.wait() == 5
    assert "The back rests after a session" in later.said
    session.trace.assert_limits()
