"""A stature checks what is measured: at the command, in a file, and at the start."""

from dataclasses import replace

import pytest

from massager.app.moments import moment
from massager.cli import signing
from massager.cli.exits import Exit
from massager.model.history import By, Role
from massager.store import People
from people_desk import MEASURE, SCREEN

SET = ("person", "set", "anna", "--why", "measured", "--yes")


@pytest.fixture
def measured(staffed):
    """Anna, who may start, with C7 and PSIS 509 mm apart."""
    staffed.ok(*MEASURE, "--error-mm", 10, "--yes")
    return staffed.ok(*SCREEN)


def refusals(desk):
    return {one["refused"] for one in desk.shown()["starts"]}


def said(desk):
    return " ".join(desk.err.replace("\u2502", " ").split())


def test_a_stature_is_added_by_anyone_and_changed_by_a_caregiver(measured):
    assert measured.run(*SET, "--stature", 165).code is Exit.OK
    assert "stature: not known -> 165 cm" in measured.err
    assert measured.shown()["stature_cm"] == 165
    for other in (("--stature", 166), ("--stature-unknown",)):
        assert measured.run(*SET, *other).code is Exit.AUTH
        assert measured.shown()["stature_cm"] == 165
        measured.ok(*SET, *other)
        assert measured.shown()["stature_cm"] == (None if len(other) == 1 else 166)
        measured.ok(*SET, "--stature", 165)


def test_a_stature_that_fits_the_landmarks_bars_nothing_and_other_settings_leave_it_alone(measured):
    before = refusals(measured)
    assert measured.run(*SET, "--stature", 152).code is Exit.OK
    assert measured.run(*SET, "--minutes", 15).code is Exit.OK
    assert measured.shown()["stature_cm"] == 152
    assert refusals(measured) == before


def test_a_person_is_added_with_a_stature(desk):
    desk.run("caregiver", "add", "carla", "--new-passphrase-file", desk.passphrase)
    desk.ok("person", "add", "bert", "--stature", 220)
    assert desk.shown("bert")["stature_cm"] == 220
    desk.ok("person", "add", "cleo", "--stature", 120)
    assert desk.shown("cleo")["stature_cm"] == 120


def test_landmarks_that_do_not_fit_the_stature_are_refused_before_anybody_signs_in(staffed):
    assert staffed.run(*SET, "--stature", 151).code is Exit.OK
    assert staffed.run(*MEASURE, "--yes").code is Exit.USAGE
    assert (
        "anna on chair: C7 and PSIS lie 509 mm apart, which must be 346 to 505 mm at a stature of 151 cm. "
        "Measure both places again, and the stature." in said(staffed)
    )
    assert staffed.shown()["calibrations"] == {}
    staffed.ok(*MEASURE[:-1], 545, "--yes")
    assert staffed.shown()["calibrations"]["chair"]["psis_mm"] == 545


def test_a_stature_that_does_not_fit_the_landmarks_on_record_is_refused(measured):
    assert measured.run(*SET, "--stature", 151).code is Exit.USAGE
    assert "which must be 346 to 505 mm at a stature of 151 cm" in said(measured)
    assert measured.shown()["stature_cm"] is None


def test_a_file_whose_landmarks_do_not_fit_the_stature_is_refused_with_its_place(measured):
    text = measured.run("person", "export", "anna").out
    assert "stature_cm" not in text
    file = measured.file("bert.yaml", text.replace('"anna"', '"bert"\nstature_cm: 151'))
    assert measured.signed("person", "import", file).code is Exit.INVALID
    assert f"{file}:9:5: calibrations.0: C7 and PSIS lie 509 mm apart" in measured.err
    file = measured.file("bert.yaml", text.replace('"anna"', '"bert"\nstature_cm: 152'))
    measured.ok("person", "import", file)
    assert "stature_cm: 152\n" in measured.run("person", "export", "bert").out


def test_a_record_from_elsewhere_whose_landmarks_do_not_fit_starts_nothing(measured):
    with signing.open_store(signing.data_place(None)) as store:
        people = People(store)
        old = people.get("anna")
        by = By("elsewhere", Role.CONTROLLER)
        new = replace(old, stature_mm=1400)
        people.change(old, new, by=by, why="moved", now=moment(), between_sessions=False)
    assert refusals(measured) == {"stature"}
    measured.run("person", "show", "anna")
    assert "does not fit this person's stature. Measure again" in " ".join(measured.out.split())
    measured.ok(*SET, "--stature-unknown")
    assert "stature" not in refusals(measured)
