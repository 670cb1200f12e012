"""Charts over sessions, days and places: read back; every value in words, and a gap is never a zero."""

from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massager.drawing import (
    DayWords,
    Minutes,
    Pains,
    PainWords,
    Place,
    PlaceWords,
    Strengths,
    StrengthWords,
    days,
    pains,
    places,
    strengths,
)

SVG = "{http://www.w3.org/2000/svg}"
STRENGTH = StrengthWords("Strength", "asked for", "allowed", "reported", "not recorded")
PAIN = PainWords("Pain", "before", "after", "not told")
DAY = DayWords("Minutes", "that day", "seven days", "limit: 45", "not known")
PLACE = PlaceWords("Places", "left", "right")
LIMIT = 45

share, pain, minutes = (st.none() | st.integers(0, most) for most in (100, 10, 45))
names = st.integers(1, 31).map(str)
drawings = st.one_of(
    st.lists(st.builds(Strengths, names, share, share, share), max_size=12).map(
        lambda found: strengths(found, STRENGTH)
    ),
    st.lists(st.builds(Pains, names, pain, pain), max_size=12).map(lambda found: pains(found, PAIN)),
    st.lists(st.builds(Minutes, names, minutes, minutes), max_size=28).map(
        lambda found: days(found, LIMIT, DAY)
    ),
    st.lists(st.builds(Place, names, st.integers(0, 45), st.integers(0, 45)), max_size=6).map(
        lambda found: places(found, PLACE)
    ),
)


def drawn(text):
    return ET.fromstring(text)  # noqa: S314 - our own text


def written(page):
    return [" ".join("".join(part.itertext()).split()) for part in page.iter(f"{SVG}text")]


def bars(page):
    """Without those of the key, which lies below the floor."""
    return [
        part
        for part in page.iter(f"{SVG}rect")
        if "bar" in str(part.get("fill")) and float(part.get("y")) < 330 and float(part.get("x")) > 60
    ]


def told(page):
    return page.find(f"{SVG}desc").text or ""


@given(drawings)
def test_all_of_it_lies_within_the_picture_is_large_enough_to_read_and_needs_nothing_from_elsewhere(text):
    page = drawn(text)
    width, height = map(float, page.get("viewBox").split()[2:])
    for part in page.iter(f"{SVG}text"):
        x, y, size = (float(part.get(name)) for name in ("x", "y", "font-size"))
        assert 0 <= x < width
        assert 20 < y < height, part.text
        # On a phone the picture is about 350 px wide.
        assert size * 350 / width >= 20
    for part in page.iter(f"{SVG}rect"):
        if part.get("x"):
            x, y, wide, high = (float(part.get(name)) for name in ("x", "y", "width", "height"))
            assert x >= 0
            assert y >= 0
            assert x + wide <= width
            assert y + high <= height
    assert page.get("role") == "img"
    assert text.count("http") == 1
    assert "style=" not in text
    assert "href" not in text


def test_charts_stand_on_one_page_without_sharing_a_name():
    drawn_ones = [strengths([], STRENGTH), pains([], PAIN), days([], LIMIT, DAY), places([], PLACE)]
    ids = [part.get("id") for text in drawn_ones for part in drawn(text).iter() if part.get("id")]
    assert len(ids) == len(set(ids)) == 12


def test_a_strength_that_nobody_recorded_is_a_gap_and_one_of_0_is_a_0():
    page = drawn(strengths([Strengths("1", 40, 40, None), Strengths("2", 40, 40, 0)], STRENGTH))
    assert bars(page) == []
    assert written(page).count("?") == 2, "the gap, and the key that explains it"
    assert written(page).count("0") == 2, "the floor's, and the session's"
    assert told(page) == (
        "1: reported: not recorded, allowed: 40, asked for: 40; 2: reported: 0, allowed: 40, asked for: 40"
    )


