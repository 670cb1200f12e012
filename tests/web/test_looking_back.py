"""My massages, and a caregiver's view of them: pictures and tables say the same, a gap is never a zero."""

import re
from dataclasses import replace
from functools import partial

from caregiver_rig import caregiver_in
from core_rig import BY
from massager.app.moments import moment
from massager.model.body import Side, Zone
from massager.model.carried import Carried
from massager.model.history import PastSession
from massager.session.past import PastService
from massager.store import Journal, Record, add_with_past, demo_person, seal
from massager.store.tables import DEBIT, SESSION
from massager.store.who import person_row
from web_rig import page_in

DAY_S = 24 * 3600
HISTORY = "/people/anna/history"


def cells(shown, name):
    """The rows of a table."""
    table = shown.html.partition(f'<table aria-labelledby="{name}">')[2].partition("</table>")[0]
    table = table.replace("\N{NO-BREAK SPACE}", " ")
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in table.split("<tr>")[1:]]
    return rows[0], rows[1:]


def hold(served, days_ago, *facts, used_s=600, person="anna"):
    """A session that is over, with what its journal says; the ledger lets none begin in the past."""
    begin_s, used_ms = moment().wall_s - days_ago * DAY_S, 1000 * used_s
    amounts = {"reserved_ms": used_ms, "used_ms": used_ms}
    with served.store.transaction() as connection:
        number = seal.add(
            connection,
            SESSION,
            person_id=person_row(connection, person).id,
            device="left",
            program="gentle-lumbar",
            controller="test",
            started_s=begin_s,
            last_s=begin_s + used_s,
            ended_s=begin_s + used_s,
            **amounts,
        )
        seal.add(connection, DEBIT, session_id=number, zone=Zone.L4_S1, side=Side.RIGHT, **amounts)
    records = (Record(number, None, 0, begin_s, kind, code, each) for kind, code, each in facts)
    Journal(served.store).append(*records)


ADMITTED = (
    "admitted",
    "gentle-lumbar",
    {
        "order": {
            "program": {"title": "Gentle <lumbar>"},
            "device": {"actuators": [{"levels": 20}]},
            "screening": {"pain": 4},
        }
    },
)
DECIDED = (
    "decision",
    "ceiling",
    {"intent": {"level": 12}, "outcome": {"levels": [8, 8], "source": "ceiling"}},
)
REPORTED = ("telemetry", "lease", {"actuators": [{"level": 7}]})
STOPPED = ("stop", "finished", {"detail": ""})


async def test_a_session_of_this_page_is_told_with_what_was_asked_allowed_and_reported(tmp_path):
    async with page_in(tmp_path) as page:
        number = await page.start()
        # While it runs; one report a second is written down.
        await page.until_shown(HISTORY, "1: the massager reported: 5, the limits allowed: 5")
        await page.post("/stop")
        await page.until(lambda: page.core.massage.ending(number))
        await page.core.massage.wait_settled(number)
        shown = await page.get(HISTORY)
        assert shown.status == 200
        _heads, ((name, when, minutes, program, reported, allowed, asked),) = cells(shown, "strengths")
        assert (name, minutes, program) == ("1", "1", "Gentle lumbar")
        assert when.startswith(("today at", "yesterday at"))
        assert reported == allowed
        assert re.fullmatch(r"[1-9] of 20 \(\d+ %\)", reported)
        assert re.fullmatch(r"[1-9]\d* of 20 \(\d+ %\)", asked)
        _heads, ((_name, _when, *pain),) = cells(shown, "pains")
        assert pain == ["2", "not told", "not told", "not told"]


async def test_what_nobody_recorded_is_said_so_in_picture_and_table(tmp_path):
    async with page_in(tmp_path) as page:
        await page.memory.do(partial(hold, page, 2))
        shown = await page.get(HISTORY)
        _heads, (row,) = cells(shown, "strengths")
        assert row[3:] == ["gentle-lumbar", "not recorded", "not recorded", "not recorded"]
        _heads, (row,) = cells(shown, "pains")
        assert row[2:] == ["not told"] * 4
        assert "1: reported" not in shown.text
        described = re.findall(r"<desc[^>]*>(.*?)</desc>", shown.html)
        assert described[1].count("not recorded") == 3
        assert described[2] == "1: before: not told, after: not told"


