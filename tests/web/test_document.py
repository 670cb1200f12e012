"""The documents of the HTTP API and of the live socket: complete, true, and kept in docs/."""

import asyncio
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from jsonschema import Draft202012Validator
from websockets.asyncio.client import connect

from massager.model.errors import InvalidProfileError, StoreError
from massager.session.massage import MassageService
from massager.web import api
from massager.web.door import Door
from massager.web.errors import STATUS, ErrorName
from massager.web.live_document import live_document
from massager.web.security import BODY_LONGEST
from massager.web.throttle import FREE_TRIES
from web.write_documents import kept
from web_rig import page_in

DOCS = Path(__file__).parents[2] / "docs"
PIN = "493201"
API = api.control_api(MassageService()).openapi()
LIVE = live_document()
OPERATIONS = {
    (method.upper(), path): operation
    for path, item in API["paths"].items()
    for method, operation in item.items()
}
each_operation = pytest.mark.parametrize("operation", OPERATIONS.values(), ids=lambda one: one["operationId"])


def validator(document, schema):
    """Of a schema that leads to others of its document."""
    return Draft202012Validator(schema | {"components": document["components"]})


def json_of(answer):
    """Schema and examples of an answer or a body."""
    return answer["content"]["application/json"]


# What they say.


@pytest.mark.parametrize(("name", "document"), [("openapi", API), ("asyncapi", LIVE)])
def test_the_documents_in_the_docs_are_those_of_this_code(name, document):
    file = DOCS / f"{name}.json"
    assert file.read_text() == kept(document), "write it anew: python tests/web/write_documents.py"


@each_operation
def test_every_operation_says_what_it_does_and_has_its_place(operation):
    assert {"summary", "description", "operationId", "responses", "tags"} <= operation.keys()
    assert operation["summary"][-1] != "."
    assert operation["description"].strip()
    assert {tag["name"] for tag in API["tags"]} >= set(operation["tags"])
    for parameter in operation.get("parameters", []):
        assert parameter["description"]


def test_no_two_operations_have_one_name_and_no_tag_is_empty():
    names = [operation["operationId"] for operation in OPERATIONS.values()]
    assert len(set(names)) == len(names)
    assert {tag for one in OPERATIONS.values() for tag in one["tags"]} == {tag["name"] for tag in API["tags"]}


@each_operation
def test_every_answer_has_a_meaning_a_schema_and_examples_that_have_that_shape(operation):
    for status, answer in operation["responses"].items():
        assert answer["description"] not in {"", "Successful Response"}, status
        content = json_of(answer)
        assert content["examples"], status
        for example in content["examples"].values():
            validator(API, content["schema"]).validate(example["value"])
    if "requestBody" in operation:
        content = json_of(operation["requestBody"])
        for example in content["examples"].values():
            validator(API, content["schema"]).validate(example["value"])


def test_a_stop_takes_nothing_and_is_turned_away_for_nothing():
    everything = OPERATIONS["POST", "/stop"]
    assert set(everything["responses"]) == {"200", "503"}
    assert "parameters" not in everything
    one = OPERATIONS["POST", "/api/v1/sessions/{number}/stop"]
    assert set(one["responses"]) == {"200", "404", "422", "503"}
    for stop in (everything, one):
        assert "requestBody" not in stop


def test_nothing_in_it_loosens():
    """Every operation that changes something is one of those that the limits hold."""
    changing = {path.rpartition("/")[2] for method, path in OPERATIONS if method != "GET"}
    steers = {"pause", "resume", "weaker", "stronger"}
    assert changing == {"stop", "sessions", "answer", "zone"} | steers
    words = set(API["components"]["schemas"]["Start"]["properties"])
    assert words == {"program", "person", "device", "seconds", "max_percent", "confirmed", "answers"}


