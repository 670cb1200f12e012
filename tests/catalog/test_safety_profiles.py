"""Laws of the built-in safety profiles: what they state, alone and together, and who may switch them."""

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise, product
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massager import catalog
from massager.catalog.safety_profiles import tightest
from massager.model.body import Region
from massager.model.ceilings import CEILINGS, Clearance, Modality, Severity
from massager.model.programs import SafetyProfile
from massager.safety.authority import loosened
from samples import demo

Conditions = Mapping[Region, Severity]
Place = tuple[Region, Modality]
Figures = tuple[int, ...]

PLACES = tuple(product(Region, Modality))
NOTHING: Figures = (0, 0, 0, 0, 0)
PROFILES = {
    (region, severity): catalog.load_safety_profile(f"{severity.name.lower()}-{region}")
    for region, severity in product(Region, Severity)
}
# None, mild, moderate and severe in each of three regions.
DIAGNOSES = tuple(
    MappingProxyType({region: severity for region, severity in zip(Region, chosen, strict=True) if severity})
    for chosen in product((None, *Severity), repeat=3)
)
shipped = pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda profile: profile.name)


@cache
def _made_for(conditions: tuple[tuple[Region, Severity], ...]) -> SafetyProfile:
    return catalog.safety_profile_for(dict(conditions))


def made_for(conditions: Conditions) -> SafetyProfile:
    return _made_for(tuple(sorted(conditions.items())))


def lower(one: Figures, other: Figures) -> Figures:
    return tuple(min(pair) for pair in zip(one, other, strict=True))


def stated(profile: SafetyProfile, place: Place) -> Figures:
    """What a profile says of a region and modality; nothing where it has no row."""
    row = profile.row(*place)
    if row is None:
        return NOTHING
    return (row.intensity_permille, row.force_n, row.zone_s, row.spot_s, profile.session_min)


def ceiling(conditions: Conditions, place: Place) -> Figures:
    row = CEILINGS[place[0], conditions.get(place[0], Severity.MILD), place[1]]
    return (row.intensity_permille, row.force_n, row.zone_s, row.spot_s, row.session_min)


def allowed(conditions: Conditions, place: Place) -> Figures:
    """What a person with a diagnosis gets at most, with every clearance there is."""
    if not conditions:
        return NOTHING
    return lower(stated(made_for(conditions), place), ceiling(conditions, place))


def opened(before: Conditions, after: Conditions) -> set[Place]:
    """Where the second diagnosis allows more than the first, in whatever figure."""
    return {
        place
        for place in PLACES
        if lower(allowed(after, place), allowed(before, place)) != allowed(after, place)
    }


def further() -> Iterator[tuple[Conditions, Region, Conditions]]:
    """Every diagnosis with one region more."""
    for before in DIAGNOSES:
        for region, severity in product(set(Region) - before.keys(), Severity):
            yield before, region, {**before, region: severity}


@shipped
def test_no_profile_states_more_than_the_ceiling_of_its_diagnosis(profile: SafetyProfile) -> None:
    places = [(row.region, row.modality) for row in profile.rows]
    for place in places:
        *found, _minutes = stated(profile, place)
        *most, _minutes = ceiling(profile.conditions, place)
        assert all(0 < figure <= highest for figure, highest in zip(found, most, strict=True))
    assert 0 < profile.session_min <= max(ceiling(profile.conditions, place)[-1] for place in places)


@shipped
def test_a_profile_has_a_row_for_all_that_is_not_blocked_and_the_neck_only_where_it_is_diagnosed(
    profile: SafetyProfile,
) -> None:
    neck = Region.CERVICAL
    assert {(row.region, row.modality) for row in profile.rows} == {
        (region, modality)
        for region, modality in PLACES
        if CEILINGS[region, profile.conditions.get(region, Severity.MILD), modality].clearance
        is not Clearance.X
        if region is not neck or neck in profile.conditions
    }


@shipped
def test_no_zone_takes_more_than_a_third_of_the_session(profile: SafetyProfile) -> None:
    assert all(3 * row.zone_s <= 60 * profile.session_min for row in profile.rows)


def test_in_the_region_of_its_diagnosis_a_profile_states_the_ceiling_itself() -> None:
    for (region, _severity), profile in PROFILES.items():
        for row in profile.rows:
            if row.region is region:
                place = (row.region, row.modality)
                assert stated(profile, place)[:4] == ceiling(profile.conditions, place)[:4]


@pytest.mark.parametrize("region", Region)
def test_a_stricter_profile_of_a_region_is_nowhere_looser_than_a_milder_one(region: Region) -> None:
    for milder, stricter in pairwise(Severity):
        loose, strict = PROFILES[region, milder], PROFILES[region, stricter]
        assert strict.session_min < loose.session_min
        for place in PLACES:
            assert lower(stated(strict, place), stated(loose, place)) == stated(strict, place)


