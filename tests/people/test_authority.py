"""What loosens: the rule of each field, and a second, slower picture of what a person may."""

from dataclasses import fields, replace
from types import MappingProxyType

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from massager.model.body import VERTEBRA_SPANS_PPM, Region, Zone
from massager.model.ceilings import Clearance, Modality, Severity
from massager.model.people import DAY_MIN, Modifier, Person, StrengthLimit
from massager.safety.authority import loosened
from people_rig import AGREED, ANNA, OPERATED, SCAR, TOO_STRONG
from people_samples import DAY_S, PROGRAMS, people

LANDMARKS = ANNA.calibrations["chair"]
CHILD = replace(ANNA, born=2015)
# The whole spine is closed to her until somebody says where she was operated on.
CLOSED = replace(ANNA, modifiers=frozenset({Modifier.SURGERY_OLDER}))
PLACED = replace(CLOSED, keep_outs=(SCAR, OPERATED))
NIGHT = replace(ANNA, hours=(20 * 60, 9 * 60))
TALL = replace(ANNA, stature_mm=1750)

LOOSER = [
    (ANNA, "conditions", MappingProxyType({Region.LUMBAR: Severity.MILD, Region.THORACIC: Severity.MILD})),
    (ANNA, "conditions", MappingProxyType({Region.LUMBAR: Severity.MODERATE})),
    (replace(ANNA, conditions={}), "conditions", MappingProxyType({Region.LUMBAR: Severity.SEVERE})),
    (ANNA, "conditions", {**ANNA.conditions, Region.CERVICAL: Severity.SEVERE}),
    (replace(ANNA, attested=False), "attested", True),
    (ANNA, "calibrations", {"chair": replace(LANDMARKS, error_mm=10)}),
    (ANNA, "calibrations", {"chair": replace(LANDMARKS, error_mm=30)}),
    (ANNA, "calibrations", {"chair": LANDMARKS, "bed": LANDMARKS}),
    (ANNA, "born", 1951),
    (replace(ANNA, born=None), "born", 1930),
    (replace(ANNA, born=2008), "born", 2006),
    (CHILD, "born", 1980),
    (CHILD, "born", None),
    (TALL, "stature_mm", None),
    (TALL, "stature_mm", 1760),
    (TALL, "stature_mm", 1740),
    (ANNA, "modifiers", frozenset()),
    (ANNA, "modifiers", frozenset({Modifier.OSTEOPENIA})),
    (ANNA, "keep_outs", ()),
    (ANNA, "keep_outs", (replace(SCAR, right_mm=59),)),
    (ANNA, "keep_outs", (replace(SCAR, left_mm=-19),)),
    (ANNA, "keep_outs", (replace(SCAR, span_ppm=VERTEBRA_SPANS_PPM["L2"]),)),
    (ANNA, "keep_outs", (replace(SCAR, span_ppm=VERTEBRA_SPANS_PPM["L3"]),)),
    (ANNA, "clearances", (AGREED, replace(AGREED, region=Region.CERVICAL))),
    (ANNA, "clearances", (replace(AGREED, expires_s=AGREED.expires_s + 1),)),
    (ANNA, "clearances", (replace(AGREED, given_s=AGREED.given_s - 1),)),
    (ANNA, "clearances", (replace(AGREED, provider="Dr Bell"),)),
    (ANNA, "clearances", (replace(AGREED, code=Clearance.C),)),
    (ANNA, "clearances", (replace(AGREED, modality=Modality.VIBRATION),)),
    (ANNA, "zone_permille", {}),
    (ANNA, "zone_permille", {Zone.L1_L3: 201}),
    (ANNA, "zone_permille", {Zone.L4_S1: 100}),
    (ANNA, "session_min", 9),
    (ANNA, "session_min", None),
    (ANNA, "programs", None),
    (ANNA, "programs", frozenset(PROGRAMS)),
    (ANNA, "programs", frozenset({"paraspinal-sweep"})),
    (ANNA, "hours", None),
    (ANNA, "hours", (9 * 60 - 1, 20 * 60)),
    (ANNA, "hours", (9 * 60, 20 * 60 + 1)),
    (ANNA, "hours", (9 * 60, 1)),
    (NIGHT, "hours", (20 * 60 - 1, 9 * 60)),
    (NIGHT, "hours", (20 * 60, 9 * 60 + 1)),
    (NIGHT, "hours", (9 * 60, 20 * 60)),
    (NIGHT, "hours", (0, 9 * 60 + 1)),
    (replace(ANNA, hours=(600, 600)), "hours", (600, 601)),
    (CLOSED, "keep_outs", (SCAR, OPERATED)),
    (CLOSED, "keep_outs", (replace(SCAR, name=Modifier.SURGERY_OLDER),)),
    (PLACED, "keep_outs", (SCAR, replace(OPERATED, span_ppm=VERTEBRA_SPANS_PPM["L5"]))),
    (PLACED, "modifiers", frozenset()),
    (replace(ANNA, screened=False), "screened", True),
    (ANNA, "usual_pain", 3),
    (ANNA, "strength_limits", ()),
    (ANNA, "strength_limits", (replace(TOO_STRONG, permille=401),)),
    (ANNA, "strength_limits", (replace(TOO_STRONG, for_sessions=3),)),
    (ANNA, "strength_limits", (replace(TOO_STRONG, after_sessions=2),)),
    (ANNA, "strength_limits", (replace(TOO_STRONG, after_sessions=4),)),
    (ANNA, "strength_limits", (replace(TOO_STRONG, too_strong=False),)),
    (ANNA, "remote", True),
]
TIGHTER = [
    (ANNA, "conditions", {Region.LUMBAR: Severity.SEVERE, Region.THORACIC: Severity.MILD}),
    (ANNA, "attested", False),
    (ANNA, "calibrations", {}),
    (ANNA, "born", 1949),
    (replace(ANNA, born=2007), "born", 2006),
    (ANNA, "born", None),
    (ANNA, "stature_mm", 1750),
    (ANNA, "stature_mm", 1200),
    (TALL, "stature_mm", 1750),
    (ANNA, "modifiers", frozenset(Modifier)),
    (ANNA, "keep_outs", (SCAR, SCAR)),
    (ANNA, "keep_outs", (replace(SCAR, name="old scar", left_mm=-30),)),
    (ANNA, "clearances", ()),
    (ANNA, "clearances", (replace(AGREED, expires_s=AGREED.expires_s - 1),)),
    (ANNA, "zone_permille", {Zone.L1_L3: 200, Zone.L4_S1: 1000}),
    (ANNA, "zone_permille", {Zone.L1_L3: 0}),
    (ANNA, "session_min", 7),
    (replace(ANNA, session_min=None), "session_min", 60),
    (ANNA, "programs", frozenset()),
    (replace(ANNA, programs=None), "programs", frozenset(PROGRAMS)),
    (ANNA, "hours", (9 * 60 + 1, 20 * 60 - 1)),
    (replace(ANNA, hours=None), "hours", (20 * 60, 9 * 60)),
    (NIGHT, "hours", (21 * 60, 24 * 60)),
    (NIGHT, "hours", (20 * 60, 24 * 60)),
    (NIGHT, "hours", (0, 9 * 60)),
    (replace(ANNA, hours=(0, 24 * 60)), "hours", None),
    (ANNA, "keep_outs", (SCAR, OPERATED)),
    (replace(ANNA, keep_outs=(SCAR, OPERATED)), "modifiers", PLACED.modifiers | ANNA.modifiers),
    (PLACED, "keep_outs", (SCAR, replace(OPERATED, span_ppm=(0, OPERATED.span_ppm[1])))),
    (PLACED, "keep_outs", (SCAR, replace(OPERATED, name="spine"))),
    (ANNA, "screened", False),
    (replace(ANNA, screened=False), "usual_pain", 0),
    (replace(ANNA, attested=False), "usual_pain", 0),
    (replace(ANNA, born=None), "usual_pain", 0),
    (ANNA, "usual_pain", 0),
    (ANNA, "strength_limits", (TOO_STRONG, StrengthLimit(0, 9, 1, too_strong=False))),
    (ANNA, "strength_limits", (replace(TOO_STRONG, permille=0, for_sessions=5),)),
    (
        replace(ANNA, strength_limits=(replace(TOO_STRONG, too_strong=False),)),
        "strength_limits",
        (StrengthLimit(400, 4, 3, too_strong=True),),
    ),
    (replace(ANNA, remote=True), "remote", False),
]


