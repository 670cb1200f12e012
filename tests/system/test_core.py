"""A core that serves, in this process: sessions that fail, and stops that come while one begins."""

import asyncio
import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from core_rig import record, surroundings_in
from massager.app.core import Core
from massager.app.place import Surroundings
from massager.app.session import Memory
from massager.guardian.messages import Failed, Failure
from massager.model.decisions import Reason, Refusal
from massager.model.errors import BusyError, NotFoundError
from massager.session.massage import Wish
from massager.session.snapshot import Stage
from massager.store import Store
from samples import well


class Silent:
    """A guardian that never gets to its device, and leaves when it is told to."""

    complaints = ""

    def __init__(self):
        self.sent = []
        self._inbox = asyncio.Queue()

    def send(self, message):
        self.sent.append(message)
        if message.kind == "end":
            self._inbox.put_nowait(None)

    async def receive(self):
        return await self._inbox.get()

    def say(self, message):
        self._inbox.put_nowait(message)

    async def close(self):
        return 4


@dataclass(frozen=True, slots=True)
class Stubborn(Surroundings):
    """Surroundings in which the device named left has no guardian, and the others' are silent."""

    guardians: list = field(default_factory=list)

    async def guardian(self, *, store, device, profile, address):
        if device == "left":
            raise OSError("no more processes")
        self.guardians.append(Silent())
        return self.guardians[-1]


@contextlib.asynccontextmanager
async def core_in(folder):
    """A core with two paired chairs and two people."""
    where = surroundings_in(Stubborn, folder)
    said = []
    with where.open_store() as store, ThreadPoolExecutor(1) as thread:
        record(store, ("anna", "ben"))
        core = Core(where, Memory.of(store, thread), said.append)
        try:
            yield core, where, said
        finally:
            await core.close()


def wish(person, device):
    return Wish("gentle-lumbar", person, device, None, None, interactive=False, screening=well())


async def until(holds):
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110 - whatever a test waits for
            await asyncio.sleep(0.005)


async def test_a_session_that_breaks_ends_alone_and_is_told(tmp_path):
    async with core_in(tmp_path) as (core, _where, said):
        good = await core.begin(wish("ben", "right"))
        bad = await core.begin(wish("anna", "left"))
        await until(lambda: core.massage.ending(bad))
        assert core.massage.ending(bad).reason is Reason.INTERNAL
        assert "no more processes" in core.massage.ending(bad).detail
        assert any(f"session {bad} ended: internal" in line for line in said)
        assert core.massage.ending(good) is None
        assert core.massage.session(good).snapshot().stage is Stage.CONNECTING
        assert list(core.massage.running()) == [good]


async def test_a_stop_is_not_called_confirmed_while_a_devices_last_stop_was_not(tmp_path):
    async with core_in(tmp_path) as (core, _where, _said):
        bad = await core.begin(wish("anna", "left"))
        await until(lambda: core.massage.ending(bad))
        assert not await core.massage.stop()


async def test_a_stop_while_a_session_begins_stops_it_before_anything_moves(tmp_path):
    async with core_in(tmp_path) as (core, where, _said):
        beginning = asyncio.create_task(core.begin(wish("ben", "right")))
        await asyncio.sleep(0)
        await core.massage.stop()
        number = await beginning
        await until(lambda: core.massage.ending(number))
        assert core.massage.ending(number).reason is Reason.STOPPED_BY_PERSON
        assert all(message.kind != "permit" for guardian in where.guardians for message in guardian.sent)


@pytest.mark.parametrize(("device", "ends"), [("left", False), ("right", True)])
async def test_a_stop_for_one_device_while_a_session_begins_stops_it_on_that_device_alone(
    tmp_path, device, ends
):
    async with core_in(tmp_path) as (core, _where, _said):
        beginning = asyncio.create_task(core.begin(wish("ben", "right")))
        await asyncio.sleep(0)
        core.massage.stop_starts(device)
        number = await beginning
        assert (core.massage.snapshot(number).reason is Reason.STOPPED_BY_PERSON) is ends


async def test_a_session_goes_on_when_whoever_asked_for_it_has_gone(tmp_path):
    async with core_in(tmp_path) as (core, _where, _said):
        asking = asyncio.create_task(core.begin(wish("ben", "right")))
        await asyncio.sleep(0)
        asking.cancel()
        await until(core.massage.running)


async def test_a_core_that_ends_starts_nothing_more(tmp_path):
    async with core_in(tmp_path) as (core, _where, _said):
        await core.close()
        assert await core.begin(wish("ben", "right")) == Refusal(Reason.STOPPING)


async def test_one_session_a_person_and_a_device_and_nobody_is_left_in_session_by_a_refusal(tmp_path):
    async with core_in(tmp_path) as (core, _where, _said):
        with pytest.raises(NotFoundError, match="zoe"):
            await core.begin(wish("zoe", "right"))
        with pytest.raises(NotFoundError, match="Which device"):
            await core.begin(wish("ben", None))
        number = await core.begin(wish("ben", "right"))
        with pytest.raises(BusyError, match="ben is in session"):
            await core.begin(wish("ben", "left"))
        with pytest.raises(BusyError, match="ben is in session"):
            await core.begin(wish("anna", "right"))
        assert list(core.massage.running()) == [number]


async def test_the_store_is_used_by_one_thread_and_never_by_the_one_of_the_control_loops(
    tmp_path, monkeypatch
):
    async with core_in(tmp_path) as (core, _where, _said):
        transaction, threads = Store.transaction, set()

        def noted(self):
            threads.add(threading.get_ident())
            return transaction(self)

        monkeypatch.setattr(Store, "transaction", noted)
        assert await core.begin(wish("ben", "right"))
        assert len(threads) == 1
        assert threading.get_ident() not in threads


async def test_only_the_last_twenty_that_ended_stay_listed(tmp_path):
    async with core_in(tmp_path) as (core, where, _said):
        first = await core.begin(wish("ben", "right"))
        where.guardians[0].say(Failed(Failure.NOT_FOUND, "nothing there"))
        where.guardians[0].say(None)
        await until(lambda: core.massage.ending(first))
        loop, ending = core.massage.session(first), core.massage.ending(first)
        basis = core.massage.basis(first)
        for number in range(first + 1, first + 21):
            core.massage.add(number, loop, basis)
            core.massage.ended(number, ending)
        assert len(core.massage.snapshots()) == 20
        with pytest.raises(NotFoundError):
            core.massage.session(first)
