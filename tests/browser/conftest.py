"""A browser and a room for each test here; where there is no browser the tests are left out, and say so."""

import pytest

import browser_rig
from blackbox_rig import Room


@pytest.fixture(scope="module")
def browser():
    """One for a file, and no longer: while it is there its own event loop runs, and no other can."""
    browser_rig.require()
    with browser_rig.chromium() as browser:
        yield browser


@pytest.fixture
def room(tmp_path_factory):
    room = Room(tmp_path_factory.mktemp("r"))
    yield room
    room.close()
