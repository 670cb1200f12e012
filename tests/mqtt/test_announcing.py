"""What goes out and in which order: what changed, no strength outside its range, nothing of what is gone."""

import json
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ha_discovery import read
from massager.model.decisions import Cap, Reason, Source
from massager.mqtt.announcing import Announcing
from massager.mqtt.discovery import retained
from massager.mqtt.gateway import roll_topic
from massager.mqtt.outbox import Outbox
from massager.mqtt.topics import Topics
from massager.session.snapshot import Stage
from mqtt_samples import CHAIR, CUSHION, NOW_S, ORIGIN, PROGRAMS, ended, seen, view

TOPICS = Topics()
CONFIG, STATE, EVENT = TOPICS.config(CHAIR.id), TOPICS.state(CHAIR.id), TOPICS.event(CHAIR.id)


class Broker:
    """Takes what goes out and keeps what is retained."""

    def __init__(self):
        self.outbox = Outbox()
        self.announcing = Announcing(self.outbox, TOPICS, ORIGIN)
        self.kept = {}
        self.at_s = 0

    def look(self, *views):
        """One look, a second after the one before; what went out, in order."""
        self.at_s += 1
        self.announcing.look(views, now_s=NOW_S + self.at_s, at_s=float(self.at_s))
        return self.drain()

    def drain(self):
        sent = []
        while (message := self.outbox.next()) is not None:
            sent.append(message)
            if message.retain and message.payload:
                self.kept[message.topic] = message.payload
            elif message.retain:
                self.kept.pop(message.topic, None)
        return sent

    def said(self, topic):
        return json.loads(self.kept[topic])


@pytest.fixture
def broker():
    return Broker()


def events(sent):
    return [json.loads(one.payload)["event_type"] for one in sent if one.topic == EVENT]


def test_everything_there_is_to_know_of_a_massager_is_kept_at_the_broker(broker):
    broker.look(view(seen()), view(massager=CUSHION, programs=()))
    for massager in (CHAIR, CUSHION):
        assert set(retained(massager.id, TOPICS)) <= broker.kept.keys()
        assert read(broker.kept[TOPICS.config(massager.id)]).dev.name == massager.name
    assert read(broker.kept[TOPICS.config("massager_bridge")]).cmps.keys() == {"online"}
    assert broker.said(roll_topic(TOPICS)) == sorted([CHAIR.id, CUSHION.id])


def test_as_the_seconds_go_by_nothing_goes_out_but_each_minute_used(broker):
    broker.look(view(seen(left_s=400)))
    sent = [broker.look(view(seen(left_s=400 - passed_s))) for passed_s in range(1, 121)]
    assert [[one.topic for one in look] for look in sent if look] == [[STATE], [STATE]]
    assert broker.said(STATE)["minutes_today"] == 4


def test_a_change_is_one_message(broker):
    broker.look(view(seen()))
    assert [one.topic for one in broker.look(view(seen(sent=Cap(7, Source.RAMP))))] == [
        STATE,
        TOPICS.attributes(CHAIR.id),
    ]


def test_events_are_told_once_and_never_retained(broker):
    sent = broker.look(view(seen()))
    assert events(sent) == ["started"]
    sent = broker.look(view(ended(Reason.PAIN)))
    assert events(sent) == ["safety_stop"]
    assert not [one for one in sent if one.topic == EVENT and one.retain]
    assert EVENT not in broker.kept
    assert events(broker.look(view(ended(Reason.PAIN)))) == []


def test_a_refused_command_is_an_event(broker):
    broker.announcing.event(CHAIR, "limit_applied", "it rises one step a command")
    (sent,) = [one for one in broker.drain() if one.topic == EVENT]
    assert json.loads(sent.payload) == {
        "event_type": "limit_applied",
        "reason_text": "it rises one step a command",
    }


# Strength and its range


