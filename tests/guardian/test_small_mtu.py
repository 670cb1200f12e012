"""A link whose MTU is too small for the cushion's state of 43 bytes, on virtual time."""

import contextlib

import pytest

from firmware_sim import bleak_client
from firmware_sim.simulator import Simulator
from firmware_sim.virtual_time import run
from massager.catalog import load_device
from massager.guardian.client import InProcessGuardian
from massager.guardian.clock import LoopClock
from massager.guardian.leaving import Leaving
from massager.guardian.messages import Alarm, Ready
from massager.guardian.stop_only import StopOnly
from massager.guardian.transport import gatt_links
from massager.protocol import codec_for

CODEC = codec_for("reference")


class Air:
    """A cushion, everything it did, and links to it."""

    def __init__(self, sim, rows, links):
        self.sim = sim
        self.rows = rows
        self.links = links

    @property
    def stirred(self):
        """Whether a session was opened or anything drove."""
        return any(row.get("event") == "session_start" or row.get("level") for row in self.rows)


@contextlib.asynccontextmanager
async def cushion(monkeypatch, mtu):
    """A cushion within reach of controllers that ask for no larger MTU than this."""
    monkeypatch.setattr(bleak_client, "_MTU", mtu)
    rows = []
    async with Simulator(model="cushion", on_row=lambda row: rows.append(dict(row))) as sim:
        yield Air(sim, rows, gatt_links(await sim.radio(), CODEC, LoopClock()))


async def told_until(guardian, kind):
    """What the guardian says, up to a message of this kind or its end."""
    told = []
    while (message := await guardian.receive()) is not None:
        told.append(message)
        if isinstance(message, kind):
            break
    return told


@pytest.mark.parametrize("mtu", [23, 45])
def test_on_a_link_that_cuts_reports_nothing_starts_and_the_alarm_says_what_to_do(monkeypatch, mtu):
    async def main():
        async with cushion(monkeypatch, mtu) as air:
            guardian = InProcessGuardian(links=air.links, profile=load_device("cushion"), clock=LoopClock())
            told = await told_until(guardian, Alarm)
            assert isinstance(told[-1], Alarm), told
            assert not any(isinstance(message, Ready) for message in told)
            assert f"only {mtu - 3} of 43 bytes" in told[-1].text
            assert "MTU below 46; try another Bluetooth adapter" in told[-1].text
            assert await guardian.close() == Leaving.NOT_STOPPED
            assert not air.stirred

    run(main())


def test_on_a_link_that_just_carries_them_the_cushion_is_ready(monkeypatch):
    async def main():
        async with cushion(monkeypatch, 46) as air:
            guardian = InProcessGuardian(links=air.links, profile=load_device("cushion"), clock=LoopClock())
            assert isinstance((await told_until(guardian, Ready))[-1], Ready)
            assert await guardian.close() == Leaving.STOPPED

    run(main())


def test_a_stop_without_a_core_says_that_the_reports_are_cut(monkeypatch):
    async def main():
        async with cushion(monkeypatch, 45) as air:
            stop = StopOnly(
                links=air.links, codec=CODEC, clock=LoopClock(), actuators=8, heaters=2, address=None
            )
            assert await stop.run() is Leaving.NOT_STOPPED
            assert "only 42 of 43 bytes" in stop.detail

    run(main())


def test_a_stop_without_a_core_sees_a_cushion_rest_whose_pads_are_still_warm(monkeypatch):
    async def main():
        async with cushion(monkeypatch, 517) as air:
            stop = StopOnly(
                links=air.links, codec=CODEC, clock=LoopClock(), actuators=8, heaters=2, address=None
            )
            assert await stop.run() is Leaving.STOPPED, stop.detail

    run(main())
