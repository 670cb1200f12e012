"""What is typed wrong about people is refused: what, where, what to do, and nothing is changed."""

import pytest

from massager.cli.exits import Exit
from people_desk import KEEP_OUT, MEASURE, RECORD
from people_rig import PASSPHRASE


@pytest.mark.parametrize(
    ("name", "content", "mode", "says"),
    [
        ("open", PASSPHRASE, 0o644, "Others can read"),
        ("group", PASSPHRASE, 0o640, "Others can read"),
        ("empty", "", 0o600, "not the passphrase of carla"),
        ("two", f"{PASSPHRASE}\n\n", 0o600, "not the passphrase of carla"),
    ],
)
def test_a_passphrase_file_is_refused(staffed, name, content, mode, says):
    file = staffed.file(name, content, mode=mode)
    assert staffed.run("person", "add", "bert", "--passphrase-file", file).code is Exit.AUTH
    assert says in staffed.err


def test_a_passphrase_file_that_cannot_be_read_is_refused(staffed):
    for file, says in ((staffed.folder / "none", "No such file"), (staffed.folder, "Is a directory")):
        assert staffed.run("person", "add", "bert", "--passphrase-file", file).code is Exit.AUTH
        assert says in staffed.err
    staffed.passphrase.write_bytes(b"\xff\xfe not text at all")
    assert staffed.signed("person", "add", "bert").code is Exit.AUTH
    assert "not UTF-8" in staffed.err


def test_a_passphrase_with_a_windows_line_end_is_the_same(staffed):
    staffed.passphrase.write_bytes(PASSPHRASE.encode() + b"\r\n")
    staffed.ok("person", "add", "bert")


