"""The page in use: without a script, by keyboard alone, in ten tabs, after a restart; STOP in all of them."""

import re
import signal
import time

import pytest

from blackbox_rig import until
from browser_rig import answer, demo, opened, serve_page, start, until_running
from serve_rig import add_people

# docs/architecture.md: rest after a stop, with the page and a loaded machine on top.
PROMPTLY_S = 2.0


def stop_pressed(page):
    """Press STOP; when."""
    pressed = time.time()
    page.get_by_role("button", name="STOP").click()
    return pressed


def test_without_a_script_somebody_starts_pauses_and_stops(room, browser):
    _program, url, trace = demo(room)
    page = opened(browser, url, java_script_enabled=False)
    start(page)
    trace.wait_level(1)
    until_running(page)
    assert "Live" not in page.inner_text("body")
    assert "As of " in page.inner_text("main")
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Go on with the massage").click()
    pressed = stop_pressed(page)
    page.get_by_role("heading", name="Stopped").wait_for()
    assert trace.rest_after(pressed) <= PROMPTLY_S
    trace.assert_limits()


def test_the_page_follows_live_and_a_button_acts_without_a_load(room, browser):
    _program, url, trace = demo(room)
    page = opened(browser, url)
    start(page)
    until_running(page)
    trace.wait_level(2)
    until(lambda: page.inner_text("[data-live=strength]") == "2", lambda: page.inner_text("main"))
    marks = page.locator("[data-mark=roller_left]")
    places = {marks.get_attribute("transform")}
    until(lambda: places.add(marks.get_attribute("transform")) or len(places) > 2, lambda: f"{places}")
    assert marks.get_attribute("data-presses") == "true"
    loads = len([asked for asked in page.asked if asked.endswith("/sessions/3")])
    page.get_by_role("button", name="Weaker").click()
    until(lambda: page.inner_text("[data-live=strength]") == "1", lambda: page.inner_text("main"))
    assert "it was made weaker" in page.inner_text("main")
    stronger = page.get_by_role("button", name="Stronger")
    until(stronger.is_enabled, lambda: page.inner_text("main"))
    stronger.click()
    until(lambda: page.inner_text("[data-live=strength]") == "2", lambda: page.inner_text("main"))
    assert len([asked for asked in page.asked if asked.endswith("/sessions/3")]) == loads
    pressed = stop_pressed(page)
    page.get_by_role("heading", name="Stopped").wait_for()
    assert trace.rest_after(pressed) <= PROMPTLY_S


def press_to(page, text, *, most=40):
    """Tab until something with this text has the focus, which shows; then Enter."""
    for _ in range(most):
        page.keyboard.press("Tab")
        said = page.evaluate("document.activeElement.textContent.trim()")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        if said == text:
            assert float(outline.removesuffix("px")) >= 3, text
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"the keyboard does not come to {text!r}")


def test_by_keyboard_alone_somebody_starts_and_stops_and_stop_is_the_second_key(room, browser):
    _program, url, trace = demo(room)
    page = opened(browser, url)
    for text in ("demo", "Start a massage", "Take First time", "I sit or lie well"):
        here = page.url
        press_to(page, text)
        page.wait_for_url(lambda url, here=here: url != here)
    answer(page)
    page.wait_for_url("**/confirm")
    press_to(page, "Start")
    page.wait_for_url("**/sessions/*")
    trace.wait_level(1)
    until_running(page)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "STOP"
    pressed = time.time()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Stopped").wait_for()
    assert trace.rest_after(pressed) <= PROMPTLY_S


@pytest.mark.parametrize("script", [True, False])
def test_stop_works_in_the_tenth_tab_on_a_stale_page_and_right_after_a_restart(room, browser, script):
    chair = room.simulator()
    add_people(room, "anna")
    first, url = serve_page(room, chair.place)
    port = re.search(r":(\d+)/", url)[1]
    page = opened(browser, url, java_script_enabled=script)
    start(page, "anna")
    chair.trace.wait_level(1)
    tabs = [page.context.new_page() for _ in range(9)]
    for tab in tabs:
        tab.goto(page.url)
    pressed = stop_pressed(tabs[-1])
    tabs[-1].get_by_role("heading", name="Stopped").wait_for()
    assert chair.trace.rest_after(pressed) <= PROMPTLY_S
    # It shows the end before the server dies: a browser that is just asking for a page shows its own instead.
    tabs[0].get_by_role("heading", name="The massage was stopped").wait_for()
    first.send(signal.SIGKILL)
    first.wait()
    room.wait_alone()
    _second, again = serve_page(room, chair.place, f"127.0.0.1:{port}")
    assert again == url
    # A page of before the restart, which knows nothing of it.
    stop_pressed(tabs[0])
    tabs[0].get_by_role("heading", name="Stopped").wait_for()


def test_a_page_says_within_seconds_that_it_is_not_live_and_a_stop_that_finds_nobody_says_what_to_do(
    room, browser
):
    program, url, _trace = demo(room)
    page = opened(browser, url)
    until(lambda: page.evaluate("performance.now()") > 3000, lambda: "three seconds of the page")
    assert not page.locator("#not-live").is_visible()
    program.send(signal.SIGKILL)
    killed = time.time()
    page.locator("#not-live").wait_for()
    assert time.time() - killed < 4
    assert "Not live" in page.inner_text("#not-live")
    stop_pressed(page)
    until(lambda: "its own switch" in page.inner_text("#not-live"), lambda: page.inner_text("body"))


def test_a_page_that_is_slow_to_come_is_not_begun_anew_meanwhile(room, browser):
    _program, url, _trace = demo(room)
    page = opened(browser, url)
    frames, held = [], []

    def note(frame):
        frames.append(frame)

    def hold(route):
        held.append(route)

    page.on("websocket", lambda socket: socket.on("framereceived", note))
    start(page)
    until_running(page)
    page.route(page.url, hold)
    page.get_by_role("button", name="Pause").click(no_wait_after=True)
    # Waiting on the page, the test hears of its requests and frames.
    until(lambda: page.wait_for_timeout(20) or held, lambda: f"{page.asked}")
    before = len(frames)
    until(lambda: page.wait_for_timeout(20) or len(frames) > before + 8, lambda: f"{frames[-1:]}")
    assert len(held) == 1
    held[0].continue_()
    page.get_by_role("button", name="Go on with the massage").wait_for()
