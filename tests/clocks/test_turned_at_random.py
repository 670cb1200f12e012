"""A small dose of what `make evidence` does by the thousand, with another seed in every run."""

import random

from clocks.evidence import turned_clocks


def test_random_turns_of_the_clocks_give_nothing_away():
    seed = random.randrange(2**32)  # noqa: S311 - the seed is in the error
    assert turned_clocks(12, 6, seed).came_true == 18
