"""Looking back: what the journal says of a session, days and places; what nobody recorded is a gap."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governor_rig import RICH, Rig
from massager.model.body import Side, Zone
from massager.model.commands import Intent
from massager.model.decisions import Cap, Reason, Source
from massager.model.history import Moment
from massager.model.questions import CheckIn, Comfort, Feeling
from massager.safety.responses import Said
from massager.session.facts import Asked, Told, Wished, asked_facts, reading_facts, told_facts, wished_facts
from massager.session.offers import OfferService
from massager.session.past import Kept, PastService, Shelf, days_of, placed_of
from massager.session.recalled import Pain, Strength, recall
from massager.store import Amounts, Journal, Ledger, Record, Store, seed_demo
from preview_rig import prepared_for
from samples import reading, well

DAY_S, WEEK_S = 24 * 3600, 7 * 24 * 3600
WALL_S = 1_795_000_000


def now():
    return Moment(WALL_S, 0, "boot")


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path) as opened:
        seed_demo(opened, now())
        yield opened


@pytest.fixture
def service(store):
    return PastService(store, now=now)


def record(kind, code, facts):
    return Record(1, None, 0, 0, kind, code, facts)


def admitted(pain=3):
    prepared, history = prepared_for(screening=well(pain=pain))
    return record("admitted", "gentle-lumbar", asked_facts(Asked(prepared.order, history), prepared))


class Written(Rig):
    """A session whose decisions are written down as the control loop does."""

    def ask(self, level=20, **wish):
        intent, state = Intent(level, wish["carriage_mm"], None, 10), self.governor.state.copy()
        answer = self.governor.request(intent, self.now_ms, RICH)
        facts = wished_facts(Wished(self.now_ms, intent, RICH, state), answer)
        self.records.append(record("decision", answer.cap.source, facts))
        return answer


def decisions(level, seconds=200):
    """Records of a real Governor's answers to one wish."""
    rig = Written.start()
    rig.records = []
    assert rig.run(seconds, level=level) is None
    return rig.records


def told(pain, rig=None):
    rig = rig or Rig.start()
    check_in = CheckIn(pain, Comfort.FINE, Feeling.NONE)
    facts = told_facts(Told(rig.now_ms, rig.governor.state.copy(), check_in, Said(None, None)))
    return record("answer", "none", facts)


def follow_up(pain):
    return record("follow-up", "anyone", {"who": "x", "number": 1, "pain": pain, "worse": "no"})


def report(level):
    levels = [replace(one, level=level) for one in reading().actuators]
    return record("telemetry", "lease", reading_facts(reading(actuators=tuple(levels))))


# One session.


def test_the_strength_is_the_highest_that_was_asked_for_allowed_and_reported():
    found = recall([admitted(), *decisions(18), report(3), report(7), report(0)])
    assert found.title == "Gentle lumbar"
    assert (found.strength.asked, found.strength.reported, found.strength.levels) == (18, 7, 20)
    assert found.strength.allowed == Cap(10, Source.CEILING)


def test_a_bound_that_passes_by_itself_is_told_where_nothing_else_held_it():
    found = recall(decisions(18, seconds=40))
    assert found.strength.allowed.source in {Source.FIRST_CONTACT, Source.RAMP}
    assert found.strength.allowed.level < 10


def test_what_held_it_for_good_is_told_rather_than_the_rise_to_it():
    def decided(source):
        outcome = {"levels": [5, 5], "source": source}
        return record("decision", source, {"intent": {"level": 9}, "outcome": outcome})

    for order in (("ramp", "ceiling"), ("ceiling", "ramp"), ("first-contact", "ramp", "ceiling")):
        assert recall(map(decided, order)).strength.allowed == Cap(5, Source.CEILING)
    assert recall(map(decided, ("ramp", "cool-down"))).strength.allowed == Cap(5, Source.RAMP)


