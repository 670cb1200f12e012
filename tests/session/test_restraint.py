"""What somebody took away: it holds whatever the program asks, and gives back no more than was taken."""

from hypothesis import given
from hypothesis import strategies as st

from massager.model.commands import Intent
from massager.session.restraint import Restraint

WISH = Intent(8, 470, 50, 20, warm=True)


def restraint():
    """One, and what it notes."""
    notes = []
    return Restraint(lambda code, facts: notes.append((code, facts))), notes


def hurried(one):
    """How often it asks not to wait for the next tick."""
    times = []
    one.hurry = lambda: times.append(1)
    return times


def test_at_first_a_wish_stays_as_it_is():
    one, notes = restraint()
    assert one.on(WISH) == WISH
    assert notes == []


def test_weaker_takes_one_level_of_what_was_sent_and_never_the_last():
    one, _notes = restraint()
    one.weaker(None)
    assert one.at_most is None, "nothing was sent yet"
    one.weaker(5)
    assert one.on(WISH).level == 4
    one.weaker(1)
    assert one.on(WISH).level == 1


def test_lowering_goes_down_at_one_go_and_never_up():
    one, notes = restraint()
    one.lower_to(3)
    one.lower_to(6)
    assert one.on(WISH).level == 3
    one.lower_to(0)
    assert one.on(WISH).level == 1
    assert notes == [("lower", {"level": 3}), ("lower", {"level": 1})]


def test_weaker_gives_nothing_back_where_what_was_sent_is_from_before_the_bound():
    one, _notes = restraint()
    one.lower_to(2)
    one.weaker(6)
    assert one.at_most == 2


def test_stronger_gives_back_one_level_and_where_nothing_was_taken_none():
    one, _notes = restraint()
    one.stronger()
    assert one.on(WISH) == WISH
    one.lower_to(3)
    one.stronger()
    assert one.on(WISH).level == 4


def test_warmth_is_switched_off_whatever_the_program_asks_and_given_back():
    one, notes = restraint()
    one.cool()
    one.cool()
    assert one.on(WISH).warm is False
    one.warm()
    one.warm()
    assert one.on(WISH) == WISH
    assert notes == [("cool", {}), ("warm", {})], "what changes nothing is no record"


def test_giving_back_warmth_makes_nothing_warm_that_the_program_leaves_cold():
    one, _notes = restraint()
    one.cool()
    one.warm()
    assert one.on(Intent(8, 470, 50, 20)).warm is False


def test_less_does_not_wait_for_the_next_tick_and_more_does():
    one, _notes = restraint()
    times = hurried(one)
    one.lower_to(5)
    one.weaker(5)
    one.cool()
    assert len(times) == 3
    one.lower_to(5)
    one.stronger()
    one.warm()
    assert len(times) == 3


STEPS = st.lists(
    st.tuples(st.just("weaker"), st.none() | st.integers(1, 20))
    | st.tuples(st.just("lower_to"), st.integers(-5, 25))
    | st.tuples(st.sampled_from(["stronger", "cool", "warm"]))
)


@given(STEPS, st.integers(0, 20), st.booleans())
def test_nothing_that_anybody_takes_or_gives_back_asks_for_more_than_the_program(steps, level, warm):
    one, _notes = restraint()
    for name, *values in steps:
        before = one.at_most
        getattr(one, name)(*values)
        if name == "lower_to":
            assert one.at_most is not None
            assert before is None or one.at_most <= before
    wish = Intent(level, 470, 50, 20, ("roller_left",), warm)
    left = one.on(wish)
    assert left.level <= level
    assert warm or not left.warm
    assert (left.carriage_mm, left.half_width_mm, left.pace_mm_s, left.works) == (470, 50, 20, wish.works)