def test_the_examples_of_the_socket_have_the_shapes_that_it_shows():
    for message in LIVE["components"]["messages"].values():
        for example in message["examples"]:
            validator(LIVE, message["payload"]).validate(example["payload"])
    used = {each["$ref"] for one in LIVE["operations"].values() for each in one["messages"]}
    assert used == {f"#/channels/live/messages/{name}" for name in LIVE["components"]["messages"]}


# What the page docs/http.md says.


def rows(title):
    """The cells of the table in a chapter."""
    page = (DOCS / "http.md").read_text()
    chapter = page.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    lines = [line for line in chapter.splitlines() if line.startswith("|")][2:]
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines]


def test_every_operation_is_on_the_page_and_no_other():
    told = {tuple(row[0].split(" ")) for row in rows("What there is")}
    assert told == OPERATIONS.keys() | {("GET", "/openapi.json"), ("GET", "/asyncapi.json")}


def test_every_error_is_on_the_page_with_its_status_and_no_other():
    told = {row[0]: int(row[1]) for row in rows("Errors")}
    assert told == {name.value: int(STATUS[name]) for name in ErrorName}


# What is answered.


class Asked:
    """Asks the page, and holds each answer to the document."""

    def __init__(self, page):
        self.page = page
        self.errors = set()

    async def __call__(self, method, path, **how):
        answer = await self.page.browser.request(method, path, **how)
        wanted = re.sub(r"/sessions/[^/]+", "/sessions/{number}", path)
        operation = OPERATIONS.get((method, wanted))
        assert answer.headers["content-type"] == "application/json"
        told = answer.json()
        if "error" in told:
            assert STATUS[ErrorName(told["error"])] == answer.status_code
            assert told["text"]
            self.errors.add(ErrorName(told["error"]))
        if operation is not None:
            assert str(answer.status_code) in operation["responses"], (method, path, answer.status_code)
            schema = json_of(operation["responses"][str(answer.status_code)])["schema"]
            validator(API, schema).validate(told)
        return answer.status_code, told


@pytest_asyncio.fixture
async def page(tmp_path):
    async with page_in(tmp_path, door=Door(pin=PIN)) as page:
        page.browser.headers["Accept"] = "application/json"
        yield page


WISH = {"program": "gentle-lumbar", "person": "anna", "device": "left", "confirmed": True}
FINE = {
    **dict.fromkeys(("saddle", "bladder", "both_legs", "cord", "stroke", "chest", "calf", "injury"), "no"),
    **dict.fromkeys(("limb", "fever", "sedated", "loose"), "no"),
    "stop_reachable": "yes",
    "pain": 2,
    "skin": [],
    "reaction": "none",
}