def test_strengths_are_as_high_as_they_are():
    page = drawn(strengths([Strengths("1", 60, 40, 30), Strengths("2", 60, 40, 15)], STRENGTH))
    first, second = (float(part.get("height")) for part in bars(page))
    assert first == pytest.approx(2 * second)
    lines = [part.get("d") for part in page.iter(f"{SVG}path") if part.get("stroke-width") == "8"]
    tops = {line.split()[0].partition(",")[2] for line in lines[:2]}
    assert len(tops) == 1
    floor = float(bars(page)[0].get("y")) + first
    assert (floor - float(*tops)) / first == pytest.approx(40 / 30, rel=0.01)


def test_pain_that_was_not_told_has_no_mark_and_no_line_to_it():
    def marks(*found):
        page = drawn(pains(found, PAIN))
        lines = [part for part in page.iter(f"{SVG}path") if part.get("stroke-width") == "3"]
        rings = len(list(page.iter(f"{SVG}circle"))) - 1
        blocks = len([part for part in page.iter(f"{SVG}rect") if part.get("width") == "20"]) - 1
        return rings, blocks, len(lines), written(page).count("?")

    assert marks(Pains("1", 3, 2)) == (1, 1, 1, 0)
    assert marks(Pains("1", 3, None)) == (1, 0, 0, 0)
    assert marks(Pains("1", None, 2)) == (0, 1, 0, 0)
    assert marks(Pains("1", None, None)) == (0, 0, 0, 2), "with the key's"
    assert marks(Pains("1", 0, 0)) == (1, 1, 1, 0), "0 is an answer"
    assert told(drawn(pains([Pains("1", 3, None)], PAIN))) == "1: before: 3, after: not told"


def test_days_that_nobody_knows_are_one_gap_through_which_no_line_runs():
    unknown = [Minutes(str(day), None, None) for day in (1, 2, 3)]
    known = [Minutes("4", 15, 15), Minutes("5", 0, 15)]
    page = drawn(days([*unknown, *known], LIMIT, DAY))
    assert len(bars(page)) == 1
    assert written(page).count("?") == 2, "the gap, and the key that explains it"
    (line,) = [
        part.get("d")
        for part in page.iter(f"{SVG}path")
        if part.get("stroke-width") == "6" and part.get("d").startswith("M") and "H" in part.get("d")
    ]
    assert line.count("M") == 1
    assert float(line[1:].partition(",")[0]) > 92 + 2.9 * (540 - 92) / 5
    assert told(page).startswith("limit: 45; 1: not known; 2: not known; 3: not known; 4: that day: 15")


def test_nothing_says_unknown_where_all_days_are_known():
    page = drawn(days([Minutes("4", 15, 15), Minutes("5", 0, 15)], LIMIT, DAY))
    assert "?" not in written(page)
    assert "not known" not in written(page)


def test_the_limit_is_within_the_chart_however_little_was_used():
    page = drawn(days([Minutes("4", 1, 1)], LIMIT, DAY))
    (limit, _key) = [part for part in page.iter(f"{SVG}path") if part.get("stroke-dasharray") == "16 8"]
    assert 30 <= float(limit.get("d").partition(",")[2].split()[0]) < 330


@pytest.mark.parametrize("count", [1, 7, 12, 14, 28])
def test_the_newest_always_has_its_name_and_no_name_lies_on_another(count):
    page = drawn(days([Minutes(str(day + 10), 0, 0) for day in range(count)], LIMIT, DAY))
    below = [part for part in page.iter(f"{SVG}text") if part.get("y") == "370"]
    assert below[-1].text == str(count + 9)
    places_x = [float(part.get("x")) for part in below]
    assert all(after - before >= 45 for before, after in pairwise(places_x))


def test_each_side_of_the_back_is_on_its_side_with_its_figure():
    page = drawn(places([Place("waist", 4, 8), Place("neck", 0, 0)], PLACE))
    left, right = [part for part in page.iter(f"{SVG}rect") if "bar" in str(part.get("fill"))]
    assert float(left.get("x")) + float(left.get("width")) == 280
    assert float(right.get("x")) == 280
    assert 2 * float(left.get("width")) == pytest.approx(float(right.get("width")))
    assert written(page) == ["left", "right", "waist", "4", "8", "neck", "0", "0"]
    assert told(page) == "waist: left: 4, right: 8; neck: left: 0, right: 0"
