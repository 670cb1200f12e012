"""The picture as SVG: whole, by itself, readable without colours and without eyes."""

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from massager.drawing import sections, svg
from massager.drawing.strength import bands, strokes
from massager.model.body import Side
from massager.model.decisions import Reason, Source
from massager.model.people import Modifier
from massager.model.preview import Closed, LeftOut
from massager.texts import LANGUAGES
from preview_rig import crowded, cushion, held, plain

ENGLISH = LANGUAGES["en"]
SVG = "{http://www.w3.org/2000/svg}"
MADE = [plain, crowded, cushion, held]


def drawn(preview):
    return ET.fromstring(svg(preview, ENGLISH))  # noqa: S314 - our own text


def written(preview):
    """All that a reader sees, in lines as they are drawn and as one text."""
    texts = [" ".join(part.itertext()).split() for part in drawn(preview).iter(f"{SVG}text")]
    return " ".join(word for words in texts for word in words)


def desc(preview):
    return drawn(preview).find(f"{SVG}desc").text


@pytest.mark.parametrize("made", MADE)
def test_it_is_one_picture_with_a_title_and_a_description(made):
    page = drawn(made())
    assert page.tag == f"{SVG}svg"
    assert page.get("role") == "img"
    named = {part.get("id") for part in (page.find(f"{SVG}title"), page.find(f"{SVG}desc"))}
    assert set(page.get("aria-labelledby").split()) == named
    assert made().title in page.find(f"{SVG}title").text
    assert made().person in page.find(f"{SVG}title").text


@pytest.mark.parametrize("made", MADE)
def test_it_needs_nothing_from_elsewhere(made):
    text = svg(made(), ENGLISH)
    assert text.count("http") == 1  # the name of SVG itself
    assert 'xmlns="http://www.w3.org/2000/svg"' in text
    for forbidden in ("href", "<script", "<style", "<image", "@import", "data:", "javascript", "<foreign"):
        assert forbidden not in text, forbidden


@pytest.mark.parametrize("made", MADE)
def test_what_it_refers_to_is_in_it_once(made):
    page = drawn(made())
    ids = [part.get("id") for part in page.iter() if part.get("id")]
    assert len(ids) == len(set(ids))
    used = re.findall(r"url\(#([\w-]+)\)", svg(made(), ENGLISH))
    assert set(used) <= set(ids)
    assert len(used) == svg(made(), ENGLISH).count("url(")


@pytest.mark.parametrize("made", MADE)
def test_every_closed_place_is_drawn_and_named(made):
    page = drawn(made())
    hatched = [part for part in page.iter(f"{SVG}rect") if part.get("fill") == "url(#closed)"]
    # One more is in the legend.
    assert len(hatched) == len(made().closed) + 1
    for line in sections(made(), ENGLISH)[1].lines:
        label = line.partition(".")[0].lower()
        assert label in written(made()).lower(), label
        assert line in desc(made())


@pytest.mark.parametrize("made", MADE)
def test_all_of_it_is_told_in_words_too(made):
    told = desc(made())
    for section in sections(made(), ENGLISH):
        assert section.lines
        assert section.heading in told
        assert all(line in told for line in section.lines)
    for section in sections(made(), ENGLISH)[2:]:
        assert all(line in written(made()) for line in section.lines)
    for visit in made().visits:
        assert ENGLISH.zones[visit.zone] in written(made())
        assert f"strength up to {visit.reached}" in written(made())


@pytest.mark.parametrize("made", MADE)
def test_no_writing_is_small_or_off_the_page(made):
    page = drawn(made())
    _x, _y, width, height = map(float, page.get("viewBox").split())
    for part in page.iter(f"{SVG}text"):
        assert float(part.get("font-size")) >= 20
        for line in [part, *part]:
            assert 0 <= float(line.get("x")) <= width
            assert 0 < float(line.get("y")) < height
            wide = 0.57 * float(part.get("font-size")) * len(line.text or "")
            starts = {"end": -wide, "middle": -wide / 2}.get(part.get("text-anchor"), 0) + float(
                line.get("x")
            )
            assert starts >= 0, line.text
            assert starts + wide <= width, line.text


def test_patterns_differ_in_shape_and_not_in_colour_alone():
    page = drawn(cushion())

    def shape(pattern):
        return [
            (part.tag, [(key, of) for key, of in part.items() if key not in {"fill", "stroke"}])
            for part in pattern
        ]

    shapes = [shape(pattern) for pattern in page.iter(f"{SVG}pattern")]
    assert len(shapes) == 6
    assert all(one != other for n, one in enumerate(shapes) for other in shapes[:n])


