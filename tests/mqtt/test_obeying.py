"""Commands from a real broker to sessions on chairs that obey: what is obeyed, refused and answered."""

import asyncio
import time

import pytest

from massager.catalog import load_program
from massager.store import Journal
from mqtt_rig import LEFT, RIGHT, bridge_in, ear

pytestmark = pytest.mark.usefixtures("at_once")


@pytest.fixture
async def bridged(at_once, broker, tmp_path):  # noqa: ARG001 - before it connects
    async with bridge_in(tmp_path, broker) as one:
        await one.until_online()
        yield one


@pytest.fixture
async def someone(broker):
    async with ear(broker.port) as one:
        yield one


def levels(chair):
    """Of the leases that the guardian got."""
    return [max(one.lease.setpoint.levels) for one in chair.sent if one.kind == "lease"]


def stopped(chair):
    return any(one.kind == "stop" for one in chair.sent)


async def test_a_stop_stops_the_session_and_is_answered_once_the_massager_rests(bridged, someone):
    number = await bridged.start()
    await bridged.until_sent(number)
    bridged.chair.may_rest.clear()
    await someone.command(LEFT, "stop", '{"id": "s1"}')
    await bridged.until(lambda: stopped(bridged.chair))
    await asyncio.sleep(0.1)
    assert someone.results(LEFT) == []
    bridged.chair.may_rest.set()
    await someone.until(lambda: someone.results(LEFT))
    assert someone.results(LEFT) == [{"id": "s1", "accepted": True, "applied": "at-rest", "reason": ""}]


async def test_a_massager_that_does_not_confirm_its_rest_is_told_of(bridged, someone):
    number = await bridged.start()
    await bridged.until_sent(number)
    bridged.chair.confirms = False
    result = await someone.asked(LEFT, "stop", "STOP")
    assert result["applied"] == "not-confirmed"
    assert "by hand" in result["reason"]
    await bridged.until(lambda: bridged.core.massage.ending(number) is not None)
    # And it stays so: nothing runs there any more, and nobody knows that it rests.
    assert (await someone.asked(LEFT, "stop", "STOP"))["applied"] == "not-confirmed"


@pytest.mark.parametrize(
    "payload", ["STOP", "", "stop", "no", "{", '{"stop": false}', b"\xff\x00", "x" * 900]
)
async def test_whatever_arrives_at_a_stop_stops(bridged, someone, payload):
    number = await bridged.start()
    await bridged.until_sent(number)
    assert (await someone.asked(LEFT, "stop", payload))["accepted"]
    assert stopped(bridged.chair)


async def test_a_stop_stops_its_own_massager_and_no_other(bridged, someone):
    left, right = await bridged.start(), await bridged.start("ben", "right")
    await bridged.until_sent(left)
    await bridged.until_sent(right)
    await someone.asked(RIGHT, "stop", "STOP")
    assert bridged.core.massage.ending(left) is None
    assert not stopped(bridged.where.guardians[0])


@pytest.mark.usefixtures("bridged")
async def test_a_stop_where_nothing_runs_is_no_error(someone):
    result = await someone.asked(LEFT, "stop", "STOP")
    assert (result["accepted"], result["applied"], result["reason"]) == (True, "at-rest", "nothing ran on it")


async def test_a_hundred_stops_at_once_are_all_answered(bridged, someone):
    number = await bridged.start()
    await bridged.until_sent(number)
    for count in range(90):
        await someone.command(LEFT, "stop", f'{{"id": "s{count}"}}')
    await someone.until(lambda: len(someone.results(LEFT)) == 90)
    assert {one["id"] for one in someone.results(LEFT)} == {f"s{count}" for count in range(90)}
    assert sum(one.kind == "stop" for one in bridged.chair.sent) < 45


