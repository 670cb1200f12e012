"""The strict part of YAML: what is refused, and where the text points."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from massager.catalog.document import shown
from massager.catalog.yaml_source import DEEPEST, LARGEST_BYTES, read
from massager.model.errors import NotFoundError

Write = Callable[[str | bytes], Path]
Complaints = Callable[[Callable[[], object]], list[str]]


def _refusal(write: Write, complaints: Complaints, content: str | bytes) -> list[str]:
    return complaints(lambda: read(write(content)).settle())


ONE_LINE = "Keep it on one line; '>-' folds several lines into one."
MEND = "Mend the text near here."
NOT_WHOLE = "Write whole digits such as 40; put text in quotes."


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        (b"", ["1:1: the file is empty. Write the profile, or remove the file."]),
        (b"# only a remark\n", ["1:1: the file is empty. Write the profile, or remove the file."]),
        (b"a: 1\nb: \xff", ["2:4: this is not UTF-8 (got byte 0xff). Save it as UTF-8."]),
        (b"\xef\xbb\xbf\xc3\x28", ["1:1: this is not UTF-8 (got byte 0xc3). Save it as UTF-8."]),
        (b"\xef\xbb\xbfa: 1\nb: \xff", ["2:4: this is not UTF-8 (got byte 0xff). Save it as UTF-8."]),
        (b"a: 1\nb: \x07", ["2:4: a character that cannot be seen (got '\\x07'). Remove it."]),
        ("a: 1 # \u202e", ["1:8: a character that cannot be seen (got '\\u202e'). Remove it."]),
        (
            'a: "x\\e[31m"',
            [f"1:4: a: a character that cannot be seen (got '\\x1b'). {ONE_LINE}"],
        ),
        (
            "a: |\n  x\n",
            [f"1:4: a: a character that cannot be seen (got '\\n'). {ONE_LINE}"],
        ),
        ("a: 1\n---\nb: 2\n", ["2:1: a second document begins here. Keep one document in a file."]),
        (
            "%YAML 1.1\n---\na: 1\n",
            ["2:1: directives are not used here. Remove the lines that start with '%'."],
        ),
        (
            "%TAG ! x:\n---\na: 1\n",
            ["2:1: directives are not used here. Remove the lines that start with '%'."],
        ),
        ("a: 1\na: 90\n", ["2:1: a: this key stands here twice. Keep one of them."]),
        ("a: 1\na: 90\na: 2", [f"{n}:1: a: this key stands here twice. Keep one of them." for n in (2, 3)]),
        (
            "l:\n  - {b: 1, b: 2}",
            ["2:12: l.0.b: this key stands here twice. Keep one of them."],
        ),
        ("a: &x 1", ["1:4: a: anchors are not used here. Remove '&x'."]),
        ("a: [&x 1]", ["1:5: a.0: anchors are not used here. Remove '&x'."]),
        ("&x a: 1", ["1:1: a: anchors are not used here. Remove '&x'."]),
        ("a: *x", ["1:4: a: aliases are not used here. Write the value out."]),
        ("a: !!int 1", ["1:4: a: tags are not used here. Remove the word that starts with '!'."]),
        ("a: !own {}", ["1:4: a: tags are not used here. Remove the word that starts with '!'."]),
        ("!!str a: 1", ["1:1: a: tags are not used here. Remove the word that starts with '!'."]),
        ("a: 1\n<<: {b: 1}", ["2:1: ?: this is no key (got '<<'). Keys are small letters, digits and '_'."]),
        ("Max: 1", ["1:1: ?: this is no key (got 'Max'). Keys are small letters, digits and '_'."]),
        (
            "k" * 65 + ": 1",
            [f"1:1: ?: this is no key (got 'kkk{'k' * 36}...). Keys are small letters, digits and '_'."],
        ),
        ("a: 1\n? [b]\n: 2", ["2:3: a key must be one word. Write a word before the colon."]),
        (
            "a: 1\nb:   @x",
            [f"2:6: this is not YAML (found character '@' that cannot start any token). {MEND}"],
        ),
        (
            "a: b: c",
            ["1:5: this is not YAML (mapping values are not allowed here). Mend the text near here."],
        ),
        (
            'a: 1\nb: "\\U99999999"',
            ["2:2: this is not YAML (a number is too large). Mend the text near here."],
        ),
        (
            "%YAML " + "9" * 5000 + ".1\n--- a",
            ["1:1: this is not YAML (a number is too large). Mend the text near here."],
        ),
        ("[" * (DEEPEST + 1), ["1:9: this nests more than 8 deep. Make it flatter."]),
        ("[" * 200_000, ["1:9: this nests more than 8 deep. Make it flatter."]),
        ("x" * (LARGEST_BYTES + 1), ["1:1: the file is larger than 262144 bytes. Make it smaller."]),
    ],
)
def test_what_yaml_may_not_hold_here_is_refused_with_its_place(
    write: Write, complaints: Complaints, content: str | bytes, lines: list[str]
) -> None:
    assert _refusal(write, complaints, content) == lines


@pytest.mark.parametrize(
    "number",
    [
        "1.5",
        "-1.5",
        "+1",
        "1.",
        ".5",
        "1e3",
        "1.0E-2",
        "010",
        "00",
        "-0",
        "0x28",
        "0o17",
        ".nan",
        ".NaN",
        ".NAN",
        ".inf",
        "-.Inf",
        "+.INF",
        "1234567890123456789",
    ],
)
def test_every_number_but_a_plain_whole_one_is_refused(
    write: Write, complaints: Complaints, number: str
) -> None:
    line = f"1:4: a: this is not a plain whole number (got {number}). {NOT_WHOLE}"
    assert _refusal(write, complaints, f"a: {number}") == [line]


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("0", 0),
        ("40", 40),
        ("-4", -4),
        ("123456789012345678", 123456789012345678),
        ("'40'", "40"),
        ('"1.5"', "1.5"),
        ("1_0", "1_0"),
        ("12:30:00", "12:30:00"),
        ("1.0.3", "1.0.3"),
        ("on", "on"),
        ("no", "no"),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("'null'", "null"),
        (">-\n  one\n  two", "one two"),
        ("é", "é"),
        ("[1, [x]]", [1, ["x"]]),
        ("{b: {c: 1}}", {"b": {"c": 1}}),
    ],
)
def test_values_are_what_yaml_1_2_says(write: Write, written: str, read_as: object) -> None:
    document = read(write(f"a: {written}\n"))
    document.settle()
    assert document.value == {"a": read_as}
    assert type(document.value["a"]) is type(read_as)


def test_all_problems_of_a_file_are_listed_in_its_order(write: Write, complaints: Complaints) -> None:
    lines = _refusal(write, complaints, "a: 1.5\nb: *x\na: &y 2\nc: 3\nA: .nan\n")
    assert [line.split(": ")[:2] for line in lines] == [
        ["1:4", "a"],
        ["2:4", "b"],
        ["3:1", "a"],
        ["3:4", "?"],
        ["5:1", "?"],
        ["5:4", "?"],
    ]


def test_problems_before_the_unreadable_part_are_kept(write: Write, complaints: Complaints) -> None:
    lines = _refusal(write, complaints, "a: 1\na: 2\n? []\n: 3\n")
    assert [line.split(": ")[0] for line in lines] == ["2:1", "3:3"]


def test_a_refused_key_takes_nothing_with_it(write: Write) -> None:
    document = read(write("a: {x: 1}\na: {x: 2}\nB: 3\nc: 4\n"))
    assert document.value == {"a": {"x": 1}, "c": 4}
    assert document.places["a", "x"] == (1, 8)


@pytest.mark.parametrize("refused", ["1.5", '"x\\e"', "*x"])
def test_a_refused_value_is_read_as_nothing(write: Write, refused: str) -> None:
    assert read(write(f"a: {refused}\n")).value == {"a": None}


def test_the_deepest_allowed_nesting_and_the_largest_allowed_file_are_read(write: Write) -> None:
    read(write("[" * DEEPEST + "]" * DEEPEST)).settle()
    read(write("a: 1 #" + "x" * (LARGEST_BYTES - 6))).settle()


def test_breadth_is_not_depth(write: Write) -> None:
    assert len(read(write("- []\n- {}\n" * 20)).value) == 40


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_byte_order_marks_and_windows_line_ends_move_no_place(write: Write, mark: bytes, end: bytes) -> None:
    document = read(write(mark + b"a: 1" + end + b"b:" + end + b"  c: 2" + end))
    document.settle()
    assert document.places["b", "c"] == (3, 6)
    assert document.keys["b", "c"] == (3, 3)


def test_a_parser_in_c_is_not_taken_where_there_is_one(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ruamel.yaml.main.CParser", "none that could be called")
    assert read(write("a: 1\n")).value == {"a": 1}


def test_a_tab_may_stand_in_a_remark(write: Write) -> None:
    assert read(write("a: 1 #\tx\n")).value == {"a": 1}


def test_the_hash_is_that_of_the_bytes(write: Write) -> None:
    content = b"\xef\xbb\xbfa: 1\r\n"
    assert read(write(content)).sha256 == hashlib.sha256(content).hexdigest()


def test_a_file_that_cannot_be_opened_is_not_found(tmp_path: Path) -> None:
    for path, reason in ((tmp_path / "none.yaml", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(NotFoundError, match=f"^{path} cannot be read: {reason}"):
            read(path)


def test_a_place_that_is_not_there_is_that_of_what_lacks_it(write: Write) -> None:
    document = read(write("a:\n  b: 1\n"))
    assert document.place(("a", "c")) == (2, 3)
    assert document.place(("x", 0, "y")) == (1, 1)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "nothing"),
        ([1], "a list"),
        ({"a": 1}, "keys"),
        (4, "4"),
        ("x" * 38, "'" + "x" * 38 + "'"),
        ("x" * 39, "'" + "x" * 39 + "..."),
        ("\x1b[31m", "'\\x1b[31m'"),
    ],
)
def test_what_is_quoted_is_short_and_harmless(value: object, text: str) -> None:
    assert shown(value) == text
