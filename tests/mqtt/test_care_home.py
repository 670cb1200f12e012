"""A home of many: two gateways, one broker, one database; what one room used is gone in the other."""

import contextlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from core_rig import record, surroundings_in
from massager.app.core import Core
from massager.app.hosting import Hosting
from massager.app.memory import Memory
from massager.app.moments import moment
from massager.app.mqtt import bridged
from massager.model.decisions import Reason, Refusal
from massager.model.errors import BusyError
from massager.mqtt.broker import Broker
from massager.mqtt.topics import Topics
from massager.session.massage import Wish
from massager.session.offers import OfferService
from massager.session.outlook import PASSING, WELL
from massager.store import Store
from mqtt_rig import LEFT, RIGHT, Bridged, ear
from web_rig import Chairs


@dataclass
class Room(Bridged):
    """A gateway, and what its store knows."""

    async def known(self, name):
        offers = OfferService(self.store, None, now=moment)
        return await self.memory.do(lambda: offers.known(name))


@contextlib.asynccontextmanager
async def room(folder, url, broker, *, name, massager):
    """A gateway of its own folder, which has connected to one of the massagers before."""
    folder.mkdir()
    (folder / f"{massager}.json").write_text("{}")
    at_home = {"open_store": lambda: Store.open(url), "data": "postgresql://a-server/care"}
    where = surroundings_in(Chairs, folder, **at_home)
    with where.open_store() as store, ThreadPoolExecutor(1) as thread:
        memory, log = Memory.of(store, thread), []
        core = Core(where, memory, log.append, Hosting())
        at = Broker.read(broker.url, gateway=name)
        async with bridged(core.massage, where, memory, at, page=None, log=log.append) as bridge:
            try:
                yield Room(core, bridge, where, store, memory, log)
            finally:
                for chair in where.guardians:
                    chair.may_rest.set()
                await core.close()


@pytest.fixture
def url(postgresql):
    """A database with two people and two chairs."""
    url = postgresql.database()
    with Store.open(url) as store:
        record(store, ("anna", "ben"))
    yield url
    postgresql.take_back(url)


@pytest.fixture
async def home(tmp_path, broker, url):
    async with (
        room(tmp_path / "east", url, broker, name="east", massager="left") as east,
        room(tmp_path / "west", url, broker, name="west", massager="right") as west,
    ):
        await east.until_online()
        await west.until_online()
        yield east, west


@pytest.mark.usefixtures("home")
async def test_each_gateway_speaks_for_its_own_massagers_alone(broker):
    async with ear(broker.port) as someone:
        for name, massager in (("east", LEFT), ("west", RIGHT)):
            roll = await someone.until(lambda name=name: someone.of(f"massager/v1/{name}/massagers"))
            assert roll[-1].body == [massager]
            config = await someone.until(lambda one=massager: someone.of(Topics().config(one)))
            assert config[-1].body["dev"]["via_device"] == f"massager_{name}"
            assert config[-1].body["availability"][0]["topic"] == f"massager/v1/{name}/status"


async def test_what_a_person_used_in_one_room_is_used_in_the_other(home):
    east, west = home
    before = await west.known("anna")
    number = await east.start("anna", "left")
    await east.until(lambda: used_s(east, number) >= 2)
    with pytest.raises(BusyError):
        await west.start("anna", "right")
    await east.core.massage.stop_session(number)
    await east.core.massage.wait_settled(number)
    after = await west.known("anna")
    assert len(before.history.past) == 0
    assert len(after.history.past) == 1
    assert after.history.past[0].used_s >= 2
    assert after.week.left < before.week.left
    wish = Wish("gentle-lumbar", "anna", "right", None, None, interactive=True, screening=WELL)
    refused = await west.core.begin(wish)
    assert isinstance(refused, Refusal)
    assert refused.reason in PASSING | {Reason.FOLLOW_UP_DUE}


async def test_a_stop_for_one_massager_leaves_the_other_room_alone(home, broker):
    east, west = home
    async with ear(broker.port) as someone:
        first, second = await east.start("anna", "left"), await west.start("ben", "right")
        await east.until_sent(first)
        await west.until_sent(second)
        answer = await someone.asked(LEFT, "stop", json.dumps({"id": "7"}))
        assert (answer["id"], answer["applied"]) == ("7", "at-rest")
        assert east.core.massage.snapshot(first).reason is not None
        assert west.core.massage.snapshot(second).reason is None


def used_s(gateway, number):
    found = gateway.core.massage.snapshot(number)
    return found.session_s - found.left_s
