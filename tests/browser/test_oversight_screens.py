"""Where a caregiver looks on and sets somebody up: axe, targets, STOP; live; with a real massager."""

import re
from datetime import UTC, datetime, timedelta

from blackbox_rig import until
from browser_rig import PASSPHRASE, Screens, answer, opened, with_caregiver

SET_UP = "/caregiver/set-up/people/anna"


def office(room, browser, **how):
    """A page on which cara has signed in, of a core on a simulated chair that nobody has added yet."""
    url, chair = with_caregiver(room)
    page = opened(browser, url, **how)
    page.goto("/caregiver")
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Sign in as a caregiver").click()
    page.get_by_role("heading", name="Overview").wait_for()
    return page, chair


def add_chair(page, look=lambda _name: None):
    """Find the simulated chair and add it."""
    page.goto("/caregiver/set-up")
    look("set-up")
    page.get_by_role("link", name="Find massagers").click()
    look("find")
    page.get_by_role("button", name="Look now").click()
    page.get_by_role("button", name=re.compile("^Add ")).wait_for()
    look("found")
    page.get_by_role("button", name=re.compile("^Add ")).click()
    page.get_by_text("It confirmed a stop and is at rest.").wait_for()
    look("added")


def try_out(page):
    """From the set-up of anna to a test that presses."""
    page.goto(SET_UP)
    page.get_by_role("link", name="Try places out").click()
    page.get_by_role("button", name="Try out with First time").click()
    page.get_by_role("button", name="I sit or lie well").click()
    answer(page)
    page.get_by_role("button", name="Start", exact=True).click()
    page.wait_for_url("**/sessions/*")


def pressing(page):
    """Wait until the live view shows that it presses."""
    strength = page.locator("[data-live=strength]")
    until(lambda: re.fullmatch("[1-9]", strength.inner_text()), lambda: page.inner_text("main"))


def test_a_massager_is_found_added_measured_and_tried_out_and_every_screen_of_it(room, browser):
    page, chair = office(room, browser)
    screens = Screens(page)
    add_chair(page, screens.look)
    page.goto(SET_UP)
    screens.look("set-up of anna")
    page.get_by_role("link", name="Measure again").click()
    screens.look("measure")
    page.get_by_label("C7, in mm").fill("400")
    page.get_by_role("button", name="Read it back").click()
    page.get_by_role("alert").wait_for()
    screens.look("measure, wrong")
    page.get_by_label("C7, in mm").fill("40")
    page.get_by_role("button", name="Read it back").click()
    page.get_by_role("heading", name="Is this right?").wait_for()
    screens.look("measured")
    page.get_by_role("button", name="Yes, that is right").click()
    page.goto(f"{SET_UP}/test")
    screens.look("what to try out")
    try_out(page)
    page.goto("/caregiver/live")
    pressing(page)
    screens.look("live")
    chair.trace.wait_level(1)
    page.get_by_role("button", name="STOP").click()
    page.get_by_role("heading", name="Stopped").wait_for()
    page.goto(SET_UP)
    until(
        lambda: page.reload() and page.get_by_text("Was it in the right place").count(),
        lambda: page.inner_text("main"),
    )
    screens.look("places to say")
    page.get_by_role("button", name="No: measure again").click()
    page.get_by_text("is taken back").wait_for()
    screens.look("wrong place")
    assert max(chair.trace.levels) <= 2
    chair.trace.assert_limits()
    assert not screens.wrong, "\n".join(screens.wrong)
    assert [said for said in page.complaints if "422" not in said] == []


def test_every_screen_of_log_lockouts_and_clearances(room, browser):
    page, _chair = office(room, browser)
    screens = Screens(page)
    page.goto("/caregiver/people/anna/lockouts")
    screens.look("no lockout")
    page.get_by_label("Why, for whoever ends it").fill("a bruise on the left")
    page.get_by_role("button", name="Lock out now").click()
    page.get_by_text("The lockout holds.").wait_for()
    screens.look("locked out")
    page.get_by_role("link", name="End this lockout").click()
    screens.look("end a lockout")
    page.get_by_label("Why it may end").fill("the bruise is gone")
    page.get_by_role("button", name="End this lockout").click()
    page.get_by_text("The lockout has ended.").wait_for()
    page.goto("/caregiver/people/anna/clearance")
    screens.look("no clearance")
    today = datetime.now(UTC).date()
    page.get_by_label("Name of the healthcare provider").fill("Dr Ames")
    page.get_by_label("How it was given").select_option("Agreed (B)")
    page.get_by_label("Part of the back").select_option("Lower back")
    page.get_by_label("Kind of massage").select_option("Rollers")
    page.get_by_label("Day it was given").fill(today.isoformat())
    page.get_by_label("First day on which").fill((today + timedelta(days=900)).isoformat())
    page.get_by_label("Note for the log").fill("a letter")
    page.get_by_role("button", name="Record it").click()
    page.get_by_role("alert").filter(has_text="holds for 1 to 366 days").wait_for()
    screens.look("clearance, wrong")
    page.get_by_label("First day on which").fill((today + timedelta(days=90)).isoformat())
    page.get_by_role("button", name="Record it").click()
    page.get_by_text("The clearance is on record.").wait_for()
    screens.look("clearance")
    page.get_by_role("link", name="End this clearance").click()
    screens.look("end a clearance")
    page.goto("/caregiver/log")
    screens.look("log")
    page.get_by_role("link", name="Check the chain").click()
    page.get_by_role("heading", name="Nothing was changed from outside").wait_for()
    screens.look("chain")
    page.goto("/caregiver/live")
    screens.look("nothing runs")
    assert not screens.wrong, "\n".join(screens.wrong)
    assert [said for said in page.complaints if "422" not in said] == []


def test_the_live_view_follows_without_a_load_and_is_drawn_anew_when_one_more_runs_or_less(room, browser):
    page, chair = office(room, browser)
    add_chair(page)
    looking = page.context.new_page()
    looking.goto("/caregiver/live")
    looking.get_by_text("No massage runs now.").wait_for()
    try_out(page)
    looking.get_by_role("heading", name="anna on").wait_for()
    loads = []
    looking.on("load", lambda _page: loads.append(1))
    pressing(looking)
    left = looking.locator("[data-live=left]")
    seen = {left.inner_text()}
    until(lambda: seen.add(left.inner_text()) or len(seen) > 3, lambda: f"{seen}")
    assert not loads
    page.get_by_role("button", name="STOP").click()
    looking.get_by_role("heading", name="The last ones").wait_for()
    assert chair.trace.rests


def test_without_a_script_a_caregiver_follows_and_ends_a_lockout(room, browser):
    page, _chair = office(room, browser, java_script_enabled=False)
    page.goto("/caregiver/people/anna/lockouts")
    page.get_by_label("Why, for whoever ends it").fill("a bruise")
    page.get_by_role("button", name="Lock out now").click()
    page.get_by_role("link", name="End this lockout").click()
    page.get_by_label("Why it may end").fill("it is gone")
    page.get_by_role("button", name="End this lockout").click()
    assert "Nothing locks anna out." in page.inner_text("main")
    page.goto("/caregiver/log")
    assert "Reason: it is gone" in page.inner_text("main")
    page.goto("/caregiver/live")
    assert "As of " in page.inner_text("main")