async def test_tables_and_pictures_say_the_same_and_nothing_is_taken_for_markup(tmp_path):
    async with page_in(tmp_path) as page:
        await page.memory.do(partial(hold, page, 2, ADMITTED, DECIDED, REPORTED, STOPPED))
        shown = await page.get(HISTORY)
        heads, (row,) = cells(shown, "strengths")
        assert heads == ["No.", "When", "Minutes", "Massage", "Reported", "Allowed", "Asked for"]
        assert row[2:] == [
            "10",
            "Gentle &lt;lumbar&gt;",
            "7 of 20 (35 %)",
            "8 of 20 (40 %)",
            "12 of 20 (60 %)",
        ]
        assert "the massager reported: 35, the limits allowed: 40, was asked for: 60" in shown.html
        _heads, rows = cells(shown, "places")
        assert rows[-1] == ["Lower back, just above the pelvis", "0", "10"]
        assert "Lower back, just above the pelvis: left: 0, right: 10" in shown.html


async def test_days_are_seven_with_what_the_limit_counts_and_unknown_where_nobody_was_on_record(tmp_path):
    async with page_in(tmp_path) as page:
        _heads, rows = cells(await page.get(HISTORY), "days")
        assert len(rows) == 7
        assert rows[0][1:] == ["0", "0", "0"]
        assert rows[1][1:] == ["not on record here"] * 3
        await page.memory.do(partial(hold, page, 2))
        shown = await page.get(HISTORY)
        _heads, rows = cells(shown, "days")
        assert [row[2:] for row in rows[:3]] == [["0", "10"], ["0", "10"], ["10", "10"]]
        assert "You have 35 of 45 minutes left in these seven days." in shown.text


async def test_whoever_had_no_massage_yet_is_told_so(tmp_path):
    async with page_in(tmp_path) as page:
        shown = await page.get(HISTORY)
        assert "There was no massage yet." in shown.text
        assert shown.html.count("<figure") == 1


async def test_what_was_brought_along_is_told_as_such_and_its_place_as_not_known(tmp_path):
    async with page_in(tmp_path) as page:
        now = moment()
        past = (PastSession(now.wall_s - DAY_S, now.wall_s - DAY_S + 300, 300),)
        ole = replace(demo_person(), name="ole")
        await page.memory.do(partial(add_with_past, page.store, ole, Carried(past), by=BY, now=now))
        shown = await page.get("/people/ole/history")
        _heads, (row,) = cells(shown, "strengths")
        assert row[2:] == ["5", "brought along from elsewhere", *["not recorded"] * 3]
        assert "5 more minutes are on record without their place." in shown.text


async def test_no_more_than_twelve_are_shown_and_it_says_so(tmp_path):
    async with page_in(tmp_path) as page:
        for day in range(40, 26, -1):
            await page.memory.do(partial(hold, page, day, REPORTED))
        shown = await page.get(HISTORY)
        _heads, rows = cells(shown, "strengths")
        assert [row[0] for row in rows] == [str(number) for number in range(12, 0, -1)]
        assert "The last 12 of 14 massages." in shown.text


async def test_a_caregiver_sees_four_weeks_what_held_it_and_how_it_ended(tmp_path):
    async with caregiver_in(tmp_path) as page:
        await page.memory.do(partial(hold, page, 20, ADMITTED, DECIDED, REPORTED, STOPPED))
        shown = await page.get("/caregiver/people/anna/history")
        assert shown.status == 200
        assert "Massages of anna" in shown.text
        heads, (row,) = cells(shown, "strengths")
        assert heads[-3:] == ["What held it", "Massager", "How it ended"]
        assert row[-2] == "left"
        assert row[-3] != "not recorded"
        assert row[-1] != "not recorded"
        _heads, rows = cells(shown, "days")
        assert len(rows) == 28
        assert [row[2] for row in rows].count("10") == 1
        assert shown.has_stop


async def test_nobody_else_sees_the_caregivers_view(tmp_path):
    async with page_in(tmp_path) as page:
        shown = await page.get("/caregiver/people/anna/history")
        assert shown.path == "/caregiver/sign-in"
        assert "Minutes of massage" not in shown.text


async def test_sessions_are_read_one_by_one_so_that_running_ones_reach_the_store_in_between(
    tmp_path, monkeypatch
):
    async with page_in(tmp_path) as page:
        for day in range(20, 15, -1):
            await page.memory.do(partial(hold, page, day, REPORTED))
        reads = []
        whole = PastService.recall

        def recall(self, number):
            if not reads:
                page.memory.thread.submit(reads.append, "another")
            reads.append(number)
            return whole(self, number)

        monkeypatch.setattr(PastService, "recall", recall)
        await page.get(HISTORY)
        assert reads == [1, "another", 2, 3, 4, 5]