async def test_every_error_comes_with_its_status_and_every_answer_has_its_shape(page):
    asked, pin, start = Asked(page), {"Massager-Pin": PIN}, "/api/v1/sessions"

    def failing(error):
        async def begin(_wish):
            raise error

        return begin

    assert (await asked("GET", "/healthz"))[1]["status"] == "ok"
    assert (await asked("POST", start, json=WISH))[0] == 401
    assert (await asked("POST", start, json=WISH | {"confirmed": False}, headers=pin))[0] == 422
    assert (await asked("POST", start, json=WISH, headers=pin))[1]["reason"] == "red-flag-spine"
    for body in (b"{", b"\xff", b"[" * 20_000, b'{"program": "\\ud800"}', b"1" * 5000):
        sent = {"content": body, "headers": pin | {"Content-Type": "application/json"}}
        assert (await asked("POST", start, **sent))[1]["error"] == "invalid", body[:10]
    assert (await asked("POST", start, json=WISH | {"person": "nobody"}, headers=pin))[0] == 404
    assert (await asked("POST", start, json=WISH, headers=pin | {"Sec-Fetch-Site": "cross-site"}))[0] == 403
    assert (await asked("POST", start, content=b" " * (BODY_LONGEST + 1), headers=pin))[0] == 413
    assert (await asked("GET", "/api/v1/status", headers={"Host": "evil.example"}))[0] == 421
    assert (await asked("GET", "/healthz", headers={"Host": "evil.example"}))[0] == 421
    assert (await asked("GET", "/api/v1/nothing"))[1]["error"] == "no-such-address"
    assert (await asked("GET", "/api/v1/sessions/x"))[0] == 422
    assert (await asked("GET", "/api/v1/sessions/9"))[0] == 404
    wrong = await page.browser.delete("/api/v1/status")
    assert (wrong.status_code, wrong.headers["Allow"]) == (405, "GET")
    await asked("DELETE", "/api/v1/nothing/status")
    assert (await asked("PUT", start))[1]["error"] == "wrong-method"

    status, begun = await asked("POST", start, json=WISH | {"answers": FINE}, headers=pin)
    assert (status, begun.get("person")) == (201, "anna"), begun
    one = f"{start}/{begun['number']}"
    await page.until_pressing(begun["number"])
    for name in ("weaker", "stronger", "pause", "resume"):
        assert (await asked("POST", f"{one}/{name}"))[0] == 200
    assert (await asked("POST", f"{one}/zone", json={"zone": "L4-S1", "yes": True}))[0] == 200
    assert (await asked("POST", f"{one}/answer", json={}))[0] == 422
    assert (await asked("POST", f"{one}/answer", json={"feeling": "chest"}))[1]["advice"]
    assert (await asked("POST", f"{one}/stop"))[0] == 200
    await page.until(lambda: page.core.massage.ending(begun["number"]))
    assert (await asked("POST", f"{one}/answer", json={"pain": 2}))[1]["error"] == "over"
    assert (await asked("GET", "/api/v1/status"))[1]["sessions"][0]["over"]
    assert (await asked("POST", "/stop"))[1] == {"confirmed": True, "sessions": 0, "advice": None}

    host = page.core.massage.host
    for error in (InvalidProfileError("mine.yaml:1:1: wrong"), StoreError("full"), RuntimeError("broken")):
        page.core.massage.host = replace(host, begin=failing(error))
        await asked("POST", start, json=WISH, headers=pin)
    page.core.massage.host = None
    assert (await asked("POST", start, json=WISH, headers=pin))[1]["error"] == "not-here"
    page.core.massage.host = host
    for _ in range(FREE_TRIES):
        await asked("POST", start, json=WISH, headers={"Massager-Pin": "000000"})
    early = await page.browser.post(start, json=WISH, headers=pin)
    assert (early.status_code, early.headers["Retry-After"]) == (429, "2")
    await asked("POST", start, json=WISH, headers=pin)
    assert asked.errors == set(ErrorName)


async def test_what_the_core_serves_is_what_is_in_the_docs(page):
    for name, document in (("openapi", API), ("asyncapi", LIVE)):
        assert (await page.browser.get(f"/{name}.json")).json() == json.loads(json.dumps(document))


async def test_every_frame_of_the_socket_has_the_shape_that_its_document_shows(page):
    page.browser.headers["Massager-Pin"] = PIN
    messages = LIVE["components"]["messages"]
    frame, stopped = (validator(LIVE, messages[name]["payload"]) for name in ("Frame", "StopTold"))
    seen = set()

    async def look():
        async with connect(page.url.replace("http", "ws") + "api/v1/live") as live:
            while True:
                told = json.loads(await live.recv())
                if "stopped" in told:
                    stopped.validate(told)
                    return
                frame.validate(told)
                seen.update(one["stage"] for one in told["sessions"])
                if "running" in seen and told["sessions"][0]["reported"]:
                    await live.send('{"stop": true}')

    looking = asyncio.create_task(look())
    answer = await page.browser.post("/api/v1/sessions", json=WISH | {"answers": FINE})
    assert answer.status_code == 201, answer.text
    async with asyncio.timeout(60):
        await looking
    assert "running" in seen
