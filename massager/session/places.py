"""Places of the back as somebody names them: from one vertebra to another, and what a condition adds."""

from typing import Final

from massager.model.body import VERTEBRA_SPANS_PPM, Span
from massager.model.people import KeepOut, Modifier
from massager.safety.conditions import EFFECTS, across

VERTEBRAE: Final = tuple(VERTEBRA_SPANS_PPM)

# Conditions that close the keep-out of their name, and the whole spine without one.
WITH_A_PLACE: Final = tuple(modifier for modifier in Modifier if EFFECTS[modifier].has_place)


def place_of(modifier: Modifier, first: str, last: str) -> KeepOut:
    """The place of a condition: the whole width of the back between two vertebrae.

    Raises:
        ValueError: There is no such vertebra, or the first lies below the last.
    """
    begin, end = VERTEBRAE.index(first), VERTEBRAE.index(last)
    if modifier is Modifier.SURGERY_OLDER and begin <= end:
        # docs/questions.md: and one level on either side of what was operated on.
        begin, end = max(0, begin - 1), min(len(VERTEBRAE) - 1, end + 1)
    return across(modifier, _span_ppm(VERTEBRAE[begin], VERTEBRAE[end]))


def place_named(name: str, first: str, last: str, sides_mm: tuple[int, int]) -> KeepOut:
    """A place between two vertebrae, and between two distances from the midline; left ones are negative.

    Raises:
        ValueError: There is no such vertebra, or an end lies on the wrong side of the other.
    """
    return KeepOut(name, _span_ppm(first, last), *sides_mm)


def _span_ppm(first: str, last: str) -> Span:
    if not {first, last} <= VERTEBRA_SPANS_PPM.keys():
        raise ValueError(f"there is no such vertebra; there are {', '.join(VERTEBRAE)}")
    return VERTEBRA_SPANS_PPM[first][0], VERTEBRA_SPANS_PPM[last][1]
