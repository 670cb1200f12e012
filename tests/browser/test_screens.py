"""Every screen of a person: axe without a violation, large targets, STOP in view, nothing from afar."""

import signal
from urllib.parse import urlsplit

from blackbox_rig import until
from browser_rig import Screens, answer, choose, demo, faulty, opened, start, until_running


def before(page, look):
    """From the first page to the last look before the start."""
    look("who")
    for path in ("/nowhere", "/stop", "/settings"):
        page.goto(path)
        look(path)
    page.goto("/")
    page.get_by_role("link", name="demo", exact=True).click()
    look("now")
    page.get_by_role("link", name="My massages").click()
    look("history")
    page.goto("/people/demo/choose")
    page.locator("summary").click()
    look("choose")
    page.goto("/")
    choose(page, "demo", "First time")
    look("posture")
    page.get_by_role("button", name="I sit or lie well").click()
    page.get_by_role("button", name="Not sure").click()
    look("sure")
    page.get_by_role("button", name="No, I want to answer again").click()
    answer(page, look)
    look("confirm")


def during(page, look):
    """From the start to STOP."""
    page.get_by_role("button", name="Start", exact=True).click()
    page.wait_for_url("**/sessions/*")
    until_running(page)
    look("running")
    page.get_by_role("link", name="Say how it feels").click()
    look("saying pain")
    page.get_by_role("button", name="2", exact=True).click()
    page.get_by_role("button", name="Nothing new").wait_for()
    look("saying feeling")
    page.get_by_role("link", name="Never mind, all is well").click()
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Go on with the massage").wait_for()
    look("paused")
    page.get_by_role("button", name="STOP").click()
    page.get_by_role("heading", name="Stopped").wait_for()
    look("stopped")


def after(page, look):
    """From STOP to the next wish for a massage."""
    page.get_by_role("link", name="See the massage of demo").click()
    page.get_by_role("link", name="Say how it went").wait_for()
    look("ended")
    page.get_by_role("link", name="Say how it went").click()
    for name in ("2", "Nothing new", "No", "Yes, that is right"):
        button = page.get_by_role("button", name=name, exact=True)
        button.wait_for()
        look(f"afterwards, before {name}")
        button.click()
    page.get_by_role("heading", name="Thank you").wait_for()
    look("thanks")
    page.goto("/people/demo/choose")
    page.get_by_text("The next one can start").wait_for()
    look("nothing to choose")


def test_every_screen_from_who_it_is_to_how_it_went(room, browser):
    _program, url, trace = demo(room)
    page = opened(browser, url)
    screens = Screens(page)
    for part in (before, during, after):
        part(page, screens.look)
    assert not screens.wrong, "\n".join(screens.wrong)
    assert {urlsplit(asked).netloc for asked in page.asked} == {urlsplit(url).netloc}
    assert [said for said in page.complaints if "404" not in said] == []
    trace.assert_limits()


def test_every_screen_of_a_connection_that_is_lost_and_of_a_page_that_is_not_live(room, browser):
    program, url, trace = faulty(room, "link_drop:6")
    page = opened(browser, url)
    screens = Screens(page)
    start(page, "anna")
    page.get_by_role("heading", name="Connection lost").wait_for()
    screens.look("connection lost")
    assert "This massager stops by itself after 1 s" in page.inner_text("main")
    program.send(signal.SIGTERM)
    program.wait()
    page.locator("#not-live").wait_for()
    until(lambda: "Not live" in page.inner_text("body"), lambda: "it says that it is not live")
    screens.look("not live")
    assert not screens.wrong, "\n".join(screens.wrong)
    assert trace.rests


def test_every_screen_of_a_session_that_was_stopped_by_its_limits(room, browser):
    _program, url, _trace = faulty(room, "silent:6")
    page = opened(browser, url)
    screens = Screens(page)
    start(page, "anna")
    page.get_by_role("heading", name="stopped for your protection").wait_for()
    screens.look("safety stop")
    assert "What to do now" in page.inner_text("main")
    page.get_by_role("button", name="I have read this").click()
    page.get_by_role("button", name="I have read this").wait_for(state="detached")
    screens.look("safety stop, read")
    assert not screens.wrong, "\n".join(screens.wrong)
