"""The guardian's logic on a device by hand, on virtual time.

Over 400 lines: one short case after another of one table of messages, on one rig.
"""

import asyncio
from dataclasses import replace

import pytest

from firmware_sim.virtual_time import run
from guardian.rig import CHAIR, Core, FakeAir, permit, row, until
from massager.guardian.leaving import Leaving
from massager.guardian.link import Sighting, Written
from massager.guardian.messages import (
    Alarm,
    Delivery,
    Failed,
    Failure,
    GivePermit,
    LinkLost,
    Outcome,
    Permitted,
    Ready,
    Refused,
    State,
    Stop,
    Stopped,
    Stopping,
)
from massager.model.decisions import Reason


def sets(air):
    return [entry for entry in air.log if entry.startswith("02")]


def test_the_first_write_after_each_connect_is_stop():
    async def main():
        air = FakeAir()
        core = Core(air.links)
        await core.hear(Ready)
        assert air.log[:3] == ["connect", "stop", "subscribe"]
        air.link.lose()
        await core.hear(Ready, 2)
        again = air.log.index("connect", 1)
        assert air.log[again : again + 3] == ["connect", "stop", "subscribe"]
        assert core.heard(LinkLost)
        assert not core.heard(Alarm)
        assert not core.heard(Stopped)  # nothing was under way: there is nothing to tell

    run(main())


def test_a_permit_opens_a_session_above_every_epoch_the_device_has_seen():
    async def main():
        air = FakeAir()
        core = Core(air.links)
        assert await core.open() == 8
        assert air.log[-1] == "0108005802020a0a"

    run(main())


def test_a_stop_is_the_next_write_after_the_one_in_flight_when_a_hundred_leases_wait():
    async def main():
        air = FakeAir()
        core = Core(air.links)
        await core.open()
        air.write_s = 0.015
        for _ in range(100):
            core.lease(3)
        await until(lambda: sets(air))
        before = len(sets(air))
        for _ in range(100):
            core.lease(3)
        core.client.send(Stop(Reason.STOPPED_BY_PERSON))
        stopped_at = len(air.log)
        assert (await core.hear(Stopped)).confirmed
        assert air.log[stopped_at] == "stop"
        assert len(sets(air)) == before == 1
        assert core.heard(Stopping)[0].cause is Reason.STOPPED_BY_PERSON

    run(main())


def test_a_lease_that_waited_when_the_stop_came_is_never_written():
    async def main():
        air = FakeAir()
        core = Core(air.links)
        await core.open()
        core.lease(3)
        core.client.send(Stop(Reason.STOPPED_BY_PERSON))
        await core.hear(Stopped)
        assert not sets(air)

    run(main())


def test_a_lease_of_the_epoch_before_the_stop_is_refused():
    async def main():
        air = FakeAir()
        core = Core(air.links)
        old = await core.open()
        core.client.send(Stop(Reason.STOPPED_BY_PERSON))
        await core.hear(Stopped)
        core.lease(3)
        assert "no permit" in (await core.hear(Refused)).detail
        assert await core.open() == old + 1
        core.epoch = old
        core.lease(3)
        assert "epoch" in (await core.hear(Refused, 2)).detail
        assert (await core.hear(Stopped, 2)).cause is Reason.GUARDIAN_REFUSED
        assert not sets(air)

    run(main())


@pytest.mark.parametrize("level", [0, 5])
def test_a_lease_that_is_not_renewed_stops_the_device_on_time(level):
    async def main():
        air = FakeAir()
        core = Core(air.links)
        await core.open()
        began_ms = core.clock.now_ms()
        await core.press(level)
        assert (await core.hear(Stopping)).cause is Reason.LEASE_LAPSED
        assert 500 <= core.clock.now_ms() - began_ms <= 560
        assert (await core.hear(Stopped)).confirmed

    run(main())


def test_the_end_of_the_permit_stops_the_device():
    async def main():
        air = FakeAir()
        core = Core(air.links)
        await core.hear(Ready)
        given = permit(core.clock.now_ms(), ends_ms=core.clock.now_ms() + 700)
        await core.open(given)
        assert (await core.hear(Stopping)).cause is Reason.SESSION_OVER
        assert core.clock.now_ms() <= given.ends_ms + 60

    run(main())


def test_the_end_of_the_pipe_stops_the_device_and_then_the_guardian_leaves():
    async def main():
        air = FakeAir()
        core = Core(air.links)
        await core.open()
        await core.press()
        core.client.end_pipe()
        await until(lambda: core.gone)
        assert core.heard(Stopped)[-1].confirmed
        stop = len(air.log) - 1 - air.log[::-1].index("stop")
        assert air.log[stop:] == ["stop", "030800", "disconnect"]
        assert await core.client.close() == Leaving.STOPPED

    run(main())


