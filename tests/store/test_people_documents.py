"""A person as text: read back exactly, or not at all."""

import json
from dataclasses import replace
from itertools import combinations
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massager.model.body import COLUMN_PPM, LANDMARK_DISTANCE_MM, Calibration, Region, Zone
from massager.model.ceilings import Clearance, Modality, Severity
from massager.model.people import (
    CLEARANCE_LONGEST_S,
    WIDEST_MM,
    KeepOut,
    Modifier,
    Person,
    ProviderClearance,
    StrengthLimit,
)
from massager.store.documents import from_document, to_document
from samples import demo

whole = st.integers(-(2**31), 2**31)
spans = st.tuples(st.integers(0, COLUMN_PPM), st.integers(0, COLUMN_PPM)).filter(lambda s: s[0] < s[1])
widths = st.tuples(*[st.integers(-WIDEST_MM, WIDEST_MM)] * 2).filter(lambda w: w[0] < w[1])


@st.composite
def calibrations(draw) -> Calibration:
    c7_mm = draw(whole)
    return Calibration(c7_mm, c7_mm + draw(st.integers(*LANDMARK_DISTANCE_MM)), draw(st.integers(10, 99)))


@st.composite
def clearances(draw) -> ProviderClearance:
    code = draw(st.sampled_from(sorted(CLEARANCE_LONGEST_S)))
    given_s = draw(whole)
    return ProviderClearance(
        code=code,
        provider=draw(st.text(min_size=1).filter(str.strip)),
        region=draw(st.sampled_from(Region)),
        modality=draw(st.sampled_from(Modality)),
        given_s=given_s,
        expires_s=given_s + draw(st.integers(1, CLEARANCE_LONGEST_S[code])),
    )


@st.composite
def keep_outs(draw) -> KeepOut:
    return KeepOut(draw(st.text()), draw(spans), *draw(widths))


strength_limits = st.builds(
    StrengthLimit,
    permille=st.integers(0, 1000),
    after_sessions=st.integers(0, 2**31),
    for_sessions=st.integers(1, 2**31),
    too_strong=st.booleans(),
)


def frozen(keys, values):
    return st.dictionaries(keys, values).map(MappingProxyType)


persons = st.builds(
    Person,
    name=st.text(),
    conditions=frozen(st.sampled_from(Region), st.sampled_from(Severity)),
    attested=st.booleans(),
    calibrations=frozen(st.text(), calibrations()),
    born=st.none() | whole,
    stature_mm=st.none() | whole,
    modifiers=st.frozensets(st.sampled_from(Modifier)),
    keep_outs=st.lists(keep_outs()).map(tuple),
    clearances=st.lists(clearances()).map(tuple),
    zone_permille=frozen(st.sampled_from(Zone), whole),
    session_min=st.none() | whole,
    programs=st.none() | st.frozensets(st.text()),
    hours=st.none() | st.tuples(whole, whole),
    screened=st.booleans(),
    usual_pain=whole,
    strength_limits=st.lists(strength_limits).map(tuple),
    remote=st.booleans(),
)

FULL = demo(
    name="full",
    born=1960,
    stature_mm=1780,
    modifiers=frozenset({Modifier.DIABETES, Modifier.OSTEOPENIA}),
    keep_outs=(KeepOut("scar", (570_000, 600_000), -20, 60),),
    clearances=(
        ProviderClearance(
            Clearance.B, "Dr. Ada", Region.LUMBAR, Modality.ROLLER, 1_700_000_000, 1_700_086_400
        ),
    ),
    zone_permille=MappingProxyType({Zone.L1_L3: 200}),
    session_min=10,
    programs=frozenset({"gentle", "wave"}),
    hours=(540, 1230),
    strength_limits=(StrengthLimit(225, 7, 4, too_strong=True),),
    remote=True,
)


@given(persons)
def test_a_document_gives_back_the_person_it_was_made_from(person: Person) -> None:
    document = to_document(person)
    assert from_document(person.name, document) == person
    assert to_document(from_document(person.name, document)) == document


@given(persons, persons)
def test_two_people_have_one_document_only_if_they_differ_in_the_name_alone(one: Person, two: Person) -> None:
    assert (to_document(one) == to_document(two)) == (one == from_document(one.name, to_document(two)))


