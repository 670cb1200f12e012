"""Time zones, summer time and leap days move the hour of the day and nothing else."""

import calendar
import time

import pytest

from clocks.lives import COOL_DOWN_S, Life, with_clearance_until
from clocks.turns import BASE_S, DAY_S, HOUR_S, YEAR_S, Clocks, wall
from massager.model.decisions import Reason
from massager.model.people import DAY_MIN
from massager.session.preparation import known_of
from samples import demo

ROME, NEW_YORK = "CET-1CEST,M3.5.0,M10.5.0/3", "EST5EDT,M3.2.0,M11.1.0"
SYDNEY, AUCKLAND = "AEST-10AEDT,M10.1.0,M4.1.0/3", "NZST-12NZDT,M9.5.0,M4.1.0/3"
LORD_HOWE = "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0"
FAR_EAST, FAR_WEST = "<+14>-14", "<-12>12"

# Zone, when, and the minute of the day a second before and then.
CHANGES = [
    (ROME, (2027, 3, 28, 1, 0, 0), 119, 180),
    (ROME, (2027, 10, 31, 1, 0, 0), 179, 120),
    (NEW_YORK, (2027, 3, 14, 7, 0, 0), 119, 180),
    (NEW_YORK, (2027, 11, 7, 6, 0, 0), 119, 60),
    (SYDNEY, (2027, 4, 3, 16, 0, 0), 179, 120),
    (SYDNEY, (2027, 10, 2, 16, 0, 0), 119, 180),
    (AUCKLAND, (2027, 4, 3, 14, 0, 0), 179, 120),
    (LORD_HOWE, (2027, 4, 3, 15, 0, 0), 119, 90),
    (LORD_HOWE, (2027, 10, 2, 15, 30, 0), 119, 150),
    ("UTC0", (2028, 2, 29, 0, 0, 0), 1439, 0),
    ("UTC0", (2028, 3, 1, 0, 0, 0), 1439, 0),
    ("UTC0", (2029, 1, 1, 0, 0, 0), 1439, 0),
    (FAR_EAST, (2027, 12, 31, 10, 0, 0), 1439, 0),
    (FAR_WEST, (2028, 1, 1, 12, 0, 0), 1439, 0),
]


@pytest.fixture
def zone(monkeypatch):
    """Makes this computer stand in a time zone."""

    def stands_in(name):
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield stands_in
    monkeypatch.undo()
    time.tzset()


def at(moment, seconds):
    """Clocks that say so some seconds after a moment in UTC, all along."""
    wall_s = calendar.timegm(moment) + seconds
    return Clocks(wall_off_s=wall_s - BASE_S)


@pytest.mark.parametrize(("name", "moment", "before", "then"), CHANGES)
def test_the_hour_of_the_day_is_the_one_on_the_wall(tmp_path, zone, name, moment, before, then):
    life = Life.begin(tmp_path / "data", clocks=at(moment, -50 * DAY_S))
    with life.store:
        zone(name)
        for seconds, minute in ((-1, before), (0, then)):
            now = life.clocks.to(50 * DAY_S + seconds).now
            told = known_of(life.ledger, "demo", now)
            assert (told.local_min, told.now_s, told.behind) == (minute, now.wall_s, False)


@pytest.mark.parametrize(("name", "moment", "_before", "_then"), CHANGES)
def test_no_change_of_summer_time_shortens_a_cool_down(tmp_path, zone, name, moment, _before, _then):
    zone(name)
    # The session ends so that the last minutes of its cool-down hold the change.
    life = Life.begin(tmp_path / "data", clocks=at(moment, 300 - COOL_DOWN_S - 40 * DAY_S))
    with life.store:
        life.has_session()
        ended = life.clocks
        for left_s, refusal in ((HOUR_S, Reason.COOL_DOWN), (301, Reason.COOL_DOWN), (1, Reason.COOL_DOWN)):
            life.clocks = ended.later(COOL_DOWN_S - left_s)
            assert life.refusal is refusal
        zone(FAR_EAST)
        assert life.refusal is Reason.COOL_DOWN
        zone(FAR_WEST)
        assert life.refusal is Reason.COOL_DOWN
        life.clocks = ended.later(COOL_DOWN_S)
        assert life.refusal is None


@pytest.mark.parametrize(("name", "moment", "_before", "then"), CHANGES)
def test_the_caregivers_hours_are_those_on_the_wall(tmp_path, zone, name, moment, _before, then):
    zone(name)
    hours = (then, then + 1)
    life = Life.begin(tmp_path / "data", demo(hours=hours), at(moment, -40 * DAY_S - 1))
    with life.store:
        assert life.refusal is Reason.OUTSIDE_HOURS
        life.clocks = life.clocks.later(1)
        assert life.refusal is None


# What a clock that is put back, or forward, would decide by itself.


def test_an_expired_clearance_does_not_hold_again_when_the_clock_is_put_back_to_before_it(tmp_path):
    expires_s = 41 * DAY_S
    life = Life.begin(tmp_path / "data", with_clearance_until(BASE_S + expires_s))
    with life.store:
        assert life.refusal is None
        # A day and an hour later nobody has looked yet, and the clock is set back by two hours.
        life.clocks = life.clocks.to(expires_s + HOUR_S)
        life.happens(wall(-2 * HOUR_S))
        assert life.refusal is not None


def test_a_clock_set_forward_makes_nobody_of_age(tmp_path):
    life = Life.begin(tmp_path / "data", demo(born=2013))
    with life.store:
        assert life.refusal is Reason.UNDER_AGE
        life.happens(wall(10 * YEAR_S))
        assert life.refusal is not None


def test_a_clock_set_forward_does_not_reach_the_caregivers_hours(tmp_path, zone):
    zone("UTC0")
    minute = (BASE_S + 40 * DAY_S) % DAY_S // 60
    life = Life.begin(tmp_path / "data", demo(hours=((minute + 120) % DAY_MIN, (minute + 180) % DAY_MIN)))
    with life.store:
        assert life.refusal is Reason.OUTSIDE_HOURS
        life.happens(wall(2 * HOUR_S))
        assert life.refusal is not None
