"""Where the page is and who comes in: this computer alone, or else with a PIN before a start."""

import socket

import pytest
import typer

from massager.cli.page import page_at
from massager.model.errors import AddressError, AuthError
from massager.web.door import Address, Door
from massager.web.throttle import FREE_TRIES
from web_rig import page_in

PIN = "493201"


@pytest.fixture
def pin_file(tmp_path):
    path = tmp_path / "pin"
    path.touch(0o600)
    path.write_text(f"{PIN}\n")
    return path


@pytest.mark.parametrize(
    ("text", "host", "port", "loopback"),
    [
        ("127.0.0.1:8080", "127.0.0.1", 8080, True),
        ("localhost:0", "localhost", 0, True),
        ("[::1]:8080", "::1", 8080, True),
        ("127.9.9.9:1", "127.9.9.9", 1, True),
        ("0.0.0.0:8080", "0.0.0.0", 8080, False),  # noqa: S104 - read, and not listened on
        ("[::]:8080", "::", 8080, False),
        ("192.168.1.7:65535", "192.168.1.7", 65535, False),
        ("massager.local:8080", "massager.local", 8080, False),
    ],
)
def test_an_address_is_a_host_and_a_port_and_knows_who_reaches_it(text, host, port, loopback):
    address = Address.read(text)
    assert (address.host, address.port, address.is_loopback) == (host, port, loopback)


@pytest.mark.parametrize(
    "text", ["", "8080", ":8080", "127.0.0.1", "127.0.0.1:", "h:x", "h:65536", "h:-1", "h:1²"]
)
def test_what_is_no_address_is_refused_with_how_to_write_one(text):
    with pytest.raises(AddressError, match="HOST:PORT"):
        Address.read(text)


def test_an_address_that_is_taken_or_not_ours_is_told():
    with Address("127.0.0.1", 0).listen() as listener:
        taken = Address("127.0.0.1", listener.getsockname()[1])
        with pytest.raises(AddressError, match=str(taken.port)):
            taken.listen()
    with pytest.raises(AddressError, match=r"192\.0\.2\.1"):
        Address("192.0.2.1", 0).listen()


@pytest.mark.parametrize("web", ["0.0.0.0:8080", "192.168.1.7:8080", "[::]:8080", "somewhere:8080"])
def test_others_in_the_network_reach_nothing_without_a_word_and_nothing_starts_without_a_pin(web, pin_file):
    with pytest.raises(typer.BadParameter, match="--lan"):
        page_at(web, lan=False, pin_file=None)
    with pytest.raises(typer.BadParameter, match="--lan"):
        page_at(web, lan=False, pin_file=pin_file)
    with pytest.raises(typer.BadParameter, match="--pin-file"):
        page_at(web, lan=True, pin_file=None)
    page = page_at(web, lan=True, pin_file=pin_file)
    assert page.door.pin == PIN


def test_a_proxy_on_this_computer_is_believed_only_where_others_shall_come_in_through_it(pin_file):
    assert not page_at("127.0.0.1:8080", lan=False, pin_file=pin_file).proxied
    assert not page_at("192.168.1.7:8080", lan=True, pin_file=pin_file).proxied
    with pytest.raises(typer.BadParameter, match="--pin-file"):
        page_at("127.0.0.1:8080", lan=True, pin_file=None)
    behind = page_at("127.0.0.1:8080", lan=True, pin_file=pin_file)
    assert behind.proxied
    assert behind.door.pin == PIN
    assert behind.door.knows(socket.gethostname())
    assert not behind.door.knows("evil.example")


def test_this_computer_alone_needs_neither_and_takes_a_pin_where_there_is_one(pin_file):
    assert page_at(None, lan=False, pin_file=None) is None
    assert page_at("127.0.0.1:8080", lan=False, pin_file=None).door.pin is None
    assert page_at("127.0.0.1:8080", lan=False, pin_file=pin_file).door.pin == PIN


@pytest.mark.parametrize("how", [{"lan": True, "pin_file": None}, {"lan": False, "pin_file": "pin"}])
def test_options_of_a_page_that_nobody_asked_for_are_a_mistake(how):
    with pytest.raises(typer.BadParameter, match="--web"):
        page_at(None, **how)


@pytest.mark.parametrize("words", ["12345", "", "abcdef", "12 345", "½½½½½½"])
def test_a_pin_has_six_digits_or_more(pin_file, words):
    pin_file.write_text(words)
    with pytest.raises(typer.BadParameter, match="6 digits"):
        page_at("127.0.0.1:1", lan=False, pin_file=pin_file)


def test_a_pin_that_others_can_read_is_refused(pin_file):
    pin_file.chmod(0o640)
    with pytest.raises(AuthError, match="Others can read"):
        page_at("127.0.0.1:1", lan=False, pin_file=pin_file)


def test_wrong_pins_cost_more_and_more_time_and_each_client_its_own():
    door = Door(pin=PIN)
    for _ in range(FREE_TRIES):
        assert door.wait_s("a", 100.0) == 0
        assert not door.opens("a", "000000", 100.0)
    waits = []
    now_s = 100.0
    for _ in range(4):
        waits.append(door.wait_s("a", now_s))
        assert not door.opens("a", PIN, now_s), "too early, even the right one"
        now_s += waits[-1]
        assert not door.opens("a", "000000", now_s)
    assert waits == [2, 4, 8, 16]
    assert door.opens("b", PIN, 100.0)
    assert door.opens("a", PIN, now_s + 3600)
    assert door.wait_s("a", now_s + 3600) == 0


async def test_a_start_takes_the_pin_and_a_stop_never_does(tmp_path):
    async with page_in(tmp_path, door=Door(pin=PIN)) as page:
        visit = await page.choose()
        confirm = await page.answer(visit)
        assert "PIN" in confirm.text
        assert PIN not in confirm.html
        for _ in range(FREE_TRIES):
            wrong = await page.post(f"{visit}/confirm", pin="000000")
            assert "That is not the PIN." in wrong.text
        early = await page.post(f"{visit}/confirm", pin=PIN)
        assert "Too many wrong PINs." in early.text
        assert not page.core.massage.snapshots()
        assert (await page.post("/stop")).status == 200


async def test_a_start_over_the_api_takes_the_pin_too(tmp_path):
    async with page_in(tmp_path, door=Door(pin=PIN)) as page:
        wish = {"program": "gentle-lumbar", "person": "anna", "device": "left", "confirmed": True}
        for headers in ({}, {"Massager-Pin": "000000"}):
            told = await page.browser.post("/api/v1/sessions", json=wish, headers=headers)
            assert (told.status_code, told.json()["error"]) == (401, "pin")
        told = await page.browser.post("/api/v1/sessions", json=wish, headers={"Massager-Pin": PIN})
        assert told.status_code == 409, "no question is answered, and that is all that is wrong"


async def test_the_right_pin_starts(tmp_path):
    async with page_in(tmp_path, door=Door(pin=PIN)) as page:
        visit = await page.choose()
        await page.answer(visit)
        assert (await page.post(f"{visit}/confirm", pin=PIN)).path == "/sessions/1"
