"""Times and lengths as they are written."""

import pytest

from massager.drawing import clock, letter
from massager.drawing.words import length


@pytest.mark.parametrize(
    ("ms", "words"), [(0, "0:00"), (29_499, "0:29"), (29_500, "0:30"), (177_600, "2:58"), (899_900, "15:00")]
)
def test_a_time_is_rounded_to_the_nearest_second(ms, words):
    assert clock(ms) == words


@pytest.mark.parametrize(("seconds", "words"), [(900, "15"), (120, "2"), (60, "1:00"), (192, "3:12")])
def test_a_length_has_seconds_only_where_it_must(seconds, words):
    assert length(seconds) == words


def test_every_place_of_a_program_has_a_letter():
    assert [letter(n) for n in (0, 1, 25, 26)] == ["A", "B", "Z", "A"]
