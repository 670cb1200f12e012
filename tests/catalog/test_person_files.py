"""Person files: written and read back exactly, and each wrong one with the place that its refusal names."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from massager.catalog.people import load_person
from massager.catalog.person_words import read_day, read_hours, vertebrae_text
from massager.catalog.person_writing import person_text
from massager.model.body import Region, Zone
from massager.model.carried import Carried
from massager.model.ceilings import Severity
from massager.model.errors import NotFoundError
from massager.model.history import Authority, LockCause, Lockout, PastSession
from massager.model.people import KeepOut, Modifier, Person, StrengthLimit
from people_samples import MINUTES, clearances, keep_outs, people

EXAMPLE = Path(__file__).parents[2] / "examples" / "person.yaml"
SECONDS = st.integers(0, 4_000_000_000)
TITLES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=60).filter(
    lambda text: text.isprintable() and text == text.strip()
)
NOTES = st.text(st.characters(codec="utf-8"), max_size=200).filter(str.isprintable)


@st.composite
def carried(draw) -> Carried:
    sessions = []
    for _ in range(draw(st.integers(0, 3))):
        started_s = draw(SECONDS)
        sessions.append(
            PastSession(started_s, started_s + draw(st.integers(0, 9000)), draw(st.integers(0, 900)))
        )
    lockouts = [
        Lockout(
            number,
            draw(st.sampled_from(LockCause)),
            draw(st.sampled_from(Authority)),
            draw(SECONDS),
            draw(SECONDS),
            draw(NOTES),
        )
        for number in range(1, draw(st.integers(1, 3)))
    ]
    return Carried(
        tuple(sessions),
        tuple(lockouts),
        draw(st.booleans()),
        tuple(draw(st.lists(SECONDS, max_size=3))),
        tuple(draw(st.lists(SECONDS, max_size=3))),
    )


def going(person: Person, past: Carried) -> Person:
    """The person with strength limits counted from the last session that comes along."""
    limits = (replace(one, after_sessions=past.sessions_ever) for one in person.strength_limits)
    return replace(person, strength_limits=tuple(limits))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    people(
        name=TITLES,
        born=st.none() | st.integers(1900, 2100),
        # All that fit the landmarks of these people, 468 to 519 mm apart.
        stature_mm=st.none() | st.integers(155, 204).map(lambda cm: 10 * cm),
        keep_outs=st.lists(keep_outs(TITLES), max_size=3).map(tuple),
        clearances=st.lists(clearances(TITLES), max_size=3).map(tuple),
        zone_permille=st.dictionaries(st.sampled_from(Zone), st.integers(0, 100).map(lambda n: 10 * n)),
        session_min=st.none() | st.integers(1, 60),
        hours=st.none() | st.tuples(MINUTES, MINUTES).filter(lambda ends: ends[0] != ends[1]),
    ),
    carried(),
)
def test_what_is_written_is_read_back_exactly(tmp_path, person, past):
    path = tmp_path / "Some Name.yaml"
    path.write_text(person_text(going(person, past), past), encoding="utf-8")
    assert load_person(path) == (going(person, past), past)


def test_a_strength_limit_counts_from_the_last_session_in_the_file(right, write):
    person, past = load_person(write(right))
    assert person.strength_limits == (StrengthLimit(225, 1, 3, too_strong=True),)
    none_used = changed(right, "used_seconds: 480", "used_seconds: 0")
    assert load_person(write(none_used))[0].strength_limits[0].after_sessions == 0
    with pytest.raises(ValueError, match="counts other sessions than those that come along"):
        person_text(person, replace(past, sessions=()))


def test_a_file_without_a_word_about_screening_is_of_somebody_not_screened(right, write):
    person, _past = load_person(write(changed(right, "screened: true\nusual_pain: 2\n", "")))
    assert (person.screened, person.usual_pain) == (False, 0)


def test_a_file_without_a_word_about_remote_control_is_of_somebody_without_it(right, write):
    assert load_person(write(right))[0].remote is True
    assert load_person(write(changed(right, "remote: true\n", "")))[0].remote is False


def test_the_example_has_every_key_and_is_right():
    person, past = load_person(EXAMPLE)
    assert person.name == "Anna Example"
    assert person.conditions == {Region.LUMBAR: Severity.MODERATE}
    assert person.modifiers == {Modifier.HYPERTENSION}
    assert person.zone_permille == {Zone.L1_L3: 100, Zone.T1_T4: 0}
    assert person.hours == (9 * 60, 20 * 60 + 30)
    assert past.sessions[0].used_s == 480
    assert person.stature_mm == 1650
    written = person_text(person, past)
    keys = {line.split(":")[0] for line in written.splitlines() if line[0] not in " #"}
    assert keys == {
        line.split(":")[0] for line in EXAMPLE.read_text().splitlines() if line and line[0] not in " #"
    }
    assert len(keys) == 19


@pytest.fixture
def right() -> str:
    return (Path(__file__).parent / "right" / "person.yaml").read_text()


def changed(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


WRONG = YAML(typ="safe", pure=True).load(Path(__file__).with_name("wrong_person.yaml"))


@pytest.mark.parametrize("case", WRONG, ids=lambda case: case["by"])
def test_a_wrong_person_file_is_refused_with_its_places(write, complaints, right, case):
    path = write(changed(right, case["replace"], case["by"]))
    assert complaints(lambda: load_person(path)) == case["says"]


def test_every_problem_of_meaning_is_told_at_once(write, complaints, right):
    text = changed(changed(right, "from: L2", "from: X1"), "hours: 09:00-20:30", "hours: never")
    assert [line.split(": ")[1] for line in complaints(lambda: load_person(write(text)))] == [
        "keep_outs.0.from",
        "hours",
    ]


@pytest.mark.parametrize("text", ["kind: person\n", "- kind: person\n", "kind: safety\n"])
def test_a_file_of_another_shape_is_refused(write, complaints, text):
    assert complaints(lambda: load_person(write(text)))


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(NotFoundError, match="cannot be read: No such file"):
        load_person(tmp_path / "none.yaml")


def test_the_least_file_limits_nothing_and_starts_nothing(write):
    person, past = load_person(write("kind: person\nname: B\nattested: false\nconditions: {}\n"))
    assert past == Carried()
    assert (person.programs, person.hours, person.session_min, person.born) == (None, None, None, None)
    assert person.stature_mm is None


@pytest.mark.parametrize("stature_cm", [152, 220])
def test_landmarks_that_fit_the_stature_just_so_are_read(write, right, stature_cm):
    person, _past = load_person(write(changed(right, "born: 1952", f"stature_cm: {stature_cm}")))
    assert person.stature_mm == 10 * stature_cm
    assert set(person.calibrations) == {"chair"}


def test_the_least_stature_is_120_centimetres(write):
    person, _past = load_person(
        write("kind: person\nname: B\nstature_cm: 120\nattested: false\nconditions: {}\n")
    )
    assert person.stature_mm == 1200


def test_no_program_at_all_is_not_the_same_as_any(write, right):
    person, _past = load_person(write(changed(right, "[gentle-lumbar]", "[]")))
    assert person.programs == frozenset()


@pytest.mark.parametrize(
    "change",
    [
        {"keep_outs": (KeepOut("half a level", (580_000, 600_000), -20, 20),)},
        {"zone_permille": {Zone.L1_L3: 105}},
        {"stature_mm": 1655},
    ],
)
def test_what_a_file_cannot_say_is_not_written_nearly(right, write, change):
    person, past = load_person(write(right))
    with pytest.raises(ValueError, match=r"no whole (percent|centimetre)|not one of whole vertebrae"):
        person_text(replace(person, **change), past)


def test_a_clearance_within_a_day_is_not_written_nearly(right, write):
    person, past = load_person(write(right))
    odd = replace(person.clearances[0], expires_s=person.clearances[0].expires_s - 1)
    with pytest.raises(ValueError, match="not the beginning of a day"):
        person_text(replace(person, clearances=(odd,)), past)


def test_words_are_read_as_people_mean_them():
    assert read_hours("20:00-08:00") == (1200, 480)
    assert read_hours("00:00-24:00") == (0, 1440)
    assert read_day("1970-01-02") == 86_400
    assert vertebrae_text((0, 1_000_000)) == ("C1", "S2")
