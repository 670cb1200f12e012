"""What Home Assistant discovers, against a strict model of what it takes and the table of entities."""

import json
from dataclasses import replace

import pytest
from pydantic import ValidationError

from ha_discovery import read
from massager.mqtt.discovery import config, levels_of, widest_percent, without
from massager.mqtt.gateway import Origin, bridge_config, roll_topic
from massager.mqtt.happened import Event
from massager.mqtt.ids import device_id, entity_stem, is_device_id
from massager.mqtt.state import Session
from massager.mqtt.topics import Topics
from mqtt_samples import ADDRESS, CHAIR, CUSHION, ORIGIN
from samples import chair, roller

TOPICS = Topics()
TITLES = ("Gentle lower back", "Upper back")


def announced(massager=CHAIR, *, most_percent=40, programs=TITLES, topics=TOPICS, origin=ORIGIN):
    return config(massager, topics, origin, most_percent=most_percent, programs=programs)


def of(massager=CHAIR, **changes):
    return read(json.dumps(announced(massager, **changes)))


@pytest.mark.parametrize("massager", [CHAIR, CUSHION], ids=lambda one: one.profile.name)
@pytest.mark.parametrize("programs", [TITLES, ()], ids=["programs", "none"])
def test_home_assistant_would_drop_nothing_of_it(massager, programs):
    found = of(massager, programs=programs)
    assert found.o.name == "massager"
    assert ("heat" in found.cmps) == bool(massager.profile.heaters)
    assert ("start" in found.cmps) == ("program" in found.cmps) == bool(programs)


def test_a_key_that_home_assistant_does_not_know_would_be_seen():
    body = announced()
    body["cmps"]["stop"]["object_id"] = "stop"
    with pytest.raises(ValidationError, match="object_id"):
        read(json.dumps(body))


# The table of entities: platform, and what else says what it is.
TABLE = {
    "stop": ("button", {"name": "Stop now", "payload_press": "STOP"}),
    "pause": ("button", {"name": "Pause", "payload_press": "PAUSE", "message_expiry_interval": 5}),
    "start": ("button", {"payload_press": "START", "message_expiry_interval": 5}),
    "program": ("select", {"name": "Program", "options": list(TITLES), "message_expiry_interval": 5}),
    "level": (
        "number",
        {"min": 0, "max": 40, "step": 5, "unit_of_measurement": "%", "message_expiry_interval": 5},
    ),
    "session": ("sensor", {"device_class": "enum", "options": list(Session)}),
    "ends_at": ("sensor", {"device_class": "timestamp"}),
    "minutes_today": ("sensor", {"device_class": "duration", "state_class": "total_increasing"}),
    "running": ("binary_sensor", {"device_class": "running"}),
    "safety": ("binary_sensor", {"device_class": "safety"}),
    "link": ("binary_sensor", {"device_class": "connectivity", "entity_category": "diagnostic"}),
    "rssi": ("sensor", {"enabled_by_default": False, "expire_after": 300, "entity_category": "diagnostic"}),
    "event": ("event", {"event_types": list(Event)}),
    "profile": ("sensor", {"entity_category": "diagnostic"}),
}


def test_the_entities_are_those_of_the_table():
    found = of()
    assert found.cmps.keys() == TABLE.keys()
    for key, (platform, fields) in TABLE.items():
        one = found.cmps[key]
        assert one.p == platform
        assert {name: getattr(one, name) for name in fields} == fields
    assert of(CUSHION).cmps.keys() == TABLE.keys() | {"heat"}


def topics_of(one):
    return [each.topic for each in one.availability or []]


def test_a_stop_can_be_pressed_while_the_link_is_down_and_never_expires():
    stop = of().cmps["stop"]
    assert topics_of(stop) == [TOPICS.status]
    assert stop.message_expiry_interval is None


@pytest.mark.parametrize("key", ["minutes_today", "safety", "event", "link"])
def test_what_the_link_has_no_part_in_hangs_on_the_bridge_alone(key):
    assert topics_of(of().cmps[key]) == [TOPICS.status]


