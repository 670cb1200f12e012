"""What age, conditions and first sessions leave, and the clearances that hold."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governor_rig import envelope
from massager.model.body import Region
from massager.model.ceilings import Clearance, Modality
from massager.model.decisions import Cap, Reason, Refusal, Source
from massager.model.people import Modifier, ProviderClearance
from massager.safety.conditions import Share
from massager.safety.interlocks import PERSON, Applicant, first_refusal
from massager.safety.today import today
from samples import chair, demo, history, well


def share(person, known):
    return today(person, known, well()).share


def cleared(person, now_s):
    return today(person, history(now_s=now_s), well()).cleared


DAY_S = 24 * 3600
NOW_S = 1_800_000_000
AT = {"first_mm": 470, "last_mm": 470, "nearest_mm": 50, "farthest_mm": 50}


@pytest.mark.parametrize(
    ("changes", "known", "expected"),
    [
        ({}, {}, Share(1000, 1000)),
        ({"born": 1963}, {}, Share(1000, 1000)),
        ({"born": 1962}, {}, Share(800, 800)),
        ({"born": 1953}, {}, Share(800, 800)),
        ({"born": 1952}, {}, Share(600, 600)),
        ({"born": None}, {}, Share(600, 600)),
        ({"modifiers": frozenset({Modifier.OSTEOPENIA})}, {}, Share(500, 500)),
        ({"modifiers": frozenset({Modifier.HYPERTENSION, Modifier.DIABETES})}, {}, Share(640, 640)),
        ({}, {"sessions_ever": 1}, Share(600, 500)),
        ({}, {"after_lockout": True}, Share(600, 500)),
        ({"born": 1952}, {"sessions_ever": 0}, Share(360, 300)),
        ({"born": 2010}, {}, Share(1000, 1000)),
    ],
)
def test_what_is_left(changes, known, expected):
    known = {"year": 2027} | known
    if changes.get("born") == 2010:
        known["year"] = 2029
    assert share(demo(**changes), history(**known)) == expected


@pytest.mark.parametrize(("born", "oldest"), [(None, True), (1951, True), (1952, True), (1953, False)])
def test_the_oldest_are_those_of_75_and_those_whose_age_nobody_knows(born, oldest):
    assert today(demo(born=born), history(year=2027), well()).oldest is oldest


@pytest.mark.parametrize("born", [2009, 2010, 2027, 2030])
def test_nobody_who_may_be_under_18(born):
    applicant = Applicant(demo(born=born), history(year=2027), well())
    assert first_refusal(PERSON, applicant) == Refusal(Reason.UNDER_AGE)


def test_whoever_turns_19_this_year_is_surely_18():
    assert first_refusal(PERSON, Applicant(demo(born=2008), history(year=2027), well())) is None


@given(
    st.frozensets(st.sampled_from(Modifier)),
    st.one_of(st.none(), st.integers(1900, 2008)),
    st.integers(0, 5),
    st.booleans(),
)
def test_what_is_left_is_never_more_than_the_whole_nor_grows_with_a_condition(
    modifiers, born, sessions, after
):
    known = history(sessions_ever=sessions, after_lockout=after, year=2027)
    left = share(demo(modifiers=modifiers, born=born), known)
    assert 0 <= left.strength_permille <= 1000
    assert 0 <= left.time_permille <= 1000
    for modifier in Modifier:
        more = share(demo(modifiers=modifiers | {modifier}, born=born), known)
        assert more.strength_permille <= left.strength_permille
        assert more.time_permille <= left.time_permille


def test_the_share_holds_for_level_force_zone_and_spot():
    left, whole = envelope(share=Share(600, 500)), envelope()
    roller = chair().actuators[0]
    assert whole.cap(roller, **AT) == Cap(10, Source.CEILING)
    assert left.cap(roller, **AT) == Cap(6, Source.MODIFIERS)
    assert left.force_n(roller, 470) == 24
    limits = left.limits(Region.LUMBAR, roller)
    assert (limits.zone_ms, limits.spot_ms) == (120_000, 15_000)
    assert {row.level_max for row in left.rows(50) if row.region is Region.LUMBAR} == {6}


def test_less_than_a_twentieth_of_the_range_counts_as_blocked():
    roller = chair().actuators[0]
    assert envelope(share=Share(100, 500)).cap(roller, **AT) == Cap(1, Source.MODIFIERS)
    refused = Refusal(Reason.MODIFIERS, Region.LUMBAR)
    assert envelope(share=Share(99, 500)).cap(roller, **AT) == refused


def clearance(**changes):
    fields = {
        "code": Clearance.B,
        "provider": "Dr. Stone",
        "region": Region.LUMBAR,
        "modality": Modality.ROLLER,
        "given_s": NOW_S,
        "expires_s": NOW_S + 100 * DAY_S,
    }
    return ProviderClearance(**(fields | changes))


@pytest.mark.parametrize(
    ("at_s", "holds"),
    [(-1, False), (0, True), (100 * DAY_S - 1, True), (100 * DAY_S, False)],
)
def test_a_clearance_holds_from_its_day_until_it_expires(at_s, holds):
    person = demo(clearances=(clearance(),))
    expected = {(Region.LUMBAR, Modality.ROLLER, Clearance.B)} if holds else set()
    assert cleared(person, NOW_S + at_s) == expected


@pytest.mark.parametrize(
    ("severity", "code", "allowed"),
    [(2, Clearance.B, True), (2, Clearance.C, True), (3, Clearance.B, False), (3, Clearance.C, True)],
)
def test_a_clearance_opens_the_rows_of_its_code_and_no_others(severity, code, allowed):
    person = demo(conditions={Region.LUMBAR: severity})
    found = envelope(person=person, cleared=frozenset({(Region.LUMBAR, Modality.ROLLER, code)}))
    roller = chair().actuators[0]
    assert (not isinstance(found.limits(Region.LUMBAR, roller), Refusal)) is allowed
    elsewhere = envelope(person=person, cleared=frozenset({(Region.THORACIC, Modality.ROLLER, code)}))
    assert isinstance(elsewhere.limits(Region.LUMBAR, roller), Refusal)
    unattested = envelope(
        person=demo(conditions={Region.LUMBAR: severity}, attested=False), cleared=found.today.cleared
    )
    assert isinstance(unattested.limits(Region.LUMBAR, roller), Refusal)


def test_osteopenia_rules_percussion_out():
    person = demo(modifiers=frozenset({Modifier.OSTEOPENIA}))
    hammer = replace(chair().actuators[0], modality=Modality.PERCUSSION)
    assert envelope(person=person).limits(Region.LUMBAR, hammer) == Refusal(Reason.CONDITION, "osteopenia")


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"code": Clearance.A}, "B or C"),
        ({"code": Clearance.X}, "B or C"),
        ({"provider": " "}, "names the provider"),
        ({"expires_s": NOW_S}, "1 to 366 days"),
        ({"expires_s": NOW_S + 367 * DAY_S}, "1 to 366 days"),
        ({"code": Clearance.C, "expires_s": NOW_S + 185 * DAY_S}, "1 to 184 days"),
    ],
)
def test_an_odd_clearance_is_none(changes, text):
    with pytest.raises(ValueError, match=text):
        clearance(**changes)