@pytest.mark.parametrize(("old", "field", "value"), LOOSER)
def test_what_may_permit_more_is_named_and_nothing_else(old, field, value):
    assert loosened(old, replace(old, **{field: value})) == (field,)


@pytest.mark.parametrize(("old", "field", "value"), TIGHTER)
def test_what_surely_permits_no_more_needs_nobody(old, field, value):
    assert loosened(old, replace(old, **{field: value})) == ()


def test_a_new_person_loosens_everything_and_every_field_has_a_rule():
    assert loosened(None, ANNA) == tuple(field.name for field in fields(Person))


def test_a_condition_that_comes_with_its_place_needs_nobody():
    placed = replace(ANNA, modifiers=ANNA.modifiers | PLACED.modifiers, keep_outs=PLACED.keep_outs)
    assert loosened(ANNA, placed) == ()


def test_another_name_loosens():
    assert loosened(ANNA, replace(ANNA, name="bert")) == ("name",)


@given(people())
def test_leaving_a_person_alone_loosens_nothing(person):
    assert loosened(person, person) == ()


@given(people(), people())
def test_several_loosened_fields_are_those_loosened_one_by_one(old, new):
    one_by_one = [
        field.name
        for field in fields(Person)
        if loosened(old, replace(old, **{field.name: getattr(new, field.name)}))
    ]
    assert loosened(old, new) == tuple(one_by_one)


