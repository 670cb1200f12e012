"""Limits meet: no order, no repetition and no further bound ever makes more of them (INV-01, 02, 08, 23)."""

from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from massager.model.ceilings import Modality
from massager.model.decisions import Cap, Source
from massager.model.people import Modifier
from massager.safety.envelope import meet
from properties import algebra, tables
from properties.worlds import envelope_of, half_widths, worlds

QUICK = settings(deadline=None, max_examples=40)
STEP_MM = 3

caps = st.builds(Cap, st.integers(0, 255), st.sampled_from(Source))
several = st.lists(caps, min_size=1, max_size=5)
pressing = worlds(st.sampled_from([Modality.ROLLER, Modality.VIBRATION]))


@given(several, several, several)
def test_meeting_is_commutative_associative_and_idempotent(one, two, three):
    assert meet([*one, *two]) == meet([*two, *one])
    assert meet([meet([*one, *two]), *three]) == meet([*one, meet([*two, *three])])
    assert meet([*one, *one]) == meet(one) == meet([meet(one)])
    assert meet(one) in one


@QUICK
@given(worlds(), st.randoms(use_true_random=False), st.data())
def test_no_order_of_conditions_places_or_zones_changes_a_level(world, random, data):
    half_mm = data.draw(half_widths(world))
    other = algebra.shuffled(world, random)
    mine, theirs = envelope_of(world), envelope_of(other)
    assert algebra.everywhere(mine, half_mm, STEP_MM) == algebra.everywhere(theirs, half_mm, STEP_MM)
    assert sorted(map(str, mine.rows(half_mm))) == sorted(map(str, theirs.rows(half_mm)))


@QUICK
@given(worlds(), st.data())
def test_no_further_bound_raises_a_level_opens_a_place_or_lengthens_a_clock(world, data):
    half_mm = data.draw(half_widths(world))
    algebra.never_raises(world, data.draw(algebra.tighter(world)), half_mm, STEP_MM)


@settings(deadline=None)
@given(worlds(), st.sets(st.sampled_from(Modifier), max_size=6))
def test_what_is_left_of_strength_is_rounded_down_once(world, modifiers):
    several = replace(world, person=replace(world.person, modifiers=frozenset(modifiers)))
    assert envelope_of(several).today.share.strength_permille == 1000 * tables.strength(several)


@QUICK
@given(worlds(), st.data())
def test_no_level_is_above_what_the_tables_give(world, data):
    half_mm = data.draw(half_widths(world))
    algebra.table_agrees(world, half_mm, data.draw(st.lists(st.integers(0, 580), max_size=30)))


@QUICK
@given(worlds(), st.data())
def test_the_rows_of_a_permit_say_what_the_caps_say_but_for_a_millimetre(world, data):
    algebra.rows_agree(world, data.draw(half_widths(world)), STEP_MM)


@QUICK
@given(pressing, st.data())
def test_the_guardian_takes_every_permit_and_no_level_more(world, data):
    assume(algebra.guardian_agrees(world, data.draw(half_widths(world))))


@QUICK
@given(pressing, st.data())
def test_the_guardian_takes_the_permit_of_a_tightened_record_as_a_tighter_one(world, data):
    half_mm = data.draw(half_widths(world))
    after = data.draw(algebra.tighter(world, algebra.IN_A_SESSION))
    algebra.guardian_takes_it_as_tighter(world, after, half_mm)
