"""What Home Assistant takes in a discovery message, strictly: it would drop what it does not know in silence.

Written from Home Assistant Core 2026.11, components/mqtt (abbreviations.py, schemas.py and the platforms that
are used), with its own checks beyond the keys. A key that is missing here may exist there; we do not use it.
"""

import re
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, RootModel, Tag, model_validator

Topic = Annotated[str, Field(pattern=r"^[^+#\x00]+$", max_length=65_535)]
Template = Annotated[str, Field(pattern=r"^\{\{ value_json\.[a-z_]+ \}\}$")]
Name = Annotated[str, Field(min_length=1, max_length=250)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Device(Strict):
    ids: Annotated[list[str], Field(min_length=1)]
    name: Name
    mf: str | None = None
    mdl: str | None = None
    sw: str | None = None
    sn: str | None = None
    cu: Annotated[str | None, Field(pattern=r"^https?://")] = None
    via_device: str | None = None


class Origin(Strict):
    name: str
    sw: str | None = None
    url: Annotated[str | None, Field(pattern=r"^https?://")] = None


class Availability(Strict):
    topic: Topic
    payload_available: str = "online"
    payload_not_available: str = "offline"


class Shared(Strict):
    availability: Annotated[list[Availability] | None, Field(min_length=1)] = None
    availability_mode: Literal["all", "any", "latest"] = "latest"
    qos: Literal[0, 1, 2] = 0


class Entity(Shared):
    p: str
    unique_id: Annotated[str, Field(min_length=1)]
    name: Name
    default_entity_id: Annotated[str, Field(pattern=r"^[a-z_]+\.[a-z0-9_]+$")]
    icon: Annotated[str | None, Field(pattern=r"^mdi:[a-z-]+$")] = None
    enabled_by_default: bool = True
    entity_category: Literal["config", "diagnostic"] | None = None
    json_attributes_topic: Topic | None = None

    @model_validator(mode="after")
    def _fits(self):
        assert self.default_entity_id.split(".")[0] == self.p
        if self.p in {"sensor", "binary_sensor"}:
            assert self.entity_category != "config", "neither of these may be one"
        return self


class Commanded(Entity):
    command_topic: Topic
    retain: Literal[False] = False
    message_expiry_interval: Annotated[int, Field(gt=0)] | None = None


class Button(Commanded):
    p: Literal["button"]
    payload_press: str = "PRESS"


class Select(Commanded):
    p: Literal["select"]
    state_topic: Topic
    value_template: Template
    options: Annotated[list[str], Field(min_length=1)]


class Number(Commanded):
    p: Literal["number"]
    state_topic: Topic
    value_template: Template
    min: Annotated[int, Field(ge=0)]
    max: int
    step: Annotated[int, Field(ge=1)]
    mode: Literal["auto", "box", "slider"] = "auto"
    unit_of_measurement: str | None = None

    @model_validator(mode="after")
    def _has_a_range(self):
        assert self.min < self.max
        return self


class Switch(Commanded):
    p: Literal["switch"]
    state_topic: Topic
    value_template: Template
    payload_on: str = "ON"
    payload_off: str = "OFF"


class Sensor(Entity):
    p: Literal["sensor"]
    state_topic: Topic
    value_template: Template | None = None
    device_class: Literal["enum", "timestamp", "duration", "signal_strength", "battery"] | None = None
    options: list[str] | None = None
    state_class: Literal["measurement", "total", "total_increasing"] | None = None
    unit_of_measurement: str | None = None
    expire_after: Annotated[int, Field(gt=0)] | None = None

    @model_validator(mode="after")
    def _is_of_one_kind(self):
        assert (self.options is not None) == (self.device_class == "enum")
        if self.options is not None:
            assert self.state_class is None
            assert self.unit_of_measurement is None
        units = {"duration": "min", "signal_strength": "dBm", "battery": "%"}
        assert self.unit_of_measurement == units.get(self.device_class or "")
        return self


class BinarySensor(Entity):
    p: Literal["binary_sensor"]
    state_topic: Topic
    value_template: Template | None = None
    payload_on: str = "ON"
    payload_off: str = "OFF"
    device_class: Literal["running", "safety", "connectivity"] | None = None
    expire_after: Annotated[int, Field(gt=0)] | None = None


class Event(Entity):
    p: Literal["event"]
    state_topic: Topic
    event_types: Annotated[list[str], Field(min_length=1)]


class Gone(Strict):
    """An entity that is to be taken out."""

    p: Literal["button", "select", "number", "switch", "sensor", "binary_sensor", "event"]


def _kind(found):
    return "gone" if set(found) == {"p"} else found["p"]


Component = Annotated[
    Annotated[Button, Tag("button")]
    | Annotated[Select, Tag("select")]
    | Annotated[Number, Tag("number")]
    | Annotated[Switch, Tag("switch")]
    | Annotated[Sensor, Tag("sensor")]
    | Annotated[BinarySensor, Tag("binary_sensor")]
    | Annotated[Event, Tag("event")]
    | Annotated[Gone, Tag("gone")],
    Discriminator(_kind),
]


class Discovery(Shared):
    """A message at homeassistant/device/ID/config."""

    dev: Device
    o: Origin
    cmps: Annotated[dict[str, Component], Field(min_length=1)]

    @model_validator(mode="after")
    def _belongs_together(self):
        here = [one for one in self.cmps.values() if not isinstance(one, Gone)]
        for ids in ([one.unique_id for one in here], [one.default_entity_id for one in here]):
            assert len(set(ids)) == len(ids)
        for one in here:
            assert not one.name.casefold().startswith(self.dev.name.casefold()), "HA puts it before"
        return self


class Payload(RootModel[Discovery]):
    """As it goes over the line: JSON text, or nothing for a device that is taken out."""


def read(payload: str) -> Discovery:
    """What Home Assistant would make of a payload. Raises ValidationError where it would drop something."""
    assert len(payload) < 2**16
    found = Payload.model_validate_json(payload).root
    assert re.fullmatch(r"massager_[\w-]+", found.dev.ids[0])
    return found