def test_a_start_needs_the_bridge_the_link_and_somebody_who_may():
    found, start = of(), of().cmps["start"]
    assert topics_of(found) == [TOPICS.status, TOPICS.availability(CHAIR.id)]
    assert topics_of(start) == [*topics_of(found), TOPICS.remote_start(CHAIR.id)]
    assert found.availability_mode == start.availability_mode == "all"
    for key in ("program", "level", "pause", "session", "running"):
        assert found.cmps[key].availability is None, "as the device"


def test_nothing_that_is_commanded_is_retained():
    assert '"retain"' not in json.dumps([announced(), announced(CUSHION)])


# Ids


def test_ids_stay_when_it_is_renamed():
    renamed = replace(CHAIR, name="Back of the house", firmware="2.0")
    ids = [
        {(one.unique_id, one.default_entity_id) for one in of(each).cmps.values()}
        for each in (CHAIR, renamed)
    ]
    assert ids[0] == ids[1]
    assert of(renamed).dev.ids == of().dev.ids
    assert of(renamed).dev.name == "Back of the house"


def test_an_id_comes_from_the_address_alone():
    assert device_id(ADDRESS) == device_id(ADDRESS) == CHAIR.id
    assert device_id(ADDRESS) != device_id(f"{ADDRESS} on tcp:127.0.0.1:9101")
    assert is_device_id(CHAIR.id)
    assert not is_device_id("mr-12345678/state")
    assert ADDRESS not in CHAIR.id
    assert entity_stem("mr-0a1b2c3d") == "massager_mr_0a1b2c3d"


# Strength


def test_the_most_while_nobody_is_in_session_is_what_the_built_in_ceilings_leave_anybody():
    assert widest_percent(chair()) == 50
    assert levels_of(CUSHION.profile) == 10
    assert widest_percent(CUSHION.profile) == 50


def test_the_step_is_a_level_where_that_is_a_whole_percentage():
    assert of(CUSHION).cmps["level"].step == 10
    six = chair(actuators=(roller("left", None, levels=6),))
    assert of(replace(CHAIR, profile=six)).cmps["level"].step == 1


# Taking out


def test_an_entity_that_is_gone_is_taken_out_by_its_platform_alone_before_the_rest_follows():
    old, new = announced(programs=TITLES, most_percent=50), announced(programs=(), most_percent=20)
    between = without(old, new)
    assert between["cmps"]["program"] == {"p": "select"}
    assert between["cmps"]["start"] == {"p": "button"}
    assert between["cmps"]["level"] == old["cmps"]["level"], "a lower range comes after the lower strength"
    assert read(json.dumps(between)).cmps.keys() == old["cmps"].keys()
    assert without(new, old) is None
    assert without({"cmps": {}}, new) is None


# The gateway


@pytest.mark.parametrize("gateway", ["bridge", "ground-floor"])
def test_a_gateway_is_a_device_that_its_massagers_hang_on(gateway):
    topics = Topics(gateway)
    found = read(json.dumps(bridge_config(topics, ORIGIN)))
    (online,) = found.cmps.values()
    assert online.state_topic == f"massager/v1/{gateway}/status"
    assert of(topics=topics).dev.via_device == found.dev.ids[0]
    assert roll_topic(topics) == f"massager/v1/{gateway}/massagers"


def test_gateways_of_one_home_are_told_apart():
    ids = [bridge_config(Topics(name), ORIGIN)["dev"]["ids"] for name in ("east", "west")]
    assert ids[0] != ids[1]


def test_a_serial_number_is_told_where_there_is_one():
    assert of(CHAIR).dev.sn == "7F3A"
    assert of(CUSHION).dev.sn is None


def test_the_page_is_linked_where_others_reach_it():
    origin = Origin("0.1.0", "https://massager.local:8443/")
    assert of(origin=origin).dev.cu == origin.page
    assert of().dev.cu is None
