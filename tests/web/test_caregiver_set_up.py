"""Set-up: massagers found and added, somebody measured, each place tried out at the lowest strength."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from caregiver_rig import SIGN_IN, add_caregiver, caregiver_in
from core_rig import BY
from massager.app import page as app_page
from massager.app.moments import moment
from massager.guardian.nearby import Nearby
from massager.model.body import Calibration, Zone
from massager.model.errors import LinkError
from massager.store import Devices, Journal, People, demo_person
from web_rig import page_in

SET_UP = "/caregiver/set-up"
FIND = f"{SET_UP}/find"
ANNA = f"{SET_UP}/people/anna"
LANDMARKS = {"on": "left", "c7": "45", "psis": "549", "error": "20"}


async def record(served):
    """What is on record of anna."""
    return await served.memory.do(lambda: People(served.store).get("anna"))


async def put(served, person):
    """Put another record in its place."""
    old = await record(served)
    job = {"by": BY, "why": "test", "now": moment(), "between_sessions": False}
    await served.memory.do(lambda: People(served.store).change(old, person, **job))


async def try_out(served):
    """A test of places, stopped as soon as it presses; its number."""
    shown = await served.post(f"{ANNA}/test", on="left", program="first-time")
    assert shown.path.endswith("/posture"), shown.text
    visit = shown.path.removesuffix("/posture")
    await served.post(f"{visit}/posture")
    await served.answer(visit)
    running = await served.post(f"{visit}/confirm")
    number = int(running.path.rsplit("/", 1)[1])
    await served.until_pressing(number)
    level = served.core.massage.snapshot(number).reported
    await served.post("/stop")
    await served.until(lambda: served.core.massage.ending(number))
    await served.core.massage.wait_settled(number)
    return number, level


async def test_the_beginning_names_massagers_and_people_and_leads_on(tmp_path):
    async with caregiver_in(tmp_path) as served:
        shown = await served.get(SET_UP)
        assert "Reference roller chair (left)" in shown.text
        links = {one.get("href") for _tag, one in shown.tags}
        assert {FIND, ANNA, f"{SET_UP}/people/ben%2520b%252Fc"} <= links
        which = await served.get(ANNA)
        assert "Which massager?" in which.text
        assert f"{ANNA}?on=left" in {one.get("href") for _tag, one in which.tags}


async def test_what_is_within_reach_is_listed_after_a_look_with_what_can_be_added(tmp_path, monkeypatch):
    async def heard(_radio, _seconds, _profiles):
        return (
            Nearby("C0:1", "Chair", -50, "chair"),
            Nearby("C0:9", "Cushion", -90, "cushion"),
            Nearby("AA:1", "", -60, None),
        )

    monkeypatch.setattr(app_page, "nearby", heard)
    async with caregiver_in(tmp_path) as served:
        assert "C0:9" not in (await served.get(FIND)).text
        shown = await served.post(FIND)
        assert shown.path == FIND
        assert "Known here as left." in shown.text
        assert "bring it nearer" in shown.text
        assert "cannot be used" in shown.text
        offered = [one["value"] for tag, one in shown.tags if tag == "input" and one["name"] == "address"]
        assert offered == ["C0:9"]


async def test_a_radio_that_does_not_work_is_told_once(tmp_path, monkeypatch):
    async def broken(*_what):
        raise LinkError("The radio is switched off.")

    monkeypatch.setattr(app_page, "nearby", broken)
    async with caregiver_in(tmp_path) as served:
        assert "The radio is switched off." in (await served.post(FIND)).text
        assert "The radio is switched off." not in (await served.get(FIND)).text


async def test_adding_one_connects_it_for_the_caregiver_who_asks(tmp_path, monkeypatch):
    asked = {}

    async def pair(address, *, by, do, store, **more):
        asked.update(more, address=address, by=by)
        device = replace((await do(Devices(store).all))[0], name="cushion", address=address)
        await do(lambda: Devices(store).add(device, by=by, now=moment()))
        return device

    monkeypatch.setattr(app_page, "pair", pair)
    async with caregiver_in(tmp_path) as served:
        shown = await served.post(FIND, address="C0:9")
        assert "cushion is added." in shown.text
        assert (asked["address"], asked["by"].name, asked["by"].role) == ("C0:9", "cara", "caregiver")
        assert "cushion" in (await served.get(SET_UP)).text


async def test_what_is_missing_is_named_until_nothing_is(tmp_path):
    async with caregiver_in(tmp_path) as served:
        bare = replace(
            demo_person(),
            name="anna",
            conditions=MappingProxyType({}),
            attested=False,
            screened=False,
            calibrations=MappingProxyType({}),
        )
        await put(served, bare)
        shown = await served.get(f"{ANNA}?on=left")
        for words in (
            "Missing: where the spine is narrowed",
            "Missing: whether a healthcare provider was asked",
            "Missing: the questions before the first massage",
            "Not measured on this massager yet.",
            "First complete what is missing above.",
        ):
            assert words in shown.text, words
        await put(served, replace(demo_person(), name="anna"))
        shown = await served.get(f"{ANNA}?on=left")
        assert "Missing:" not in shown.text
        assert "Nothing is missing." in shown.text


async def test_landmarks_are_read_back_and_only_then_saved_with_a_reason(tmp_path):
    async with caregiver_in(tmp_path) as served:
        before = (await record(served)).calibrations["chair"]
        shown = await served.post(f"{ANNA}/measure", **LANDMARKS)
        assert "Is this right?" in shown.text
        assert "40 → 45" in shown.text
        assert (await record(served)).calibrations["chair"] == before
        unexplained = await served.post(f"{ANNA}/measure", **LANDMARKS, sure="yes", why=" ")
        assert unexplained.status == 422
        saved = await served.post(f"{ANNA}/measure", **LANDMARKS, sure="yes", why="measured anew")
        assert saved.path == ANNA
        assert (await record(served)).calibrations["chair"] == Calibration(45, 549, 20)
        assert "Reason: measured anew" in (await served.get("/caregiver/log")).text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"c7": "high"}, "Write whole millimetres"),
        ({"c7": "4.5"}, "Write whole millimetres"),
        ({"c7": ""}, "Write whole millimetres"),
        ({"c7": "400"}, "must lie 358 to 609 mm apart"),
        ({"error": "5"}, "at least 10 mm"),
        ({"c7": "90", "psis": "600"}, "0 to 580 mm"),
    ],
)
async def test_landmarks_of_nobody_or_off_the_way_are_told_and_what_was_typed_stays(tmp_path, typed, said):
    async with caregiver_in(tmp_path) as served:
        await put(served, replace(await record(served), calibrations=MappingProxyType({})))
        fields = LANDMARKS | typed
        for sure in ({}, {"sure": "yes", "why": "because"}):
            shown = await served.post(f"{ANNA}/measure", **fields, **sure)
            assert (shown.status, said in shown.text) == (422, True), shown.text
        assert f'name="psis" value="{fields["psis"]}"' in shown.html
        assert not (await record(served)).calibrations


async def test_landmarks_that_do_not_fit_the_body_height_are_told(tmp_path):
    async with caregiver_in(tmp_path) as served:
        await put(served, replace(await record(served), stature_mm=1300, calibrations=MappingProxyType({})))
        shown = await served.post(f"{ANNA}/measure", **LANDMARKS)
        assert (shown.status, "do not fit a body height of 130 cm" in shown.text) == (422, True)


async def test_nobody_is_measured_anew_in_a_session(tmp_path):
    async with caregiver_in(tmp_path) as served:
        number = await served.start()
        await served.until_pressing(number)
        shown = await served.post(f"{ANNA}/measure", **LANDMARKS, sure="yes", why="measured")
        assert (shown.status, "is in session" in shown.text) == (422, True)
        assert served.core.massage.ending(number) is None


async def test_a_place_is_tried_out_at_the_lowest_strength_by_a_massage_like_any_other(tmp_path):
    async with caregiver_in(tmp_path) as served:
        assert "Was it in the right place" not in (await served.get(f"{ANNA}?on=left")).text
        offered = await served.get(f"{ANNA}/test?on=left")
        assert "Try out with First time" in offered.text
        number, level = await try_out(served)
        assert level == 1
        bound = served.core.massage.basis(number).order.caller_permille
        assert bound == 50
        shown = await served.get(f"{ANNA}?on=left")
        assert shown.text.count("Was it in the right place") == 1
        assert "Say how it went" in (await served.get("/people/anna")).text, "it counts like any other"


async def test_yes_keeps_the_landmarks_and_is_in_the_log(tmp_path):
    async with caregiver_in(tmp_path) as served:
        await try_out(served)
        before = (await record(served)).calibrations
        shown = await served.post(ANNA, on="left", zone="L4-S1", right="yes")
        assert "Tried out: it was in the right place." in shown.text
        assert "Was it in the right place" not in shown.text
        assert (await record(served)).calibrations == before
        log = await served.get("/caregiver/log?topic=changes")
        assert "Place tested at set-up: anna" in log.text
        assert "Lower back, just above the pelvis: yes" in log.text


async def test_no_takes_the_landmarks_back_and_nothing_starts_before_they_are_measured_again(tmp_path):
    async with caregiver_in(tmp_path) as served:
        await try_out(served)
        shown = await served.post(ANNA, on="left", zone="L4-S1", right="no")
        assert "What was measured on this massager is taken back." in shown.text
        assert "Not measured on this massager yet." in shown.text
        assert "Was it in the right place" not in shown.text, "what was tried out was with the old ones"
        assert "Tried out" not in shown.text
        left = (await record(served)).calibrations
        assert "chair" not in left
        assert "cushion" in left
        assert "Nothing can be tried out now" in (await served.get(f"{ANNA}/test?on=left")).text
        await served.post(f"{ANNA}/measure", **LANDMARKS, sure="yes", why="measured again")
        anew = await served.get(f"{ANNA}?on=left")
        assert "Measured on this massager." in anew.text
        assert "Was it in the right place" not in anew.text
        assert "Tried out" not in anew.text


@pytest.mark.parametrize("zone", [Zone.T1_T4, "tail", ""])
async def test_nobody_says_anything_of_a_place_that_was_not_tried_out(tmp_path, zone):
    async with caregiver_in(tmp_path) as served:
        head = await served.memory.do(Journal(served.store).head)
        await served.post(ANNA, on="left", zone=zone, right="no")
        assert await served.memory.do(Journal(served.store).head) == head
        assert "chair" in (await record(served)).calibrations


@pytest.mark.parametrize("path", [SET_UP, FIND, ANNA, f"{ANNA}/measure", f"{ANNA}/test"])
async def test_nobody_sets_anything_up_without_signing_in(tmp_path, path):
    async with page_in(tmp_path) as served:
        await add_caregiver(served)
        answers = [await served.browser.get(path)]
        if path != SET_UP:
            fields = LANDMARKS | {
                "sure": "yes",
                "why": "x",
                "zone": "L4-S1",
                "right": "no",
                "address": "C0:1",
            }
            answers.append(await served.browser.post(path, data=fields))
        for answer in answers:
            assert (answer.status_code, answer.headers["location"]) == (303, f"{SIGN_IN}?next={path}")
