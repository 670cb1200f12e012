"""A PIN, a passphrase, a log-in's cookie: used rightly, wrongly, in the wrong place, and written nowhere."""

import json
import signal

import pytest
from websockets.sync.client import connect

from http_rig import page_of

PIN = "4932017758"
PASSPHRASE = "eleven purple herons under the bridge"  # noqa: S105 - of a store of this test
SIGN_IN = "/caregiver/sign-in"
BROWSER = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}


def kept(room, name, text):
    """A file that its owner alone can read."""
    path = room.folder / "secrets" / name
    path.parent.mkdir(exist_ok=True)
    path.touch(0o600)
    path.write_text(text)
    return path


def wrong_places(page):
    """Secrets where they do not belong."""
    client = page.client
    client.get(f"/people/{PIN}")
    client.get(f"/visits/{PIN}", params={"pin": PIN, "passphrase": PASSPHRASE})
    client.get("/api/v1/status", params={"pin": PIN, "passphrase": PASSPHRASE})
    client.post("/api/v1/sessions", json={"pin": PIN, "passphrase": PASSPHRASE})
    client.post("/api/v1/sessions", content=PIN + PASSPHRASE)
    client.post("/settings", data={"size": PIN, "theme": PASSPHRASE})
    client.post("/people/anna/choose", data={"program": PASSPHRASE, "on": PIN})
    client.post(SIGN_IN, data={"name": PASSPHRASE, "passphrase": PIN})
    client.post(SIGN_IN, data={"name": "carla", "passphrase": f"{PASSPHRASE} "})
    client.post("/stop", data={"pin": PIN, "passphrase": PASSPHRASE})
    client.request("DELETE", SIGN_IN, params={"passphrase": PASSPHRASE})
    with connect(page.url.replace("http", "ws") + "api/v1/live") as live:
        live.send(json.dumps({"pin": PIN, "passphrase": PASSPHRASE}))
        live.send(PASSPHRASE.encode() + b"\xff")
        live.recv()


@pytest.fixture
def used(room):
    """A core that has seen all of them and has ended: the secrets, what it answered, and what it wrote."""
    new = kept(room, "passphrase", PASSPHRASE)
    added = room.finished("caregiver", "add", "carla", "--new-passphrase-file", new)
    assert added.wait() == 0, added.said
    page = page_of(room, "anna", "ben", options=("--pin-file", str(kept(room, "pin", PIN))))
    page.client.headers.update(BROWSER)
    assert page.start("anna", headers={"Massager-Pin": PIN[:-1] + "0"})[0] == 401
    wrong_places(page)
    page.pressing("ben", headers={"Massager-Pin": PIN})
    fields = {"name": "carla", "passphrase": PASSPHRASE, "next": "/caregiver"}
    signed_in = page.client.post(SIGN_IN, data=fields)
    assert signed_in.status_code == 303, signed_in.text
    word = page.client.cookies["massager_caregiver"]
    answers = [page.client.get(path) for path in ("/", "/caregiver", "/caregiver/access", "/api/v1/status")]
    assert answers[1].status_code == 200
    answers.append(page.client.post("/caregiver/sign-out"))
    page.stop()
    again = page.client.get("/caregiver", headers={"Cookie": f"massager_caregiver={word}"})
    assert again.status_code == 303, "signed out, it opens nothing any more"
    commands = " ".join(room.processes.values())
    page.program.send(signal.SIGTERM)
    assert page.program.wait() == 0, page.program.said
    return (PIN, PASSPHRASE, word), answers, page.program.said + commands


def test_they_are_in_no_output_no_file_and_no_answer(room, used):
    secrets, answers, said = used
    for secret in secrets:
        assert secret not in said
        for answer in answers:
            assert secret not in answer.text, answer.url
    files = [path for path in room.folder.rglob("*") if path.is_file() and path.parent.name != "secrets"]
    assert any(path.name == "massager.db" for path in files), "the journal is among them"
    for path in files:
        data = path.read_bytes()
        for secret in secrets:
            assert secret.encode() not in data, path


def test_what_would_be_found_is_found(room):
    """The same search, at a store that somebody wrote a passphrase into."""
    chair = page_of(room, PASSPHRASE)
    chair.program.send(signal.SIGTERM)
    chair.program.wait()
    assert any(PASSPHRASE.encode() in path.read_bytes() for path in room.folder.rglob("*.db*"))
