"""A stop that both lines bring, and two stops."""

import pytest

from massager.mqtt.commands import LATEST_S, Arrived
from massager.mqtt.stops import Copies

STOP = Arrived("massager/v1/mr-00000001/cmd/stop", b"STOP", is_retained=False, expires_s=None)
OTHER = Arrived("massager/v1/mr-00000002/cmd/stop", b"STOP", is_retained=False, expires_s=None)


class Clock:
    s = 0.0

    def __call__(self):
        return self.s


@pytest.fixture
def clock():
    return Clock()


@pytest.mark.parametrize(("first", "second"), [("+", "stop"), ("stop", "+")])
def test_what_the_other_line_has_brought_is_a_copy_once(clock, first, second):
    copies = Copies(clock)
    assert [copies.is_one(line, STOP) for line in (first, second, second, first)] == [
        False,
        True,
        False,
        True,
    ]


def test_two_on_one_line_are_two_and_so_are_their_copies(clock):
    copies = Copies(clock)
    lines = ("+", "+", "stop", "stop", "stop")
    assert [copies.is_one(line, STOP) for line in lines] == [False, False, True, True, False]


def test_another_massager_s_is_none(clock):
    copies = Copies(clock)
    assert not copies.is_one("+", STOP)
    assert not copies.is_one("stop", OTHER)


def test_what_comes_much_later_is_another(clock):
    copies = Copies(clock)
    assert not copies.is_one("+", STOP)
    clock.s = LATEST_S + 0.1
    assert not copies.is_one("stop", STOP)
