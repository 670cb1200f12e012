"""What Home Assistant finds at a real broker: what there is, as it changes, and nothing of what is gone."""

import asyncio
import itertools
import json
from functools import partial

import pytest

from core_rig import BY
from ha_discovery import read
from massager.app.moments import moment
from massager.app.mqtt import _Massagers
from massager.model.decisions import Reason
from massager.model.errors import StoreError
from massager.mqtt.discovery import retained
from massager.mqtt.topics import Topics
from massager.store import Devices
from mqtt_rig import LEFT, RIGHT, bridge_in, ear

TOPICS = Topics()
STATE, EVENT = TOPICS.state(LEFT), TOPICS.event(LEFT)
GONE = "mr-0123abcd"


@pytest.fixture
def soon(monkeypatch):
    """The roll is called twice a second."""
    monkeypatch.setattr("massager.mqtt.bridge._ROLL_CALL_S", 0.5)


async def kept(broker):
    """What a latecomer finds."""
    async with ear(broker.port) as late:
        # What is said now comes after all that was kept.
        await late.say("tests/latecomer", "here")
        await late.until_heard("tests/latecomer", "here")
        return {one.topic: one.text for one in late.heard if one.retain}


async def test_it_discovers_every_massager_with_all_its_topics(broker, tmp_path):
    async with bridge_in(tmp_path, broker) as bridged, ear(broker.port) as someone:
        await bridged.until_online()
        await someone.until(lambda: someone.of(TOPICS.attributes(RIGHT)))
        found = await kept(broker)
    for massager, name in ((LEFT, "left"), (RIGHT, "right")):
        config = read(found[TOPICS.config(massager)])
        assert config.dev.name == name
        assert set(retained(massager, TOPICS)) <= found.keys()
        wanted = {one.topic for one in config.availability}
        for entity in config.cmps.values():
            wanted |= {one.topic for one in entity.availability or ()}
            wanted |= {getattr(entity, "state_topic", STATE)} - {
                TOPICS.event(massager),
                TOPICS.diag(massager),
            }
        assert wanted <= found.keys(), "everything that an entity looks at is there"
    assert read(found[TOPICS.config("massager_bridge")]).dev.ids == [config.dev.via_device]


async def test_a_session_is_told_as_it_goes_at_most_once_a_second_and_its_events_once(broker, tmp_path):
    async with bridge_in(tmp_path, broker) as bridged, ear(broker.port) as someone:
        await bridged.until_online()
        await someone.until(lambda: someone.of(STATE))
        number = await bridged.start()
        await bridged.until_sent(number)
        await someone.until(lambda: someone.of(STATE)[-1].body["session"] == "running")
        await asyncio.sleep(4)
        bridged.core.massage.session(number).stop(Reason.PAIN, "L4-S1")
        await someone.until(lambda: [one for one in someone.of(EVENT) if "safety_stop" in one.text])
        await someone.until(lambda: someone.of(STATE)[-1].body["safety_stop"] == "ON")
        told = someone.of(STATE)
        assert [one.body["session"] for one in told][-1] == "stopped"
        assert {"running", "stopped"} <= {one.body["session"] for one in told}
        gaps_s = [after.at_s - before.at_s for before, after in itertools.pairwise(told)]
        assert all(gap_s > 0.8 for gap_s in gaps_s), "a second, less what two ways differ by"
        assert all(before.text != after.text for before, after in itertools.pairwise(told))
        assert [one.body["event_type"] for one in someone.of(EVENT)] == ["started", "safety_stop"]
        assert EVENT not in await kept(broker)
        told = "".join(one.text for one in someone.heard if not one.topic.endswith("/config"))
        for secret in ("anna", "L4-S1", "pain", "lumbar"):
            assert secret not in told, secret


@pytest.mark.usefixtures("soon")
async def test_a_massager_that_is_forgotten_is_gone_from_the_broker(broker, tmp_path):
    async with bridge_in(tmp_path, broker) as bridged, ear(broker.port) as someone:
        await bridged.until_online()
        await someone.until(lambda: someone.of(TOPICS.attributes(LEFT)))
        await bridged.memory.do(partial(Devices(bridged.store).forget, "left", by=BY, now=moment()))
        await someone.until_heard(TOPICS.config(LEFT), "")
        await someone.until_heard(TOPICS.attributes(LEFT), "")
        found = await kept(broker)
        assert not [topic for topic in found if LEFT in topic]
        assert LEFT not in found["massager/v1/bridge/massagers"]
        assert TOPICS.config(RIGHT) in found


async def test_what_was_forgotten_while_the_gateway_was_down_goes_once_it_is_back(broker, tmp_path):
    async with ear(broker.port) as someone:
        for topic in retained(GONE, TOPICS):
            await someone.say(topic, "old", retain=True)
        await someone.say("massager/v1/bridge/massagers", json.dumps([GONE, LEFT]), retain=True)
        async with bridge_in(tmp_path, broker) as bridged:
            await bridged.until_online()
            for topic in retained(GONE, TOPICS):
                await someone.until_heard(topic, "")
            found = await kept(broker)
    assert not [topic for topic in found if GONE in topic]
    assert TOPICS.config(LEFT) in found


@pytest.mark.usefixtures("soon")
async def test_while_the_store_cannot_be_read_nothing_is_taken_off_the_broker(broker, tmp_path, monkeypatch):
    config, reads = TOPICS.config(LEFT), _Massagers._read

    def fails(_self):
        raise StoreError("not now")

    monkeypatch.setattr(_Massagers, "_read", fails)
    async with ear(broker.port) as someone:
        await someone.say(config, "of before", retain=True)
        await someone.say("massager/v1/bridge/massagers", json.dumps([LEFT]), retain=True)
        async with bridge_in(tmp_path, broker) as bridged:
            await bridged.until(lambda: bridged.bridge.is_online)
            await bridged.until(lambda: any("not now" in line for line in bridged.log))
            await asyncio.sleep(2)
            assert (await kept(broker))[config] == "of before"
            monkeypatch.setattr(_Massagers, "_read", reads)
            await someone.until(lambda: len(someone.of(config)) > 1)
            assert read((await kept(broker))[config]).dev.name == "left"
        assert "" not in [one.text for one in someone.of(config)]
