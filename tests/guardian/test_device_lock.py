"""The device's lock: one holder, a short wait for who is leaving, and fences that only rise."""

import asyncio
import os

import pytest

from firmware_sim.virtual_time import run
from guardian.rig import Core, FakeAir, permit
from massager.guardian.clock import LoopClock
from massager.guardian.device_lock import WAIT_LONGEST_MS, DeviceHeldError, DeviceLock
from massager.guardian.messages import Failed, Failure, GivePermit, Permitted, Ready, Refused, Stopped

ADDRESS = "C0:DE:00:00:00:01"


@pytest.fixture
def locks(tmp_path):
    made = []

    def make(store="S", radio="system", folder=tmp_path):
        made.append(DeviceLock(folder, radio=radio, store=store, clock=LoopClock()))
        return made[-1]

    yield make
    for each in made:
        each.release()


def test_one_device_has_one_holder_and_the_next_waits_no_longer_than_two_seconds(locks):
    async def main():
        await locks().claim(ADDRESS)
        began = LoopClock().now_ms()
        with pytest.raises(DeviceHeldError, match="held by another process"):
            await locks().claim(ADDRESS.lower())
        assert LoopClock().now_ms() - began == WAIT_LONGEST_MS

    run(main())


def test_whoever_waits_gets_the_lock_of_a_predecessor_that_leaves(locks):
    async def main():
        first, second = locks(), locks()
        await first.claim(ADDRESS)
        asyncio.get_running_loop().call_later(1, first.release)
        await second.claim(ADDRESS)
        assert second.admit(1) is None

    run(main())


def test_other_devices_and_other_radios_have_locks_of_their_own(locks):
    async def main():
        for lock, address in (
            (locks(), ADDRESS),
            (locks(), "C0:DE:00:00:00:02"),
            (locks(radio="unix:a"), ADDRESS),
        ):
            await lock.claim(address)
            assert lock.admit(1) is None

    run(main())


def admitted(locks, *fences, store="S"):
    """What a process that holds the lock for a while says to these fences."""

    async def main():
        lock = locks(store)
        await lock.claim(ADDRESS)
        answers = [lock.admit(fence) for fence in fences]
        lock.release()
        return [answer is None for answer in answers]

    return run(main())


def test_a_fence_not_above_the_last_one_is_refused_also_by_the_next_process(locks):
    assert admitted(locks, 5, 5, 4) == [True, True, False]
    assert admitted(locks, 5) == [False]
    assert admitted(locks, 4, 6) == [False, True]


def test_a_refused_fence_leaves_the_last_one_as_it_was(locks):
    assert admitted(locks, 5) == [True]
    assert admitted(locks, 3) == [False]
    assert admitted(locks, 4) == [False]


def test_fences_of_another_store_do_not_compare(locks):
    assert admitted(locks, 500) == [True]
    assert admitted(locks, 1, store="another, throw-away") == [True]
    assert admitted(locks, 1, store="another, throw-away") == [False]


def test_nothing_is_admitted_without_the_lock(locks):
    assert locks().admit(1) is not None


@pytest.mark.parametrize("data", [b"rubbish", b"\n", b"\xff\xfe 1", b"000x S\n"])
def test_a_damaged_lock_file_admits_nothing(locks, data):
    lock = locks()
    lock.path(ADDRESS).write_bytes(data)
    assert admitted(locks, 1) == [False]


def test_a_folder_that_cannot_be_written_is_told_and_nothing_is_held(locks, tmp_path):
    (tmp_path / "file").write_text("no folder")

    async def main():
        with pytest.raises(DeviceHeldError, match="cannot be made"):
            await locks(folder=tmp_path / "file").claim(ADDRESS)

    run(main())


def test_the_lock_file_is_for_its_owner_alone(locks, tmp_path):
    async def main():
        lock = locks(folder=tmp_path / "new")
        await lock.claim(ADDRESS)
        assert lock.path(ADDRESS).stat().st_mode & 0o777 == 0o600
        assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700

    run(main())


def test_a_device_that_is_held_is_a_failure_before_any_connection(locks):
    async def main():
        air, held = FakeAir(), locks()
        await held.claim(air.sightings[0].address)
        core = Core(air.links, lock=locks())
        failed = await core.hear(Failed)
        assert failed.failure is Failure.BUSY
        assert not air.log

    run(main())


def test_a_permit_with_an_old_fence_stops_and_one_with_the_same_fence_may_come_again(locks):
    async def main():
        air, before, lock = FakeAir(), locks(), locks()
        await before.claim(air.sightings[0].address)
        assert before.admit(7) is None
        before.release()
        core = Core(air.links, lock=lock)
        await core.hear(Ready)
        given = permit(core.clock.now_ms(), fence=8)
        for _ in range(3):
            await core.open(given)
        assert len(core.heard(Permitted)) == 3
        await core.client.close()
        late = Core(air.links, lock=locks())
        lock.release()
        await late.hear(Ready)
        late.client.send(GivePermit(permit(late.clock.now_ms(), fence=7)))
        assert "fence 7 after 8" in (await late.hear(Refused)).detail
        assert (await late.hear(Stopped)).confirmed
        await late.client.close()

    run(main())


def test_the_descriptor_does_not_reach_child_processes(locks):
    async def main():
        lock = locks()
        await lock.claim(ADDRESS)
        assert not os.get_inheritable(lock._fd)

    run(main())
