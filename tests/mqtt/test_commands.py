"""What a payload says, and which commands are too old, kept, or were there before."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massager.mqtt.commands import (
    LATEST_S,
    LONGEST,
    Arrived,
    Freshness,
    Heat,
    Level,
    Pause,
    Program,
    Start,
    Unfit,
    read,
)
from massager.mqtt.topics import Order

ORDERS = [order for order in Order if order is not Order.STOP]


@pytest.mark.parametrize(
    ("order", "payload", "said"),
    [
        (Order.LEVEL, b"20", Level(level=20)),
        (Order.LEVEL, b"20.0", Level(level=20)),
        (Order.LEVEL, b"0", Level(level=0)),
        (Order.LEVEL, b"100", Level(level=100)),
        (Order.LEVEL, b'{"level": 20, "id": "a7", "at": 12.5}', Level(level=20, id="a7", at=12.5)),
        (Order.PAUSE, b"PAUSE", Pause()),
        (Order.PAUSE, b'{"id": "x"}', Pause(id="x")),
        (Order.HEAT, b"ON", Heat(heat="ON")),
        (Order.HEAT, b'{"heat": "OFF"}', Heat(heat="OFF")),
        (
            Order.PROGRAM,
            "Sanfte Schulter, über Mittag".encode(),
            Program(program="Sanfte Schulter, über Mittag"),
        ),
        (Order.START, b"START", Start()),
        (Order.START, b'{"person": "anna"}', Start(person="anna")),
    ],
)
def test_a_bare_word_and_an_object_say_the_same(order, payload, said):
    assert read(order, payload) == said


@pytest.mark.parametrize(
    "payload",
    [
        *(
            b"",
            b" 20",
            b"20 ",
            b"-1",
            b"+5",
            b"101",
            b"20.5",
            b"1e1",
            b"nan",
            b"inf",
            b"0x10",
            b"1_0",
            b"999999999",
        ),
        *(
            "\uff12\uff10".encode(),
            b"\xff\xfe",
            b"\x00",
            b"true",
            b"[20]",
            b'"20"',
            b"null",
            b"{",
            b"{}",
            b"[" * 1000,
        ),
        *(b'{"level": 20.0}', b'{"level": "20"}', b'{"level": true}', b'{"level": NaN}', b'{"level": 1e400}'),
        *(
            b'{"level": -1}',
            b'{"level": 101}',
            b'{"level": null}',
            b'{"level": 20, "max": 90}',
            b'{"Level": 20}',
        ),
        *(b'{"level": 20, "id": ""}', b'{"level": 20, "id": 7}', b'{"level": 20, "at": "now"}'),
        *(b'{"level": 20, "at": NaN}', b'{"level": 20, "at": -1}', b'{"level":' + b"[" * 900, b'{"a":' * 200),
        *(b'{"level": ' + b"9" * 900 + b"}", b"2" * (LONGEST + 1)),
    ],
)
def test_a_strength_that_is_no_whole_percentage_is_refused_with_a_reason(payload):
    unfit = read(Order.LEVEL, payload)
    assert isinstance(unfit, Unfit)
    assert unfit.why


@pytest.mark.parametrize(
    ("order", "payload"),
    [
        (Order.PAUSE, b""),
        (Order.PAUSE, b"pause"),
        (Order.PAUSE, b"ON"),
        (Order.HEAT, b"1"),
        (Order.HEAT, b"on"),
        (Order.HEAT, b"{}"),
        (Order.PROGRAM, b""),
        (Order.PROGRAM, b"p" * 81),
        (Order.START, b""),
        (Order.START, b"gentle-lumbar"),
        (Order.START, b'{"person": ""}'),
        (Order.START, b'{"person": "anna", "confirmed": true}'),
    ],
)
def test_whatever_is_not_exactly_a_command_is_refused(order, payload):
    assert isinstance(read(order, payload), Unfit)


@given(payload=st.binary(max_size=LONGEST + 8), order=st.sampled_from(ORDERS))
def test_no_bytes_make_reading_fail(payload, order):
    read(order, payload)


@given(
    body=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["level", "id", "at"]), inner)
        ),
        max_leaves=8,
    )
)
def test_only_whole_percentages_come_out_of_any_json(body):
    found = read(Order.LEVEL, json.dumps(body).encode())
    assert isinstance(found, Unfit) or (type(found.level) is int and 0 <= found.level <= 100)


def arrived(*, is_retained=False, expires_s=None):
    return Arrived("massager/v1/mr-1/cmd/level", b"20", is_retained, expires_s)


def refused(freshness, command, message=None, *, wall_s=1000.0, held_up=False):
    return freshness.refuses(message or arrived(), command, wall_s=wall_s, held_up=held_up)


def test_a_retained_command_is_refused_and_told_how_to_take_it_away():
    unfit = refused(Freshness(), Level(level=20, id="a"), arrived(is_retained=True))
    assert unfit.id == "a"
    assert "mosquitto_pub -r -n -t massager/v1/mr-1/cmd/level" in unfit.why


@pytest.mark.parametrize("late_s", [LATEST_S + 0.01, 60.0, 1e9, -LATEST_S - 0.01])
def test_a_command_from_another_moment_is_refused(late_s):
    assert refused(Freshness(), Level(level=20, at=max(0.0, 1e10 - late_s)), wall_s=1e10)


@pytest.mark.parametrize("late_s", [0.0, LATEST_S - 0.01, 0.01 - LATEST_S])
def test_a_young_command_is_not(late_s):
    assert refused(Freshness(), Level(level=20, at=1000.0 - late_s)) is None


def test_a_command_whose_time_is_over_is_refused():
    assert refused(Freshness(), Level(level=20), arrived(expires_s=0))
    assert refused(Freshness(), Level(level=20), arrived(expires_s=1)) is None


def test_a_command_that_may_have_waited_is_refused():
    assert refused(Freshness(), Level(level=20), held_up=True)


def test_an_id_counts_once_and_one_that_was_refused_may_come_again():
    freshness = Freshness()
    assert refused(freshness, Level(level=20, id="a"), held_up=True)
    assert refused(freshness, Level(level=20, id="a")) is None
    assert refused(freshness, Pause(id="a"))
    assert refused(freshness, Level(level=20)) is None
    assert refused(freshness, Level(level=20)) is None