def _places(value, path=()):
    """Every place in a document, as the way to it."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from _places(inner, (*path, key))


def _wrong_documents():
    document = json.loads(to_document(FULL))
    for path in _places(document):
        for odd in (True, 1, 1.0, "odd", None, [], {}, [1], {"odd": 1}, float("nan"), "remove", "add"):
            wrong = {"root": json.loads(to_document(FULL))}
            inner = wrong
            way = ("root", *path)
            for key in way[:-1]:
                inner = inner[key]
            place = inner[way[-1]]
            if odd == "remove" and isinstance(inner, dict) and path:
                del inner[way[-1]]
            elif odd == "add" and isinstance(place, dict):
                place["odd"] = 1
            else:
                inner[way[-1]] = odd
            if "root" in wrong:
                yield path, odd, json.dumps(wrong["root"], sort_keys=True, separators=(",", ":"))


def test_a_document_with_anything_missing_odd_or_too_much_is_refused() -> None:
    tried = 0
    for path, odd, wrong in _wrong_documents():
        try:
            person = from_document("full", wrong)
        except ValueError:
            tried += 1
        else:
            # Another value of the right kind is another person, and no mistake.
            assert to_document(person) == wrong
            assert not isinstance(odd, float), path
    assert tried > 300


@pytest.mark.parametrize(
    ("good", "wrong"),
    [
        ('"attested":true', '"attested":1'),
        ('"attested":true', '"attested":null'),
        ('"born":1960', '"born":true'),
        ('"born":1960', '"born":1960.0'),
        ('"born":1960', '"born":"1960"'),
        ('"born":1960', '"born": 1960'),
        ('"born":1960,', ""),
        ('"born":1960', '"born":1960,"boss":1'),
        ('"born":1960', '"born":1980,"born":1960'),
        ('"lumbar":"mild"', '"lumbar":1'),
        ('"lumbar":"mild"', '"lumbar":"MILD"'),
        ('"lumbar":"mild"', '"tail":"mild"'),
        ('"modifiers":["diabetes"', '"modifiers":["diabetes","diabetes"'),
        ('"modifiers":["diabetes"', '"modifiers":["gout"'),
        ('"hours":[540,1230]', '"hours":[540]'),
        ('"hours":[540,1230]', '"hours":[540,1230,1]'),
        ('"hours":[540,1230]', '"hours":[540,true]'),
        ('"hours":[540,1230]', '"hours":"540"'),
        ('"programs":["gentle","wave"]', '"programs":["wave","gentle"]'),
        ('"programs":["gentle","wave"]', '"programs":"gentle"'),
        ('"zone_permille":{"L1-L3":200}', '"zone_permille":{"L1-L3":null}'),
        ('"zone_permille":{"L1-L3":200}', '"zone_permille":[]'),
        ('"left_mm":-20', '"left_mm":80'),
        ('"error_mm":10', '"error_mm":9'),
        ('"code":"B"', '"code":"A"'),
        ('"screened":true', '"screened":1'),
        ('"screened":true,', ""),
        ('"remote":true', '"remote":false'),
        ('"remote":true', '"remote":1'),
        ('"stature_mm":1780', '"stature_mm":null'),
        ('"stature_mm":1780', '"stature_mm":true'),
        ('"stature_mm":1780', '"stature_mm":1780.0'),
        ('"stature_mm":1780', '"stature_cm":178'),
        ('"usual_pain":2', '"usual_pain":"2"'),
        ('"usual_pain":2', '"usual_pain":2.0'),
        ('"usual_pain":2,', ""),
        ('"permille":225', '"permille":1001'),
        ('"for_sessions":4', '"for_sessions":0'),
        ('"too_strong":true', '"too_strong":null'),
        ('"after_sessions":7,', ""),
    ],
)
def test_a_document_that_was_not_written_so_is_refused(good: str, wrong: str) -> None:
    document = to_document(FULL)
    assert good in document
    with pytest.raises(ValueError, match=r".+"):
        from_document("full", document.replace(good, wrong))


def without(document: str, *keys: str) -> str:
    kept = {key: value for key, value in json.loads(document).items() if key not in keys}
    return json.dumps(kept, sort_keys=True, separators=(",", ":"))


ADDED = ("screened", "usual_pain", "strength_limits")
LATER = (*ADDED, "stature_mm", "remote")


@given(persons)
def test_a_document_of_an_earlier_version_is_of_the_same_person_not_screened(person: Person) -> None:
    old = without(to_document(person), *LATER)
    unscreened = replace(
        person, screened=False, usual_pain=0, strength_limits=(), stature_mm=None, remote=False
    )
    assert from_document(person.name, old) == unscreened


@pytest.mark.parametrize("lost", [keys for n in (1, 2) for keys in combinations(ADDED, n)], ids=" ".join)
def test_a_document_that_lacks_a_part_of_what_was_added_is_refused(lost: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="lacks"):
        from_document("full", without(to_document(FULL), *lost))


def test_a_document_that_says_no_stature_is_of_somebody_whose_stature_is_not_known() -> None:
    document = without(to_document(FULL), "stature_mm")
    unknown = replace(FULL, stature_mm=None)
    assert from_document("full", document) == unknown
    assert to_document(unknown) == document


def test_a_document_that_says_nothing_of_remote_control_is_of_somebody_without_it() -> None:
    document = without(to_document(FULL), "remote")
    assert from_document("full", document) == replace(FULL, remote=False)
    assert to_document(replace(FULL, remote=False)) == document


def test_an_earlier_document_with_something_too_much_is_refused() -> None:
    old = without(to_document(FULL), *LATER)
    assert from_document("full", old).hours == FULL.hours
    with pytest.raises(ValueError, match="too much"):
        from_document("full", old.replace('"attested":true', '"attested":true,"boss":1'))
    with pytest.raises(ValueError, match="lacks"):
        from_document("full", without(to_document(FULL), *ADDED))


@pytest.mark.parametrize("text", ["", "null", "[]", "{}", "1", '"x"', "{"])
def test_what_is_no_document_at_all_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        from_document("full", text)
