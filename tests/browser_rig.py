"""The system's Chromium on the page of a real core with a simulated massager; what every screen must keep.

As blackbox_rig: nothing here imports the product into this process.
"""

import os
import re
import shutil
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

import page_pictures
from blackbox_rig import Trace, until
from serve_rig import add_people

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",  # it runs as root in containers
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# Chosen: whatever a loaded machine needs; nothing here asserts a time by it.
PATIENCE_MS = 90_000
PASSPHRASE = "correct horse battery"  # noqa: S105 - nobody's
TARGET_PX, STOP_PX, TEXT_PX = 64, 112, 20
# Width, height, colours, text in percent of the page's own.
LOOKS = (
    (390, 844, "light", 100),
    (390, 844, "dark", 100),
    (320, 640, "light", 200),
    (768, 1024, "light", 100),
    (1280, 800, "dark", 100),
)
_RULES = {"target-size": {"enabled": True}, "color-contrast-enhanced": {"enabled": True}}


def missing():
    """Why there are no tests with a browser here; empty where there are."""
    if not Path(CHROMIUM).exists():
        return "no Chromium here: apt install chromium"
    try:
        import axe_playwright_python  # noqa: F401, PLC0415 - only whether it is there
        import playwright  # noqa: F401, PLC0415 - as above
    except ImportError:
        return "no Playwright here: pip install 'massager[browser-tests]'"
    return ""


def require():
    """Leave the test out where there is no browser, and say so; where CI is set it fails."""
    why = missing()
    if why:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(why)


@contextmanager
def chromium():
    """A browser."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - it may not be there

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def opened(browser, url, **how):
    """A page in a context of its own, which notes what it asked for and complained about."""
    context = browser.new_context(base_url=url, viewport={"width": 390, "height": 844}, **how)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.asked, page.complaints = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
    page.goto("/")
    return page


def demo(room, *options):
    """`massager demo`, its page's address, and what the simulated massager does."""
    file = room.folder / "demo.jsonl"
    program = room.massager("demo", "--trace", file, *options)
    program.wait_said("Ctrl-C ends the demo.")
    return program, re.search(r"Open (\S+) ", program.said)[1], Trace(file)


def serve_page(room, place, web="127.0.0.1:0"):
    """A core on an air, and its page's address."""
    program = room.massager("serve", "--radio", place, "--web", web)
    program.wait_said("ready")
    # On the other output, which may be read later.
    program.wait_said("page at ")
    return program, re.search(r"page at (\S+)", program.said)[1]


def with_caregiver(room):
    """A chair, anna on record and cara to look after her: a core's page, and the chair."""
    add_people(room, "anna")
    secret = room.folder / "passphrase"
    secret.touch(0o600)
    secret.write_text(f"{PASSPHRASE}\n")
    added = room.finished("caregiver", "add", "cara", "--new-passphrase-file", secret)
    assert "may sign in" in added.said, added.said
    chair = room.simulator()
    _program, url = serve_page(room, chair.place)
    return url, chair


def faulty(room, fault):
    """A chair with a fault, anna on record, and a core with a page."""
    chair = room.simulator(fault)
    add_people(room, "anna")
    program, url = serve_page(room, chair.place)
    return program, url, chair.trace


def choose(page, person, program):
    """From the first page to the first question."""
    page.get_by_role("link", name=person, exact=True).click()
    page.get_by_role("link", name="Start a massage").click()
    button = page.get_by_role("button", name=f"Take {program}", exact=True)
    page.get_by_role("heading", name="Choose a massage").wait_for()
    if not button.is_visible():
        page.locator("summary").click()
    button.click()


WELL = {"reaction": "Nothing", "pain": "2", "skin": "Nowhere: the skin is well", "stop-reachable": "Yes"}


