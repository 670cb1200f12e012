"""The bridge and its broker: there, and gone on every way out; killed, hung, flooded, locked, taken."""

import asyncio
import contextlib
import statistics
import subprocess
import time

import pytest

from massager.mqtt.broker import Broker, Login
from mosquitto_server import Mosquitto, mosquitto
from mqtt_rig import LEFT, bridge_in, ear

STATUS = "massager/v1/bridge/status"
INFO = "massager/v1/bridge/info"
# Between two ticks of a control loop: a session's lease lasts for a second.
STALLED_MS = 800


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    """Connections are tried again after a tenth of a second, not a whole one."""
    monkeypatch.setattr("massager.mqtt.bridge.BACK_OFF_S", (0.1, 0.5))


def statuses(someone, gateway="bridge"):
    return [one.text for one in someone.of(f"massager/v1/{gateway}/status")]


async def test_it_is_online_while_it_is_there_and_offline_when_its_core_has_ended(broker, tmp_path):
    async with ear(broker.port) as someone:
        async with bridge_in(tmp_path, broker) as bridged:
            await bridged.until_online()
            await someone.until_heard(STATUS, "online")
        await someone.until_heard(STATUS, "offline")
        assert statuses(someone) == ["online", "offline"]
    async with ear(broker.port) as late:
        found = await late.until(lambda: late.of(STATUS))
        assert (found[0].text, found[0].retain) == ("offline", True)


async def test_it_says_offline_when_something_in_its_core_fails(broker, tmp_path):
    async with ear(broker.port) as someone:
        with contextlib.suppress(ZeroDivisionError):
            async with bridge_in(tmp_path, broker) as bridged:
                await bridged.until_online()
                raise ZeroDivisionError
        await someone.until_heard(STATUS, "offline")


async def test_it_says_what_it_is(broker, tmp_path):
    async with ear(broker.port) as someone, bridge_in(tmp_path, broker) as bridged:
        await bridged.until_online()
        info = (await someone.until(lambda: someone.of(INFO)))[0].body
        assert set(info) == {"version", "profile_hash", "uptime_start", "instance"}
    async with ear(broker.port, INFO) as late:
        assert (await late.until(lambda: late.of(INFO)))[0].retain


async def test_a_killed_broker_that_comes_back_finds_everything_again(broker, tmp_path):
    async with bridge_in(tmp_path, broker) as bridged:
        await bridged.until_online()
        number = await bridged.start()
        await bridged.until_sent(number)
        broker.kill()
        await bridged.until(lambda: not bridged.bridge.is_online)
        leases = len(bridged.chair.sent)
        broker.start()
        await bridged.until_online()
        assert len(bridged.chair.sent) > leases
        async with ear(broker.port) as someone:
            await someone.until_heard(STATUS, "online")
            await someone.until_heard(f"massager/v1/{LEFT}/availability", "online")
            states = f"massager/v1/{LEFT}/state"
            await someone.until(
                lambda: [one for one in someone.of(states) if one.body["session"] == "running"]
            )
        assert bridged.core.massage.ending(number) is None


async def test_a_restarted_broker_finds_it_again_within_seconds(broker, tmp_path):
    async with bridge_in(tmp_path, broker) as bridged:
        await bridged.until_online()
        for _ in range(3):
            broker.stop()
            await bridged.until(lambda: not bridged.bridge.is_online)
            broker.start()
            await bridged.until_online()
        assert bridged.bridge.connections == 4


@pytest.mark.parametrize("end", ["kill", "stop", "freeze"])
async def test_a_stop_arrives_after_the_broker_was_away(broker, tmp_path, end, monkeypatch):
    monkeypatch.setattr("massager.mqtt.line.TIMEOUT_S", 1.0)
    async with bridge_in(tmp_path, broker) as bridged:
        await bridged.until_online()
        number = await bridged.start()
        await bridged.until_sent(number)
        getattr(broker, end)()
        await bridged.until(lambda: not bridged.bridge.is_online)
        broker.thaw() if end == "freeze" else broker.start()
        await bridged.until_online()
        async with ear(broker.port) as someone:
            assert (await someone.asked(LEFT, "stop", "STOP"))["applied"] == "at-rest"
        assert bridged.core.massage.ending(number) is not None


@pytest.mark.parametrize("dead", ["_stop_arrived", "_arrived"])
async def test_a_stop_arrives_while_one_of_the_two_lines_is_dead_and_looks_alive(
    broker, tmp_path, dead, monkeypatch
):
    monkeypatch.setattr(f"massager.mqtt.bridge.Bridge.{dead}", lambda _bridge, _arrived: None)
    async with bridge_in(tmp_path, broker) as bridged, ear(broker.port) as someone:
        await bridged.until_online()
        number = await bridged.start()
        await bridged.until_sent(number)
        assert (await someone.asked(LEFT, "stop", "STOP"))["applied"] == "at-rest"
        assert bridged.core.massage.ending(number) is not None