def test_end_at_rest_closes_the_session_without_another_stop():
    async def main():
        air = FakeAir()
        core = Core(air.links)
        await core.open()
        await core.press()
        core.client.send(Stop(Reason.FINISHED))
        await core.hear(Stopped)
        stops = air.log.count("stop")
        assert await core.client.close() == Leaving.STOPPED
        assert air.log[-2:] == ["030800", "disconnect"]
        assert air.log.count("stop") == stops

    run(main())


def test_end_while_pressing_stops_first():
    async def main():
        air = FakeAir()
        core = Core(air.links)
        await core.open()
        await core.press()
        assert await core.client.close() == Leaving.STOPPED
        pressed = air.log.index(sets(air)[-1])
        assert air.log[pressed + 1] == "stop"
        assert air.log[-2:] == ["030800", "disconnect"]

    run(main())


def test_a_stop_that_the_device_refuses_is_repeated_escalated_and_told_as_an_alarm():
    async def main():
        air = FakeAir()
        core = Core(air.links)
        await core.open()
        await core.press()
        air.stop_answer = Written(Outcome.FAILED, "the device refused with ATT error 88 hex")
        began_ms = core.clock.now_ms()
        core.client.send(Stop(Reason.STOPPED_BY_PERSON))
        alarm = await core.hear(Alarm)
        assert 1900 <= core.clock.now_ms() - began_ms <= 2200
        assert "88 hex" in alarm.text
        assert "mains plug" in alarm.text
        assert air.log.count("stop") >= 20
        assert "disconnect" in air.log
        stopped = await core.hear(Stopped)
        assert not stopped.confirmed
        assert stopped.cause is Reason.STOPPED_BY_PERSON
        assert 9900 <= core.clock.now_ms() - began_ms <= 10_600
        await until(lambda: core.gone)
        assert len(core.heard(Alarm)) == 1
        assert await core.client.close() == Leaving.NOT_STOPPED

    run(main())


def test_no_rest_counts_that_was_reported_before_the_stop_reached_the_device():
    async def main():
        air = FakeAir()
        core = Core(air.links)
        await core.open()
        air.stop_answer = Written(Outcome.FAILED, "no")
        core.client.send(Stop(Reason.STOPPED_BY_PERSON))
        await asyncio.sleep(1)  # the device reports rest ten times meanwhile
        assert not core.heard(Stopped)
        air.stop_answer = Written(Outcome.CONFIRMED)
        assert (await core.hear(Stopped)).confirmed

    run(main())


def test_a_device_that_says_rest_and_still_presses_is_not_at_rest():
    async def main():
        air = FakeAir()
        core = Core(air.links)
        await core.open()
        air.stop = lambda: setattr(air, "depth", 40)
        core.client.send(Stop(Reason.STOPPED_BY_PERSON))
        await core.hear(Alarm)
        assert not (await core.hear(Stopped)).confirmed

    run(main())


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.UNCERTAIN])
def test_a_lease_that_is_not_confirmed_stops_the_device(outcome):
    async def main():
        air = FakeAir()
        core = Core(air.links)
        await core.open()
        air.command_answer = Written(outcome, "why")
        await core.press()
        assert core.heard(Delivery)[-1].outcome is outcome
        assert core.heard(Stopping)[-1].cause is Reason.WRITE_REFUSED
        assert (await core.hear(Stopped)).confirmed

    run(main())


def test_a_begin_that_is_not_confirmed_opens_nothing():
    async def main():
        air = FakeAir()
        core = Core(air.links)
        await core.hear(Ready)
        air.command_answer = Written(Outcome.FAILED, "why")
        core.client.send(GivePermit(permit(core.clock.now_ms())))
        assert (await core.hear(Stopped)).cause is Reason.WRITE_REFUSED
        assert not core.heard(Permitted)

    run(main())


def test_a_refused_permit_stops_and_tells():
    async def main():
        air = FakeAir()
        core = Core(air.links)
        await core.hear(Ready)
        loose = permit(core.clock.now_ms(), rows=(row("roller_left", level_max=11),))
        core.client.send(GivePermit(loose))
        refused = await core.hear(Refused)
        assert refused.what == "permit"
        assert (await core.hear(Stopped)).cause is Reason.GUARDIAN_REFUSED
        assert not [entry for entry in air.log if entry.startswith("01")]

    run(main())


def test_in_a_session_a_tighter_permit_holds_and_a_looser_one_stops():
    async def main():
        air = FakeAir()
        core = Core(air.links)
        await core.hear(Ready)
        first = permit(core.clock.now_ms())
        await core.open(first)
        tighter = replace(first, rows=tuple(replace(each, level_max=4) for each in first.rows))
        await core.open(tighter)
        core.lease(4)
        await core.hear(Delivery)
        core.client.send(GivePermit(first))
        assert "looser" in (await core.hear(Refused)).detail
        assert (await core.hear(Stopped)).cause is Reason.GUARDIAN_REFUSED

    run(main())


