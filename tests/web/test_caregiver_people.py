"""People and access on the page: added, forgotten, revoked and signed out, each only where that is right."""

import httpx
import pytest

from caregiver_rig import CARA, add_caregiver, caregiver_in, sign_in
from core_rig import BY
from massager.app.moments import moment
from massager.model.history import Authority, LockCause
from massager.store import Caregivers, Devices, Lockouts, People
from massager.web.caregiver.logins import COOKIE
from people_rig import PASSPHRASE

NEW = {"name": "dora", "passphrase": "four words are fine", "again": "four words are fine"}


async def test_the_overview_names_who_needs_attention_and_why(tmp_path):
    async with caregiver_in(tmp_path) as served:
        assert "Nothing needs attention" in (await served.get("/caregiver")).text
        await served.memory.do(
            lambda: Lockouts(served.store).add(
                "anna",
                cause=LockCause.PAIN,
                authority=Authority.CAREGIVER,
                wait_s=0,
                note="test",
                by=BY,
                now=moment(),
            )
        )
        shown = await served.get("/caregiver")
        assert "anna Locked out: pain in a session" in shown.text
        assert "ben b/c" not in shown.text
        shown = await served.get("/caregiver/people/anna")
        assert "Locked out: pain in a session" in shown.text
        assert "C7 at 40 mm" in shown.text


async def test_the_overview_leads_to_a_session_that_runs(tmp_path):
    async with caregiver_in(tmp_path) as served:
        number = await served.start()
        assert f'href="/sessions/{number}"' in (await served.get("/caregiver")).html


async def test_a_person_is_added_with_a_name_that_is_free_and_can_start_nothing_yet(tmp_path):
    async with caregiver_in(tmp_path) as served:
        shown = await served.post("/caregiver/people", name=" dora d/e ")
        assert shown.path.startswith("/caregiver/people/dora")
        assert "Nothing starts for them yet. Go through narrowing and conditions first." in shown.text
        screens = [found["href"] for tag, found in shown.tags if tag == "a" and "/people/" in found["href"]]
        own = [href.rpartition("/")[2] for href in screens if href.startswith(f"{screens[0]}/")]
        assert own[:4] == ["conditions", "limits", "programs", "keep-outs"]
        assert "dora d/e" in await served.memory.do(People(served.store).names)
        for name in ("anna", "", "x" * 61, "demo"):
            shown = await served.post("/caregiver/people", name=name)
            assert (shown.status, shown.path) == (422, "/caregiver/people")
            top = shown.html.partition("</h1>")[2].lstrip()
            assert top.startswith('<div class="danger" role="alert">')
            assert 'href="#name"' in top


async def test_a_person_is_forgotten_after_a_second_look_and_not_while_anything_is_open(tmp_path):
    async with caregiver_in(tmp_path) as served:
        number = await served.start()
        shown = await served.post("/caregiver/people/anna/forget")
        assert shown.status == 409
        assert f"session {number}" in shown.text
        assert "anna" in await served.memory.do(People(served.store).names)
        shown = await served.get("/caregiver/people/ben%2520b%252Fc/forget")
        assert "Forget ben b/c?" in shown.text
        assert "ben b/c" in await served.memory.do(People(served.store).names)
        shown = await served.post("/caregiver/people/ben%2520b%252Fc/forget")
        assert shown.path == "/caregiver/people"
        assert "ben b/c" not in await served.memory.do(People(served.store).names)


async def test_a_caregiver_adds_another_who_may_sign_in(tmp_path):
    async with caregiver_in(tmp_path) as served:
        shown = await served.post("/caregiver/access", **NEW)
        assert "may sign in" in shown.text
        assert NEW["passphrase"] not in shown.html
        assert "dora" in shown.text
        shown = await sign_in(served, "dora", NEW["passphrase"])
        assert shown.path == "/caregiver"


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"again": "four words are not"}, "again"),
        ({"passphrase": "short", "again": "short"}, "passphrase"),
        ({"name": CARA}, "name"),
        ({"name": ""}, "name"),
    ],
)
async def test_a_caregiver_who_cannot_be_added_is_told_of_beside_the_field(tmp_path, fields, where):
    async with caregiver_in(tmp_path) as served:
        shown = await served.post("/caregiver/access", **(NEW | fields))
        assert shown.status == 422
        assert f'id="wrong-{where}"' in shown.html
        assert (NEW | fields)["passphrase"] not in shown.html


async def test_whoever_is_revoked_is_signed_out_everywhere_at_once(tmp_path):
    async with caregiver_in(tmp_path) as served:
        await add_caregiver(served, "dora")
        async with httpx.AsyncClient(base_url=served.url) as other:
            form = {"name": "dora", "passphrase": PASSPHRASE, "next": "/caregiver"}
            await other.post("/caregiver/sign-in", data=form)
            assert (await other.get("/caregiver")).status_code == 200
            shown = await served.get("/caregiver/access")
            assert shown.text.count("since") == 2
            await served.post("/caregiver/access/caregivers/dora")
            assert (await other.get("/caregiver")).status_code == 303
            await other.post("/caregiver/sign-in", data=form)
            assert (await other.get("/caregiver")).status_code == 303


async def test_whoever_is_revoked_at_the_computer_itself_is_signed_out_of_the_page_too(tmp_path):
    async with caregiver_in(tmp_path) as served:
        await add_caregiver(served, "dora")
        assert (await sign_in(served, "dora")).path == "/caregiver"
        await served.memory.do(lambda: Caregivers(served.store).revoke("dora", by=BY, now=moment()))
        assert (await served.get("/caregiver/access")).path == "/caregiver/sign-in"
        await served.post("/caregiver/people", name="mallory")
        assert "mallory" not in await served.memory.do(People(served.store).names)


async def test_the_last_caregiver_stays(tmp_path):
    async with caregiver_in(tmp_path) as served:
        shown = await served.post(f"/caregiver/access/caregivers/{CARA}")
        assert shown.status == 409
        assert "only caregiver" in shown.text
        assert (await served.get("/caregiver")).path == "/caregiver"


async def test_a_login_left_open_elsewhere_is_ended_from_here(tmp_path):
    async with caregiver_in(tmp_path) as served:
        async with httpx.AsyncClient(base_url=served.url) as other:
            await other.post("/caregiver/sign-in", data={"name": CARA, "passphrase": PASSPHRASE, "next": ""})
            assert (await other.get("/caregiver")).status_code == 200
            shown = await served.get("/caregiver/access")
            assert other.cookies[COOKIE] not in shown.html
            await served.post("/caregiver/access", login="2")
            assert (await other.get("/caregiver")).status_code == 303
        assert (await served.get("/caregiver")).path == "/caregiver"
        await served.post("/caregiver/access", login="1")
        assert (await served.get("/caregiver")).path == "/caregiver/sign-in"


async def test_a_massager_is_forgotten_but_not_in_a_session(tmp_path):
    async with caregiver_in(tmp_path) as served:
        await served.start(on="left")
        assert (await served.post("/caregiver/access/massagers/left")).status == 409
        await served.post("/caregiver/access/massagers/right")
        assert [one.name for one in await served.memory.do(Devices(served.store).all)] == ["left"]
        assert (await served.post("/caregiver/access/massagers/nothing")).status == 404