async def test_without_a_broker_a_core_works_and_says_so_once(tmp_path):
    one = Mosquitto(tmp_path)
    async with bridge_in(tmp_path, one) as bridged:
        number = await bridged.start()
        await bridged.until_sent(number)
        await asyncio.sleep(1.5)
        assert len([line for line in bridged.log if "no connection" in line]) == 1


async def test_a_frozen_broker_is_left_and_found_again_with_the_newest_state(broker, tmp_path, monkeypatch):
    monkeypatch.setattr("massager.mqtt.line.TIMEOUT_S", 1.0)
    async with bridge_in(tmp_path, broker) as bridged:
        await bridged.until_online()
        broker.freeze()
        number = await bridged.start()
        await bridged.until(lambda: not bridged.bridge.is_online)
        await bridged.until_sent(number)
        broker.thaw()
        await bridged.until_online()
        async with ear(broker.port) as someone:
            await someone.until_heard(STATUS, "online")
            await someone.until(
                lambda: [
                    one for one in someone.of(f"massager/v1/{LEFT}/state") if one.body["session"] == "running"
                ]
            )
            # What the connections that nobody holds any more left behind is put right again.
            await asyncio.sleep(1)
            assert statuses(someone)[-1] == "online"


async def test_what_waited_in_a_frozen_broker_is_not_obeyed_but_a_stop_is(broker, tmp_path):
    async with bridge_in(tmp_path, broker) as bridged, ear(broker.port) as someone:
        await bridged.until_online()
        number = await bridged.start()
        await bridged.until_sent(number)
        await asyncio.sleep(2.1)  # the time after a connection in which nothing else is obeyed
        broker.freeze()
        sending = [
            asyncio.create_task(someone.command(LEFT, order, payload))
            for order, payload in (("pause", "PAUSE"), ("level", "5"))
        ]
        await asyncio.sleep(6)
        broker.thaw()
        await asyncio.gather(*sending, return_exceptions=True)
        await asyncio.sleep(0.5)
        assert bridged.core.massage.snapshot(number).stage == "running"
        assert bridged.core.massage.session(number).restraint.at_most is None
        await bridged.until_online()
        await someone.command(LEFT, "stop", "STOP")
        await bridged.until(lambda: bridged.core.massage.snapshot(number).reason is not None)


async def test_a_control_loop_does_not_notice_that_the_broker_hangs(broker, tmp_path):
    async with bridge_in(tmp_path, broker) as bridged:
        await bridged.until_online()
        number = await bridged.start()
        await bridged.until_sent(number)
        before = await bridged.gaps_ms(number, 3)
        broker.freeze()
        meanwhile = await bridged.gaps_ms(number, 9)
        broker.thaw()
        assert statistics.median(meanwhile) == pytest.approx(statistics.median(before), abs=5)
        assert max(meanwhile) < STALLED_MS


async def test_a_core_ends_while_its_broker_hangs(broker, tmp_path):
    async with bridge_in(tmp_path, broker) as bridged:
        await bridged.until_online()
        broker.freeze()
        ended_s = time.monotonic()
    assert time.monotonic() - ended_s < 8
    broker.thaw()
    async with ear(broker.port) as late:
        await late.until_heard(STATUS, "offline")


@contextlib.contextmanager
def flood(broker, topic):
    """As many messages as a process of its own can send."""
    where = ("-h", "127.0.0.1", "-p", str(broker.port), "-V", "5", "-q", "0", "-t", topic, "-l")
    with (
        subprocess.Popen(["yes", "\xff" * 30], stdout=subprocess.PIPE) as yes,
        subprocess.Popen(["mosquitto_pub", *where], stdin=yes.stdout),
    ):
        try:
            yield
        finally:
            # The other one ends with its pipe.
            yes.kill()


@pytest.mark.parametrize("order", ["level", "program", "nonsense"])
async def test_a_flood_neither_stalls_a_session_nor_hides_a_stop(broker, tmp_path, order):
    async with bridge_in(tmp_path, broker) as bridged, ear(broker.port, STATUS) as someone:
        await bridged.until_online()
        number = await bridged.start()
        await bridged.until_sent(number)
        with flood(broker, f"massager/v1/{LEFT}/cmd/{order}"):
            gaps = await bridged.gaps_ms(number, 3)
            asked_s = time.monotonic()
            await someone.command(LEFT, "stop", "STOP")
            await bridged.until(lambda: bridged.core.massage.snapshot(number).reason is not None)
            took_s = time.monotonic() - asked_s
        assert max(gaps) < STALLED_MS
        # A stop that waited its turn would come after all that was sent before.
        assert took_s < 2
        await bridged.until_online()


