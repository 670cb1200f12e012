"""What runs, four times a second, for whoever asked for it: at a real broker, and in its words."""

import asyncio
import json
from dataclasses import replace

from massager.model.decisions import Cap, Source
from massager.mqtt.broker import Broker
from massager.mqtt.live import PERIOD_S, live
from mqtt_rig import LEFT, RIGHT, bridge_in, ear
from mqtt_samples import SNAPSHOT

LIVE = f"massager/v1/{LEFT}/live"


def test_asked_sent_and_reported_are_told_apart_and_nothing_else():
    now = replace(SNAPSHOT, asked=10, sent=Cap(8, Source.RAMP), reported=7, levels=20, load_n=31)
    assert live(now) == {"asked": 50, "sent": 40, "reported": 35, "force_n": 31}


def test_what_is_not_known_is_told_as_such():
    now = replace(SNAPSHOT, asked=None, sent=None, reported=None, load_n=None)
    assert set(live(now).values()) == {None}


async def test_who_asked_for_it_hears_it_while_something_runs_and_nothing_of_it_stays(broker, tmp_path):
    async with (
        bridge_in(tmp_path, Broker.read(broker.url, live=True)) as bridged,
        ear(broker.port) as someone,
    ):
        await bridged.until_online()
        await asyncio.sleep(3 * PERIOD_S)
        assert someone.of(LIVE) == []
        number = await bridged.start()
        await bridged.until_sent(number)
        heard = await someone.until(lambda: someone.of(LIVE)[5:])
        assert set(heard[-1].body) == {"asked", "sent", "reported", "force_n"}
        assert heard[-1].body["sent"] > 0
        assert someone.of(f"massager/v1/{RIGHT}/live") == []
        times = [one.at_s for one in someone.of(LIVE)]
        assert times[-1] - times[0] > (len(times) - 2) * PERIOD_S
        async with ear(broker.port, LIVE) as late:
            assert not (await late.until(lambda: late.of(LIVE)))[0].retain
        await someone.command(LEFT, "stop", "STOP")
        await bridged.until(lambda: bridged.core.massage.ending(number) is not None)
        before = len(someone.of(LIVE))
        await asyncio.sleep(3 * PERIOD_S)
        assert len(someone.of(LIVE)) <= before + 1


async def test_nobody_hears_it_who_did_not_ask(broker, tmp_path):
    async with bridge_in(tmp_path, broker) as bridged, ear(broker.port) as someone:
        await bridged.until_online()
        number = await bridged.start()
        await bridged.until_sent(number)
        await asyncio.sleep(3 * PERIOD_S)
        assert someone.of(LIVE) == []
        assert json.loads(someone.of(f"massager/v1/{LEFT}/state")[-1].text)["session"] == "running"
