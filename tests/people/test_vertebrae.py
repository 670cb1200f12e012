"""Vertebrae tile the column, and the zones begin and end at their borders."""

from itertools import pairwise

import pytest

from massager.model.body import COLUMN_PPM, VERTEBRA_SPANS_PPM, ZONE_SPANS_PPM, Zone


def test_the_vertebrae_tile_the_column_from_c1_to_the_coccyx():
    names = [f"C{n}" for n in range(1, 8)] + [f"T{n}" for n in range(1, 13)] + [f"L{n}" for n in range(1, 6)]
    assert list(VERTEBRA_SPANS_PPM) == [*names, "S1", "S2"]
    spans = list(VERTEBRA_SPANS_PPM.values())
    assert spans[0][0] == 0
    assert spans[-1][1] == COLUMN_PPM
    assert all(above[1] == below[0] for above, below in pairwise(spans))


@pytest.mark.parametrize("zone", Zone)
def test_a_zone_is_from_its_first_vertebra_to_its_last(zone):
    first, last = zone.value.split("-")
    assert ZONE_SPANS_PPM[zone] == (VERTEBRA_SPANS_PPM[first][0], VERTEBRA_SPANS_PPM[last][1])


@pytest.mark.parametrize(
    ("name", "middle_permille"),
    [("C7", 163), ("T1", 192), ("T7", 389), ("L1", 595), ("L3", 697), ("L5", 799), ("S1", 843)],
)
def test_the_middles_lie_where_equal_parts_put_them(name, middle_permille):
    first, end = VERTEBRA_SPANS_PPM[name]
    assert (first + end + 1000) // 2000 == middle_permille
