"""`massager serve --mqtt` as a home has it: processes, mosquitto's own tools, a simulated chair."""

import json
import re
import signal
import subprocess
from pathlib import Path

import pytest

from blackbox_rig import until
from mosquitto_server import mosquitto
from serve_rig import ADDRESSES, Api, add_people, chairs

STATUS = "massager/v1/bridge/status"


class Home:
    """A chair, paired; a core at a broker; and somebody who follows all that is said there."""

    def __init__(self, room, *options, lines=(), scheme="mqtt", hearing=()):
        self.room, self.broker = room, room.entered(mosquitto(room.folder, lines=lines))
        self.place, (self.trace,) = chairs(room, 1)
        add_people(room, "anna")
        pairing = room.finished("pair", ADDRESSES[0], "--name", "left", "--radio", self.place)
        assert pairing.wait() == 0, pairing.said
        self._hearing = hearing
        self.ear = self.tool("mosquitto_sub", "-v", "-t", "#", "-F", "%r %t %p")
        url = f"{scheme}://127.0.0.1:{self.broker.port}"
        self.core = room.massager("serve", "--radio", self.place, "--mqtt", url, *options)
        self.core.wait_said("ready")
        self.api = Api(room, self.core)

    def tool(self, name, *words):
        """One of mosquitto's own programs."""
        where = ("-h", "127.0.0.1", "-p", str(self.broker.port), "-V", "5", *self._hearing)
        return self.room.start(name, *where, *words)

    @property
    def heard(self):
        """Retained or not, topic, text."""
        lines = [line.split(" ", 2) for line in self.ear.stdout.text.splitlines()]
        return [
            (line[0] == "1", line[1], line[2] if len(line) > 2 else "") for line in lines if len(line) > 1
        ]

    def texts(self, topic):
        return [text for _retained, at, text in self.heard if at == topic]

    def until_heard(self, topic, text):
        until(lambda: text in self.texts(topic), lambda: f"{text!r} at {topic}: {self.heard[-5:]}")

    def online(self):
        """Wait until it takes commands."""
        self.until_heard(STATUS, "online")
        until(lambda: self.ids, lambda: "a state")
        return self

    @property
    def ids(self):
        """Of the massagers that told their state."""
        found = (re.fullmatch(r"massager/v1/(mr-\w+)/state", topic) for _retained, topic, _text in self.heard)
        return {match[1] for match in found if match}

    @property
    def id(self):
        """Of the chair."""
        (only,) = self.ids
        return only

    def say(self, order, payload, *words):
        """A command, as from a shell."""
        topic = f"massager/v1/{self.id}/cmd/{order}"
        assert self.tool("mosquitto_pub", "-q", "1", "-t", topic, "-m", payload, *words).wait() == 0

    def asked(self, order, payload):
        """A command that has been answered."""
        topic = f"massager/v1/{self.id}/cmd/result"
        before = len(self.texts(topic))
        self.say(order, payload)
        until(lambda: len(self.texts(topic)) > before, lambda: f"a result: {self.core.said}")
        return json.loads(self.texts(topic)[before])

    def start(self):
        """A session that presses."""
        status, state = self.api.start("anna", "left")
        assert status == 201, state
        self.trace.wait_level(1)
        return state["number"]


def online(room, **_parameters):
    return Home(room).online()


def pressing(room):
    home = online(room)
    return home, home.start()


@pytest.mark.ahead(begin=pressing)
def test_a_killed_core_is_offline_at_the_broker_and_its_chair_at_rest(begun):
    home, _number = begun
    killed = home.core.send(signal.SIGKILL)
    home.until_heard(STATUS, "offline")
    assert home.trace.rest_after(killed) <= 1.0


@pytest.mark.ahead(begin=online)
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130), (signal.SIGHUP, 130)]
)
def test_a_core_that_is_asked_to_end_says_offline(begun, number, code):
    home = begun
    home.core.send(number)
    assert home.core.wait() == code, home.core.said
    home.until_heard(STATUS, "offline")
    assert home.texts(STATUS) == ["online", "offline"]
    assert "Traceback" not in home.core.said


