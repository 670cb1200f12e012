"""What loosens nothing permits no more: the rules of authority against the real limits of a day."""

from collections.abc import Mapping
from dataclasses import fields, replace
from functools import cache
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from massager.catalog import safety_profile_for
from massager.model.body import VERTEBRA_SPANS_PPM, ZONE_SPANS_PPM, Calibration, Region, Side, Zone
from massager.model.ceilings import Clearance, Modality, Severity
from massager.model.decisions import Cap, Refusal
from massager.model.people import WIDEST_MM, KeepOut, Modifier, Person, ProviderClearance, StrengthLimit
from massager.model.programs import SafetyProfile
from massager.model.questions import Answer, Question, Reaction, Screening
from massager.safety.authority import loosened
from massager.safety.conditions import EFFECTS
from massager.safety.envelope import Envelope
from massager.safety.interlocks import MATCH, PERSON, Applicant, Match, first_refusal
from massager.safety.today import today
from people_samples import DAY_S, people
from samples import chair, demo, history, roller, sweep

TODAY_S = 20_000 * DAY_S
WRITTEN = tuple(
    ProviderClearance(Clearance.C, "Dr Ames", region, modality, TODAY_S, TODAY_S + 100 * DAY_S)
    for region in Region
    for modality in Modality
)
FINE = Screening(
    answers=dict.fromkeys(Question, Answer.NO) | {Question.STOP_REACHABLE: Answer.YES},
    pain=2,
    skin=frozenset(),
    reaction=Reaction.NONE,
)
CHAIR = chair(
    actuators=tuple(
        roller(side, side, levels=100, force_dn_per_level=3, depth_dmm_per_level=1)
        for side in (Side.LEFT, Side.RIGHT)
    )
)


def profile_for(conditions: Mapping[Region, Severity]) -> SafetyProfile:
    return _profile_for(frozenset(conditions.items()))


@cache
def _profile_for(conditions: frozenset[tuple[Region, Severity]]) -> SafetyProfile:
    return safety_profile_for(dict(conditions))