def test_as_much_as_was_asked_for_is_held_by_nothing():
    assert recall(decisions(3)).strength.allowed == Cap(3, Source.ASKED)


def test_the_way_between_two_places_is_no_wish_for_strength():
    rig = Rig.start()
    intent, state = Intent(0, 480, None, 10), rig.governor.state.copy()
    answer = rig.governor.request(intent, rig.now_ms, RICH)
    facts = wished_facts(Wished(rig.now_ms, intent, RICH, state), answer)
    assert recall([record("decision", answer.cap.source, facts)]).strength == Strength()


def test_pain_is_told_before_during_after_and_later():
    found = recall([admitted(pain=3), told(2), told(4), told(1), follow_up(5), follow_up(3), follow_up(2)])
    assert found.pain == Pain(before=3, during=4, after=5, later=2)
    assert recall([follow_up(1)]).pain == Pain(after=1)


def test_what_was_not_told_is_none_and_what_was_0_is_0():
    assert recall([follow_up(None)]).pain == Pain()
    assert recall([follow_up(None), follow_up(3)]).pain == Pain(after=3)
    assert recall([follow_up(0), report(0)]).pain.after == 0
    assert recall([report(0)]).strength == Strength(reported=0)
    assert recall([]) == recall([record("stop", "some-day-a-reason", {"detail": ""})])


def test_the_first_stop_says_how_it_ended():
    stops = [record("stop", one, {"detail": ""}) for one in (Reason.PAIN, Reason.STOPPED_BY_PERSON)]
    assert recall(stops).ended is Reason.PAIN


def test_content_that_is_gone_or_of_another_shape_is_a_gap_and_nothing_fails():
    gone = replace(admitted(), facts=None)
    odd = [
        record("admitted", "x", {"order": {"program": 1, "device": {"actuators": ["?"]}, "screening": []}}),
        record("decision", "ceiling", {"intent": {"level": "5"}, "outcome": {"levels": [5], "source": "?"}}),
        record("decision", "x", {"outcome": {"refused": "stopping", "detail": ""}}),
        record("telemetry", "lease", {"actuators": [{"level": None}]}),
        record("answer", "none", {"check_in": None}),
    ]
    assert recall([gone, *odd]) == recall([])


@given(st.integers(0, 20), st.integers(1, 20))
def test_a_share_is_never_told_too_small(level, levels):
    percent = Strength(levels=levels).percent(level)
    assert percent - 1 < 100 * level / levels <= percent


def test_a_share_of_an_unknown_massager_is_unknown():
    assert Strength(reported=3).percent(3) is None
    assert Strength(levels=20).percent(None) is None


# The demo, and what is read from a store.


def test_the_demo_has_a_past_to_look_at(service):
    shelf = service.of("demo")
    first, second = (service.recall(one.number) for one in shelf.sessions)
    assert first.strength == Strength(20, 8, Cap(5, Source.MODIFIERS), 5)
    assert (first.pain, second.pain) == (Pain(before=4, after=3), Pain(before=3, after=2))
    assert second.strength.reported == 8


def test_only_what_belongs_to_the_session_is_recalled(store, service):
    Journal(store).append(replace(report(19), session=2))
    assert [service.recall(number).strength.reported for number in (1, 2)] == [5, 19]


# Days.


def kept(started_s, used_s=600, **changes):
    fields = {"number": 1, "device": "chair", "program": "x", "zones_ms": {}}
    fields |= {"started_s": started_s, "ended_s": started_s + used_s, "used_s": used_s}
    return Kept(**(fields | changes))


def noon_s(days_ago=0):
    noon = datetime.fromtimestamp(WALL_S).astimezone().replace(hour=12, minute=0, second=0)
    return int((noon - timedelta(days=days_ago)).timestamp())