@pytest.mark.ahead(begin=pressing)
def test_mosquitto_pub_lowers_pauses_and_stops_and_mosquitto_sub_shows_it(begun):
    home, number = begun
    home.trace.wait_level(2)
    lowered = home.asked("level", "7")
    assert (lowered["accepted"], lowered["applied"]) == (True, 5)
    home.trace.wait(lambda line: line.get("level") == 1, "level 1", after=home.trace.rows[-1]["at"] - 5)
    assert home.asked("pause", "PAUSE")["applied"] == "paused"
    until(lambda: home.trace.rests, lambda: "rest")
    assert home.asked("stop", "STOP")["applied"] == "at-rest"
    home.api.wait(number, lambda state: state["over"], "its end")
    until(
        lambda: json.loads(home.texts(f"massager/v1/{home.id}/state")[-1])["session"] == "stopped",
        lambda: "a state that says so",
    )

    def events():
        return [json.loads(text)["event_type"] for text in home.texts(f"massager/v1/{home.id}/event")]

    # Told once all has been settled, and so after the state.
    until(lambda: events()[-1] == "stopped_by_user", lambda: f"its end among {events()}")
    assert events()[0] == "started"
    retained = {topic for is_retained, topic, _text in home.heard if is_retained}
    assert not {topic for topic in retained if topic.endswith(("/event", "/cmd/result"))}
    home.trace.assert_limits()


@pytest.mark.ahead(begin=pressing)
def test_a_stop_over_mqtt_needs_no_more_than_the_stop_path(begun):
    home, _number = begun
    pressed_at = home.trace.rows[-1]["at"]
    asked = home.asked("stop", "STOP")
    assert asked["applied"] == "at-rest"
    # Pairing and connecting began with stops of their own.
    stop = home.trace.wait(lambda line: line.get("event") == "stop", "a stop", after=pressed_at)
    assert home.trace.rest_after(stop["at"]) <= 0.7


def _made(folder, *words):
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


def authority(folder, name):
    """An authority of one's own, and a certificate of it for this computer."""
    day = ("-days", "2", "-nodes", "-newkey", "rsa:2048")
    _made(
        folder, "req", "-x509", *day, "-keyout", f"{name}.key", "-out", f"{name}.crt", "-subj", f"/CN={name}"
    )
    _made(
        folder, "req", *day[2:], "-keyout", f"{name}-b.key", "-out", f"{name}-b.csr", "-subj", "/CN=127.0.0.1"
    )
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1\n")
    signed = (
        "-CA",
        f"{name}.crt",
        "-CAkey",
        f"{name}.key",
        "-CAcreateserial",
        "-days",
        "2",
        "-extfile",
        "names",
    )
    _made(folder, "x509", "-req", "-in", f"{name}-b.csr", "-out", f"{name}-b.crt", *signed)


def with_a_login(room):
    """By TLS, as a careful home has it."""
    authority(room.folder, "ours")
    passwords, login = room.folder / "passwords", room.folder / "login"
    passwords.write_text("massager:a secret\n")
    passwords.chmod(0o600)
    subprocess.run(["mosquitto_passwd", "-U", passwords], check=True)
    login.write_text("massager\na secret\n")
    login.chmod(0o600)
    ours = room.folder / "ours"
    lines = (
        f"certfile {ours}-b.crt",
        f"keyfile {ours}-b.key",
        "allow_anonymous false",
        f"password_file {passwords}",
    )
    hearing = ("--cafile", f"{ours}.crt", "-u", "massager", "-P", "a secret")
    options = ("--mqtt-ca", f"{ours}.crt", "--mqtt-login-file", str(login))
    return Home(room, *options, lines=lines, scheme="mqtts", hearing=hearing).online()


@pytest.mark.ahead(begin=with_a_login)
def test_over_tls_with_a_login_from_a_file_it_is_there_and_nobody_sees_the_password(begun):
    assert begun.asked("stop", "STOP")["accepted"]
    assert "a secret" not in Path(f"/proc/{begun.core.pid}/cmdline").read_text()
    assert "a secret" not in begun.core.said


def with_a_strangers_broker(room):
    authority(room.folder, "ours")
    authority(room.folder, "theirs")
    theirs = room.folder / "theirs"
    lines = (f"certfile {theirs}-b.crt", f"keyfile {theirs}-b.key")
    options = ("--mqtt-ca", str(room.folder / "ours.crt"))
    home = Home(room, *options, lines=lines, scheme="mqtts", hearing=("--cafile", f"{theirs}.crt"))
    home.core.wait_said("no connection to mqtts://")
    home.start()
    return home


@pytest.mark.ahead(begin=with_a_strangers_broker)
def test_a_broker_of_another_authority_is_not_trusted_and_the_core_serves_on(begun):
    assert "certificate" in begun.core.said.lower()
    assert begun.texts(STATUS) == []


def with_an_open_login_file(room):
    login = room.folder / "login"
    login.write_text("massager\nsecret\n")
    login.chmod(0o644)
    return room.finished(
        "serve", "--radio", "unix:nowhere", "--mqtt", "mqtt://127.0.0.1", "--mqtt-login-file", login
    )


@pytest.mark.ahead(begin=with_an_open_login_file)
def test_a_login_file_that_others_can_read_ends_it_before_it_begins(begun):
    assert begun.wait() == 8
    assert "chmod 600" in begun.said