def permitted(person: Person, pain: int, sessions_ever: int) -> dict[object, int]:
    """The level in every place, and the seconds, that a person has on a day; what is refused is 0."""
    past = history(now_s=TODAY_S + DAY_S, sessions_ever=sessions_ever)
    answers = replace(FINE, pain=pain)
    calibration = person.calibrations.get("chair")
    refusal = first_refusal(PERSON, Applicant(person, past, answers))
    if refusal is not None or calibration is None or not person.conditions:
        return {}
    envelope = Envelope(
        person=person,
        device=CHAIR,
        profile=profile_for(person.conditions),
        calibration=calibration,
        caller_permille=None,
        today=today(person, past, answers),
    )
    if MATCH["stature"](Match(envelope, sweep())) is not None:
        return {}
    found: dict[object, int] = {}
    for actuator in CHAIR.actuators:
        for zone in Zone:
            first_mm, last_mm = calibration.span_inside_mm(ZONE_SPANS_PPM[zone])
            for place_mm in (first_mm, (first_mm + last_mm) // 2, last_mm):
                cap = envelope.cap(
                    actuator, first_mm=place_mm, last_mm=place_mm, nearest_mm=55, farthest_mm=55
                )
                found[actuator.side, place_mm] = cap.level if isinstance(cap, Cap) else 0
        for region in Region:
            limits = envelope.limits(region, actuator)
            if not isinstance(limits, Refusal):
                found |= {
                    (region, "zone"): limits.zone_ms,
                    (region, "spot"): limits.spot_ms,
                    (region, "force"): limits.force_n,
                }
    return {wish: most for wish, most in found.items() if most > 0}


def more(old: Person, new: Person, pain: int, sessions_ever: int) -> dict[object, int]:
    """What the new record permits beyond the old one."""
    before = permitted(old, pain, sessions_ever)
    after = permitted(new, pain, sessions_ever)
    return {wish: most for wish, most in after.items() if most > before.get(wish, 0)}


# Somebody to whom much is allowed, so that most changes show.
WELL = demo(
    conditions=MappingProxyType({Region.LUMBAR: Severity.MILD}),
    calibrations=MappingProxyType({"chair": Calibration(40, 549, 10)}),
    clearances=WRITTEN,
    hours=None,
)
PLACE = KeepOut(Modifier.SURGERY_OLDER, VERTEBRA_SPANS_PPM["L5"], -WIDEST_MM, WIDEST_MM)
LATE = StrengthLimit(150, 3, 2, too_strong=True)
SOME = {
    "conditions": st.dictionaries(
        st.sampled_from(Region), st.sampled_from(list(Severity)[:2]), min_size=1, max_size=2
    ),
    "modifiers": st.frozensets(
        st.sampled_from([Modifier.SURGERY_OLDER, Modifier.CANCER, *Modifier]), max_size=2
    ),
    "keep_outs": st.lists(
        st.sampled_from([PLACE, replace(PLACE, name="scar"), replace(PLACE, name=Modifier.CANCER)]),
        max_size=2,
    ).map(tuple),
    "strength_limits": st.lists(
        st.sampled_from(
            [
                LATE,
                replace(LATE, permille=100),
                replace(LATE, too_strong=False),
                replace(LATE, for_sessions=3),
                replace(LATE, after_sessions=4),
            ]
        ),
        max_size=2,
    ).map(tuple),
    "usual_pain": st.integers(0, 5),
    "stature_mm": st.none() | st.sampled_from([1400, 1780]),
    "screened": st.just(True) | st.booleans(),
}
FIELDS = [field.name for field in fields(Person) if field.name not in {"name", "hours", "programs"}]


@st.composite
def pairs(draw) -> tuple[Person, Person]:
    """Somebody with a few fields of their own, and the same with one or two changed."""
    strange = people(name=st.just("demo"))

    def some(person: Person, least: int) -> Person:
        # Those above three times: their values are close to one another, so that a change shows.
        names = draw(st.sets(st.sampled_from([*SOME, *SOME, *FIELDS]), min_size=least, max_size=2))
        other = draw(strange)
        values = {name: draw(SOME[name]) if name in SOME else getattr(other, name) for name in sorted(names)}
        return replace(person, **values)

    old = some(WELL, 0)
    return old, some(old, 1)


@settings(max_examples=200, deadline=None)
@given(pairs(), st.integers(2, 6))
def test_what_loosens_nothing_permits_no_more_at_any_place(pair, sessions_ever):
    old, new = pair
    if not loosened(old, new):
        # The worst pain that is let pass.
        assert more(old, new, min(6, new.usual_pain + 1), sessions_ever) == {}


@pytest.mark.parametrize("modifier", Modifier)
def test_a_condition_more_permits_no_more_and_with_its_place_neither(modifier):
    with_it = replace(WELL, modifiers=frozenset({modifier}))
    placed = replace(with_it, keep_outs=(replace(PLACE, name=modifier),))
    for new in (with_it, placed):
        assert loosened(WELL, new) == ()
        assert more(WELL, new, 2, 5) == {}
    if EFFECTS[modifier].has_place:
        assert not any(isinstance(where, Side) for where, _what in permitted(with_it, 2, 5))
        assert loosened(with_it, placed) == ("keep_outs",)
        assert more(with_it, placed, 2, 5) != {}


@pytest.mark.parametrize(
    ("old", "new", "pain", "sessions_ever"),
    [
        ({"screened": False}, {"screened": True}, 2, 5),
        ({"usual_pain": 0}, {"usual_pain": 1}, 2, 5),
        ({"stature_mm": 1400}, {"stature_mm": None}, 2, 5),
        ({"stature_mm": 1400}, {"stature_mm": 1780}, 2, 5),
        ({"strength_limits": (LATE,)}, {"strength_limits": ()}, 2, 4),
        ({"strength_limits": (LATE,)}, {"strength_limits": (replace(LATE, permille=200),)}, 2, 4),
        ({"strength_limits": (LATE,)}, {"strength_limits": (replace(LATE, for_sessions=1),)}, 2, 4),
        ({"strength_limits": (LATE,)}, {"strength_limits": (replace(LATE, too_strong=False),)}, 2, 3),
        (
            {"conditions": {Region.LUMBAR: Severity.MILD}},
            {"conditions": {Region.LUMBAR: Severity.MILD, Region.CERVICAL: Severity.MILD}},
            2,
            5,
        ),
    ],
    ids=str,
)
def test_what_permits_more_is_seen_here_and_loosens(old, new, pain, sessions_ever):
    (field,) = new
    before, after = replace(WELL, **old), replace(WELL, **new)
    assert more(before, after, pain, sessions_ever)
    assert loosened(before, after) == (field,)