async def test_a_birth_of_home_assistant_is_answered_with_everything(broker, tmp_path, monkeypatch):
    monkeypatch.setattr("massager.mqtt.bridge.BIRTH_S", (0.0, 0.1))
    async with bridge_in(tmp_path, broker) as bridged, ear(broker.port) as someone:
        await bridged.until_online()
        config = f"homeassistant/device/{LEFT}/config"
        await someone.until(lambda: someone.of(config))
        await asyncio.sleep(1.5)
        before = len(someone.heard)
        await someone.say("homeassistant/status", "online", qos=0)
        await someone.until_heard(STATUS, "online", after=before)
        for topic in (config, f"massager/v1/{LEFT}/state", f"massager/v1/{LEFT}/availability"):
            await someone.until(
                lambda topic=topic: [one for one in someone.heard[before:] if one.topic == topic]
            )


async def test_wrong_credentials_are_told_of_and_nothing_else_fails(tmp_path):
    passwords = tmp_path / "passwords"
    passwords.write_text("massager:right\n")
    passwords.chmod(0o600)
    await asyncio.to_thread(_hashed, passwords)
    with mosquitto(tmp_path, lines=("allow_anonymous false", f"password_file {passwords}")) as broker:
        for login in (None, Login("massager", "wrong"), Login("stranger", "right")):
            folder = tmp_path / (login.user + login.password if login else "nobody")
            folder.mkdir()
            async with bridge_in(folder, Broker.read(broker.url, login=login)) as bridged:
                await bridged.until(lambda: any("lets nobody in" in line for line in bridged.log))
                assert not bridged.bridge.is_online
                number = await bridged.start()
                await bridged.until_sent(number)
                assert not any("wrong" in line for line in bridged.log)
        folder = tmp_path / "in"
        folder.mkdir()
        async with bridge_in(folder, Broker.read(broker.url, login=Login("massager", "right"))) as bridged:
            await bridged.until_online()


def _hashed(passwords):
    subprocess.run(["mosquitto_passwd", "-U", passwords], check=True)


async def test_of_two_gateways_with_one_name_the_later_stays_away(broker, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    async with ear(broker.port) as someone, bridge_in(tmp_path / "one", broker) as first:
        await first.until_online()
        await asyncio.sleep(1.1)  # so that the second was there later, by whole seconds too
        async with bridge_in(tmp_path / "two", broker) as second:
            await second.until(lambda: any("another gateway" in line for line in second.log))
            assert any("--mqtt-gateway" in line for line in second.log)
            assert not second.bridge.is_online
            await asyncio.sleep(1)
            assert first.bridge.is_online
            assert first.bridge.connections == 1
            assert second.bridge.connections == 0
        await asyncio.sleep(0.5)
        assert statuses(someone)[-1] == "online"
        number = await first.start()
        await first.until_sent(number)
        await someone.command(LEFT, "stop", "STOP")
        await first.until(lambda: first.core.massage.snapshot(number).reason is not None)


async def test_two_gateways_of_other_names_share_a_broker(broker, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    async with (
        ear(broker.port) as someone,
        bridge_in(tmp_path / "one", broker, gateway="ward-1") as first,
        bridge_in(tmp_path / "two", broker, gateway="ward-2") as second,
    ):
        await first.until_online()
        await second.until_online()
        await someone.until_heard("massager/v1/ward-1/status", "online")
        await someone.until_heard("massager/v1/ward-2/status", "online")


async def test_a_name_that_a_dead_gateway_left_online_is_free(broker, tmp_path):
    async with ear(broker.port) as someone:
        info = '{"version": "1", "uptime_start": "2020-01-01T00:00:00+00:00", "instance": "gone"}'
        await someone.say(INFO, info, retain=True)
        await someone.say(STATUS, "online", retain=True)
        async with bridge_in(tmp_path, broker) as bridged:
            await bridged.until_online()


async def test_a_late_last_word_of_a_lost_connection_is_put_right(broker, tmp_path):
    async with bridge_in(tmp_path, broker) as bridged, ear(broker.port) as someone:
        await bridged.until_online()
        before = len(someone.heard)
        await someone.say(STATUS, "offline", retain=True)
        await someone.until_heard(STATUS, "online", after=before)


@pytest.mark.parametrize("payload", [b"", b"\xff", b"[" * 500, b"{}", b'{"instance": 1}', b"online"])
async def test_nonsense_about_its_name_does_not_move_it(broker, tmp_path, payload):
    async with bridge_in(tmp_path, broker) as bridged, ear(broker.port) as someone:
        await bridged.until_online()
        for topic in (STATUS, INFO, "massager/v1/bridge/massagers", "homeassistant/status"):
            await someone.say(topic, payload)
        await asyncio.sleep(0.3)
        assert bridged.bridge.is_online
        assert bridged.bridge.connections == 1
