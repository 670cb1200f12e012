"""Anyone tightens at any time; what loosens needs a caregiver and no session."""

from dataclasses import fields, replace

import pytest

from massager.model.body import Region, Zone
from massager.model.carried import Carried
from massager.model.ceilings import Clearance, Modality, Severity
from massager.model.errors import AuthError, BusyError, NotAllowedError, NotFoundError
from massager.model.history import Role
from massager.model.people import KeepOut, Person, ProviderClearance
from massager.session import people as service
from massager.session.caregivers import SignedIn
from massager.store import Ledger
from people_rig import AGREED, ANNA, DAY_S, SCAR, hold_session

TIGHTER = replace(ANNA, session_min=5)
LOOSER = replace(ANNA, session_min=9)
BACK_SORE = KeepOut("sore", SCAR.span_ppm, -100, -40)


def last(journal):
    return journal.records()[-1].record


def test_anyone_tightens_and_the_journal_says_what_and_why(people, journal):
    assert people.change(ANNA, TIGHTER, why="sore today", caregiver=None) == ()
    assert people.get("anna") == TIGHTER
    record = last(journal)
    assert (record.kind, record.code, record.person) == ("person-change", Role.ANYONE, "anna")
    assert record.facts == {"who": "test", "why": "sore today", "changes": {"session_min": [8, 5]}}


def test_a_stature_is_journaled_as_it_comes_and_goes(people, carla, journal):
    tall = replace(ANNA, stature_mm=1780)
    assert people.change(ANNA, tall, why="measured", caregiver=None) == ()
    assert last(journal).facts["changes"] == {"stature_mm": [None, 1780]}
    with pytest.raises(AuthError, match="Only a caregiver may loosen the stature"):
        people.change(tall, ANNA, why="wrong", caregiver=None)
    assert people.change(tall, ANNA, why="wrong", caregiver=carla) == ("stature_mm",)
    assert last(journal).facts["changes"] == {"stature_mm": [1780, None]}
    assert people.get("anna") == ANNA


def test_remote_control_is_switched_on_by_a_caregiver_and_off_by_anyone(people, carla, journal):
    remote = replace(ANNA, remote=True)
    with pytest.raises(AuthError, match="Only a caregiver may loosen remote control"):
        people.change(ANNA, remote, why="lives far away", caregiver=None)
    assert people.change(ANNA, remote, why="lives far away", caregiver=carla) == ("remote",)
    assert last(journal).facts["changes"] == {"remote": [None, True]}
    assert people.change(remote, ANNA, why="no more", caregiver=None) == ()
    assert last(journal).facts["changes"] == {"remote": [True, None]}
    assert people.get("anna") == ANNA


def test_nobody_loosens_without_a_caregiver(people):
    with pytest.raises(AuthError, match="Only a caregiver may loosen the minutes of a session"):
        people.change(ANNA, LOOSER, why="more", caregiver=None)
    with pytest.raises(AuthError):
        people.change(ANNA, LOOSER, why="more", caregiver=SignedIn("carla"))
    assert people.get("anna") == ANNA


def test_a_caregiver_loosens_and_the_journal_names_her(people, carla, journal):
    assert people.change(ANNA, LOOSER, why="went well", caregiver=carla) == ("session_min",)
    assert people.get("anna") == LOOSER
    record = last(journal)
    assert (record.code, record.facts["who"]) == (Role.CAREGIVER, "carla")


def test_tightening_one_thing_does_not_carry_another_loosening_along(people):
    both = replace(ANNA, session_min=5, zone_permille={Zone.L1_L3: 300})
    with pytest.raises(AuthError, match="the strength of a zone"):
        people.change(ANNA, both, why="trick", caregiver=None)


def test_during_a_session_anyone_tightens_and_not_even_a_caregiver_loosens(people, carla, store, clock):
    ledger = Ledger(store)
    ledger.open_session("anna", "chair", "gentle-lumbar", clock())
    people.change(ANNA, TIGHTER, why="sore", caregiver=None)
    with pytest.raises(BusyError, match="in session"):
        people.change(TIGHTER, ANNA, why="better", caregiver=carla)
    assert people.get("anna") == TIGHTER


def test_what_was_compared_with_an_old_record_is_not_written(people):
    people.change(ANNA, TIGHTER, why="sore", caregiver=None)
    # Against the record it was made from this tightens; against the one that holds it loosens.
    with pytest.raises(NotAllowedError, match="changed meanwhile"):
        people.change(ANNA, replace(ANNA, session_min=7), why="late", caregiver=None)
    assert people.get("anna") == TIGHTER


def test_a_change_needs_a_reason(people):
    with pytest.raises(NotAllowedError, match="A reason is needed"):
        people.change(ANNA, TIGHTER, why=" ", caregiver=None)


