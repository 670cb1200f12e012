"""What is looked at each second, and what is asked of the store beside it: nothing waits for the other."""

import asyncio
import contextlib
import json
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from massager.model.errors import LinkError, StoreError
from massager.mqtt import reporter
from massager.mqtt.announcing import Announcing
from massager.mqtt.outbox import Outbox
from massager.mqtt.reporter import Books, Reporter
from massager.mqtt.topics import Topics
from massager.session.past import Kept, Shelf
from mqtt_samples import CHAIR, CUSHION, ORIGIN, PROGRAMS, ended, seen

TOPICS = Topics()


class Massage:
    """Sessions as a core tells of them."""

    def __init__(self):
        self.sessions = []

    def snapshots(self):
        return [(one.number, one.snapshot, one.ending) for one in self.sessions]

    def on_device(self, name):
        held = (one.number for one in self.sessions if one.ending is None and one.snapshot.device == name)
        return next(held, None)

    def basis(self, number):
        found = next(one for one in self.sessions if one.number == number)
        timeline = SimpleNamespace(legs=[SimpleNamespace(level=level) for level in (1, found.highest)])
        return SimpleNamespace(prepared=SimpleNamespace(timeline=timeline))


@dataclass
class Gateway:
    massage: Massage = field(default_factory=Massage)
    outbox: Outbox = field(default_factory=Outbox)
    shelf: Shelf = field(default_factory=lambda: Shelf(0, 0, ()))
    may: dict = field(default_factory=dict)
    asked: list = field(default_factory=list)
    air: dict = field(default_factory=dict)
    listened: int = 0
    cut_off: int = 0
    once: bool = False
    quiet: asyncio.Event = field(default_factory=asyncio.Event)
    fails: bool = False
    kept: dict = field(default_factory=dict)

    def __post_init__(self):
        announcing = Announcing(self.outbox, TOPICS, ORIGIN)
        books = Books(lambda _massager: PROGRAMS, self.shelves, self.may_start, self.hear)
        self.reporter = Reporter(announcing, self.massage, books)

    async def shelves(self):
        if self.fails:
            raise StoreError("gone")
        return [self.shelf]

    async def may_start(self, massager):
        self.asked.append(massager.id)
        if self.fails:
            raise StoreError("gone")
        return self.may.get(massager.id, False)

    async def hear(self):
        try:
            await self.quiet.wait()
        except asyncio.CancelledError:
            self.cut_off += 1
            raise
        self.listened += 1
        if self.once:
            self.quiet.clear()
        if self.fails:
            raise LinkError("the radio does not work")
        return dict(self.air)

    async def look(self, *massagers, chosen=None):
        await self.reporter.look(massagers or (CHAIR,), chosen or {})
        while (message := self.outbox.next()) is not None:
            if message.retain:
                self.kept[message.topic] = message.payload

    def state(self):
        return json.loads(self.kept[TOPICS.state(CHAIR.id)])

    async def until(self, holds):
        async with asyncio.timeout(20):
            await self.look(CHAIR, CUSHION)
            while not holds():
                await asyncio.sleep(0.01)
                await self.look(CHAIR, CUSHION)


