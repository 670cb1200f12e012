"""How long the bridge waits for another try, and how it knows that a broker has not held things back."""

import asyncio

import pytest

from massager.mqtt.bridge import back_off_s
from massager.mqtt.broker import Broker
from massager.mqtt.commands import LATEST_S
from massager.mqtt.line import ASK_S, BACKLOG_S, TIMEOUT_S, Line, Proof, apart, published
from massager.mqtt.outbox import Message
from massager.mqtt.topics import Topics


def test_the_waits_between_tries_double_to_half_a_minute_and_no_two_gateways_wait_alike():
    assert [back_off_s(failures, lambda: 0.5) for failures in range(7)] == [1, 2, 4, 8, 16, 30, 30]
    assert back_off_s(10_000, lambda: 1.0) == 45
    assert len({back_off_s(5) for _ in range(20)}) > 1


class Clock:
    def __init__(self):
        self.s = 100.0

    def __call__(self):
        return self.s


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def proof(clock):
    found = Proof(clock)
    found.began()
    clock.s += BACKLOG_S
    found.answered(clock.s)
    return found


def test_after_a_connection_it_counts_as_held_up_for_a_while(clock):
    proof = Proof(clock)
    clock.s += 50
    proof.began()
    assert proof.held_up
    clock.s += BACKLOG_S
    assert not proof.held_up


def test_a_broker_that_answers_every_time_is_never_held_up(clock, proof):
    for _ in range(100):
        clock.s += ASK_S
        assert not proof.held_up
        proof.answered(clock.s)


def test_nothing_that_is_older_than_it_may_be_passes(clock, proof):
    """Whatever was given before the last sign of life is too old by the time at which it counts again."""
    asked_s = clock.s
    while not proof.held_up:
        clock.s += 0.01
    assert clock.s - asked_s < LATEST_S


def test_after_a_late_answer_it_stays_held_up_until_the_backlog_is_through(clock, proof):
    clock.s += ASK_S
    asked_s = clock.s
    clock.s += TIMEOUT_S - 0.1
    assert proof.held_up
    proof.answered(asked_s)
    assert proof.held_up
    proof.answered(clock.s)
    assert proof.held_up
    clock.s += BACKLOG_S
    proof.answered(clock.s)
    assert not proof.held_up


def test_a_core_that_slept_knows_that_it_has(clock, proof):
    clock.s += 3600
    assert proof.held_up


async def test_who_is_cancelled_as_the_broker_answers_ends(broker, monkeypatch):
    """Whenever it comes; an answer and a cancellation in one turn of the loop have hung a core once."""
    line = Line(Broker.read(broker.url), Topics("here"), lambda _arrived: None, pytest.fail)
    loop, ended = asyncio.get_running_loop(), []

    async def turns_after_the_answer(turns: int) -> None:
        task = asyncio.create_task(published(line, Message("somewhere", "something")))

        def answered(*given, answer=line._client.on_publish):
            answer(*given)
            cancel_in(turns)

        def cancel_in(left: int) -> None:
            if left:
                loop.call_soon(cancel_in, left - 1)
            else:
                ended.append(task.cancel())

        with monkeypatch.context() as patched:
            patched.setattr(line._client, "_on_publish", answered)
            await asyncio.wait({task})
        await asyncio.sleep(0.01)
        assert task.cancelled() is ended[-1]

    async with line:
        for turns in range(8):
            await turns_after_the_answer(turns)
    assert {True, False} == set(ended)


async def test_who_is_cancelled_ends_even_where_that_goes_wrong():
    begun = asyncio.Event()

    async def work() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise OSError from None

    task = asyncio.create_task(apart(work()))
    await begun.wait()
    task.cancel()
    await asyncio.wait({task})
    assert task.cancelled()


async def test_what_ends_by_itself_says_why():
    async def work() -> None:
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - whichever it is, it arrives
        await apart(work())