async def test_a_stop_behind_a_hundred_levels_does_not_wait_for_a_lease_of_each(bridged, someone):
    number = await bridged.start()
    await bridged.until_sent(number)
    before = len(levels(bridged.chair))
    for count in range(100):
        await someone.command(LEFT, "level", str(40 - count % 2), qos=0)
    await someone.command(LEFT, "stop", "STOP")
    await bridged.until(lambda: stopped(bridged.chair))
    kinds = [one.kind for one in bridged.chair.sent]
    # Leases go on ten times a second while the hundred are on their way. That a stop comes within two writes
    # is tested on virtual time, in tests/system/test_stop_behind_levels.py.
    assert kinds[: kinds.index("stop")].count("lease") - before < 20


async def test_a_strength_falls_as_far_as_asked_from_the_next_lease_on(bridged, someone):
    number = await bridged.start()
    await bridged.until_sent(number, 2)
    result = await someone.asked(LEFT, "level", '{"level": 7, "id": "a"}')
    assert (result["id"], result["accepted"], result["applied"]) == ("a", True, 5)
    count = len(levels(bridged.chair))
    await bridged.until(lambda: len(levels(bridged.chair)) > count + 2)
    assert set(levels(bridged.chair)[count + 1 :]) == {1}


async def test_a_strength_above_what_runs_only_bounds_it_and_says_what_holds_it(bridged, someone):
    number = await bridged.start()
    await bridged.until_sent(number)
    result = await someone.asked(LEFT, "level", "100")
    assert result["accepted"]
    assert result["applied"] <= 10
    assert result["reason"]
    await someone.until(
        lambda: any(
            one.body["event_type"] == "limit_applied" for one in someone.of(f"massager/v1/{LEFT}/event")
        )
    )
    assert max(levels(bridged.chair)) <= 2


async def test_nothing_rises_again_over_mqtt_where_remote_control_is_off(bridged, someone):
    number = await bridged.start()
    await bridged.until_sent(number, 2)
    await someone.asked(LEFT, "level", "5")
    result = await someone.asked(LEFT, "level", "50")
    assert (result["accepted"], result["applied"]) == (False, 5)
    assert "remote control" in result["reason"]
    assert bridged.core.massage.session(number).restraint.at_most == 1


async def test_it_rises_one_step_a_command_where_remote_control_is_on(broker, tmp_path):
    async with bridge_in(tmp_path, broker, remote=("anna",)) as bridged, ear(broker.port) as someone:
        await bridged.until_online()
        number = await bridged.start()
        await bridged.until_sent(number)
        await someone.asked(LEFT, "level", "5")
        result = await someone.asked(LEFT, "level", "100")
        assert (result["accepted"], result["applied"]) == (True, 10)
        assert "one step" in result["reason"]
        assert bridged.core.massage.session(number).restraint.at_most == 2


async def test_the_records_say_that_a_pause_and_a_stop_came_over_mqtt(bridged, someone):
    number = await bridged.start()
    await bridged.until_sent(number)
    await someone.asked(LEFT, "pause", "PAUSE")
    bridged.core.massage.session(number).resume()
    await bridged.until(lambda: bridged.core.massage.snapshot(number).stage == "running")
    await someone.asked(LEFT, "level", "0")
    await someone.asked(LEFT, "stop", "STOP")
    await bridged.core.massage.wait_settled(number)
    journal = Journal(bridged.store)
    kept = await bridged.memory.do(lambda: journal.records(person="anna", limit=1000))
    told = [
        (one.record.kind, one.record.facts["detail"]) for one in kept if one.record.kind in {"halt", "stop"}
    ]
    assert told == [("halt", "over MQTT"), ("halt", "over MQTT"), ("stop", "over MQTT")]


async def test_less_than_the_first_level_pauses(bridged, someone):
    number = await bridged.start()
    await bridged.until_sent(number)
    assert (await someone.asked(LEFT, "level", "0"))["applied"] == 0
    assert bridged.core.massage.snapshot(number).stage == "paused"


