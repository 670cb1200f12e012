"""A permit that replaces the one in force, and which rows a stretch of travel touches."""

from dataclasses import replace

import pytest

from guardian.gate_rig import permits, with_rows
from guardian.rig import CALIBRATION, permit, row
from massager.guardian.permits import touched_rows

TIGHT = {
    "first_mm": 335,
    "last_mm": 600,
    "level_max": 8,
    "half_width_min_mm": 52,
    "half_width_max_mm": 58,
}


def test_the_same_permit_may_be_given_again():
    assert permits(permit(), previous=permit()) is None


def test_a_permit_tighter_in_every_respect_replaces_one():
    assert permits(with_rows(**TIGHT), previous=permit()) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"first_mm": 334},
        {"last_mm": 601},
        {"level_max": 9},
        {"half_width_min_mm": 51},
        {"half_width_max_mm": 59},
    ],
)
def test_a_permit_looser_in_one_respect_does_not_replace_a_tighter_one(changes):
    assert permits(with_rows(**(TIGHT | changes)), previous=with_rows(**TIGHT)) is not None


def test_a_permit_loosened_for_one_actuator_alone_does_not_replace_one():
    tight = with_rows(**TIGHT)
    for loosened in (0, 1):
        rows = list(tight.rows)
        rows[loosened] = replace(rows[loosened], level_max=9)
        assert permits(replace(tight, rows=tuple(rows)), previous=tight) is not None


@pytest.mark.parametrize("changes", [{"level_max": 7}, {"half_width_min_mm": 53}, {"half_width_max_mm": 57}])
def test_where_rows_overlap_the_tightest_counts_in_both_permits(changes):
    twice = with_rows(TIGHT, TIGHT | {"first_mm": 400, "last_mm": 500} | changes)
    loose = with_rows(TIGHT, TIGHT | {"first_mm": 401, "last_mm": 500} | changes)
    assert permits(twice, previous=with_rows(**TIGHT)) is None
    assert permits(twice, previous=twice) is None
    assert permits(with_rows(**TIGHT), previous=twice) is not None
    assert permits(loose, previous=twice) is not None


def test_a_tighter_permit_ends_no_later_and_is_of_the_same_person():
    assert permits(permit(ends_ms=599_999), previous=permit()) is None
    assert permits(permit(ends_ms=600_001), previous=permit()) is not None
    assert permits(permit(fence=2), previous=permit()) is not None
    other = replace(CALIBRATION, error_mm=11)
    looser = with_rows(half_width_min_mm=51)
    assert permits(replace(looser, calibration=other), previous=looser) is not None


A, B, C = (row("roller_left", first_mm=first, last_mm=last) for first, last in ((10, 20), (21, 30), (32, 40)))


@pytest.mark.parametrize(
    ("stretch", "touched"),
    [
        ((10, 20), [A]),
        ((12, 12), [A]),
        ((9, 20), None),
        ((10, 21), [A, B]),
        ((20, 21), [A, B]),
        ((21, 30), [B]),
        ((21, 31), None),
        ((30, 32), None),
        ((31, 31), None),
        ((32, 40), [C]),
        ((32, 41), None),
        ((41, 50), None),
    ],
)
def test_a_stretch_touches_the_rows_that_cover_it_and_none_where_a_millimetre_is_bare(stretch, touched):
    assert touched_rows((C, A, B), stretch) == touched


def test_a_row_under_another_is_touched_at_its_first_and_last_millimetre():
    over, under = replace(A, last_mm=40), replace(A, first_mm=15, last_mm=18)
    for stretch, touched in (((12, 14), [over]), ((12, 15), [over, under]), ((18, 30), [over, under])):
        assert touched_rows((under, over), stretch) == touched
    assert touched_rows((under, over), (19, 40)) == [over]
