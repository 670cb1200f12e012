"""Tries mutants: each in a forked child of a warm process. Nothing is written to the sources.

A change inside a function is tried where all tests are collected already: the function gets the changed code,
and the tests that reach the line run: those first that noticed another mutant there, then the quickest. What
survives that without a proof, and what acts at import, is tried from before the first import of the project,
with all the tests of its room.

A mutant is killed when a test fails, when the tests can no longer be imported, or when it burns far more
processor time than all of them need. Anything else that goes wrong says nothing about it, and ends the run.
"""

import importlib
import json
import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, NoReturn

import pytest

from mutation.mutants import Mutant, Mutator
from mutation.planting import before_import, in_memory
from mutation.pool import BROKEN, KILLED, LONGEST_S, NOT_PLANTED, SURVIVED, BrokenTrialError, Pool
from mutation.reached import Reach, load, save, watch

OPTIONS: Final = (
    *("-o", "addopts=", "--import-mode=importlib", "--strict-config", "--strict-markers", "--assert=plain"),
    *("-s", "-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:terminal"),
)


@dataclass(frozen=True, slots=True)
class Room:
    """Files, and the tests that hold them."""

    name: str
    files: tuple[str, ...]
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suspect:
    """A mutant of one file of a room; `proven` where it was shown to change nothing."""

    room: Room
    file: str
    mutant: Mutant
    proven: bool = False

    @property
    def place(self) -> str:
        """Where it is, on one line."""
        return f"{self.file}:{self.mutant.function}"


def survivors(root: Path, suspects: list[Suspect], files: dict[str, Mutator]) -> list[Suspect]:
    """Those of the suspects that no test of their room notices.

    Raises:
        BrokenTrialError: Tests fail without a mutant, or a trial could not be judged.
    """
    os.chdir(root)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PYTEST_DEBUG_TEMPROOT"] = folder
        bench, code = _Bench(root, Path(folder), suspects, files), pytest.ExitCode.INTERNAL_ERROR
        try:
            code = pytest.ExitCode(pytest.main([*OPTIONS], plugins=[bench]))
        finally:
            if bench.child:  # which never comes back from here, whatever happened
                # A conftest.py that can no longer be imported is a usage error to pytest.
                bench.leave(KILLED if code is pytest.ExitCode.USAGE_ERROR else BROKEN)
    if bench.alive is None:
        raise BrokenTrialError("the reason stands above")
    return [suspects[number] for number in bench.alive]


