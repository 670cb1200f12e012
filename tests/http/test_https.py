"""The recipe of docs/https.md, run as it stands there: its commands, its proxy, and what it promises."""

import json
import os
import re
import shutil
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from websockets.sync.client import connect

from blackbox_rig import free_port, until
from http_rig import page_of
from serve_rig import FINE

DOCS = Path(__file__).parents[2] / "docs"
NAME = f"{socket.gethostname().lower().partition('.')[0]}.local"
ADDRESS = "127.0.0.1"
PIN = "493201"
# As massager.web.throttle has it.
FREE_TRIES = 5
PASSPHRASE = "eleven purple herons under the bridge"  # noqa: S105 - of a store of this test
WISH = {"program": "gentle-lumbar", "person": "anna", "confirmed": True, "answers": FINE}
BROWSER = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}


def require(program):
    """Leave the test out where a program is missing, and say so; where CI is set it fails."""
    if shutil.which(program) is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"no {program} here: apt install {program}")


def blocks():
    """The commands of the page: of the authority, and of the proxy."""
    return re.findall(r"^```bash\n(.*?)^```$", (DOCS / "https.md").read_text(), re.MULTILINE | re.DOTALL)


def bash(room, text, **env):
    """Run a block in the folder of the authority, as it stands."""
    folder = room.folder / "authority"
    folder.mkdir(exist_ok=True)
    return room.start("bash", "-ec", f"cd {folder}\n{text}", env=env)


@pytest.fixture
def authority(room):
    """A folder with an authority and a certificate of it."""
    require("openssl")
    made = bash(room, blocks()[0], NAME=NAME, ADDRESS=ADDRESS)
    assert made.wait() == 0, made.said
    return room.folder / "authority"


def test_what_only_the_owner_may_read_nobody_else_reads(authority):
    for key in ("authority.key", "page.key"):
        assert (authority / key).stat().st_mode & 0o077 == 0


@pytest.mark.usefixtures("authority")
def test_the_authority_vouches_for_this_computer_and_for_nobody_else(room):
    right = bash(room, "openssl verify -CAfile authority.crt -verify_hostname $NAME page.crt", NAME=NAME)
    assert right.wait() == 0, right.said
    for wrong in ("DNS:bank.example", f"DNS:{NAME}.bank.example", "IP:192.0.2.1"):
        forged = bash(
            room,
            f"sed 's/^subjectAltName=.*/subjectAltName={wrong}/' page.ext > forged.ext\n"
            "openssl x509 -req -in page.csr -CA authority.crt -CAkey authority.key -extfile forged.ext "
            "-out forged.crt\nopenssl verify -CAfile authority.crt forged.crt",
        )
        assert forged.wait() != 0, wrong
        assert "permitted subtree violation" in forged.said, forged.said


@dataclass
class Secure:
    """A page behind a proxy."""

    page: object
    url: str
    trust: ssl.SSLContext
    client: httpx.Client


@pytest.fixture
def secure(room, authority):
    """The page behind the proxy of the recipe, on ports of its own."""
    require("caddy")
    for name, text in (("pin", PIN), ("passphrase", PASSPHRASE)):
        (room.folder / name).touch(0o600)
        (room.folder / name).write_text(text)
    added = room.finished("caregiver", "add", "carla", "--new-passphrase-file", room.folder / "passphrase")
    assert added.wait() == 0, added.said
    page = page_of(room, "anna", options=("--lan", "--pin-file", str(room.folder / "pin")))
    port, file = free_port(), authority / "Caddyfile"
    inner = str(httpx.URL(page.url).port)
    file.write_text(file.read_text().replace("8443", str(port)).replace("8080", inner))
    proxy = bash(room, blocks()[1])
    proxy.wait_said("serving initial configuration")
    trust = ssl.create_default_context(cafile=authority / "authority.crt")
    url = f"https://{ADDRESS}:{port}"
    with httpx.Client(base_url=url, verify=trust, headers=BROWSER, timeout=60) as client:
        yield Secure(page, url, trust, client)


def test_the_page_behind_the_proxy_is_as_open_and_as_closed_as_one_in_the_network(secure):
    assert "anna" in secure.client.get("/").text
    named = {
        "headers": {"Host": f"{NAME}:{httpx.URL(secure.url).port}"},
        "extensions": {"sni_hostname": NAME},
    }
    assert "anna" in secure.client.get("/", **named).text
    fields = {"name": "carla", "passphrase": PASSPHRASE, "next": "/caregiver"}
    told = secure.client.post("/caregiver/sign-in", data=fields)
    assert told.status_code == 303, told.text
    assert "; Secure" in told.headers["Set-Cookie"]
    told = secure.client.post("/api/v1/sessions", json=WISH, headers={"Massager-Pin": PIN})
    assert told.status_code == 201, told.text
    number = told.json()["number"]
    until(lambda: secure.page.state(number)["reported"], lambda: "the rollers press")
    guesses = [
        secure.client.post(
            "/api/v1/sessions",
            json=WISH,
            headers={"Massager-Pin": "000000", "X-Forwarded-For": f"10.0.0.{guess}"},
        ).status_code
        for guess in range(FREE_TRIES + 2)
    ]
    assert guesses == [401] * FREE_TRIES + [429] * 2, "the proxy says who asks, and not who asks"
    live = connect(secure.url.replace("https", "wss") + "/api/v1/live", ssl=secure.trust, origin=secure.url)
    with live:
        assert json.loads(live.recv())["sessions"][0]["number"] == number
        assert secure.client.post("/stop").status_code == 200
        live.send('{"stop": true}')
        while "stopped" not in (told := json.loads(live.recv())):
            pass
    assert told["stopped"]["confirmed"]
    secure.page.trace.assert_limits()


def test_without_the_pin_nobody_starts_through_the_proxy(secure):
    told = secure.client.post("/api/v1/sessions", json=WISH)
    assert (told.status_code, told.json()["error"]) == (401, "pin")