@contextlib.asynccontextmanager
async def running(gateway):
    task = asyncio.create_task(gateway.reporter.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
def gateway(monkeypatch):
    monkeypatch.setattr(reporter, "ASK_S", 0.02)
    monkeypatch.setattr(reporter, "HEAR_S", 0.02)
    monkeypatch.setattr(reporter, "_GIVE_WAY_S", 0.01)
    return Gateway()


async def test_the_last_session_on_each_massager_is_what_is_told(gateway):
    await gateway.look()
    assert gateway.state()["session"] == "idle"
    gateway.massage.sessions = [ended(number=1), seen(number=2), seen(number=3, device="elsewhere")]
    await gateway.look()
    assert gateway.state()["session"] == "running"


async def test_the_program_that_was_chosen_is_told_by_its_title(gateway):
    await gateway.look(chosen={CHAIR.id: "gentle-lumbar"})
    titles = {one.name: one.title for one in PROGRAMS}
    assert gateway.state()["program"] == titles["gentle-lumbar"]


async def test_a_start_is_open_where_somebody_may_and_nothing_runs(gateway):
    start = TOPICS.remote_start(CHAIR.id)
    gateway.may[CHAIR.id] = True
    async with running(gateway):
        await gateway.until(lambda: gateway.kept.get(start) == "online")
        assert gateway.kept[TOPICS.remote_start(CUSHION.id)] == "offline"
        gateway.massage.sessions = [seen()]
        await gateway.until(lambda: gateway.kept.get(start) == "offline")
        gateway.massage.sessions = [ended()]
        await gateway.until(lambda: gateway.kept.get(start) == "online")
        gateway.fails = True
        await gateway.until(lambda: gateway.kept.get(start) == "offline")
        gateway.fails = False
        await gateway.until(lambda: gateway.kept.get(start) == "online")


async def test_massagers_are_asked_about_in_turn(gateway):
    async with running(gateway):
        await gateway.until(lambda: len(gateway.asked) > 6)
    first = gateway.asked.index(CHAIR.id)
    assert gateway.asked[first : first + 4] == [CHAIR.id, CUSHION.id] * 2


async def test_nobody_thinks_of_what_could_start_where_something_runs(gateway):
    gateway.massage.sessions = [seen(number=1)]
    async with running(gateway):
        await gateway.until(lambda: len(gateway.asked) > 2)
        assert set(gateway.asked) == {CUSHION.id}


async def test_minutes_are_counted_at_the_start_and_after_each_session(gateway):
    def used(*found):
        return Shelf(2000, 0, tuple(Kept(*one, "x", 1000, 2000, 120, {}) for one in found))

    gateway.shelf = used((1, "chair"))
    async with running(gateway):
        await gateway.until(lambda: gateway.state()["minutes_today"] == 2)
        gateway.massage.sessions = [seen(number=2, left_s=420, session_s=480)]
        await gateway.until(lambda: gateway.state()["minutes_today"] == 3)
        gateway.shelf = used((1, "chair"), (2, "chair"), (3, "cushion"))
        gateway.massage.sessions = [ended(number=2, left_s=360, session_s=480)]
        await gateway.until(lambda: gateway.state()["minutes_today"] == 4)


async def test_a_store_that_is_gone_leaves_the_minutes_as_they_were(gateway):
    gateway.fails = True
    async with running(gateway):
        await gateway.until(lambda: len(gateway.asked) > 2)
        assert gateway.state()["minutes_today"] == 0


async def test_a_massager_that_is_not_heard_twice_is_not_there_until_it_is_heard(gateway):
    link, gateway.once = TOPICS.availability(CHAIR.id), True
    gateway.quiet.set()
    async with running(gateway):
        await gateway.until(lambda: gateway.listened == 1)
        for _ in range(5):
            await asyncio.sleep(0.01)
            await gateway.look(CHAIR, CUSHION)
        assert gateway.kept[link] == "online", "one miss is none"
        gateway.once = False
        gateway.quiet.set()
        await gateway.until(lambda: gateway.kept[link] == "offline")
        gateway.air = {CHAIR.address: -60}
        await gateway.until(lambda: gateway.kept[link] == "online")
        assert gateway.kept[TOPICS.availability(CUSHION.id)] == "offline"


async def test_a_radio_that_does_not_work_says_nothing_of_any_massager(gateway):
    gateway.fails = True
    gateway.quiet.set()
    async with running(gateway):
        await gateway.until(lambda: gateway.listened > 3)
    assert gateway.kept[TOPICS.availability(CHAIR.id)] == "online"


async def test_whoever_listens_gives_way_to_a_session(gateway):
    async with running(gateway):
        await asyncio.sleep(0.05)
        gateway.massage.sessions = [seen()]
        await gateway.until(lambda: gateway.cut_off)
        assert gateway.listened == 0
        gateway.massage.sessions = [ended()]
        gateway.quiet.set()
        await gateway.until(lambda: gateway.listened)