def test_what_anybody_may_change_in_a_diagnosis_allows_nowhere_more() -> None:
    for before, after in product(DIAGNOSES, repeat=2):
        by_anybody = not loosened(demo(conditions=before), demo(conditions=after))
        assert by_anybody == (
            after.keys() == before.keys() and all(after[region] >= before[region] for region in before)
        )
        assert not (by_anybody and opened(before, after)), (dict(before), dict(after))


def test_a_caregiver_adds_a_region_to_a_diagnosis_whatever_its_severity() -> None:
    for before, _region, after in further():
        assert loosened(demo(conditions=before), demo(conditions=after)) == ("conditions",)


def test_a_further_region_opens_nothing_but_the_neck_where_the_neck_itself_is_added() -> None:
    seen = set()
    for before, region, after in further():
        if before:
            found = opened(before, after)
            assert found <= {(Region.CERVICAL, Modality.ROLLER), (Region.CERVICAL, Modality.VIBRATION)}
            assert not found or region is Region.CERVICAL
            seen |= {(after[region], modality) for _region, modality in found}
    assert seen == {
        (Severity.MILD, Modality.ROLLER),
        (Severity.MILD, Modality.VIBRATION),
        (Severity.MODERATE, Modality.VIBRATION),
    }


def test_a_neck_that_nobody_diagnosed_is_not_worked_on() -> None:
    for conditions in DIAGNOSES:
        if Region.CERVICAL not in conditions:
            assert all(allowed(conditions, (Region.CERVICAL, one)) == NOTHING for one in Modality)


def test_several_conditions_take_the_least_of_each_figure() -> None:
    conditions = {Region.LUMBAR: Severity.MODERATE, Region.CERVICAL: Severity.MILD}
    neck, low_back = PROFILES[Region.CERVICAL, Severity.MILD], PROFILES[Region.LUMBAR, Severity.MODERATE]
    both = made_for(conditions)
    assert (both.name, both.session_min) == ("mild-cervical + moderate-lumbar", 10)
    assert both.title == "Mild cervical stenosis + Moderate lumbar stenosis"
    assert both.conditions == conditions
    for place in PLACES:
        if place[0] is Region.CERVICAL:
            assert stated(both, place)[:4] == stated(neck, place)[:4]
        else:
            assert stated(both, place) == lower(stated(neck, place), stated(low_back, place))
    assert stated(both, (Region.THORACIC, Modality.ROLLER)) == (400, 32, 200, 25, 10)


def test_a_blocked_region_stays_blocked_beside_a_condition_whose_profile_has_rows_for_it() -> None:
    conditions = {Region.LUMBAR: Severity.SEVERE, Region.CERVICAL: Severity.MILD}
    both = made_for(conditions)
    assert both.row(Region.LUMBAR, Modality.PERCUSSION) is None
    assert PROFILES[Region.CERVICAL, Severity.MILD].row(Region.LUMBAR, Modality.PERCUSSION) is not None


def test_where_nobody_diagnosed_anything_every_profile_must_have_the_row() -> None:
    part, other = PROFILES[Region.CERVICAL, Severity.MILD], PROFILES[Region.LUMBAR, Severity.MILD]
    bare = SafetyProfile(
        name=other.name,
        title=other.title,
        conditions=other.conditions,
        session_min=other.session_min,
        rows=tuple(row for row in other.rows if row.region is Region.LUMBAR),
        profile_hash=other.profile_hash,
    )
    assert tightest([part, other]).row(Region.THORACIC, Modality.ROLLER) is not None
    assert tightest([part, bare]).row(Region.THORACIC, Modality.ROLLER) is None
    assert tightest([part, bare]).row(Region.LUMBAR, Modality.ROLLER) is not None


def test_every_diagnosis_has_one_profile_of_its_own() -> None:
    found = [made_for(conditions) for conditions in DIAGNOSES if conditions]
    assert [dict(profile.conditions) for profile in found] == [dict(one) for one in DIAGNOSES if one]
    assert len({profile.name for profile in found}) == len({profile.profile_hash for profile in found}) == 63


CHOSEN = st.dictionaries(st.sampled_from(Region), st.sampled_from(Severity), min_size=1).map(
    lambda conditions: [PROFILES[one] for one in conditions.items()]
)


@given(CHOSEN, st.data())
def test_the_tightest_of_several_depends_on_neither_order_nor_repetition(
    profiles: list[SafetyProfile], data: st.DataObject
) -> None:
    other_way = data.draw(st.permutations(profiles)) + data.draw(st.lists(st.sampled_from(profiles)))
    assert tightest(other_way) == tightest(profiles)


@given(CHOSEN)
def test_the_tightest_of_several_is_nowhere_looser_than_one_that_has_the_row(
    profiles: list[SafetyProfile],
) -> None:
    together = tightest(profiles)
    for place, one in product(PLACES, profiles):
        if one.row(*place) is not None:
            assert lower(stated(together, place), stated(one, place)) == stated(together, place)


@shipped
def test_the_tightest_of_one_is_that_one(profile: SafetyProfile) -> None:
    assert tightest([profile]) == tightest([profile, profile]) == profile