class HomeAssistant:
    """Holds a number to its range as `number` does, message by message."""

    def __init__(self):
        self.most = None
        self.level = None

    def hear(self, message, *, after_a_gap=False):
        """Take a message; after a gap it has missed some, and minds only what comes after the range."""
        if message.topic == CONFIG:
            self.most = read(message.payload).cmps["level"].max
        elif message.topic == STATE:
            self.level = json.loads(message.payload)["level"]
        minds = message.topic == STATE or not after_a_gap
        if minds and self.most is not None and self.level is not None:
            assert 0 <= self.level <= self.most


def test_a_cap_that_falls_comes_after_the_strength_and_one_that_rises_before(broker):
    broker.look(view(seen(sent=Cap(8, Source.ASKED))))
    falling = [one.topic for one in broker.look(view(seen(sent=Cap(5, Source.CAREGIVER))))]
    assert falling.index(STATE) < falling.index(CONFIG)
    assert read(broker.kept[CONFIG]).cmps["level"].max == 25
    rising = [one.topic for one in broker.look(view(seen(sent=Cap(8, Source.ASKED))))]
    assert rising.index(CONFIG) < rising.index(STATE)


SESSIONS = st.one_of(
    st.none(),
    st.builds(lambda number: ended(number=number), st.integers(1, 3)),
    st.builds(
        lambda number, highest, level, source: seen(
            number=number, highest=highest, sent=Cap(min(level, highest), source)
        ),
        st.integers(1, 3),
        st.integers(1, 10),
        st.integers(0, 10),
        st.sampled_from(list(Source)),
    ),
)


@given(st.lists(st.tuples(SESSIONS, st.booleans()), max_size=12))
def test_home_assistant_never_sees_a_strength_outside_its_range(course):
    broker, home, gap = Broker(), HomeAssistant(), False
    for now, connected in [*course, (None, True)]:
        broker.at_s += 1
        broker.announcing.look([view(now)], now_s=NOW_S, at_s=float(broker.at_s))
        if connected and gap:
            broker.outbox.again()
        if connected:
            for message in broker.drain():
                home.hear(message, after_a_gap=gap)
        gap = not connected


def test_the_discovery_is_told_anew_only_where_something_of_it_has_changed(broker):
    for now in (None, seen(), seen(sent=Cap(3, Source.RAMP)), seen(left_s=20), ended(), None):
        broker.look(view(now))
    course = [None, seen(), seen(sent=Cap(5, Source.RAMP)), seen(sent=Cap(5, Source.CAREGIVER)), ended()]
    told = [any(one.topic == CONFIG for one in broker.look(view(now))) for now in course]
    assert told == [False, True, False, True, True]


# Who and what


def test_the_program_and_the_name_of_somebody_without_remote_control_are_not_told(broker):
    sent = broker.look(view(seen(person="anna", remote=False)))
    assert broker.said(STATE)["program"] is None
    assert broker.said(TOPICS.attributes(CHAIR.id))["person"] is None
    assert "anna" not in "".join(one.payload for one in sent)


def test_they_are_told_where_remote_control_is_switched_on(broker):
    broker.look(view(seen(person="anna", remote=True)))
    title = next(one.title for one in PROGRAMS if one.name == "gentle-lumbar")
    assert broker.said(STATE)["program"] == title
    assert broker.said(TOPICS.attributes(CHAIR.id))["person"] == "anna"
    broker.look(view(ended(person="anna", remote=True)))
    assert broker.said(STATE)["program"] is None
    assert broker.said(TOPICS.attributes(CHAIR.id))["person"] is None, "it may be switched off again by now"


def test_the_program_that_is_shown_is_always_one_that_can_be_chosen(broker):
    for now in (None, seen(remote=True), seen(remote=True, program="gone"), ended()):
        for chosen in (None, "upper-back", "unknown"):
            broker.look(view(now, chosen=chosen))
            options = read(broker.kept[CONFIG]).cmps["program"].options
            assert broker.said(STATE)["program"] in {None, *options}
    assert broker.said(STATE)["program"] is None
    broker.look(view(None, chosen="upper-back"))
    assert broker.said(STATE)["program"] is not None


