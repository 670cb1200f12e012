"""The log on the page: who did what and why, from what into what; whole or not; and the same as a file."""

import csv
import io
import json
import re
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

import massager
from caregiver_rig import SIGN_IN, add_caregiver, caregiver_in, sign_in
from core_rig import BY
from massager.app.moments import moment
from massager.model.body import Zone
from massager.session.history import Filter, HistoryService
from massager.store import Entry, Journal, People, Record, chain
from massager.texts import LANGUAGES
from massager.web.caregiver.log import PAGE
from massager.web.caregiver.log_words import KINDS, line
from people_rig import PASSPHRASE
from web_rig import page_in

LOG = "/caregiver/log"
WRONG = "not the right words"
# As the rooms below write into the journal.
WRITES = (
    r'\.note\(\s*"([a-z-]+)"',
    r'\bact\(\s*"([a-z-]+)"',
    r'_tell\(connection, [\w.]+, now, "([a-z-]+)"',
    r'_scribe\.add\(self\.session, "([a-z-]+)"',
    r'_TESTED: Final = "([a-z-]+)"',
)


async def change(served, why, **fields):
    """A change of anna's record."""
    people = People(served.store)

    def write():
        old = people.get("anna")
        new = replace(old, **fields)
        people.change(old, new, by=BY, why=why, now=moment(), between_sessions=False)

    await served.memory.do(write)


def numbers(shown):
    """Of the entries on a page, from the top."""
    return [int(found) for found in re.findall(r'id="entry-(\d+)"', shown.html)]


def test_every_kind_that_is_ever_written_has_words_and_nothing_else_has():
    written = set()
    for path in Path(massager.__file__).parent.rglob("*.py"):
        for pattern in WRITES:
            written |= set(re.findall(pattern, path.read_text()))
    named = [kind for of in KINDS.values() for kind in of]
    assert len(named) == len(set(named))
    assert set(named) == written


async def test_a_change_is_told_with_who_why_and_from_what_into_what(tmp_path):
    async with caregiver_in(tmp_path) as served:
        await change(served, "tired this week", session_min=8, zone_permille={Zone.L1_L3: 200})
        shown = await served.get(LOG)
        assert "Record changed: anna" in shown.text
        assert "By test, caregiver." in shown.text
        assert "Reason: tired this week" in shown.text
        assert re.search("Longest massage no .{,30}limit.{,30} 8 minutes", shown.text)
        assert re.search(r"lower back, at the waist \(L1-L3\) no .{,30}limit.{,30} 20 %", shown.text)
        assert numbers(shown) == sorted(numbers(shown), reverse=True)


async def test_the_log_is_filtered_by_person_kind_and_time_and_has_no_measurements_unasked(tmp_path):
    async with caregiver_in(tmp_path) as served:
        number = await served.start()
        await served.until_pressing(number)
        await served.post("/stop")
        await served.until(lambda: served.core.massage.ending(number))
        await served.core.massage.wait_settled(number)
        everything = (await served.get(LOG)).text
        assert "Measurement" not in everything
        assert "Massage ended: anna" in everything
        fine = (await served.get(f"{LOG}?topic=fine")).text
        assert "Measurement" in fine
        sessions = (await served.get(f"{LOG}?topic=sessions&person=anna")).text
        assert "Massage asked for: anna" in sessions
        assert "Signed in" not in sessions.partition("Show these")[2]
        of_ben = (await served.get(f"{LOG}?topic=sessions&person=ben+b%2Fc&since=1")).text
        assert "Nothing of that kind is on record." in of_ben
        odd = await served.get(f"{LOG}?topic=odd&person=nobody&since=x&before=99999999999999999999")
        assert odd.status == 200


async def test_older_entries_are_a_page_away_and_none_is_left_out(tmp_path):
    async with caregiver_in(tmp_path) as served:
        for number in range(PAGE + 5):
            await change(served, f"reason {number}", usual_pain=number % 2)
        first = await served.get(LOG)
        older = next(one["href"] for tag, one in first.tags if "before=" in str(one.get("href")))
        second = await served.get(older.replace("&amp;", "&"))
        head = await served.memory.do(Journal(served.store).head)
        found = numbers(first) + numbers(second)
        assert found == list(range(head, 0, -1))[: len(found)]
        assert len(found) > PAGE
        assert "Back to the newest" in second.text


