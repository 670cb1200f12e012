"""The n-th write fails, or kills, for every n: what is left is the state before or after."""

import itertools
import resource
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from massager.model.errors import StoreError
from massager.store import Journal, Record, Store
from store_life import (
    STEPS,
    at_every_write,
    close_gaps,
    disk_fault,
    life_of_a_child,
    live,
    state,
    states,
)
from store_rig import NOW_S, Place


@pytest.fixture(scope="module")
def every_state(tmp_path_factory: pytest.TempPathFactory):
    return states(tmp_path_factory.mktemp("states") / "data")


def fails_at(n: int, act: Callable[[], object]) -> bool:
    """Whether the n-th write of it came, and failed."""
    struck = False

    def strike(count: int, _: str) -> None:
        nonlocal struck
        if count == n:
            struck = True
            raise disk_fault()

    with at_every_write(strike), suppress(StoreError):
        act()
    return struck


# A server is asked, and made, too slowly for every write to have its turn in every run.
STRIDE = {"sqlite": 1, "postgresql": 7}


def test_whichever_write_fails_the_state_is_the_one_before_or_after(
    tmp_path: Path, place: Place, backend: str, every_state
) -> None:
    witness, failures, stride = tmp_path / "witness", 0, STRIDE[backend]
    with Store.open(place, witness=witness) as store:
        for number, step in enumerate(STEPS):
            before, after = every_state[number : number + 2]
            for n in itertools.count(1 + number % stride, stride):
                if not fails_at(n, lambda step=step: step(store)):
                    break
                failures += 1
                close_gaps(place)
                found = state(place, witness=witness)
                assert found in (before, after), (number, n)
                if found == after:
                    break
            assert state(place, witness=witness) == after
    assert failures > 200 / stride


def test_whichever_write_fails_in_the_making_of_a_store_it_is_whole_or_not_there(
    tmp_path: Path, new_place: Callable[[], Place], backend: str, every_state
) -> None:
    for n in itertools.count(1, STRIDE[backend]):
        place, witness = new_place(), tmp_path / f"{n}-witness"
        struck = fails_at(n, lambda place=place, witness=witness: Store.open(place, witness=witness).close())
        assert state(place, witness=witness) == every_state[0]
        if not struck:
            break
    assert n > 30


def test_whichever_write_kills_the_state_is_the_one_before_or_after(
    tmp_path: Path, new_place: Callable[[], Place], backend: str, every_state
) -> None:
    for n in itertools.count(1, 6 * STRIDE[backend]):  # `make evidence` takes them all
        place, witness = new_place(), tmp_path / f"{n}-witness"
        killed, steps = life_of_a_child(place, witness, kill_at=n)
        assert state(place, witness=witness) in every_state[max(0, steps - 1) : steps + 1], n
        if not killed:
            break
    assert n > 200


def test_a_disk_that_fills_up_in_the_middle_of_a_life_leaves_the_state_before(
    tmp_path: Path, every_state
) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    # Python ignores SIGXFSZ, so that a file at its limit is an error of the write as on a full disk.
    for kib in range(8, 400, 24):
        folder, witness, steps = tmp_path / f"{kib}", tmp_path / f"{kib}-witness", []
        Store.open(folder, witness=witness).close()
        resource.setrlimit(resource.RLIMIT_FSIZE, (1024 * kib, before[1]))
        try:
            with suppress(StoreError):
                live(folder, witness=witness, done=lambda steps=steps: steps.append(1))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        found = state(folder, witness=witness)
        assert found in every_state[max(0, len(steps) - 1) : len(steps) + 1], kib


@pytest.mark.usefixtures("folder")
def test_a_full_disk_is_named_and_what_was_written_before_stays(store: Store) -> None:
    journal = Journal(store)
    store._connection.exec_driver_sql("PRAGMA max_page_count = 1")  # SQLite takes the present size instead
    store._connection.rollback()
    long = {"n": "x" * 1000}
    with pytest.raises(StoreError, match="the disk is full"):  # noqa: PT012 - whatever comes first
        for n in range(1000):
            journal.append(Record(None, None, n, NOW_S, "decision", "asked", long))
    kept = [entry.record.at_ms for entry in journal.records()]
    assert kept == list(range(len(kept)))
    assert journal.verify().first_bad is None