def answer(page, look=lambda _name: None):
    """All questions, well; `look` is called at one of each kind."""
    while "/questions/" in page.url:
        question = page.url.rsplit("/", 1)[1]
        if question in {"saddle", *WELL}:
            look(f"question {question}")
        page.get_by_role("button", name=WELL.get(question, "No"), exact=True).click()
        page.wait_for_url(lambda url, question=question: not url.endswith(question))


def start(page, person="demo", program="First time"):
    """All the way to a session that runs."""
    choose(page, person, program)
    page.get_by_role("button", name="I sit or lie well").click()
    answer(page)
    page.get_by_role("button", name="Start", exact=True).click()
    page.wait_for_url("**/sessions/*")


def until_running(page):
    """Wait until it presses."""
    until(lambda: re.search(r"Strength\s+[1-9]", page.inner_text("main")), lambda: page.inner_text("main"))


class Screens:
    """Looks at every screen as different people see it."""

    def __init__(self, page):
        from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - it may not be there

        self._axe = Axe()
        self._page = page
        self.seen = []
        self.wrong = []

    def look(self, name):
        """Note whatever this screen does not keep, in each look."""
        self.seen.append(name)
        for look in LOOKS:
            self.wrong += [f"{name}, {look}: {what}" for what in self._settled(partial(self._wrong, *look))]
        self._settled(partial(self._set, 390, 844, "light", 100))
        if page_pictures.WANTED:
            self._settled(partial(self._page.screenshot, path=page_pictures.file_of(name)))

    def _settled(self, job):
        """A job on a page that may just be drawn anew."""
        from playwright.sync_api import Error  # noqa: PLC0415 - it may not be there

        for _ in range(5):
            self._page.wait_for_load_state()
            try:
                return job()
            except Error:
                continue
        return job()

    def _set(self, width, height, colours, percent):
        self._page.set_viewport_size({"width": width, "height": height})
        self._page.emulate_media(color_scheme=colours)
        self._page.evaluate(_SCALE, percent)

    def _wrong(self, *look):
        self._set(*look)
        violations = self._axe.run(self._page, options={"rules": _RULES}).response["violations"]
        found = [f"{one['id']} {[node['target'] for node in one['nodes']]}" for one in violations]
        return found + self._page.evaluate(_MEASURE, [TARGET_PX, STOP_PX, TEXT_PX])


_SCALE = """percent => {
  document.documentElement.style.fontSize = percent === 100 ? "" : `${1.25 * percent}%`;
}"""
# Targets too small, STOP too small or out of view, text too small, and a page wider than its window.
_MEASURE = """([target, stop, text]) => {
  const wrong = [];
  const shown = (element) => element.checkVisibility({ visibilityProperty: true });
  const targets = "a:not(.skip), .skip:focus, button, summary, label.choice, input";
  for (const one of document.querySelectorAll(targets)) {
    const box = one.getBoundingClientRect();
    const within = one.closest("label.choice");
    if (!shown(one) || (within && within !== one)) continue;
    if (box.width < target || box.height < target) {
      wrong.push(`target ${box.width} x ${box.height}: ${one.textContent.trim() || one.name}`);
    }
  }
  const button = document.querySelector("#stop button").getBoundingClientRect();
  if (button.height < stop) wrong.push(`STOP is ${button.height} high`);
  if (button.top < 0 || button.bottom > innerHeight || button.left < 0 || button.right > innerWidth) {
    wrong.push("STOP is out of view");
  }
  if (button.height > innerHeight / 2) wrong.push("STOP takes more than half of the screen");
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !shown(parent) || parent.closest("svg")) continue;
    const size = parseFloat(getComputedStyle(parent).fontSize);
    if (size < text) wrong.push(`text of ${size} px: ${walker.currentNode.textContent.trim().slice(0, 30)}`);
  }
  if (document.documentElement.scrollWidth > innerWidth) {
    wrong.push(`the page is ${document.documentElement.scrollWidth} px wide`);
  }
  return wrong;
}"""