@pytest.mark.parametrize(
    "odd",
    [
        {"keep_outs": (SCAR, replace(BACK_SORE, name="two\nlines"))},
        {"keep_outs": (SCAR, replace(BACK_SORE, name="x" * 61))},
        {"keep_outs": (SCAR, replace(BACK_SORE, span_ppm=(600_000, 600_001)))},
        {"clearances": (replace(AGREED, expires_s=AGREED.expires_s - 1),)},
        {"zone_permille": {Zone.L1_L3: 105}},
        {"zone_permille": {Zone.L1_L3: -10}},
        {"session_min": 0},
        {"programs": frozenset({"../gentle"})},
        {"hours": (600, 600)},
        {"hours": (600, 2000)},
        {"born": 1850},
        {"stature_mm": 1190},
        {"stature_mm": 2210},
        {"stature_mm": 1655},
        {"stature_mm": 1510},
    ],
    ids=str,
)
def test_what_no_file_could_say_is_not_put_on_record(people, carla, odd):
    with pytest.raises(NotAllowedError, match="cannot be put on record"):
        people.change(ANNA, replace(ANNA, **odd), why="sore", caregiver=carla)
    assert people.get("anna") == ANNA


def test_a_new_person_needs_a_caregiver(people, carla):
    bert = replace(ANNA, name="bert")
    with pytest.raises(AuthError, match="Only a caregiver may add a person"):
        people.add(bert, Carried(), caregiver=None)
    people.add(bert, Carried(), caregiver=carla)
    assert people.names() == ("anna", "bert")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("anna", "already"),
        ("demo", "belongs to the person of the simulator"),
        ("Demo", "belongs to the person of the simulator"),
        ("", "cannot be a name"),
        (" bert", "cannot be a name"),
        ("be\nrt", "cannot be a name"),
        ("b" * 61, "cannot be a name"),
    ],
)
def test_a_name_that_nobody_can_have_is_refused(people, carla, name, says):
    with pytest.raises(NotAllowedError, match=says):
        people.add(replace(ANNA, name=name), Carried(), caregiver=carla)
    assert people.names() == ("anna",)


def test_an_unknown_person_is_told_with_those_on_record(people):
    with pytest.raises(NotFoundError, match="People on record: anna"):
        people.get("bert")


# Clearances.


def clearance(clock, **changes) -> ProviderClearance:
    today_s = clock.wall_s // DAY_S * DAY_S
    known = {
        "code": Clearance.C,
        "provider": "Dr Bell",
        "region": Region.LUMBAR,
        "modality": Modality.VIBRATION,
        "given_s": today_s - DAY_S,
        "expires_s": today_s + 90 * DAY_S,
    }
    return ProviderClearance(**(known | changes))


def test_only_a_caregiver_records_a_clearance(people, carla, clock):
    with pytest.raises(AuthError):
        people.record_clearance("anna", clearance(clock), why="letter", caregiver=None)
    people.record_clearance("anna", clearance(clock), why="letter", caregiver=carla)
    assert people.get("anna").clearances == (AGREED, clearance(clock))
    with pytest.raises(NotAllowedError, match="on record already"):
        people.record_clearance("anna", clearance(clock), why="letter", caregiver=carla)


def test_a_clearance_from_the_future_or_from_the_past_is_refused(people, carla, clock):
    today_s = clock.wall_s // DAY_S * DAY_S
    late = clearance(clock, given_s=today_s + 2 * DAY_S)
    with pytest.raises(NotAllowedError, match="future"):
        people.record_clearance("anna", late, why="letter", caregiver=carla)
    old = clearance(clock, given_s=today_s - 90 * DAY_S, expires_s=today_s)
    with pytest.raises(NotAllowedError, match="expired"):
        people.record_clearance("anna", old, why="letter", caregiver=carla)
    assert people.get("anna").clearances == (AGREED,)


# Forgetting.


def test_forgetting_needs_a_caregiver_and_nothing_that_still_counts(people, carla, store, clock):
    with pytest.raises(AuthError):
        people.forget("anna", caregiver=None)
    hold_session(store, clock, follow_up_s=())
    with pytest.raises(NotAllowedError, match="counts towards the limits until"):
        people.forget("anna", caregiver=carla)
    clock.wall_s += 9 * DAY_S
    people.forget("anna", caregiver=carla)
    assert people.names() == ()


def test_every_field_that_may_be_loosened_has_words():
    assert set(service._WORDS) == {field.name for field in fields(Person)}


def test_severity_is_raised_by_anyone(people):
    worse = replace(ANNA, conditions={**ANNA.conditions, Region.LUMBAR: Severity.SEVERE})
    people.change(ANNA, worse, why="new scan", caregiver=None)
    assert people.get("anna").worst is Severity.SEVERE
