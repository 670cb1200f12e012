"""No turn of a clock lengthens a session or shortens a wait (INV-25 to 28): each mode with each turn."""

import shutil
from dataclasses import replace

import pytest

from clocks import trials
from clocks.conduct import PHASES
from clocks.lives import LOCKED_UNTIL_S, NEVER, WAITS
from clocks.turns import IN_A_SESSION, TURNS
from massager.store import Store


@pytest.fixture(scope="session")
def waiting(tmp_path_factory):
    """One life in each wait, made once; gives copies."""
    made = {}
    for name, (wait, _reasons) in WAITS.items():
        life, until_s = wait(tmp_path_factory.mktemp("life") / "data")
        life.store.close()
        made[name] = (life, until_s)

    def copy(name, place):
        life, until_s = made[name]
        shutil.copytree(life.place, place)
        return replace(life, place=place, store=Store.open(place)), until_s

    return copy


@pytest.mark.parametrize("name", WAITS)
def test_a_wait_lasts_as_long_as_it_should_and_no_longer(waiting, tmp_path, name):
    life, until_s = waiting(name, tmp_path / "data")
    with life.store:
        assert life.refusal in WAITS[name][1]
        if until_s < NEVER:
            life.clocks = life.clocks.to(max(life.clocks.true_s, until_s))
            assert life.refusal is None
        if life.locked:
            life.clocks = life.clocks.to(LOCKED_UNTIL_S)
            assert life.clears()
            assert life.refusal is None


@pytest.mark.parametrize("turn", TURNS, ids=lambda turn: turn.name)
@pytest.mark.parametrize("name", WAITS)
def test_no_turn_of_the_clocks_ends_a_wait_sooner(waiting, tmp_path, name, turn):
    life, until_s = waiting(name, tmp_path / "data")
    with life.store:
        trials.nothing_starts_earlier(life, until_s, (turn,))


@pytest.mark.parametrize("turn", IN_A_SESSION, ids=lambda turn: turn.name)
@pytest.mark.parametrize("phase", PHASES)
def test_no_turn_of_the_clocks_makes_a_session_longer_or_its_cool_down_shorter(
    waiting, tmp_path, phase, turn
):
    life, _ = waiting("before a start", tmp_path / "data")
    with life.store:
        trials.no_session_is_longer(life, phase, (turn,))