def test_a_permit_tightened_after_a_lease_was_taken_holds_that_lease_back():
    async def main():
        air = FakeAir()
        core = Core(air.links)
        await core.hear(Ready)
        first = permit(core.clock.now_ms())
        await core.open(first)
        core.lease(8)
        core.client.send(
            GivePermit(replace(first, rows=tuple(replace(each, level_max=4) for each in first.rows)))
        )
        assert "above 4" in (await core.hear(Refused)).detail
        assert not sets(air)

    run(main())


def test_silent_telemetry_while_driven_stops_within_about_a_second():
    async def main():
        air = FakeAir()
        core = Core(air.links)
        await core.open()
        await core.press()
        air.silent = True
        began_ms = core.clock.now_ms()
        while not core.heard(Stopping):
            core.lease(0)  # staying retracted needs no report
            await asyncio.sleep(0.2)
        assert core.heard(Stopping)[0].cause is Reason.STALE_READING
        assert core.clock.now_ms() - began_ms <= 1400

    run(main())


def test_a_counter_that_stands_still_is_not_news():
    async def main():
        air = FakeAir()
        core = Core(air.links)
        await core.open()
        await core.press()
        states = len(core.heard(State))
        air._counter -= 1
        air.report = lambda real=air.report: (setattr(air, "_counter", air._counter - 1), real())
        while not core.heard(Stopping):
            core.lease(0)
            await asyncio.sleep(0.2)
        assert core.heard(Stopping)[0].cause is Reason.FROZEN_COUNTER
        assert len(core.heard(State)) <= states + 1

    run(main())


def test_a_lease_that_meets_the_silence_before_the_guardian_looks_names_the_silence():
    async def main():
        air = FakeAir()
        core = Core(air.links)
        await core.open()
        await core.press()
        air.silent = True
        while not core.heard(Stopping):
            core.lease(5)
            await asyncio.sleep(0.001)
        assert "no fresh report" in core.heard(Stopping)[0].detail, "the guardian looked first"
        assert core.heard(Stopping)[0].cause is Reason.STALE_READING

    run(main())


def test_nonsense_from_the_device_stops_it():
    async def main():
        air = FakeAir()
        core = Core(air.links)
        await core.open()
        await core.press()
        air.link.report(b"\x01\x02\x03")
        assert (await core.hear(Stopping)).cause is Reason.DEVICE_FAULT

    run(main())


def test_a_device_that_moves_and_was_not_told_to_is_stopped():
    async def main():
        air = FakeAir()
        core = Core(air.links)
        await core.hear(Ready)
        air.obey(bytes.fromhex("0201000700f401ffffff14020505"))
        assert (await core.hear(Stopping)).cause is Reason.FOREIGN_COMMAND
        assert (await core.hear(Stopped)).confirmed

    run(main())


def test_a_link_lost_while_pressing_is_a_stop_and_rest_counts_only_on_the_new_link():
    async def main():
        air = FakeAir()
        core = Core(air.links)
        await core.open()
        await core.press()
        air.link.lose()
        assert (await core.hear(Stopping)).cause is Reason.LINK_LOST
        stopped = await core.hear(Stopped)
        assert stopped.confirmed
        await core.hear(Ready, 2)
        connects = [index for index, entry in enumerate(air.log) if entry == "connect"]
        assert air.log[connects[1] + 1] == "stop"
        core.lease(3)
        assert "no permit" in (await core.hear(Refused)).detail

    run(main())


def test_a_device_out_of_reach_for_good_is_an_alarm_and_then_a_failure():
    async def main():
        air = FakeAir()
        core = Core(air.links)
        await core.open()
        await core.press()
        air.unreachable = True
        air.link.lose()
        await core.hear(Alarm)
        assert not (await core.hear(Stopped)).confirmed
        assert (await core.hear(Failed)).failure is Failure.RADIO
        await until(lambda: core.gone)
        assert await core.client.close() == Leaving.NOT_STOPPED

    run(main())


@pytest.mark.parametrize(
    ("sightings", "failure"),
    [([], Failure.NOT_FOUND), ([Sighting("A", "one"), Sighting("B", "two")], Failure.SEVERAL)],
)
def test_none_or_several_devices_are_a_failure_with_the_list(sightings, failure):
    async def main():
        air = FakeAir()
        air.sightings = sightings
        core = Core(air.links)
        failed = await core.hear(Failed)
        assert failed.failure is failure
        assert all(each.address in failed.detail for each in sightings)
        assert air.log == []
        assert await core.client.close() == Leaving.NO_LINK

    run(main())


