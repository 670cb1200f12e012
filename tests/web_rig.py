"""The page of a core in this process, on a real port: over HTTP as a browser asks, on chairs that obey.

An `Obedient` is a guardian and its chair: it connects at once, stands where the program begins, does what a
lease says, and rests when told to; when and whether it confirms that, a test may say.
"""

import asyncio
import contextlib
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

import httpx

from core_rig import record, surroundings_in
from massager.app.core import Core
from massager.app.hosting import Hosting, Page
from massager.app.memory import Memory
from massager.app.page import served_page
from massager.app.place import Surroundings
from massager.catalog import load_device
from massager.guardian.clock import BootClock
from massager.guardian.messages import Delivery, Outcome, Permitted, Ready, State, Stopped, Stopping
from massager.model.commands import Setpoint
from massager.session.massage import NO_BOUNDS
from massager.session.rehearsal import IdealDevice
from massager.store import Lockouts, Store
from massager.web.door import Address, Door

PEOPLE = ("anna", "ben b/c")
QUESTIONS = (
    *("saddle", "bladder", "both-legs", "cord", "stroke", "chest", "calf", "injury", "limb", "fever"),
    *("sedated", "loose", "stop-reachable", "reaction", "pain", "skin"),
)
WELL = {"stop-reachable": "yes", "reaction": "none", "pain": "2"}
TICK_S = 0.05
# Where gentle-lumbar begins on whoever is calibrated like `demo`; see docs/protocol.md, the default sitter.
LUMBAR_MM = 533


class Obedient:
    """A guardian with its chair."""

    complaints = ""

    def __init__(self, carriage_mm=LUMBAR_MM, address="C0:1"):
        self.sent = []
        self.confirms = True
        self.may_rest = asyncio.Event()
        self.may_rest.set()
        self._inbox = asyncio.Queue()
        self._device = IdealDevice(load_device("chair"), carriage_mm=carriage_mm, half_width_mm=50)
        self._epoch = 0
        self._is_open = False
        self._tasks = [asyncio.create_task(self._report())]
        self.say(Ready("chair", address, "REF-CHAIR", "1.0", "1"))

    def say(self, message):
        """Whatever a test has it say."""
        self._inbox.put_nowait(message)

    async def _report(self):
        while True:
            tick_ms = int(1000 * TICK_S)
            reading = self._device.report(BootClock().now_ms(), tick_ms)
            self.say(State(replace(reading, epoch=self._epoch)))
            await asyncio.sleep(TICK_S)

    def send(self, message):
        self.sent.append(message)
        if message.kind == "permit" and not self._is_open:
            # One in a session is only a tighter one.
            self._is_open = True
            self._epoch += 1
            self.say(Permitted(self._epoch))
        elif message.kind == "lease":
            self._device.take(message.lease.setpoint)
            self.say(Delivery(message.lease.number, Outcome.CONFIRMED))
        elif message.kind != "permit":
            self._is_open = False
            self._tasks.append(asyncio.create_task(self._stop(message)))

    async def _stop(self, message):
        cause = getattr(message, "cause", "finished")
        self.say(Stopping(cause))
        await self.may_rest.wait()
        now = self._device.setpoint
        self._device.take(Setpoint((0,) * len(now.levels), None, None, 1, now.warmth))
        self.say(State(replace(self._device.report(BootClock().now_ms(), 0), epoch=self._epoch)))
        self.say(Stopped(cause, self.confirms))
        if message.kind == "end":
            self.leave()

    def leave(self):
        """It ends."""
        self.say(None)

    async def receive(self):
        return await self._inbox.get()

    async def close(self):
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        return 0 if self.confirms else 4


@dataclass(frozen=True, slots=True)
class Chairs(Surroundings):
    """Surroundings with an obedient chair for every session."""

    guardians: list = field(default_factory=list)

    async def guardian(self, *, store, device, profile, address):
        self.guardians.append(Obedient(address=address))
        return self.guardians[-1]


