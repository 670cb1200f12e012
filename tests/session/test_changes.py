"""What a change of a record is said to loosen: neither more fields nor fewer than the rules say."""

from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given

from massager.model.body import VERTEBRA_SPANS_PPM, Region, Zone
from massager.model.people import Modifier, Person
from massager.safety.authority import loosened
from massager.session.changes import changes, mark_of, pieces
from massager.session.places import WITH_A_PLACE, place_named, place_of
from massager.session.strengths import region_of, strengths
from people_rig import ANNA, SCAR
from people_samples import people


@given(old=people(), new=people())
def test_the_fields_of_which_something_loosens_are_those_that_the_rules_name(old, new):
    new = replace(new, name=old.name)
    looser = {change.after.field for change in changes(old, new) if change.loosens}
    assert looser == set(loosened(old, new))


@given(old=people(), new=people())
def test_every_field_that_differs_is_among_the_changes_and_no_other(old, new):
    def sorted_out(person):
        return replace(person, keep_outs=tuple(sorted(person.keep_outs, key=lambda place: place.name)))

    old, new = sorted_out(old), replace(sorted_out(new), name=old.name)
    differing = {field for field in Person.__dataclass_fields__ if getattr(old, field) != getattr(new, field)}
    assert {change.after.field for change in changes(old, new)} == differing
    assert all(change.before.value != change.after.value for change in changes(old, new))


@given(old=people(), new=people())
def test_a_mark_tells_one_record_from_every_other(old, new):
    assert (mark_of(old) == mark_of(new)) == (replace(old, name="x") == replace(new, name="x"))


def test_each_zone_and_each_condition_is_told_apart():
    new = replace(
        ANNA,
        zone_permille=MappingProxyType({Zone.L1_L3: 300, Zone.L4_S1: 100}),
        modifiers=frozenset({Modifier.HYPERTENSION}),
    )
    found = {(change.after.key, change.after.value): change.loosens for change in changes(ANNA, new)}
    assert found == {
        (Zone.L1_L3, 300): True,
        (Zone.L4_S1, 100): False,
        (Modifier.DIABETES, False): True,
        (Modifier.HYPERTENSION, True): False,
    }


def test_a_place_that_grows_into_another_loosens_nothing():
    grown = replace(SCAR, name="back", left_mm=-400, right_mm=400)
    assert not any(change.loosens for change in changes(ANNA, replace(ANNA, keep_outs=(grown,))))
    assert any(change.loosens for change in changes(ANNA, replace(ANNA, keep_outs=())))


def test_the_record_in_pieces_has_all_fields_but_the_name():
    assert {piece.field for piece in pieces(ANNA)} == set(Person.__dataclass_fields__) - {"name"}


def test_a_place_of_an_operation_has_one_level_more_on_either_side():
    place = place_of(Modifier.SURGERY_OLDER, "L4", "L5")
    assert place.span_ppm == (VERTEBRA_SPANS_PPM["L3"][0], VERTEBRA_SPANS_PPM["S1"][1])
    place = place_of(Modifier.CANCER, "L4", "L5")
    assert place.span_ppm == (VERTEBRA_SPANS_PPM["L4"][0], VERTEBRA_SPANS_PPM["L5"][1])
    assert Modifier.CANCER in WITH_A_PLACE


@pytest.mark.parametrize(("first", "last"), [("L3", "L2"), ("X1", "L2"), ("L2", "")])
def test_a_place_lies_between_two_vertebrae_the_upper_one_first(first, last):
    with pytest.raises(ValueError, match=r"vertebra|keep-out"):
        place_named("scar", first, last, (-10, 10))
    with pytest.raises(ValueError, match=r"not in|keep-out"):
        place_of(Modifier.CANCER, first, last)


def test_what_a_diagnosis_leaves_is_never_above_what_is_built_in():
    for person in (ANNA, replace(ANNA, conditions=MappingProxyType({}))):
        found = strengths(person, None)
        for by_modality in found.by_region.values():
            for one in by_modality.values():
                assert (one.base_permille or 0) <= one.built_in_permille
    assert strengths(replace(ANNA, conditions=MappingProxyType({})), None).session_min is None


def test_every_zone_lies_in_a_region():
    assert [region_of(zone) for zone in Zone] == [
        Region.CERVICAL,
        *[Region.THORACIC] * 3,
        *[Region.LUMBAR] * 2,
    ]
