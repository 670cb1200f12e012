"""SAFETY.md against the tree: from hazard to control to invariant to test, and back; and what trips is named.

The page is the one place of the trace. Whether the tests of an invariant go red without its control is for
the mutation run to find out.
"""

import re
from pathlib import Path

import pytest

from massager.model.decisions import Reason
from massager.safety.interlocks import MATCH, PERSON, PLAN
from massager.safety.state import MOTION

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "SAFETY.md").read_text()
SOURCES = {path: path.read_text() for path in sorted((ROOT / "massager").rglob("*.py"))}
INTERLOCKS = {"PERSON": PERSON, "MATCH": MATCH, "PLAN": PLAN, "MOTION": MOTION}

TESTS = {
    name
    for path in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"^\s*(?:async )?def (test_\w+)", path.read_text(), re.MULTILINE)
}


def trips() -> set[Reason]:
    """Reasons in the groups of trips and of what somebody says, and those that the code gives a trip."""
    decisions = (ROOT / "massager" / "model" / "decisions.py").read_text()
    group = decisions.partition("# trips")[2].partition("# ends")[0]
    names = set(re.findall(r"^\s+([A-Z_]+) = ", group, re.MULTILINE))
    for path, text in SOURCES.items():
        names |= set(re.findall(r"\b(?:(?:Trip|_fail|\.fail)\(\s*|reason = )Reason\.([A-Z_]+)", text))
        if path.parts[-2:] in {("safety", "watch.py"), ("session", "standing.py")}:
            names |= set(re.findall(r"\bReason\.([A-Z_]+)", text))
    return {Reason[name] for name in names}


def rows(heading: str) -> list[list[str]]:
    chapter = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in chapter.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


HAZARDS = {row[0]: row[1:] for row in rows("1. Hazards")}
INVARIANTS = {row[0]: row[1:] for row in rows("2. Invariants")}
CONTROLS = " ".join(row[2] for row in HAZARDS.values())


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(test_\w+)`", PAGE))))
def test_every_test_that_is_named_exists(name):
    assert name in TESTS


@pytest.mark.parametrize("place", sorted(set(re.findall(r"`(massager/[\w/]+\.py(?::\w+)?)`", PAGE))))
def test_every_control_that_is_named_exists(place):
    file, _, name = place.partition(":")
    assert (ROOT / file).is_file()
    assert not name or re.search(rf"\b(def|class) {name}\b", (ROOT / file).read_text())


def test_hazards_and_invariants_are_numbered_without_a_gap():
    assert list(HAZARDS) == [f"H{number:02}" for number in range(1, 34)]
    assert list(INVARIANTS) == [f"INV-{number:02}" for number in range(1, 45)]


@pytest.mark.parametrize("hazard", HAZARDS)
def test_every_hazard_has_a_control_and_an_invariant_or_says_why_not(hazard):
    words, control, where, invariants, left_over = HAZARDS[hazard]
    assert re.search(r"\(S[1-5]( to S[1-5])?\)$", words)
    assert control
    assert left_over
    assert re.search(r"`massager/[\w/]+\.py", where)
    assert re.fullmatch(r"INV-\d\d(, INV-\d\d)*|none: .+`test_\w+`.*", invariants)


def test_every_invariant_is_of_a_hazard_and_every_hazard_s_invariant_is_known():
    named = {name for row in HAZARDS.values() for name in re.findall(r"INV-\d\d", row[3])}
    assert named == set(INVARIANTS)


@pytest.mark.parametrize("invariant", INVARIANTS)
def test_every_invariant_has_a_sentence_and_a_test(invariant):
    sentence, tests = INVARIANTS[invariant]
    assert sentence.endswith(".")
    assert re.fullmatch(r"`test_\w+`(, `test_\w+`)*", tests)


def test_every_invariant_that_the_code_names_is_on_the_page():
    named = {name for text in SOURCES.values() for name in re.findall(r"INV-\d\d", text)}
    assert named
    assert named <= set(INVARIANTS)


def test_every_interlock_meets_a_hazard_and_none_is_made_up():
    known = {f'{table}["{name}"]' for table, checks in INTERLOCKS.items() for name in checks}
    assert set(re.findall(r'`([A-Z]+\["[\w -]+"\])`', CONTROLS)) == known


@pytest.mark.parametrize(
    "name", sorted(path.name for path in (ROOT / "massager" / "safety").glob("[a-z]*.py"))
)
def test_every_module_of_the_safety_core_meets_a_hazard(name):
    assert f"`massager/safety/{name}" in CONTROLS


def test_there_are_trips_to_look_at():
    assert {Reason.STALE_READING, Reason.RED_FLAG_SPINE, Reason.LOCKED_OUT, Reason.TOO_COARSE} <= trips()
    assert Reason.FINISHED not in trips()


def test_the_table_of_trips_names_every_trip_once():
    named = [row[0].strip("`") for row in rows("3. Trips")]
    assert sorted(named) == sorted(trips())


@pytest.mark.parametrize("row", rows("3. Trips"), ids=lambda row: row[0])
def test_every_trip_is_seen_by_somebody_and_has_a_test(row):
    _reason, seen_by, tests = row
    assert seen_by
    assert re.fullmatch(r"`test_\w+`", tests)
