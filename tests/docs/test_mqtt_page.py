"""The page about MQTT against the code: topics, fields, events, commands and figures."""

import re
from pathlib import Path

import pytest

from massager.mqtt import bridge, commands, line, outbox
from massager.mqtt.discovery import EXPIRES_S
from massager.mqtt.gateway import roll_topic
from massager.mqtt.happened import Event
from massager.mqtt.ids import is_device_id
from massager.mqtt.seen import NOTHING_TODAY
from massager.mqtt.state import Session, attributes, state
from massager.mqtt.topics import Order, Topics, commanded

PAGE = (Path(__file__).parents[2] / "docs" / "mqtt.md").read_text()
TOPICS = Topics()


def chapter(title):
    return re.search(rf"(?m)^## {title}$(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL).group(1)


def first_cells(text):
    return re.findall(r"(?m)^\| `([^`]+)` \|", text)


def test_every_topic_is_on_the_page():
    told = set(first_cells(chapter("Topics")))
    own = {TOPICS.status, TOPICS.info, roll_topic(TOPICS)}
    own |= {each("DEV") for each in (TOPICS.availability, TOPICS.remote_start, TOPICS.state)}
    own |= {each("DEV") for each in (TOPICS.attributes, TOPICS.event, TOPICS.diag, TOPICS.live)}
    own |= {TOPICS.result("DEV"), TOPICS.config("DEV"), TOPICS.command("DEV", "...")}
    assert {one for one in told if "/" in one} == own


def test_every_field_of_a_state_is_on_the_page_and_no_other():
    found = state(None, program=None, warms=True, ends_s=None, today=NOTHING_TODAY)
    assert {one for one in first_cells(chapter("Topics")) if "/" not in one} == found.keys()


@pytest.mark.parametrize("word", [*Session, *Event])
def test_every_word_of_a_session_and_every_event_is_on_the_page(word):
    assert f"`{word}`" in chapter("Topics")


def test_every_attribute_is_on_the_page():
    for field in attributes(None, profile="", person=None):
        assert f"`{field.removesuffix('_text')}`" in chapter("Topics"), field


def test_every_command_is_on_the_page_and_no_other():
    told = first_cells(chapter("Commands").partition("Answers at")[0])
    assert set(told) == set(Order)
    assert len(told) == len(Order)


def test_an_example_commands_what_there_is_of_an_id_that_can_be_one():
    topics = re.findall(r"mosquitto_pub -V 5 -q 1 -t (\S+)", PAGE)
    assert len(topics) == 3
    for found in map(commanded, topics):
        assert is_device_id(found[0])
        assert found[1] in set(Order)


def test_the_figures_are_those_of_the_code():
    first_s, most_s = bridge.BACK_OFF_S
    soonest_s, latest_s = bridge.BIRTH_S
    for sentence in (
        f"more than {commands.LATEST_S:.0f} s old",
        f"message-expiry-interval {EXPIRES_S}",
        f"after {first_s:.0f} s, {2 * first_s:.0f} s, and so on up to {most_s:.0f} s",
        f"given up after {line.TIMEOUT_S:.0f} s",
        f"up to {outbox.MOST_EVENTS} events",
        f"longer than {commands.LONGEST // 1024} KiB",
    ):
        assert sentence in PAGE, sentence
    assert (soonest_s, latest_s) == (0.5, 5.0)
    assert "after half a second to 5 s" in PAGE
    assert bridge.NAME_TAKEN_S == 60
    assert "after one to two minutes" in PAGE