async def test_a_pause_stops_the_massager_and_nothing_here_goes_on_again(bridged, someone):
    number = await bridged.start()
    await bridged.until_sent(number)
    assert (await someone.asked(LEFT, "pause", "PAUSE"))["applied"] == "paused"
    assert stopped(bridged.chair)
    for order, payload in (("start", "START"), ("level", "50"), ("heat", "ON"), ("pause", "PAUSE")):
        await someone.asked(LEFT, order, payload)
    assert bridged.core.massage.snapshot(number).stage == "paused"


async def test_warmth_of_a_massager_without_is_refused(bridged, someone):
    number = await bridged.start()
    await bridged.until_sent(number)
    assert not (await someone.asked(LEFT, "heat", "OFF"))["accepted"]


@pytest.mark.usefixtures("bridged")
@pytest.mark.parametrize(("order", "payload"), [("level", "20"), ("pause", "PAUSE"), ("heat", "OFF")])
async def test_where_nothing_runs_only_that_is_said(someone, order, payload):
    result = await someone.asked(LEFT, order, payload)
    assert (result["accepted"], result["reason"]) == (False, "nothing runs on this massager")


@pytest.mark.usefixtures("bridged")
async def test_a_program_is_chosen_by_its_name_or_its_title(someone):
    assert (await someone.asked(LEFT, "program", "gentle-lumbar"))["applied"] == "gentle-lumbar"
    title = load_program("paraspinal-sweep").title
    assert (await someone.asked(LEFT, "program", title))["applied"] == "paraspinal-sweep"
    assert not (await someone.asked(LEFT, "program", "gentle-cushion"))["accepted"]
    assert not (await someone.asked(LEFT, "program", "none of that name"))["accepted"]


async def test_a_start_without_remote_control_asks_nobody(bridged, someone):
    assert "no program" in (await someone.asked(LEFT, "start", "START"))["reason"]
    await someone.asked(LEFT, "program", "gentle-lumbar")
    result = await someone.asked(LEFT, "start", "START")
    assert (result["accepted"], result["applied"]) == (False, None)
    assert bridged.core.massage.requests.on("left") is None


async def test_a_start_with_remote_control_moves_nothing_and_waits_for_the_person(broker, tmp_path):
    async with bridge_in(tmp_path, broker, remote=("anna",)) as bridged, ear(broker.port) as someone:
        await bridged.until_online()
        await someone.asked(LEFT, "program", "gentle-lumbar")
        result = await someone.asked(LEFT, "start", '{"id": "n1"}')
        assert (result["id"], result["accepted"], result["applied"]) == ("n1", True, "waits")
        assert "person" in result["reason"]
        assert bridged.core.massage.requests.on("left").person == "anna"
        assert not bridged.where.guardians
        await someone.asked(LEFT, "stop", "STOP")
        assert bridged.core.massage.requests.on("left") is None


async def test_of_several_with_remote_control_none_is_named(broker, tmp_path):
    async with bridge_in(tmp_path, broker, remote=("anna", "ben")) as bridged, ear(broker.port) as someone:
        await bridged.until_online()
        await someone.asked(LEFT, "program", "gentle-lumbar")
        result = await someone.asked(LEFT, "start", "START")
        assert not result["accepted"]
        assert not any(name in result["reason"] for name in ("anna", "ben"))
        assert (await someone.asked(LEFT, "start", '{"person": "ben"}'))["accepted"]
        assert bridged.core.massage.requests.on("left").person == "ben"


@pytest.mark.parametrize(("order", "payload"), [("level", "20"), ("pause", "PAUSE"), ("heat", "OFF")])
async def test_a_retained_command_is_refused_and_the_log_says_how_to_remove_it(
    bridged, someone, order, payload
):
    number = await bridged.start()
    await bridged.until_sent(number)
    result = await someone.asked(LEFT, order, payload, retain=True)
    assert not result["accepted"]
    assert "retained" in result["reason"]
    assert bridged.core.massage.snapshot(number).stage == "running"
    assert bridged.core.massage.session(number).restraint.at_most is None
    assert any(f"mosquitto_pub -r -n -t massager/v1/{LEFT}/cmd/{order}" in line for line in bridged.log)


