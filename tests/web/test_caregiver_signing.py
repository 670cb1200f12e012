"""Signing in as a caregiver: who gets in, for how long, and what a stolen or old word opens: nothing."""

import re
from functools import partial
from unittest.mock import MagicMock

import httpx
import pytest
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from caregiver_rig import CARA, SIGN_IN, add_caregiver, caregiver_in, sign_in
from core_rig import BY
from massager.app.moments import moment
from massager.model.errors import NotSignedInError
from massager.session.caregivers import SignedIn
from massager.store import Devices
from massager.web.caregiver import serve_caregiver
from massager.web.caregiver.logins import COOKIE, LONGEST_S, QUIET_S, Logins
from massager.web.caregiver.screens import is_ours
from massager.web.throttle import FREE_TRIES
from people_rig import PASSPHRASE
from web_rig import page_in

SIDE = (
    "/caregiver",
    "/caregiver/people",
    "/caregiver/people/anna",
    "/caregiver/people/anna/conditions",
    "/caregiver/people/anna/limits",
    "/caregiver/people/anna/programs",
    "/caregiver/people/anna/keep-outs",
    "/caregiver/people/anna/forget",
    "/caregiver/access",
    "/caregiver/access/caregivers/cara",
    "/caregiver/access/massagers/left",
)


async def test_nobody_sees_a_page_of_this_side_without_signing_in_and_comes_back_to_it_afterwards(tmp_path):
    async with page_in(tmp_path) as served:
        await add_caregiver(served)
        for path in SIDE:
            answer = await served.browser.get(path)
            assert (answer.status_code, answer.headers["location"]) == (303, f"{SIGN_IN}?next={path}")
            if path not in {"/caregiver", "/caregiver/people/anna"}:
                answer = await served.browser.post(path)
                assert answer.headers["location"] == f"{SIGN_IN}?next={path}"
        shown = await served.get("/caregiver/people/ben%2520b%252Fc/limits")
        assert shown.path == SIGN_IN
        fields = {"name": CARA, "passphrase": PASSPHRASE, "next": "/caregiver/people/ben%2520b%252Fc/limits"}
        assert all(value in shown.html for value in (fields["next"], CARA))
        shown = await served.post(SIGN_IN, **fields)
        assert "ben b/c" in shown.text
        for path in SIDE:
            shown = await served.get(path)
            assert (shown.status, shown.path, shown.has_stop) == (200, path, True)


# Whoever tightens need not sign in.
OPEN = {
    (method, f"/people/{{part}}/{screen}")
    for method in ("GET", "POST")
    for screen in ("limits", "programs", "keep-outs")
} | {("GET", SIGN_IN), ("POST", SIGN_IN), ("POST", "/caregiver/sign-out")}


def addresses():
    """Every address of this side, and how it is asked; whatever the services behind it."""
    router = APIRouter()
    serve_caregiver(router, MagicMock())
    return {(method, route.path) for route in router.routes for method in route.methods}


async def test_no_address_of_this_side_answers_before_somebody_has_signed_in(tmp_path):
    async with page_in(tmp_path) as served:
        await add_caregiver(served)
        found = addresses()
        assert found > OPEN
        assert len(found) > 35
        for method, path in sorted(found - OPEN):
            asked = re.sub(r"\{\w+}", "1", path)
            answer = await served.browser.request(method, asked)
            assert (answer.status_code, answer.headers["location"]) == (303, f"{SIGN_IN}?next={asked}")
            if method == "POST":
                assert ("GET", path) in found


async def test_the_word_that_a_browser_keeps_says_nothing_and_goes_nowhere_else(tmp_path):
    async with page_in(tmp_path) as served:
        await add_caregiver(served)
        answer = await served.browser.post(SIGN_IN, data={"name": CARA, "passphrase": PASSPHRASE, "next": ""})
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith(f"{COOKIE}=")
        parts = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert {"httponly", "path=/caregiver", "samesite=strict"} <= parts
        assert "secure" not in parts
        assert len(cookie.split(";")[0]) > 40
        assert CARA not in cookie


async def test_a_wrong_passphrase_opens_nothing_and_whoever_guesses_waits_but_never_for_stop(tmp_path):
    async with page_in(tmp_path) as served:
        await add_caregiver(served)
        shown = await sign_in(served, passphrase="not the passphrase")  # noqa: S106 - a wrong one
        assert "not the passphrase of cara" in shown.text
        # Nobody's name, so that it is the client who waits, and not cara.
        for _ in range(FREE_TRIES - 1):
            assert (await sign_in(served, "nobody")).path == SIGN_IN
        shown = await sign_in(served)
        assert "STOP needs no passphrase" in shown.text
        assert COOKIE not in served.browser.cookies
        assert (await served.post("/stop")).status == 200
        assert (await served.get("/caregiver")).path == SIGN_IN


