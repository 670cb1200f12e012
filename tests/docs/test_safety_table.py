"""SAFETY.md against the tree: what it names exists, and what trips is named."""

import re
from pathlib import Path

import pytest

from massager.model.decisions import Reason

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "SAFETY.md").read_text()
SOURCES = {path: path.read_text() for path in sorted((ROOT / "massager").rglob("*.py"))}

TESTS = {
    name
    for path in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"^\s*(?:async )?def (test_\w+)", path.read_text(), re.MULTILINE)
}


def trips() -> set[Reason]:
    """Reasons in the group of trips, and those that the code gives a trip."""
    decisions = (ROOT / "massager" / "model" / "decisions.py").read_text()
    group = decisions.partition("# trips")[2].partition("# ends")[0]
    names = set(re.findall(r"^\s+([A-Z_]+) = ", group, re.MULTILINE))
    for path, text in SOURCES.items():
        names |= set(re.findall(r"\b(?:Trip|_trip|_fail)\(\s*Reason\.([A-Z_]+)", text))
        if path.parts[-2:] == ("safety", "watch.py"):
            names |= set(re.findall(r"\bReason\.([A-Z_]+)", text))
    return {Reason[name] for name in names}


def rows(heading: str) -> list[list[str]]:
    chapter = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in chapter.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(test_\w+)`", PAGE))))
def test_every_test_that_is_named_exists(name):
    assert name in TESTS


@pytest.mark.parametrize("place", sorted(set(re.findall(r"`(massager/[\w/]+\.py(?::\w+)?)`", PAGE))))
def test_every_control_that_is_named_exists(place):
    file, _, name = place.partition(":")
    assert (ROOT / file).is_file()
    assert not name or re.search(rf"\b(def|class) {name}\b", (ROOT / file).read_text())


@pytest.mark.parametrize("row", rows("1. Hazards"), ids=lambda row: row[0])
def test_every_hazard_has_a_control_an_invariant_and_a_test_or_says_that_there_is_none(row):
    _hazard, control, where, invariant, tests = row
    assert control
    assert re.search(r"`massager/[\w/]+\.py", where)
    assert invariant
    assert re.search(r"`test_\w+`", tests) or tests == "not yet"


def test_there_are_hazards_and_trips_to_look_at():
    assert len(rows("1. Hazards")) > 10
    assert Reason.STALE_READING in trips()
    assert Reason.FINISHED not in trips()


def test_the_table_of_trips_names_every_trip_once():
    named = [row[0].strip("`") for row in rows("2. Trips")]
    assert sorted(named) == sorted(trips())
