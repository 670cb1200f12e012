"""A massage that somebody asks for over MQTT: a caregiver allows it, and only the person there starts it."""

import json
import re

import pytest

from blackbox_rig import until
from browser_rig import Screens, answer, opened, until_running
from massager.mqtt.ids import device_id
from mosquitto_server import mosquitto
from serve_rig import ADDRESSES, add_people, chairs


@pytest.fixture
def broker(room):
    with mosquitto(room.folder) as one:
        yield one


class Home:
    """A paired chair, anna, cara who looks after her, a core with a page at a broker, and its answers."""

    def __init__(self, room, broker):
        self.room, self.broker = room, broker
        place, (self.trace,) = chairs(room, 1)
        add_people(room, "anna")
        self.secret = room.folder / "passphrase"
        self.secret.touch(0o600)
        self.secret.write_text("correct horse battery\n")
        self.done("caregiver", "add", "cara", "--new-passphrase-file", self.secret)
        self.done("pair", ADDRESSES[0], "--name", "left", "--radio", place)
        self.id = device_id(f"{ADDRESSES[0]} on {place}")
        self._sub = self.tool("mosquitto_sub", "-t", f"massager/v1/{self.id}/cmd/result")
        core = room.massager("serve", "--radio", place, "--web", "127.0.0.1:0", "--mqtt", broker.url)
        core.wait_said("page at ")
        self.url = re.search(r"page at (\S+)", core.said)[1]
        # For two seconds after it has come to the broker nothing but a stop is obeyed.
        until(lambda: self.asked("program", "gentle-lumbar")["accepted"], lambda: core.said)

    def done(self, *words):
        program = self.room.finished(*words)
        assert program.wait() == 0, program.said

    def tool(self, name, *words):
        where = ("-h", "127.0.0.1", "-p", str(self.broker.port), "-V", "5", "-q", "1")
        return self.room.start(name, *where, *words)

    def asked(self, order, payload):
        """A command, and its answer."""
        before = len(self._sub.stdout.text.splitlines())

        def answered():
            found = self._sub.stdout.text.splitlines()[before:]
            return found and json.loads(found[0])

        # One that comes before anybody listens is lost: it is said again.
        for _ in range(30):
            topic = f"massager/v1/{self.id}/cmd/{order}"
            assert self.tool("mosquitto_pub", "-t", topic, "-m", payload).wait() == 0
            try:
                return until(answered, lambda: f"an answer to {order}", 2)
            except AssertionError:
                continue
        raise AssertionError(f"nobody answers {order}")


def test_what_is_asked_for_comes_to_a_waiting_page_and_starts_by_its_start_button_alone(
    room, browser, broker
):
    home = Home(room, broker)
    page = opened(browser, home.url)
    refused = home.asked("start", "START")
    assert refused["accepted"] is False
    assert "Remote control is not switched on" in refused["reason"]
    room_said = room.finished("person", "set", "anna", "--remote", "--why", "lives far away", "--yes").said
    assert "caregiver" in room_said
    allowed = ("--remote", "--why", "lives far away", "--yes", "--passphrase-file", home.secret)
    home.done("person", "set", "anna", *allowed)
    waits = home.asked("start", "START")
    assert (waits["accepted"], waits["applied"]) == (True, "waits")
    screens = Screens(page)
    page.get_by_role("link", name="Somebody asks anna: look").wait_for()
    screens.look("who, and somebody asks")
    page.get_by_role("link", name="Somebody asks anna: look").click()
    page.get_by_role("button", name="Look at it").wait_for()
    screens.look("now, and somebody asks")
    assert home.trace.rows == [] or home.trace.rests
    page.get_by_role("button", name="Look at it").click()
    page.get_by_role("button", name="I sit or lie well").click()
    answer(page)
    page.get_by_role("heading", name=re.compile("^Start Gentle lumbar")).wait_for()
    assert max((row["level"] for row in home.trace.rows), default=0) == 0
    page.get_by_role("button", name="Start", exact=True).click()
    page.wait_for_url("**/sessions/*")
    until_running(page)
    home.trace.wait_level(1)
    assert home.asked("stop", "STOP")["applied"] == "at-rest"
    page.get_by_role("heading", name="The massage was stopped").wait_for()
    home.trace.assert_limits()
    assert screens.wrong == []
    assert page.complaints == []
