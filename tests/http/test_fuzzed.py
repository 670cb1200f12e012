"""Requests that nobody would think of, made from the API's own document, at a core whose chair presses.

Each answer is one that the document knows and none is a fault inside; whatever was asked, the chair kept its
limits, no record changed, and a stop was answered.
"""

import itertools

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from ruamel.yaml import YAML
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from http_rig import page_of
from serve_rig import FINE

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
PEOPLE = [f"guest{number}" for number in range(12)]
PROGRAMS = ["gentle-lumbar", "first-time"]
# What an answer may add to a record; each entry lowers.
TIGHTENING = ("modifiers", "keep_outs", "strength_limits")
NUMBERED = "/api/v1/sessions/{number}"
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
# Chosen: some seconds for each operation; the whole document in two minutes.
EXAMPLES = 40


def records(room):
    """What is on record of those who are in session, without their history."""
    found = {}
    for name in PEOPLE[:2]:
        told = room.finished("person", "export", name)
        assert told.wait() == 0, told.said
        found[name] = YAML(typ="safe").load(told.stdout.text)
        del found[name]["history"]
    return found


def assert_no_looser(before, after):
    """An answer may add to what is kept out, lowered or modified; everything else is as it was."""
    for name, was in before.items():
        now = after[name]
        for key in was.keys() | now.keys():
            if key in TIGHTENING:
                assert all(entry in now.get(key, []) for entry in was.get(key, [])), (name, key)
            else:
                assert was.get(key) == now.get(key), (name, key)


def fuzz(page, document, method, path, *, number=None, body=None, then=lambda _status, _told: None):
    """Ask one operation, rightly and wrongly, and hold each answer to the document."""
    operation = document[path][method]
    fixed = [{}] if number is None else [{}, {"path_parameters": {"number": number}}]
    for mode, known in itertools.product(MODES, fixed):
        strategy = operation.as_strategy(mode, **known)
        if body is not None:
            strategy = st.builds(body, strategy, st.data())

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            database=None,
        )
        @given(case=strategy)
        def ask(case):
            answer = case.call(base_url=page.url.rstrip("/"))
            case.validate_response(answer, checks=CHECKS)
            then(answer.status_code, answer.json())

        try:
            ask()
        except Unsatisfiable:
            # What takes nothing cannot be asked wrongly.
            assert mode is GenerationMode.NEGATIVE


@pytest.fixture
def page(room):
    page = page_of(room, *PEOPLE)
    before = records(room)
    yield page
    page.stop()
    assert_no_looser(before, records(room))
    page.trace.assert_limits()
    assert page.program.runs, page.program.said
    assert "Traceback" not in page.program.said, page.program.said


@pytest.fixture
def document(page):
    told = page.client.get("/openapi.json").json()
    return schemathesis.openapi.from_dict(told)


def test_whatever_is_asked_while_it_presses_nothing_fails_inside_and_a_stop_is_answered(page, document):
    people = iter(PEOPLE)
    number = page.pressing(next(people))

    def in_session():
        state = page.state(number)
        if not state["over"]:
            return number
        assert state["reason"] == "finished", state
        return page.pressing(next(people))

    for name in ("", "/weaker", "/stronger", "/pause", "/resume", "/zone"):
        number = in_session()
        fuzz(page, document, "POST" if name else "GET", NUMBERED + name, number=number)
    for path in ("/healthz", "/api/v1/status"):
        number = in_session()
        fuzz(page, document, "GET", path)
    number = in_session()
    assert page.stop().json()["sessions"] == 1


def test_whatever_somebody_says_it_stops_or_goes_on_within_its_limits(page, document):
    number = page.pressing("guest0")
    fuzz(page, document, "POST", f"{NUMBERED}/answer", number=number)
    page.stop()
    page.until_over(number)


def test_a_stop_is_answered_whatever_is_sent_with_it(page, document):
    for person, path in (("guest0", "/stop"), ("guest1", f"{NUMBERED}/stop")):
        number, answers = page.pressing(person), []
        known = None if path == "/stop" else number
        fuzz(page, document, "POST", path, number=known, then=lambda *told, into=answers: into.append(told))
        assert {status for status, _told in answers} <= {200, 404, 422}
        assert any(status == 200 and told["confirmed"] for status, told in answers)
        page.until_over(number)
        assert page.state(number)["confirmed"]


def test_whatever_start_is_asked_for_begins_within_its_limits_or_not_at_all(page, document):
    """With real names and answers in half of them, so that some begin."""
    statuses = set()

    def real(case, data):
        if isinstance(case.body, dict) and data.draw(st.booleans()):
            case.body["program"] = data.draw(st.sampled_from(PROGRAMS))
            case.body["person"] = data.draw(st.sampled_from(PEOPLE))
            case.body |= {"device": None, "confirmed": True, "answers": dict(FINE)}
        return case

    def then(status, told):
        statuses.add(status)
        if "number" in told:
            page.client.post(f"/api/v1/sessions/{told['number']}/stop")
            page.until_over(told["number"])

    fuzz(page, document, "POST", "/api/v1/sessions", body=real, then=then)
    assert statuses <= {201, 404, 409, 422}
    assert {201, 409} <= statuses, "some begin, and some are refused"
