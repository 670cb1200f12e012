"""docs/screens.md shows every screen, as it is now; docs/usability.md names tests that there are."""

import re

import page_pictures

SHOWN = (page_pictures.ROOT / "docs/screens.md").read_text()
USED = (page_pictures.ROOT / "docs/usability.md").read_text()


def test_every_picture_is_on_the_page_once_and_in_words():
    shown = re.findall(r"!\[([^]]{10,})\]\(pictures/page/([^)]+)\)", SHOWN)
    assert sorted(file for _words, file in shown) == sorted(
        path.name for path in page_pictures.FOLDER.glob("*.png")
    )


def test_the_pictures_are_of_the_screens_as_they_are():
    made_of = page_pictures.MARK.read_text().strip()
    assert made_of == page_pictures.made_of(), "make pictures, and look at them"


def test_every_use_is_held_by_a_test_that_there_is():
    tests = "\n".join(path.read_text() for path in (page_pictures.ROOT / "tests").rglob("test_*.py"))
    named = re.findall(r"`(test_\w+)`", USED)
    assert len(named) > 12
    assert [name for name in named if f"def {name}(" not in tests] == []
