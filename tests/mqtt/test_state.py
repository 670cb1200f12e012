"""What is told of a massager: one word, one strength, no countdown, and nothing of anybody's health."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from massager.model.decisions import Cap, Reason, Source
from massager.mqtt.happened import Event, happened, obeyed_less
from massager.mqtt.seen import NOTHING_TODAY, Today, used_today
from massager.mqtt.state import (
    Session,
    attributes,
    ends_at_s,
    is_reachable,
    is_safety_stop,
    session_of,
    state,
)
from massager.mqtt.words import ANSWERED, LIMITED, told_reason, told_source
from massager.session.past import Kept, Shelf
from massager.session.snapshot import Stage
from massager.texts import reason_text
from mqtt_samples import NOW_S, ended, seen

SAID = (
    Reason.RED_FLAG_SPINE,
    Reason.RED_FLAG_CORD,
    Reason.RED_FLAG_STROKE,
    Reason.RED_FLAG_CHEST,
    Reason.LIMB_SYMPTOM,
    Reason.SHOOTING_PAIN,
    Reason.PAIN,
    Reason.DIZZINESS,
    Reason.BURNING,
    Reason.UNCLEAR_SYMPTOM,
)
# What the record of somebody says, or what somebody said before a session.
OF_THEIRS = (
    Reason.NOT_ATTESTED,
    Reason.CLEARANCE_B,
    Reason.CLEARANCE_C,
    Reason.SEVERITY_NOT_ALLOWED,
    Reason.LOCKED_OUT,
    Reason.UNDER_AGE,
    Reason.MODIFIERS,
    Reason.CONDITION,
    Reason.CALF,
    Reason.INJURY,
    Reason.PAIN_TODAY,
    Reason.FEVER,
    Reason.SEDATED,
    Reason.LASTING_REACTION,
    Reason.STATURE,
    Reason.COOL_DOWN,
    Reason.WEEKLY_MINUTES,
    Reason.KEEP_OUT_PERSON,
    Reason.KEEP_OUT_TODAY,
)


def told(now, **changes):
    usual = {"program": None, "warms": False, "ends_s": None, "today": NOTHING_TODAY}
    return state(now, **(usual | changes))


@pytest.mark.parametrize(
    ("now", "word"),
    [
        (None, "idle"),
        (seen(stage=Stage.CONNECTING), "running"),
        (seen(stage=Stage.PLACING), "running"),
        (seen(), "running"),
        (seen(left_s=31), "running"),
        (seen(left_s=30), "cooldown"),
        (seen(stage=Stage.PAUSED, left_s=20), "paused"),
        (seen(stage=Stage.LINK_LOST), "paused"),
        (seen(stage=Stage.STOPPING, reason=Reason.STOPPED_BY_PERSON), "stopped"),
        (ended(Reason.FINISHED), "idle"),
        (ended(Reason.STOPPED_BY_PERSON), "stopped"),
        (ended(Reason.PAIN), "stopped"),
        (ended(Reason.NO_ANSWER), "stopped"),
        (ended(Reason.DEVICE_FAULT), "fault"),
        (ended(Reason.LINK_LOST), "fault"),
        (ended(Reason.FINISHED, confirmed=False), "fault"),
        (ended(Reason.STOPPED_BY_PERSON, alarm="It does not answer."), "fault"),
        (seen(stage=Stage.STOPPING, reason=Reason.FINISHED, alarm="It presses on."), "fault"),
    ],
)
def test_a_session_is_told_in_one_word(now, word):
    assert session_of(now) == word
    assert told(now)["session"] == word
    assert told(now)["running"] == ("ON" if word in {"running", "cooldown"} else "OFF")


def test_every_reason_has_a_word_and_none_of_them_runs_on():
    words = {session_of(ended(reason)) for reason in Reason}
    assert words == {Session.IDLE, Session.STOPPED, Session.FAULT}


@pytest.mark.parametrize(
    ("now", "is_one"),
    [
        (None, False),
        (seen(), False),
        (ended(Reason.FINISHED), False),
        (ended(Reason.STOPPED_BY_PERSON), False),
        (ended(Reason.LOCAL_BUTTON), False),
        (ended(Reason.LIMITS_CHANGED), False),
        (ended(Reason.PAIN), True),
        (ended(Reason.NO_ANSWER), True),
        (ended(Reason.ABOVE_FORCE), True),
        (ended(Reason.LINK_LOST), True),
        (seen(stage=Stage.STOPPING, reason=Reason.ABOVE_FORCE), True),
        (ended(Reason.FINISHED, confirmed=False), True),
        (ended(Reason.STOPPED_BY_PERSON, alarm="It does not answer."), True),
        (ended(Reason.DEVICE_NOT_FOUND, confirmed=None), False),
    ],
)
def test_a_safety_stop_is_an_end_that_nobody_wished_for_or_one_without_rest(now, is_one):
    assert is_safety_stop(now) is is_one
    assert told(now)["safety_stop"] == ("ON" if is_one else "OFF")


def test_the_strength_is_what_was_sent_in_percent_and_nothing_once_it_ends():
    assert told(seen(sent=Cap(7, Source.RAMP)))["level"] == 35
    assert told(seen(sent=None))["level"] == 0
    assert told(seen(stage=Stage.STOPPING, reason=Reason.PAIN))["level"] == 0
    assert told(None)["level"] == 0


def test_the_cap_follows_a_limit_that_stays_and_not_one_that_passes():
    assert seen(sent=Cap(3, Source.RAMP)).cap == 8
    assert seen(sent=Cap(2, Source.FIRST_CONTACT)).cap == 8
    assert seen(sent=Cap(8, Source.ASKED)).cap == 8
    assert seen(sent=None).cap == 8
    assert seen(sent=Cap(5, Source.CAREGIVER)).cap == 5
    assert seen(sent=Cap(4, Source.ANSWER)).cap == 4
    assert seen(sent=Cap(0, Source.CAREGIVER)).cap == 1


@pytest.mark.parametrize("source", Source)
def test_a_state_is_never_above_its_cap(source):
    for level in range(9):
        now = seen(sent=Cap(level, source))
        assert told(now)["level"] <= 5 * now.cap


def test_warmth_is_told_where_there_are_heaters_and_only_while_something_runs():
    assert "heat" not in told(seen(warm=True))
    assert told(seen(warm=True), warms=True)["heat"] == "ON"
    assert told(seen(warm=False), warms=True)["heat"] == "OFF"
    assert told(seen(warm=None), warms=True)["heat"] == "OFF"
    assert told(ended(warm=True), warms=True)["heat"] == "OFF"
    assert told(None, warms=True)["heat"] == "OFF"


# When it ends


def test_the_end_is_told_once_and_stays_while_both_clocks_are_rounded():
    first = ends_at_s(None, seen(left_s=400), NOW_S)
    assert first == NOW_S + 400
    for late_s, left_s in ((1, 400), (1, 398), (5, 394), (5, 396)):
        assert ends_at_s(first, seen(left_s=left_s), NOW_S + late_s) == first


def test_an_end_that_has_come_nearer_is_told_anew():
    assert ends_at_s(NOW_S + 400, seen(left_s=200), NOW_S) == NOW_S + 200


def test_there_is_no_end_before_first_contact_and_none_once_it_ends():
    assert ends_at_s(None, seen(left_s=480, session_s=480), NOW_S) is None
    assert ends_at_s(NOW_S, ended(left_s=100), NOW_S) is None
    assert ends_at_s(NOW_S, None, NOW_S) is None


def test_nothing_in_a_state_changes_while_the_seconds_go_by():
    ends_s = ends_at_s(None, seen(left_s=400), NOW_S)
    first = told(seen(left_s=400), ends_s=ends_s), attributes(seen(left_s=400), profile="", person=None)
    for passed_s in range(40):
        now = seen(left_s=400 - passed_s)
        ends_s = ends_at_s(ends_s, now, NOW_S + passed_s)
        assert (told(now, ends_s=ends_s), attributes(now, profile="", person=None)) == first
    assert first[0]["ends_at"] == datetime.fromtimestamp(NOW_S + 400, UTC).isoformat()


# Minutes


def kept(number, *, device="chair", started_s=NOW_S - 600, used_s=300):
    return Kept(number, device, "gentle-lumbar", started_s, started_s + used_s, used_s, {})


def noon():
    return int(datetime.now().astimezone().replace(hour=12, minute=0, second=0).timestamp())


def test_minutes_of_today_are_those_of_one_massager_whoever_had_them():
    now_s = noon()
    earlier_s = now_s - 24 * 3600
    anna = Shelf(now_s, 0, (kept(1, started_s=earlier_s), kept(2, started_s=now_s - 3000, used_s=301)))
    ben = Shelf(now_s, 0, (kept(3, device="cushion", started_s=now_s), kept(4, started_s=now_s, used_s=59)))
    today = used_today([anna, ben], "chair", running=())
    assert today == Today(360, frozenset({1, 2, 4}))
    assert told(None, today=today)["minutes_today"] == 6


def test_a_session_is_counted_once_while_it_runs_and_after():
    now_s = noon()
    # While it runs the ledger has what it reserved, which is more.
    shelf = Shelf(now_s, 0, (kept(1, started_s=now_s, used_s=180),))
    running = seen(number=1, session_s=480, left_s=400)
    while_running = used_today([shelf], "chair", running=[1])
    assert told(running, today=while_running)["minutes_today"] == 2
    after = used_today([shelf], "chair", running=())
    assert told(replace(running, ending=None), today=after)["minutes_today"] == 3


def test_what_ran_yesterday_does_not_come_back_today():
    now_s = noon()
    late_s = now_s - int(timedelta(hours=14).total_seconds())
    today = used_today([Shelf(now_s, 0, (kept(1, started_s=late_s),))], "chair", running=())
    assert told(ended(number=1, left_s=0), today=today)["minutes_today"] == 0


# Words


@pytest.mark.parametrize("reason", SAID)
def test_what_somebody_said_goes_out_as_an_answer_and_nothing_more(reason):
    now = ended(reason, detail="L4-S1")
    out = json.dumps([attributes(now, profile="", person=None), told(now), *happened(None, now)])
    assert told_reason(reason).code == ANSWERED
    assert reason not in out.replace("_", "-").split('"')
    assert reason_text(reason) not in out
    assert "L4-S1" not in out


@pytest.mark.parametrize("reason", OF_THEIRS)
def test_what_is_on_record_of_somebody_goes_out_as_a_limit_and_nothing_more(reason):
    assert told_reason(reason).code == LIMITED
    assert reason_text(reason) != told_reason(reason).text


@pytest.mark.parametrize("source", [Source.CAREGIVER, Source.MODIFIERS, Source.PERSONAL, Source.ANSWER])
def test_which_limit_of_a_person_holds_is_not_told(source):
    found = attributes(seen(sent=Cap(4, source)), profile="", person=None)
    assert (found["held_by"], found["held_by_text"]) == (LIMITED, "held by this person's limits")


def test_what_holds_everybody_is_told():
    assert told_source(Source.RAMP).text == "rising slowly"
    assert told_reason(Reason.LINK_LOST).text == reason_text(Reason.LINK_LOST)


def test_nobody_is_named_unless_the_caller_says_who():
    now = seen(person="anna")
    assert "anna" not in json.dumps([attributes(now, profile="p", person=None), told(now)])
    assert attributes(now, profile="p", person="anna")["person"] == "anna"


def test_attributes_tell_limits_while_it_runs_and_the_reason_after():
    now = attributes(seen(asked=6, sent=Cap(6, Source.ASKED)), profile="chair 12", person=None)
    assert now["limits"] == {"strength_percent": 40, "seconds": 480, "asked_percent": 30}
    assert (now["reason"], now["held_by"], now["profile"]) == (None, "asked", "chair 12")
    after = attributes(ended(Reason.LINK_LOST, confirmed=False, alarm="Off!"), profile="", person=None)
    assert (after["reason"], after["limits"], after["at_rest"]) == ("link-lost", None, False)
    assert after["alarm"] == "Off!"
    assert now.keys() == after.keys() == attributes(None, profile="", person=None).keys()


# The link


@pytest.mark.parametrize(
    ("now", "heard", "is_there"),
    [
        (None, None, True),
        (None, False, False),
        (seen(), False, True),
        (seen(stage=Stage.LINK_LOST), True, False),
        (ended(), None, True),
        (ended(Reason.LINK_LOST), None, False),
        (ended(Reason.LINK_LOST), True, True),
        (ended(Reason.DEVICE_NOT_FOUND, confirmed=None), None, False),
        (ended(Reason.PAIN), False, False),
    ],
)
def test_a_massager_is_there_until_a_link_to_it_has_failed(now, heard, is_there):
    assert is_reachable(now, heard=heard) is is_there


# Events


def kinds(before, now):
    return [one["event_type"] for one in happened(before, now)]


def test_a_session_begins_once_and_ends_once_however_seldom_somebody_looks():
    assert kinds(None, None) == []
    assert kinds(None, seen()) == ["started"]
    assert kinds(seen(), seen(left_s=300)) == []
    assert kinds(seen(), ended()) == ["ended"]
    assert kinds(ended(), ended()) == []
    assert kinds(None, ended()) == ["started", "ended"]
    assert kinds(ended(), seen(number=2)) == ["started"]
    assert kinds(seen(), ended(number=2)) == ["started", "ended"]


@pytest.mark.parametrize(
    ("now", "kind"),
    [
        (ended(Reason.FINISHED), Event.ENDED),
        (ended(Reason.STOPPED_BY_PERSON), Event.STOPPED_BY_USER),
        (ended(Reason.LOCAL_BUTTON), Event.STOPPED_BY_USER),
        (ended(Reason.LOCKED_OUT), Event.STOPPED_BY_CAREGIVER),
        (ended(Reason.LIMITS_CHANGED), Event.STOPPED_BY_CAREGIVER),
        (ended(Reason.PAIN), Event.SAFETY_STOP),
        (ended(Reason.LINK_LOST), Event.LINK_LOST),
        (ended(Reason.DEVICE_NOT_FOUND, confirmed=None), Event.LINK_LOST),
        (ended(Reason.FINISHED, confirmed=False), Event.SAFETY_STOP),
        (ended(Reason.LINK_LOST, confirmed=False), Event.SAFETY_STOP),
    ],
)
def test_an_end_has_its_kind_and_one_without_rest_is_a_safety_stop(now, kind):
    (found,) = happened(seen(), now)
    assert found["event_type"] == kind
    assert found["at_rest"] is now.ending.confirmed


def test_a_link_that_is_lost_and_waited_for_is_told_at_once_and_once():
    lost = seen(stage=Stage.LINK_LOST)
    assert kinds(seen(), lost) == ["link_lost"]
    assert kinds(lost, lost) == []
    assert kinds(lost, seen()) == []


def test_every_end_has_a_kind():
    for reason in Reason:
        assert len(kinds(seen(), ended(reason))) == 1


def test_a_refusal_is_an_event_of_its_kind():
    assert obeyed_less("refused", "it is retained") == {
        "event_type": "refused",
        "reason_text": "it is retained",
    }
