"""STOP over the page: answered after rest, else how to switch off by hand; by form, by program, by socket."""

import asyncio
import json

from websockets.asyncio.client import connect

from web_rig import Shown, page_in


def socket(page):
    """The live socket."""
    return connect(page.url.replace("http", "ws") + "api/v1/live", origin=page.url.rstrip("/"))


async def test_the_answer_waits_until_the_device_rests(tmp_path):
    async with page_in(tmp_path) as page:
        number = await page.start()
        await page.until_pressing(number)
        page.chair.may_rest.clear()
        asked = asyncio.create_task(page.post("/stop"))
        await page.until(lambda: any(one.kind == "stop" for one in page.chair.sent))
        await asyncio.wait({asked}, timeout=0.3)
        assert not asked.done()
        page.chair.may_rest.set()
        stopped = await asked
        assert (stopped.status, "Everything is at rest." in stopped.text) == (200, True)
        assert f"/sessions/{number}" in stopped.html


async def test_a_stop_that_is_not_confirmed_says_how_to_switch_off_by_hand(tmp_path):
    async with page_in(tmp_path) as page:
        number = await page.start()
        await page.until_pressing(number)
        page.chair.confirms = False
        stopped = await page.post("/stop")
        assert stopped.status == 503
        assert "NOT CONFIRMED" in stopped.text
        assert "Switch the massager off at its own switch or pull its plug." in stopped.text
        assert "at rest" not in stopped.text
        told = await page.browser.post("/stop", headers={"Accept": "application/json"})
        assert (told.status_code, told.json()["confirmed"]) == (503, False)
        ended = await page.get(f"/sessions/{number}")
        assert "The massager has not confirmed that it rests." in ended.text
        assert "I have read this" in ended.text


async def test_a_program_is_answered_in_json(tmp_path):
    async with page_in(tmp_path) as page:
        for accept in ("application/json", "*/*"):
            told = await page.browser.post("/stop", headers={"Accept": accept}, content=b"\xff not a form")
            assert (told.status_code, told.json()) == (
                200,
                {"confirmed": True, "sessions": 0, "advice": None},
            )


async def test_looking_at_the_stop_page_stops_nothing_and_tells_what_became_of_the_last_stop(tmp_path):
    async with page_in(tmp_path) as page:
        number = await page.start()
        await page.until_pressing(number)
        looked = await page.get("/stop")
        assert "Press STOP." in looked.text
        assert page.core.massage.running()
        await page.post("/stop")
        assert "Everything is at rest." in (await page.get("/stop")).text


async def test_a_stop_over_the_socket_needs_nothing_and_is_answered_after_rest(tmp_path):
    async with page_in(tmp_path) as page:
        number = await page.start()
        await page.until_pressing(number)
        async with socket(page) as live:
            await live.send('{"stop": true}')
            async with asyncio.timeout(10):
                while "stopped" not in (frame := json.loads(await live.recv())):
                    pass
        assert frame["stopped"] == {"confirmed": True, "sessions": 1, "advice": None}
        await page.until(lambda: page.core.massage.ending(number))
        assert page.core.massage.ending(number).confirmed


async def test_what_is_no_stop_on_the_socket_does_nothing(tmp_path):
    async with page_in(tmp_path) as page:
        number = await page.start()
        await page.until_pressing(number)
        async with socket(page) as live:
            for odd in ("stop", '{"stop": "true"}', '{"stop": 1}', "[]", "null", '{"start": true}', "\x00"):
                await live.send(odd)
            await live.send(b"\xff")
            await live.recv()
            await live.recv()
        assert number in page.core.massage.running()


async def test_ten_stops_at_once_are_all_answered(tmp_path):
    async with page_in(tmp_path) as page:
        number = await page.start()
        await page.until_pressing(number)
        answers = await asyncio.gather(*(page.browser.post("/stop") for _ in range(10)))
        assert {Shown(answer).status for answer in answers} == {200}