async def test_the_chain_is_checked_and_whoever_changed_the_store_from_outside_is_told_on(tmp_path):
    async with caregiver_in(tmp_path) as served:
        whole = await served.get(f"{LOG}/check")
        head = await served.memory.do(Journal(served.store).head)
        assert f"All {head} entries are as they were written." in whole.text

        def alter():
            with served.store.transaction() as connection:
                for trigger in connection.execute(
                    text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
                ).scalars():
                    connection.execute(text(f"DROP TRIGGER {trigger}"))
                connection.execute(text("UPDATE journal SET code = 'fine' WHERE seq = 2"))

        await served.memory.do(alter)
        broken = await served.get(f"{LOG}/check")
        assert "The log was changed from outside" in broken.text
        assert "The first 1 entries are as they were written. Then: row 2 was altered." in broken.text


async def test_others_may_use_the_store_between_two_steps_of_a_check(tmp_path, monkeypatch):
    monkeypatch.setattr(chain, "_BATCH", 2)
    async with page_in(tmp_path) as served:
        history = HistoryService(served.store)
        steps = await served.memory.do(history.verifying)
        said = [await served.memory.do(partial(next, steps))]
        await change(served, "meanwhile", usual_pain=5)
        while said[-1] is None:
            said.append(await served.memory.do(partial(next, steps)))
        assert len(said) > 2
        assert said[-1].first_bad is None
        assert said[-1].rows == await served.memory.do(history.head)


async def test_the_files_have_every_entry_that_the_page_would_show_and_no_formula(tmp_path):
    async with caregiver_in(tmp_path) as served:
        await change(served, "=HYPERLINK(1)", usual_pain=7)
        wanted = Filter(person="anna")
        entries = await served.memory.do(lambda: list(HistoryService(served.store).entries(wanted)))
        answer = await served.browser.get(f"{LOG}/log.jsonl?person=anna")
        assert "attachment" in answer.headers["content-disposition"]
        lines = [json.loads(one) for one in answer.text.splitlines()]
        assert [one["seq"] for one in lines] == [entry.seq for entry in entries]
        assert lines[-1]["record"]["facts"]["why"] == "=HYPERLINK(1)"
        answer = await served.browser.get(f"{LOG}/log.csv?person=anna")
        assert answer.headers["content-type"].startswith("text/csv")
        rows = list(csv.DictReader(io.StringIO(answer.text)))
        assert [int(row["number"]) for row in rows] == [entry.seq for entry in entries]
        assert [row["hash"] for row in rows] == [entry.hash for entry in entries]
        assert rows[-1]["why"] == "'=HYPERLINK(1)"


@pytest.mark.parametrize("path", ["", "/check", "/log.csv", "/log.jsonl"])
async def test_nobody_reads_the_log_without_signing_in(tmp_path, path):
    async with page_in(tmp_path) as served:
        await add_caregiver(served)
        answer = await served.browser.get(f"{LOG}{path}")
        assert (answer.status_code, answer.headers["location"]) == (303, f"{SIGN_IN}?next={LOG}{path}")


async def test_no_passphrase_ever_stands_in_the_log(tmp_path):
    async with caregiver_in(tmp_path) as served:
        await sign_in(served, passphrase=WRONG)
        written = (await served.browser.get(f"{LOG}/log.jsonl?topic=fine")).text
        assert "sign-in-failed" in written
        assert PASSPHRASE not in written
        assert WRONG not in written


@pytest.mark.parametrize(
    ("kind", "facts", "told"),
    [
        ("lockout", {"who": "x", "cause": "a cause of later"}, ""),
        ("person-change", {"who": "x", "changes": {"shoe": [41, 42]}}, ""),
        ("a-kind-of-later", {"figure": 1}, "code"),
        ("trip", {"outcome": {}}, "code"),
        ("decision", {}, "code"),
        ("person-change", None, "What stood here was taken out when the person was forgotten."),
    ],
)
def test_what_a_later_version_wrote_is_shown_as_it_stands(kind, facts, told):
    record = Record(None, None, 0, 0, kind, "code", facts)
    found = line(LANGUAGES["en"], Entry(1, record, ""))
    assert found.text == told
    if facts and "changes" in facts:
        assert found.changes == (("shoe", "41", "42"),)
