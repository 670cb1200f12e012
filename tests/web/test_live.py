"""The live socket: what it tells, how often, and that whoever is slow delays nobody."""

import asyncio
import json

from websockets.asyncio.client import connect

from massager.web import live as live_module
from massager.web.live import Live
from web_rig import page_in


def socket(page):
    return connect(page.url.replace("http", "ws") + "api/v1/live")


async def frames(socket, count):
    return [json.loads(await socket.recv()) for _ in range(count)]


async def test_a_frame_has_every_session_as_the_api_tells_it_and_as_the_page_shows_it(tmp_path):
    async with page_in(tmp_path) as page:
        number = await page.start()
        await page.until_pressing(number)
        async with socket(page) as live:
            (frame,) = await frames(live, 1)
        state = (await page.browser.get(f"/api/v1/sessions/{number}")).json()
        (told,) = frame["sessions"]
        screen = told.pop("screen")
        assert told.keys() == state.keys()
        assert told["number"] == number
        assert screen["stage"] == "Massage is running"
        assert [mark["name"] for mark in screen["marks"]] == ["roller_left", "roller_right"]
        left, right = screen["marks"]
        assert left["x"] < right["x"]
        assert left["presses"]
        shown = await page.get(f"/sessions/{number}")
        assert any(one.get("data-view") == screen["view"] for _tag, one in shown.tags)


async def test_where_nothing_changes_a_frame_comes_every_second_all_the_same(tmp_path):
    async with page_in(tmp_path) as page, socket(page) as live:
        loop = asyncio.get_running_loop()
        await frames(live, 2)
        began = loop.time()
        assert await frames(live, 2) == [{"sessions": [], "requests": []}] * 2
        assert 1.0 <= loop.time() - began <= 4.0


async def test_frames_stop_being_made_when_nobody_looks(tmp_path, monkeypatch):
    made = []
    frame = Live._frame
    monkeypatch.setattr(Live, "_frame", lambda self, language: made.append(language) or frame(self, language))
    async with page_in(tmp_path) as page:
        async with socket(page) as live:
            await frames(live, 1)
        await page.until(lambda: not any("Live._make" in repr(task) for task in asyncio.all_tasks()))
        assert made


async def test_a_screen_that_is_over_is_told_apart_from_the_one_that_ran(tmp_path):
    async with page_in(tmp_path) as page:
        number = await page.start()
        await page.until_pressing(number)
        async with socket(page) as live:
            ((before,),) = [frame["sessions"] for frame in await frames(live, 1)]
            await page.post("/stop")
            async with asyncio.timeout(10):
                while (now := (await frames(live, 1))[0].get("sessions", [before])[0])["screen"][
                    "view"
                ] != "ended":
                    pass
        assert before["screen"]["view"].startswith("running")
        assert now["over"]


async def test_more_than_can_be_served_are_turned_away_and_the_others_stay(tmp_path, monkeypatch):
    monkeypatch.setattr(live_module, "MOST", 1)
    async with page_in(tmp_path) as page, socket(page) as first:
        async with socket(page) as second:
            await second.wait_closed()
            assert second.close_code == 1013
        assert await frames(first, 1)


async def test_a_question_is_in_the_view_so_that_every_page_shows_it(tmp_path):
    async with page_in(tmp_path) as page:
        number = await page.start()
        await page.until_pressing(number)
        governor = page.core.massage.session(number)._governor
        governor.state.dialogue.due_ms = 0
        await page.until(lambda: page.core.massage.snapshot(number).prompts)
        shown = await page.get(f"/sessions/{number}")
        assert "How strong is your pain right now" in shown.text
        views = []
        for step in ("pain", "feeling", "comfort"):
            async with socket(page) as live:
                ((one,),) = [frame["sessions"] for frame in await frames(live, 1)]
            views.append(one["screen"]["view"])
            await page.post(
                f"/sessions/{number}/say", **{step: {"pain": "2", "feeling": "none"}.get(step, "fine")}
            )
        assert len(set(views)) == 3
        assert not page.core.massage.snapshot(number).prompts
