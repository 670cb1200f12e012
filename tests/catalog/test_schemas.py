"""The JSON Schemas: equal to the shapes, named by every shipped file, and met by each."""

import json
import re
from pathlib import Path

import jsonschema
import pytest

from massager.catalog import Kind
from massager.catalog.schemas import SHAPES, schema_text
from massager.catalog.yaml_source import parse, read
from massager.model.errors import NotFoundError

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "profiles" / "schema"
FILES = sorted(path for top in ("profiles", "examples") for path in (ROOT / top).rglob("*.yaml"))
EACH = pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
# What a reader of the file refuses by its shape, and the schema with it: text to put out, text to put in.
WRONG = {
    "an unknown key": ("kind: program", "kind: program\ncolour: red"),
    "another kind": ("kind: program", "kind: safety"),
    "a missing key": ("title: Gentle lumbar\n", ""),
    "a word that does not exist": ("roller", "rolling"),
    "text for a number": ("zone_seconds: 240", 'zone_seconds: "240"'),
    "too little": ("zone_seconds: 240", "zone_seconds: 0"),
    "too much": ("pace_mm_per_s: 8", "pace_mm_per_s: 41"),
    "an empty list": ("[mild]", "[]"),
    "an empty text": ("Gentle lumbar", '""'),
}


def validator(kind):
    schema = json.loads(schema_text(kind))
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


def test_there_is_a_schema_of_every_kind_and_no_other_file():
    assert {path.name for path in SCHEMAS.iterdir()} == {f"{kind}.json" for kind in SHAPES}
    assert set(Kind) < set(SHAPES)


@pytest.mark.parametrize("kind", SHAPES)
def test_the_shipped_schema_is_what_the_shapes_say(kind):
    shipped = (SCHEMAS / f"{kind}.json").read_text(encoding="utf-8")
    assert shipped == schema_text(kind), "run tests/catalog/schemas.py"


@EACH
def test_the_first_line_of_every_shipped_file_names_the_schema_of_its_kind_which_it_meets(path):
    first = path.read_text(encoding="utf-8").splitlines()[0]
    named = re.fullmatch(r"# yaml-language-server: \$schema=(\S+\.json)", first)
    assert named, first
    content = read(path).value
    assert (path.parent / named[1]).resolve() == SCHEMAS / f"{content['kind']}.json"
    validator(content["kind"]).validate(content)


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
def test_a_schema_refuses_what_the_shape_refuses(program, change):
    good = parse(Path("mine.yaml"), program.encode()).value
    validator("program").validate(good)
    assert change[0] in program
    wrong = parse(Path("mine.yaml"), program.replace(change[0], change[1], 1).encode()).value
    assert not validator("program").is_valid(wrong)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("answers", {"kind": "answers", "before": {"pain": None}}),
        ("answers", {"kind": "answers", "before": {"saddle": None}}),
        ("person", {"kind": "person", "name": "A", "attested": True, "conditions": {}, "born": None}),
    ],
)
def test_what_is_there_and_empty_is_no_answer_and_the_schema_says_so(kind, content):
    assert not validator(kind).is_valid(content)
    whole = {key: {} if key == "before" else value for key, value in content.items() if value is not None}
    validator(kind).validate(whole)


def test_no_schema_offers_null_where_nothing_was_said():
    for kind in SHAPES:
        assert '"default": null' not in schema_text(kind)


def test_a_kind_that_does_not_exist_is_refused_with_those_there_are():
    with pytest.raises(NotFoundError, match=r"no kind of file 'programme'\. Did you mean 'program'\?"):
        schema_text("programme")
    with pytest.raises(NotFoundError, match="safety, program, device, answers, person"):
        schema_text("x")