FINE = ("--pain", "0", "--feeling", "none")
SET = ("person", "set", "anna", "--yes")
WRONG = [
    ((*SET, "--why", "x", "--max", "L1-L4=20"), "'L1-L4' is none of"),
    ((*SET, "--why", "x", "--max", "L1-L3=101"), "'101' is neither 0 to 100 (percent) nor none"),
    ((*SET, "--why", "x", "--max", "L1-L3=-1"), "'-1' is neither"),
    ((*SET, "--why", "x", "--max", "L1-L3=1.5"), "'1.5' is neither"),
    ((*SET, "--why", "x", "--max", "20"), "'20' is not of the form L1-L3=20"),
    ((*SET, "--why", "x", "--region", "lumbar"), "'lumbar' is not of the form lumbar=mild"),
    ((*SET, "--why", "x", "--region", "lumbr=mild"), "'lumbr' is none of"),
    ((*SET, "--why", "x", "--region", "lumbar=MILD"), "'MILD' is none of"),
    ((*SET, "--why", "x", "--hours", "9-20"), "this is no stretch of hours"),
    ((*SET, "--why", "x", "--hours", "09:00-09:00"), "both ends are the same"),
    ((*SET, "--why", "x", "--program", "nix"), "There is no program 'nix'. Programs: evening-waves"),
    ((*SET, "--why", "x", "--modifier", "gout"), "'gout' is none of"),
    ((*SET, "--why", "x", "--no-modifier", "diabetes", "--modifier", "diabetes"), "added and removed"),
    ((*SET, "--why", "x", "--hours", "09:00-20:00", "--any-time"), "exclude each other"),
    ((*SET, "--why", "x", "--minutes", "0"), "greater than or equal to 1"),
    ((*SET, "--why", "x", "--born", "19500"), "less than or equal to 2100"),
    ((*SET, "--why", "x", "--stature", "119"), "greater than or equal to 120"),
    ((*SET, "--why", "x", "--stature", "221"), "less than or equal to 220"),
    ((*SET, "--why", "x", "--stature", "165", "--stature-unknown"), "exclude each other"),
    ((*SET, "--why", " ", "--minutes", "5"), "visible characters on one line"),
    ((*SET, "--minutes", "5"), "Missing option '--why'"),
    (("person", "set", "bert", "--why", "x"), "There is no person 'bert'. People on record: anna."),
    (("person", "show", "bert"), "There is no person 'bert'"),
    (("person", "export", "bert"), "There is no person 'bert'"),
    (("person", "forget", "bert", "--yes"), "There is no person 'bert'"),
    (("person", "import", "none.yaml"), "cannot be read"),
    (("lockout", "list", "bert"), "There is no person 'bert'"),
    (("lockout", "set", "bert", "--note", "x"), "There is no person 'bert'"),
    (("lockout", "set", "anna", "--note", ""), "visible characters on one line"),
    (("lockout", "clear", "anna", "7", "--why", "x"), "anna has no open lockout 7. Open ones: none."),
    (("clearance", "list", "bert"), "There is no person 'bert'"),
    (("answer", "bert", *FINE, "--worse", "no"), "There is no person 'bert'"),
    (("answer", "anna", *FINE, "--worse", "no"), "No question waits"),
    (("answer", "anna", "--pain", "0", "--worse", "no"), "one left out counts as the worst"),
    (("answer", *FINE, "--worse", "no"), "takes a name and three answers"),
    (("answer", "anna", "--pain", "11", "--worse", "no"), "less than or equal to 10"),
    (("answer", "anna", "--pain", "0", "--worse", "maybe"), "'maybe' is not one of 'no', 'yes', 'not-sure'"),
    (("answer", "anna", "--zone", "L1-L3"), "--yes or --no a zone"),
    (("answer", "anna", "--worse", "no", "--comfort", "fine"), "leave out --comfort"),
    (("answer", "anna"), "Nothing is said"),
    (("answer", *FINE), "Nobody is in session here"),
    (("answer", "anna", *FINE), "massager answer anna --pain N --worse"),
    ((*KEEP_OUT, "--left-mm", "60", "--right-mm", "-20"), "its left edge first"),
    ((*KEEP_OUT[:-1], "L9", "--left-mm", "0", "--right-mm", "9"), "there is no vertebra 'L9'"),
    ((*KEEP_OUT[:-1], "T1", "--left-mm", "0", "--right-mm", "9"), "L2 lies below T1"),
    (("person", "keep-out", "remove", "anna", "--name", "x", "--why", "x"), "anna has no keep-out 'x'"),
    ((*MEASURE[:-1], "100"), "must lie 358 to 609 mm apart"),
    ((*MEASURE[:-1], "600"), "the travel of chair, which is 580 mm long"),
    ((*MEASURE, "--error-mm", "9"), "at least 10 mm"),
    ((*MEASURE[:4], "char", *MEASURE[5:]), "Did you mean 'chair'?"),
    ((*RECORD, "--code", "A", "--given", "2026-11-01", "--expires", "2027-05-01"), "of code B or C"),
    ((*RECORD, "--code", "D", "--given", "2026-11-01", "--expires", "2027-05-01"), "'D' is none of"),
    ((*RECORD, "--code", "B", "--given", "1.11.2026", "--expires", "2027-05-01"), "this is no day"),
    ((*RECORD, "--code", "C", "--given", "2026-11-01", "--expires", "2027-06-01"), "1 to 184 days"),
    (("caregiver", "revoke", "dora", "--yes"), "There is no caregiver 'dora'"),
    (("person", "list", "--data", ""), "--data is empty"),
    (("person", "list", "--data", "mysql://somewhere/x"), "--data mysql://... is not known"),
]


@pytest.mark.parametrize(
    ("words", "says"), WRONG, ids=lambda part: " ".join(part) if isinstance(part, tuple) else None
)
def test_what_is_typed_wrong_ends_with_2_and_says_what_and_changes_nothing(staffed, words, says):
    before = staffed.shown()
    signs_in = words[0] == "caregiver" or words[:2] == ("person", "forget")
    (staffed.signed if signs_in else staffed.run)(*words)
    assert staffed.code is Exit.USAGE, staffed.err
    assert says in " ".join(staffed.err.replace("\u2502", " ").split())
    assert "Traceback" not in staffed.err
    assert staffed.shown() == before
