"""What stands before the page: known names, no other site, a bounded body; and STOP goes past all of it."""

import httpx
import pytest
import pytest_asyncio
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from massager.web.door import Door
from massager.web.security import BODY_LONGEST
from web_rig import Shown, page_in

ELSEWHERE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1"},
]
ACTIONS = ["/people/anna/choose", "/settings", "/sessions/1/weaker"]
FOR_PROGRAMS = ["/api/v1/sessions", "/api/v1/sessions/1/pause"]


# One page for all of them: what it refuses leaves it as it was.
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def page(tmp_path_factory):
    async with page_in(tmp_path_factory.mktemp("page")) as page:
        yield page


def bare(page, **headers):
    """A client that says nothing of itself."""
    return httpx.AsyncClient(base_url=page.url, headers=headers, timeout=30)


@pytest.mark.parametrize("headers", ELSEWHERE, ids=str)
async def test_another_site_does_nothing_here_and_is_shown_a_stop_button(page, headers):
    async with bare(page, **headers) as client:
        for path in ACTIONS:
            shown = Shown(await client.post(path, data={"program": "gentle-lumbar", "on": "left"}))
            assert (shown.status, shown.has_stop) == (403, True), path
        for path in FOR_PROGRAMS:
            told = await client.post(path, json={})
            assert (told.status_code, told.json()["error"]) == (403, "other-site"), path


@pytest.mark.parametrize("headers", [*ELSEWHERE, {"Host": "evil.example"}, {}], ids=str)
async def test_whoever_asks_may_stop(page, headers):
    async with bare(page, Accept="text/html", **headers) as client:
        shown = Shown(await client.post("/stop"))
        assert (shown.status, "Stopped" in shown.text) == (200, True)
        one = await client.post("/api/v1/sessions/1/stop")
        assert (one.status_code, one.json()["error"]) == (404, "not-found"), "it is looked for"


async def test_a_program_that_says_nothing_of_a_site_is_no_other_site(page):
    async with bare(page) as client:
        answer = await client.post("/api/v1/sessions/1/pause")
        assert (answer.status_code, answer.json()["error"]) == (404, "not-found")


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "massager.local", "", "[::1", "localhost.evil:80"]
)
async def test_a_name_that_somebody_else_can_point_here_is_not_answered(page, host):
    async with bare(page, Host=host) as client:
        for path in ("/", "/people/anna", "/static/page.css"):
            shown = Shown(await client.get(path))
            assert (shown.status, shown.has_stop, "anna" in shown.text) == (421, True, False), path
        for path in ("/api/v1/status", "/healthz", "/openapi.json"):
            told = await client.get(path)
            assert (told.status_code, told.json()["error"]) == (421, "unknown-host"), path


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8080", "127.0.0.1", "127.0.0.1:1", "[::1]:8080", "192.168.1.7"]
)
async def test_this_computer_and_bare_addresses_are_answered(page, host):
    async with bare(page, Host=host) as client:
        assert (await client.get("/")).status_code == 200


async def test_a_name_of_this_computer_is_answered_where_others_may_come_in(tmp_path):
    door = Door(names=frozenset({"ward.local"}))
    async with page_in(tmp_path, door=door) as page, bare(page, Host="ward.local:8080") as client:
        assert (await client.get("/")).status_code == 200


async def test_a_body_too_long_is_not_read_whether_it_says_so_or_not(page):
    async def endless():
        for _ in range(2 * BODY_LONGEST // 1024):
            yield b"x" * 1024

    async with bare(page) as client:
        told = Shown(await client.post("/settings", content=b"x" * (BODY_LONGEST + 1)))
        assert (told.status, told.has_stop) == (413, True)
        silent = await client.post("/settings", content=endless())
        assert silent.status_code >= 400
    assert (await page.get("/")).status == 200


PAGES = ["/", "/people/anna", "/people/anna/choose", "/people/anna/history", "/settings", "/stop", "/nowhere"]


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_has_its_stop_button_and_nothing_from_elsewhere(page, path):
    shown = await page.get(path)
    assert shown.has_stop
    headers = shown.answer.headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert "Server" not in headers
    assert not shown.answer.cookies
    for tag, attributes in shown.tags:
        for name, value in attributes.items():
            assert not name.startswith("on"), (tag, name)
            assert name != "style", tag
            if name in {"href", "src", "action"}:
                assert value.startswith(("/", "#")), (tag, value)
                assert not value.startswith("//"), (tag, value)
        assert tag != "style"
        assert tag != "script" or attributes["src"].startswith("/static/")


async def test_the_first_load_is_small_and_its_files_never_change_under_their_addresses(page):
    shown = await page.get("/")
    files = {value for _tag, one in shown.tags for value in one.values() if str(value).startswith("/static/")}
    size = len(shown.answer.content)
    for file in files:
        answer = await page.browser.get(file)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
        assert "?v=" in file
        size += len(answer.content)
    assert len(files) == 4
    assert size < 100_000
    assert (await page.get("/static/../page.py")).status == 404


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
    ids=str,
)
async def test_the_socket_is_closed_to_other_sites(page, headers):
    address = page.url.replace("http", "ws") + "api/v1/live"
    with pytest.raises(InvalidStatus) as refused:
        async with connect(address, additional_headers=headers):
            pass
    assert refused.value.response.status_code == 403


async def test_an_error_is_a_page_for_people_and_json_for_programs(page):
    for path in (
        "/people/nobody",
        "/people/nobody/choose",
        "/people/nobody/history",
        "/sessions/7",
        "/visits/x",
    ):
        shown = await page.get(path)
        assert (shown.status, shown.has_stop) == (404, True), path
    wrong = await page.browser.get("/api/v1/sessions/7")
    assert (wrong.status_code, wrong.json()["error"]) == (404, "not-found")
    assert (await page.browser.delete("/api/v1/status")).json()["error"] == "wrong-method"
    shown = Shown(await page.browser.delete("/settings"))
    assert (shown.status, shown.has_stop) == (405, True)
