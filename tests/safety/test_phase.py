"""First contact, ramp and cool-down by themselves, to the millisecond."""

import pytest

from massager.model.ceilings import Severity
from massager.model.decisions import Cap, Source
from massager.safety.clocks import Phase

LONG_MS = 10**6


def phase(**changes):
    fields = {"levels": 20, "severity": Severity.MILD, "ramp_permille": 50, "touched_ms": LONG_MS}
    return Phase(**(fields | changes))


@pytest.mark.parametrize(
    ("levels", "severity", "level", "lasts_ms"),
    # A tenth, 80 and 50 per mille; what has no level there waits twice as long at its lowest.
    [
        (20, Severity.MILD, 2, 30_250),
        (10, Severity.MILD, 1, 30_250),
        (9, Severity.MILD, 1, 60_250),
        (13, Severity.MODERATE, 1, 30_250),
        (12, Severity.MODERATE, 1, 60_250),
        (20, Severity.SEVERE, 1, 30_250),
        (19, Severity.SEVERE, 1, 60_250),
        (255, Severity.MILD, 25, 30_250),
    ],
)
def test_first_contact_has_its_level_and_its_time(levels, severity, level, lasts_ms):
    first = phase(levels=levels, severity=severity, touched_ms=lasts_ms - 1)
    assert Cap(level, Source.FIRST_CONTACT) in list(first.caps(0, LONG_MS))
    first.contact(1)
    assert [cap.source for cap in first.caps(0, LONG_MS)] == [Source.RAMP]


@pytest.mark.parametrize(
    ("levels", "ramp", "interval_ms"), [(20, 50, 10_250), (20, 30, 16_917), (100, 50, 2250), (1, 20, 500_250)]
)
def test_a_level_more_is_allowed_after_its_time_rounded_up(levels, ramp, interval_ms):
    rising = phase(levels=levels, ramp_permille=ramp, level=3, risen_ms=1000)
    assert list(rising.caps(1000 + interval_ms - 1, LONG_MS)) == [Cap(3, Source.RAMP)]
    assert list(rising.caps(1000 + interval_ms, LONG_MS)) == [Cap(4, Source.RAMP)]


def test_after_a_rest_everything_begins_anew():
    rested = phase(level=5, risen_ms=1000)
    rested.rested()
    assert (rested.level, rested.touched_ms, rested.risen_ms) == (0, 0, None)
    assert list(rested.caps(1001, LONG_MS)) == [Cap(2, Source.FIRST_CONTACT), Cap(1, Source.RAMP)]


@pytest.mark.parametrize(
    ("level", "began_at", "left_ms", "expected"),
    [
        (10, None, 30_001, None),
        (10, None, 30_000, 10),
        (10, None, 29_999, 9),
        (10, None, 15_000, 6),
        (10, None, 14_999, 5),
        (10, None, 0, 2),
        (3, 10, 15_000, 6),
        (1, None, 15_000, 2),
        (0, 0, 30_000, 2),
    ],
)
def test_the_last_half_minute_falls_evenly_from_where_it_began(level, began_at, left_ms, expected):
    last = phase(level=level, cool_down_from=began_at)
    caps = [cap.level for cap in last.caps(0, left_ms) if cap.source is Source.COOL_DOWN]
    assert caps == ([] if expected is None else [expected])


def test_only_a_rise_begins_the_wait_for_the_next():
    rising = phase(level=3, risen_ms=1000)
    for level, now_ms, risen_ms in ((3, 2000, 1000), (2, 3000, 1000), (3, 4000, 4000)):
        rising.approved(level, now_ms, LONG_MS)
        assert (rising.level, rising.risen_ms) == (level, risen_ms)


def test_the_last_half_minute_begins_at_the_higher_of_the_last_two_levels_and_only_once():
    last = phase(level=10)
    last.approved(10, 0, 30_001)
    assert last.cool_down_from is None
    last.approved(4, 1, 30_000)
    assert last.cool_down_from == 10
    last.approved(12, 2, 29_999)
    assert last.cool_down_from == 10
