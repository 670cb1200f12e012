"""Lockouts on the page: set at once, ended only with a reason, in time, and by whom it takes."""

from functools import partial

import pytest

from caregiver_rig import CARA, SIGN_IN, add_caregiver, caregiver_in
from core_rig import BY
from massager.app.moments import moment
from massager.model.history import Authority, LockCause
from massager.store import Journal, Lockouts
from web_rig import page_in

HERE = "/caregiver/people/anna/lockouts"


async def lock(served, *, authority=Authority.CAREGIVER, wait_s=0, cause=LockCause.PAIN):
    """A lockout of anna; its number."""
    job = partial(
        Lockouts(served.store).add,
        "anna",
        cause=cause,
        authority=authority,
        wait_s=wait_s,
        note="seen by a test",
        by=BY,
        now=moment(),
    )
    return (await served.memory.do(job)).number


async def last(served):
    """The newest entry of the journal."""
    (entry,) = await served.memory.do(partial(Journal(served.store).latest, limit=1))
    return entry.record


async def test_a_caregiver_locks_out_with_a_note_and_both_names_are_in_the_log(tmp_path):
    async with caregiver_in(tmp_path) as served:
        empty = await served.post(HERE, note=" ")
        assert empty.status == 422
        assert not await served.lockouts()
        shown = await served.post(HERE, note="a bruise on the left")
        assert "The lockout holds." in shown.text
        assert "Note: a bruise on the left" in shown.text
        (lockout,) = await served.lockouts()
        assert lockout.cause is LockCause.SET_BY_HAND
        record = await last(served)
        assert (record.kind, record.code, record.facts["who"]) == ("lockout", "caregiver", CARA)
        assert "Massages are locked until a caregiver ends that." in (await served.get("/people/anna")).text


async def test_locking_out_stops_a_massage_that_runs(tmp_path):
    async with caregiver_in(tmp_path) as served:
        number = await served.start()
        await served.until_pressing(number)
        await served.post(HERE, note="she looks unwell")
        await served.until(lambda: served.core.massage.ending(number))
        assert served.core.massage.ending(number).reason == "locked-out"


async def test_a_lockout_ends_with_a_reason_and_not_without(tmp_path):
    async with caregiver_in(tmp_path) as served:
        number = await lock(served)
        assert "Pain in a session" in (await served.get(HERE)).text
        refused = await served.post(f"{HERE}/{number}", why="  ")
        assert refused.status == 422
        assert "This is needed." in refused.text
        assert await served.lockouts()
        shown = await served.post(f"{HERE}/{number}", why="the pain is gone")
        assert (shown.path, "The lockout has ended." in shown.text) == (HERE, True)
        assert not await served.lockouts()
        record = await last(served)
        assert (record.kind, record.facts["who"], record.facts["why"]) == (
            "lockout-cleared",
            CARA,
            "the pain is gone",
        )
        assert (await served.post(f"{HERE}/{number}", why="again")).status == 404


async def test_some_end_only_where_a_provider_is_named(tmp_path):
    async with caregiver_in(tmp_path) as served:
        number = await lock(served, authority=Authority.PROVIDER)
        assert "only after a healthcare provider was consulted" in (await served.get(HERE)).text
        refused = await served.post(f"{HERE}/{number}", why="well again", provider=" ")
        assert refused.status == 422
        assert 'name="why" value="well again"' in refused.html
        assert await served.lockouts()
        await served.post(f"{HERE}/{number}", why="well again", provider="Dr Ames")
        assert not await served.lockouts()
        assert (await last(served)).facts["why"] == "Dr Ames was consulted: well again"


async def test_none_ends_before_its_time_whoever_asks(tmp_path):
    async with caregiver_in(tmp_path) as served:
        number = await lock(served, wait_s=3600)
        assert "Not before" in (await served.get(f"{HERE}/{number}")).text
        refused = await served.post(f"{HERE}/{number}", why="it is well", provider="Dr Ames")
        assert refused.status == 409
        assert "cannot be cleared before" in refused.text
        assert await served.lockouts()


@pytest.mark.parametrize("path", [HERE, f"{HERE}/1"])
async def test_nobody_ends_or_sees_one_here_without_signing_in(tmp_path, path):
    async with page_in(tmp_path) as served:
        await add_caregiver(served)
        await lock(served)
        for answer in (
            await served.browser.get(path),
            await served.browser.post(path, data={"why": "because", "provider": "x", "note": "y"}),
        ):
            assert (answer.status_code, answer.headers["location"]) == (303, f"{SIGN_IN}?next={path}")
        assert len(await served.lockouts()) == 1


async def test_a_person_or_a_lockout_that_there_is_not_is_told(tmp_path):
    async with caregiver_in(tmp_path) as served:
        for path in ("/caregiver/people/nobody/lockouts", f"{HERE}/7", f"{HERE}/seven", f"{HERE}/{2**63}"):
            shown = await served.get(path)
            assert (shown.status, shown.has_stop) == (404, True), path
