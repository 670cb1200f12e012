"""Three taps a check-in: what acts at once, what waits for the others, and what is too old to count."""

from dataclasses import replace

import pytest

from massager.model.questions import Ask, CheckIn, Comfort, Feeling, Prompt
from massager.web.person.checkins import CheckIns, Step
from web_snapshots import SNAPSHOT


class Loop:
    """A session that hears what is said."""

    def __init__(self):
        self.heard = []
        self.shown = SNAPSHOT

    def snapshot(self):
        return self.shown

    def answer(self, check_in):
        self.heard.append(check_in)

    def asks(self, number):
        self.shown = replace(SNAPSHOT, prompts=(Prompt(number, Ask.CHECK_IN, None, 0),))


class Clock:
    now_s = 0.0

    def __call__(self):
        return self.now_s


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def taps(clock):
    return CheckIns(clock)


@pytest.fixture
def loop():
    loop = Loop()
    loop.asks(1)
    return loop


def step(taps, loop):
    return taps.step(7, loop.snapshot())


def test_three_taps_are_one_whole_answer_and_pain_is_said_at_once(taps, loop):
    assert step(taps, loop) is Step.PAIN
    assert taps.tap(7, loop, "pain", "3")
    assert loop.heard == [CheckIn(pain=3)]
    assert step(taps, loop) is Step.FEELING
    assert taps.tap(7, loop, "feeling", "none")
    assert step(taps, loop) is Step.COMFORT
    assert not taps.tap(7, loop, "comfort", "fine")
    assert loop.heard[1:] == [CheckIn(3, Comfort.FINE, Feeling.NONE)]
    assert step(taps, loop) is Step.PAIN


@pytest.mark.parametrize("feeling", [one for one in Feeling if one is not Feeling.NONE])
def test_a_warning_waits_for_no_other_tap(taps, loop, feeling):
    assert not taps.tap(7, loop, "feeling", feeling)
    assert [one.feeling for one in loop.heard] == [feeling]


def test_too_strong_from_an_old_page_lowers_at_once(taps, loop):
    taps.tap(7, loop, "comfort", "too-strong")
    assert loop.heard == [CheckIn(comfort=Comfort.TOO_STRONG)]
    assert step(taps, loop) is Step.PAIN


@pytest.mark.parametrize(
    ("what", "value"),
    [
        ("pain", "11"),
        ("pain", "-1"),
        ("pain", ""),
        ("pain", "²"),
        ("feeling", "well"),
        ("mood", "3"),
        ("comfort", "4"),
    ],
)
def test_what_is_no_answer_is_not_taken(taps, loop, what, value):
    assert taps.tap(7, loop, what, value)
    assert loop.heard == []
    assert step(taps, loop) is Step.PAIN


def test_taps_for_one_question_do_not_count_for_the_next(taps, loop):
    taps.tap(7, loop, "pain", "3")
    loop.asks(2)
    assert step(taps, loop) is Step.PAIN


def test_whoever_had_begun_to_speak_when_the_question_came_goes_on(taps, loop):
    loop.shown = SNAPSHOT
    taps.tap(7, loop, "pain", "3")
    loop.asks(1)
    assert step(taps, loop) is Step.FEELING


def test_taps_are_forgotten_after_a_minute_and_each_session_has_its_own(taps, loop, clock):
    taps.tap(7, loop, "pain", "3")
    assert taps.step(8, loop.snapshot()) is Step.PAIN
    clock.now_s = 61.0
    assert step(taps, loop) is Step.PAIN
