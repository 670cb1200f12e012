"""Shape and meaning of the three kinds of files: each wrong one with the place that its refusal names."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from ruamel.yaml import YAML

from massager.catalog import Kind, person_shapes, schema, validate
from massager.model.errors import InvalidProfileError

Write = Callable[[str | bytes], Path]
Complaints = Callable[[Callable[[], object]], list[str]]

ABOVE = "A file can only lower a ceiling: at most {0}, or leave it out."
HERE = Path(__file__).parent
CASES = [
    (kind, case)
    for kind, cases in YAML(typ="safe", pure=True).load(HERE / "wrong.yaml").items()
    for case in cases
]


VIBRATION = "vibration\n    levels: 20\n    force_dn_per_level: 40\n    depth_dmm_per_level: 0"


def above(ceiling: int, got: int) -> str:
    return f"this is above the built-in ceiling of {ceiling} (got {got}). {ABOVE.format(ceiling)}"


def changed(text: str, *changes: tuple[str, str]) -> str:
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


@pytest.mark.parametrize(("kind", "case"), CASES)
def test_a_wrong_file_is_refused_with_its_places(
    write: Write, complaints: Complaints, kind: str, case: dict[str, Any]
) -> None:
    text = changed((HERE / f"right/{kind}.yaml").read_text(), (case["replace"], case["by"]))
    assert complaints(lambda: validate(write(text))) == case["says"]


def test_a_program_without_steps_is_refused(write: Write, complaints: Complaints, program: str) -> None:
    text = program[: program.index("steps:")] + "steps: []\n"
    assert complaints(lambda: validate(write(text))) == [
        "6:8: steps: this list must have at least 1 (got a list). Add an item."
    ]


def _steps(program: str, modality: str, *steps: tuple[str, int, int]) -> str:
    head = changed(program[: program.index("  - {")], ("roller", modality))
    more = "pace_mm_per_s: 8" if modality == "roller" else "side: left"
    return head + "".join(
        f"  - {{zone: {zone}, zone_seconds: {seconds}, strength_percent: {percent}, {more}}}\n"
        for zone, seconds, percent in steps
    )


def test_a_program_may_fill_fifteen_minutes_and_not_a_second_more(
    write: Write, complaints: Complaints, program: str
) -> None:
    full = [("L4-S1", 240, 50), ("L1-L3", 240, 50), ("T9-T12", 240, 40), ("T5-T8", 180, 40)]
    assert validate(write(_steps(program, "roller", *full))) == (Kind.PROGRAM, "mine")
    longer = [*full, ("T1-T4", 1, 40)]
    assert complaints(lambda: validate(write(_steps(program, "roller", *longer)))) == [
        f"7:3: steps: {above(900, 901)}"
    ]


def test_the_shortest_session_of_all_steps_binds(write: Write, complaints: Complaints, program: str) -> None:
    steps = [("C3-C7", 200, 25), ("T5-T8", 240, 25), ("T9-T12", 161, 25)]
    assert complaints(lambda: validate(write(_steps(program, "roller", *steps)))) == [
        f"7:3: steps: {above(600, 601)}"
    ]


def test_percussion_is_not_offered_over_the_kidneys(
    write: Write, complaints: Complaints, program: str
) -> None:
    steps = [(zone, 60, 24) for zone in ("L4-S1", "L1-L3", "T9-T12", "T5-T8", "T1-T4")]
    todo = "Choose another zone or another modality."
    assert complaints(lambda: validate(write(_steps(program, "percussion", *steps)))) == [
        f"{line}:12: steps.{line - 7}.zone: percussion is not offered from T11 to L3, over the kidneys "
        f"(got '{zone}'). {todo}"
        for line, zone in ((8, "L1-L3"), (9, "T9-T12"))
    ]


def test_what_a_hand_holds_needs_its_side_and_has_no_pace_and_no_warmth(
    write: Write, complaints: Complaints, program: str
) -> None:
    text = changed(_steps(program, "percussion", ("L4-S1", 60, 30)), ("side: left", "warm: false"))
    assert complaints(lambda: validate(write(text))) == [
        "7:12: steps.0.zone: what a hand holds is on one side. Add side: left or right.",
        "7:65: steps.0.warm: this does not belong to percussion. Leave it out.",
    ]


def test_a_blocked_region_allows_nothing(write: Write, complaints: Complaints, program: str) -> None:
    text = _steps(program, "percussion", ("C3-C7", 1, 1))
    assert complaints(lambda: validate(write(text))) == [
        f"7:3: steps: {above(0, 1)}",
        f"7:33: steps.0.zone_seconds: {above(0, 1)}",
        f"7:54: steps.0.strength_percent: {above(0, 1)}",
    ]


def test_the_severity_lowers_the_caps_of_its_own_region_alone(
    write: Write, complaints: Complaints, safety: str
) -> None:
    lines = complaints(lambda: validate(write(changed(safety, ("severity: mild", "severity: moderate")))))
    rows = {line.split(": ")[1].split(".")[1] for line in lines}
    assert rows == {"0", "1", "2"}
    assert f"9:36: rows.0.max_intensity_percent.value: {above(25, 50)}" in lines


def test_minutes_are_bound_by_the_longest_of_the_rows(
    write: Write, complaints: Complaints, safety: str
) -> None:
    rows = safety.index("rows:")
    percussion = safety[safety.index("  - region: thoracic\n    modality: percussion") :]
    assert complaints(lambda: validate(write(safety[:rows] + "rows:\n" + percussion))) == [
        f"5:26: session_minutes.value: {above(5, 15)}"
    ]


def test_a_safety_profile_needs_rows(write: Write, complaints: Complaints, safety: str) -> None:
    text = safety[: safety.index("rows:")] + "rows: []\n"
    assert complaints(lambda: validate(write(text))) == [
        "6:7: rows: this list must have at least 1 (got a list). Add an item."
    ]


def test_a_safety_profile_cannot_open_a_blocked_region(
    write: Write, complaints: Complaints, safety: str
) -> None:
    text = changed(
        safety, ("- region: lumbar\n    modality: roller", "- region: cervical\n    modality: percussion")
    )
    assert complaints(lambda: validate(write(text))) == [
        f"{line}: rows.0.{key}.value: {above(0, got)}"
        for line, key, got in (
            ("9:36", "max_intensity_percent", 50),
            ("10:26", "max_force_n", 40),
            ("11:27", "zone_seconds", 240),
            ("12:27", "spot_seconds", 30),
        )
    ]


def test_a_device_needs_actuators(write: Write, complaints: Complaints, device: str) -> None:
    text = device[: device.index("actuators:")] + "actuators: []\n"
    assert complaints(lambda: validate(write(text))) == [
        "14:12: actuators: this list must have at least 1 (got a list). Add an item."
    ]


def test_a_device_may_have_a_single_actuator(write: Write, device: str) -> None:
    assert validate(write(device[: device.index("  - name: roller_right")])) == (Kind.DEVICE, "mine")


@pytest.mark.parametrize(
    "change",
    [
        ("stop_class: A", "stop_class: B"),
        ("codec: reference", "codec: c"),
        ("codec: reference", "codec: " + "c" * 32),
        ("half_width_min_mm: 30", "half_width_min_mm: 80"),
        ("half_width_min_mm: 30", "half_width_min_mm: 0"),
        ("levels: 20", "levels: 255"),
        ("levels: 20", "levels: 1"),
        ("watchdog_ms: 1000", "watchdog_ms: 1"),
        ("watchdog_ms: 1000", "watchdog_ms: 65534"),
        ("force_dn_per_level: 40", "force_dn_per_level: null"),
        ("roller\n    levels: 20\n    force_dn_per_level: 40\n    depth_dmm_per_level: 10", VIBRATION),
    ],
)
def test_the_edges_of_a_device_are_allowed(write: Write, device: str, change: tuple[str, str]) -> None:
    assert validate(write(changed(device, change))) == (Kind.DEVICE, "mine")


@pytest.mark.parametrize(
    "change",
    [
        ("Gentle lumbar", "x"),
        ("Gentle lumbar", "x" * 60),
        ("Slow rolling beside the lower back.", "x"),
        ("Slow rolling beside the lower back.", "x" * 500),
        ("zone_seconds: 240", "zone_seconds: 1"),
        ("strength_percent: 40", "strength_percent: 1"),
        ("strength_percent: 40", "strength_percent: 50"),
        ("pace_mm_per_s: 8", "pace_mm_per_s: 1"),
        ("pace_mm_per_s: 8", "pace_mm_per_s: 40"),
        ("pace_mm_per_s: 8", "pace_mm_per_s: 8, curve_percent: [1, 100]"),
        ("pace_mm_per_s: 8", "pace_mm_per_s: 8, curve_percent: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]"),
    ],
)
def test_the_edges_of_a_program_are_allowed(write: Write, program: str, change: tuple[str, str]) -> None:
    assert validate(write(changed(program, change))) == (Kind.PROGRAM, "mine")


def test_problems_of_reading_and_of_shape_are_listed_together(
    write: Write, complaints: Complaints, program: str
) -> None:
    text = changed(program, ("title:", "titel:"), ("zone_seconds: 240", "zone_seconds: 1.5"))
    lines = complaints(lambda: validate(write(changed(text, ("8}", "&a 8}")))))
    assert [line.split(": ")[:2] for line in lines] == [
        ["1:1", "title"],
        ["2:1", "titel"],
        ["7:33", "steps.0.zone_seconds"],
        ["7:75", "steps.0.pace_mm_per_s"],
    ]


def test_what_is_missing_at_one_place_is_listed_in_the_order_of_the_shape(
    write: Write, complaints: Complaints, program: str
) -> None:
    text = changed(program, ("title: Gentle lumbar\n", ""), ("purpose: Slow", "# Slow"))
    assert complaints(lambda: validate(write(text))) == [
        "1:1: title: this is missing. Add it.",
        "1:1: purpose: this is missing. Add it.",
    ]


def test_a_refusal_of_a_shape_keeps_what_pydantic_said(write: Write, program: str) -> None:
    with pytest.raises(InvalidProfileError) as refused:
        validate(write(changed(program, ("title:", "titel:"))))
    assert isinstance(refused.value.__cause__, ValidationError)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("kind: prog\n", "1:7: kind: the key 'kind' must say what the file describes (got 'prog')"),
        ("kind: [program]\n", "1:7: kind: the key 'kind' must say what the file describes (got a list)"),
        ("title: x\n", "1:1: kind: the key 'kind' must say what the file describes (got nothing)"),
        ("- kind: program\n", "1:1: kind: the key 'kind' must say what the file describes (got nothing)"),
    ],
)
def test_a_file_must_say_its_kind(write: Write, complaints: Complaints, text: str, line: str) -> None:
    assert complaints(lambda: validate(write(text))) == [f"{line}. Write one of: safety, program, device."]


@pytest.mark.parametrize("name", ["My Own", "Own", "-own", "own_one", "o" * 65, "ówn"])
def test_a_file_must_have_a_plain_name(tmp_path: Path, write: Write, program: str, name: str) -> None:
    path = write(program).rename(tmp_path / f"{name}.yaml")
    with pytest.raises(Exception, match="1:1: the file gives no usable name") as refused:
        validate(path)
    assert str(refused.value).endswith("Names are small letters, digits and '-', at most 64.")


@pytest.mark.parametrize("name", ["a", "0", "my-own-2", "o" * 64])
def test_plain_names_are_taken_from_the_file(tmp_path: Path, write: Write, program: str, name: str) -> None:
    assert validate(write(program).rename(tmp_path / f"{name}.yaml")) == (Kind.PROGRAM, name)


def _types(part: Any) -> set[str]:
    found = set()
    if isinstance(part, dict):
        if isinstance(part.get("type"), str):
            found.add(part["type"])
        bounds = part.keys() & {"ge", "le", "gt", "lt", "multiple_of", "pattern", "min_length", "max_length"}
        found |= {f"{part['type']} {bound}" for bound in bounds}
        for value in part.values():
            found |= _types(value)
    if isinstance(part, list | tuple):
        for value in part:
            found |= _types(value)
    return found


def test_no_shape_uses_a_type_that_has_no_words_for_its_refusal() -> None:
    spoken_for = {
        "model", "model-fields", "model-field", "str", "int", "list", "literal", "enum", "nullable",
        "definitions", "definition-ref", "bool", "default", "int ge", "int le",
        "str min_length", "str max_length", "list min_length", "list max_length",
    }  # fmt: skip
    for shape in (schema.SafetyFile, schema.ProgramFile, schema.DeviceFile, person_shapes.PersonFile):
        assert _types(shape.__pydantic_core_schema__) <= spoken_for
