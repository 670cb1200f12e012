"""Which broker somebody means, and as whom; secrets come from files alone."""

import pytest
import typer

from massager.cli.mqtt import broker_at
from massager.model.errors import AddressError, AuthError
from massager.mqtt.broker import Broker, Login


def at(url, **how):
    return broker_at(url, **({"login_file": None, "ca": None, "gateway": None} | how))


@pytest.fixture
def login_file(tmp_path):
    path = tmp_path / "login"
    path.write_text("massager\na password: with = signs\n")
    path.chmod(0o600)
    return path


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("mqtt://broker.local", "mqtt://broker.local:1883"),
        ("mqtt://broker.local/", "mqtt://broker.local:1883"),
        ("mqtt://10.0.0.2:1884", "mqtt://10.0.0.2:1884"),
        ("mqtts://broker.local", "mqtts://broker.local:8883"),
        ("mqtt://[::1]:1883", "mqtt://[::1]:1883"),
    ],
)
def test_an_address_has_the_usual_port_of_its_kind(url, shown):
    assert str(Broker.read(url)) == shown


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "broker.local",
            "broker.local:1883",
            "http://broker.local",
            "mqtt://",
            "mqtt:///x",
            "mqtt://:1883",
        ),
        *("mqtt://b:x", "mqtt://b:70000", "mqtt://b:0", "mqtt://b/topic", "mqtt://b?x=1", "mqtt://b#x"),
    ],
)
def test_what_is_no_address_is_refused(url):
    with pytest.raises(AddressError):
        Broker.read(url)
    with pytest.raises(typer.BadParameter):
        at(url)


@pytest.mark.parametrize("url", ["mqtt://anna:secret@broker.local", "mqtts://anna@broker.local"])
def test_an_address_with_a_login_in_it_is_refused_and_not_repeated(url):
    with pytest.raises(AddressError) as caught:
        Broker.read(url)
    assert "secret" not in str(caught.value)
    assert "--mqtt-login-file" in str(caught.value)


def test_a_login_is_two_lines_of_a_file_of_ones_own(login_file):
    assert at("mqtt://b", login_file=login_file).login == Login("massager", "a password: with = signs")


def test_a_login_that_others_can_read_is_refused(login_file):
    login_file.chmod(0o640)
    with pytest.raises(AuthError, match="chmod 600"):
        at("mqtt://b", login_file=login_file)


@pytest.mark.parametrize("text", ["", "massager", "massager\n", "\npassword\n", "massager\npassword\nmore\n"])
def test_a_login_of_other_than_two_lines_is_refused(login_file, text):
    login_file.write_text(text)
    with pytest.raises(typer.BadParameter, match="two lines"):
        at("mqtt://b", login_file=login_file)


def test_options_about_a_broker_need_one(login_file, tmp_path):
    for how in ({"login_file": login_file}, {"ca": tmp_path}, {"gateway": "house"}):
        with pytest.raises(typer.BadParameter, match="--mqtt"):
            at(None, **how)
    assert at(None) is None


def test_an_authority_needs_an_encrypted_line_and_must_be_one(tmp_path):
    path = tmp_path / "ca.crt"
    path.write_text("no certificate")
    with pytest.raises(typer.BadParameter, match="mqtts"):
        at("mqtt://b", ca=path)
    for ca in (path, tmp_path / "none"):
        with pytest.raises(typer.BadParameter, match="authority"):
            at("mqtts://b", ca=ca)


@pytest.mark.parametrize(
    "name", ["", "House", "a/b", "a+", "#", "a b", "-a", "a-", "x" * 33, "mr-0123abcd", "ä"]
)
def test_a_gateways_name_is_one_part_of_a_topic_and_no_massagers(name):
    with pytest.raises(typer.BadParameter, match="gateway"):
        at("mqtt://b", gateway=name)


def test_a_gateway_is_called_bridge_where_nobody_calls_it_otherwise():
    assert at("mqtt://b").gateway == "bridge"
    assert at("mqtt://b", gateway="ward-2").gateway == "ward-2"