def test_left_is_left():
    scar = next(one for one in crowded().closed if one.name == "scar")
    assert scar.right_mm < 0
    page = drawn(crowded())
    body = next(part for part in page.iter(f"{SVG}clipPath"))
    xs = [float(x) for x in re.findall(r"(-?\d+),-?\d+", body[0].get("d"))]
    middle = (min(xs) + max(xs)) / 2
    (group,) = [part for part in page.iter(f"{SVG}g") if part.find(f"{SVG}title").text == "scar"]
    rect = group.find(f"{SVG}rect")
    assert float(rect.get("x")) + float(rect.get("width")) < middle


def test_a_scar_changes_the_picture():
    without = replace(crowded(), closed=tuple(one for one in crowded().closed if one.name != "scar"))
    assert svg(without, ENGLISH) != svg(crowded(), ENGLISH)
    assert "scar" not in svg(without, ENGLISH)


@pytest.mark.parametrize("source", Source)
def test_whatever_holds_the_strength_is_named(source):
    clamps = (replace(plain().clamps[0], source=source),)
    preview = replace(plain(), clamps=clamps)
    assert ENGLISH.sources[source][1:] in written(preview)
    assert ENGLISH.sources[source][1:] in desc(preview)


@pytest.mark.parametrize("reason", Reason)
def test_whatever_closes_a_region_or_ends_it_early_is_told(reason):
    closed = (Closed("thoracic", reason, (176_000, 570_000), -500, 500),)
    left = (LeftOut(plain().visits[0].zone, reason),)
    preview = replace(plain(), closed=closed, left_out=left, ending=reason)
    if reason not in {Reason.KEEP_OUT_MIDLINE, Reason.CONDITION}:
        assert f"The upper and middle back. {ENGLISH.reasons[reason]}" in desc(preview)
    assert f"would be left out. {ENGLISH.reasons[reason]}" in desc(preview)
    assert (f"It would end early. {ENGLISH.reasons[reason]}" in desc(preview)) is (
        reason is not Reason.FINISHED
    )


@pytest.mark.parametrize("condition", Modifier)
def test_a_place_that_a_condition_closes_has_the_conditions_name(condition):
    place = Closed(condition, Reason.CONDITION, (600_000, 700_000), -500, 500)
    assert ENGLISH.condition_names[condition][1:] in desc(replace(plain(), closed=(place,)))


def test_a_name_with_signs_of_its_own_is_a_name():
    preview = replace(plain(), person='A<b>&"c', title="<script>")
    assert 'A<b>&"c' in drawn(preview).find(f"{SVG}title").text
    assert not list(drawn(preview).iter(f"{SVG}script"))


def test_the_back_shows_the_highest_strength_at_each_place():
    shown = [stroke for stroke in strokes(plain()) if stroke.right_mm < 0]
    assert {stroke.band.high for stroke in shown} == {8}
    lower = [stroke for stroke in strokes(crowded()) if stroke.to_ppm > 800_000]
    upper = [stroke for stroke in strokes(crowded()) if stroke.from_ppm < 600_000]
    assert max(stroke.band.high for stroke in lower) == 4
    assert max(stroke.band.high for stroke in upper) == 3


@pytest.mark.parametrize("highest", range(41))
def test_every_level_is_in_one_band(highest):
    levels = [level for band in bands(highest) for level in range(band.low, band.high + 1)]
    assert levels == list(range(1, highest + 1))
    assert len(bands(highest)) <= 4


def test_a_session_of_which_nothing_comes_is_drawn_too():
    nothing = replace(plain(), instants=(), visits=(), clamps=(), askings=())
    assert "It is never weaker" in written(nothing)
    assert "too short for a question" in written(nothing)


def test_a_device_that_nobody_measured_is_said_to_be_one():
    sentence = "Nobody has measured how hard or how fast this device works"
    assert sentence in written(replace(plain(), unmeasured=True))
    assert sentence not in written(plain())


def test_each_spot_that_a_hand_holds_has_the_letter_of_its_visit_beside_it():
    letters = [
        (part.text, float(part.get("x")), float(part.get("y")))
        for part in drawn(held()).iter(f"{SVG}text")
        if part.text in set("ABCD")
    ]
    # Beside the words, on the back, and above the chart.
    assert sorted(mark for mark, _x, _y in letters) == sorted("ABCD" * 3)
    on_the_back = {mark: x for mark, x, _y in letters if 420 < x < 850 and _y < 1500}
    lefts = {mark for mark, visit in zip("ABCD", held().visits, strict=True) if visit.side is Side.LEFT}
    assert max(on_the_back[mark] for mark in lefts) < min(
        x for mark, x in on_the_back.items() if mark not in lefts
    )
