"""The gateway itself, as the broker and Home Assistant know it, and what every announcement says."""

import re
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from massager.mqtt.topics import OFFLINE, ONLINE, ROOT, Topics

ORIGIN: Final = "massager"

Entity: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Origin:
    """Who announces.

    Attributes:
        version: Of this program.
        page: Address of its page, for whoever else is in the network; None without one.
    """

    version: str
    page: str | None


def roll_topic(topics: Topics) -> str:
    """Where a gateway keeps the ids of its massagers, for itself after a restart."""
    return f"{ROOT}/{topics.gateway}/massagers"


def bridge_id(topics: Topics) -> str:
    """What the gateway is called among Home Assistant's devices."""
    return f"massager_{topics.gateway}"


def bridge_config(topics: Topics, origin: Origin) -> Entity:
    """The gateway, which all its massagers hang on."""
    stem = bridge_id(topics)
    online = entity("binary_sensor", stem, "online", "Online") | {
        "state_topic": topics.status,
        "payload_on": ONLINE,
        "payload_off": OFFLINE,
        "device_class": "connectivity",
        "entity_category": "diagnostic",
    }
    device = {"ids": [stem], "name": f"Massager {topics.gateway}", "sw": origin.version}
    return {"dev": device | page_of(origin), "o": origin_of(origin), "qos": 1, "cmps": {"online": online}}


def slug(name: str) -> str:
    """A name with nothing in it that cannot stand in the id of an entity."""
    return re.sub(r"[^a-z0-9_]", "_", name.lower())


def entity(platform: str, stem: str, key: str, name: str) -> Entity:
    """What every entity has; its id stays whatever the massager is called."""
    return {
        "p": platform,
        "unique_id": f"{stem}_{key}",
        "name": name,
        "default_entity_id": f"{platform}.{slug(stem)}_{key}",
    }


def origin_of(origin: Origin) -> Entity:
    """Who announces, as Home Assistant's log names it."""
    return {"name": ORIGIN, "sw": origin.version}


def page_of(origin: Origin) -> Entity:
    """Where the page is, of a device."""
    return {} if origin.page is None else {"cu": origin.page}
