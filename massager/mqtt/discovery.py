"""What Home Assistant discovers: one message a massager, with all its entities, and one for the gateway.

The keys are those of Home Assistant's device-based discovery (Home Assistant Core 2026.11, components/mqtt).
It drops a key that it does not know without a word, so a test holds every message to a strict model.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from massager.model.ceilings import CEILINGS
from massager.model.devices import DeviceProfile
from massager.mqtt.gateway import Entity, Origin, bridge_id, entity, origin_of, page_of
from massager.mqtt.happened import Event
from massager.mqtt.ids import entity_stem
from massager.mqtt.levels import percent
from massager.mqtt.state import Session
from massager.mqtt.station import Massager
from massager.mqtt.topics import OFFLINE, ONLINE, Order, Topics

# docs/mqtt.md: a command that the broker could not deliver within this is dropped; a stop has no such end.
EXPIRES_S: Final = 5
_WHOLE: Final = 100
# Chosen: five diagnostics that did not come.
_QUIET_S: Final = 300


def levels_of(profile: DeviceProfile) -> int:
    """The highest level that every actuator has."""
    return min(actuator.levels for actuator in profile.actuators)


def widest_percent(profile: DeviceProfile) -> int:
    """What the built-in ceilings leave anybody on this device: the most while nobody is in session."""
    kinds = {actuator.modality for actuator in profile.actuators}
    permille = max(row.intensity_permille for row in CEILINGS.values() if row.modality in kinds)
    levels = levels_of(profile)
    return max(1, percent(levels * permille // 1000, levels))


def config(
    massager: Massager, topics: Topics, origin: Origin, *, most_percent: int, programs: Sequence[str]
) -> Entity:
    """A massager with its entities.

    Args:
        massager: Which.
        topics: Of its gateway.
        origin: Who announces.
        most_percent: The strength that nothing goes above now.
        programs: Titles; without any nothing can be asked for, and there is no way to.
    """
    device = {
        "ids": [entity_stem(massager.id)],
        "name": massager.name,
        "mdl": massager.profile.title,
        "sw": massager.firmware,
        "via_device": bridge_id(topics),
    }
    if massager.serial:
        device["sn"] = massager.serial
    return {
        "dev": device | page_of(origin),
        "o": origin_of(origin),
        "availability": _available(topics.status, topics.availability(massager.id)),
        "availability_mode": "all",
        "qos": 1,
        "cmps": _commands(massager, topics, most_percent, programs)
        | _sensors(massager, topics)
        | _about_the_link(massager, topics),
    }


def without(old: Mapping[str, Any], new: Mapping[str, Any]) -> Entity | None:
    """What to send before `new`, so that Home Assistant takes out what it no longer has; None if nothing.

    All else in it is as it was.
    """
    gone = {key: {"p": one["p"]} for key, one in old["cmps"].items() if key not in new["cmps"]}
    return {**old, "cmps": old["cmps"] | gone} if gone else None


def _commands(massager: Massager, topics: Topics, most_percent: int, programs: Sequence[str]) -> Entity:
    stem, levels = entity_stem(massager.id), levels_of(massager.profile)
    expires = {"message_expiry_interval": EXPIRES_S}

    def told(order: Order, key: str) -> Entity:
        return {"command_topic": topics.command(massager.id, order)} | _shown(massager, topics, key)

    def pressed(order: Order) -> Entity:
        return {"command_topic": topics.command(massager.id, order), "payload_press": order.upper()}

    found = {
        "stop": entity("button", stem, "stop", "Stop now")
        | pressed(Order.STOP)
        | {"qos": 1, "icon": "mdi:stop-circle", "availability": _available(topics.status)},
        "pause": entity("button", stem, "pause", "Pause") | pressed(Order.PAUSE) | expires,
        "level": entity("number", stem, "level", "Strength")
        | told(Order.LEVEL, "level")
        | {
            "min": 0,
            "max": most_percent,
            "step": _WHOLE // levels if _WHOLE % levels == 0 else 1,
            "mode": "slider",
            "unit_of_measurement": "%",
        }
        | expires,
    }
    if programs:
        start = (topics.status, topics.availability(massager.id), topics.remote_start(massager.id))
        found["program"] = (
            entity("select", stem, "program", "Program")
            | told(Order.PROGRAM, "program")
            | {"options": list(programs)}
            | expires
        )
        found["start"] = (
            entity("button", stem, "start", "Start selected program")
            | pressed(Order.START)
            | {"qos": 1, "availability_mode": "all", "availability": _available(*start)}
            | expires
        )
    if massager.profile.heaters:
        found["heat"] = entity("switch", stem, "heat", "Warmth") | told(Order.HEAT, "heat") | expires
    return found


def _sensors(massager: Massager, topics: Topics) -> Entity:
    stem, bridge = entity_stem(massager.id), {"availability": _available(topics.status)}
    attributes = topics.attributes(massager.id)
    return {
        "session": entity("sensor", stem, "session", "Session")
        | _shown(massager, topics, "session")
        | {"device_class": "enum", "options": list(Session), "json_attributes_topic": attributes},
        "ends_at": entity("sensor", stem, "ends_at", "Session ends")
        | _shown(massager, topics, "ends_at")
        | {"device_class": "timestamp"},
        "minutes_today": entity("sensor", stem, "minutes_today", "Minutes used today")
        | _shown(massager, topics, "minutes_today")
        | {"device_class": "duration", "unit_of_measurement": "min", "state_class": "total_increasing"}
        | bridge,
        "running": entity("binary_sensor", stem, "running", "Massaging")
        | _shown(massager, topics, "running")
        | {"device_class": "running"},
        "safety": entity("binary_sensor", stem, "safety", "Safety stop")
        | _shown(massager, topics, "safety_stop")
        | {"device_class": "safety"}
        | bridge,
        "event": entity("event", stem, "event", "Session event")
        | {"state_topic": topics.event(massager.id), "event_types": list(Event)}
        | bridge,
        "profile": entity("sensor", stem, "profile", "Active profile")
        | {"state_topic": attributes, "value_template": "{{ value_json.profile }}"}
        | {"entity_category": "diagnostic"},
    }


def _about_the_link(massager: Massager, topics: Topics) -> Entity:
    stem = entity_stem(massager.id)
    return {
        "link": entity("binary_sensor", stem, "link", "Bluetooth link")
        | {"state_topic": topics.availability(massager.id), "payload_on": ONLINE, "payload_off": OFFLINE}
        | {"device_class": "connectivity", "entity_category": "diagnostic"}
        | {"availability": _available(topics.status)},
        "rssi": entity("sensor", stem, "rssi", "Signal strength")
        | {"state_topic": topics.diag(massager.id), "value_template": "{{ value_json.rssi }}"}
        | {"device_class": "signal_strength", "unit_of_measurement": "dBm", "state_class": "measurement"}
        | {"entity_category": "diagnostic", "enabled_by_default": False, "expire_after": _QUIET_S},
    }


def _shown(massager: Massager, topics: Topics, key: str) -> Entity:
    return {
        "state_topic": topics.state(massager.id),
        "value_template": f"{{{{ value_json.{key} }}}}",
    }


def _available(*topics: str) -> list[Entity]:
    return [{"topic": topic} for topic in topics]


def retained(massager: str, topics: Topics) -> Iterable[str]:
    """Every topic that keeps something about a massager; its discovery first."""
    yield topics.config(massager)
    yield topics.availability(massager)
    yield topics.remote_start(massager)
    yield topics.state(massager)
    yield topics.attributes(massager)