@given(people(), people(), people())
def test_two_steps_that_loosen_nothing_make_a_way_that_loosens_nothing(first, second, third):
    # Field by field, since whole people that differ are seldom tighter in every field.
    for field in fields(Person):
        middle = replace(first, **{field.name: getattr(second, field.name)})
        last = replace(first, **{field.name: getattr(third, field.name)})
        if not loosened(first, middle) and not loosened(middle, last):
            assert not loosened(first, last), field.name


# A second picture of what a person may, by trying: which of many wishes does the record not forbid?

# docs/questions.md, before the first session: the conditions that have a place on the back.
PLACES = {"surgery-6-to-12-weeks", "surgery-older", "stimulator-or-pump", "fracture-recent", "cancer"}


def by_diagnosis(person):
    if not person.conditions:
        return
    # Another safety profile fits other regions, and may open any of them.
    yield "profile", frozenset(person.conditions)
    for region in Region:
        recorded = person.conditions.get(region)
        yield from (("row", region, row) for row in Severity if row >= (recorded or Severity.MILD))
    if person.attested:
        yield "attested", True
    yield from ((modifier, "unhindered") for modifier in Modifier if modifier not in person.modifiers)


def by_age(person):
    for year in range(2026, 2090):
        age = 120 if person.born is None else year - person.born
        if age > 18:
            most = 60 if age >= 75 else 80 if age >= 65 else 100
            yield from ((year, percent) for percent in (60, 80, 100) if percent <= most)


def by_place(person):
    yield from person.calibrations.items()
    named = {out.name for out in person.keep_outs}
    if (PLACES & person.modifiers) - named:
        return
    for ppm in range(0, 1_000_000, 10_000):
        for lateral in range(-105, 110, 10):
            if not any(
                out.span_ppm[0] <= ppm < out.span_ppm[1] and out.left_mm <= lateral <= out.right_mm
                for out in person.keep_outs
            ):
                yield ppm, lateral


def by_stature(person):
    # docs/limits.md, body map.
    for apart_mm in range(358, 610):
        if person.stature_mm is None or 229 <= 1000 * apart_mm / person.stature_mm <= 335:
            yield "apart", apart_mm


def by_clearance(person):
    # Around the days of the drawn people's clearances, and of anna's.
    for day in (*range(19_999, 20_005), 20_200, 20_360, 20_769, 20_770, 20_949, 20_950):
        for one in person.clearances:
            if one.given_s <= day * DAY_S < one.expires_s:
                yield day, one.code, one.region, one.modality


def by_caregiver(person):
    for zone in Zone:
        most = person.zone_permille.get(zone, 1000)
        yield from ((zone, permille) for permille in (0, 50, 200, 201, 1000) if permille <= most)
    longest = person.session_min or 100
    yield from (("minutes", minutes) for minutes in range(1, 20) if minutes <= longest)
    yield from (("program", name) for name in PROGRAMS if person.programs is None or name in person.programs)


def by_time(person):
    begin, end = person.hours or (0, DAY_MIN)
    for minute in range(DAY_MIN):
        if begin <= minute < end if begin < end else not end <= minute < begin:
            yield "at", minute


def by_comfort(person):
    if person.screened:
        yield "screened", True
    if person.remote:
        yield "asked from elsewhere", True
    yield from (("pain", pain) for pain in range(11) if pain < person.usual_pain + 2)
    for sessions in range(12):
        limits = [one for one in person.strength_limits if sessions < one.after_sessions + one.for_sessions]
        most = min((one.permille for one in limits), default=1000)
        yield from ((sessions, permille) for permille in (0, 225, 400, 401, 500, 1000) if permille <= most)
        if not any(one.too_strong and one.after_sessions == sessions for one in limits):
            yield sessions, "not too strong"


PICTURE = (by_diagnosis, by_age, by_place, by_stature, by_clearance, by_caregiver, by_time, by_comfort)


def allowed(person: Person) -> set[object]:
    return {wish for part in PICTURE for wish in part(person)}


@st.composite
def pairs(draw):
    """A person and what somebody made of the record: one to three fields differ."""
    old, other = draw(people()), draw(people())
    changed = draw(st.sets(st.sampled_from([field.name for field in fields(Person)]), min_size=1, max_size=3))
    return old, replace(old, **{name: getattr(other, name) for name in changed})


@given(pairs())
@example((CHILD, replace(CHILD, born=1980)))
@example((CHILD, replace(CHILD, born=None)))
def test_whoever_is_not_loosened_may_nothing_that_was_forbidden(pair):
    old, new = pair
    if not loosened(old, new):
        assert allowed(new) <= allowed(old)


def test_the_second_picture_sees_every_field():
    seen = {field for old, field, value in LOOSER if allowed(replace(old, **{field: value})) - allowed(old)}
    assert seen == {field.name for field in fields(Person)} - {"name"}
