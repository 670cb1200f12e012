"""Ten thousand payloads that nobody means well, on every command topic: no limit gives, the bridge stands."""

import json
import sys
import tempfile
import time
from pathlib import Path

import pytest

from blackbox_rig import Room
from massager.mqtt.commands import Heat, Level, Unfit, read
from massager.mqtt.ids import device_id
from massager.mqtt.topics import Order
from mosquitto_server import mosquitto
from mqtt_rig import ear
from odd_payloads import LONGEST, odd_payloads
from serve_rig import ADDRESSES, Api, chairs

COUNT = 10_000
SEED = 20261122
# As many as a bridge hears at once, less the one that asks whether it still does.
AT_ONCE = 90
FINE = {"pain": 2, "comfort": "fine", "feeling": "none"}

# A busy machine takes longer for the payloads than a session lasts; then it is the next one's turn.
PEOPLE = ("anna", "ben", "cleo", "dora", "emil", "fritz")

_ADD_PEOPLE = f"""\
from dataclasses import replace

from massager.app.moments import moment
from massager.app.store_place import data_place, open_store
from massager.model.history import By, Role
from massager.store import People, demo_person

with open_store(data_place(None)) as store:
    for name in {PEOPLE!r}:
        person = replace(demo_person(), name=name, remote=True)
        People(store).add(person, by=By("test", Role.CAREGIVER), now=moment())
"""


@pytest.mark.parametrize("order", Order)
def test_what_is_read_as_a_command_is_one_within_its_range_and_all_else_is_refused_in_words(order):
    unfit = 0
    for payload in odd_payloads(order, COUNT, SEED):
        found = read(order, payload)
        if isinstance(found, Unfit):
            unfit += 1
            assert found.why
        elif isinstance(found, Level):
            assert type(found.level) is int
            assert 0 <= found.level <= 100
        elif isinstance(found, Heat):
            assert found.heat in {"ON", "OFF"}
    assert unfit > COUNT // 2
    assert isinstance(read(order, b" " * (LONGEST + 1)), Unfit)


@pytest.fixture
def room():
    with tempfile.TemporaryDirectory(prefix="mo-") as folder:
        one = Room(Path(folder))
        yield one
        one.close()


def batches(order):
    """All payloads for a command, so many at once."""
    found = odd_payloads(order, COUNT, SEED)
    return [found[first : first + AT_ONCE] for first in range(0, COUNT, AT_ONCE)]


class Home:
    """A chair in session at a broker, with somebody for whom remote control is switched on.

    Attributes:
        numbers: Of the sessions, the one that runs last.
    """

    def __init__(self, room, broker):
        self.room, self._asked = room, 0
        place, (self.trace,) = chairs(room, 1)
        added = room.start(sys.executable, "-c", _ADD_PEOPLE)
        assert added.wait() == 0, added.said
        pairing = room.finished("pair", ADDRESSES[0], "--name", "left", "--radio", place)
        assert pairing.wait() == 0, pairing.said
        self.id = device_id(f"{ADDRESSES[0]} on {place}")
        self.core = room.massager("serve", "--radio", place, "--mqtt", broker.url)
        self.core.wait_said("ready")
        self.api = Api(room, self.core)
        self._people, self.numbers = iter(PEOPLE), []
        self.begin()

    def begin(self):
        """The next person's session, until it presses."""
        begun_s = time.time()
        status, state = self.api.start_settled(next(self._people), "left")
        assert status == 201, state
        self.numbers.append(state["number"])
        self.trace.wait_level(1, after=begun_s)

    def tend(self):
        """What the person does meanwhile: go on after a pause, and answer. After the end another begins."""
        here = f"/api/v1/sessions/{self.numbers[-1]}"
        state = self.api.ask("GET", here)[1]
        if state["over"]:
            assert state["reason"] == "finished", json.dumps(state)
            self.begin()
            return state
        if state["stage"] == "paused":
            self.api.ask("POST", f"{here}/resume")
        for prompt in state["prompts"]:
            if prompt["zone"] is None:
                self.api.ask("POST", f"{here}/answer", FINE)
            else:
                self.api.ask("POST", f"{here}/zone", {"zone": prompt["zone"], "yes": True})
        return state

    async def until_answered(self, someone):
        """The bridge has been through all that was sent before."""
        self._asked += 1
        name = f"sure-{self._asked}"
        await someone.command(self.id, "program", json.dumps({"program": "gentle-lumbar", "id": name}))
        await someone.until(lambda: any(one["id"] == name for one in someone.results(self.id)))
        someone.heard.clear()
        assert self.core.runs, self.core.said


async def test_ten_thousand_payloads_a_command_move_nothing_beyond_a_limit_nor_end_the_bridge(room):
    with mosquitto(room.folder) as broker:
        home = Home(room, broker)
        async with ear(broker.port, "massager/v1/#") as someone:
            await someone.until_heard("massager/v1/bridge/status", "online")
            await someone.until(lambda: someone.of(f"massager/v1/{home.id}/state"))
            pressed = 0
            for order in ("program", "heat", "start", "level", "pause"):
                for some in batches(order):
                    for payload in some:
                        await someone.command(home.id, order, payload)
                    await home.until_answered(someone)
                    pressed += bool(home.tend()["reported"])
            assert pressed > 100, "it was in session meanwhile"
            for some in batches("stop"):
                for payload in some:
                    await someone.command(home.id, "stop", payload)
                await home.until_answered(someone)
            home.api.wait(home.numbers[-1], lambda state: state["over"], "its end")
            sessions = home.api.sessions()
            assert all(session["confirmed"] for session in sessions)
            assert [session["number"] for session in sessions] == home.numbers, "nothing else started"
        home.trace.assert_limits()
        changed = room.finished("log")
        assert "person-change" not in changed.said
        assert "Traceback" not in home.core.said
        assert "failed" not in home.core.said
        assert "could not be dealt with" not in home.core.said
