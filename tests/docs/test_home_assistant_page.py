"""The page for Home Assistant against what is announced: every entity on it exists, and its YAML is YAML."""

import json
import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from ha_discovery import read
from massager.mqtt.discovery import config
from massager.mqtt.gateway import bridge_config
from massager.mqtt.ids import entity_stem
from massager.mqtt.topics import Topics
from mqtt_samples import CHAIR, CUSHION, ORIGIN, PROGRAMS

PAGE = (Path(__file__).parents[2] / "docs" / "home-assistant.md").read_text()
EXAMPLE = "massager_mr_0a1b2c3d"
BLOCKS = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
BLUEPRINTS = [block for block in BLOCKS if block.startswith("blueprint:")]
(DASHBOARD,) = (block for block in BLOCKS if "sections:" in block)
ENTITY = re.compile(r"\b(?:button|select|number|switch|sensor|binary_sensor|event)\.massager_\w+")


class Input(str):
    """The value of a blueprint's `!input`."""

    __slots__ = ()


def parsed(block):
    yaml = YAML(typ="safe")
    yaml.constructor.add_constructor("!input", lambda loader, node: Input(loader.construct_scalar(node)))
    return yaml.load(block)


def announced(massager, stem):
    """Ids of all entities of a massager and its gateway, as if the massager had that stem."""
    topics = Topics()
    body = config(massager, topics, ORIGIN, most_percent=40, programs=[one.title for one in PROGRAMS])
    found = [read(json.dumps(one)) for one in (body, bridge_config(topics, ORIGIN))]
    ids = {entity.default_entity_id for one in found for entity in one.cmps.values()}
    return {one.replace(entity_stem(massager.id), stem) for one in ids}


def inputs(value):
    if isinstance(value, Input):
        yield str(value)
    elif isinstance(value, dict):
        for each in value.values():
            yield from inputs(each)
    elif isinstance(value, list):
        for each in value:
            yield from inputs(each)


def test_every_entity_in_an_example_exists():
    found = {one for block in BLOCKS for one in ENTITY.findall(block)}
    assert len(found) > 10
    assert found <= announced(CUSHION, EXAMPLE)


def test_the_dashboard_shows_what_every_massager_has():
    assert set(ENTITY.findall(DASHBOARD)) <= announced(CHAIR, EXAMPLE)
    view = parsed(DASHBOARD)
    first = view["sections"][0]["cards"][0]
    assert first["entity"] == f"button.{EXAMPLE}_stop", "STOP is the first thing on it"
    assert first["tap_action"]["target"]["entity_id"] == first["entity"]
    assert "confirmation" not in DASHBOARD


def test_the_table_has_every_entity_and_no_other():
    rows = re.findall(r"(?m)^\| ([\w ]+) \| `(\w+\.massager_DEV_\w+)` \|", PAGE)
    body = config(CUSHION, Topics(), ORIGIN, most_percent=40, programs=("One",))
    told = {
        (one["name"], one["default_entity_id"].replace(entity_stem(CUSHION.id), "massager_DEV"))
        for one in body["cmps"].values()
    }
    assert set(rows) == told


@pytest.mark.parametrize("block", BLUEPRINTS, ids=lambda block: block.splitlines()[1].strip())
def test_a_blueprint_declares_what_it_uses_and_uses_what_it_declares(block):
    blueprint = parsed(block)
    declared = blueprint["blueprint"]["input"]
    assert blueprint["blueprint"]["domain"] == "automation"
    assert set(inputs({key: value for key, value in blueprint.items() if key != "blueprint"})) == set(
        declared
    )
    assert all({"name", "selector"} <= one.keys() for one in declared.values())
    assert {"triggers", "actions"} <= blueprint.keys()


@pytest.mark.parametrize("block", BLUEPRINTS, ids=lambda block: block.splitlines()[1].strip())
def test_what_a_blueprint_may_be_made_for_is_what_is_announced(block):
    body = read(json.dumps(config(CHAIR, Topics(), ORIGIN, most_percent=40, programs=("One",))))
    for one in parsed(block)["blueprint"]["input"].values():
        for wanted in one["selector"].get("entity", {}).get("filter", []):
            kind = wanted.get("device_class")
            assert wanted["integration"] == "mqtt"
            assert [
                each
                for each in body.cmps.values()
                if each.p == wanted["domain"] and kind in {None, getattr(each, "device_class", None)}
            ]


def test_no_example_starts_or_strengthens_anything():
    for block in BLOCKS:
        for action in re.findall(r"(?m)(?:perform_)?action: (\w+\.\w+)$", block):
            assert action == "button.press"
    assert not re.search(r"target:\s+entity_id: \S+_start", PAGE)
