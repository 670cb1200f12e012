"""A stop from a broker behind a hundred strengths, over a link that takes 15 ms a write, on virtual time."""

import asyncio
import json
from types import SimpleNamespace

import pytest

from massager.catalog import load_device
from massager.mqtt.answers import Answers
from massager.mqtt.commands import Arrived
from massager.mqtt.obeying import Judging, Obeying
from massager.mqtt.outbox import Outbox
from massager.mqtt.station import Massager, Station
from massager.mqtt.topics import Topics
from system_rig import run, stack

WRITE_S = 0.015
MASSAGER = "mr-00000001"


class OnlySession:
    """What a core offers a bridge, of one session."""

    requests = SimpleNamespace(withdraw=lambda _device: None)

    def __init__(self, loop):
        self._loop = loop

    def on_device(self, _name):
        return 1

    def session(self, _number):
        return self._loop

    def snapshot(self, _number):
        return self._loop.snapshot()

    async def stop_session(self, _number):
        self._loop.stop()
        return await self._loop.wait_rest()


def obeying(loop, outbox):
    """What takes commands for the session's chair."""
    telling = SimpleNamespace(event=lambda *_: None)
    judging = Judging(wall_s=lambda: 0.0, held_up=lambda: False, log=pytest.fail)
    station = Station(massage=OnlySession(loop), remote=None, massagers=None, programs=None)
    found = Obeying(station, Answers(Topics(), outbox, telling), judging)
    found.massagers = {MASSAGER: Massager(MASSAGER, "chair", load_device("chair"), "", "", "")}
    return found


def arrived(order, payload):
    return Arrived(f"massager/v1/{MASSAGER}/cmd/{order}", payload.encode(), is_retained=False, expires_s=None)


@pytest.mark.parametrize("later_ms", range(0, 100, 10))
def test_it_reaches_the_device_within_two_writes(tmp_path, later_ms):
    async def flooded():
        async with stack(tmp_path, faults=("slow_writes:15",)) as s:
            running = asyncio.create_task(s.loop.run())
            await s.until(lambda: bool(s.plant) and s.plant[-1]["level"] >= 3)
            await asyncio.sleep(later_ms / 1000)
            before, outbox, now_s = len(s.rows), Outbox(), asyncio.get_running_loop().time
            taking = obeying(s.loop, outbox)
            began_s = now_s()
            for number in range(100):
                level = 15 - number % 11
                taking.take(arrived("level", json.dumps({"level": level, "id": str(number)})))
                # So that the control loop and the link have their turns in between.
                await asyncio.sleep(0)
            taking.take(arrived("stop", "STOP"))
            for _ in range(1000):
                if any(row.get("event") == "stop" for row in s.rows[before:]):
                    break
                await asyncio.sleep(0.0005)
            took_s = now_s() - began_s
            await running
            while (answer := outbox.next()) is not None and json.loads(answer.payload)["id"] is not None:
                pass
            await taking.close()
            return took_s, json.loads(answer.payload)

    took_s, answer = run(flooded())
    assert took_s <= 2 * WRITE_S + 0.001
    assert answer["applied"] == "at-rest"