async def test_nobody_is_sent_elsewhere_by_signing_in(tmp_path):
    async with page_in(tmp_path) as served:
        await add_caregiver(served)
        for back in (
            "https://elsewhere.test/",
            "//elsewhere.test",
            "/caregiver//elsewhere.test",
            "/",
            "/caregiverx",
        ):
            answer = await served.browser.post(
                SIGN_IN, data={"name": CARA, "passphrase": PASSPHRASE, "next": back}
            )
            assert answer.headers["location"] == "/caregiver", back


@pytest.mark.parametrize("path", ["/caregiver", "/caregiver/people/ben%2520b%252Fc/limits"])
def test_an_address_of_this_side_is_ours(path):
    assert is_ours(path)


@pytest.mark.parametrize(
    "path", ["/caregiver/", "/caregiver\\x", "/caregiver/a b", "/caregiver/x?y", "/caregiver\n"]
)
def test_whatever_else_an_address_says_it_is_not_ours(path):
    assert not is_ours(path)


async def test_signing_out_ends_it_also_for_whoever_kept_the_word(tmp_path):
    async with caregiver_in(tmp_path) as served:
        word = served.browser.cookies[COOKIE]
        shown = await served.post("/caregiver/sign-out")
        assert "signed out" in shown.text
        thief = httpx.AsyncClient(base_url=served.url, cookies={COOKIE: word})
        async with thief:
            assert (await thief.get("/caregiver")).status_code == 303


async def test_a_restart_signs_everybody_out(tmp_path):
    async with caregiver_in(tmp_path) as served:
        word = served.browser.cookies[COOKIE]
        for name in ("left", "right"):
            await served.memory.do(partial(Devices(served.store).forget, name, by=BY, now=moment()))
    async with page_in(tmp_path, people=()) as served:
        served.browser.cookies.set(COOKIE, word)
        assert (await served.get("/caregiver")).path == SIGN_IN


async def test_nobody_becomes_the_first_caregiver_over_the_page(tmp_path):
    async with page_in(tmp_path) as served:
        shown = await served.get("/caregiver")
        assert "massager caregiver add" in shown.text
        assert not [attrs for tag, attrs in shown.tags if tag == "input"]
        await sign_in(served)
        await served.post("/caregiver/access", name="mallory", passphrase=PASSPHRASE, again=PASSPHRASE)
        assert "no caregiver yet" in (await served.get(SIGN_IN)).text


class Clock:
    now_s = 0.0

    def __call__(self):
        return self.now_s


def asked(word=None, scheme="http"):
    headers = [] if word is None else [(b"cookie", f"{COOKIE}={word}".encode())]
    return Request(
        {
            "type": "http",
            "method": "GET",
            "scheme": scheme,
            "path": "/caregiver",
            "query_string": b"",
            "headers": headers,
            "server": ("massager.test", 443),
            "client": ("192.0.2.7", 1),
        }
    )


def begun(logins, **how):
    response = Response()
    logins.begin(asked(**how), response, SignedIn(CARA))
    return response.headers.getlist("set-cookie")[-1]


def word_of(cookie):
    return cookie.partition("=")[2].partition(";")[0]


def test_a_login_ends_after_a_quarter_of_an_hour_without_a_request_and_after_eight_hours_in_any_case():
    clock = Clock()
    logins = Logins(clock, clock)
    word = word_of(begun(logins))
    while clock.now_s < LONGEST_S - QUIET_S / 2:
        clock.now_s += QUIET_S / 2
        assert logins.of(asked(word)).caregiver.name == CARA
    clock.now_s = LONGEST_S
    with pytest.raises(NotSignedInError):
        logins.of(asked(word))
    word = word_of(begun(logins))
    clock.now_s += QUIET_S
    with pytest.raises(NotSignedInError):
        logins.of(asked(word))
    assert logins.all() == ()


def test_over_https_the_word_never_goes_over_http():
    logins = Logins(Clock(), Clock())
    assert "; Secure" in begun(logins, scheme="https")
    assert "; Secure" not in begun(logins)


def test_whoever_signs_in_again_leaves_no_old_login_behind():
    logins = Logins(Clock(), Clock())
    word = word_of(begun(logins))
    begun(logins, word=word)
    assert len(logins.all()) == 1
    with pytest.raises(NotSignedInError):
        logins.of(asked(word))


@pytest.mark.parametrize("word", [None, "", "x", "x" * 5000])
def test_no_other_word_opens_anything(word):
    logins = Logins(Clock(), Clock())
    begun(logins)
    with pytest.raises(NotSignedInError):
        logins.of(asked(word))
