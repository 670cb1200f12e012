"""Tells the broker what there is and what it does: what changed, as often as somebody looks, nothing twice.

Everything goes through the outbox, so nothing here waits for the broker.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from massager.model.programs import Program
from massager.mqtt.discovery import config, levels_of, retained, widest_percent, without
from massager.mqtt.gateway import Origin, bridge_config, bridge_id, roll_topic
from massager.mqtt.happened import happened, obeyed_less
from massager.mqtt.ids import is_device_id
from massager.mqtt.levels import percent
from massager.mqtt.outbox import Message, Outbox
from massager.mqtt.seen import NOTHING_TODAY, Seen, Today
from massager.mqtt.state import attributes, diagnostics, ends_at_s, is_reachable, state
from massager.mqtt.station import Massager
from massager.mqtt.topics import OFFLINE, ONLINE, Topics

DIAGNOSTICS_S: Final = 60.0

_ROLL: Final = TypeAdapter(list[str])


@dataclass(frozen=True, slots=True)
class View:
    """What is known of a massager now.

    Attributes:
        seen: Its last session.
        today: What the ledger has of this day.
        programs: All that fit it.
        chosen: Name of the one that the next start is about.
        may_start: Whether somebody with remote control may start one now.
        heard: Whether it was heard since its last session; None where nobody listened.
        rssi: How strong, dBm.
    """

    massager: Massager
    seen: Seen | None = None
    today: Today = NOTHING_TODAY
    programs: Sequence[Program] = ()
    chosen: str | None = None
    may_start: bool = False
    heard: bool | None = None
    rssi: int | None = None

    @property
    def runs(self) -> Seen | None:
        """Its session, unless it ends or has ended."""
        return self.seen if self.seen is not None and self.seen.reason is None else None

    @property
    def person(self) -> str | None:
        """Who is named: somebody with remote control, and only meanwhile."""
        return self.runs.snapshot.person if self.runs and self.runs.snapshot.remote else None

    @property
    def program(self) -> str | None:
        """The title that is shown; of a session of somebody without remote control none."""
        name = self.chosen
        if self.runs:
            name = self.runs.snapshot.program if self.runs.snapshot.remote else None
        return next((one.title for one in self.programs if one.name == name), None)

    @property
    def most_percent(self) -> int:
        """The strength that nothing goes above now."""
        profile = self.massager.profile
        return percent(self.runs.cap, levels_of(profile)) if self.runs else widest_percent(profile)


@dataclass(slots=True)
class _Told:
    """What was told of one massager."""

    seen: Seen | None = None
    most_percent: int = 0
    config: Mapping[str, Any] = field(default_factory=lambda: {"cmps": {}})
    announced_of: object = None
    diagnosed_s: float = float("-inf")
    ends_s: int | None = None


class Announcing:
    """Of one gateway.

    Args:
        outbox: Takes the messages.
        topics: Of the gateway.
        origin: Who announces.
    """

    def __init__(self, outbox: Outbox, topics: Topics, origin: Origin) -> None:
        self._outbox = outbox
        self._topics = topics
        self._origin = origin
        self._told: dict[str, _Told] = {}
        self._left: set[str] = set()
        self._keep(topics.config(bridge_id(topics)), bridge_config(topics, origin))

    def look(self, views: Sequence[View], *, now_s: int, at_s: float) -> None:
        """Tell what is new; a massager that is not among them any more is taken off the broker.

        Args:
            views: All massagers of the gateway.
            now_s: The wall clock.
            at_s: A clock that never jumps.
        """
        present = {view.massager.id for view in views}
        self._forget((self._told.keys() | self._left) - present)
        self._left.clear()
        self._keep(roll_topic(self._topics), sorted(present))
        for view in views:
            self._look(view, self._told.setdefault(view.massager.id, _Told()), now_s, at_s)

    def event(self, massager: Massager, kind: str, why: str) -> None:
        """Say that a command was refused, or held back by a limit."""
        self._happened(massager, obeyed_less(kind, why))

    def found(self, roll: bytes) -> None:
        """Take the ids that lie retained from before a restart: of what is gone by now, nothing stays.

        Whoever forgets a massager while the gateway is down would leave it with Home Assistant for good.
        """
        with suppress(ValidationError):
            self._left |= set(filter(is_device_id, _ROLL.validate_json(roll)))

    def _forget(self, ids: Iterable[str]) -> None:
        for device in set(ids):
            self._told.pop(device, None)
            for topic in retained(device, self._topics):
                self._outbox.forget(topic)

    def _look(self, view: View, told: _Told, now_s: int, at_s: float) -> None:
        massager, topics = view.massager, self._topics
        for event in happened(told.seen, view.seen):
            self._happened(massager, event)
        if told.seen is not None and view.seen is not None and told.seen.number != view.seen.number:
            told.ends_s = None
        told.seen = view.seen
        self._tell(view, told, now_s)
        reachable = is_reachable(view.seen, heard=view.heard)
        self._word(topics.availability(massager.id), online=reachable)
        self._word(topics.remote_start(massager.id), online=view.may_start)
        if view.rssi is not None and at_s - told.diagnosed_s >= DIAGNOSTICS_S:
            told.diagnosed_s = at_s
            payload = json.dumps(diagnostics(view.rssi))
            self._outbox.tell(Message(topics.diag(massager.id), payload, qos=0))

    def _tell(self, view: View, told: _Told, now_s: int) -> None:
        """State and discovery; a state is never above what the discovery says that it may be."""
        seen, massager, topics = view.seen, view.massager, self._topics
        told.ends_s = ends_at_s(told.ends_s, seen, now_s)
        warms = bool(massager.profile.heaters)
        told_state = state(seen, program=view.program, warms=warms, ends_s=told.ends_s, today=view.today)
        profile = f"{massager.profile.name} {massager.profile.profile_hash[:8]}"
        told_attributes = attributes(seen, profile=profile, person=view.person)
        if view.most_percent < told.most_percent:
            self._keep(topics.state(massager.id), told_state)
        self._discover(view, told)
        self._keep(topics.state(massager.id), told_state)
        self._keep(topics.attributes(massager.id), told_attributes)

    def _discover(self, view: View, told: _Told) -> None:
        """Announce it anew where anything of that has changed."""
        titles = tuple(one.title for one in view.programs)
        announced_of = (view.massager, view.most_percent, titles)
        if announced_of == told.announced_of:
            return
        told.announced_of, told.most_percent = announced_of, view.most_percent
        new = config(
            view.massager, self._topics, self._origin, most_percent=view.most_percent, programs=titles
        )
        topic, between = self._topics.config(view.massager.id), without(told.config, new)
        if between is not None:
            self._outbox.tell(_message(topic, between))
        self._keep(topic, new)
        told.config = new

    def _keep(self, topic: str, body: object) -> None:
        """Let it stand; what stands already goes nowhere."""
        self._outbox.put(_message(topic, body))

    def _word(self, topic: str, *, online: bool) -> None:
        self._outbox.put(Message(topic, ONLINE if online else OFFLINE, retain=True))

    def _happened(self, massager: Massager, event: dict[str, Any]) -> None:
        self._outbox.tell(Message(self._topics.event(massager.id), json.dumps(event)))


def _message(topic: str, body: object) -> Message:
    return Message(topic, json.dumps(body), retain=True)
