"""A start that is asked for from elsewhere, on the page: shown, looked at or declined, begun only here."""

import json

import pytest
from websockets.asyncio.client import connect

from massager.session.requests import Request
from web_rig import page_in

ANNA = Request("anna", "gentle-lumbar", "left")
LOOK, DECLINE = "Look at it", "No, not now"


def waiting(page):
    return page.core.massage.requests.waiting()


async def test_what_is_asked_for_stands_on_the_first_page_and_on_whom_it_is_for_and_on_no_other(tmp_path):
    async with page_in(tmp_path) as page:
        assert "Somebody asks" not in (await page.get("/")).text
        page.core.massage.requests.put(ANNA)
        first = await page.get("/")
        assert "Somebody asks anna: look" in first.text
        assert any(one.get("href") == "/people/anna" for _tag, one in first.tags)
        now = await page.get("/people/anna")
        assert "Would you like Gentle lumbar, on left? Nothing starts but by you, here." in now.text
        assert LOOK in now.text
        ben = next(one["href"] for _tag, one in first.tags if "ben" in str(one.get("href")))
        assert "Would you like" not in (await page.get(ben)).text


async def test_looking_at_it_leads_into_the_questions_and_only_the_start_button_starts(tmp_path):
    async with page_in(tmp_path) as page:
        page.core.massage.requests.put(ANNA)
        shown = await page.post("/people/anna/choose", program="gentle-lumbar", on="left")
        assert shown.path.endswith("/posture")
        assert waiting(page) == (), "looked at"
        visit = shown.path.removesuffix("/posture")
        await page.post(f"{visit}/posture")
        assert not page.core.massage.snapshots()
        confirm = await page.answer(visit)
        assert "Start Gentle lumbar, 4 minutes, up to strength 6?" in confirm.text
        assert not page.where.guardians, "nothing connects before the start"
        running = await page.post(f"{visit}/confirm")
        await page.until_pressing(int(running.path.removeprefix("/sessions/")))


async def test_it_is_declined_by_whom_it_is_for_alone(tmp_path):
    async with page_in(tmp_path) as page:
        page.core.massage.requests.put(ANNA)
        assert DECLINE in (await page.get("/people/anna")).text
        for path, on in (("/people/ben/decline", "left"), ("/people/anna/decline", "right")):
            await page.post(path, on=on)
            assert waiting(page) == (ANNA,)
        after = await page.post("/people/anna/decline", on="left")
        assert after.path == "/people/anna"
        assert "Would you like" not in after.text
        assert waiting(page) == ()


async def test_whoever_may_start_nothing_is_not_led_into_a_start(tmp_path):
    async with page_in(tmp_path) as page:
        visit = await page.choose()
        await page.answer_one(visit, "saddle", "yes")
        await page.post(f"{visit}/sure", sure="yes")
        page.core.massage.requests.put(ANNA)
        now = await page.get("/people/anna")
        assert DECLINE in now.text
        assert LOOK not in now.text


async def test_a_session_that_begins_on_the_massager_takes_the_request_back_and_another_s_leaves_it(tmp_path):
    async with page_in(tmp_path) as page:
        page.core.massage.requests.put(ANNA)
        page.core.massage.requests.put(Request("anna", "upper-back", "right"))
        ben = "ben%2520b%252Fc"
        await page.start(person=ben)
        assert waiting(page) == (Request("anna", "upper-back", "right"),)


async def test_a_program_whose_file_is_gone_is_told_by_its_name(tmp_path):
    async with page_in(tmp_path) as page:
        page.core.massage.requests.put(Request("anna", "lost-program", "left"))
        assert "Would you like lost-program, on left?" in (await page.get("/people/anna")).text
        shown = await page.post("/people/anna/choose", program="lost-program", on="left")
        assert shown.status == 404
        assert not page.core.massage.snapshots()


async def test_what_is_asked_for_is_in_every_frame_so_that_a_page_that_waits_is_drawn_anew(tmp_path):
    async with page_in(tmp_path) as page:
        page.core.massage.requests.put(ANNA)
        async with connect(page.url.replace("http", "ws") + "api/v1/live") as live:
            frame = json.loads(await live.recv())
            assert frame["requests"] == [{"person": "anna", "program": "gentle-lumbar", "device": "left"}]
            page.core.massage.requests.withdraw("left")
            while json.loads(await live.recv())["requests"]:
                pass
        shown = await page.get("/people/anna")
        body = next(one for tag, one in shown.tags if tag == "body")
        assert body["data-asked"] == ""


@pytest.mark.parametrize("name", ['<b>"anna"', "anna; left"])
async def test_a_name_with_anything_in_it_stays_text(tmp_path, name):
    async with page_in(tmp_path, people=(name,)) as page:
        page.core.massage.requests.put(Request(name, "gentle-lumbar", "left"))
        body = next(one for tag, one in (await page.get("/")).tags if tag == "body")
        assert body["data-asked"] == f"{name}, left, gentle-lumbar; "
