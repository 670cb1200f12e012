"""Begins the slow part of each test ahead of its turn.

A session needs ten seconds until the rollers touch. So a test names, with the marker `ahead`, what has to be
there when it starts; this is begun in the background, a few tests early, in the order in which tests run.
What takes longest is begun first of all, a few at a time, and used last.
"""

import itertools
import signal
import threading
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from blackbox_rig import Room

# Chosen: enough to hide the ten seconds, few enough for two cores and 2 GB.
AHEAD = 12
# Chosen: beside the others; more at once, and their own crowd outlasts the patience of one.
LONGEST_AT_ONCE = 4


def pytest_configure(config):
    # A shell that starts something in the background has it ignore Ctrl-C, and what that starts with it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    config.addinivalue_line("markers", "ahead(begin=, longest=): called with a Room and the parameters")


def _mark(item):
    mark = item.get_closest_marker("ahead")
    return None if mark is None else {"longest": False} | mark.kwargs


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Last and together, so that nothing is begun while tests of other folders run."""
    items.sort(key=lambda item: 0 if (mark := _mark(item)) is None else 1 + mark["longest"])


class Ahead:
    """What was begun and not yet ended."""

    def __init__(self, folder, items):
        self._folder = folder
        self._numbers = itertools.count()
        self._places = threading.Semaphore(AHEAD)
        self._leaving = False
        self._rooms = []
        longest = [item for item in items if _mark(item)["longest"]]
        self._pool = ThreadPoolExecutor(AHEAD)
        self._pool_of_longest = ThreadPoolExecutor(LONGEST_AT_ONCE)
        self._begun = {item.nodeid: Future() for item in items}
        for item in longest:
            self._pool_of_longest.submit(self._run, item)
        self._in_turn = [item for item in items if item not in longest]
        self._starter = threading.Thread(target=self._start, daemon=True)
        self._starter.start()

    def _start(self):
        """One thread alone takes places, so that they go to the tests in the order in which they run."""
        for item in self._in_turn:
            self._places.acquire()
            if self._leaving:
                return
            self._pool.submit(self._run, item)

    def _run(self, item):
        future = self._begun[item.nodeid]
        try:
            future.set_result(self._begin(item))
        except BaseException as error:  # noqa: BLE001 - whatever it was, the test that takes it tells
            future.set_exception(error)
            self._give_back(item)

    def _give_back(self, item):
        if not _mark(item)["longest"]:
            self._places.release()

    def _begin(self, item):
        if self._leaving:
            return None
        folder = self._folder / str(next(self._numbers))  # short: a socket's path has at most 107 bytes
        folder.mkdir()
        room = Room(folder)
        self._rooms.append(room)
        params = item.callspec.params if hasattr(item, "callspec") else {}
        try:
            return room, _mark(item)["begin"](room, **params)
        except BaseException:
            self._end(room)
            raise

    def _end(self, room):
        self._rooms.remove(room)
        room.close()

    def take(self, item):
        """What was begun for a test."""
        return self._begun[item.nodeid].result()

    def leave(self, item, room):
        """A test is over."""
        self._end(room)
        self._give_back(item)

    def close(self):
        """Nothing more is begun; what was begun and not used ends."""
        self._leaving = True
        self._places.release()
        self._starter.join()
        for room in list(self._rooms):
            room.close()
        self._pool.shutdown()
        self._pool_of_longest.shutdown()


@pytest.fixture(scope="session")
def _ahead(request, tmp_path_factory):
    ahead = Ahead(tmp_path_factory.mktemp("rooms"), [item for item in request.session.items if _mark(item)])
    yield ahead
    ahead.close()


@pytest.fixture
def _begun(request, _ahead):
    room, thing = _ahead.take(request.node)
    yield room, thing
    _ahead.leave(request.node, room)


@pytest.fixture
def room(_begun):
    """The room in which `begun` was begun."""
    return _begun[0]


@pytest.fixture
def begun(_begun):
    """What the marker `ahead` began for this test."""
    return _begun[1]