@dataclass
class Served:
    """A core and its page."""

    core: Core
    url: str
    where: Chairs
    store: Store
    memory: Memory
    browser: httpx.AsyncClient

    async def get(self, path):
        """A page, its redirects followed."""
        return Shown(await self.browser.get(path, follow_redirects=True))

    async def post(self, path, **fields):
        """A form sent, its redirects followed."""
        return Shown(await self.browser.post(path, data=fields, follow_redirects=True))

    async def choose(self, person="anna", program="gentle-lumbar", on="left"):
        """A visit begun and seated: its address."""
        shown = await self.post(f"/people/{person}/choose", program=program, on=on)
        visit = shown.path.removesuffix("/posture")
        assert visit.startswith("/visits/"), shown.path
        await self.post(f"{visit}/posture")
        return visit

    async def answer(self, visit, **other):
        """Every question answered, well but for `other`; the screen after the last."""
        for question in QUESTIONS:
            value = other.get(question.replace("-", "_"), WELL.get(question, "no"))
            shown = await self.answer_one(visit, question, value)
            if not shown.path.endswith(tuple(f"/questions/{one}" for one in QUESTIONS)):
                return shown
        raise AssertionError("there is always a screen after the last question")

    async def answer_one(self, visit, question, value):
        """One question."""
        if question == "skin":
            fields = {"done": "none"} if value == "no" else {"done": "ticked", "zone": value}
            return await self.post(f"{visit}/questions/skin", **fields)
        return await self.post(f"{visit}/questions/{question}", answer=value)

    async def start(self, person="anna", **how):
        """A session, from the choice to the start: its number."""
        visit = await self.choose(person, **how)
        await self.answer(visit)
        shown = await self.post(f"{visit}/confirm")
        assert shown.path.startswith("/sessions/"), shown.text
        return int(shown.path.rsplit("/", 1)[1])

    async def lockouts(self, person="anna"):
        """Open ones."""
        return await self.memory.do(lambda: Lockouts(self.store).of(person))

    async def until(self, holds, seconds=30):
        """Wait for something."""
        async with asyncio.timeout(seconds):
            while not holds():  # noqa: ASYNC110 - whatever a test waits for
                await asyncio.sleep(0.01)

    async def until_shown(self, path, words):
        """Wait until a page says something."""
        async with asyncio.timeout(30):
            while words not in (await self.get(path)).text:  # noqa: ASYNC110 - it asks over HTTP
                await asyncio.sleep(0.1)

    async def until_pressing(self, number):
        """Wait until a session's chair presses."""
        await self.until(lambda: self.core.massage.snapshot(number).reported)

    @property
    def chair(self):
        """Of the session that was started last."""
        return self.where.guardians[-1]


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


class Shown:
    """An answer, as somebody sees it."""

    def __init__(self, answer):
        self.answer = answer
        self.status = answer.status_code
        self.path = answer.url.path
        self.html = answer.text
        self.text = " ".join(re.sub(r"<[^>]+>", " ", answer.text.partition("</head>")[2]).split())

    @property
    def tags(self):
        """All tags with their attributes."""
        reader = _Reader()
        reader.feed(self.html)
        return reader.tags

    @property
    def has_stop(self):
        """Whether a plain form stops from here."""
        forms = [one for tag, one in self.tags if tag == "form" and one.get("action") == "/stop"]
        return len(forms) == 1 and forms[0]["method"] == "post"


@contextlib.asynccontextmanager
async def page_in(folder, *, door=None, bounds=NO_BOUNDS, people=PEOPLE, proxied=False):
    """A core with two paired chairs and some people, and its page."""
    where = surroundings_in(Chairs, folder)
    with where.open_store() as store, ThreadPoolExecutor(1) as thread:
        record(store, people)
        memory = Memory.of(store, thread)
        page = Page(Address("127.0.0.1", 0), door or Door(), proxied)
        core = Core(where, memory, lambda _line: None, Hosting(page=page, bounds=bounds))
        async with served_page(core.massage, where, memory, page) as url:
            headers = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
            async with httpx.AsyncClient(base_url=url, headers=headers, timeout=60) as browser:
                try:
                    yield Served(core, url, where, store, memory, browser)
                finally:
                    for chair in where.guardians:
                        chair.may_rest.set()
                    await core.close()