def test_days_before_anything_was_on_record_are_gaps_and_those_after_it_without_a_session_are_0():
    found = days_of(Shelf(noon_s(), noon_s(2), ()), 5)
    assert [one.used_s for one in found] == [None, None, 0, 0, 0]
    assert [one.week_s for one in found] == [None, None, 0, 0, 0]
    assert [one.sessions for one in found] == [None, None, 0, 0, 0]


def test_the_last_day_is_today_and_none_is_left_out():
    found = [one.date for one in days_of(Shelf(noon_s(), 0, ()), 28)]
    assert found[-1] == datetime.fromtimestamp(WALL_S).astimezone().date()
    assert found == [found[-1] - timedelta(days=back) for back in range(27, -1, -1)]
    assert all(isinstance(one, date) for one in found)


def test_a_session_counts_on_its_day_and_in_the_seven_days_that_follow_it():
    shelf = Shelf(noon_s(), 0, (kept(noon_s(9)),))
    found = days_of(shelf, 11)
    assert [one.used_s for one in found] == [0, 600, *([0] * 9)]
    assert [one.week_s for one in found] == [0, *([600] * 7), 0, 0, 0]


def test_the_seven_days_count_from_a_sessions_end():
    begun = kept(WALL_S - WEEK_S - 300, used_s=600)
    assert days_of(Shelf(WALL_S, 0, (begun,)), 1)[0].week_s == 600
    ended = kept(WALL_S - WEEK_S - 600, used_s=600)
    assert days_of(Shelf(WALL_S, 0, (ended,)), 1)[0].week_s == 0


def test_what_runs_now_counts_today():
    shelf = Shelf(noon_s(), 0, (kept(noon_s() - 60, ended_s=noon_s() + 10, used_s=70),))
    assert days_of(shelf, 1)[0].week_s == 70


@given(st.lists(st.tuples(st.integers(0, 8 * DAY_S), st.integers(1, 900)), max_size=8))
def test_the_seven_days_until_now_are_what_the_limit_counts(found):
    sessions = tuple(kept(WALL_S - ago_s - used_s, used_s) for ago_s, used_s in found)
    counted = sum(one.used_s for one in sessions if WALL_S - one.ended_s < WEEK_S)
    assert days_of(Shelf(WALL_S, 0, sessions), 7)[-1].week_s == counted


def test_it_counts_as_the_weeks_minutes_left_are_counted(store, service):
    week = OfferService(store, None, now=now).known("demo").week
    used_min = -(-days_of(service.of("demo"), 7)[-1].week_s // 60)
    assert used_min == 15
    assert week.left + used_min == week.most


# Places.


def test_places_add_up_over_seven_days_and_what_has_none_is_told_apart():
    waist, neck = (Zone.L1_L3, Side.LEFT), (Zone.C3_C7, Side.RIGHT)
    shelf = Shelf(
        WALL_S,
        0,
        (
            kept(WALL_S - 8 * DAY_S, zones_ms={waist: 60_000}),
            kept(WALL_S - 2 * DAY_S, zones_ms={waist: 60_400, neck: 1}),
            kept(WALL_S - DAY_S, zones_ms={waist: 60_400}),
            kept(WALL_S - DAY_S, 120, device=None, program=None),
        ),
    )
    placed = placed_of(shelf)
    assert (placed.zones_s[waist], placed.zones_s[neck], placed.elsewhere_s) == (121, 1, 120)
    assert sum(placed.zones_s.values()) == 122


def test_a_session_on_record_is_found_at_its_places(store, service):
    ledger, begin = Ledger(store), Moment(WALL_S - 900, 0, "earlier")
    number = ledger.open_session("demo", "chair", "gentle-lumbar", begin)
    used = Amounts(300_000, {(Zone.L4_S1, Side.LEFT): 300_000})
    ledger.close_session(number, used=used, now=Moment(WALL_S - 300, 600_000, "earlier"), follow_up_s=())
    placed = placed_of(service.of("demo"))
    assert placed.zones_s[Zone.L4_S1, Side.LEFT] == 300 + 225
