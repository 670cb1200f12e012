"""A small dose of what `make evidence` does by the thousand, with another seed in every run."""

import random

from store_evidence import flipped_bits, random_kills


def test_killed_at_random_a_store_gives_nothing_back() -> None:
    assert random_kills(16, seed=random.randrange(2**32)).came_true > 4  # noqa: S311


def test_a_few_random_bits_permit_nothing_more() -> None:
    assert flipped_bits(60, seed=random.randrange(2**32)).tried == 60  # noqa: S311
