"""The back for a page: read back as XML; each mark has its words, and rings lie where the device is."""

from xml.etree import ElementTree as ET

import pytest

from massager.drawing import Mark, back, key, mark
from massager.model.preview import Patch
from massager.texts import LANGUAGES
from preview_rig import crowded, cushion, held, plain

ENGLISH = LANGUAGES["en"]
SVG = "{http://www.w3.org/2000/svg}"
MADE = [plain, crowded, cushion, held]


def drawn(text):
    return ET.fromstring(text)  # noqa: S314 - our own text


def written(page):
    return [" ".join("".join(part.itertext()).split()) for part in page.iter(f"{SVG}text")]


def box(page):
    left, top, width, height = map(float, page.get("viewBox").split())
    return left, top, left + width, top + height


@pytest.mark.parametrize("made", MADE)
def test_every_letter_and_number_on_it_is_in_the_list_beside_it_and_the_other_way_round(made):
    marks = {
        text for text in written(drawn(back(made(), ENGLISH))) if text not in {"left side", "right side"}
    }
    places, closed = key(made(), ENGLISH)[:2]
    listed = {
        line.partition(".")[0] for line in (*places.lines, *closed.lines) if line.partition(".")[0].isalnum()
    }
    assert marks == {one for one in listed if len(one) <= 2}
    assert {one for one in marks if one.isdigit()} == {str(n + 1) for n in range(len(closed.lines))}
    assert {one for one in marks if one.isalpha()} == {chr(65 + n) for n in range(len(made().visits))}


@pytest.mark.parametrize("made", MADE)
def test_it_says_in_words_what_it_shows_and_needs_nothing_from_elsewhere(made):
    text = back(made(), ENGLISH)
    page = drawn(text)
    assert page.get("role") == "img"
    told = page.find(f"{SVG}desc").text
    for section in key(made(), ENGLISH)[:2]:
        for line in section.lines:
            assert line in told
    assert text.count("http") == 1
    assert "style=" not in text
    assert "href" not in text


@pytest.mark.parametrize("made", MADE)
def test_what_is_marked_lies_within_the_picture_and_is_large_enough_to_read(made):
    page = drawn(back(made(), ENGLISH))
    left, top, right, bottom = box(page)
    for part in page.iter(f"{SVG}text"):
        x, y, size = (float(part.get(name)) for name in ("x", "y", "font-size"))
        assert left < x < right
        assert top < y < bottom
        # On a phone the picture is about 350 px wide.
        assert size * 350 / (right - left) >= 20, written(page)


def test_the_device_is_drawn_where_it_is_and_apart_while_it_presses():
    patches = (Patch("roller_left", 3, 800_000, -50), Patch("roller_right", 0, 800_000, 50))
    marks = [mark(patch, plain().column_mm) for patch in patches]
    page = drawn(back(plain(), ENGLISH, marks=marks))
    live = {part.get("data-mark"): part for part in page.iter(f"{SVG}g") if part.get("class") == "live"}
    assert live["roller_left"].get("data-presses") == "true"
    assert live["roller_right"].get("data-presses") == "false"
    for one in marks:
        assert live[one.name].get("transform") == f"translate({one.x} {one.y})"
    assert marks[0].x < marks[1].x
    assert marks[0].y == marks[1].y
    assert mark(Patch("roller_left", 3, 900_000, -50), plain().column_mm).y > marks[0].y


def test_an_actuator_that_nobody_knows_the_place_of_is_there_for_a_script_and_out_of_sight():
    page = drawn(back(cushion(), ENGLISH))
    names = [part.get("data-mark") for part in page.iter(f"{SVG}g") if part.get("class") == "live"]
    assert names == [actuator.name for actuator in cushion().actuators]
    left, top, _right, _bottom = box(page)
    for part in page.iter(f"{SVG}g"):
        if part.get("class") == "live":
            x, y = map(float, part.get("transform").removeprefix("translate(").removesuffix(")").split())
            assert x < left - 100
            assert y < top - 100


@pytest.mark.parametrize("along_ppm", [0, 500_000, 1_000_000])
def test_a_target_is_in_the_middle_of_what_is_shown_of_the_back(along_ppm):
    target = mark(Patch("target", 0, along_ppm, -70), held().column_mm)
    page = drawn(back(held(), ENGLISH, target=target))
    left, top, right, bottom = box(page)
    assert left < target.x < right
    assert top < target.y < bottom
    assert bottom - top < 700
    assert [part for part in page.iter(f"{SVG}g") if part.get("class") == "target"]


def test_a_mark_knows_whether_it_presses():
    assert mark(Patch("a", 1, 0, 0), 700) == Mark(
        "a", mark(Patch("a", 0, 0, 0), 700).x, mark(Patch("a", 0, 0, 0), 700).y, presses=True
    )