def test_a_link_and_a_start_are_each_one_word(broker):
    broker.look(view(seen(stage=Stage.LINK_LOST), may_start=True))
    assert broker.kept[TOPICS.availability(CHAIR.id)] == "offline"
    assert broker.kept[TOPICS.remote_start(CHAIR.id)] == "online"
    broker.look(view(seen(), may_start=False))
    assert broker.kept[TOPICS.availability(CHAIR.id)] == "online"
    assert broker.kept[TOPICS.remote_start(CHAIR.id)] == "offline"


def test_how_well_it_is_heard_goes_out_once_a_minute_and_is_not_kept(broker):
    found = [
        any(one.topic == TOPICS.diag(CHAIR.id) for one in broker.look(view(rssi=-60))) for _ in range(125)
    ]
    assert [at for at, sent in enumerate(found) if sent] == [0, 60, 120]
    assert TOPICS.diag(CHAIR.id) not in broker.kept


# What is gone


def test_of_a_massager_that_was_forgotten_nothing_is_kept(broker):
    broker.look(view(), view(massager=CUSHION))
    sent = broker.look(view(massager=CUSHION))
    assert not set(retained(CHAIR.id, TOPICS)) & broker.kept.keys()
    assert sent[0].topic == CONFIG, "first of all Home Assistant takes it out"
    assert all(one.retain for one in sent)
    assert broker.said(roll_topic(TOPICS)) == [CUSHION.id]
    broker.outbox.again()
    assert not [one for one in broker.drain() if one.payload and CHAIR.id in one.topic]


def test_one_that_comes_back_is_announced_anew(broker):
    broker.look(view())
    broker.look()
    broker.look(view())
    assert set(retained(CHAIR.id, TOPICS)) <= broker.kept.keys()


def test_what_was_forgotten_while_the_gateway_was_down_is_taken_off_the_broker(broker):
    gone = "mr-0123abcd"
    broker.kept |= dict.fromkeys(retained(gone, TOPICS), "old")
    broker.announcing.found(json.dumps([gone, CHAIR.id]).encode())
    broker.look(view())
    assert not set(retained(gone, TOPICS)) & broker.kept.keys()
    assert CONFIG in broker.kept


@pytest.mark.parametrize(
    "roll",
    [
        b"",
        b"\xff",
        b"null",
        b'{"mr-0123abcd": 1}',
        b'"mr-0123abcd"',
        b"[1, null]",
        b'["bridge", "+", "mr-0123abcd/state", "#"]',
        b"[" * 5000,
    ],
)
def test_an_odd_list_of_what_was_there_takes_nothing_off_the_broker(broker, roll):
    broker.announcing.found(roll)
    sent = broker.look(view())
    assert all(one.payload for one in sent)


def test_a_program_that_is_gone_takes_its_entities_along(broker):
    broker.look(view())
    sent = [json.loads(one.payload) for one in broker.look(view(programs=())) if one.topic == CONFIG]
    assert [set(one["cmps"]["program"]) for one in sent[:1]] == [{"p"}]
    assert "program" not in sent[-1]["cmps"]
    assert "program" not in read(broker.kept[CONFIG]).cmps


def test_a_massager_that_is_renamed_keeps_its_topics(broker):
    broker.look(view(seen()))
    kept = set(broker.kept)
    broker.look(view(None, massager=replace(CHAIR, name="Back of the house")))
    assert set(broker.kept) == kept
    assert read(broker.kept[CONFIG]).dev.name == "Back of the house"


def test_two_sessions_that_follow_each_other_have_each_an_end_of_their_own(broker):
    broker.look(view(seen(left_s=400)))
    first = datetime.fromisoformat(broker.said(STATE)["ends_at"])
    broker.look(view(seen(number=2, left_s=398)))
    later = datetime.fromisoformat(broker.said(STATE)["ends_at"])
    assert (first.timestamp(), later.timestamp()) == (NOW_S + 401, NOW_S + 400)