async def test_a_retained_stop_stops(bridged, someone):
    number = await bridged.start()
    await bridged.until_sent(number)
    assert (await someone.asked(LEFT, "stop", "STOP", retain=True))["accepted"]
    assert stopped(bridged.chair)


async def test_ghosts_that_lay_there_before_do_nothing_but_stop(broker, tmp_path):
    async with ear(broker.port) as someone:
        for order, payload in (
            ("start", "START"),
            ("program", "gentle-lumbar"),
            ("level", "90"),
            ("stop", "STOP"),
        ):
            await someone.command(LEFT, order, payload, retain=True)
        async with bridge_in(tmp_path, broker, remote=("anna",)) as bridged:
            await bridged.until_online()
            await someone.until(lambda: len(someone.results(LEFT)) == 4)
            accepted = [one["applied"] for one in someone.results(LEFT) if one["accepted"]]
            assert accepted == ["at-rest"]
            assert bridged.core.massage.requests.on("left") is None


async def test_a_command_of_another_moment_is_refused(bridged, someone):
    number = await bridged.start()
    await bridged.until_sent(number)
    for at in (time.time() - 6, time.time() + 6, 0):
        result = await someone.asked(LEFT, "pause", f'{{"at": {at}}}')
        assert not result["accepted"]
    assert bridged.core.massage.snapshot(number).stage == "running"
    assert (await someone.asked(LEFT, "pause", f'{{"at": {time.time()}}}'))["accepted"]


async def test_a_replayed_command_has_no_effect(bridged, someone):
    number = await bridged.start()
    await bridged.until_sent(number)
    command = '{"level": 10, "id": "once"}'
    assert (await someone.asked(LEFT, "level", command))["accepted"]
    assert not (await someone.asked(LEFT, "level", command))["accepted"]


@pytest.mark.usefixtures("bridged")
@pytest.mark.parametrize("order", ["raise", "limit", "person", "clear", "Level", "stop2", "$"])
async def test_there_are_no_other_commands(someone, order):
    result = await someone.asked(LEFT, order, "90")
    assert (result["accepted"], result["reason"]) == (False, "there is no such command")


@pytest.mark.usefixtures("bridged")
async def test_commands_for_massagers_of_others_pass_by(someone):
    await someone.command("mr-00000000", "stop", "STOP")
    await someone.command("mr-00000000", "level", "20")
    assert (await someone.asked(LEFT, "stop", "STOP"))["accepted"]
    assert someone.results("mr-00000000") == []


async def test_what_is_longer_than_a_command_does_not_even_arrive(bridged, someone):
    number = await bridged.start()
    await bridged.until_sent(number)
    await someone.command(LEFT, "level", "9" * 100_000)
    await someone.command(LEFT, "level", b"[" * 1500)
    result = await someone.asked(LEFT, "level", '{"level": 10, "id": "after"}')
    assert result["id"] == "after"
    assert bridged.bridge.is_online


async def test_only_the_newest_of_many_strengths_counts_and_each_is_answered(bridged, someone):
    number = await bridged.start()
    await bridged.until_sent(number)
    for count in range(50):
        await someone.command(LEFT, "level", f'{{"level": {50 - count // 2}, "id": "l{count}"}}')
    await someone.until(lambda: len(someone.results(LEFT)) == 50)
    assert {one["id"] for one in someone.results(LEFT)} == {f"l{count}" for count in range(50)}
    last = next(one for one in someone.results(LEFT) if one["id"] == "l49")
    assert last["accepted"]
    assert any("newer" in one["reason"] for one in someone.results(LEFT))
