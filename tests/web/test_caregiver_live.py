"""The live view: every massage as it runs, for a page with a script and without one."""

import json

from websockets.asyncio.client import connect

from caregiver_rig import SIGN_IN, add_caregiver, caregiver_in
from web_rig import page_in

LIVE = "/caregiver/live"


async def test_every_massage_that_runs_is_shown_with_person_massager_strength_and_why(tmp_path):
    async with caregiver_in(tmp_path) as served:
        assert "No massage runs now." in (await served.get(LIVE)).text
        first = await served.start("anna", on="left")
        second = await served.start("ben%2520b%252Fc", on="right")
        await served.until_pressing(first)
        await served.until_pressing(second)
        shown = await served.get(LIVE)
        for words in (
            "anna on left",
            "ben b/c on right",
            "Gentle lumbar.",
            "Minutes left",
            "Why this strength",
        ):
            assert words in shown.text, words
        assert f'data-running="{first} {second} "' in shown.html
        strength = served.core.massage.snapshot(first).reported
        assert strength
        assert "http-equiv" in shown.html.partition("<noscript>")[2].partition("</noscript>")[0]


async def test_a_massage_that_ended_is_told_with_the_reason_and_whether_it_rests(tmp_path):
    async with caregiver_in(tmp_path) as served:
        number = await served.start()
        await served.until_pressing(number)
        await served.post("/stop")
        await served.until(lambda: served.core.massage.ending(number))
        shown = await served.get(LIVE)
        assert "anna on left : Stopped. The massager confirmed that it rests." in shown.text
        assert 'data-running=""' in shown.html


async def test_one_that_has_not_confirmed_rest_says_how_to_switch_it_off(tmp_path):
    async with caregiver_in(tmp_path) as served:
        number = await served.start()
        await served.until_pressing(number)
        served.chair.confirms = False
        await served.post("/stop")
        await served.until(lambda: served.core.massage.ending(number))
        shown = await served.get(LIVE)
        assert "has not confirmed that it rests. Switch the massager off at its own switch" in shown.text


async def test_every_figure_of_the_view_is_one_that_a_live_frame_brings(tmp_path):
    async with caregiver_in(tmp_path) as served:
        number = await served.start()
        await served.until_pressing(number)
        shown = await served.get(LIVE)
        wanted = {one["data-live"] for _tag, one in shown.tags if "data-live" in one}
        async with connect(served.url.replace("http", "ws") + "api/v1/live") as socket:
            (told,) = json.loads(await socket.recv())["sessions"]
        # The alarm stands beside the screen in a frame.
        assert wanted - {"alarm"} <= told["screen"].keys()
        assert "alarm" in told.keys() & wanted


async def test_nobody_looks_on_without_signing_in(tmp_path):
    async with page_in(tmp_path) as served:
        await add_caregiver(served)
        answer = await served.browser.get(LIVE)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{SIGN_IN}?next={LIVE}")
