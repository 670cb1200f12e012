"""A room for each test here."""

import pytest

from blackbox_rig import Room


@pytest.fixture
def room(tmp_path_factory):
    room = Room(tmp_path_factory.mktemp("r"))
    yield room
    room.close()