class _Bench:
    """A pytest plugin that forks before tests are collected, and once more when they are.

    Attributes:
        child: In a process that was forked: it leaves through `leave` and no other way.
        alive: Numbers of the suspects that survived; None while that is not known.
    """

    def __init__(self, root: Path, folder: Path, suspects: list[Suspect], files: dict[str, Mutator]) -> None:
        self.child = False
        self.alive: list[int] | None = None
        self._root, self._folder, self._suspects, self._files = root, folder, suspects, files
        self._rooms = list(dict.fromkeys(suspect.room for suspect in suspects))
        self._reach: list[Reach] = []
        self._role: Callable[[pytest.Session], None] | None = None
        self._odd = False
        self._noticed = folder / "noticed"

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> bool | None:
        """Try everything; None, in a child, lets pytest collect and go on to `pytest_runtestloop`."""
        _warm_up()
        collected = os.fork()
        if not collected:
            self.child, self._role = True, self._try_collected
            # Not for the parent: with a folder named pytest imports its conftest.py, and that the project.
            session.config.args = [path for room in self._rooms for path in room.tests]
            return None
        if os.waitstatus_to_exitcode(os.waitpid(collected, 0)[1]) == SURVIVED:  # tests could be imported
            left, proven, limits = json.loads((self._folder / "left.json").read_text())
            self._reach = [load(self._folder / str(room)) for room in range(len(self._rooms))]
            pool = Pool()
            number = pool.fork_each(left, lambda number: limits[self._room(number)])
            if number is not None:
                self._become_changed(session, number)
                return None
            alive = [number for number, code in pool.ended.items() if code == SURVIVED]
            self.alive = sorted([*alive, *proven])
        session.items = []
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        """In a child: do what it was made for, and leave."""
        if self._role:
            if session.testsfailed:  # could not be imported
                self._fail()
            self._role(session)
            self.leave(SURVIVED)

    def pytest_exception_interact(self, report: Any, call: Any) -> None:
        """Look at what went wrong: an error of the operating system is not the mutant's."""
        print(report.longreprtext)
        self._odd = self._odd or (call.excinfo is not None and call.excinfo.errisinstance(OSError))

    def leave(self, code: int) -> NoReturn:
        """End a child at once: nothing of pytest's own ending is wanted."""
        if sys.exc_info()[0]:
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)

    def _room(self, number: int) -> int:
        return self._rooms.index(self._suspects[number].room)

    def _items(self, session: pytest.Session, room: int) -> list[pytest.Item]:
        places = [self._root / path for path in self._rooms[room].tests]
        return [item for item in session.items if any(item.path.is_relative_to(place) for place in places)]

    def _try_collected(self, session: pytest.Session) -> None:
        """Try what is inside a function, and write down what is left and how long a trial may take."""
        pool = Pool()
        room = pool.fork_each(range(len(self._rooms)), lambda _: LONGEST_S)
        if room is not None:
            self._watch(session, room)
            return
        if any(pool.ended.values()):
            raise BrokenTrialError("tests fail without a mutant")
        limits = [20 + round(2 * pool.used_s[room]) for room in range(len(self._rooms))]
        self._reach = [load(self._folder / str(room)) for room in range(len(self._rooms))]
        inside = [number for number, suspect in enumerate(self._suspects) if suspect.mutant.function]
        pool = Pool()
        number = pool.fork_each(inside, lambda number: limits[self._room(number)])
        if number is not None:
            self._try_in_memory(session, number)
            return
        left = [number for number in range(len(self._suspects)) if pool.ended.get(number) != KILLED]
        proven = [n for n in left if pool.ended.get(n) == SURVIVED and self._suspects[n].proven]
        left = sorted(set(left) - set(proven))
        (self._folder / "left.json").write_text(json.dumps((left, proven, limits)))

    def _watch(self, session: pytest.Session, room: int) -> None:
        files = {suspect.file for suspect in self._suspects if suspect.room is self._rooms[room]}
        items = self._items(session, room)
        save(watch(self._root, files, items, lambda item: self._run([item])), self._folder / str(room))

    def _try_in_memory(self, session: pytest.Session, number: int) -> None:
        suspect, room = self._suspects[number], self._room(number)
        suspect.mutant.apply()
        if not in_memory(self._root, suspect.file, self._files[suspect.file].tree, suspect.mutant.function):
            self.leave(NOT_PLANTED)
        items = self._reach[room].of(suspect.file, suspect.mutant.lines, self._items(session, room))
        self._run(self._noticing_first(items, suspect.place), suspect.place)

    def _become_changed(self, session: pytest.Session, number: int) -> None:
        suspect, reach = self._suspects[number], self._reach[self._room(number)]
        session.config.args = list(suspect.room.tests)
        suspect.mutant.apply()
        before_import(self._root, suspect.file, self._files[suspect.file].tree)
        self.child = True
        self._role = lambda session: self._run(
            self._noticing_first(reach.in_order(session.items), suspect.file), suspect.file
        )

    def _noticing_first(self, items: list[pytest.Item], place: str) -> list[pytest.Item]:
        """The tests that noticed a mutant of this place before go first, the last one foremost."""
        if not self._noticed.exists():
            return items
        lines = [line.split("\t") for line in self._noticed.read_text(encoding="utf-8").splitlines()]
        names = [name for where, name in lines if where == place]
        rank = {name: number for number, name in enumerate(names)}
        return sorted(items, key=lambda item: -rank.get(item.nodeid, -1))

    def _run(self, items: Iterable[pytest.Item], place: str = "") -> None:
        """Run tests; leaves at the first that fails, and notes that it noticed something at this place."""
        some = list(items)
        for item, following in pairwise([*some, None]):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if item.session.testsfailed:
                with self._noticed.open("a", encoding="utf-8") as noticed:
                    noticed.write(f"{place}\t{item.nodeid}\n")
                self._fail()

    def _fail(self) -> NoReturn:
        self.leave(BROKEN if self._odd else KILLED)


def _warm_up() -> None:
    """Load what all children need, and let hypothesis try the same examples each time, without shrinking."""
    for name in ("hypothesis.strategies", "pydantic", "ruamel.yaml"):
        importlib.import_module(name)
    if any(name.partition(".")[0] == "massager" for name in sys.modules):
        raise BrokenTrialError("the project's code is in memory already: mutants would not be seen")
    from hypothesis import HealthCheck, Phase, settings  # noqa: PLC0415 - pytest's plugin loads it first

    settings.register_profile(
        "mutation",
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
    )
    settings.load_profile("mutation")
