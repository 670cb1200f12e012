"""Clearances on the page: recorded as the provider gave them, ended by anybody's reason, never stretched."""

from datetime import UTC, datetime, timedelta

import pytest

from caregiver_rig import SIGN_IN, add_caregiver, caregiver_in
from massager.store import People
from web_rig import page_in

HERE = "/caregiver/people/anna/clearance"
TODAY = datetime.now(UTC).date()


def day(days):
    """So many days from today."""
    return (TODAY + timedelta(days=days)).isoformat()


AGREED = {
    "provider": "Dr Ames",
    "code": "B",
    "region": "lumbar",
    "modality": "roller",
    "given": day(-10),
    "expires": day(100),
    "why": "a letter of today",
}


async def clearances(served):
    """On anna's record."""
    return (await served.memory.do(lambda: People(served.store).get("anna"))).clearances


async def test_a_clearance_is_recorded_shown_and_ended_with_a_reason(tmp_path):
    async with caregiver_in(tmp_path) as served:
        shown = await served.post(HERE, **AGREED)
        assert "The clearance is on record." in shown.text
        assert f"Rollers, lower back: Dr Ames, given on {day(-10)}, agreed." in shown.text
        assert f"Holds until {day(100)}." in shown.text
        (one,) = await clearances(served)
        assert (one.provider, one.code) == ("Dr Ames", "B")
        link = next(tag["href"] for _, tag in shown.tags if str(tag.get("href")).startswith(f"{HERE}/"))
        refused = await served.post(link, why=" ")
        assert refused.status == 422
        assert await clearances(served)
        ended = await served.post(link, why="withdrawn by Dr Ames")
        assert "The clearance has ended." in ended.text
        assert not await clearances(served)
        assert (await served.get(link)).status == 404
        assert "Reason: withdrawn by Dr Ames" in (await served.get("/caregiver/log")).text


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("provider", " ", "This is needed."),
        ("why", "", "This is needed."),
        ("code", "A", "Choose one of these."),
        ("code", "X", "Choose one of these."),
        ("region", "tail", "Choose one of these."),
        ("modality", "", "Choose one of these."),
        ("given", "soon", "Choose a day"),
        ("expires", "2026-02-30", "Choose a day"),
        ("expires", day(-20), "holds for 1 to 366 days"),
        ("expires", day(380), "holds for 1 to 366 days"),
    ],
)
async def test_what_is_wrong_stands_beside_its_field_and_nothing_is_recorded(tmp_path, field, value, said):
    async with caregiver_in(tmp_path) as served:
        shown = await served.post(HERE, **(AGREED | {field: value}))
        assert shown.status == 422
        assert said in shown.text
        assert f'id="wrong-{field}"' in shown.html
        assert field == "provider" or 'value="Dr Ames"' in shown.html
        assert not await clearances(served)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"given": day(3), "expires": day(30)}, "in the future"),
        ({"given": day(-30), "expires": day(-3)}, "has expired"),
    ],
)
async def test_the_rules_of_the_service_hold(tmp_path, fields, said):
    async with caregiver_in(tmp_path) as served:
        shown = await served.post(HERE, **(AGREED | fields))
        assert (shown.status, said in shown.text) == (409, True)
        assert not await clearances(served)
        await served.post(HERE, **AGREED)
        again = await served.post(HERE, **AGREED)
        assert (again.status, "on record already" in again.text) == (409, True)


async def test_none_is_added_while_the_person_is_in_a_session_but_one_may_end(tmp_path):
    async with caregiver_in(tmp_path) as served:
        shown = await served.post(HERE, **AGREED)
        link = next(tag["href"] for _, tag in shown.tags if str(tag.get("href")).startswith(f"{HERE}/"))
        number = await served.start()
        await served.until_pressing(number)
        refused = await served.post(HERE, **(AGREED | {"provider": "Dr Bell"}))
        assert (refused.status, "is in session" in refused.text) == (409, True)
        assert len(await clearances(served)) == 1
        await served.post(link, why="withdrawn")
        assert not await clearances(served)
        await served.until(lambda: served.core.massage.ending(number))
        assert served.core.massage.ending(number).reason == "limits-changed"


async def test_nobody_records_one_without_signing_in(tmp_path):
    async with page_in(tmp_path) as served:
        await add_caregiver(served)
        for answer in (await served.browser.get(HERE), await served.browser.post(HERE, data=AGREED)):
            assert (answer.status_code, answer.headers["location"]) == (303, f"{SIGN_IN}?next={HERE}")
        assert not await clearances(served)
