"""The whole way of a person over the page, by forms alone: from who it is to how it went."""

import asyncio

import pytest

from massager.model.questions import Feeling
from massager.session.massage import Bounds
from massager.session.snapshot import Stage
from massager.web.person import visits
from web_rig import QUESTIONS, WELL, page_in


async def test_somebody_chooses_answers_starts_pauses_stops_and_says_how_it_went_by_forms_alone(tmp_path):
    async with page_in(tmp_path) as page:
        assert "anna" in (await page.get("/")).text
        assert "Start a massage" in (await page.get("/people/anna")).text
        visit = await page.choose()
        confirm = await page.answer(visit)
        assert confirm.path == f"{visit}/confirm"
        assert "Start Gentle lumbar, 4 minutes, up to strength 6?" in confirm.text
        assert "Never touched" in confirm.text
        assert not page.where.guardians, "nothing connects before the start"
        running = await page.post(f"{visit}/confirm")
        number = int(running.path.removeprefix("/sessions/"))
        await page.until_pressing(number)
        shown = await page.get(running.path)
        assert "Massage is running" in shown.text
        paused = await page.post(f"{running.path}/pause")
        assert page.core.massage.snapshot(number).stage is Stage.PAUSED
        assert "Go on with the massage" in paused.text
        stopped = await page.post("/stop")
        assert stopped.status == 200
        assert "Everything is at rest." in stopped.text
        await page.until(lambda: page.core.massage.ending(number))
        ended = await page.get(running.path)
        assert "The massage was stopped" in ended.text
        assert "The massager is at rest." in ended.text
        assert "Say how it went" in ended.text
        # The ledger rounds an end up to the next second, and the first question comes with it.
        await page.until_shown("/people/anna", "Say how it went")
        again = await page.get("/people/anna/choose")
        assert again.path == "/people/anna", "nothing is chosen while a question waits"
        said = "/people/anna/afterwards"
        for step, answer in (("pain", "2"), ("feeling", "none"), ("worse", "no")):
            await page.post(said, step=step, answer=answer)
        assert "Is this right?" in (await page.get(said)).text
        await page.until_shown("/people/anna", "Say how it went")
        thanks = await page.post(f"{said}/record")
        assert "Your answers are on record." in thanks.text
        rests = await page.get("/people/anna/choose?on=left")
        assert "The next one can start" in rests.text
        assert "Take Gentle lumbar" not in rests.text


async def test_the_name_stands_on_every_screen_of_a_person_whatever_is_in_it(tmp_path):
    async with page_in(tmp_path) as page:
        link = next(one["href"] for tag, one in (await page.get("/")).tags if "ben" in str(one.get("href")))
        for path in (link, f"{link}/choose", f"{link}/afterwards", f"{link}/history"):
            shown = await page.get(path)
            assert (shown.status, "ben b/c" in shown.text) == (200, True), path
        visit = await page.choose(person=link.removeprefix("/people/"))
        for path in (f"{visit}/posture", f"{visit}/questions/saddle", f"{visit}/questions/skin"):
            assert "ben b/c" in (await page.get(path)).text, path


async def test_a_question_is_one_screen_and_the_next_is_the_first_that_is_not_answered(tmp_path):
    async with page_in(tmp_path) as page:
        visit = await page.choose()
        assert (await page.get(visit)).path == f"{visit}/questions/saddle"
        after = await page.answer_one(visit, "saddle", "no")
        assert after.path == f"{visit}/questions/bladder"
        assert f"Question 2 of {len(QUESTIONS)}" in after.text
        assert (await page.answer_one(visit, "bladder", "perhaps")).path == f"{visit}/questions/bladder"
        assert (await page.get(f"{visit}/confirm")).path == f"{visit}/questions/bladder"
        assert (await page.post(f"{visit}/confirm")).path == f"{visit}/questions/bladder"
        assert not page.core.massage.snapshots()


@pytest.mark.parametrize("fields", [{"done": "none", "zone": "L4-S1"}, {"done": "ticked"}, {"zone": "L4-S1"}])
async def test_skin_that_is_both_unwell_and_nowhere_unwell_is_asked_again(tmp_path, fields):
    """Enter in a form presses its first button, whatever was ticked."""
    async with page_in(tmp_path) as page:
        visit = await page.choose()
        for question in QUESTIONS[:-1]:
            await page.answer_one(visit, question, WELL.get(question, "no"))
        here = f"{visit}/questions/skin"
        assert (await page.get(visit)).path == here
        assert (await page.post(here, **fields)).path == here
        assert (await page.get(visit)).path == here