def test_a_device_of_another_firmware_is_stopped_and_refused():
    async def main():
        air = FakeAir()
        air.identity = ("REF-CHAIR", "2.0")
        core = Core(air.links)
        assert (await core.hear(Failed)).failure is Failure.UNKNOWN_DEVICE
        assert air.log[:2] == ["connect", "stop"]
        assert not core.heard(Ready)

    run(main())


def test_a_device_with_other_capabilities_than_its_profile_is_refused():
    async def main():
        air = FakeAir()
        air.capabilities = air.capabilities.replace(bytes((1, 20, 40, 15)), bytes((1, 20, 41, 15)), 1)
        core = Core(air.links)
        failed = await core.hear(Failed)
        assert failed.failure is Failure.UNKNOWN_DEVICE
        assert "force is 41" in failed.detail

    run(main())


def test_an_exception_in_a_task_ends_in_stop():
    async def main():
        air = FakeAir()
        core = Core(air.links)
        await core.open()
        await core.press()
        core.client._guardian._driving.overdue = lambda _: 1 // 0
        stopped = await core.hear(Stopped)
        assert (stopped.cause, stopped.confirmed) == (Reason.INTERNAL, True)
        await until(lambda: core.gone)

    run(main())


def test_a_codec_that_raises_ends_in_stop():
    async def main():
        air = FakeAir()
        core = Core(air.links)
        await core.open()
        core.client._guardian._driving._codec.set = lambda **_: 1 // 0
        core.lease(3)
        assert (await core.hear(Stopped)).cause is Reason.INTERNAL
        assert not sets(air)

    run(main())


def test_a_codec_that_writes_a_higher_level_is_caught_on_the_bytes():
    async def main():
        air = FakeAir()
        core = Core(air.links)
        await core.open()
        codec = core.client._guardian._driving._codec
        real = codec.set
        codec.set = lambda **given: real(**given)[:-1] + b"\x06"
        core.lease(5)
        assert (await core.hear(Refused)).what == "bytes"
        assert (await core.hear(Stopped)).confirmed
        assert not sets(air)

    run(main())


def test_a_task_that_somebody_ended_is_started_anew_and_the_device_stopped():
    async def main():
        air = FakeAir()
        core = Core(air.links)
        await core.open()
        await core.press()
        mine = {asyncio.current_task(), air._reporting, core._listening, core.client._task}
        for task in asyncio.all_tasks() - mine:
            task.cancel()
        stopped = await core.hear(Stopped)
        assert (stopped.cause, stopped.confirmed) == (Reason.INTERNAL, True)

    run(main())


def test_a_stop_loop_that_raises_is_started_again():
    async def main():
        air = FakeAir()
        core = Core(air.links)
        await core.open()
        await core.press()
        path = core.client._guardian._path
        real = path.until_rest

        async def once():
            path.until_rest = real
            raise RuntimeError("bug")

        path.until_rest = once
        core.client.send(Stop(Reason.STOPPED_BY_PERSON))
        assert (await core.hear(Stopped)).confirmed

    run(main())


def test_a_core_that_cannot_be_told_is_as_good_as_gone():
    async def main():
        air = FakeAir()
        core = Core(air.links)
        await core.open()
        await core.press()

        def fail(_):
            raise OSError("no")

        core.client._guardian._send = fail
        await until(lambda: core.gone)
        assert air.log[-2:] == ["030800", "disconnect"]
        assert air.state["level"] == 0

    run(main())


def test_cancelling_the_guardian_stops_the_device_first():
    async def main():
        air = FakeAir()
        core = Core(air.links)
        await core.open()
        await core.press()
        core.client._task.cancel()
        await until(lambda: core.gone)
        assert core.heard(Stopped)[-1].confirmed
        assert air.state["level"] == 0

    run(main())


def test_a_killed_guardian_writes_nothing_more_and_leaves_the_link_up():
    async def main():
        air = FakeAir()
        core = Core(air.links)
        await core.open()
        await core.press()
        before = list(air.log)
        core.client.kill()
        await asyncio.sleep(5)
        assert air.log == before
        assert air.link is not None
        assert core.gone

    run(main())


def test_stop_is_legal_before_there_is_a_link():
    async def main():
        air = FakeAir()
        core = Core(air.links)
        core.client.send(Stop(Reason.STOPPED_BY_PERSON))
        assert (await core.hear(Stopped)).confirmed
        await core.hear(Ready)

    run(main())


def test_the_begin_frame_carries_the_permits_end_and_its_highest_levels():
    async def main():
        air = FakeAir()
        core = Core(air.links)
        await core.hear(Ready)
        rows = (row("roller_left", level_max=7), row("roller_right", level_max=9))
        await core.open(permit(core.clock.now_ms(), rows=rows, ends_ms=core.clock.now_ms() + 90_500))
        assert air.log[-1] == "0108005b00020709"
        assert CHAIR.deadline_max_s == 1200

    run(main())