@pytest.mark.parametrize("value", ["yes", "not-sure"])
async def test_a_warning_sign_is_read_back_and_only_then_locks_out(tmp_path, value):
    async with page_in(tmp_path) as page:
        visit = await page.choose()
        sure = await page.answer_one(visit, "saddle", value)
        assert sure.path == f"{visit}/sure"
        assert "Is this right?" in sure.text
        assert not await page.lockouts()
        again = await page.post(f"{visit}/sure", sure="no")
        assert again.path == f"{visit}/questions/saddle"
        assert not await page.lockouts()
        await page.answer_one(visit, "saddle", value)
        refused = await page.post(f"{visit}/sure", sure="yes")
        assert "Go to an emergency department now" in refused.text
        assert [one.cause for one in await page.lockouts()] == ["red-flag-spine"]
        now = await page.get("/people/anna")
        assert "Only a caregiver can end this." in now.text
        assert "Start a massage" not in now.text
        assert (await page.get("/people/anna/choose")).path == "/people/anna"
        assert not page.core.massage.snapshots()


async def test_what_can_be_put_right_is_answered_again_and_locks_nobody_out(tmp_path):
    async with page_in(tmp_path) as page:
        visit = await page.choose()
        for question in QUESTIONS[: QUESTIONS.index("loose")]:
            await page.answer_one(visit, question, "no")
        await page.answer_one(visit, "loose", "yes")
        refused = await page.post(f"{visit}/sure", sure="yes")
        assert "First put away what could be caught" in refused.text
        assert "Answer this question again" in refused.text
        assert not await page.lockouts()
        assert (await page.answer_one(visit, "loose", "no")).path == f"{visit}/questions/stop-reachable"


@pytest.mark.parametrize(
    ("question", "value", "words"),
    [
        ("fever", "yes", "Fever, or feeling ill"),
        ("pain", "7", "The pain is too strong"),
        ("pain", "4", "The pain is too strong"),
        ("reaction", "lasting", "left something behind that lasted"),
        ("skin", "L4-S1", "There is no room for this"),
    ],
)
async def test_an_answer_that_bars_is_told_before_the_next_question(tmp_path, question, value, words):
    async with page_in(tmp_path) as page:
        visit = await page.choose()
        shown = await page.answer(visit, **{question: value})
        assert shown.path == f"{visit}/sure"
        assert words in shown.text
        refused = await page.post(f"{visit}/sure", sure="yes")
        assert words in refused.text
        started = await page.post(f"{visit}/confirm")
        assert started.path == f"{visit}/refused"
        assert not page.core.massage.snapshots()


async def test_an_answer_that_lowers_the_limits_is_in_the_picture_before_the_start(tmp_path):
    async with page_in(tmp_path) as page:
        confirm = await page.answer(await page.choose(), reaction="mild")
        assert "Start Gentle lumbar, 2:24 minutes, up to strength 3?" in confirm.text


async def test_two_taps_on_start_start_once(tmp_path):
    async with page_in(tmp_path) as page:
        visit = await page.choose()
        await page.answer(visit)
        both = await asyncio.gather(*(page.post(f"{visit}/confirm") for _ in range(2)))
        assert {one.path for one in both} == {"/sessions/1"}
        assert len(page.where.guardians) == 1
        assert (await page.get(f"{visit}/questions/saddle")).status == 200
        assert (await page.get(visit)).path == "/sessions/1"


async def test_a_visit_that_is_too_old_or_of_before_a_restart_says_so_and_starts_nothing(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(visits, "LASTS_S", 0.0)
    async with page_in(tmp_path) as page:
        gone = await page.post("/people/anna/choose", program="gentle-lumbar", on="left")
        assert gone.status == 404
        assert gone.has_stop
        assert "begin again" in gone.text
        assert (await page.post("/visits/of-another-time/confirm")).status == 404


async def test_what_a_core_starts_at_most_bounds_the_page_too(tmp_path):
    async with page_in(tmp_path, bounds=Bounds(60, 10)) as page:
        confirm = await page.answer(await page.choose())
        assert "Start Gentle lumbar, 1 minute, up to strength 2?" in confirm.text


async def test_what_is_said_unasked_as_a_warning_stops_and_is_on_record(tmp_path):
    async with page_in(tmp_path) as page:
        number = await page.start()
        await page.until_pressing(number)
        first = await page.get(f"/sessions/{number}?say=1")
        assert "How strong is your pain" in first.text
        second = await page.post(f"/sessions/{number}/say", pain="2", unasked="1")
        assert "Is there anything new?" in second.text
        await page.post(f"/sessions/{number}/say", feeling=Feeling.SHOOTING, unasked="1")
        await page.until(lambda: page.core.massage.ending(number))
        ended = await page.get(f"/sessions/{number}")
        assert "The massage was stopped for your protection" in ended.text
        assert "Stopped for sharp or shooting pain." in ended.text
        assert "The place of the pain stays left out" in ended.text
        assert (await page.get("/people/anna")).text.count("read why the last massage stopped") == 1
        read = await page.post(f"/sessions/{number}/read")
        assert "I have read this" not in read.text
        assert "read why" not in (await page.get("/people/anna")).text
